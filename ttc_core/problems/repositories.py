"""Problems that are small repositories to change, written for this project: their folders read into shelf entries.

A folder holds ``task.toml`` (what is asked, and the hidden checks), ``repo/`` (the files as a solver gets them),
``solution.patch``, and ``wrong-1.patch``, ``wrong-2.patch``, ...: plausible changes that the hidden checks find wrong,
the most common first.
"""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from ttc_core.errors import NotFound
from ttc_core.problems.patches import applied, difference
from ttc_core.problems.shelf import ShelfEntry
from ttc_core.types import Case, File, Problem, Reference

PREFIX = "task/"
ORDER = ("easy", "medium", "hard")

_TASKS = Path(__file__).with_name("tasks")


@cache
def entries() -> tuple[ShelfEntry, ...]:
    """All tasks, the easy ones first."""
    read = [read_task(place.parent) for place in sorted(_TASKS.glob("*/task.toml"))]
    return tuple(sorted(read, key=lambda entry: ORDER.index(entry.difficulty)))


def find(problem_id: str) -> ShelfEntry:
    """The task with this id, such as ``task/units``.

    Raises:
        NotFound: there is none; the message names those that come close.
    """
    tasks = {entry.problem.id: entry for entry in entries()}
    wanted = problem_id.strip().casefold()
    if wanted in tasks:
        return tasks[wanted]
    close = get_close_matches(wanted[:100], tasks, n=3, cutoff=0.4) or list(tasks)[:1]
    raise NotFound(f"No task is called “{problem_id.strip()[:100]}”; did you mean {' or '.join(close)}?")


def read_task(folder: Path) -> ShelfEntry:
    """The task in a folder, whose name is the task's.

    Its patches are written anew, so that one change has one wording, whoever made the patch.

    Raises:
        BadInput: a patch does not fit the repository.
    """
    told = tomllib.loads((folder / "task.toml").read_text(encoding="utf-8"))
    files = read_files(folder / "repo")
    wrong = sorted(folder.glob("wrong-*.patch"), key=lambda place: int(place.stem.removeprefix("wrong-")))
    return ShelfEntry(
        problem=Problem(
            id=f"{PREFIX}{folder.name}",
            kind="patch",
            title=told["title"],
            text=told["text"].strip(),
            topic="repository",
            files=files,
            command=told["command"],
        ),
        reference=Reference(
            answer=_anew(files, folder / "solution.patch"),
            misconceptions=tuple(_anew(files, place) for place in wrong),
            cases=tuple(Case(call=case["call"].strip(), expected=case["expected"].strip()) for case in told["case"]),
        ),
        difficulty=told["difficulty"],
    )


def read_files(folder: Path) -> tuple[File, ...]:
    """The files below a folder by path, without what Python left behind when they were run."""
    return tuple(
        File(path=place.relative_to(folder).as_posix(), text=place.read_bytes().decode())
        for place in sorted(folder.rglob("*"), key=lambda place: place.relative_to(folder).as_posix())
        if place.is_file() and "__pycache__" not in place.parts
    )


def _anew(files: tuple[File, ...], patch: Path) -> str:
    return difference(files, applied(files, patch.read_bytes().decode()))
