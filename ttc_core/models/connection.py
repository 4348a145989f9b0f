"""Trying whether a model can be reached: one tiny call; knows nothing of which model it is."""

from __future__ import annotations

import time

from ttc_core.errors import NotSupported
from ttc_core.models.base import Model
from ttc_core.types import Message, Problem, Reply, Request

QUESTION = "Reply with one word: ready"
MAX_TOKENS = 512
"""Far more than a word takes: some models think before they say it, though nobody knows."""


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
        max_tokens=MAX_TOKENS + model.room,
    )
    start = time.monotonic()
    reply = await _answer(model, request)
    return f"{model.name} answered in {time.monotonic() - start:.1f} s, using {reply.usage.total} tokens."


async def _answer(model: Model, request: Request) -> Reply:
    """The reply, asked for again where the model has learned to do without something."""
    while True:
        try:
            return await model.complete(request, lambda piece: None)
        except NotSupported:  # at most once for each thing that it can do without
            continue
