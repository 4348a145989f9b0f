"""A model that plays back what was answered before; it knows requests only by their key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from ttc_core.choice import Price
from ttc_core.errors import BadRequest
from ttc_core.events import Logged
from ttc_core.events.kinds import CallFinished, CallStarted
from ttc_core.models.base import Hear, Model
from ttc_core.types import Reply, Request


def request_key(request: Request, model: str) -> str:
    """SHA-256, in hex, of all that a reply depends on: the words, how they are sampled, and who is asked.

    Where the call stands is not part of it, so a fork that asks the same elsewhere finds the same reply.
    """
    asked = request.model_dump(include={"role", "messages", "sample", "temperature", "max_tokens", "seed"})
    words = json.dumps({**asked, "model": model}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(words.encode()).hexdigest()


def replies_of(log: Iterable[Logged]) -> dict[str, Reply]:
    """The replies of a log by request key. Where one request was answered twice, the first answer stands."""
    keys: dict[str, str] = {}
    replies: dict[str, Reply] = {}
    for logged in log:
        match logged.event:
            case CallStarted() as event:
                keys[event.call] = event.key
            case CallFinished() as event if event.call in keys:
                replies.setdefault(keys[event.call], Reply.model_validate(event.model_dump()))
    return replies


class RecordedModel:
    """Gives recorded replies at once, and asks the model behind it for the rest."""

    def __init__(self, replies: Mapping[str, Reply], name: str, behind: Model | None = None) -> None:
        """
        Args:
            replies: What was answered, by request key.
            name: The name of the model that answered; it is part of the key.
            behind: Who answers what is not recorded.
        """
        self.name = name
        self.simulated = behind.simulated if behind else any(reply.simulated for reply in replies.values())
        self.price: Price | None = behind.price if behind else Price(input=0, output=0)
        self.room = behind.room if behind else 0
        self.context = behind.context if behind else None
        self._replies, self._behind = replies, behind

    async def complete(self, request: Request, hear: Hear) -> Reply:
        """The recorded reply, or that of the model behind.

        Raises:
            BadRequest: the recording does not hold this call, and no model is behind it.
        """
        reply = self._replies.get(request_key(request, self.name))
        if reply is not None:
            hear(reply.text)
            return reply
        if self._behind is None:
            raise BadRequest(f"The recording does not hold the call {request.call}; choose a model that can answer it.")
        return await self._behind.complete(request, hear)
