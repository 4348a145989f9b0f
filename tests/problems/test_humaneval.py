"""The HumanEval shelf: its examples hold, its tests tell right from wrong, and nothing hidden stands in a problem."""

from __future__ import annotations

import ast
import asyncio

import pytest

from ttc_core.problems import canonical, humaneval, read_answer_of, verdict
from ttc_core.problems.examples import examples
from ttc_core.problems.mutants import mutants
from ttc_core.problems.programs import defines
from ttc_core.problems.shelf import ShelfEntry
from ttc_core.sandbox import Sandbox, evaluate

ENTRIES = humaneval.entries()
NO_EXAMPLE = {38, 41, 50, 80, 81, 83, 105, 116, 149, 160}
"""Problems whose docstring shows none, or none that is literal, rightly named and true."""


@pytest.fixture
async def sandbox() -> Sandbox:
    box = Sandbox()
    if why := await box.ready():
        pytest.skip(why)
    return box


def test_all_problems_are_there_and_complete() -> None:
    assert len(ENTRIES) == humaneval.SIZE == 164
    assert [entry.problem.id for entry in ENTRIES[:2]] == ["humaneval/0", "humaneval/1"]
    for entry in ENTRIES:
        problem, reference = entry.problem, entry.reference
        assert reference is not None
        assert problem.title
        assert defines(reference.answer, problem.entry)
        assert "def check(candidate" in reference.tests
        assert 1 <= len(reference.misconceptions) <= 4
    assert {entry.difficulty for entry in ENTRIES} == {"easy", "medium", "hard"}


def test_which_problems_have_public_examples() -> None:
    assert {n for n, entry in enumerate(ENTRIES) if not entry.problem.cases} == NO_EXAMPLE
    assert all(ast.literal_eval(case.expected) != "" or case for entry in ENTRIES for case in entry.problem.cases)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.problem.id)
def test_no_hidden_test_and_no_solution_stands_in_the_problem(entry: ShelfEntry) -> None:
    assert entry.reference
    shown = entry.problem.model_dump_json()
    tests = [line.strip() for line in entry.reference.tests.splitlines() if "candidate" in line]
    assert tests
    assert not any(line in shown for line in tests)
    body = entry.reference.answer.removeprefix(entry.problem.text)
    assert body.strip().splitlines()[-1].strip() not in [line.strip() for line in entry.problem.text.splitlines()]


def test_misconceptions_are_other_programs() -> None:
    for entry in ENTRIES:
        assert entry.reference
        programs = [entry.reference.answer, *entry.reference.misconceptions]
        assert len({canonical(program, entry.problem) for program in programs}) == len(programs)


def test_every_right_and_wrong_program_survives_being_written_and_read() -> None:
    for entry in ENTRIES:
        assert entry.reference
        for program in (entry.reference.answer, *entry.reference.misconceptions):
            read = read_answer_of(f"So it is.\n\n```python\n{program}\n```\n", entry.problem)
            assert read
            assert canonical(read, entry.problem) == canonical(program, entry.problem)


async def test_every_public_example_holds_of_the_right_program(sandbox: Sandbox) -> None:
    async def failing(entry: ShelfEntry) -> list[str]:
        assert entry.reference
        checked = await evaluate(sandbox, entry.reference.answer, entry.problem.cases)
        return [f"{entry.problem.id} {result.call} -> {result.got}" for result in checked.results if not result.ok]

    with_examples = [entry for entry in ENTRIES if entry.problem.cases]
    failures = await asyncio.gather(*map(failing, with_examples))
    assert [line for lines in failures for line in lines] == []


async def test_the_tests_tell_right_from_wrong(sandbox: Sandbox) -> None:
    async def outcomes(entry: ShelfEntry) -> list[str]:
        assert entry.reference
        programs = (entry.reference.answer, *entry.reference.misconceptions)
        verdicts = [await verdict(program, entry.problem, entry.reference, sandbox) for program in programs]
        return [one.outcome for one in verdicts]

    chosen = [ENTRIES[n] for n in (0, 10, 32, 33, 38, 50, 115, 163)]
    for entry, said in zip(chosen, await asyncio.gather(*map(outcomes, chosen)), strict=True):
        assert said == ["correct"] + ["incorrect"] * (len(said) - 1), entry.problem.id


@pytest.mark.parametrize(
    ("docstring", "call", "expected"),
    [
        (">>> f([1,2])\n[2, 1]", "f([1, 2])", "[2, 1]"),
        (">>> f([])\n\n>>> f(1)\n2", "f([])", "None"),
        (">>> f(1) == 2\n", "f(1)", "2"),
        (">>> round(f(1), 2) # two places\n0.5", "round(f(1), 2)", "0.5"),
        (">>> f(['3'])\n['a',\n 'b']", "f(['3'])", "['a', 'b']"),
        ("f(1) ➞ 2", "f(1)", "2"),
        ("f(1, 'a)') => true", "f(1, 'a)')", "True"),
        ("f(5) -> [1, 5] # since 5 is odd", "f(5)", "[1, 5]"),
        ("f('x y', 19) ->19 - 5 - 6 = 8", "f('x y', 19)", "8"),
        ("f(148) should return 16.", "f(148)", "16"),
        ('f(15)   # returns "db"', "f(15)", "'db'"),
        ("f([\n [1],\n [2]], 1) == (1, 2)", "f([[1], [2]], 1)", "(1, 2)"),
        ('For num = "AB" the output should be 1.', "f('AB')", "1"),
        ("For s = 'a', c = 'b', the result should be ('a',True)", "f('a', 'b')", "('a', True)"),
        ("Input: arr = [-3], k = 3\n Output: [4]", "f([-3], 3)", "[4]"),
        ("Input: \n grid : [[0]]\n size : 1\n Output: 6", "f([[0]], 1)", "6"),
    ],
)
def test_examples_are_read_in_all_their_forms(docstring: str, call: str, expected: str) -> None:
    first = examples(docstring, "f")[0]
    assert (first.call, first.expected) == (call, expected)


@pytest.mark.parametrize(
    "docstring", ["f(n) -> f(n-1) + f(n-2)", "f(a) => False", "g(1) == 2", "f(1) is two", "f(((", ">>> f(x)\n3", ""]
)
def test_what_is_not_wholly_literal_is_no_example(docstring: str) -> None:
    assert examples(docstring, "f") == ()


def test_mutants_are_the_same_every_time_and_none_is_the_program() -> None:
    program = "def f(a, b):\n    if a < b:\n        return a + 1\n    return b, a\n"
    made = list(mutants(program, "f"))
    assert made == list(mutants(program, "f"))
    assert len(set(made)) == len(made) >= 4
    assert any("a <= b" in one for one in made)
    assert not any(ast.dump(ast.parse(one)) == ast.dump(ast.parse(program)) for one in made)
    assert not [*mutants("def f(:", "f"), *mutants("x = 1", "f")]
