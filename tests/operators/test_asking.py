"""What is asked by kind of problem: a form that can be read, and no form where the whole reply is the answer."""

from __future__ import annotations

import pytest

from tests.conftest import PROBLEM
from tests.strategies.coding import PROBLEM as CODE
from ttc_core.operators.compare import compare_prompt
from ttc_core.operators.critique import critique_prompt
from ttc_core.operators.distill import distill_prompt, select_prompt
from ttc_core.operators.propose import propose_prompt, refine_prompt
from ttc_core.operators.score import score_prompt
from ttc_core.operators.summarize import summarize_prompt
from ttc_core.operators.words import material
from ttc_core.types import Candidate, Problem, Tested

OPEN = Problem(id="o", text="Should we move?", kind="open", rubric="Weighs costs; names a date.")
PATCH = Problem(id="r", text="Mend it.", kind="patch")
JUDGES = [
    lambda problem: compare_prompt(problem, "S", 2),
    lambda problem: select_prompt(problem, "S", 4, 2),
    lambda problem: score_prompt(problem, "S"),
    lambda problem: critique_prompt(problem, "S"),
]
MAKERS = [propose_prompt, lambda problem: refine_prompt(problem, "S")]


@pytest.mark.parametrize("words", [*JUDGES, *MAKERS, lambda problem: distill_prompt(problem, "S", 99)])
def test_every_kind_has_its_own_words_and_none_has_holes(words):
    said = [words(problem).partition("\n\n")[2] for problem in (PROBLEM, CODE, OPEN)]
    assert len(set(said)) == 3
    assert not any(hole in prompt for prompt in said for hole in ("{", "}", "None"))


@pytest.mark.parametrize("words", JUDGES)
def test_open_questions_are_judged_by_their_rubric(words):
    assert "It will be judged by: Weighs costs; names a date." in words(OPEN)
    assert "the rubric" in words(OPEN)
    assert "right final answer" not in words(OPEN)
    assert "what was asked" in words(OPEN.model_copy(update={"rubric": ""}))


def test_only_problems_with_a_final_answer_ask_for_its_line():
    for words in (*MAKERS, lambda problem: summarize_prompt(problem, "S")):
        assert "Answer" in words(PROBLEM)
        assert "Answer" not in words(CODE)
    assert not any("word Answer" in words(OPEN) for words in MAKERS)


@pytest.mark.parametrize("problem", [PROBLEM, CODE, OPEN, PATCH])
def test_verdicts_and_scores_have_one_form(problem):
    assert compare_prompt(problem, "S", 2).endswith("Final verdict: Solution 1\nFinal verdict: Solution 2")
    assert '"Score: " followed by a whole number from 0' in score_prompt(problem, "S")


def test_a_judge_reads_the_program_or_the_summary_and_what_ran():
    tested = Tested(passed=1, total=2, words="It passed 1 of 2.")
    candidate = Candidate(id="c", text="long", answer="def clamp(): ...", summary="It clamps.", tested=tested)
    assert material(candidate, CODE) == "```python\ndef clamp(): ...\n```\n\nIt passed 1 of 2."
    assert material(candidate, PATCH) == "It clamps.\n\nIt passed 1 of 2."
    assert material(candidate.model_copy(update={"tested": None}), PROBLEM) == "It clamps."
