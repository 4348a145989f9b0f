"""The library: every shelf says what is on it, and every id leads to its problem."""

from __future__ import annotations

import json

import pytest

from ttc_core.cli import main
from ttc_core.errors import NotFound
from ttc_core.problems.library import entries, find, shelves

FINITE = [shelf for shelf in shelves() if shelf.size is not None]


@pytest.mark.parametrize("shelf", FINITE, ids=lambda shelf: shelf.name)
def test_a_shelf_holds_what_it_says(shelf) -> None:
    held = entries(shelf.name)
    ids = [entry.problem.id for entry in held]
    assert len(held) == len(set(ids)) == shelf.size
    assert all(problem_id.startswith(shelf.prefix) for problem_id in ids)
    assert all(find(problem_id).problem == entry.problem for problem_id, entry in zip(ids, held, strict=True))
    assert shelf.title
    assert shelf.sentence.endswith(".")


@pytest.mark.parametrize(
    ("problem_id", "hint"),
    [
        ("humaneval/999", "humaneval/99"),
        ("HumanEvl/3", "humaneval/3"),
        ("word/shep", "word/sheep"),
        ("task/nothing like it", "task/"),
        ("", "word/sheep"),
        ("gym/gdc/1", "gcd"),
    ],
)
def test_what_is_not_there_is_one_sentence_with_a_hint(problem_id: str, hint: str) -> None:
    with pytest.raises(NotFound) as caught:
        find(problem_id)
    assert hint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_ids_are_found_however_they_are_written() -> None:
    assert find(" HumanEval/0 ").problem.id == "humaneval/0"


def test_unknown_and_endless_shelves_have_no_list() -> None:
    with pytest.raises(NotFound, match="humaneval"):
        entries("nope")
    with pytest.raises(NotFound, match="gym/gcd/7"):
        entries("gym")


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["problems", *arguments]) == 0
    return capsys.readouterr().out


def test_the_command_line_shows_problems_and_hides_what_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert "humaneval" in said(capsys, "shelves")
    assert len(json.loads(said(capsys, "list", "humaneval", "--json"))) == 164
    assert "gym/gcd/SEED" in said(capsys, "list", "gym")
    for form in ([], ["--json"]):
        shown = said(capsys, "show", "humaneval/0", *form)
        assert "has_close_elements" in shown
        assert "candidate" not in shown
        assert "candidate" in said(capsys, "show", "humaneval/0", "--reference", *form)
    assert main(["problems", "show", "humaneval/x"]) == 2
