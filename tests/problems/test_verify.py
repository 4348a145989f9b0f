"""Verdicts: every kind is checked in its way, nothing hostile hangs, and what cannot be checked is said to be so."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from ttc_core.problems import canonical, verdict
from ttc_core.problems.patches import difference
from ttc_core.problems.referee import NoRuling, Referee
from ttc_core.sandbox import Sandbox
from ttc_core.types import AnswerKind, Case, File, Problem, Reference, Scorer, Verdict


class NoHold(Sandbox):
    """Where nothing can be run."""

    async def ready(self) -> str:
        return "There is no sandbox on this machine."


@pytest.fixture
async def sandbox() -> Sandbox:
    box = Sandbox()
    if why := await box.ready():
        pytest.skip(why)
    return box


def asked(kind: AnswerKind, text: str = "What is it?", **more: object) -> Problem:
    return Problem.model_validate({"id": "t", "text": text, "kind": kind, **more})


async def judged(answer: str | None, problem: Problem, reference: Reference | None) -> Verdict:
    return await verdict(answer, problem, reference, NoHold())


async def test_without_anything_to_check_against_it_is_unverified() -> None:
    for reference in (None, Reference()):
        for kind in ("auto", "code", "patch", "math"):
            assert (await judged("5", asked(kind), reference)).outcome == "unverified"  # type: ignore[arg-type]


async def test_open_questions_are_judged_not_verified() -> None:
    said = await judged("All of it.", asked("open"), None)
    assert (said.outcome, said.detail) == ("judged", "Judged by a rubric, not verified.")


@pytest.mark.parametrize("kind", ["auto", "number", "text", "set", "choice", "math", "code", "patch"])
async def test_no_answer_is_incorrect(kind: AnswerKind) -> None:
    reference = Reference(answer="5", cases=(Case(call="f()", expected="1"),))
    assert (await judged(None, asked(kind), reference)).outcome == "incorrect"


@pytest.mark.parametrize(
    ("kind", "right", "answer", "outcome"),
    [
        ("number", "35", "35 sheep", "correct"),
        ("number", "35", "36", "incorrect"),
        ("text", "Paris", "paris.", "correct"),
        ("set", "1, 2", "2 and 1", "correct"),
        ("math", r"\frac{\sqrt{2}}{2}", r"\sin(\frac{\pi}{4})", "correct"),
        ("math", r"\frac{1}{1+x}", r"(x+1)^{-1}", "correct"),
        ("math", r"\frac{1}{1+x}", r"\frac{1}{1-x}", "incorrect"),
        ("math", r"\frac{1}{3}", "0.333333", "incorrect"),
        ("math", "5", "3 or 5", "incorrect"),
        ("math", "5", "5%", "incorrect"),
        ("math", "5", "5 cm", "correct"),
        ("math", "(3,5)", r"\{3,5\}", "incorrect"),
        ("math", r"\{1,2\}", "(1,2)", "incorrect"),
        ("math", r"\{1,2\}", r"\{2,1\}", "correct"),
        ("math", r"\pi", "3.14159265", "incorrect"),
        ("math", r"\sqrt2", "1.4142135623730951", "incorrect"),
        ("math", "x+1", "X+1", "incorrect"),
        ("math", "101_2", "101", "incorrect"),
        ("math", "52_8", "52_7", "incorrect"),
        ("math", r"x \le 3", "(-∞, 3]", "correct"),
        ("math", "five", "x = 5", "correct"),
        ("math", "11_{2}", "11_2", "correct"),
        ("auto", r"\frac{1}{1+x}", r"\frac{1}{x+1}", "correct"),
        ("auto", "blue", "lube", "incorrect"),
    ],
)
async def test_answers_are_compared_by_kind(kind: AnswerKind, right: str, answer: str, outcome: str) -> None:
    said = await judged(answer, asked(kind), Reference(answer=right))
    assert said.outcome == outcome
    assert said.detail.endswith(".")


@pytest.mark.parametrize(
    "answer",
    [
        r"9^{9^{9^{9}}}",
        r"\frac{" * 300 + "1" + "}{2}" * 300,
        "(" * 1_500 + ")" * 400,
        r"\int_0^{10^{99}} x^{x^x} dx",
        r"(x+y+z)^{5000}",
        "\0",
        "\ud800",
    ],
    ids=lambda answer: ascii(answer[:14]),
)
async def test_a_hostile_formula_is_wrong_and_holds_up_nobody(answer: str) -> None:
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.01)
            beats += 1

    heart = asyncio.create_task(beat())
    try:
        async with asyncio.timeout(60):
            said = await judged(answer, asked("math"), Reference(answer=r"\frac{1}{1+x}"))
    finally:
        heart.cancel()
    assert said.outcome == "incorrect"


async def test_a_late_referee_is_replaced_and_the_loop_goes_on() -> None:
    referee = Referee("math")
    beats: list[float] = []

    async def beat() -> None:
        while True:
            beats.append(time.monotonic())
            await asyncio.sleep(0.01)

    assert await asyncio.to_thread(referee.ask, "same_formula", answer="x^2", right=["x*x"]) is True
    heart = asyncio.create_task(beat())
    with pytest.raises(NoRuling, match="longer than 1 seconds"):
        await asyncio.to_thread(referee.ask, "same_formula", 1.0, answer="9^{9^{9^{9}}}+x", right=[r"2^{2^{99}}"])
    heart.cancel()
    assert len(beats) > 10
    assert await asyncio.to_thread(referee.ask, "same_formula", answer="x^2", right=["x*x"]) is True


@pytest.mark.parametrize(
    "attack",
    [
        "__import__('os').system('touch {path}')",
        "open('{path}', 'w')",
        "exec(chr(111))",
        "(exec)('1')",
        "[].__class__",
        "eval (input())",
        'ｅｘｅｃ(\'open("{path}", "w")\')',
        "(lambda: exec)()('1')",
        "print(1).real",
    ],
)
async def test_an_answer_that_is_code_is_not_run(attack: str, tmp_path: Path) -> None:
    path = tmp_path / "taken"
    answer = attack.replace("{path}", str(path))
    entry = {"question": "?", "answer": "9", "metadata": {"numbers": [9], "target": 9}}
    reference = Reference(answer="9", scorer=Scorer(family="countdown", entry=entry))
    assert (await judged(answer, asked("text"), reference)).outcome == "incorrect"
    assert (await judged(answer, asked("math"), Reference(answer=r"x+1"))).outcome == "incorrect"
    assert not path.exists()


async def test_generated_problems_are_scored_by_their_family() -> None:
    entry = {"question": "?", "answer": "4 + 5", "metadata": {"numbers": [4, 5, 2], "target": 11}}
    reference = Reference(answer="4 + 5 + 2", scorer=Scorer(family="countdown", entry=entry))
    assert (await judged("2 + 5 + 4", asked("text"), reference)).outcome == "correct"
    assert (await judged("4 + 5 + 2", asked("text"), reference)).outcome == "correct"
    wrong = await judged("5 + 5 + 1", asked("text"), reference)
    assert (wrong.outcome, wrong.detail) == ("incorrect", "The problem's own scorer gives 0.05.")
    assert (await judged("x" * 5_000, asked("text"), reference)).outcome == "incorrect"


CODE = asked("code", entry="add")
CASES = (Case(call="add(2, 3)", expected="5"), Case(call="add('a', 'b')", expected="'ab'"))
TESTS = "def check(candidate):\n    assert candidate(2, 2) == 4\n"


@pytest.mark.parametrize("kind", ["code", "patch"])
async def test_where_no_sandbox_holds_nothing_is_run(kind: AnswerKind) -> None:
    said = await judged("def add(a, b): return a + b", asked(kind, entry="add"), Reference(cases=CASES, tests=TESTS))
    assert said == Verdict(outcome="not_run", detail="not run: There is no sandbox on this machine.")


async def test_code_is_judged_by_hidden_tests_and_checks(sandbox: Sandbox) -> None:
    reference = Reference(cases=CASES, tests=TESTS)
    right = await verdict("def add(a, b):\n    return a + b", CODE, reference, sandbox)
    assert (right.outcome, right.passed, right.total) == ("correct", 3, 3)
    wrong = await verdict("def add(a, b):\n    return int(a) + int(b)", CODE, reference, sandbox)
    assert (wrong.outcome, wrong.passed, wrong.total) == ("incorrect", 2, 3)
    assert "add('a', 'b'): raised ValueError" in wrong.detail
    assert "'ab'" not in wrong.detail


@pytest.mark.parametrize("answer", ["def add(a, b", "import nothing_like_it", "raise SystemExit"])
async def test_code_that_does_not_load_is_incorrect(answer: str, sandbox: Sandbox) -> None:
    said = await verdict(answer, CODE, Reference(cases=CASES[:1], tests=TESTS), sandbox)
    assert (said.outcome, said.passed) == ("incorrect", 0)
    assert said.detail.endswith((".", "…"))


async def test_code_without_checks_is_right_only_if_it_is_the_reference() -> None:
    reference = Reference(answer="def add(a, b):\n    return a + b")
    assert (await judged("def add(a, b): return a + b  # so", CODE, reference)).outcome == "correct"
    assert (await judged("def add(a, b): return b + a", CODE, reference)).outcome == "unverified"


async def test_patches_are_applied_and_checked(sandbox: Sandbox) -> None:
    before = (File(path="calc.py", text="def add(a, b):\n    return a - b\n"),)
    mended = difference(before, (File(path="calc.py", text="def add(a, b):\n    return a + b\n"),))
    useless = difference(before, (File(path="calc.py", text="def add(a, b):\n    return a * b\n"),))
    problem = asked("patch", files=before)
    reference = Reference(cases=(Case(call="from calc import add\nadd(2, 3)", expected="5"),))
    assert (await verdict(mended, problem, reference, sandbox)).outcome == "correct"
    wrong = await verdict(useless, problem, reference, sandbox)
    assert wrong.outcome == "incorrect"
    assert "add(2, 3) gave 6" in wrong.detail
    unfit = await verdict(useless.replace("a - b", "a / b"), problem, reference, sandbox)
    assert unfit.outcome == "incorrect"
    assert unfit.detail.startswith("The change does not apply: ")


NUMBERS = ("1/2", "0.5", "50%", r"\frac{1}{2}", "$.50", "1/2 ")


@pytest.mark.parametrize("right", [r"\sin(\frac{\pi}{6})", r"\frac{x}{2x}", "0.5", r"\cos(1)"])
async def test_equivalent_numbers_get_one_verdict(right: str) -> None:
    problem = asked("math")
    assert len({canonical(number, problem) for number in NUMBERS}) == 1
    outcomes = {(await judged(number, problem, Reference(answer=right))).outcome for number in NUMBERS}
    assert len(outcomes) == 1


@pytest.mark.parametrize(
    ("family", "right", "wrong"),
    [
        ("coin_flip", "5/16", "0"),
        ("game_of_life_halting", "false.", "banana"),
        ("complex_arithmetic", "3 + 2i", "nan"),
        ("puzzle24", "8*9/(6 - 3)", "4*8 - 6 - 2"),
        ("shortest_path", "up right.", "up up"),
        ("gcd", "The answer is 35", "36"),
    ],
)
async def test_scorers_that_let_wrong_answers_through_are_kept_from_it(family: str, right: str, wrong: str) -> None:
    answers = {"coin_flip": "0.3125", "game_of_life_halting": "False", "complex_arithmetic": "3.0 + 2.0i"}
    answers |= {"puzzle24": "(9*8)/(6-3)", "gcd": "35", "shortest_path": "up right"}
    metadata = {"numbers": [3, 6, 8, 9], "real": 3, "result": [3.0, 2.0], "should_oscillate": False}
    metadata["matrix"] = [["O", "#"], ["*", "O"]]
    entry = {"question": "?", "answer": answers[family], "metadata": metadata}
    problem = asked("number" if family in ("coin_flip", "gcd") else "text")
    reference = Reference(answer=answers[family], scorer=Scorer(family=family, entry=entry))
    assert (await judged(right, problem, reference)).outcome == "correct"
    assert (await judged(wrong, problem, reference)).outcome == "incorrect"
