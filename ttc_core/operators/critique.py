"""Critique: a call that looks for errors in one candidate, for the next refinement to read."""

from __future__ import annotations

from functools import partial

from ttc_core.errors import CallFailed
from ttc_core.operators.asking import asking
from ttc_core.operators.words import attempted, fenced, problem_words, shortened
from ttc_core.run import Run
from ttc_core.types import Candidate, Problem

MAX_TOKENS = 512


def critique_prompt(problem: Problem, attempt: str, share: float = 1.0) -> str:
    """Asks for an error analysis."""
    return f"{problem_words(problem)}\n\n{shortened(attempt, share)}\n\n{asking(problem).errors}"


async def critique(run: Run, problem: Problem, candidate: Candidate) -> tuple[str, tuple[str, ...]]:
    """The critique's text and the calls it rests on; empty text where it could not be had. Raises BudgetSpent."""
    attempt = fenced([attempted(candidate, 8000)], run.random(candidate.id, "critique delimiter"), "Attempt")
    try:
        reply = await run.ask(
            "critique",
            candidate.id,
            partial(critique_prompt, problem, attempt),
            shown=[candidate],
            after=candidate.ready,
            max_tokens=MAX_TOKENS,
        )
    except CallFailed:
        return "", candidate.ready
    return reply.text, (f"{candidate.id}/critique",)
