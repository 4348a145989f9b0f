"""Make many attempts, summarize each, and let them meet in small groups where a judge's votes decide who goes on.

Recursive Tournament Voting (RTV), arXiv 2604.16529: N candidates, groups of G, V votes a match, winners go on until
one is left; the answer is the winner's own. The prompts, the pairing, the display order, and the rules for ties, byes
and unreadable votes are not published; here they are ours, and settings.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from ttc_core.operators.propose import propose
from ttc_core.operators.rules import MatchParams, rounds_of
from ttc_core.operators.summarize import summarize
from ttc_core.operators.tally import tally
from ttc_core.operators.tournament import tournament
from ttc_core.run import Run
from ttc_core.types import Candidate, Cost, Problem, Role

TITLE = "Recursive tournament voting"
LAYOUT = "bracket"


class Params(MatchParams):
    """Settings of a tournament."""

    presets: ClassVar[dict[str, dict[str, Any]]] = {
        "quick": {"candidates": 8, "votes": 3},
        "paper": {
            "candidates": 16,
            "group_size": 2,
            "votes": 8,
            "stop_early": False,
            "skip_equivalent": False,
            "evidence": "none",
        },
    }

    candidates: int = Field(8, ge=2, le=256, description="How many attempts enter the tournament.")
    survivors: int = Field(
        1, ge=1, le=64, description="How many are left in the end; of several, the most frequent answer is taken."
    )


def plan(params: Params) -> Cost:
    """Attempts, their summaries, and all that every match may ask; savings and extra votes are not foreseen."""
    rounds = rounds_of(params.candidates, params.group_size, params.survivors)
    calls: dict[Role, int] = {"propose": params.candidates}
    if params.judge_sees == "summaries":
        calls["summarize"] = params.candidates
    attempts, inputs = len(calls), params.inputs(sum(rounds))
    calls |= {"compare": sum(rounds) * params.votes, **inputs}
    return Cost(calls=calls, depth=attempts + len(rounds) * (2 if inputs else 1))


async def solve(problem: Problem, run: Run, params: Params) -> Candidate:
    """The last one standing."""

    async def entrant(node: str, sample: int) -> Candidate:
        candidate = await propose(run, problem, node, params, sample=sample)
        return await summarize(run, problem, candidate) if params.judge_sees == "summaries" else candidate

    field = {f"c{i:02}": entrant(f"c{i:02}", i) for i in range(1, params.candidates + 1)}
    for node in field:
        run.open(node, "candidate", stage="candidates")
    left = await tournament(run, problem, field, params, survivors=params.survivors)
    return tally(run, left)
