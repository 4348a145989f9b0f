"""The tables, as SQLite and PostgreSQL both have them. Knows nothing of what is asked of them.

Times are seconds since the epoch. Nothing here is ever a key or a token.
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import JSON, BigInteger, Double, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

SCHEMA_VERSION = 3
"""Raised by one whenever the tables change; an older program then refuses the file in words.

2: runs have a team, and there are preferences. 3: the owner's own problems are kept.
"""


class SchemaRow(SQLModel, table=True):
    """One row: which version of these tables the database holds."""

    __tablename__: ClassVar[str] = "ttc_schema"

    version: int = Field(primary_key=True)


class SessionRow(SQLModel, table=True):
    """A problem, with what is right where that is known."""

    __tablename__: ClassVar[str] = "sessions"

    id: str = Field(primary_key=True)
    title: str
    problem: dict[str, object] = Field(sa_type=JSON)
    reference: dict[str, object] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    created_at: float = Field(sa_type=Double, index=True)
    updated_at: float = Field(sa_type=Double)


class RunRow(SQLModel, table=True):
    """A run's settings, and what came of it as far as that is known."""

    __tablename__: ClassVar[str] = "runs"
    __table_args__ = (UniqueConstraint("session_id", "place"),)

    id: str = Field(primary_key=True)
    session_id: str = Field(foreign_key="sessions.id", ondelete="CASCADE")
    place: int
    strategy: str
    params: dict[str, object] = Field(sa_type=JSON)
    model: str
    api_base: str | None = None
    key_env: str | None = None
    seed: int = Field(sa_type=BigInteger)
    budget: dict[str, object] = Field(sa_type=JSON)
    team: dict[str, object] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    created_at: float = Field(sa_type=Double)
    owner: str = ""
    status: str | None = None
    answer: str | None = None
    verdict: str | None = None
    candidate: str | None = None
    calls: int | None = None
    tokens_in: int | None = Field(default=None, sa_type=BigInteger)
    tokens_out: int | None = Field(default=None, sa_type=BigInteger)
    cost: float | None = Field(default=None, sa_type=Double)
    wall_s: float | None = Field(default=None, sa_type=Double)
    critical_path_s: float | None = Field(default=None, sa_type=Double)
    events: int | None = None
    simulated: bool | None = None


class EventRow(SQLModel, table=True):
    """One event of a run's log. Numbers are given by the run's only writer, so rows are only ever added."""

    __tablename__: ClassVar[str] = "events"

    run_id: str = Field(primary_key=True, foreign_key="runs.id", ondelete="CASCADE")
    seq: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    at: float = Field(sa_type=Double)
    kind: str
    body: str = Field(sa_type=Text)


class ShareRow(SQLModel, table=True):
    """A share link: the hash of its token, never the token."""

    __tablename__: ClassVar[str] = "shares"

    token_hash: str = Field(primary_key=True)
    session_id: str = Field(foreign_key="sessions.id", ondelete="CASCADE", index=True)
    label: str = ""
    created_at: float = Field(sa_type=Double)
    expires_at: float | None = Field(default=None, sa_type=Double)
    revoked_at: float | None = Field(default=None, sa_type=Double)


class PreferenceRow(SQLModel, table=True):
    """Something the owner chose, as JSON under a name."""

    __tablename__: ClassVar[str] = "preferences"

    name: str = Field(primary_key=True)
    body: str = Field(sa_type=Text)


class ProblemRow(SQLModel, table=True):
    """A problem of the owner's own, with what is right where that is known, as JSON."""

    __tablename__: ClassVar[str] = "problems"

    id: str = Field(primary_key=True)
    body: str = Field(sa_type=Text)
    saved_at: float = Field(sa_type=Double)
