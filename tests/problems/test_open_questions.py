"""Open questions: each says by what it is judged, and nothing claims to know the answer."""

from __future__ import annotations

import re

import pytest

from ttc_core.problems.library import entries, find
from ttc_core.problems.shelf import ShelfEntry, open_questions, shelf


@pytest.mark.parametrize("entry", open_questions(), ids=lambda entry: entry.problem.id)
def test_an_open_question_has_a_rubric_and_no_reference(entry: ShelfEntry) -> None:
    problem = entry.problem
    assert re.fullmatch(r"open/[a-z]+", problem.id)
    assert (problem.kind, entry.reference) == ("open", None)
    assert problem.title
    assert problem.topic in {"decision", "open question"}
    assert 80 <= len(problem.text.split()) <= 150
    assert not re.search(r"\n|  ", problem.text)
    assert 3 <= len(problem.rubric.splitlines()) <= 5


def test_the_shelf_of_open_questions() -> None:
    questions = open_questions()
    assert len({entry.problem.id for entry in questions}) == len(questions) == 6
    assert {entry.difficulty for entry in questions} == {"easy", "medium", "hard"}
    assert not {entry.problem.id for entry in questions} & {entry.problem.id for entry in shelf()}


def test_the_library_lists_and_finds_them() -> None:
    assert tuple(entries("open")) == open_questions()
    assert find(" Open/Bakery ").problem.title == "A week in the bakery"
