"""The fold of events to sums: calls, tokens and money, whole and by role."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from ttc_core.events.kinds import CallCancelled, CallFailed, CallFinished, CallRetried, CallStarted, Event, RunResumed


@dataclass
class Spend:
    """What was spent. `calls` counts every attempt that was sent; `cost` is None once any part is unknown."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    reasoning_out: int = 0
    cost: float | None = 0.0
    estimated: bool = False
    """Some of these tokens are our estimate, because the provider did not say."""

    @property
    def tokens(self) -> int:
        """Prompt and completion tokens together."""
        return self.tokens_in + self.tokens_out

    def add(self, event: CallFinished | CallFailed | CallRetried | CallCancelled) -> None:
        """Add one attempt's usage."""
        self.tokens_in += event.usage.tokens_in
        self.tokens_out += event.usage.tokens_out
        self.reasoning_out += event.usage.reasoning_out
        self.estimated = self.estimated or event.usage.estimated
        self.cost = None if self.cost is None or event.cost is None else self.cost + event.cost


@dataclass
class Totals(Spend):
    """Sums of the whole run, with the same sums by role."""

    by_role: dict[str, Spend] = field(default_factory=lambda: defaultdict(Spend))
    retries: int = 0
    failed: int = 0
    cancelled: int = 0
    in_flight: int = 0
    simulated: bool = False
    _role: dict[str, str] = field(default_factory=dict)

    def apply(self, event: Event) -> None:
        """Take in one event; only calls count here."""
        match event:
            case CallStarted():
                self._role[event.call] = event.role
                self.in_flight += 1
                self._count(event.call)
            case CallRetried():
                self.retries += 1
                self._spend(event)
                self._count(event.call)
            case CallFinished() | CallFailed() | CallCancelled():
                self.in_flight -= 1
                self.failed += isinstance(event, CallFailed)
                self.cancelled += isinstance(event, CallCancelled)
                self.simulated = self.simulated or (isinstance(event, CallFinished) and event.simulated)
                self._spend(event)

            case RunResumed():
                self.in_flight = 0  # those calls died with their process

    def _count(self, call: str) -> None:
        self.calls += 1
        self.by_role[self._role.get(call, "unknown")].calls += 1

    def _spend(self, event: CallFinished | CallFailed | CallRetried | CallCancelled) -> None:
        self.add(event)
        self.by_role[self._role.get(event.call, "unknown")].add(event)
