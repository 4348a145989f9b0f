"""The problem that a command line poses: typed, from the library or saved, and with what belongs to it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from ttc_core.errors import BadInput
from ttc_core.problems import problem_from_text
from ttc_core.problems.documents import MOST_BYTES, read_documents
from ttc_core.problems.library import find
from ttc_core.store.store import Store
from ttc_core.types import Problem, Reference

OWN = "own/"


def posed(options: argparse.Namespace, store: Store) -> tuple[Problem, Reference | None]:
    """What is to be solved, and what is right where that is known. Raises BadInput, NotFound."""
    problem, reference = _problem(options, store)
    if options.rubric:
        problem = problem.model_copy(update={"kind": "open", "rubric": options.rubric[:4000]})
    if options.document:
        documents = (*problem.documents, *read_documents(_files(options.document), problem.documents))
        problem = problem.model_copy(update={"documents": documents})
    return problem, reference


def _problem(options: argparse.Namespace, store: Store) -> tuple[Problem, Reference | None]:
    if options.problem is not None:
        return problem_from_text(options.problem, options.reference)
    own = options.problem_id.startswith(OWN)
    entry = store.problems.find(options.problem_id) if own else find(options.problem_id)
    if not options.reference:
        return entry.problem, entry.reference
    return entry.problem, (entry.reference or Reference()).model_copy(update={"answer": options.reference})


def _files(paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    for path in map(Path, paths):
        try:
            if path.stat().st_size > MOST_BYTES:
                raise BadInput(f"“{path.name}” is larger than {MOST_BYTES // 10**6} MB: give a part of it.")
            yield path.name, path.read_bytes()
        except OSError as error:
            raise BadInput(f"The file {path} cannot be read: {error.strerror}.") from error
