"""A rollout: an agent that works in a fresh copy of the problem's repository, one command a turn, and ends in a patch."""

from __future__ import annotations

from ttc_core.operators.params import Params
from ttc_core.operators.turns import Beginning
from ttc_core.run import Run
from ttc_core.types import Candidate, Problem


async def rollout(run: Run, problem: Problem, node: str, params: Params, begun: Beginning) -> Candidate:
    """One rollout. Raises CallFailed, BudgetSpent."""
    raise NotImplementedError
