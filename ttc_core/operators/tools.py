"""An attempt with tools: it may search the problem's documents and run Python before it answers."""

from __future__ import annotations

from ttc_core.operators.params import Params
from ttc_core.operators.turns import Beginning
from ttc_core.run import Run
from ttc_core.types import Candidate, Problem


async def with_tools(run: Run, problem: Problem, node: str, params: Params, begun: Beginning) -> Candidate:
    """One attempt. Raises CallFailed, BudgetSpent."""
    raise NotImplementedError
