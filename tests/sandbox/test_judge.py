"""Judging honest and broken programs by cases and by tests, in boxes that hold."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

import pytest

from ttc_core.sandbox import Limits, NoSandbox, Sandbox, check_with_tests, evaluate
from ttc_core.types import Case, File

PROGRAM = '''
"""A shop."""
from dataclasses import dataclass
from typing import ClassVar
import sys

print("loading")
seen = []

class Sold(ValueError):
    pass

@dataclass
class Item:
    name: str
    price: "int" = 3
    kinds: ClassVar[int] = 1

def total(prices):
    print("adding", prices)
    print("trouble", file=sys.stderr)
    seen.append(prices)
    return sum(prices)

def sell(name):
    raise Sold(f"{name} is sold, says {object()}")

def forever():
    while True:
        pass

if __name__ == "__main__":
    sys.exit("this is not for you")
'''


@pytest.fixture
async def sandbox() -> Sandbox:
    made = Sandbox()
    if trouble := await made.ready():
        pytest.skip(trouble)
    return made


@pytest.mark.parametrize(
    ("call", "expected", "got", "ok"),
    [
        ("total([1, 2])", "3", "3", True),
        ("total([1, 2])", "4", "3", False),
        ("total([1, 2])", "", "3", None),
        ("total([0.1, 0.2])", "0.3", "0.30000000000000004", True),
        ("total([True])", "True", "1", False),
        ("item = Item('tea')\nitem.price += 1\nitem.name, [item.price]", "('tea', [4])", "('tea', [4])", True),
        ("item = Item('tea')", "None", "None", True),
        ("{1, 2} | {3}", "{1, 2, 3}", "{1, 2, 3}", True),
        ("sell('tea')", "raises ValueError", "raised Sold: tea is sold, says <object object at 0x...>", True),
        ("sell('tea')", "raises KeyError", "raised Sold: tea is sold, says <object object at 0x...>", False),
        ("total([1])", "raises ValueError", "1", False),
        ("total(3)", "3", "raised TypeError: 'int' object is not iterable", False),
        ("total(", "3", "raised SyntaxError: '(' was never closed", False),
        ("nothing()", "", "raised NameError: name 'nothing' is not defined", None),
        ("total", "3", "no answer: a value of type function", False),
        ("import os\nos._exit(0)", "None", "no answer: the program ended itself", False),
        ("input()", "raises EOFError", "raised EOFError: EOF when reading a line", True),
        ("[[]] * 300_000", "[]", "no answer: a value that is too large or too deep", False),
        ("list(range(50_000))[-1]", "49999", "49999", True),
        ("'\\ud800 and \\0'", "", r"'\ud800 and \x00'", None),
        ("raise ValueError('\\ud800 and \\0')", "", "raised ValueError: ? and ", None),
    ],
)
async def test_cases(sandbox: Sandbox, call: str, expected: str, got: str, ok: bool | None):
    checked = await evaluate(sandbox, PROGRAM, [Case(call=call, expected=expected)])
    assert [(result.got, result.ok) for result in checked.results] == [(got, ok)]
    assert (checked.passed, checked.total) == (int(ok is True), int(ok is not None))
    assert checked.trouble == ""


async def test_large_values_are_compared_whole(sandbox: Sandbox):
    right = list(range(60_000))
    cases = [
        Case(call="list(range(60_000))", expected=str(right)),
        Case(call="list(range(60_001))", expected=str(right)),
    ]
    assert [result.ok for result in (await evaluate(sandbox, "", cases)).results] == [True, False]


async def test_no_case_influences_another(sandbox: Sandbox):
    cases = [
        Case(call="total([1])\nlen(seen)", expected="1"),
        Case(call="forever()", expected="1"),
        Case(call="import os\nos.kill(os.getpid(), 9)", expected="1"),
        Case(call="global total\ntotal = None", expected="None"),
        Case(call="total([1])\nlen(seen)", expected="1"),
    ]
    checked = await evaluate(sandbox, PROGRAM, cases, limits=Limits(wall_s=6.0))
    assert [result.ok for result in checked.results] == [True, False, False, True, True]
    assert checked.results[1].got == "no answer: timed out"


async def test_what_is_left_when_time_is_up_has_no_answer(sandbox: Sandbox):
    cases = [Case(call="forever()", expected="1")] * 3
    checked = await evaluate(sandbox, PROGRAM, cases, limits=Limits(wall_s=1.5))
    assert [result.got for result in checked.results] == ["no answer: timed out"] * 3
    assert (checked.passed, checked.total) == (0, 3)


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        ("x = 1\n\ndef f(:\n", "The program does not load: SyntaxError: invalid syntax, line 3."),
        ("import os\n1 / 0\n", "The program does not load: ZeroDivisionError: division by zero, line 2."),
        ("import sys\nsys.exit()\n", "The program does not load: SystemExit, line 2."),
        ("import os\nos._exit(0)\n", "The program does not load: the program ended itself."),
        ("while True: pass", "The program did not load in time."),
        ("x = '\0'", "The program does not load: SyntaxError: source code string cannot contain null bytes."),
    ],
)
async def test_a_program_that_does_not_load_fails_every_case(sandbox: Sandbox, code: str, trouble: str):
    cases = [Case(call="f(1)", expected="1"), Case(call="f(1)", expected="raises SyntaxError"), Case(call="f(1)")]
    checked = await evaluate(sandbox, code, cases, limits=Limits(wall_s=2.0))
    assert checked.trouble == trouble
    assert [result.ok for result in checked.results] == [False, False, None]
    assert (checked.passed, checked.total) == (0, 2)
    tested = await check_with_tests(sandbox, code, "f", "def check(candidate): pass", limits=Limits(wall_s=2.0))
    assert (tested.passed, tested.total, tested.trouble) == (0, 1, trouble)


async def test_an_expected_value_that_cannot_be_read_is_named_and_decides_nothing(sandbox: Sandbox):
    cases = [Case(call="1", expected="one"), Case(call="1", expected="1")]
    checked = await evaluate(sandbox, "", cases)
    assert [result.ok for result in checked.results] == [None, True]
    assert "'one'" in checked.trouble


async def test_cases_can_import_what_lies_in_the_work_folder(sandbox: Sandbox):
    files = [File(path="shop/till.py", text="def open_till():\n    return 'ä'\n"), File(path="json.py", text="x = 2\n")]
    cases = [
        Case(call="from shop.till import open_till\nopen_till()", expected="'ä'"),
        Case(call="import os\nsorted(os.listdir())", expected="['json.py', 'shop']"),
    ]
    assert (await evaluate(sandbox, "", cases, files=files)).passed == 2


TESTS = """
import math
def near(a, b):
    return math.isclose(a, b)
def check(candidate):
    assert near(candidate([1, 2]), 3)
    assert candidate([0.5]) == 0.5
    assert total([]) == 0, "nothing"
    try:
        candidate(None)
    except TypeError as error:
        assert "NoneType" in str(error)
    else:
        assert False, "no error"
"""


async def test_tests_run_beside_the_program(sandbox: Sandbox):
    checked = await check_with_tests(sandbox, PROGRAM, "total", TESTS)
    assert (checked.passed, checked.total, checked.trouble) == (1, 1, "")
    assert [(result.call, result.got, result.ok) for result in checked.results] == [("check(total)", "None", True)]


@pytest.mark.parametrize(
    ("body", "got"),
    [
        ("assert candidate([1]) == 2, 'one is not two'", "raised AssertionError: one is not two"),
        ("assert candidate('ab')", "raised TypeError: unsupported operand type(s) for +: 'int' and 'str'"),
        ("import sys; sys.exit(0)", "raised SystemExit: 0"),
        ("import os; os._exit(0)", "no answer: the program ended itself"),
        ("while True: candidate([1])", "no answer: timed out"),
    ],
)
async def test_tests_that_fail(sandbox: Sandbox, body: str, got: str):
    tests = f"def check(candidate):\n    {body}\n"
    checked = await check_with_tests(sandbox, PROGRAM, "total", tests, limits=Limits(wall_s=2.0))
    assert [(result.got, result.ok) for result in checked.results] == [(got, False)]
    assert (checked.passed, checked.total, checked.trouble) == (0, 1, "")


@pytest.mark.parametrize(
    ("tests", "trouble"),
    [
        ("def check(candidate):\n    candidate(len)", "The tests hand over what cannot be carried: a value of type"),
        ("def check(candidate:", "The tests do not load: SyntaxError"),
        ("raise KeyError(2)", "The tests do not load: KeyError: 2."),
    ],
)
async def test_tests_that_cannot_be_run(sandbox: Sandbox, tests: str, trouble: str):
    checked = await check_with_tests(sandbox, PROGRAM, "total", tests)
    assert checked.trouble.startswith(trouble)
    assert (checked.passed, checked.total) == (0, 1)


@pytest.mark.parametrize("raised", ["StopIteration", "SystemExit", "KeyboardInterrupt", "GeneratorExit"])
async def test_an_exception_of_the_program_cannot_end_the_tests_early(sandbox: Sandbox, raised: str):
    program = f"def total(prices):\n    raise {raised}\n"
    tests = "def check(candidate):\n    assert all(map(candidate, [[1], [2]])), 'wrong'\n"
    assert (await check_with_tests(sandbox, program, "total", tests)).passed == 0


@pytest.mark.parametrize(
    ("program", "caught"),
    [
        ("class Mine(LookupError): pass\ndef f():\n    raise Mine('m')", "LookupError"),
        ("def f():\n    b'\\xff'.decode()", "ValueError"),
        ("def f():\n    raise ExceptionGroup('g', [ValueError()])", "Exception"),
    ],
)
async def test_exceptions_arrive_as_the_nearest_builtin_class(sandbox: Sandbox, program: str, caught: str):
    tests = (
        f"def check(candidate):\n    try:\n        candidate()\n    except {caught}:\n        return\n    assert False"
    )
    assert (await check_with_tests(sandbox, program, "f", tests)).passed == 1


class Listening(Sandbox):
    """Runs as any other, and keeps all that goes into its boxes, box by box."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[bytearray] = []

    @asynccontextmanager
    async def start(self, command: Sequence[str], *given: Any, **named: Any) -> AsyncIterator[Any]:
        heard = bytearray(repr((command, given)).encode())
        self.heard.append(heard)
        async with super().start(command, *given, **named) as running:
            write = running.stdin.write

            def overheard(data: bytes) -> None:
                heard.extend(data)
                write(data)

            running.stdin.write = overheard  # type: ignore[method-assign]
            yield running


async def test_what_is_expected_never_enters_the_box_of_the_program(sandbox: Sandbox):
    listening = Listening()
    await evaluate(listening, PROGRAM, [Case(call="total([41])", expected="'kumquat'")])
    await check_with_tests(listening, PROGRAM, "total", "def check(candidate):\n    candidate([41]) == 'kumquat'\n")
    assert [(b"[41]" in heard, b"kumquat" in heard) for heard in listening.heard] == [
        (True, False),
        (True, False),
        (True, True),
    ]


async def test_without_a_sandbox_nothing_is_run():
    with pytest.raises(NoSandbox):
        await evaluate(Sandbox(backends=()), PROGRAM, [Case(call="total([])")])
    with pytest.raises(NoSandbox):
        await check_with_tests(Sandbox(backends=()), PROGRAM, "total", TESTS)


class Failing(Sandbox):
    """Its boxes end before anything is loaded."""

    @asynccontextmanager
    async def start(self, command: Sequence[str], *given: Any, **named: Any) -> AsyncIterator[Any]:
        async with super().start(["false"], *given, **named) as running:
            yield running


async def test_a_box_that_fails_by_itself_is_not_held_against_the_program(sandbox: Sandbox):
    with pytest.raises(NoSandbox, match="its box ended"):
        await evaluate(Failing(), PROGRAM, [Case(call="total([])")])
    with pytest.raises(NoSandbox, match="its box ended"):
        await check_with_tests(Failing(), PROGRAM, "total", TESTS)


async def test_a_hundred_at_once_leave_the_event_loop_its_turn():
    """While the hundred take their turns, others seldom wait for one."""
    sandbox, waits = Sandbox(at_once=2), []
    if trouble := await sandbox.ready():
        pytest.skip(trouble)

    async def beat() -> None:
        while True:
            began = monotonic()
            await asyncio.sleep(0.001)
            waits.append(monotonic() - began)

    began, beating = monotonic(), asyncio.create_task(beat())
    judged = [check_with_tests(sandbox, PROGRAM, "total", TESTS) for _ in range(50)]
    judged += [evaluate(sandbox, PROGRAM, [Case(call="total([1, 2])", expected="3")]) for _ in range(50)]
    checked = await asyncio.gather(*judged)
    beating.cancel()
    assert sum(one.passed for one in checked) == 100
    assert sum(wait for wait in waits if wait > 0.02) < 0.5 * (monotonic() - began)
