"""The verdict on a final answer: the one place for it. Only the engine, after a run, and the lab come here.

How an answer is checked follows from what is known of the problem: a scorer, hidden tests or checks, or a reference
answer. What cannot be checked is said to be so; it is never counted as right or wrong.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from ttc_core.errors import BadInput
from ttc_core.problems.answers import canonical, check, equivalent
from ttc_core.sandbox import Checked, NoSandbox, Sandbox, check_with_tests, evaluate
from ttc_core.types import CaseRan, Problem, Reference, Verdict

LONGEST_DETAIL = 300


async def verdict(answer: str | None, problem: Problem, reference: Reference | None, sandbox: Sandbox) -> Verdict:
    """Whether an answer is right, and one sentence that says how that is known.

    Args:
        answer: As it was read; None where none could be.
        problem: What was asked.
        reference: What is right; None where nobody knows.
        sandbox: Where programs are run.

    Returns:
        The verdict: ``judged`` for open questions, ``unverified`` where nothing is known to check against, and
        ``not_run`` where code is to be run and no sandbox holds.
    """
    if problem.kind == "open":
        return Verdict(outcome="judged", detail="Judged by a rubric, not verified.")
    how = _how(problem, reference)
    if reference is None or how is None:
        return Verdict(outcome="unverified", detail="There is no reference answer to compare with.")
    if answer is None:
        nothing = "Nothing was changed." if problem.kind == "patch" else "No answer could be read."
        return Verdict(outcome="incorrect", detail=nothing)
    return await how(answer, problem, reference, sandbox)


How = Callable[[str, Problem, Reference, Sandbox], Awaitable[Verdict]]


def _how(problem: Problem, reference: Reference | None) -> How | None:
    """The way in which answers to this problem can be checked."""
    if reference is None:
        return None
    if reference.scorer:
        return _scored
    if problem.kind in ("code", "patch"):
        if reference.tests or reference.cases:
            return _ran
        return _same if reference.answer else None
    return _compared if reference.answer else None


async def _same(answer: str, problem: Problem, reference: Reference, sandbox: Sandbox) -> Verdict:
    """Of code without hidden checks: right where it is the reference itself, else nobody knows."""
    if any(equivalent(answer, right, problem) for right in (reference.answer, *reference.aliases)):
        return Verdict(outcome="correct", detail="It is the reference solution.")
    return Verdict(outcome="unverified", detail="There are no hidden checks, and it is not the reference solution.")


async def _compared(answer: str, problem: Problem, reference: Reference, sandbox: Sandbox) -> Verdict:
    """Compared with the reference answer by key; formulas that differ in writing also by the math-verify library."""
    plain = check(answer, problem, reference)
    if plain.outcome == "correct" or not _formulas(answer, problem, reference):
        return plain
    from ttc_core.problems.referee import NoRuling, same_formula

    try:
        said, *right = (_written(words, problem) for words in (answer, reference.answer, *reference.aliases))
        same = await same_formula(said, right)
    except NoRuling as error:
        return plain.model_copy(update={"detail": f"{plain.detail} Compared as written: {error}"})
    if not same:
        return plain
    return Verdict(outcome="correct", detail="It is mathematically the same as the reference answer.")


def _written(words: str, problem: Problem) -> str:
    """A number in one way of writing it, so that 1/2, 50% and 0.5 get one verdict; else the words, with LaTeX for ∞."""
    kind, _, number = canonical(words, problem).partition(":")
    return number if kind == "number" else words.replace("∞", r"\infty ")


def _formulas(answer: str, problem: Problem, reference: Reference) -> bool:
    """Whether this may be the same formula written differently. Between numbers, what is exact decides.

    The library rounds, drops the base of a number, and takes a set for a tuple; what differs in that is not asked.
    """
    both = (answer, reference.answer)
    keys = [canonical(words, problem) for words in both]
    if any(key.startswith("number:") for key in keys) and all(map(_EXACT.fullmatch, keys)):
        return False
    one_case = {canonical(words.casefold(), problem) for words in both}
    if all(key.startswith("formula:") for key in keys) and len(one_case) == 1:
        return False  # x and X are two letters
    brackets, bases = ([read(words) for words in both] for read in (_bracket, _base))
    if all(brackets) and brackets[0] != brackets[1]:
        return False
    if bases[0] != bases[1] and (all(bases) or not re.search(r"\bbase\b", problem.text, re.IGNORECASE)):
        return False
    latex = any("\\" in words or "^" in words for words in both)
    return problem.kind == "math" or (problem.kind == "auto" and latex)


_EXACT = re.compile(r"number:.*|formula:(?:[0-9/+ -]|\*√[0-9]+\^|\*π\^)+")
"""The key of a number that is known exactly, with roots and π."""


def _bracket(words: str) -> str:
    """What opens a tuple or a set: ``(`` or ``{``; empty where it is neither."""
    plain = re.sub(r"\\left|\\right|[\s$\\]", "", words)
    enclosed = "," in plain and (plain[0] + plain[-1]) in ("()", "{}")
    return plain[0] if enclosed else ""


def _base(words: str) -> str:
    """The base that stands below a number, as in 101_2; empty without one."""
    found = re.search(r"[0-9A-F]\}?_\{?([0-9]+)", words)
    return found[1] if found else ""


async def _scored(answer: str, problem: Problem, reference: Reference, sandbox: Sandbox) -> Verdict:
    """By the scorer of the family that made the problem."""
    exact = problem.kind == "number" and equivalent(answer, reference.answer, problem)
    if reference.answer and (exact or answer.strip() == reference.answer.strip()):
        return Verdict(outcome="correct", detail="It is the answer that was made with the problem.")
    from ttc_core.problems.referee import NoRuling, score

    assert reference.scorer
    try:
        points = await score(answer, reference.scorer)
    except NoRuling as error:
        return Verdict(outcome="incorrect", detail=f"The scorer could not read it: {error}")
    right = points >= RIGHT
    return Verdict(outcome="correct" if right else "incorrect", detail=f"The problem's own scorer gives {points:g}.")


RIGHT = 1 - 1e-9
"""The score from which an answer to a generated problem is right; scorers give up to 0.999 to what is only near."""


async def _ran(answer: str, problem: Problem, reference: Reference, sandbox: Sandbox) -> Verdict:
    """By running the hidden tests and checks."""
    why = await sandbox.ready()
    if why:
        return Verdict(outcome="not_run", detail=f"not run: {why}")
    try:
        checked = await (_patched if problem.kind == "patch" else _program)(answer, problem, reference, sandbox)
    except NoSandbox as error:
        return Verdict(outcome="not_run", detail=f"not run: {error}")
    except BadInput as error:
        total = len(reference.cases)
        return Verdict(outcome="incorrect", detail=f"The change does not apply: {error}", passed=0, total=total)
    return _verdict_of(checked, reference)


async def _patched(answer: str, problem: Problem, reference: Reference, sandbox: Sandbox) -> Checked:
    from ttc_core.problems.patches import applied

    return await evaluate(sandbox, "", reference.cases, files=applied(problem.files, answer))


async def _program(answer: str, problem: Problem, reference: Reference, sandbox: Sandbox) -> Checked:
    """Tests that are one program, and single checks; all that there are."""
    both: list[Checked] = []
    if reference.tests:
        both.append(await check_with_tests(sandbox, answer, problem.entry, reference.tests))
    if reference.cases:
        both.append(await evaluate(sandbox, answer, reference.cases))
    return Checked(
        results=tuple(result for one in both for result in one.results),
        passed=sum(one.passed for one in both),
        total=sum(one.total for one in both),
        trouble=next((one.trouble for one in both if one.trouble), ""),
    )


def _verdict_of(checked: Checked, reference: Reference) -> Verdict:
    """Right only where everything ran and passed. What was expected is not named; what came is."""
    total = max(checked.total, len(reference.cases) + bool(reference.tests))
    right = checked.passed == total and not checked.trouble
    words = f"{checked.passed} of {total} hidden checks passed" if total > 1 else f"The hidden tests {_past(right)}"
    if checked.trouble:
        words += f": {checked.trouble}"
    elif failed := next((result for result in checked.results if not result.ok), None):
        words += f"; the first that failed: {_failed(failed)}"
    return Verdict(
        outcome="correct" if right else "incorrect",
        detail=_ended(words),
        passed=checked.passed,
        total=total,
    )


def _past(right: bool) -> str:
    return "passed" if right else "failed"


def _failed(result: CaseRan) -> str:
    """The call, of several lines the last, and what came of it."""
    call = (result.call.strip().splitlines() or [""])[-1].strip()
    if not result.got:
        return call
    said = result.got.startswith(("raised", "no answer"))
    return f"{call}: {result.got}" if said else f"{call} gave {result.got}"


def _ended(words: str) -> str:
    """One sentence of bounded length."""
    line = " ".join(words.split())
    line = line if len(line) <= LONGEST_DETAIL else line[: LONGEST_DETAIL - 1] + "…"
    return line if line.endswith((".", "…", "!", "?")) else f"{line}."
