"""Attempts of several turns: which problems ask for them, and who takes them."""

from __future__ import annotations

from dataclasses import dataclass

from ttc_core.operators.params import Params
from ttc_core.run import Run
from ttc_core.types import Candidate, Problem


@dataclass(frozen=True)
class Beginning:
    """What an attempt starts from: nothing but the problem, or a context drawn from earlier candidates."""

    sample: int
    context: str = ""
    """The words of the context, such as summaries of earlier attempts; empty for a fresh attempt."""
    rests_on: tuple[Candidate, ...] = ()
    after: tuple[str, ...] = ()
    """The calls that made the context."""
    parents: tuple[str, ...] = ()
    round: int = 0

    @property
    def role(self) -> str:
        """What the first call is for; all further turns are ``act``."""
        return "refine" if self.context else "propose"


async def turns(run: Run, problem: Problem, node: str, params: Params, begun: Beginning) -> Candidate:
    """One attempt of several turns, its node already open. Raises CallFailed, BudgetSpent, NoSandbox."""
    if problem.kind == "patch":
        from ttc_core.operators.rollout import rollout

        return await rollout(run, problem, node, params, begun)
    from ttc_core.operators.tools import with_tools

    return await with_tools(run, problem, node, params, begun)
