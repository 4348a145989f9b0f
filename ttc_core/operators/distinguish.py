"""Distinguish: a model writes calls on which programs may differ, and all of them are run on those.

S*, arXiv 2502.14382: the judge then sees what the programs really give, not what it believes they would. How many
calls are written, and that they are written once a match, are choices of ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from ttc_core.errors import CallFailed
from ttc_core.events.kinds import Distinguished
from ttc_core.operators.cases import read_calls
from ttc_core.operators.execute import case_in_words, outcomes, ran
from ttc_core.operators.words import cut, fenced, problem_words, program, shortened
from ttc_core.problems import canonical
from ttc_core.run import Run
from ttc_core.sandbox import Checked
from ttc_core.types import Candidate, Problem

MOST = 3
"""Calls that one reply may bring."""
MAX_TOKENS = 400
SHOWN = 12_000
"""Characters of all programs together."""


@dataclass(frozen=True)
class Telling:
    """What running the same calls on several programs showed."""

    words: Mapping[str, str] = field(default_factory=dict)
    """By candidate, what its program gave, for a judge to read."""
    apart: bool = False
    """Whether any two gave something different."""
    calls: tuple[str, ...] = ()
    """The model call that this rests on, if one was made."""


def distinguish_prompt(problem: Problem, programs: str, count: int, share: float = 1.0) -> str:
    """Asks for calls whose results may differ."""
    return (
        f"{problem_words(problem)}\n\n{shortened(programs, share)}\n\n"
        f"These {count} programs should do the same, but some may be wrong. Find inputs that the problem allows and "
        f"for which they may give different results. Write {MOST} calls of `{problem.entry}` with such inputs, each on "
        "a line of its own, all in one block that begins with ```python and ends with ```. Write no results."
    )


async def distinguish(run: Run, problem: Problem, match: str, entrants: Sequence[Candidate]) -> Telling:
    """What a few written calls show of these programs; nothing where the programs are the same or cannot be run.

    Raises:
        BudgetSpent: as `Run.ask`.
    """
    if problem.kind != "code" or len(_programs(entrants, problem)) < 2 or await run.sandbox.ready():
        return Telling()
    call = f"{match}/distinguish"
    texts = [program(cut(candidate.answer or "", SHOWN // len(entrants))) for candidate in entrants]
    try:
        reply = await run.ask(
            "distinguish",
            match,
            partial(distinguish_prompt, problem, fenced(texts, run.random(match, "programs")), len(entrants)),
            shown=entrants,
            after=dict.fromkeys(name for candidate in entrants for name in candidate.ready),
            max_tokens=MAX_TOKENS,
        )
    except CallFailed:
        run.tell(Distinguished(match=match, call=call, trouble="The call failed."))
        return Telling(calls=(call,))
    cases = read_calls(reply.text, problem.entry, MOST)
    trouble = "" if cases else f"No call of {problem.entry or 'the function'} could be read in the reply."
    run.tell(Distinguished(match=match, call=call, cases=cases, trouble=trouble))
    if not cases:
        return Telling(calls=(call,))
    found = await run.together(ran(run, candidate, cases, "distinguishing input", match) for candidate in entrants)
    return told_apart(entrants, found, call)


def told_apart(entrants: Sequence[Candidate], found: Sequence[Checked | None], call: str) -> Telling:
    """What came of the calls, in words for each candidate."""
    gave = [outcomes(checked.results) if checked else () for checked in found]
    apart = len(set(gave)) > 1
    heading = (
        "The app ran this program on calls on which the solutions may differ:"
        if apart
        else "The app ran all solutions on calls on which they might differ, and all gave the same:"
    )
    words = {
        candidate.id: "\n".join([heading, *map(case_in_words, checked.results)])
        for candidate, checked in zip(entrants, found, strict=True)
        if checked and checked.results
    }
    return Telling(words, apart, (call,))


def _programs(entrants: Sequence[Candidate], problem: Problem) -> set[str]:
    """The different programs among the entrants, however they behave."""
    return {canonical(candidate.answer, problem) for candidate in entrants if candidate.answer is not None}
