"""Summarize: one call per candidate that says what was done and found, and what of it was checked.

Judges and refiners read summaries, not whole attempts (arXiv 2604.16529); a summary is written once and never again.
"""

from __future__ import annotations

from functools import partial

from ttc_core.errors import CallFailed
from ttc_core.events.kinds import Summarized
from ttc_core.operators.words import cut, fenced, problem_words, shortened
from ttc_core.run import Run
from ttc_core.types import Candidate, Problem

MAX_TOKENS = 400


def summarize_prompt(problem: Problem, attempt: str, share: float = 1.0) -> str:
    """Asks for a summary that a judge can compare."""
    return (
        f"{problem_words(problem)}\n\n{shortened(attempt, share)}\n\n"
        "Summarize this attempt for a judge who will not see it, in at most 120 words: the approach, the key steps "
        "with their results, what was checked and what is only claimed, and anything left open. Do not add work of "
        'your own. Then write one last line: "Answer: " followed by the attempt\'s own final answer, right or wrong.'
    )


async def summarize(run: Run, problem: Problem, candidate: Candidate) -> Candidate:
    """The candidate with its summary. Where no summary can be had, its own text, cut, stands in. Raises BudgetSpent."""
    node = candidate.id
    attempt = fenced([cut(candidate.text, 12000)], run.random(node, "summary delimiter"), "Attempt")
    try:
        reply = await run.ask(
            "summarize",
            node,
            partial(summarize_prompt, problem, attempt),
            shown=[candidate],
            after=candidate.ready,
            temperature=0.3,
            max_tokens=MAX_TOKENS,
        )
    except CallFailed:
        text, call, ready = cut(candidate.text, 1500), None, candidate.ready
    else:
        text, call, ready = reply.text, f"{node}/summarize", (f"{node}/summarize",)
    run.tell(Summarized(node=node, text=text, call=call))
    return candidate.model_copy(update={"summary": text, "ready": ready})
