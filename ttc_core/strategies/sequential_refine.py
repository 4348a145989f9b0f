"""Answer, then improve the answer again and again, each time seeing only the last one.

Sequential refinement (SR) as the baseline in arXiv 2510.01123. With `critique` on, an error analysis stands between
two attempts. Without a signal from outside it often does not help.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from ttc_core.errors import CallFailed
from ttc_core.operators.critique import critique
from ttc_core.operators.keep import KeepParams, keep
from ttc_core.operators.propose import previous_attempt, propose, refine
from ttc_core.run import Run
from ttc_core.types import Candidate, Cost, Problem, Role

TITLE = "Sequential refinement"
LAYOUT = "rounds"


class Params(KeepParams):
    """Settings of sequential refinement."""

    presets: ClassVar[dict[str, dict[str, Any]]] = {"quick": {"rounds": 3}, "paper": {"rounds": 6, "evidence": "none"}}

    rounds: int = Field(3, ge=1, le=64, description="How often the answer is refined.")
    critique: bool = Field(False, description="Ask for an error analysis between two attempts.")


def plan(params: Params) -> Cost:
    """Every call waits for the one before."""
    calls: dict[Role, int] = {"propose": 1, "refine": params.rounds}
    if params.critique:
        calls["critique"] = params.rounds
    return Cost(calls=calls, depth=sum(calls.values()), attempts=1 + params.rounds)


async def solve(problem: Problem, run: Run, params: Params) -> Candidate:
    """The last refinement that could be made, unless an earlier attempt passed more tests."""
    made: list[Candidate] = []
    candidate = await propose(run, problem, "c01", params, sample=1, stage="draft")
    for round in range(1, params.rounds + 1):
        text, after = await critique(run, problem, candidate) if params.critique else ("", candidate.ready)
        node = f"c{round + 1:02}"
        try:
            refined = await refine(
                run,
                problem,
                node,
                params,
                context=previous_attempt(run, candidate, text, node),
                rests_on=[candidate],
                after=after,
                parents=[candidate.id],
                round=round,
                sample=1,
                stage=f"refinement {round}",
            )
        except CallFailed:
            continue  # the next round tries again from the same attempt
        made.append(candidate)
        candidate = refined
    return candidate if params.evidence == "none" else keep(run, candidate, made)
