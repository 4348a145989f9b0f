"""Strategies on HumanEval problems with a real model: pass@1 with intervals, tokens and time.

    python -m tests.bench.human_eval local/qwen2.5-coder-0.5b --problems 0-39 --kept runs.jsonl

Every line of the kept file is one run of one strategy on one problem, so a bench that was cut off goes on where it was.
Runs share their replies: where two strategies ask the model the very same, as all do for their first attempts, the
second hears the first one's reply at once, and the longest of the waits it was spared is added to its time. So
strategies are compared on the same attempts, and each one's time is close to that of a run of its own. One problem runs
at a time.

pass@1 is the share of problems whose final program passes the hidden tests, with Wilson's interval for 95 %. The
difference to `single` is paired by problem; its interval is a bootstrap over problems. `mean attempt` is pass@1 of the
first attempts, and `any attempt` what a perfect selection among them would reach. Seconds are a median, since other
work on the machine may have slowed some runs; calls and tokens are means.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.printing import machine, table
from tests.bench.verdicts import wilson
from ttc_core.choice import ModelChoice
from ttc_core.engine import Spec, execute
from ttc_core.events import Fold
from ttc_core.models import open_model
from ttc_core.models.base import Hear, Model
from ttc_core.models.recorded import request_key
from ttc_core.problems.humaneval import entries
from ttc_core.problems.shelf import ShelfEntry
from ttc_core.problems.verify import verdict
from ttc_core.run import Log, Roster
from ttc_core.sandbox import Sandbox
from ttc_core.strategies import find
from ttc_core.types import Reply, Request

AT_ONCE = 8
PLANS: dict[str, tuple[str, dict[str, Any]]] = {
    "single": ("single", {}),
    "majority_vote": ("majority_vote", {"candidates": 8}),
    "best_of_n": ("best_of_n", {"candidates": 8}),
    "tournament": ("tournament", {"candidates": 8, "votes": 3}),
    "tournament, all voted": ("tournament", {"candidates": 8, "votes": 3, "skip_equivalent": False}),
    "tournament_refine": ("tournament_refine", {"candidates": 4, "votes": 3, "survivors": 2}),
}
"""What is compared: a name, the strategy, and its settings. All voted: also between programs that behave alike."""
COMMON = {"max_tokens": 512}


class Kept:
    """The runs so far, in memory and in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.rows = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def add(self, row: dict[str, Any]) -> None:
        """Keep one more."""
        self.rows.append(row)
        with self._path.open("a") as file:
            file.write(json.dumps(row) + "\n")


class Shared:
    """A model whose replies are heard again, at once, where the very same is asked again."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.name, self.simulated, self.price = model.name, model.simulated, model.price
        self.room, self.context = model.room, model.context
        self._heard: dict[str, tuple[Reply, float]] = {}
        self.spared = 0.0
        """Seconds that the slowest reply took of those that were heard again."""

    async def complete(self, request: Request, hear: Hear) -> Reply:
        """The reply, live or again."""
        key, begun = request_key(request, self.name), time.monotonic()
        if key in self._heard:
            reply, seconds = self._heard[key]
            self.spared = max(self.spared, seconds)
            hear(reply.text)
            return reply
        reply = await self._model.complete(request, hear)
        self._heard[key] = reply, time.monotonic() - begun
        return reply


async def one(entry: ShelfEntry, name: str, model: Shared, sandbox: Sandbox) -> dict[str, Any]:
    """One run, as a line of the kept file."""
    model.spared = 0.0
    strategy, values = PLANS[name]
    params = find(strategy).settings(values=COMMON | values)
    log = Log()
    spec = Spec(entry.problem, strategy, params, entry.reference, concurrency=AT_ONCE)
    state = await execute("bench", spec, Roster.of(model, AT_ONCE), log, sandbox)
    totals = state.totals
    return {
        "problem": entry.problem.id,
        "strategy": name,
        "outcome": state.verdict.outcome if state.verdict else "not_run",
        "status": state.status,
        "how": _how(state),
        "calls": totals.calls,
        "tokens_in": totals.tokens_in,
        "tokens_out": totals.tokens_out,
        "wall_s": round(state.timeline.wall_s + model.spared, 2),
        "attempts": await attempts(entry, state, sandbox),
    }


async def attempts(entry: ShelfEntry, state: Fold, sandbox: Sandbox) -> list[bool]:
    """Whether each first attempt passes the hidden tests, looked at after the run: what there was to choose from."""
    made = [node.answer for node in state.graph.nodes.values() if node.shape == "candidate" and node.round == 0]
    checks = (verdict(answer, entry.problem, entry.reference, sandbox) for answer in made)
    return [checked.outcome == "correct" for checked in await asyncio.gather(*checks)]


def _how(state: Fold) -> str:
    """What decided each match or tally, counted, such as ``tests 3, majority 2``."""
    ways = [node.how for node in state.graph.nodes.values() if node.how]
    return ", ".join(f"{way} {ways.count(way)}" for way in dict.fromkeys(ways))


def summary(rows: Sequence[dict[str, Any]]) -> list[dict[str, object]]:
    """One row a strategy."""
    by = {name: {row["problem"]: row for row in rows if row["strategy"] == name} for name in PLANS}
    base = by["single"]
    return [_row(name, mine, base) for name, mine in by.items() if mine]


def _row(name: str, mine: dict[str, dict[str, Any]], base: dict[str, dict[str, Any]]) -> dict[str, object]:
    right = [row["outcome"] == "correct" for row in mine.values()]
    low, high = wilson(sum(right), len(right))
    n = len(mine)
    tokens = sum(row["tokens_in"] + row["tokens_out"] for row in mine.values()) / n
    both = [p for p in mine if p in base]
    differences = [(mine[p]["outcome"] == "correct") - (base[p]["outcome"] == "correct") for p in both]
    least, most = bootstrap(differences)
    reach = sum(any(row["attempts"]) for row in mine.values())
    usual = sum(sum(row["attempts"]) / max(1, len(row["attempts"])) for row in mine.values())
    return {
        "strategy": name,
        "pass@1": f"{sum(right) / n:.1%} ({sum(right)} of {n})",
        "95 %": f"{low:.1%} to {high:.1%}",
        "minus single": f"{sum(differences) / max(1, len(both)):+.1%} ({least:+.1%} to {most:+.1%})",
        "mean attempt": f"{usual / n:.1%}",
        "any attempt": f"{reach / n:.1%}",
        "calls": f"{sum(row['calls'] for row in mine.values()) / n:.1f}",
        "tokens": f"{tokens:,.0f}",
        "seconds": f"{median(row['wall_s'] for row in mine.values()):.1f}",
    }


def bootstrap(values: Sequence[int], times: int = 4000) -> tuple[float, float]:
    """The 95 % interval of a mean, by drawing problems again and again."""
    if not values:
        return 0.0, 0.0
    rng = random.Random(0)
    means = sorted(sum(rng.choices(values, k=len(values))) / len(values) for _ in range(times))
    return means[int(times * 0.025)], means[int(times * 0.975) - 1]


async def measure(options: argparse.Namespace, kept: Kept) -> list[dict[str, Any]]:
    """What is kept, and what was still missing."""
    rows = kept.rows
    done = {(row["problem"], row["strategy"]) for row in rows}
    first, _, last = options.problems.partition("-")
    wanted = [entry for entry in entries()][int(first) : int(last or first) + 1]
    names = options.strategies.split(";") if options.strategies else list(PLANS)
    sandbox = Sandbox()
    if none := await sandbox.ready():
        raise SystemExit(none)
    live = await open_model(ModelChoice(name=options.model, timeout_s=900))
    for entry in wanted:
        model = Shared(live)
        for name in sorted(names, key=lambda name: name == "single"):  # eight attempts at once, as most strategies ask
            if (entry.problem.id, name) in done:
                continue
            row = await one(entry, name, Shared(live) if name == "single" else model, sandbox)
            kept.add(row)
            print(f"{row['problem']} {name}: {row['outcome']}, {row['wall_s']} s, {row['how']}", flush=True)
    return rows


def main() -> None:
    """Measure, and print one row a strategy."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--problems", default="0-39", help="such as 0-39")
    parser.add_argument("--strategies", help=f"with semicolons between; all of {'; '.join(PLANS)} if not given")
    parser.add_argument("--kept", default="human_eval.jsonl", help="where finished runs are kept")
    options = parser.parse_args()
    print(machine())
    print(table(summary(asyncio.run(measure(options, Kept(Path(options.kept)))))))


if __name__ == "__main__":
    main()
