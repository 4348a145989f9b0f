"""Trying whether a model can be reached: one tiny call; knows nothing of which model it is."""

from __future__ import annotations

import time

from ttc_core.models.base import Model
from ttc_core.types import Message, Problem, Request

QUESTION = "Reply with one word: ready"


async def try_connection(model: Model) -> str:
    """Ask for one word, and say in a sentence that it came.

    Raises:
        ModelError: it did not; the message says why and what to do.
    """
    request = Request(
        call="connection",
        role="propose",
        node="connection",
        messages=(Message(role="user", content=QUESTION),),
        problem=Problem(id="connection", text=QUESTION),
        max_tokens=64,
    )
    start = time.monotonic()
    reply = await model.complete(request, lambda piece: None)
    return f"{model.name} answered in {time.monotonic() - start:.1f} s, using {reply.usage.total} tokens."
