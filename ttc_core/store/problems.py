"""The owner's own problems, with what is right where that is known. Knows nothing of how they are solved."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pydantic import ValidationError
from sqlmodel import col, select

from ttc_core.errors import BadInput, NotFound
from ttc_core.store.database import Database
from ttc_core.store.rows import clean_title, json_of
from ttc_core.store.tables import ProblemRow
from ttc_core.types import Problem, Reference, Value

MAX_BYTES = 8_000_000
"""Of one problem, its documents and files included."""


class OwnProblem(Value):
    """A problem as it was saved."""

    problem: Problem
    reference: Reference | None = None
    saved_at: float = 0.0
    """Seconds since the epoch."""


class Problems:
    """The problems of one database. Every method raises BadInput where the database fails."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._database, self._now = database, now

    def save(self, entries: Sequence[tuple[Problem, Reference | None]]) -> None:
        """Keep problems, all or none; one with the id of another takes its place.

        Raises:
            BadInput: One is too large.
        """
        rows = [self._row(problem, reference) for problem, reference in entries]
        with self._database.write() as session:
            for row in rows:
                session.merge(row)

    def all(self) -> list[OwnProblem]:
        """Every problem, the one saved last first. What cannot be read any more is left out."""
        with self._database.read() as session:
            rows = session.exec(select(ProblemRow).order_by(col(ProblemRow.saved_at).desc(), col(ProblemRow.id))).all()
            kept = [_read(row) for row in rows]
        return [entry for entry in kept if entry]

    def find(self, problem_id: str) -> OwnProblem:
        """The problem with that id. Raises NotFound."""
        with self._database.read() as session:
            row = session.get(ProblemRow, problem_id)
            entry = _read(row) if row else None
        if entry is None:
            raise NotFound(f"None of your own problems is called “{problem_id[:100]}”.")
        return entry

    def remove(self, problem_id: str) -> None:
        """Delete a problem, if it is there; sessions that solved it keep theirs."""
        with self._database.write() as session:
            if row := session.get(ProblemRow, problem_id):
                session.delete(row)

    def _row(self, problem: Problem, reference: Reference | None) -> ProblemRow:
        body = json_of(OwnProblem(problem=problem, reference=reference))
        if len(body) > MAX_BYTES:
            raise BadInput(f"“{clean_title(problem.title)[:60]}” is too large to be saved: the most is 8 MB.")
        return ProblemRow(id=problem.id, body=body, saved_at=self._now())


def _read(row: ProblemRow) -> OwnProblem | None:
    try:
        return OwnProblem.model_validate_json(row.body).model_copy(update={"saved_at": row.saved_at})
    except ValidationError:
        return None
