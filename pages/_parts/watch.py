"""Watching one run: its log wherever it is, and a fold of it that is carried on rather than made anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from pages._parts.house import library, store, worker
from ttc_core.events import Fold, Logged
from ttc_core.store.values import RunInfo
from ttc_core.worker import Live


@st.cache_resource(max_entries=8, show_spinner=False)
def _ended(run_id: str, events: int) -> Sequence[Logged]:
    """The log of a run that has ended: it never changes, so all who look at it share it."""
    return tuple(store().events(run_id))


def _saved(run: RunInfo) -> Sequence[Logged]:
    ended = run.summary.status is not None and run.summary.events is not None
    return _ended(run.id, run.summary.events or 0) if ended else store().events(run.id)


@dataclass
class Watch:
    """One browser session's look at one run."""

    run_id: str
    entries: Sequence[Logged]
    live: Live | None = None
    _fold: Fold = field(default_factory=Fold)

    def upto(self, seq: int | None = None) -> Fold:
        """The run as its first `seq` events tell it; all of them if not given."""
        seq = len(self.entries) if seq is None else max(0, min(seq, len(self.entries)))
        if seq < self._fold.seq:
            self._fold = Fold()
        for logged in self.entries[self._fold.seq : seq]:
            self._fold.apply(logged)
        return self._fold

    @property
    def going(self) -> bool:
        """Whether more may come."""
        return self.live is not None and not self.live.ended


def watch(run_id: str) -> Watch:
    """The look at this run that this browser session has, or a new one. Raises NotFound, NotAllowed."""
    info = library().run(run_id)  # refuses whoever may not see it
    key = f"watch:{run_id}"
    held: Watch | None = st.session_state.get(key)
    live = worker().live(run_id)
    if held is None or (live is not None and held.live is not live):
        for other in [name for name in st.session_state if str(name).startswith("watch:")]:
            del st.session_state[other]  # one run at a time: logs are large
        held = Watch(run_id, live.entries if live else _saved(info), live)
        st.session_state[key] = held
    return held
