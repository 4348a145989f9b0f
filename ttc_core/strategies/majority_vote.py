"""Ask many times and take the most frequent answer.

Self-consistency, arXiv 2203.11171. Answers are compared by equivalence, not by letters; ties are drawn by seed.
It converges to the model's most common answer, right or wrong.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from ttc_core.operators.params import Params as Base
from ttc_core.operators.propose import propose
from ttc_core.operators.tally import tally
from ttc_core.run import Run
from ttc_core.types import Candidate, Cost, Problem

TITLE = "Majority vote"
LAYOUT = "tree"


class Params(Base):
    """Settings of a majority vote."""

    presets: ClassVar[dict[str, dict[str, Any]]] = {"quick": {"candidates": 8}, "paper": {"candidates": 40}}

    candidates: int = Field(8, ge=1, le=1024, description="How many attempts are made.")


def plan(params: Params) -> Cost:
    """All attempts at once; the vote itself costs no call."""
    return Cost(calls={"propose": params.candidates}, depth=1)


async def solve(problem: Problem, run: Run, params: Params) -> Candidate:
    """The first candidate of the most frequent answer."""
    field = await run.together(
        propose(run, problem, f"c{i:02}", params, sample=i) for i in range(1, params.candidates + 1)
    )
    return tally(run, field)
