"""One database: where it is, how it is opened, and what its errors mean in words. Knows nothing of what it holds."""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlmodel import Session, SQLModel, select, update

from ttc_core.errors import BadInput
from ttc_core.store.migration import bring_up_to_date
from ttc_core.store.tables import SCHEMA_VERSION, SchemaRow

BUSY_MS = 5000
"""How long a writer waits for another one, in milliseconds."""

_WORDS = {
    "file is not a database": "is not an SQLite database",
    "malformed": "is damaged",
    "readonly": "is read-only",
    "unable to open": "cannot be opened: its folder does not exist, or this user may not use it",
    "is full": "cannot grow: the disk is full",
    "disk i/o error": "cannot be written: the disk is full or failing",
    "locked": "is locked by another program",
}
"""What SQLite says, and what a person should read."""


def data_folder() -> Path:
    """The user's folder for this app's data, by the customs of the system."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        named = Path(os.environ.get("XDG_DATA_HOME", ""))
        base = named if named.is_absolute() else Path.home() / ".local" / "share"
    return base / "ttc-explorer"


def default_url() -> str:
    """``TTC_DATABASE_URL``, or else an SQLite file in `data_folder`, which is made for this user alone if missing.

    Raises:
        BadInput: The folder cannot be made.
    """
    if url := os.environ.get("TTC_DATABASE_URL"):
        return url
    folder = data_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"The data folder {folder} cannot be made: {error.strerror}.") from error
    return URL.create("sqlite", database=str(folder / "ttc.db")).render_as_string()


class Database:
    """An open database whose tables are there and are ours. No transaction outlives a `with` block."""

    def __init__(self, url: str) -> None:
        self._url = _parsed(url)
        self._engine = _engine(self._url)
        self._writing = self._engine.execution_options(writes=True)
        try:
            with self.write() as session:
                _prepare(session, self.name)
        except BadInput:
            self.close()
            raise

    @property
    def name(self) -> str:
        """What to call this database in a sentence: its file, or its host and name; never a password."""
        if self._url.get_backend_name() == "sqlite":
            return str(self._url.database)
        return f"{self._url.host or 'localhost'}/{self._url.database}"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent look. Raises BadInput, in words, where the database fails."""
        with self._in_words(), Session(self._engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One change: all of it or nothing. Raises BadInput, in words, where the database fails."""
        with self._in_words(), Session(self._writing) as session, session.begin():
            yield session

    @contextmanager
    def append(self) -> Iterator[Connection]:
        """One change as `write`, but fast, and with the database's own errors, for a writer that tells them apart."""
        with self._writing.begin() as connection:
            yield connection

    def words(self, error: SQLAlchemyError) -> str:
        """One sentence for what went wrong."""
        said = str(getattr(error, "orig", None) or error).splitlines()[0]
        meaning = next((words for sign, words in _WORDS.items() if sign in said.lower()), f"failed: {said}")
        return f"The database {self.name} {meaning.rstrip('.')}."

    def close(self) -> None:
        """Give back all connections; a later use opens new ones."""
        self._engine.dispose()

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise BadInput(self.words(error)) from error
        except (UnicodeEncodeError, OverflowError) as error:
            raise BadInput("What was given holds half characters or endless numbers, which cannot be saved.") from error


def _parsed(url: str) -> URL:
    """The URL, if it names a kind of database that this store knows. Never echoes it: it may hold a password."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise BadInput("The database URL cannot be read; write it like sqlite:////folder/ttc.db.") from error
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise BadInput(f"The database must be SQLite or PostgreSQL, not {parsed.get_backend_name()}.")
    return parsed


def _engine(url: URL) -> Engine:
    try:
        engine = create_engine(url)
    except (ArgumentError, ImportError) as error:
        raise BadInput(f"The driver for {url.drivername} databases is not installed.") from error
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    """Settings of each new SQLite connection; the first one lets the others wait for a busy file."""
    connection.isolation_level = None  # transactions are begun by `_begin`, not by guesses of the driver
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    if _journal_mode(connection) != "wal":  # as in memory, where a database shared by threads loses data
        raise BadInput("The database must be a file on a disk of this machine, such as sqlite:////folder/ttc.db.")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.create_function("lower", 1, _lower, deterministic=True)


def _journal_mode(connection: sqlite3.Connection) -> str:
    """Ask for write-ahead logging; what came of it. Two who make a file at once do not wait for each other here."""
    give_up = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            return str(connection.execute("PRAGMA journal_mode=WAL").fetchone()[0])
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.01)


def _begin(connection: Connection) -> None:
    """A writer takes its lock at once: one that reads first is thrown out as locked when it writes, without waiting."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _lower(text: str | float | None) -> str | float | None:
    """SQLite's own knows the letters of English only."""
    return text.lower() if isinstance(text, str) else text


def _prepare(session: Session, name: str) -> None:
    """Make the tables, or those that came later; refuse a database that is not ours, or newer than this program."""
    connection = session.connection()
    there = set(inspect(connection).get_table_names())
    if SchemaRow.__tablename__ in there:
        version = session.exec(select(SchemaRow.version).with_for_update()).one()
        if version > SCHEMA_VERSION:
            raise BadInput(f"The database {name} was written by a newer version of this app; update the app.")
        bring_up_to_date(connection, version)
        session.exec(update(SchemaRow).values(version=SCHEMA_VERSION))  # finds out a read-only file now, not in mid-run
    elif there & set(SQLModel.metadata.tables):
        raise BadInput(f"The database {name} belongs to another program; choose another one.")
    else:
        SQLModel.metadata.create_all(connection)
        session.add(SchemaRow(version=SCHEMA_VERSION))
