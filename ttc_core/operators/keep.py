"""Keep: what comes last is not always best; where programs were run, an earlier one that passed more is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from ttc_core.events.kinds import How
from ttc_core.operators.params import Params
from ttc_core.operators.rules import ahead, passes
from ttc_core.run import Run
from ttc_core.types import Candidate, Problem

NODE = "kept"


class KeepParams(Params):
    """Settings of strategies whose last candidates are their best, if all goes well."""

    evidence: Literal["none", "tests"] = Field(
        "tests",
        description="What running programs may say of the last candidates. Tests: who passes fewer of the examples "
        "that the problem shows than an earlier one gives way to it. None: it counts for nothing.",
    )

    def idle(self, problem: Problem) -> set[str]:
        """Only programs have examples to pass."""
        return super().idle(problem) | ({"evidence"} if problem.kind != "code" else set())


def keep(run: Run, last: Candidate, earlier: Sequence[Candidate]) -> Candidate:
    """The last candidate, unless an earlier one passed more tests; then the latest of those that passed the most.

    A program that does not even load gives way to any that does.
    """
    field = [*earlier, last]
    best = ahead([candidate for candidate in field if candidate.key is not None] or field)[-1]
    if best.id == last.id or not any(candidate.tested for candidate in field):
        return last
    run.open(NODE, "tally", stage="kept", parents=dict.fromkeys(run.decider.get(one.id, one.id) for one in field))
    after = [call for candidate in field for call in candidate.ready]
    how: How = "tests" if last.key is not None else "readable"
    return run.decide(NODE, best, how, passes(field), entrants=field, after=after)
