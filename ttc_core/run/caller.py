"""One model call from queue to reply: limit, budget, attempts, backoff, and a fact for each step."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from ttc_core.errors import BudgetSpent, CallFailed, ModelError
from ttc_core.events.kinds import CallCancelled, CallFinished, CallRetried, CallStarted, CallText
from ttc_core.events.kinds import CallFailed as CallFailedEvent
from ttc_core.models.base import Model
from ttc_core.models.recorded import request_key
from ttc_core.run.log import Log
from ttc_core.run.meter import Meter, Reservation
from ttc_core.types import Reply, Request, Usage

BACKOFF_S = 0.5
LONGEST_WAIT_S = 30.0
SETTLE_S = 0.05
"""How long a resumed run waits before a new call, so that what is known already can make it needless."""


class Caller:
    """Makes calls for one run. Known replies of a former life are given back without a call and without a fact."""

    def __init__(
        self,
        model: Model,
        log: Log,
        meter: Meter,
        limit: asyncio.Semaphore,
        retries: int,
        known: Mapping[str, tuple[str, Reply | CallFailed]],
    ) -> None:
        self._model, self._log, self._meter, self._limit = model, log, meter, limit
        self._retries, self._known = retries, known
        self._in_flight = 0

    async def ask(self, request: Request) -> Reply:
        """The reply, or `CallFailed`, or `BudgetSpent`."""
        key = request_key(request, self._model.name)
        known = self._known.get(request.call)
        if known and known[0] == key:
            if isinstance(known[1], CallFailed):
                raise known[1]
            return known[1]
        if self._known:
            await asyncio.sleep(SETTLE_S)
        async with self._limit:
            reservation = await self._meter.reserve(request)
            self._tell_started(request, key)
            self._in_flight += 1
            try:
                return await self._attempts(request, reservation)
            finally:
                self._in_flight -= 1

    async def _attempts(self, request: Request, reservation: Reservation) -> Reply:
        attempt = 0
        while True:
            attempt += 1
            hearing = _Hearing(self._log, request.call, self._pause)
            try:
                reply = await self._model.complete(request, hearing.hear)
                reply = reply.model_copy(update={"text": _storable(reply.text)})
            except asyncio.CancelledError:
                await self._give_up(request, reservation, hearing)
                raise
            except ModelError as error:
                reservation = await self._after_failure(request, reservation, attempt, error)
            else:
                self._log.append(
                    CallFinished(call=request.call, **reply.model_dump())
                )  # before anything is awaited: an answer that was had is a fact
                await self._meter.settle(reservation, reply.usage, reply.cost)
                return reply

    async def _after_failure(
        self, request: Request, reservation: Reservation, attempt: int, error: ModelError
    ) -> Reservation:
        """Wait and reserve the next attempt, or state that the call failed for good."""
        cost = self._cost(error.usage)
        await self._meter.settle(reservation, error.usage, cost)
        failed = CallFailedEvent(
            call=request.call, attempt=attempt, error=error.kind, message=str(error), usage=error.usage, cost=cost
        )
        if not error.retryable or attempt > self._retries:
            self._log.append(failed)
            raise CallFailed(request.call, str(error)) from error
        wait = self._wait(request, attempt, error)
        try:
            await asyncio.sleep(wait)
            again = await self._meter.reserve(request)
        except asyncio.CancelledError:
            self._log.append(CallCancelled(call=request.call, why="no longer needed", usage=error.usage, cost=cost))
            raise
        except BudgetSpent:
            self._log.append(failed)
            raise
        self._log.append(CallRetried(**failed.model_dump(exclude={"kind"}), wait_s=wait))
        return again

    async def _give_up(self, request: Request, reservation: Reservation, hearing: _Hearing) -> None:
        """A cancelled call has used its prompt and what was heard of its reply, as far as we can tell."""
        usage = Usage(
            tokens_in=sum(len(message.content) for message in request.messages) // 4,
            tokens_out=len(hearing.heard) // 4,
            estimated=True,
        )
        cost = self._cost(usage)
        self._log.append(CallCancelled(call=request.call, why="no longer needed", usage=usage, cost=cost))
        await self._meter.settle(reservation, usage, cost)

    def _wait(self, request: Request, attempt: int, error: ModelError) -> float:
        """What the provider asked for, else twice as long each time, spread so that retries do not come in a crowd."""
        spread = 0.75 + (request.seed % 1000) / 2000
        wait = error.retry_after if error.retry_after is not None else BACKOFF_S * 2 ** (attempt - 1)
        return min(LONGEST_WAIT_S, wait) * spread if error.retry_after is None else min(LONGEST_WAIT_S, wait)

    def _cost(self, usage: Usage) -> float | None:
        return self._model.price.of(usage) if self._model.price else (0.0 if usage.total == 0 else None)

    def _pause(self) -> float:
        """Seconds between two pieces of one call's text: longer when many calls talk at once."""
        return min(1.0, 0.1 * max(1.0, self._in_flight / 8))

    def _tell_started(self, request: Request, key: str) -> None:
        self._log.append(
            CallStarted(
                call=request.call,
                node=request.node,
                role=request.role,
                model=self._model.name,
                key=key,
                messages=request.messages,
                shown=tuple(shown.id for shown in request.shown),
                after=request.after,
                sample=request.sample,
                max_tokens=request.max_tokens,
                temperature=request.temperature,
            )
        )


def _storable(text: str) -> str:
    """Models can write halves of characters and NULs, which neither JSON nor databases take."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")


class _Hearing:
    """Gathers the pieces of one reply into facts of a readable size."""

    def __init__(self, log: Log, call: str, pause: Callable[[], float]) -> None:
        self.heard = ""
        self._log, self._call, self._pause = log, call, pause
        self._told = 0
        self._last: float | None = None

    def hear(self, piece: str) -> None:
        self.heard += _storable(piece)
        now = asyncio.get_running_loop().time()
        if self._last is None or now - self._last >= self._pause():
            end = self._log.tellable(self.heard)
            if end > self._told:
                self._log.append(CallText(call=self._call, text=self.heard[self._told : end]))
                self._told, self._last = end, now
