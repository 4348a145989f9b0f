"""Every repository task is what it says: broken as it is found, mended by its solution, not by its wrong changes."""

from __future__ import annotations

import ast
from collections.abc import Sequence

import pytest

from ttc_core.problems.patches import applied
from ttc_core.problems.repositories import entries
from ttc_core.problems.shelf import ShelfEntry
from ttc_core.sandbox import Checked, Limits, Ran, Sandbox, evaluate
from ttc_core.types import Case, File, Reference

PATIENT = Limits(wall_s=60.0, cpu_s=60)


@pytest.fixture(params=entries(), ids=lambda entry: entry.problem.id)
def entry(request: pytest.FixtureRequest) -> ShelfEntry:
    found: ShelfEntry = request.param
    return found


@pytest.fixture(scope="module")
def shared_sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
async def sandbox(shared_sandbox: Sandbox) -> Sandbox:
    if trouble := await shared_sandbox.ready():
        pytest.skip(trouble)
    return shared_sandbox


async def hidden(sandbox: Sandbox, entry: ShelfEntry, files: Sequence[File]) -> Checked:
    """What the hidden checks say of a state of the repository."""
    checked = await evaluate(sandbox, "", right(entry).cases, files=files, limits=PATIENT)
    assert not checked.trouble
    assert checked.total == len(right(entry).cases)
    return checked


async def visible(sandbox: Sandbox, entry: ShelfEntry, files: Sequence[File]) -> Ran:
    """What the repository's own tests say of it."""
    async with sandbox.open(files, PATIENT) as box:
        return await box.run(entry.problem.command, timeout_s=PATIENT.wall_s)


def right(entry: ShelfEntry) -> Reference:
    """What is right, which every task has."""
    assert entry.reference
    return entry.reference


def asked(case: Case) -> str:
    """What a case evaluates, without its preparations; the whole of it where that is no more than a trifle."""
    *_, last = ast.parse(case.call).body
    assert isinstance(last, ast.Expr), f"{case.call} does not end with an expression"
    words = plain(ast.unparse(last))
    return words if len(words) > 25 else plain(case.call)


def plain(text: str) -> str:
    """A text without differences of spaces and quotes."""
    return " ".join(text.split()).replace('"', "'")


def test_there_are_tasks_of_every_difficulty() -> None:
    assert len(entries()) >= 12
    assert {entry.difficulty for entry in entries()} == {"easy", "medium", "hard"}


def test_a_task_is_complete(entry: ShelfEntry) -> None:
    paths = {file.path for file in entry.problem.files}
    assert "README.md" in paths
    assert any(path.startswith("tests/test_") for path in paths)
    assert entry.problem.title
    assert len(entry.problem.text) > 200
    assert entry.problem.command == "python -m unittest -q"
    assert 6 <= len(right(entry).cases) <= 14
    assert 2 <= len(right(entry).misconceptions) <= 4


def test_a_repository_is_small_and_tidy(entry: ShelfEntry) -> None:
    python = [file for file in entry.problem.files if file.path.endswith(".py")]
    assert 100 <= sum(len(file.text.splitlines()) for file in python) <= 650
    for file in python:
        ast.parse(file.text)
        assert all(len(line) <= 100 and line == line.rstrip() for line in file.text.splitlines()), file.path
        assert file.path.startswith("tests/") or ast.get_docstring(ast.parse(file.text)), file.path


def test_nothing_that_a_solver_sees_has_a_hidden_check_in_it(entry: ShelfEntry) -> None:
    mended = applied(entry.problem.files, right(entry).answer)
    seen = [plain(text) for text in (entry.problem.text, *(file.text for file in (*entry.problem.files, *mended)))]
    for case in right(entry).cases:
        assert not any(asked(case) in text for text in seen), case.call


def test_all_changes_differ(entry: ShelfEntry) -> None:
    changes = {right(entry).answer, *right(entry).misconceptions}
    assert len(changes) == 1 + len(right(entry).misconceptions)


async def test_the_hidden_checks_find_the_fault(sandbox: Sandbox, entry: ShelfEntry) -> None:
    checked = await hidden(sandbox, entry, entry.problem.files)
    assert checked.passed < checked.total


async def test_the_solution_passes_everything(sandbox: Sandbox, entry: ShelfEntry) -> None:
    files = applied(entry.problem.files, right(entry).answer)
    checked = await hidden(sandbox, entry, files)
    assert [result for result in checked.results if not result.ok] == []
    ran = await visible(sandbox, entry, files)
    assert ran.code == 0, ran.errors


async def test_wrong_changes_fail_but_can_pass_the_visible_tests(sandbox: Sandbox, entry: ShelfEntry) -> None:
    codes = []
    for patch in right(entry).misconceptions:
        files = applied(entry.problem.files, patch)
        checked = await hidden(sandbox, entry, files)
        assert checked.passed < checked.total, patch
        codes.append((await visible(sandbox, entry, files)).code)
    assert 0 in codes


async def test_the_visible_tests_can_be_run(sandbox: Sandbox, entry: ShelfEntry) -> None:
    ran = await visible(sandbox, entry, entry.problem.files)
    assert ran.code in (0, 1)
    assert "Ran " in ran.errors
    assert "Ran 0 tests" not in ran.errors
