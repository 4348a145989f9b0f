"""Reading problems: questions that join facts of several shipped documents, all written for this project."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from ttc_core.problems.shelf import ShelfEntry
from ttc_core.types import Document, Problem, Reference

FOLDER = Path(__file__).with_name("reading_texts")


@cache
def entries() -> tuple[ShelfEntry, ...]:
    """All questions, the easiest first; each with all documents, so that finding the right one is part of the task."""
    documents = texts()
    return tuple(
        ShelfEntry(
            problem=Problem.model_validate({"topic": "reading", **row, "documents": documents}),
            reference=Reference.model_validate(row),
            difficulty=row["difficulty"],
        )
        for row in questions()
    )


def texts() -> tuple[Document, ...]:
    """The shipped documents, by name."""
    return tuple(
        Document(name=path.name, pages=(path.read_text(encoding="utf-8").strip(),))
        for path in sorted(FOLDER.glob("*.md"))
    )


def questions() -> list[dict[str, object]]:
    """The questions as they are written down, with the quotes that each rests on."""
    return list(tomllib.loads((FOLDER / "questions.toml").read_text(encoding="utf-8"))["problem"])
