"""The sessions, runs and logs of one database, as frozen values. Knows no strategy, page or rule of access."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Literal

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import insert
from sqlalchemy.orm import Mapped
from sqlmodel import col, delete, func, select, update

from ttc_core.errors import BadInput, NotFound
from ttc_core.events import Logged
from ttc_core.store.database import Database
from ttc_core.store.preferences import Preferences
from ttc_core.store.problems import Problems
from ttc_core.store.rows import (
    clean_title,
    event_row,
    json_of,
    mentions,
    run_info,
    run_row,
    safe_settings,
    session_infos,
    session_row,
)
from ttc_core.store.shares import Shares
from ttc_core.store.tables import EventRow, RunRow, SessionRow
from ttc_core.store.values import RunInfo, RunSettings, RunSummary, SessionInfo, new_id
from ttc_core.store.writer import LogWriter
from ttc_core.types import Problem, Reference

_LOG: TypeAdapter[list[Logged]] = TypeAdapter(list[Logged])


class Store:
    """Everything that is kept. Safe to use from several threads; holds no transaction between calls.

    `log` takes the events of running runs, `shares` the links to sessions, `preferences` what the owner chose,
    `problems` those of the owner's own.

    Raises:
        BadInput: The database cannot be opened, or, in any method, cannot be read or written.
    """

    def __init__(self, url: str, *, now: Callable[[], float] = time.time) -> None:
        self._database = Database(url)
        self._now = now
        self.log = LogWriter(self._database)
        self.shares = Shares(self._database, now)
        self.preferences = Preferences(self._database)
        self.problems = Problems(self._database, now)

    @property
    def name(self) -> str:
        """The database's file, or its host and name."""
        return self._database.name

    def close(self) -> None:
        """Write what waits, and give back thread and connections."""
        self.log.close()
        self._database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def create_session(self, problem: Problem, reference: Reference | None, title: str | None = None) -> SessionInfo:
        """Keep a problem, so far without runs; titled by its own title or first line unless given one."""
        now = self._now()
        made = SessionInfo(
            id=new_id("s_"),
            title=clean_title(title or problem.title or problem.text) or "Untitled",
            problem=Problem.model_validate_json(json_of(problem)),
            reference=Reference.model_validate_json(json_of(reference)) if reference else None,
            created_at=now,
            updated_at=now,
        )
        self.add_session(made, {})
        return made

    def add_session(self, info: SessionInfo, logs: Mapping[str, Sequence[Logged]]) -> None:
        """Write a whole session with the logs of its runs, by run id: all of it or nothing."""
        with self._database.write() as session:
            session.add(session_row(info))
            session.flush()
            for run in info.runs:
                session.add(run_row(run))
                session.flush()
                if log := logs.get(run.id):
                    session.connection().execute(insert(EventRow), [event_row(run.id, logged) for logged in log])

    def create_run(self, session_id: str, settings: RunSettings, owner: str = "") -> str:
        """Add a run to a session, after those it has; its id.

        Args:
            session_id: The session.
            settings: What the run is started with; a password in its base URL is not saved.
            owner: ``host:pid`` of the process that will write its log.

        Raises:
            NotFound: There is no such session.
            BadInput: The base URL is none, the key's variable has no variable's name, or the seed is too large.
        """
        settings, now = safe_settings(settings), self._now()
        with self._database.write() as session:
            row = session.exec(select(SessionRow).where(SessionRow.id == session_id).with_for_update()).first()
            if row is None:
                raise NotFound(f"There is no session {session_id}.")
            last = session.exec(select(func.max(RunRow.place)).where(RunRow.session_id == session_id)).one()
            run = RunInfo(
                id=new_id("r_"),
                session_id=session_id,
                place=(last or 0) + 1,
                settings=settings,
                created_at=now,
                owner=owner,
            )
            session.add(run_row(run))
            row.updated_at = now
        return run.id

    def take_over(self, run_id: str, owner: str, former: str) -> bool:
        """Make `owner` the writer of a run's log, to go on with it; False when it is no longer `former`'s to take."""
        change = update(RunRow).where(col(RunRow.id) == run_id, col(RunRow.owner) == former)
        with self._database.write() as session:
            taken = session.exec(change.values(owner=owner, status=None)).rowcount == 1
        if taken:
            self.log.forget(run_id)
        return taken

    def save_summary(self, run_id: str, summary: RunSummary) -> None:
        """Keep what lists show of a run. Raises NotFound."""
        with self._database.write() as session:
            run = session.get(RunRow, run_id)
            if run is None:
                raise NotFound(f"There is no run {run_id}.")
            run.sqlmodel_update(RunSummary.model_validate_json(json_of(summary)).model_dump())
            session.exec(update(SessionRow).where(col(SessionRow.id) == run.session_id).values(updated_at=self._now()))

    def rename(self, session_id: str, title: str) -> None:
        """Give a session another title. Raises NotFound, or BadInput where nothing of the title can be read."""
        title = clean_title(title)
        if not title:
            raise BadInput("A title needs at least one character that can be seen.")
        change = update(SessionRow).where(col(SessionRow.id) == session_id)
        with self._database.write() as session:
            if not session.exec(change.values(title=title, updated_at=self._now())).rowcount:
                raise NotFound(f"There is no session {session_id}.")

    def delete_session(self, session_id: str) -> None:
        """Remove a session with its runs, logs and links. Raises NotFound."""
        with self._database.write() as session:
            if not session.exec(delete(SessionRow).where(col(SessionRow.id) == session_id)).rowcount:
                raise NotFound(f"There is no session {session_id}.")

    def session(self, session_id: str) -> SessionInfo:
        """One session with its runs. Raises NotFound."""
        with self._database.read() as session:
            row = session.get(SessionRow, session_id)
            if row is None:
                raise NotFound(f"There is no session {session_id}.")
            return session_infos(session, [row])[0]

    def sessions(self, search: str = "", limit: int = 50, offset: int = 0) -> list[SessionInfo]:
        """Sessions with their runs, newest first, in two queries.

        Args:
            search: Words that must each stand in the title, the problem, or an answer, strategy or model of a run.
            limit: At most this many.
            offset: Leave out this many of the newest.
        """
        wanted = select(SessionRow).where(*(mentions(word) for word in search.split()))
        wanted = wanted.order_by(col(SessionRow.created_at).desc(), col(SessionRow.id)).limit(limit).offset(offset)
        with self._database.read() as session:
            return session_infos(session, session.exec(wanted).all())

    def run(self, run_id: str) -> RunInfo:
        """One run, without its events. Raises NotFound."""
        with self._database.read() as session:
            row = session.get(RunRow, run_id)
            if row is None:
                raise NotFound(f"There is no run {run_id}.")
            return run_info(row)

    def runs(self, session_id: str) -> tuple[RunInfo, ...]:
        """The runs of a session, in order. Raises NotFound."""
        return self.session(session_id).runs

    def unfinished_runs(self) -> list[RunInfo]:
        """Runs of which no end is known: still going on, or cut off with their process. Oldest first."""
        wanted = select(RunRow).where(col(RunRow.status).is_(None)).order_by(col(RunRow.created_at), col(RunRow.id))
        with self._database.read() as session:
            return [run_info(row) for row in session.exec(wanted)]

    def events(self, run_id: str, after: int = 0, upto: int | None = None) -> list[Logged]:
        """What is on disk of a run's log: the events numbered above `after`, up to and with `upto`."""
        wanted = select(EventRow.seq, EventRow.at, EventRow.body).where(EventRow.run_id == run_id, EventRow.seq > after)
        if upto is not None:
            wanted = wanted.where(EventRow.seq <= upto)
        with self._database.read() as session:
            rows = session.exec(wanted.order_by(col(EventRow.seq))).all()
        # One parse of one text is several times faster than one parse per event.
        text = ",".join([f'{{"seq":{seq},"at":{at!r},"event":{body}}}' for seq, at, body in rows])
        try:
            return _LOG.validate_json(f"[{text}]")
        except ValidationError as error:
            raise BadInput(f"The log of run {run_id} holds an event that this version cannot read.") from error

    def find_session(self, prefix: str) -> str:
        """The id of the one session whose id begins like this. Raises NotFound."""
        return self._find("session", col(SessionRow.id), prefix)

    def find_run(self, prefix: str) -> str:
        """The id of the one run whose id begins like this. Raises NotFound."""
        return self._find("run", col(RunRow.id), prefix)

    def _find(self, what: Literal["session", "run"], ids: Mapped[str], prefix: str) -> str:
        wanted = select(ids).where(ids.startswith(prefix, autoescape=True)).order_by(ids).limit(2)
        with self._database.read() as session:
            found = session.exec(wanted).all()
        if not found or not prefix:
            raise NotFound(f"There is no {what} {prefix}.")
        if len(found) > 1 and found[0] != prefix:
            raise NotFound(f"Several {what}s begin with {prefix}; write more of the id.")
        return found[0]
