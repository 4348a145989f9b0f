"""The built-in shelves: problems written for this project, with answers that the tests work out anew, and open ones."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Literal

from ttc_core.errors import NotFound
from ttc_core.types import Problem, Reference, Value

Difficulty = Literal["easy", "medium", "hard"]


class ShelfEntry(Value):
    """One problem of a shelf. The reference's misconceptions stand from the most to the least common."""

    problem: Problem
    reference: Reference | None = None
    """None where no answer is the right one."""
    difficulty: Difficulty


@cache
def shelf() -> tuple[ShelfEntry, ...]:
    """All entries; the first is the one that a first visit shows."""
    return tuple(
        ShelfEntry(
            problem=Problem.model_validate(row), reference=Reference.model_validate(row), difficulty=row["difficulty"]
        )
        for row in _rows("shelf.toml")
    )


@cache
def open_questions() -> tuple[ShelfEntry, ...]:
    """Decisions and questions without a right answer: each has a rubric, and none a reference."""
    return tuple(
        ShelfEntry(problem=Problem.model_validate(row), difficulty=row["difficulty"]) for row in _rows("open.toml")
    )


def find(problem_id: str) -> ShelfEntry:
    """The entry with this id.

    Raises:
        NotFound: no entry has it; the message names those that come close.
    """
    entries = {entry.problem.id: entry for entry in shelf()}
    wanted = problem_id.strip().casefold()
    if wanted in entries:
        return entries[wanted]
    close = get_close_matches(wanted[:100], entries, n=3, cutoff=0.4)
    hint = f"did you mean {' or '.join(close)}?" if close else f"there is, for example, {next(iter(entries))}."
    raise NotFound(f"No problem on the shelf is called “{problem_id.strip()[:100]}”; {hint}")


def _rows(file: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name(file).read_text(encoding="utf-8"))["problem"]
    return rows
