"""Ask the model once and take its answer: the baseline that every other strategy must beat."""

from __future__ import annotations

from ttc_core.operators.params import Params
from ttc_core.operators.propose import propose
from ttc_core.run import Run
from ttc_core.types import Candidate, Cost, Problem

TITLE = "Single attempt"
LAYOUT = "tree"

__all__ = ["LAYOUT", "TITLE", "Params", "plan", "solve"]


def plan(params: Params) -> Cost:
    """One call."""
    return Cost(calls={"propose": 1}, depth=1)


async def solve(problem: Problem, run: Run, params: Params) -> Candidate:
    """The one candidate."""
    return await propose(run, problem, "c01", params, sample=1)
