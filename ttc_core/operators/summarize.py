"""Summarize: one call per candidate that says what was done and found, and what of it was checked.

Judges and refiners read summaries, not whole attempts (arXiv 2604.16529); a summary is written once and never again.
"""

from __future__ import annotations

from functools import partial

from ttc_core.errors import CallFailed
from ttc_core.events.kinds import Summarized
from ttc_core.operators.asking import asking
from ttc_core.operators.words import attempted, cut, fenced, problem_words, shortened
from ttc_core.run import Run
from ttc_core.types import Candidate, Problem

MAX_TOKENS = 400
PATCH_TOKENS = 700
"""The most a summary may have, of any attempt and of one at a repository."""
LONGEST_PATCH = 1500
"""Characters of a patch that stand below its summary."""


def summarize_prompt(problem: Problem, attempt: str, share: float = 1.0) -> str:
    """Asks for a summary that a judge can compare."""
    return (
        f"{problem_words(problem)}\n\n{shortened(attempt, share)}\n\n"
        "Summarize this attempt for a judge who will not see it, in at most 120 words: the approach, the key steps "
        "with their results, what was checked and what is only claimed, and anything left open. Do not add work of "
        f"your own. {asking(problem).outcome}"
    )


def summarize_patch_prompt(problem: Problem, attempt: str, share: float = 1.0) -> str:
    """Asks for a summary of an attempt at a repository that keeps evidence and claims apart."""
    return (
        f"{problem_words(problem)}\n\n{shortened(attempt, share)}\n\n"
        "Summarize this attempt to change a repository for a judge who will not see it. Keep apart what the output of "
        "a command showed and what the attempt only says of itself. Do not add work of your own. Write one line for "
        "each of these, beginning with its name and a colon, in at most two sentences:\n"
        "Required: what the task asks for.\n"
        "Changed: which functions of which files, and how they behave now.\n"
        "Confirmed: what outputs showed, and which command showed it.\n"
        "Claimed: what was said but not shown by any output.\n"
        "Tests after the last edit: what ran after it, and what came of it.\n"
        "Tests before it: what ran earlier, and what came of it.\n"
        "Errors: what went wrong, and whether it was mended.\n"
        "Open: what of the task is not done or not known.\n"
        "Patch: complete, partial, or none."
    )


def recorded(candidate: Candidate) -> str:
    """What the app itself knows of an attempt at a repository: facts, whatever the summary above them says.

    What came of the repository's tests stands with the candidate, for judges to read after this.
    """
    steps = candidate.text.partition("\n")[0]
    patch = f"\n- Recorded patch:\n{cut(candidate.answer, LONGEST_PATCH)}" if candidate.answer else ""
    return f"Recorded facts, not the words of the attempt:\n- {steps}{patch}"


async def summarize(run: Run, problem: Problem, candidate: Candidate) -> Candidate:
    """The candidate with its summary. Where no summary can be had, its own text, cut, stands in. Raises BudgetSpent.

    A program needs none: it is shorter than what would be said of it, and shows what it does.
    """
    if problem.kind == "code":
        return candidate
    node, patch = candidate.id, problem.kind == "patch"
    long = attempted(candidate, 12000) if patch else cut(candidate.text, 12000)
    attempt = fenced([long], run.random(node, "summary delimiter"), "Attempt")
    try:
        reply = await run.ask(
            "summarize",
            node,
            partial(summarize_patch_prompt if patch else summarize_prompt, problem, attempt),
            shown=[candidate],
            after=candidate.ready,
            temperature=0.3,
            max_tokens=PATCH_TOKENS if patch else MAX_TOKENS,
        )
    except CallFailed:
        text, call, ready = cut(candidate.text, 1500), None, candidate.ready
    else:
        text, call, ready = reply.text, f"{node}/summarize", (f"{node}/summarize",)
    if patch:
        text = f"{text.strip()}\n\n{recorded(candidate)}"
    run.tell(Summarized(node=node, text=text, call=call))
    return candidate.model_copy(update={"summary": text, "ready": ready})
