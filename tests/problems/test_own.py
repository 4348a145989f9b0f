"""Problems that a person typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttc_core.errors import BadInput
from ttc_core.problems import check, problem_from_text
from ttc_core.types import Reference


def test_a_typed_problem_is_stripped_and_titled() -> None:
    problem, reference = problem_from_text("\n  How far is it? Answer in km.\r\nThink. ", " 12 ")
    assert problem.text == "How far is it? Answer in km.\nThink."
    assert problem.title == "How far is it?"
    assert reference == Reference(answer="12")


def test_a_number_as_reference_lets_a_unit_pass() -> None:
    problem, reference = problem_from_text("How many sheep?", "35")
    assert problem.kind == "number"
    assert check("35 sheep", problem, reference).outcome == "correct"
    assert problem_from_text("Who?", "Ada")[0].kind == problem_from_text("How many?", None)[0].kind == "auto"


@pytest.mark.parametrize("blank", [None, "", "  \n"])
def test_a_blank_reference_is_none(blank: str | None) -> None:
    assert problem_from_text("Why is that?", blank)[1] is None


def test_the_id_depends_on_the_words_alone() -> None:
    first, _ = problem_from_text("One line.\r\nAnother.", "5")
    second, _ = problem_from_text("  One line.\nAnother.\n", None)
    other, _ = problem_from_text("One line.\nAnother!", None)
    assert first.id == second.id != other.id
    assert first.id.startswith("own/")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("A number is 3.5 times 2. Which?", "A number is 3.5 times 2"),
        ("Compute 2 + 2", "Compute 2 + 2"),
        ("word " * 40, "word word word word word word word word word word word word word word word word…"),
        ("x" * 200, "x" * 79 + "…"),
    ],
)
def test_titles(text: str, title: str) -> None:
    assert problem_from_text(text, None)[0].title == title


@pytest.mark.parametrize(
    ("text", "reference", "words"),
    [
        ("", None, "empty"),
        (" \n\t ", "5", "empty"),
        ("x" * 20_001, None, "20,001"),
        ("What?", "5" * 2_001, "2,001"),
        ("What\0?", None, "not text"),
        ("What\ud800?", None, "not text"),
        ("What?", "5\ud800", "reference answer"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(text: str, reference: str | None, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        problem_from_text(text, reference)


def test_the_longest_problem_is_taken_whole() -> None:
    assert len(problem_from_text("x" * 20_000, None)[0].text) == 20_000


@given(st.text(max_size=300), st.text(max_size=30))
def test_any_text_gives_a_problem_with_a_short_title_or_is_refused(text: str, reference: str) -> None:
    try:
        problem, _ = problem_from_text(text, reference)
    except BadInput:
        assert not text.strip() or "\0" in text + reference
    else:
        assert 1 <= len(problem.title) <= 81
        assert problem_from_text(problem.text, reference)[0] == problem
