"""A model that answers as a function says, for tests and demos; it knows nothing of what is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ttc_core.choice import Price
from ttc_core.errors import ModelError
from ttc_core.models.base import Hear
from ttc_core.types import Reply, Request, Usage

FREE = Price(input=0, output=0)


class ScriptedModel:
    """Answers with what a function makes of the request, never with what was asked before."""

    def __init__(
        self,
        answer: Callable[[Request], str | Reply | ModelError],
        *,
        delay: Callable[[Request], float] | None = None,
        name: str = "scripted",
        simulated: bool = True,
        room: int = 0,
        context: int | None = None,
        price: Price | None = FREE,
    ) -> None:
        """
        Args:
            answer: The reply, its bare text, or the error to fail with (returned or raised).
            delay: Seconds before the reply, to shuffle the order of arrival; none if not given.
            name: The model's name.
            simulated: Whether replies are to be shown as made up.
            room: Tokens on top for thinking.
            context: Tokens that prompt and reply may have together.
            price: Dollars per token, for replies given as bare text.
        """
        self.name, self.simulated, self.price = name, simulated, price
        self.room, self.context = room, context
        self._answer, self._delay = answer, delay

    async def complete(self, request: Request, hear: Hear) -> Reply:
        """What the function answers, after the delay; bare text counts four characters as a token."""
        await asyncio.sleep(self._delay(request) if self._delay else 0)
        answer = self._answer(request)
        if isinstance(answer, ModelError):
            raise answer
        reply = self._reply(answer, request) if isinstance(answer, str) else answer
        hear(reply.text)
        return reply

    def _reply(self, text: str, request: Request) -> Reply:
        asked = sum(len(message.content) for message in request.messages)
        usage = Usage(tokens_in=max(1, asked // 4), tokens_out=max(1, len(text) // 4))
        cost = self.price.of(usage) if self.price else None
        return Reply(text=text, usage=usage, cost=cost, model=self.name, simulated=self.simulated)
