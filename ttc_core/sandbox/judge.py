"""Judging code by two processes: one holds the code and answers calls, the other holds what is right.

The code's box knows no expected value and no test, and nothing that it does or prints is taken for a verdict: all that
can leave it are answers to calls, as data. So a solution can lie about its answers, but not about whether they are
right. A case should ask for a value, ``area(2)``, rather than compare, ``area(2) == 4``: what is compared in the box is
compared by the code's own ``__eq__``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from ttc_core.errors import BadInput
from ttc_core.sandbox.base import USUAL, Limits
from ttc_core.sandbox.line import START_S, Answer, NoAnswer, Process, answer, command, greeted, receive, send
from ttc_core.sandbox.sandbox import Sandbox
from ttc_core.sandbox.values import Raises, expectation, same
from ttc_core.sandbox.wire import Message, decode, encode
from ttc_core.types import Case, CaseRan, File, Value

LEAST_CASE_S = 1.0
"""Seconds that each case may take, however many there are, while the whole has time left."""

_NOT_LOADED = Answer(nothing="the program does not load")
_SLOW = "The program did not load in time."
_TIMED_OUT = Answer(nothing="timed out")


class Checked(Value):
    """What checks of code came to."""

    results: tuple[CaseRan, ...] = ()
    """By case; for tests that are one program, a single one."""
    passed: int = 0
    total: int = 0
    trouble: str = ""
    """Why nothing could be checked, such as a program that does not load."""


class _Trouble(Exception):
    """Why nothing can be checked."""


async def evaluate(
    sandbox: Sandbox, code: str, cases: Sequence[Case], *, files: Sequence[File] = (), limits: Limits = USUAL
) -> Checked:
    """Evaluate the cases where the code stands, each for itself, and compare outside with what they expect.

    Each case runs in a process of its own, which has an equal share of the time that is left; only the files of the
    work folder are common. How values compare is said in values.py. A case whose expected value cannot be read is left
    undecided and named in `Checked.trouble`.

    Args:
        sandbox: Where.
        code: A Python program; may be empty where `files` hold what the cases import.
        cases: What to evaluate.
        files: What lies in the work folder.
        limits: Of the whole evaluation.

    Raises:
        NoSandbox: Nothing can be run here.
    """
    results: list[CaseRan] = []
    rest, trouble = _NOT_LOADED, _SLOW
    async with sandbox.start(command("inside_code"), files, _outlasting(limits)) as process:
        await greeted(process)
        try:
            async with asyncio.timeout(limits.wall_s) as time:
                await _load(process, code)
                rest, trouble = _TIMED_OUT, _unreadable(cases)
                for left in range(len(cases), 0, -1):
                    results.append(await _evaluated(process, cases[-left], _share(time, left)))
        except TimeoutError:
            pass
        except NoAnswer as gone:
            rest = Answer(nothing=str(gone))
        except _Trouble as why:
            trouble = str(why)
    results += [_ran(case, rest) for case in cases[len(results) :]]
    return _counted(results, trouble)


def _outlasting(limits: Limits) -> Limits:
    """The limits for the box, which must not end before the clock here does, or a timeout looks like an accident."""
    return limits.model_copy(update={"wall_s": limits.wall_s + START_S})


def _share(time: asyncio.Timeout, left: int) -> float:
    """Seconds for the next of the cases that are left."""
    remaining = (time.when() or 0.0) - asyncio.get_running_loop().time()
    return max(LEAST_CASE_S, remaining / left)


async def _load(process: Process, code: str) -> None:
    """Have the code loaded. Raises _Trouble where it does not load."""
    await send(process, {"load": code})
    try:
        said = await receive(process, answer)
    except NoAnswer as gone:
        raise _Trouble(f"The program does not load: {gone}.") from None
    if said.raised:
        raise _Trouble(f"The program does not load: {said.trouble}{f', line {said.line}' if said.line else ''}.")


async def _evaluated(process: Process, case: Case, seconds: float) -> CaseRan:
    await send(process, {"case": case.call, "seconds": seconds})
    return await receive(process, lambda message: _ran(case, answer(message)))


def _ran(case: Case, said: Answer) -> CaseRan:
    return CaseRan(call=case.call, expected=case.expected, got=said.got, ok=_ok(case, said))


def _ok(case: Case, said: Answer) -> bool | None:
    """Whether the answer is what the case expects; None where it expects nothing that can be read."""
    if not case.expected.strip():
        return None
    try:
        expected = expectation(case.expected)
    except BadInput:
        return None
    if isinstance(expected, Raises):
        return expected.name in said.raised
    return not said.nothing and not said.raised and same(expected, said.value)


def _unreadable(cases: Sequence[Case]) -> str:
    """The first expected value that cannot be read, in a sentence; empty if there is none."""
    for case in cases:
        try:
            expectation(case.expected or "None")
        except BadInput as error:
            return str(error)
    return ""


def _counted(results: Sequence[CaseRan], trouble: str) -> Checked:
    return Checked(
        results=tuple(results),
        passed=sum(result.ok is True for result in results),
        total=sum(result.ok is not None for result in results),
        trouble=trouble,
    )


async def check_with_tests(sandbox: Sandbox, code: str, entry: str, tests: str, *, limits: Limits = USUAL) -> Checked:
    """Run tests that define ``check(candidate)`` in one box, while another holds the code and answers its calls.

    What passes between them is values (see wire.py), so tests that hand over functions cannot be run, and a change
    that the code makes to its arguments is not seen by the tests. An exception of the code arrives as the nearest
    builtin class. A call that is not answered fails the whole.

    Args:
        sandbox: Where.
        code: A Python program that defines `entry`.
        entry: The function that is tested; the tests may also call it by this name if they define no other by it.
        tests: Python source that defines ``check``, with whatever helpers it uses.
        limits: Of each of the two boxes.

    Raises:
        NoSandbox: Nothing can be run here.
    """
    said, trouble = _NOT_LOADED, _SLOW
    code_box, tests_box, longer = command("inside_code"), command("inside_tests"), _outlasting(limits)
    async with (
        sandbox.start(code_box, (), longer) as holder,
        sandbox.start(tests_box, (), longer, beside=holder) as tester,
    ):
        await greeted(holder)
        await greeted(tester)
        try:
            async with asyncio.timeout(limits.wall_s):
                await _load(holder, code)
                said, trouble = _TIMED_OUT, ""
                said = await _relayed(holder, tester, entry, tests)
        except TimeoutError:
            pass
        except NoAnswer as gone:
            said = Answer(nothing=str(gone))
        except _Trouble as why:
            said, trouble = Answer(nothing="nothing could be checked"), str(why)
    return _counted([_ran(Case(call=f"check({entry})", expected="None"), said)], trouble)


async def _relayed(holder: Process, tester: Process, entry: str, tests: str) -> Answer:
    """What came of the tests, whose calls are carried to the code and back. Raises NoAnswer, _Trouble."""
    await send(tester, {"tests": tests, "entry": entry})
    while True:
        asked = await receive(tester, _asked)
        if isinstance(asked, Answer):
            return asked
        await send(holder, {"call": entry, **asked})
        said, onward = await receive(holder, _onward)
        if said.nothing:
            return said
        await send(tester, onward)


def _asked(message: Message) -> Message | Answer:
    """A call of the tests, written anew from what was read; or how they ended."""
    if "refused" in message:
        raise _Trouble(f"The tests hand over what cannot be carried: {str(message['refused'])[:100]}.")
    if "broken" in message:
        raise _Trouble(f"The tests do not load: {answer(dict(message['broken'])).trouble}.")  # type: ignore[call-overload]
    if "ended" in message:
        return answer(dict(message["ended"]))  # type: ignore[call-overload]
    given, named = decode(message["given"]), decode(message["named"])
    if not (isinstance(given, list) and isinstance(named, dict) and all(isinstance(name, str) for name in named)):
        raise ValueError("no call")
    return {"given": encode(given), "named": encode(named)}


def _onward(message: Message) -> tuple[Answer, Message]:
    """An answer of the code, and the same written anew for the tests."""
    said = answer(message)
    return said, {"raised": list(said.raised), "words": said.words} if said.raised else {"value": encode(said.value)}
