"""The fold of a run's log: one pass carries graph, totals and timeline together, and can go on at any time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ttc_core.events.graph import Graph
from ttc_core.events.kinds import (
    BudgetCut,
    Judged,
    LeaderChanged,
    Logged,
    RunFinished,
    RunResumed,
    RunStarted,
    Slowed,
)
from ttc_core.events.timeline import Timeline
from ttc_core.events.totals import Totals
from ttc_core.types import Status, Verdict


@dataclass(frozen=True)
class Slowing:
    """How often a model's provider asked to wait, and what it last came to, at `time` seconds of running."""

    times: int
    time: float
    last: Slowed


class Fold:
    """A run as its first n events tell it. Feed it events in order with `apply`; read it at any moment."""

    def __init__(self) -> None:
        self.seq = 0
        self.started: RunStarted | None = None
        self.started_at = 0.0
        self.time = 0.0
        """Seconds of running so far; the gap before a resume does not count."""
        self.status: Status | None = None
        """None while the run goes on."""
        self.finished: RunFinished | None = None
        self.leader: LeaderChanged | None = None
        self.verdict: Verdict | None = None
        self.cut: BudgetCut | None = None
        self.slowed: dict[str, Slowing] = {}
        """By model, those whose provider asked to wait."""
        self.graph = Graph()
        self.totals = Totals()
        self.timeline = Timeline()
        self._last_at = 0.0

    def apply(self, logged: Logged) -> None:
        """Take in the next event. Events at or before `seq` were seen already and change nothing."""
        if logged.seq <= self.seq:
            return
        self._advance_clock(logged)
        match logged.event:
            case RunStarted() as event:
                self.started = event
            case LeaderChanged() as event:
                self.leader = event
            case BudgetCut() as event:
                self.cut = event
            case Slowed() as event:
                before = self.slowed.get(event.model)
                self.slowed[event.model] = Slowing(1 + (before.times if before else 0), self.time, event)
            case Judged() as event:
                self.verdict = event.verdict
            case RunFinished() as event:
                self.finished, self.status = event, event.status
            case RunResumed():
                self.finished = self.status = self.cut = None
        self.graph.apply(logged.event)
        self.totals.apply(logged.event)
        self.timeline.apply(logged.event, self.time)
        self.seq = logged.seq

    @property
    def answer(self) -> str | None:
        """The final answer, or the leader's while the run goes on."""
        if self.finished:
            return self.finished.answer
        node = self.graph.nodes.get(self.leader.node) if self.leader else None
        return node.answer if node else None

    def _advance_clock(self, logged: Logged) -> None:
        """Clocks may step back and runs may pause; running time does neither."""
        if not self.seq:
            self.started_at = logged.at
        elif not isinstance(logged.event, RunResumed):
            self.time += max(0.0, logged.at - self._last_at)
        self._last_at = logged.at


def fold(log: Iterable[Logged]) -> Fold:
    """The fold of a whole log, or of any prefix of one."""
    state = Fold()
    for logged in log:
        state.apply(logged)
    return state
