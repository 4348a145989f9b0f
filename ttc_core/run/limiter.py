"""How many calls of one model may be in flight, and how soon the next may start, as its provider bears it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ttc_core.choice import ModelChoice

LONGEST_PAUSE_S = 120.0
"""Seconds that a provider may ask everybody to wait; who asks for more has run out of quota."""
FIRST_GAP_S = 0.5
LONGEST_GAP_S = 60.0
RECOVERY = 0.25
"""Calls at once that each good reply wins back, up to what was allowed at first."""


class Limiter:
    """The queue before one model, shared by all runs that ask it.

    When the provider asks to wait, nothing starts for that time, and half as many calls may be in flight as were. One
    call at a time that is still too much has the next ones spaced out. Good replies undo both, little by little
    (additive increase, multiplicative decrease).
    """

    def __init__(self, at_once: int, per_minute: float | None = None) -> None:
        """
        Args:
            at_once: The most calls in flight.
            per_minute: The most that start in a minute; None for no such bound.
        """
        self._most = self._allowed = float(at_once)
        self._least_gap = self._gap = 60 / per_minute if per_minute else 0.0
        self._in_flight = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._not_before = self._slowed_at = 0.0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def at_once(self) -> int:
        """The most calls in flight now."""
        return int(self._allowed)

    @property
    def per_minute(self) -> float | None:
        """The most that start in a minute now; None where nothing bounds it."""
        return 60 / self._gap if self._gap else None

    @asynccontextmanager
    async def turn(self, *, urgent: bool = False) -> AsyncIterator[None]:
        """Wait for a place, first come first served; who is urgent, such as a retry, goes before those that wait."""
        await self._enter(urgent)
        try:
            yield
        finally:
            self._leave()

    def slowed(self, sent_at: float, wait_s: float | None) -> bool:
        """The provider asked to wait. True if less is allowed from here on.

        Calls that were already out when the bound last fell say nothing new: one burst lowers it once.

        Args:
            sent_at: When the refused call was sent, by the loop's clock.
            wait_s: For how long nothing may start, where the provider said so.
        """
        now = asyncio.get_running_loop().time()
        self._not_before = max(self._not_before, now + min(wait_s or 0.0, LONGEST_PAUSE_S))
        if sent_at < self._slowed_at:
            return False
        self._slowed_at = now
        if self.at_once > 1:
            self._allowed = max(1.0, min(self._allowed, self._in_flight) / 2)
        else:
            self._gap = min(LONGEST_GAP_S, max(2 * self._gap, FIRST_GAP_S))
        return True

    def went_well(self) -> None:
        """A reply came: a little more is allowed again, up to what was at first."""
        self._allowed = min(self._most, self._allowed + RECOVERY)
        self._gap = self._least_gap if self._gap < FIRST_GAP_S / 4 else max(self._least_gap, 0.8 * self._gap)

    async def _enter(self, urgent: bool) -> None:
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        (self._waiting.appendleft if urgent else self._waiting.append)(place)
        self._admit()
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():  # admitted and given up in the same moment
                self._leave()
            raise

    def _leave(self) -> None:
        self._in_flight -= 1
        self._admit()

    def _admit(self) -> None:
        """Let in whoever may go now; come back when the next one may."""
        loop = asyncio.get_running_loop()
        while self._waiting and self._in_flight < self.at_once:
            if self._waiting[0].done():  # given up while it waited
                self._waiting.popleft()
                continue
            if loop.time() < self._not_before:
                if self._timer is None or self._timer.when() < self._not_before:
                    self._timer = loop.call_at(self._not_before, self._admit_later)
                return
            self._waiting.popleft().set_result(None)
            self._in_flight += 1
            self._not_before = max(self._not_before, loop.time() + self._gap) if self._gap else self._not_before

    def _admit_later(self) -> None:
        self._timer = None
        self._admit()


class Limits:
    """One queue for each model, so that all runs of one event loop that ask it share what its provider allows."""

    def __init__(self) -> None:
        self._limiters: dict[tuple[object, ...], Limiter] = {}

    def of(self, choice: ModelChoice, at_once: int) -> Limiter:
        """The queue before that model; runs that allow another number of calls at once have one of their own."""
        key = (choice.name, choice.api_base, choice.per_minute, at_once)
        return self._limiters.setdefault(key, Limiter(at_once, choice.per_minute))
