"""Problems from JSON Lines: common forms are understood, and what is wrong gets a sentence with its line."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ttc_core.errors import BadInput
from ttc_core.problems.imported import MOST_PROBLEMS, coded, read_cases, read_jsonl
from ttc_core.types import Case

HUMAN_EVAL_ROW = {
    "task_id": "HumanEval/1000",
    "prompt": "def add(a, b):\n    '''Sum.'''\n",
    "entry_point": "add",
    "canonical_solution": "    return a + b\n",
    "test": "def check(candidate):\n    assert candidate(1, 2) == 3\n",
}


def lines(*rows: object) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


def test_fields_go_by_the_names_of_common_benchmarks() -> None:
    rows = lines(
        {"question": "What is 2 + 2?", "answer": 4},
        {"problem": "Capital of France?", "options": ["Rome", "Paris"], "target": "Paris"},
        HUMAN_EVAL_ROW,
        {"text": "Which database?", "rubric": "Names a trade-off."},
    )
    (number, choice, code, open_), complaints = read_jsonl(rows)
    assert complaints == []
    assert (number[0].kind, number[1] and number[1].answer) == ("number", "4")
    assert (choice[0].kind, choice[0].choices) == ("choice", ("Rome", "Paris"))
    assert (code[0].kind, code[0].entry, code[0].title) == ("code", "add", "HumanEval/1000")
    assert code[1]
    assert code[1].answer == "def add(a, b):\n    '''Sum.'''\n    return a + b\n"
    assert "assert candidate" in code[1].tests
    assert (open_[0].kind, open_[0].rubric, open_[1]) == ("open", "Names a trade-off.", None)


def test_hidden_checks_stay_out_of_the_problem() -> None:
    row = {
        "text": "Write add.",
        "entry": "add",
        "cases": [{"call": "add(1, 2)", "expected": "3"}],
        "hidden": [{"call": "add(40, 2)", "expected": "42"}],
    }
    ((problem, reference),), _ = read_jsonl(lines(row))
    assert problem.cases == (Case(call="add(1, 2)", expected="3"),)
    assert reference
    assert reference.cases == (Case(call="add(40, 2)", expected="42"),)
    assert "add(40, 2)" not in problem.model_dump_json()


def test_equal_words_with_other_checks_are_another_problem() -> None:
    (first, second), _ = read_jsonl(lines({"text": "x?", "answer": "1"}, {"text": "x?", "answer": "2"}))
    assert first[0].id != second[0].id


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"{", "not JSON"),
        (b"[1]", "no object"),
        (b"{}", "empty"),
        (b'{"text": ["a"]}', "neither text nor a number"),
        (b'{"text": "x", "kind": "patch"}', "kind"),
        (b'{"text": "x", "entry": "not a name"}', "Python name"),
        (b'{"text": "x", "entry": "f", "cases": [{"called": 1}]}', "not a list of"),
        (b'{"text": "x", "entry": "f", "cases": 3}', "not a list of"),
        (b'{"text": "x", "entry": "f", "tests": "assert True"}', "define check"),
        (b'{"text": "x", "choices": "a, b"}', "list of at most 26"),
        (b'{"text": ' + b"[" * 100_000 + b"}", "not JSON"),
    ],
)
def test_a_wrong_line_is_named_and_the_others_are_kept(line: bytes, why: str) -> None:
    entries, complaints = read_jsonl(b'{"text": "good?"}\n' + line + b'\n\n{"text": "also good?"}')
    assert len(entries) == 2
    assert len(complaints) == 1
    assert complaints[0].startswith("Line 2: ")
    assert why in complaints[0]


def test_what_is_no_text_or_too_much_is_refused_or_cut() -> None:
    with pytest.raises(BadInput, match="UTF-8"):
        read_jsonl(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="MB"):
        read_jsonl(b" " * 32_000_001)
    entries, complaints = read_jsonl(lines(*({"text": f"{n}?"} for n in range(MOST_PROBLEMS + 5))))
    assert len(entries) == MOST_PROBLEMS
    assert len(complaints) == 1


@given(some.binary(max_size=200))
def test_no_bytes_make_it_fail_in_another_way(data: bytes) -> None:
    with suppress(BadInput):
        read_jsonl(data)


def test_examples_are_written_as_python() -> None:
    cases = read_cases('add(1, 2) == 3\nassert name("a b") == ["a", "b"]\n\nparse("x") raises ValueError')
    assert cases == (
        Case(call="add(1, 2)", expected="3"),
        Case(call="name('a b')", expected="['a', 'b']"),
        Case(call='parse("x")', expected="raises ValueError"),
    )
    for wrong in ("add(1, 2)", "1 < 2 < 3", "a ==", "(" * 10_000):
        with pytest.raises(BadInput, match="example"):
            read_cases(wrong)


def test_a_typed_function_needs_a_name_and_tests_that_check() -> None:
    problem, reference = coded("Write add.", "add", "add(1, 2) == 3", "add(2, 2) == 4", answer="def add(a, b): ...")
    assert (problem.kind, problem.entry, len(problem.cases), len(reference.cases)) == ("code", "add", 1, 1)
    with pytest.raises(BadInput, match="name"):
        coded("Write add.", "2add", "")


def test_numbers_are_kept_as_they_are_written() -> None:
    numbers = ("1" + "7" * 500, "0.1234567890123456789012345", "1e22", "5.0")
    rows = b"\n".join(f'{{"text": "{n}?", "answer": {number}}}'.encode() for n, number in enumerate(numbers))
    entries, complaints = read_jsonl(rows)
    assert complaints == []
    assert [reference and reference.answer for _, reference in entries] == list(numbers)


@pytest.mark.parametrize("field", ["title", "aliases", "choices", "rubric", "answer"])
def test_half_characters_cost_their_own_line_only(field: str) -> None:
    value = ["\ud800", "b"] if field in ("aliases", "choices") else "\ud800"
    entries, complaints = read_jsonl(lines({"text": "good?"}, {"text": "x?", field: value}))
    assert len(entries) == 1
    assert complaints == ["Line 2: it contains characters that are not text."]


def test_what_is_left_out_is_said() -> None:
    _, complaints = read_jsonl(lines({"text": "x?"}, {"text": "x?"}))
    assert complaints == ["Line 2: it is the same problem as an earlier line."]
    with pytest.raises(BadInput, match="one JSON list"):
        read_jsonl(json.dumps([{"text": "x?"}], indent=1).encode())
    _, complaints = read_jsonl(lines({"text": "x?", "choices": ["a1", "b1"], "answer": 1}))
    assert complaints == ["Line 1: its answer is none of its choices; give the letter or the words of one."]


def test_of_a_worked_solution_the_result_is_the_answer() -> None:
    rows = lines(
        {"question": "How many?", "answer": "5 * 7 = <<5*7=35>>35 sheep\n#### 35"},
        {"problem": "What is it?", "solution": "It halves.\nSo it is $\\boxed{\\frac{1}{2}}$."},
    )
    entries, _ = read_jsonl(rows)
    assert [reference and reference.answer for _, reference in entries] == ["35", r"\frac{1}{2}"]
    assert [problem.kind for problem, _ in entries] == ["number", "number"]
