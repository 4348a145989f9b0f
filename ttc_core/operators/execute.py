"""Execute: run a candidate's program on the examples that its problem shows, and key it by what it does there.

Two programs are equivalent answers where they give the same on every example: votes are counted by behaviour, not by
letters. Hidden tests are not here; nothing in a run has them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from time import monotonic
from typing import Literal

from ttc_core.events.kinds import Executed
from ttc_core.operators.words import cut
from ttc_core.run import Run
from ttc_core.sandbox import Checked, Limits, NoSandbox, evaluate
from ttc_core.types import Candidate, Case, CaseRan, Problem, Tested

What = Literal["examples", "written tests", "distinguishing input"]

LIMITS = Limits(wall_s=6.0, cpu_s=6)
"""Of one program over all of its cases."""
MOST_TOLD = 8
"""Cases of which a judge is told what came of them."""


async def made(run: Run, problem: Problem, candidate: Candidate) -> Candidate:
    """State that a candidate is there, run on the problem's examples where it is a program and there are any."""
    return run.made(await execute(run, problem, candidate))


async def execute(run: Run, problem: Problem, candidate: Candidate) -> Candidate:
    """The candidate as its program's behaviour on the problem's examples shows it.

    A program that does not load, or that gives no value for any example, is no readable answer: its key is None.
    Where nothing can be run, the candidate stays as it is, and the event says why.
    """
    if problem.kind != "code" or not problem.cases or candidate.answer is None:
        return candidate
    checked = await ran(run, candidate, problem.cases, "examples")
    if checked is None:
        return candidate
    tested = Tested(passed=checked.passed, total=checked.total, words=results_in_words(checked))
    return candidate.model_copy(update={"key": behaviour(checked.results), "tested": tested})


async def ran(run: Run, candidate: Candidate, cases: Sequence[Case], what: What, match: str = "") -> Checked | None:
    """What a candidate's program made of the cases, told as a fact; None where no sandbox holds."""
    begun = monotonic()
    try:
        none = await run.sandbox.ready()
        checked = None if none else await evaluate(run.sandbox, candidate.answer or "", cases, limits=LIMITS)
    except NoSandbox as error:
        none, checked = str(error), None
    told = checked or Checked(trouble=f"not run: {none}")
    run.tell(
        Executed(
            node=candidate.id,
            what=what,
            results=told.results,
            passed=told.passed,
            total=told.total,
            trouble=told.trouble,
            match=match,
            seconds=round(monotonic() - begun, 3),
        )
    )
    return checked


def behaviour(results: Sequence[CaseRan]) -> str | None:
    """The key of what a program gave, equal for programs that gave the same; None where it gave nothing."""
    if not any(result.ok or _gave_a_value(result) for result in results):
        return None
    words = json.dumps(outcomes(results))
    return f"behaviour:{hashlib.sha256(words.encode()).hexdigest()[:32]}"


def results_in_words(checked: Checked) -> str:
    """What ran and what came of it, the failures first, as a judge reads it."""
    if checked.trouble and behaviour(checked.results) is None:
        return f"The app tried to run this program. {checked.trouble}"
    score = f"it passed {checked.passed} of {checked.total}" if checked.total else "this came of them"
    lines = [case_in_words(result) for result in sorted(checked.results, key=lambda result: result.ok is not False)]
    more = [f"and {len(lines) - MOST_TOLD} more"] if len(lines) > MOST_TOLD else []
    return "\n".join([f"The app ran this program on the problem's examples; {score}:", *lines[:MOST_TOLD], *more])


def case_in_words(result: CaseRan) -> str:
    """One case and what came of it, in a line."""
    call, got, expected = (cut(" ".join(part.split()), 160) for part in (result.call, result.got, result.expected))
    wrong = f", but should give {expected}" if result.ok is False else ""
    return f"- {call} gave {got}{', as it should' if result.ok else wrong}"


def _gave_a_value(result: CaseRan) -> bool:
    return bool(result.got) and not result.got.startswith(("raised ", "no answer"))


def outcomes(results: Sequence[CaseRan]) -> tuple[str, ...]:
    """What counts of what came: a value whole, but of an error only its kind."""
    return tuple(result.got if _gave_a_value(result) else result.got.partition(":")[0] for result in results)
