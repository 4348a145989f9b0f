"""Let a tournament pick the best few attempts, refine a whole new population from them, and hold a final tournament.

Parallel-Distill-Refine joined with Recursive Tournament Voting, arXiv 2604.16529: N attempts and their summaries, a
tournament down to K survivors, whose summaries are frozen as the context of N new attempts, and a tournament among
those alone. If none of the K summaries is right, refinement will hardly rescue it. Published, the answer is always
one of the second population; where tests count, ours may be one of the K.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from ttc_core.errors import NothingLeft
from ttc_core.operators.distill import freeze
from ttc_core.operators.keep import keep
from ttc_core.operators.propose import propose, refine
from ttc_core.operators.rules import MatchParams, rounds_of
from ttc_core.operators.summarize import summarize
from ttc_core.operators.tally import tally
from ttc_core.operators.tournament import tournament
from ttc_core.run import Run
from ttc_core.types import Candidate, Cost, Problem, Role

TITLE = "Tournament and refinement"
LAYOUT = "bracket"


class Params(MatchParams):
    """Settings of tournament and refinement."""

    presets: ClassVar[dict[str, dict[str, Any]]] = {
        "quick": {"candidates": 4, "votes": 3, "survivors": 2},
        "paper": {
            "candidates": 16,
            "group_size": 2,
            "votes": 8,
            "survivors": 4,
            "stop_early": False,
            "skip_equivalent": False,
            "evidence": "none",
        },
    }

    candidates: int = Field(4, ge=2, le=128, description="How many attempts each of the two populations has.")
    survivors: int = Field(2, ge=1, le=16, description="How many attempts (K) are chosen as context for the second.")


def plan(params: Params) -> Cost:
    """Two populations, their summaries, and all that the matches of both tournaments may ask."""
    choosing = rounds_of(params.candidates, params.group_size, params.survivors)
    final = rounds_of(params.candidates, params.group_size, 1)
    n, matches, rounds = params.candidates, sum(choosing) + sum(final), len(choosing) + len(final)
    inputs = params.inputs(matches)
    calls: dict[Role, int] = {"propose": n, "summarize": 2 * n, "compare": matches * params.votes, "refine": n}
    return Cost(calls=calls | inputs, depth=4 + rounds * (2 if inputs else 1), attempts=2)


async def solve(problem: Problem, run: Run, params: Params) -> Candidate:
    """The winner of the final tournament, unless one it was refined from passed more tests."""

    async def fresh(node: str, sample: int) -> Candidate:
        return await summarize(run, problem, await propose(run, problem, node, params, sample=sample))

    numbers = range(1, params.candidates + 1)
    field = {f"c{i:02}": fresh(f"c{i:02}", i) for i in numbers}
    for node in field:
        run.open(node, "candidate", stage="candidates")
    chosen = await tournament(run, problem, field, params, survivors=params.survivors)
    if not chosen:
        raise NothingLeft("Every candidate was lost to failed calls.")
    run.open("w1", "workspace", stage="context")
    context = freeze(run, "w1", chosen)

    async def refined(node: str, sample: int) -> Candidate:
        candidate = await refine(
            run,
            problem,
            node,
            params,
            context=f"Summaries of the best of the earlier attempts:\n{context.text}",
            rests_on=context.sources,
            after=context.ready,
            parents=[context.node],
            round=1,
            sample=sample,
        )
        return await summarize(run, problem, candidate)

    second = {f"r{i:02}": refined(f"r{i:02}", i) for i in numbers}
    for node in second:
        run.open(node, "candidate", stage="refinements", round=1, parents=[context.node])
    left = await tournament(run, problem, second, params, prefix="f", heading="final round")
    last = tally(run, left or chosen)
    return last if params.evidence == "none" else keep(run, last, chosen)
