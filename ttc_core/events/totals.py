"""The fold of events to sums: calls, tokens and money, whole, by role and by model."""

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
    cached_in: int = 0
    """Of `tokens_in`, those the provider had in its cache."""
    reasoning_out: int = 0
    """Of `tokens_out`, those that went into hidden thinking."""
    cost: float | None = 0.0
    estimated: bool = False
    """Some of these tokens are our estimate, because the provider did not say."""

    @property
    def tokens(self) -> int:
        """Prompt and completion tokens together."""
        return self.tokens_in + self.tokens_out

    def tokens_per_second(self, seconds: float) -> float:
        """Completion tokens a second, thinking included; 0 where no time has passed."""
        return self.tokens_out / seconds if seconds > 0 else 0.0

    def add(self, event: CallFinished | CallFailed | CallRetried | CallCancelled) -> None:
        """Add one attempt's usage."""
        self.tokens_in += event.usage.tokens_in
        self.tokens_out += event.usage.tokens_out
        self.cached_in += event.usage.cached_in
        self.reasoning_out += event.usage.reasoning_out
        self.estimated = self.estimated or event.usage.estimated
        self.cost = None if self.cost is None or event.cost is None else self.cost + event.cost


@dataclass
class Totals(Spend):
    """Sums of the whole run, with the same sums by role and by model."""

    by_role: dict[str, Spend] = field(default_factory=lambda: defaultdict(Spend))
    by_model: dict[str, Spend] = field(default_factory=lambda: defaultdict(Spend))
    """By the name the run was started with, whatever its provider calls it."""
    retries: int = 0
    failed: int = 0
    cancelled: int = 0
    in_flight: int = 0
    simulated: bool = False
    _asked: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Role and model of each call."""

    def apply(self, event: Event) -> None:
        """Take in one event; only calls count here."""
        match event:
            case CallStarted():
                self._asked[event.call] = event.role, event.model
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
        for spend in (self, *self._parts(call)):
            spend.calls += 1

    def _spend(self, event: CallFinished | CallFailed | CallRetried | CallCancelled) -> None:
        for spend in (self, *self._parts(event.call)):
            spend.add(event)

    def _parts(self, call: str) -> tuple[Spend, Spend]:
        role, model = self._asked.get(call, ("unknown", "unknown"))
        return self.by_role[role], self.by_model[model]
