"""The log's way to disk: one thread that writes what many runs append, in batches. Knows nothing of what events mean.

What is on disk is always a run's log from its first event on, without a gap, so that it can be gone on with.
"""

from __future__ import annotations

import atexit
import threading
from typing import NamedTuple

from sqlalchemy import insert
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from ttc_core.events import Logged
from ttc_core.store.database import Database
from ttc_core.store.rows import event_row
from ttc_core.store.tables import EventRow

AT_ONCE = frozenset({"run_started", "call_finished", "call_failed", "call_retried", "call_cancelled", "run_finished"})
"""Kinds that cost money or end something: written without waiting for more."""
WAIT_S = 0.05
"""How long other events may wait for company, in seconds."""
BATCH = 200
"""How many waiting events are written without waiting for more."""
AT_MOST = 5_000
"""How many events of a run one transaction writes."""
MAX_WAITING = 100_000
"""How many events may wait in memory while the database cannot be written, all runs together."""
LONGEST_PAUSE_S = 1.0
"""How long the thread rests, at most, before it tries a failing database again, in seconds."""


class _Line(NamedTuple):
    ticket: int
    """Counts all events ever put, over all runs."""
    row: dict[str, object]


class LogWriter:
    """Takes events from any thread and writes them in the order of each run, one transaction per run and batch.

    A run's events wait here until they are on disk. While the database is locked or full they go on waiting, and are
    tried again; `error` says so meanwhile. When they can never be written (the run was deleted, or somebody else writes
    its log), or when more than `max_waiting` wait, the run's log ends where it is, and `error` keeps saying so.
    """

    def __init__(self, database: Database, max_waiting: int = MAX_WAITING) -> None:
        self._database = database
        self._max_waiting = max_waiting
        self._wake = threading.Condition()
        self._waiting: dict[str, list[_Line]] = {}
        self._count = 0
        self._tickets = 0
        self._hurry = False
        self._errors: dict[str, str] = {}
        self._ended: set[str] = set()
        self._thread: threading.Thread | None = None
        self._stopping = False

    def put(self, run_id: str, logged: Logged) -> None:
        """Append one event to a run's log, without waiting for the disk."""
        row = event_row(run_id, logged)
        with self._wake:
            if run_id in self._ended:
                return
            if self._count >= self._max_waiting:
                self._end(run_id, f"Run {run_id} is not saved any further: {self._max_waiting} events wait already.")
                return
            self._tickets += 1
            self._waiting.setdefault(run_id, []).append(_Line(self._tickets, row))
            self._count += 1
            self._hurry = self._hurry or row["kind"] in AT_ONCE or self._count >= BATCH
            if self._count == 1 or self._hurry:
                self._wake.notify_all()
            self._start()

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait until all that was put before is on disk, or given up; False when `timeout` seconds were not enough."""
        with self._wake:
            last = self._tickets
            self._hurry = True
            self._wake.notify_all()
            if self._count:
                self._start()
            return self._wake.wait_for(lambda: self._oldest() > last, timeout)

    def error(self, run_id: str) -> str | None:
        """One sentence on why events of this run are not on disk; None while all goes well."""
        with self._wake:
            return self._errors.get(run_id)

    def forget(self, run_id: str) -> None:
        """Take events of this run again after its log was ended: somebody new goes on with it from what is on disk."""
        with self._wake:
            self._ended.discard(run_id)
            self._errors.pop(run_id, None)

    def close(self, timeout: float = 10.0) -> bool:
        """Write what waits and end the thread; a later `put` starts another. False when not all could be written."""
        self.flush(timeout)
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        if self._thread is not None:
            self._thread.join(timeout)
            atexit.unregister(self.close)
        with self._wake:
            return self._count == 0

    def _start(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._stopping = False
            self._thread = threading.Thread(target=self._work, name="event log", daemon=True)
            self._thread.start()
            atexit.register(self.close)

    def _oldest(self) -> int:
        return min((lines[0].ticket for lines in self._waiting.values()), default=self._tickets + 1)

    def _work(self) -> None:
        pause = 0.0
        while self._gathered(pause):
            with self._wake:
                self._hurry = False
                batch = {run_id: lines[:AT_MOST] for run_id, lines in self._waiting.items()}
            written = [self._write(run_id, lines) for run_id, lines in batch.items()]
            pause = 0.0 if all(written) else min(LONGEST_PAUSE_S, 2 * pause or WAIT_S)

    def _gathered(self, pause: float) -> bool:
        """Wait for a batch that is worth writing; after a failure, for `pause` seconds. False: it is time to end."""
        with self._wake:
            if pause:
                self._wake.wait_for(lambda: self._stopping, pause)
            self._wake.wait_for(lambda: self._stopping or self._count > 0)
            self._wake.wait_for(lambda: self._stopping or self._hurry, WAIT_S)
            return not self._stopping

    def _write(self, run_id: str, lines: list[_Line]) -> bool:
        """One transaction; False when it is worth another try."""
        try:
            with self._database.append() as connection:
                connection.execute(insert(EventRow), [line.row for line in lines])
        except (IntegrityError, DataError):
            with self._wake:
                self._drop(run_id, len(self._waiting[run_id]))
                self._end(run_id, f"Run {run_id} is not saved any further: it was deleted, or is written elsewhere.")
            return True
        except SQLAlchemyError as error:
            with self._wake:
                self._errors[run_id] = self._database.words(error)
            return False
        with self._wake:
            self._drop(run_id, len(lines))
            if run_id not in self._ended:
                self._errors.pop(run_id, None)
        return True

    def _end(self, run_id: str, why: str) -> None:
        """No more of this run: a log with a gap would be worth less than a shorter one."""
        self._ended.add(run_id)
        self._errors[run_id] = why

    def _drop(self, run_id: str, count: int) -> None:
        """These lines do not wait any more."""
        lines = self._waiting[run_id]
        del lines[:count]
        if not lines:
            del self._waiting[run_id]
        self._count -= count
        self._wake.notify_all()
