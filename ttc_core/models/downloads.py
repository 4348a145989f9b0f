"""Downloads that a server has under way, one at most for each model; knows nothing of pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Lock, Thread

from ttc_core.errors import BadInput
from ttc_core.models.catalogue import Weights
from ttc_core.models.sources import Cancelled, Progress, Source
from ttc_core.models.weights import SOURCES, fetch, folder

BROKEN = "The download ended unexpectedly; the server's log says why. What came so far is kept."


@dataclass(frozen=True)
class DownloadState:
    """How one download stands. While none of `error`, `done` and `cancelled` is set, it is under way."""

    progress: Progress | None = None
    error: str = ""
    """One sentence, where it failed."""
    done: bool = False
    cancelled: bool = False

    @property
    def running(self) -> bool:
        """Whether it is under way."""
        return not (self.error or self.done or self.cancelled)


class Downloads:
    """Fetches weights in threads of its own. All methods may be called from any thread, and none waits."""

    def __init__(self, place: Callable[[], Path] = folder, sources: Sequence[Source] = SOURCES) -> None:
        """
        Args:
            place: The folder for weights, asked at each start.
            sources: Where they come from.
        """
        self._place, self._sources = place, sources
        self._lock = Lock()
        self._states: dict[str, DownloadState] = {}
        self._stops: dict[str, Event] = {}

    def start(self, weights: Weights) -> None:
        """Begin, or go on after a failure or a stop. Nothing happens while it is under way."""
        with self._lock:
            if (state := self._states.get(weights.name)) and state.running:
                return
            stop = self._stops[weights.name] = Event()
            self._states[weights.name] = DownloadState()
        Thread(target=self._work, args=(weights, stop), name=f"fetch {weights.name}", daemon=True).start()

    def state(self, name: str) -> DownloadState | None:
        """How the last download of these weights stands; None where none was begun."""
        with self._lock:
            return self._states.get(name)

    def cancel(self, name: str) -> None:
        """Ask a download to stop; it ends within about a second and keeps what came."""
        with self._lock:
            if stop := self._stops.get(name):
                stop.set()

    def _work(self, weights: Weights, stop: Event) -> None:
        end = DownloadState(error=BROKEN)
        try:
            fetch(
                weights,
                self._place(),
                hear=lambda progress: self._note(weights.name, DownloadState(progress)),
                cancelled=stop.is_set,
                sources=self._sources,
            )
            end = DownloadState(done=True)
        except Cancelled:
            end = DownloadState(cancelled=True)
        except BadInput as error:
            end = DownloadState(error=str(error))
        finally:
            last = self.state(weights.name)
            self._note(weights.name, replace(end, progress=last.progress if last else None))

    def _note(self, name: str, state: DownloadState) -> None:
        with self._lock:
            self._states[name] = state
