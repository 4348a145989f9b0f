from __future__ import annotations

from pathlib import Path

import pytest

from ttc_core.errors import BadInput, NotFound
from ttc_core.problems.patches import applied, difference
from ttc_core.problems.repositories import entries, find, read_task
from ttc_core.types import File

TOML = """
title = "One is two"
difficulty = "easy"
text = \"\"\"
Make one() give 1.
\"\"\"
command = "python -m unittest -q"

[[case]]
call = \"\"\"
from one import one
one()
\"\"\"
expected = "1"
"""
BEFORE = "def one():\n    return 2\n"


def change(text: str) -> str:
    return difference([File(path="one.py", text=BEFORE)], [File(path="one.py", text=text)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ones/repo/__pycache__").mkdir(parents=True)
    (tmp_path / "ones/repo/__pycache__/one.pyc").write_bytes(b"\xff\0")
    (tmp_path / "ones/repo/one.py").write_text(BEFORE)
    (tmp_path / "ones/task.toml").write_text(TOML)
    index = "index 83db48f..bf26fd3 100644\n"
    solution = change("def one():\n    return 1\n").replace("--- a/", f"{index}--- a/")
    (tmp_path / "ones/solution.patch").write_text(solution)
    for number in (1, 2, 10):
        (tmp_path / f"ones/wrong-{number}.patch").write_text(change(f"def one():\n    return {number + 2}\n"))
    return tmp_path / "ones"


def test_a_folder_is_read_into_a_problem_and_what_is_right(folder: Path) -> None:
    entry = read_task(folder)
    assert (entry.problem.id, entry.problem.kind, entry.difficulty) == ("task/ones", "patch", "easy")
    assert entry.problem.files == (File(path="one.py", text=BEFORE),)
    assert entry.problem.text == "Make one() give 1."
    assert entry.reference.cases[0].call == "from one import one\none()"
    assert entry.reference.answer == change("def one():\n    return 1\n")  # written anew
    assert [patch.split("+    return ")[1].split()[0] for patch in entry.reference.misconceptions] == ["3", "4", "12"]


def test_the_problem_holds_nothing_of_what_is_right(folder: Path) -> None:
    entry = read_task(folder)
    assert "return 1" not in entry.problem.model_dump_json()
    assert not entry.problem.cases


def test_a_patch_that_does_not_fit_is_refused(folder: Path) -> None:
    (folder / "wrong-1.patch").write_text(change("x\n").replace("return 2", "return 9"))
    with pytest.raises(BadInput, match="does not apply"):
        read_task(folder)


def test_every_task_that_is_shipped_can_be_read_and_found() -> None:
    assert [entry.difficulty for entry in entries()] == sorted(
        (entry.difficulty for entry in entries()), key=["easy", "medium", "hard"].index
    )
    for entry in entries():
        assert find(entry.problem.id.upper()) is entry
        assert entry.reference.cases
        patches = {entry.reference.answer, *entry.reference.misconceptions}
        assert len(patches) == 1 + len(entry.reference.misconceptions) > 1
        for patch in patches:
            assert applied(entry.problem.files, patch) != entry.problem.files


def test_an_unknown_task_is_told_with_those_that_come_close() -> None:
    near = entries()[0].problem.id
    with pytest.raises(NotFound, match=near):
        find(near + "x")
