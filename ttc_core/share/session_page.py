"""A saved session as one HTML file: reads it from the library and hands it to the page; knows no layout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ttc_core.events import Logged
from ttc_core.share.html_file import session_html
from ttc_core.store.values import SessionInfo
from ttc_core.strategies import strategies


class Source(Protocol):
    """What is read from: a store, or a library as its viewer may see it."""

    def session(self, session_id: str) -> SessionInfo:
        """One session with its runs."""
        ...

    def events(self, run_id: str, after: int = 0, upto: int | None = None) -> Sequence[Logged]:
        """A run's log."""
        ...


def export_html(source: Source, session_id: str) -> bytes:
    """The file. Raises NotFound, NotAllowed as the source does."""
    session = source.session(session_id)
    known = strategies()
    runs = []
    for run in session.runs:
        strategy = known.get(run.settings.strategy)
        name = f"{run.place}. {strategy.title if strategy else run.settings.strategy}"
        runs.append((name, source.events(run.id)))
    return session_html(session.title, runs).encode()
