"""How long to wait for a call: a server that answers others is busy, not dead; knows nothing of what is asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

LONGEST = 10
"""Times the usual patience: no call may take longer, whatever signs of life there are."""
NOTICE_S = 0.5
"""Seconds in which several signs of life count as one."""


class Patience:
    """A deadline for each call of one model, moved on whenever the model says anything to any of them.

    A local server works its queue off a few calls at a time. Those that wait are not lost, and giving up on them would
    only make it do their work again.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._deadlines: dict[asyncio.Timeout, float] = {}
        self._noticed = 0.0

    @asynccontextmanager
    async def call(self) -> AsyncIterator[None]:
        """Run one call under its deadline. Raises TimeoutError when the model has been silent for too long."""
        async with asyncio.timeout(self.seconds) as deadline:
            self._deadlines[deadline] = asyncio.get_running_loop().time() + LONGEST * self.seconds
            try:
                yield
            finally:
                del self._deadlines[deadline]

    def alive(self) -> None:
        """The model has just said something."""
        now = asyncio.get_running_loop().time()
        if now - self._noticed < min(NOTICE_S, self.seconds / 4):
            return
        self._noticed = now
        for deadline, latest in self._deadlines.items():
            if not deadline.expired():
                deadline.reschedule(min(latest, now + self.seconds))
