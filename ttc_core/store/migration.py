"""What a database of an older version lacks, and how it gets that; the caller's transaction makes it one step."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.schema import CreateTable
from sqlmodel import SQLModel

from ttc_core.store.tables import SCHEMA_VERSION, PreferenceRow, ProblemRow, RunRow


def bring_up_to_date(connection: Connection, version: int) -> None:
    """Change the tables from that version to the present one. What they hold stays."""
    for older in range(version, SCHEMA_VERSION):
        _STEPS[older](connection)


def _from_1(connection: Connection) -> None:
    """Runs get a team, and there are preferences."""
    tables = SQLModel.metadata.tables
    runs, preferences = tables[RunRow.__tablename__], tables[PreferenceRow.__tablename__]
    kind = runs.c["team"].type.compile(connection.dialect)
    connection.exec_driver_sql(f"ALTER TABLE {runs.name} ADD COLUMN team {kind}")
    connection.execute(CreateTable(preferences))


def _from_2(connection: Connection) -> None:
    """There are problems."""
    connection.execute(CreateTable(SQLModel.metadata.tables[ProblemRow.__tablename__]))


_STEPS = {1: _from_1, 2: _from_2}
"""By the version each begins at."""
