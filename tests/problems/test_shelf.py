"""The shelf: its answers are right, its misconceptions wrong, and every entry is found."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

import pytest

from tests.problems.solvers import SOLVERS
from ttc_core.errors import NotFound
from ttc_core.problems import ShelfEntry, check, equivalent, find, read_answer, shelf


@pytest.fixture(params=shelf(), ids=lambda entry: entry.problem.id)
def entry(request: pytest.FixtureRequest) -> ShelfEntry:
    found: ShelfEntry = request.param
    return found


def test_the_answer_is_what_working_it_out_gives(entry: ShelfEntry) -> None:
    answer = str(SOLVERS[entry.problem.id](entry.problem.text))
    assert check(answer, entry.problem, entry.reference).outcome == "correct"
    assert equivalent(answer, entry.reference.answer, entry.problem)


def test_misconceptions_are_wrong_and_differ(entry: ShelfEntry) -> None:
    wrong = entry.reference.misconceptions
    assert 3 <= len(wrong) <= 5
    for answer in wrong:
        assert check(answer, entry.problem, entry.reference).outcome == "incorrect"
    assert not any(equivalent(a, b, entry.problem) for a, b in combinations(wrong, 2))


def test_every_answer_survives_being_written_and_read(entry: ShelfEntry) -> None:
    reference = entry.reference
    for answer in (reference.answer, *reference.aliases, *reference.misconceptions):
        assert read_answer(f"So it is.\n\n**Answer:** {answer}") == answer


def test_entries_are_complete(entry: ShelfEntry) -> None:
    problem = entry.problem
    assert all([problem.title, problem.topic, problem.text])
    assert re.fullmatch(r"[a-z]+/[a-z]+", problem.id)
    assert "  " not in problem.text
    assert "\n" not in problem.text
    if problem.kind == "choice":
        said = (entry.reference.answer, *entry.reference.misconceptions)
        assert sorted(said) == sorted(problem.choices)


def test_aliases_are_right_answers(entry: ShelfEntry) -> None:
    for alias in entry.reference.aliases:
        assert check(alias, entry.problem, entry.reference).outcome == "correct"
        assert not equivalent(alias, entry.reference.answer, entry.problem), "an alias that says nothing new"


def test_the_shelf_as_a_whole() -> None:
    entries = shelf()
    ids = [entry.problem.id for entry in entries]
    assert len(set(ids)) == len(ids) == 20
    assert set(ids) == set(SOLVERS)
    assert ids[0] == "word/sheep"
    assert {entry.problem.topic for entry in entries} == {
        "word problem",
        "arithmetic",
        "logic",
        "multi-hop",
        "planning",
    }
    assert {entry.problem.kind for entry in entries} == {"number", "text", "set", "choice"}


def test_each_topic_goes_from_easy_to_hard() -> None:
    rank = {"easy": 0, "medium": 1, "hard": 2}
    for before, after in pairwise(shelf()):
        assert before.problem.topic != after.problem.topic or rank[before.difficulty] <= rank[after.difficulty]
    assert {entry.difficulty for entry in shelf()} == set(rank)


def test_find() -> None:
    assert find("logic/race").problem.title == "Third at the finish"
    assert find(" Logic/Race ") is find("logic/race")


@pytest.mark.parametrize(
    ("problem_id", "hint"),
    [("word/shep", "did you mean word/sheep"), ("knights", "logic/knights"), ("zzz", "word/sheep"), ("", "word/sheep")],
)
def test_an_unknown_id_is_answered_with_a_known_one(problem_id: str, hint: str) -> None:
    with pytest.raises(NotFound, match=hint):
        find(problem_id)


def test_a_huge_id_is_not_repeated_whole() -> None:
    with pytest.raises(NotFound) as caught:
        find("x" * 1_000_000)
    assert len(str(caught.value)) < 300
