"""One event loop in one thread, where all runs of a server live; pages start, stop and watch them from theirs."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ttc_core.choice import Team
from ttc_core.conduct import Ready, begin, conduct, reopen
from ttc_core.engine import Spec
from ttc_core.errors import NotFound
from ttc_core.events import Logged
from ttc_core.run import Limits
from ttc_core.sandbox import Sandbox
from ttc_core.store.store import Store

T = TypeVar("T")


@dataclass
class Live:
    """A run in this process. Its log only grows, so that any thread may read it by position."""

    run_id: str
    session_id: str
    entries: Sequence[Logged]
    token: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    """What the event stream of this run is asked for by; nobody can guess it."""
    done: threading.Event = field(default_factory=threading.Event)
    error: str = ""
    """Why the run could not be saved, where it could not."""
    _task: asyncio.Task[None] | None = None
    _stopping: bool = False

    def events_after(self, seq: int) -> Sequence[Logged]:
        """What happened after event `seq`."""
        return self.entries[seq:]

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.done.is_set()


class Worker:
    """Starts runs on its own loop and keeps them while this process lives. Thread-safe."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._live: dict[str, Live] = {}
        self._limits = Limits()
        self._sandbox = Sandbox()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()

    @property
    def sandbox(self) -> Sandbox:
        """Where this process runs what models wrote; its work is done on the loop, by `call`."""
        return self._sandbox

    def start(
        self, spec: Spec, team: Team, *, keys: Mapping[str, str] | None = None, session_id: str | None = None
    ) -> Live:
        """Begin a run and return at once. Arguments as `conduct.begin`.

        Raises:
            BadInput: it cannot begin; nothing is saved then.
        """
        preparing = begin(self.store, spec, team, keys=keys, session_id=session_id, limits=self._limits)
        return self.call(self._begin(preparing), timeout=None)  # a local model sets its own limit to its start

    def resume(self, run_id: str, *, keys: Mapping[str, str] | None = None) -> Live:
        """Go on with a run that was cut off. Raises as `conduct.reopen`."""
        live = self._live.get(run_id)
        if live and not live.ended:
            return live
        return self.call(self._begin(reopen(self.store, run_id, keys=keys, limits=self._limits)), timeout=None)

    def stop(self, run_id: str) -> None:
        """End a run: no new call, those in flight are given up, what was done is kept. Returns at once."""
        live = self._live.get(run_id)
        if live is None:
            raise NotFound(f"Run {run_id} is not going on here.")
        if self._loop and live._task and not live._stopping:
            live._stopping = True  # a second cancel would hit the saving of what was done
            self._loop.call_soon_threadsafe(live._task.cancel)

    def live(self, run_id: str) -> Live | None:
        """The run, if it lives or has lived in this process."""
        return self._live.get(run_id)

    def open(self, token: str) -> Live | None:
        """The run whose stream has this token."""
        return next((live for live in list(self._live.values()) if secrets.compare_digest(live.token, token)), None)

    def forget(self, run_id: str) -> None:
        """Drop a run that has ended from memory; it is in the store."""
        live = self._live.get(run_id)
        if live and live.ended:
            del self._live[run_id]

    def call(self, work: Coroutine[Any, Any, T], timeout: float | None = 60) -> T:
        """Do a piece of work on the loop and wait for what it returns or raises."""
        future: Future[T] = asyncio.run_coroutine_threadsafe(work, self._running_loop())
        return future.result(timeout)

    async def _begin(self, preparing: Coroutine[Any, Any, Ready]) -> Live:
        ready = await preparing
        live = Live(ready.run_id, ready.session_id, ready.log.entries)
        self._live[live.run_id] = live
        live._task = asyncio.create_task(self._conduct(ready, live))
        return live

    async def _conduct(self, ready: Ready, live: Live) -> None:
        try:
            await conduct(self.store, ready, self._sandbox)
            live.error = self.store.log.error(ready.run_id) or ""
        finally:
            live.done.set()

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="runs", daemon=True).start()
            return self._loop
