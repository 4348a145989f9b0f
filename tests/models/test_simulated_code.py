"""The simulated model on programs and open questions: drawn whole, read as they are meant, judged with the odds."""

from __future__ import annotations

import ast
from functools import partial

import pytest

from ttc_core.errors import BadRequest
from ttc_core.models.simulated import SimulatedModel, SimulatedSettings
from ttc_core.models.simulated_code import slips
from ttc_core.operators.cases import read_calls, read_tests
from ttc_core.problems import equivalent, read_answer_of
from ttc_core.types import Case, Message, Problem, Reference, Request, Shown

TEXT = "Write the function.\n\n```python\nimport math\n\ndef area(r):\n    ...\n```"
CASES = (Case(call="area(2)", expected="12.56"), Case(call="area(0.5)", expected="0.78"))
PROBLEM = Problem(id="p", text=TEXT, kind="code", entry="area", cases=CASES)
RIGHT = "def area(r):\n    return round(math.pi * r ** 2, 2)"
WRONG = "def area(r):\n    return 2 * math.pi * r"
REFERENCE = Reference(answer=RIGHT, misconceptions=(WRONG,))
QUESTION = Problem(id="q", text="Tea or coffee?", kind="open")
VIEWS = Reference(answer="Tea.\n\nIt keeps you calm.", misconceptions=("Coffee, of course.",))
EXACT = {"unreadable": 0, "position_bias": 0, "judge_correlation": 0, "spread": 0}


def model(problem=PROBLEM, reference=REFERENCE, **settings):
    same = partial(equivalent, problem=problem)
    return SimulatedModel(SimulatedSettings(**{**EXACT, **settings}), reference, 1, same=same)


def said(of, role, *answers, problem=PROBLEM, sample=1):
    shown = tuple(Shown(id=f"c{i}", answer=answer) for i, answer in enumerate(answers))
    request = Request(
        call="c/x", role=role, node="c", messages=(Message(role="user", content="?"),), problem=problem, shown=shown,
        sample=sample,
    )  # fmt: skip
    return of.answer(request)[0].text


def test_proposals_are_programs_that_are_read_whole():
    read = [read_answer_of(said(model(accuracy=0.5), "propose", sample=n), PROBLEM) for n in range(40)]
    assert {program.removeprefix("import math\n\n") for program in read} == {RIGHT, WRONG}
    assert all(program.startswith("import math") for program in read)


def test_a_judge_knows_the_right_program_with_its_imports():
    right, wrong = (f"import math\n\n{program}" for program in (RIGHT, WRONG))
    votes = [said(model(judge=1), "compare", wrong, right, sample=n) for n in range(20)]
    assert all(vote.endswith("Final verdict: Solution 2") for vote in votes)
    assert "return" not in votes[0]


def test_an_unreadable_proposal_has_no_program():
    assert read_answer_of(said(model(unreadable=1), "propose"), PROBLEM) is None


def test_wrong_programs_are_right_ones_with_a_slip():
    wrong = slips("def f(n):\n    if n <= 1:\n        return n + 1\n    return f(n - 1)", "f")
    assert len(wrong) == len(set(wrong)) >= 4
    assert all(ast.parse(program).body[0].name == "f" for program in wrong)
    assert slips("def f(n): pass", "f") == ("def f(*given):\n    return None",)


def test_written_tests_are_the_examples_and_calls_are_others_without_results():
    assert read_tests(said(model(), "write_tests"), "area", 9) == CASES
    calls = read_calls(said(model(), "distinguish", RIGHT, WRONG), "area", 9)
    assert calls
    assert not {case.call for case in calls} & {case.call for case in CASES}
    bare = PROBLEM.model_copy(update={"cases": ()})
    assert read_tests(said(model(bare), "write_tests", problem=bare), "area", 9) == ()
    assert read_calls(said(model(bare), "distinguish", RIGHT, WRONG, problem=bare), "area", 9) == ()


def test_answers_to_open_questions_are_whole_replies_whose_worth_a_judge_knows():
    of = model(QUESTION, VIEWS, accuracy=0.5, judge=1)
    replies = {read_answer_of(said(of, "propose", problem=QUESTION, sample=n), QUESTION) for n in range(40)}
    assert len(replies) == 2
    tea, coffee = sorted(replies, key=lambda reply: "Tea" not in reply)
    vote = said(of, "compare", coffee, tea, problem=QUESTION)
    assert vote.endswith("Final verdict: Solution 2")
    assert "Tea. It keeps you calm." in vote


def test_it_refuses_what_has_no_right_answer_to_draw():
    with pytest.raises(BadRequest):
        said(model(reference=Reference(tests="def check(candidate): ...")), "propose")
