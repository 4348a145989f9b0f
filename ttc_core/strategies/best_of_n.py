"""Ask many times, let a judge score each attempt alone, and take the best.

The judge's false positives put a ceiling on what more attempts can bring.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from ttc_core.errors import NothingLeft
from ttc_core.operators.params import Params as Base
from ttc_core.operators.propose import propose
from ttc_core.operators.score import score
from ttc_core.run import Run
from ttc_core.types import Candidate, Cost, Problem

TITLE = "Best of N"
LAYOUT = "tree"
NODE = "best"


class Params(Base):
    """Settings of best-of-N."""

    presets: ClassVar[dict[str, dict[str, Any]]] = {"quick": {"candidates": 8}, "paper": {"candidates": 16}}

    candidates: int = Field(8, ge=1, le=256, description="How many attempts are made.")
    scores: int = Field(1, ge=1, le=16, description="How often each attempt is scored; the mean counts.")


def plan(params: Params) -> Cost:
    """Each attempt, then its scores at once."""
    return Cost(calls={"propose": params.candidates, "score": params.candidates * params.scores}, depth=2)


async def solve(problem: Problem, run: Run, params: Params) -> Candidate:
    """The candidate with the highest mean score; ties by seed, unscored ones last."""

    async def scored(index: int) -> tuple[Candidate, float]:
        candidate = await propose(run, problem, f"c{index:02}", params, sample=index)
        values = await run.together(score(run, problem, candidate, sample=s) for s in range(1, params.scores + 1))
        readable = [value for value in values if value is not None]
        return candidate, sum(readable) / len(readable) if readable else -1.0

    field = await run.together(scored(i) for i in range(1, params.candidates + 1))
    if not field:
        raise NothingLeft("Every candidate was lost to failed calls.")
    run.open(NODE, "tally", stage="best score", parents=[candidate.id for candidate, _ in field])
    # An answer that cannot be read is no answer, however well it is scored.
    eligible = [entry for entry in field if entry[0].key is not None] or field
    best = max(mean for _, mean in eligible)
    winner = run.random(NODE, "tie").choice([candidate for candidate, mean in eligible if mean == best])
    after = [f"{c.id}/score{s}" for c, _ in field for s in range(1, params.scores + 1)]
    means = {candidate.id: mean for candidate, mean in field if mean >= 0}
    return run.decide(NODE, winner, "best_score", means, entrants=[c for c, _ in field], after=after)
