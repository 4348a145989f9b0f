"""The fold of events to time: every call from start to end, the critical path, and the sequential budget."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ttc_core.events.kinds import (
    CallCancelled,
    CallFailed,
    CallFinished,
    CallRetried,
    CallShortened,
    CallStarted,
    CallText,
    Event,
    RunFinished,
    RunResumed,
)

CallStatus = Literal["running", "done", "failed", "cancelled"]


@dataclass(frozen=True)
class Attempt:
    """One attempt that failed, and the seconds after which the next one followed, if there was one."""

    error: str
    message: str
    wait_s: float | None = None


@dataclass
class Call:
    """One call. Times are seconds of running since the run began; `end` is None while it is in flight."""

    id: str
    node: str
    role: str
    start: float
    after: tuple[str, ...] = ()
    end: float | None = None
    status: CallStatus = "running"
    tokens_in: int = 0
    tokens_out: int = 0
    cached_in: int = 0
    reasoning_out: int = 0
    cost: float | None = 0.0
    attempts: int = 1
    lost: list[Attempt] = field(default_factory=list)
    """The attempts that failed, in order."""
    error: str = ""
    """The last one's kind."""
    model: str = ""
    """Who was asked, by the name the run was started with."""
    text: str = ""
    """The reply so far; whole once the call is done."""
    thinking: str = ""
    """What was thought before the reply, where the provider shows it."""
    filtered: bool = False
    """The provider's content filter cut the reply."""
    shortened: CallShortened | None = None
    """How its words were cut to fit into the model's context, the last time they were."""
    started: CallStarted | None = None
    """What was sent: the exact words, the candidates shown, the sample number."""
    path_s: float = 0.0
    """Seconds of the longest chain of calls, each resting on the one before, that ends with this one."""
    path_tokens: int = 0
    """Most tokens (in and out) on such a chain: the sequential budget up to here."""
    before: str | None = None
    """The call before this one on the longest chain."""


class Timeline:
    """Calls by id in the order they started."""

    def __init__(self) -> None:
        self.calls: dict[str, Call] = {}
        self.wall_s = 0.0
        self._last: str | None = None
        self._answer_after: tuple[str, ...] = ()

    def apply(self, event: Event, time: float) -> None:
        """Take in one event that happened at `time` seconds of running."""
        self.wall_s = time
        match event:
            case CallStarted():
                self.calls[event.call] = Call(
                    event.call, event.node, event.role, time, event.after, model=event.model, started=event
                )
            case CallText() if call := self.calls.get(event.call):
                call.text += event.text
            case CallShortened() if call := self.calls.get(event.call):
                call.shortened = event
            case CallRetried() if call := self.calls.get(event.call):
                call.attempts, call.error, call.text = event.attempt + 1, event.error, ""
                call.lost.append(Attempt(event.error, event.message, event.wait_s))
                self._spend(call, event)
            case CallFinished() | CallFailed() | CallCancelled() if call := self.calls.get(event.call):
                self._spend(call, event)
                self._end(call, event, time)
            case RunFinished():
                self._answer_after = event.after
                self._abandon(time)
            case RunResumed():
                self._answer_after = ()
                self._abandon(time)

    @property
    def critical_path_s(self) -> float:
        """Seconds of the longest chain of dependent calls: no schedule could have been faster with these calls."""
        return self.calls[self._last].path_s if self._last else 0.0

    def critical_path(self) -> list[str]:
        """The calls on that chain, first to last."""
        path: list[str] = []
        call = self._last
        seen: set[str] = set()  # a damaged log may go in circles
        while call is not None and call in self.calls and call not in seen:
            seen.add(call)
            path.append(call)
            call = self.calls[call].before
        return path[::-1]

    @property
    def b_seq(self) -> int:
        """Tokens in and out of the calls on the accepted path (PDR, arXiv 2510.01123): a proxy of latency."""
        ends = [self.calls[c] for c in self._answer_after if c in self.calls]
        return max((call.path_tokens for call in ends or self._finished()), default=0)

    @property
    def b_total(self) -> int:
        """The same sum over all calls, discarded branches included (PDR, arXiv 2510.01123): a proxy of cost."""
        return sum(call.tokens_in + call.tokens_out for call in self.calls.values())

    def _finished(self) -> list[Call]:
        return [call for call in self.calls.values() if call.status == "done"]

    def _spend(self, call: Call, event: CallFinished | CallFailed | CallRetried | CallCancelled) -> None:
        call.tokens_in += event.usage.tokens_in
        call.tokens_out += event.usage.tokens_out
        call.cached_in += event.usage.cached_in
        call.reasoning_out += event.usage.reasoning_out
        call.cost = None if call.cost is None or event.cost is None else call.cost + event.cost

    def _end(self, call: Call, event: CallFinished | CallFailed | CallCancelled, time: float) -> None:
        call.end = time
        if isinstance(event, CallCancelled):
            call.status = "cancelled"  # nothing rests on it, so it is on no path
            return
        if isinstance(event, CallFailed):
            call.status, call.error = "failed", event.error
            call.lost.append(Attempt(event.error, event.message))
        else:
            call.status, call.text, call.thinking = "done", event.text, event.thinking
            call.filtered = event.finish == "filter"
        before = [self.calls[c] for c in call.after if c in self.calls]
        longest = max(before, key=lambda b: b.path_s, default=None)
        call.before = longest.id if longest else None
        call.path_s = (longest.path_s if longest else 0.0) + time - call.start
        call.path_tokens = max((b.path_tokens for b in before), default=0) + call.tokens_in + call.tokens_out
        if self._last is None or call.path_s > self.calls[self._last].path_s:
            self._last = call.id

    def _abandon(self, time: float) -> None:
        """What was in flight when the run ended or its process died will not be answered."""
        for call in self.calls.values():
            if call.end is None:
                call.end, call.status = time, "cancelled"
