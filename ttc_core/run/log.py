"""A run's log: stamps events with number and time, keeps secrets out, and hands each to whoever listens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from time import time as wall_clock

from ttc_core.events.kinds import EVENT, Event, Logged
from ttc_core.models.secrets import redact, tellable

Sink = Callable[[Logged], None]

DERIVED = {
    "node_opened",
    "candidate",
    "summary",
    "vote",
    "decided",
    "workspace",
    "score",
    "leader",
    "step",
    "passage",
    "executed",
    "tests_written",
    "distinguished",
}
"""Kinds that a strategy says again, word for word but for seconds, when it is run again on the same replies."""


class Log:
    """Append-only. The single place where an event becomes a fact, and so the single place that redacts.

    A resumed run starts from the entries of its first life. The strategy then tells its story again from the start;
    what the log holds already is passed over, so that only what is new is appended.
    """

    def __init__(
        self,
        sinks: Iterable[Sink] = (),
        *,
        before: Sequence[Logged] = (),
        secrets: Iterable[str] = (),
        clock: Callable[[], float] = wall_clock,
    ) -> None:
        self.entries: list[Logged] = list(before)
        self._sinks = tuple(sinks)
        self._secrets = tuple(secrets)
        self._clock = clock
        self._told = Counter(_meaning(entry.event) for entry in before if entry.event.kind in DERIVED)

    def append(self, event: Event) -> None:
        """Make `event` a fact, unless a former life of this run has told it already."""
        if self._told and event.kind in DERIVED:
            words = _meaning(event)
            if self._told[words] > 0:
                self._told[words] -= 1
                return
        logged = Logged(seq=len(self.entries) + 1, at=self._clock(), event=self._clean(event))
        self.entries.append(logged)
        for sink in self._sinks:
            sink(logged)

    def tellable(self, text: str) -> int:
        """How much of a text that is still growing may become a fact, lest a secret come out in two halves."""
        return tellable(text, self._secrets)

    def _clean(self, event: Event) -> Event:
        if not self._secrets:
            return event
        words = _words(event)
        clean = redact(words, self._secrets)
        return event if clean == words else EVENT.validate_json(clean)


def _words(event: Event) -> str:
    return event.model_dump_json()


def _meaning(event: Event) -> str:
    """What an event says, whatever time it took."""
    return event.model_dump_json(exclude={"seconds"})
