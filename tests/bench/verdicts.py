"""How often a judge's verdict can be read at the first asking, on the built-in problems and a model's own attempts.

    python -m tests.bench.verdicts local/qwen2.5-coder-0.5b             # 40 attempts, then 100 votes
    python -m tests.bench.verdicts qwen --api-base http://127.0.0.1:8080/v1 --proposals attempts.json

The model first attempts each problem twice; `--proposals` keeps the attempts for the next time. Then it judges pairs of
its own attempts, each pair in both orders, through the operators that strategies use. An unreadable vote is asked again
there, as in any run, but counts as unreadable here. The interval is Wilson's, for 95 %.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
from itertools import combinations
from pathlib import Path

from tests.bench.printing import machine
from ttc_core.choice import ModelChoice
from ttc_core.events.kinds import CallFinished, Voted
from ttc_core.models import open_model
from ttc_core.models.base import Hear, Model
from ttc_core.operators.compare import compare
from ttc_core.operators.params import Params
from ttc_core.operators.propose import propose
from ttc_core.operators.rules import MatchParams
from ttc_core.problems import canonical, read_answer, shelf
from ttc_core.run import Log, Meter, Roster, Run
from ttc_core.types import Budget, Candidate, Problem, Reply, Request

AT_ONCE = 8
LONGEST_ATTEMPT = 320
"""Tokens; many attempts of small models are cut off there, which judges meet in real runs, too."""


class Free:
    """A model whose replies are bound to no form, because it is not told that they are verdicts."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.name, self.simulated, self.price = model.name, model.simulated, model.price
        self.room, self.context = model.room, model.context

    async def complete(self, request: Request, hear: Hear) -> Reply:
        """The reply to the same words."""
        return await self._model.complete(request.model_copy(update={"role": "critique"}), hear)


Attempts = dict[str, list[str]]
"""Replies by problem."""


async def attempts(roster: Roster, each: int) -> Attempts:
    """Real attempts at every built-in problem."""

    async def of(problem: Problem) -> list[str]:
        run = _run(problem, roster, Log())
        params = Params(max_tokens=LONGEST_ATTEMPT)
        made = await run.together(propose(run, problem, f"c{i}", params, sample=i) for i in range(1, each + 1))
        return [candidate.text for candidate in made]

    problems = [entry.problem for entry in shelf()]
    return dict(zip([p.id for p in problems], await asyncio.gather(*map(of, problems)), strict=True))


async def judged(roster: Roster, made: Attempts, calls: int) -> Log:
    """At least so many votes on pairs of attempts, as many in either order; their facts, in one log."""
    log = Log()
    problems = {entry.problem.id: entry.problem for entry in shelf()}
    pairs = [(name, *pair) for name in made for pair in combinations(range(len(made[name])), 2)]
    if not pairs:
        raise SystemExit("No problem was attempted twice: there is nothing to judge.")
    pairs.sort(key=lambda pair: pair[1:])  # every problem once before any of them twice
    votes = max(2, -(-calls // len(pairs)))
    rules = MatchParams(
        votes=votes, judge_sees="full text", tie_votes=0, stop_early=False, skip_equivalent=False, unreadable="compete"
    )
    runs = {name: _run(problems[name], roster, log) for name in made}

    async def match(number: int) -> None:
        name, *pair = pairs[number % len(pairs)]
        field = [_candidate(problems[name], f"{name}/{i}", made[name][i]) for i in pair]
        await compare(runs[name], problems[name], f"{name}/m{number}", field, rules)

    await asyncio.gather(*map(match, range(-(-calls // votes))))
    return log


def figures(log: Log, calls: int) -> dict[str, str]:
    """What the first askings of the first so many votes gave."""
    votes = [entry.event for entry in log.entries if isinstance(entry.event, Voted)]
    votes = sorted(votes, key=lambda vote: int(vote.match.rpartition("/m")[2]))[:calls]
    if failed := sum(vote.why == "failed" for vote in votes):
        raise SystemExit(f"{failed} calls failed; nothing can be said of verdicts that were never given.")
    replies = {entry.event.call: entry.event for entry in log.entries if isinstance(entry.event, CallFinished)}
    readable = [vote for vote in votes if vote.choice is not None and vote.call.endswith(f"/vote{vote.number}")]
    first = sum(vote.choice == vote.order[0] for vote in readable)
    lengths = [reply.usage.tokens_out for vote in votes if (reply := replies.get(f"{vote.match}/vote{vote.number}"))]
    low, high = wilson(len(readable), len(votes))
    return {
        "readable": f"{len(readable)} of {len(votes)}",
        "95 %": f"{low:.1%} to {high:.1%}",
        "mean tokens": f"{sum(lengths) / max(1, len(lengths)):.0f}",
        "for the first shown": f"{first / max(1, len(readable)):.0%}",
    }


def unread(log: Log) -> list[str]:
    """How the replies end that could not be read."""
    replies = {entry.event.call: entry.event for entry in log.entries if isinstance(entry.event, CallFinished)}
    again = [call.removesuffix("b") for call in replies if call.endswith("b")]
    return [replies[call].text for call in again]


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    z, n = 1.96, max(1, of)
    share = hits / n
    middle = share + z * z / (2 * n)
    spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, (middle - spread) / (1 + z * z / n)), min(1.0, (middle + spread) / (1 + z * z / n))


def _run(problem: Problem, roster: Roster, log: Log) -> Run:
    return Run(problem=problem, roster=roster, log=log, meter=Meter(Budget()), seed=len(problem.text))


def _candidate(problem: Problem, node: str, text: str) -> Candidate:
    answer = read_answer(text)
    return Candidate(id=node, text=text, answer=answer, key=canonical(answer, problem) if answer else None)


async def measure(options: argparse.Namespace) -> None:
    """Attempts, votes, and one row of Markdown."""
    model = await open_model(ModelChoice(name=options.model, api_base=options.api_base, timeout_s=600))
    roster = Roster.of(Free(model) if options.free else model, AT_ONCE)
    made: Attempts = {}
    if options.proposals and options.proposals.exists():
        made = json.loads(options.proposals.read_text())
    else:
        made = await attempts(roster, options.each)
        if options.proposals:
            options.proposals.write_text(json.dumps(made, indent=1))
    texts = [text for replies in made.values() for text in replies]
    answers = sum(read_answer(text) is not None for text in texts)
    log = await judged(roster, made, options.calls)
    if options.show:
        print(*unread(log), sep="\n----\n")
    row = {"model": model.name, "verdicts": "free" if options.free else "constrained"} | figures(log, options.calls)
    row["answers readable"] = f"{answers} of {len(texts)}"
    print(f"| {' | '.join(row)} |\n|{'---|' * len(row)}\n| {' | '.join(row.values())} |")


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("model", help="as anywhere in the app")
    parser.add_argument("--api-base", help="base URL of an OpenAI-compatible server")
    parser.add_argument("--calls", type=int, default=100, help="votes")
    parser.add_argument("--each", type=int, default=2, help="attempts at each problem")
    parser.add_argument("--free", action="store_true", help="bind replies to no form")
    parser.add_argument("--proposals", type=Path, help="JSON file that keeps the attempts")
    parser.add_argument("--show", action="store_true", help="print the replies that could not be read")
    options = parser.parse_args()
    print(machine())
    asyncio.run(measure(options))


if __name__ == "__main__":
    main()
