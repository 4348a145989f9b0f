"""How well what is said before a run holds: estimate and outcome for every strategy and preset.

    python -m tests.bench.estimate                                   # simulated, in a few seconds
    python -m tests.bench.estimate --problems 10 --only tournament
    python -m tests.bench.estimate --model openai/qwen --api-base http://127.0.0.1:8111/v1 --preset quick --problems 1

The figures are of one line per strategy and preset, over all problems:

  estimate   tokens, as Explore says them before the run, of the middle problem.
  actual     tokens that the runs came to, lowest to highest.
  inside     runs whose tokens, and calls, were inside their estimate.
  error      how far the worst run was outside, as a share of the end it passed.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Sequence

from tests.bench.printing import Row, machine, table
from ttc_core.choice import ModelChoice, Team
from ttc_core.conduct import begin, conduct
from ttc_core.engine import Spec
from ttc_core.events import Fold
from ttc_core.problems import shelf
from ttc_core.store.store import Store
from ttc_core.strategies import find, strategies
from ttc_core.types import Estimate, Range


async def runs(store: Store, name: str, preset: str, choice: ModelChoice, problems: int) -> list[Fold]:
    """The strategy on the first problems of the shelf."""
    done = []
    for seed, entry in enumerate(shelf()[:problems]):
        params = find(name).settings(preset)
        spec = Spec(entry.problem, name, params, entry.reference, seed=seed, concurrency=64)
        done.append(await conduct(store, await begin(store, spec, Team(proposers=(choice,)))))
    return done


def outside(value: float, within: Range) -> float:
    """By what share of the end that it passed a value is outside; negative below; 0 inside."""
    if value > within.high:
        return value / within.high - 1
    return value / within.low - 1 if value < within.low else 0.0


def row(name: str, preset: str, done: Sequence[Fold]) -> Row:
    """What was said, and what came of it."""
    said = [state.started.estimate or Estimate(calls=Range(low=0, high=0), tokens=Range(low=0, high=0))
            for state in done if state.started]  # fmt: skip
    tokens = [state.totals.tokens for state in done]
    errors = [outside(total, estimate.tokens) for total, estimate in zip(tokens, said, strict=True)]
    calls = [outside(state.totals.calls, one.calls) for state, one in zip(done, said, strict=True)]
    middle = sorted(said, key=lambda estimate: estimate.tokens.high)[len(said) // 2].tokens
    return {
        "strategy": f"{name} {preset}",
        "estimate": f"{middle.low:,.0f} to {middle.high:,.0f}",
        "actual": f"{min(tokens):,} to {max(tokens):,}",
        "tokens inside": f"{sum(not error for error in errors)} of {len(errors)}",
        "error": f"{max(errors, key=abs):+.0%}",
        "calls inside": f"{sum(not error for error in calls)} of {len(calls)}",
    }


async def run_all(options: argparse.Namespace) -> list[Row]:
    """All strategies and presets, one after the other."""
    choice = ModelChoice(name=options.model, api_base=options.api_base, timeout_s=600)
    rows = []
    with tempfile.TemporaryDirectory() as folder, Store(f"sqlite:///{folder}/bench.db") as store:
        for name in options.only or strategies():
            for preset in options.preset:
                rows.append(row(name, preset, await runs(store, name, preset, choice, options.problems)))
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", default="simulated:speed=0")
    parser.add_argument("--api-base", help="base URL of a server of one's own")
    parser.add_argument("--problems", type=int, default=8, help="how many of the shelf")
    parser.add_argument("--preset", nargs="+", default=["quick", "paper"])
    parser.add_argument("--only", nargs="+", choices=list(strategies()), help="some of the strategies")
    options = parser.parse_args()
    print(f"{options.model}; {machine()}")
    print(table(asyncio.run(run_all(options))))


if __name__ == "__main__":
    main()
