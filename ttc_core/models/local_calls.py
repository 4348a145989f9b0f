"""Calls to a local server: equal ones that come together go as one request, so that their prompt is read once.

On two cores reading a prompt eight times takes longer than writing eight short replies. Knows nothing of processes.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from ttc_core.models.base import Hear
from ttc_core.models.constrained import grammar
from ttc_core.models.litellm_reply import Heard
from ttc_core.models.patience import LONGEST, Patience
from ttc_core.models.provider_errors import LATE, as_model_error, said
from ttc_core.types import Request

TOGETHER = 4
"""Equal calls in one request: half of the server's slots, as a request waits until it has a slot for each."""
GATHER_S = 0.02
"""How long the first of them waits for others."""
SEEDS = 2**32 - 1
"""The server takes seeds below this number."""


@dataclass(eq=False)
class _Part:
    """One call of a request for several."""

    request: Request
    heard: Heard
    done: asyncio.Future[None]


@dataclass(eq=False)
class _Group:
    """Equal calls that go together."""

    parts: list[_Part] = field(default_factory=list)
    sending: asyncio.Task[None] | None = None

    def left(self) -> None:
        """Somebody got an answer or gave up; where nobody waits any more, the server is told by hanging up."""
        if self.sending and all(part.done.done() for part in self.parts):
            self.sending.cancel()


class _Refused(Exception):
    """The server's error object, in the shape that errors are read from."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(str(body))
        self.status_code, self.body = status, body


class LocalCalls:
    """The way to one server, from one event loop."""

    def __init__(self, base: str, key: str, *, timeout_s: float, room: int = 0) -> None:
        """Nothing is sent yet.

        Args:
            base: Base URL of the server's OpenAI-compatible API.
            key: What the server wants to see.
            timeout_s: How long a call may wait while the server says nothing, neither to it nor to others.
            room: Tokens on top for hidden thinking.
        """
        self._url, self._key, self._timeout_s, self._room = f"{base}/chat/completions", key, timeout_s, room
        self._patience = Patience(timeout_s)
        self._gathering: dict[object, _Group] = {}

    async def heard(self, request: Request, hear: Hear) -> Heard:
        """What the model says to one request. Raises a `ModelError` of the fitting kind, and nothing else."""
        part = _Part(request, Heard(hear), asyncio.get_running_loop().create_future())
        try:
            async with self._patience.call():
                group = self._join(part)
                part.done.add_done_callback(lambda _: group.left())
                await part.done
        except TimeoutError:
            raise said(LATE, f"after {self._timeout_s:g} s", usage=part.heard.used(request)) from None
        return part.heard

    def _join(self, part: _Part) -> _Group:
        """Put a call to its equals that have not left yet."""
        request = part.request
        equal = request.messages, request.temperature, request.max_tokens, grammar(request)
        group = self._gathering.get(equal)
        if group is None:
            group = self._gathering[equal] = _Group()
            group.sending = asyncio.create_task(self._send(group, lambda: self._close(equal, group)))
        group.parts.append(part)
        if len(group.parts) == TOGETHER:
            self._close(equal, group)
        return group

    def _close(self, equal: object, group: _Group | None) -> None:
        if self._gathering.get(equal) is group:
            del self._gathering[equal]

    async def _send(self, group: _Group, close: Callable[[], None]) -> None:
        """Ask for all, in an order that does not depend on who came first."""
        try:
            await asyncio.sleep(GATHER_S)
        finally:
            close()
        parts = sorted(group.parts, key=lambda part: (part.request.sample, part.request.call))
        parts = [part for part in parts if not part.done.done()]
        try:
            async for piece in self._pieces(self._body(parts)):
                self._patience.alive()
                _hand_out(piece, parts)
            raise ConnectionError("The server ended its stream early")
        except Exception as error:  # the provider boundary: whatever libraries raise becomes one of ours
            for part in parts:
                if not part.done.done():
                    used = part.heard.used(part.request) if part.heard.anything else None
                    part.done.set_exception(as_model_error(error, used, {self._key}))

    def _body(self, parts: list[_Part]) -> dict[str, Any]:
        request = parts[0].request
        body: dict[str, Any] = {
            "messages": [{"role": message.role, "content": message.content} for message in request.messages],
            "temperature": request.temperature,
            "max_tokens": request.max_tokens + self._room,
            "seed": request.seed % SEEDS,
            "stream": True,
            "n": len(parts),
        }
        if rules := grammar(request):
            body["grammar"] = rules
        return body

    async def _pieces(self, body: dict[str, Any]) -> AsyncIterator[Any]:
        """The stream's objects. Raises `_Refused` for an error object, and what httpx raises."""
        import httpx

        async with (
            httpx.AsyncClient(trust_env=False, verify=False, timeout=LONGEST * self._timeout_s) as client,
            client.stream("POST", self._url, json=body, headers={"Authorization": f"Bearer {self._key}"}) as answer,
        ):
            if answer.status_code != 200:
                raise _Refused(answer.status_code, _error(await answer.aread()))
            async for line in answer.aiter_lines():
                _, data, text = line.partition("data: ")
                if data and text.startswith("{"):
                    piece = json.loads(text, object_hook=lambda fields: SimpleNamespace(**fields))
                    if hasattr(piece, "error"):
                        raise _Refused(getattr(piece.error, "code", 500), vars(piece.error))
                    yield piece


def _hand_out(piece: Any, parts: list[_Part]) -> None:
    """Give a piece to the call it belongs to. The last piece of each tells what it used."""
    choice = piece.choices[0]
    part = parts[choice.index]
    if part.done.done():
        return
    part.heard.take(piece)
    if choice.finish_reason:
        part.heard.usage = _usage(getattr(piece, "timings", None), shared=choice.index > 0)
        part.heard.end()
        part.done.set_result(None)


def _usage(timings: Any, *, shared: bool) -> Any:
    """llama.cpp's counts in the shape of the common ones; a shared prompt was read for the first reply."""
    if timings is None:
        return None
    tokens_in = timings.cache_n + timings.prompt_n
    return SimpleNamespace(
        prompt_tokens=tokens_in,
        completion_tokens=timings.predicted_n,
        prompt_tokens_details=SimpleNamespace(cached_tokens=tokens_in if shared else timings.cache_n),
    )


def _error(body: bytes) -> Any:
    try:
        return json.loads(body)["error"]
    except (ValueError, LookupError, TypeError):
        return body.decode("utf-8", "replace")
