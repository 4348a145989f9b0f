"""What came of one request: text, thinking and usage, gathered from pieces in the shapes that LiteLLM passes on.

Imports no provider's library, and knows nothing of how requests are sent.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ttc_core.models.base import Hear
from ttc_core.models.provider_errors import BROKE_OFF, NONSENSE, said
from ttc_core.types import Request, Usage

OPENING, CLOSING = "<think>", "</think>"


class Heard:
    """A reply on its way. Thoughts go to `thinking`, also those that a model writes as `<think>` before its answer."""

    def __init__(self, hear: Hear) -> None:
        self.text = self.thinking = self.refusal = ""
        self.finish: str | None = None
        self.usage: Any = None
        self.chosen = False
        """Whether the latest piece was one of a reply; usage by itself comes last."""
        self._hear = hear
        self._thought = False
        self._undecided: str | None = ""
        """What has come while it may still be, or is, a thought inside the text; None once the answer has begun."""

    @property
    def anything(self) -> bool:
        """Whether a reply has begun."""
        return bool(self.text or self.thinking or self.refusal or self._undecided)

    def take(self, piece: Any) -> None:
        """One piece of a stream, or a whole response."""
        choice = piece.choices[0] if piece.choices else None
        self.chosen = choice is not None
        self.usage = getattr(piece, "usage", None) or self.usage
        if choice is None:
            return
        message = getattr(choice, "delta", None) or getattr(choice, "message", None)
        self.finish = choice.finish_reason or self.finish
        self.thinking += _words(message, "reasoning_content") or _words(message, "reasoning")
        self.refusal += _words(message, "refusal")
        if words := _words(message, "content"):
            self._take_words(words)

    def end(self) -> None:
        """Nothing more comes: a thought that was not closed stays one, and what only looked like one is text."""
        rest, self._undecided = self._undecided or "", None
        if rest.lstrip().startswith(OPENING):
            self.thinking += rest.lstrip().removeprefix(OPENING)
        elif rest:
            self._say(rest)

    def _take_words(self, words: str) -> None:
        if self._undecided is None:
            self._say(words)
            return
        self._undecided += words
        bare = self._undecided.lstrip()
        if bare.startswith(OPENING):
            thought, closed, rest = bare.removeprefix(OPENING).partition(CLOSING)
            if closed:
                self.thinking += thought
                self._undecided, self._thought = None, True
                self._say(rest)
        elif not OPENING.startswith(bare):
            words, self._undecided = self._undecided, None
            self._say(words)

    def _say(self, words: str) -> None:
        if self._thought and not self.text:
            words = words.lstrip()  # what parts the answer from the thought
        if words:
            self.text += words
            self._hear(words)

    def used(self, request: Request) -> Usage:
        """What the attempt used: as reported, else four characters a token."""
        usage = _reported(self.usage) if self.usage else Usage()
        thoughts, words = len(self.thinking), len(self.text) + len(self.refusal) + len(self._undecided or "")
        if not usage.total:
            tokens_in = sum(-(-len(message.content) // 4) for message in request.messages)
            usage = Usage(tokens_in=tokens_in, tokens_out=-(-(thoughts + words) // 4), estimated=True)
        if thoughts and not usage.reasoning_out:
            hidden = round(usage.tokens_out * thoughts / (thoughts + words))
            usage = usage.model_copy(update={"reasoning_out": hidden})
        return usage


async def hear_stream(stream: Any, heard: Heard, alive: Callable[[], None], *, own_client: bool) -> None:
    """Read a stream to its end, and tell an end from a break.

    LiteLLM makes up a finish reason and a usage where none came. Our own client's stream is read past it, at half the
    cost; of others its notes tell what came.

    Args:
        stream: As LiteLLM gave it.
        heard: Takes the pieces.
        alive: Called for each of them.
        own_client: Whether the request went out through a client of ours.

    Raises:
        BadReply, ModelUnavailable: nothing came, or no end.
    """
    async for piece in stream.completion_stream if own_client else stream:
        alive()
        heard.take(piece)
        if heard.finish and heard.usage and not own_client:
            break  # all is there; the rest is LiteLLM's own bookkeeping
    if not own_client:
        heard.finish = stream.received_finish_reason or stream.intermittent_finish_reason
        heard.usage = heard.usage if any(getattr(piece, "usage", None) for piece in stream.chunks) else None
    summed_up = own_client and heard.usage and not heard.chosen  # usage by itself comes last
    if not heard.finish and not summed_up:
        raise said(BROKE_OFF if heard.anything else NONSENSE)


def is_whole(stream: Any) -> bool:
    """Whether a server that was asked for a stream sends one JSON object instead."""
    headers = getattr(getattr(stream.completion_stream, "response", None), "headers", {})
    return str(headers.get("content-type", "")).startswith("application/json")


async def read_whole(stream: Any) -> dict[str, Any]:
    """That object. Raises BadReply where it is no answer."""
    whole = json.loads(await stream.completion_stream.response.aread())
    if not isinstance(whole, dict) or not whole.get("choices"):
        raise said(NONSENSE)
    return whole


def _words(message: Any, field: str) -> str:
    words = getattr(message, field, None)
    return words if isinstance(words, str) else ""


def _reported(usage: Any) -> Usage:
    """Counts as providers name them. Some count thinking apart from the completion, but within the total."""
    prompt, completion = (getattr(usage, f"{part}_tokens_details", None) for part in ("prompt", "completion"))
    tokens_in, tokens_out = _count(usage, "prompt_tokens"), _count(usage, "completion_tokens")
    reasoning = _count(completion, "reasoning_tokens")
    if reasoning and _count(usage, "total_tokens") == tokens_in + tokens_out + reasoning:
        tokens_out += reasoning
    cached = (
        _count(prompt, "cached_tokens")
        or _count(usage, "prompt_cache_hit_tokens")  # DeepSeek
        or _count(usage, "cache_read_input_tokens")  # Anthropic
    )
    return Usage(
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        cached_in=min(cached, tokens_in),
        reasoning_out=min(reasoning, tokens_out),
    )


def _count(counts: Any, field: str) -> int:
    count = counts.get(field) if isinstance(counts, dict) else getattr(counts, field, None)
    return count if isinstance(count, int) and count > 0 else 0
