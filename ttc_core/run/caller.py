"""One model call from queue to reply: limit, budget, attempts, backoff, shortening, and a fact for each step."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from ttc_core.errors import BudgetSpent, CallFailed, ContextTooLong, ModelError, NotSupported, RateLimited
from ttc_core.events.kinds import CallCancelled, CallFinished, CallRetried, CallShortened, CallStarted, CallText, Slowed
from ttc_core.events.kinds import CallFailed as CallFailedEvent
from ttc_core.models.base import Model
from ttc_core.models.recorded import request_key
from ttc_core.run.limiter import LONGEST_PAUSE_S
from ttc_core.run.log import Log
from ttc_core.run.meter import Meter, Reservation
from ttc_core.run.roster import Seat
from ttc_core.types import Message, Reply, Request, Usage

BACKOFF_S = 0.5
LONGEST_WAIT_S = 30.0
SETTLE_S = 0.05
"""How long a resumed run waits before a new call, so that what is known already can make it needless."""
PATIENCE = 3
"""Times the usual number of retries where the provider only asks to wait."""
SHORTEST = 1 / 32
"""The smallest share of its material that a call is still asked with."""

Words = Callable[[float], str]
"""A prompt with that share of its material, 0 to 1."""


class Caller:
    """Makes calls for one run. Known replies of a former life are given back without a call and without a fact."""

    def __init__(
        self, log: Log, meter: Meter, retries: int, known: Mapping[str, tuple[str, Reply | CallFailed]]
    ) -> None:
        self._log, self._meter, self._retries, self._known = log, meter, retries, known
        self._in_flight = 0

    async def ask(self, request: Request, seat: Seat, words: Words | None = None) -> Reply:
        """The reply, or `CallFailed`, or `BudgetSpent`. With `words` a request that does not fit is shortened."""
        key = request_key(request, seat.model.name)
        known = self._known.get(request.call)
        if known and known[0] == key:
            if isinstance(known[1], CallFailed):
                raise known[1]
            return known[1]
        if self._known:
            await asyncio.sleep(SETTLE_S)
        return await _Call(self, request, seat, words, key).answered()


class _Call:
    """One call on its way: what is sent now, and what it has been through."""

    def __init__(self, caller: Caller, request: Request, seat: Seat, words: Words | None, key: str) -> None:
        self._caller, self._log, self._meter = caller, caller._log, caller._meter
        self._request, self._seat, self._words, self._key = request, seat, words, key
        self._kept = 1.0
        self._attempts = self._failures = 0
        self._shortened: CallShortened | None = None
        self._failed: CallFailedEvent | None = None
        """The attempt before this one, where there was one."""

    async def answered(self) -> Reply:
        """Attempts, until one is answered or there is no point in another."""
        self._foresee()
        wait = 0.0
        while True:
            try:
                await asyncio.sleep(wait)
                async with self._seat.limiter.turn(urgent=self._attempts > 0):
                    reservation = await self._meter.reserve(self._request, self._seat.model.price)
                    self._tell_sent(wait)
                    reply = await self._attempt(reservation)
            except asyncio.CancelledError:
                self._tell_given_up()
                raise
            except BudgetSpent:
                if self._failed:
                    self._log.append(self._failed)
                raise
            except ModelError as error:
                wait = self._after(error)
            else:
                self._seat.limiter.went_well()
                return reply

    async def _attempt(self, reservation: Reservation) -> Reply:
        """One attempt, settled whatever comes of it."""
        hearing = _Hearing(self._log, self._request.call, self._pause)
        sent_at = asyncio.get_running_loop().time()
        self._caller._in_flight += 1
        usage, cost = Usage(), None
        try:
            reply = await self._seat.model.complete(self._request, hearing.hear)
            reply = reply.model_copy(update={"text": _storable(reply.text), "thinking": _storable(reply.thinking)})
            usage, cost = reply.usage, reply.cost
            # Before anything is awaited: an answer that was had is a fact.
            self._log.append(CallFinished(call=self._request.call, **reply.model_dump()))
            return reply
        except asyncio.CancelledError:
            usage = _used(self._request, hearing.heard)
            cost = self._cost(usage)
            self._log.append(CallCancelled(call=self._request.call, why="no longer needed", usage=usage, cost=cost))
            raise
        except ModelError as error:
            usage, cost = error.usage, self._cost(error.usage)
            if isinstance(error, RateLimited):
                self._slow_down(sent_at, error)
            raise
        finally:
            self._caller._in_flight -= 1
            await self._meter.settle(reservation, usage, cost)

    def _after(self, error: ModelError) -> float:
        """Seconds to wait before the next attempt; raises CallFailed where there is to be none."""
        self._failed = CallFailedEvent(
            call=self._request.call,
            attempt=self._attempts,
            error=error.kind,
            message=str(error),
            usage=error.usage,
            cost=self._cost(error.usage),
        )
        if isinstance(error, ContextTooLong) and self._shorten(self._kept / 2, str(error)):
            return 0.0
        if isinstance(error, NotSupported):
            return 0.0  # the model has learned to do without; it does so once for each thing it asks for
        self._failures += 1
        allowed = self._caller._retries * (PATIENCE if isinstance(error, RateLimited) else 1)
        out_of_quota = (error.retry_after or 0.0) > LONGEST_PAUSE_S
        if not error.retryable or self._failures > allowed or out_of_quota:
            self._log.append(self._failed)
            raise CallFailed(self._request.call, str(error)) from error
        return self._wait(error)

    def _wait(self, error: ModelError) -> float:
        """What the provider asked for, else twice as long each time, spread so that retries do not come in a crowd."""
        if error.retry_after is not None:
            return float(error.retry_after)
        spread = 0.75 + (self._request.seed % 1000) / 2000
        return min(LONGEST_WAIT_S, BACKOFF_S * 2.0 ** (self._failures - 1)) * spread

    def _slow_down(self, sent_at: float, error: RateLimited) -> None:
        limiter = self._seat.limiter
        if limiter.slowed(sent_at, error.retry_after):
            self._log.append(
                Slowed(
                    model=self._seat.model.name,
                    at_once=limiter.at_once,
                    per_minute=limiter.per_minute,
                    wait_s=min(error.retry_after or 0.0, LONGEST_PAUSE_S),
                )
            )

    def _foresee(self) -> None:
        """Shorten before the first attempt what is known not to fit."""
        context = self._seat.model.context
        if context is None:
            return
        room, said = context - self._request.max_tokens, f"The model's context holds {context} tokens."
        while (needed := _used(self._request, "").tokens_in) > room > 0:
            if not self._shorten(self._kept * 0.9 * room / needed, said):  # the problem itself is never cut
                return

    def _shorten(self, keep: float, said: str) -> bool:
        """Keep that share of the material; False where there is none, or none left to cut."""
        if self._words is None or keep < SHORTEST:
            return False
        words = self._words(keep)
        if len(words) >= len(self._request.messages[-1].content):
            return False
        self._kept = keep
        self._request = self._request.model_copy(update={"messages": (Message(role="user", content=words),)})
        self._shortened = CallShortened(
            call=self._request.call,
            kept=keep,
            message=f"{said} Its material was cut to {keep:.0%}.",
            messages=self._request.messages,
        )
        return True

    def _tell_sent(self, waited: float) -> None:
        self._attempts += 1
        if self._failed:
            self._log.append(CallRetried(**self._failed.model_dump(exclude={"kind"}), wait_s=waited))
            self._failed = None
        elif self._attempts == 1:
            self._log.append(_started(self._request, self._seat.model, self._key))
        if self._shortened:
            self._log.append(self._shortened)
            self._shortened = None

    def _tell_given_up(self) -> None:
        """Given up between two attempts; one that was never sent has nothing to tell."""
        if self._failed:
            used = self._failed.model_dump(include={"usage", "cost"})
            self._log.append(CallCancelled(call=self._request.call, why="no longer needed", **used))

    def _cost(self, usage: Usage) -> float | None:
        price = self._seat.model.price
        return price.of(usage) if price else (0.0 if usage.total == 0 else None)

    def _pause(self) -> float:
        """Seconds between two pieces of one call's text: longer when many calls talk at once."""
        return min(1.0, 0.1 * max(1.0, self._caller._in_flight / 8))


def _started(request: Request, model: Model, key: str) -> CallStarted:
    return CallStarted(
        call=request.call,
        node=request.node,
        role=request.role,
        model=model.name,
        key=key,
        messages=request.messages,
        shown=tuple(shown.id for shown in request.shown),
        after=request.after,
        sample=request.sample,
        max_tokens=request.max_tokens,
        temperature=request.temperature,
    )


def _used(request: Request, heard: str) -> Usage:
    """What a call has used as far as can be told from outside: four characters a token."""
    characters = sum(len(message.content) for message in request.messages)
    return Usage(tokens_in=characters // 4, tokens_out=len(heard) // 4, estimated=True)


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
