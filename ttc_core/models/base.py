"""The seam between a run and whoever answers: one protocol, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ttc_core.choice import Price
from ttc_core.types import Reply, Request

Hear = Callable[[str], None]
"""Takes each new piece of a reply's text as it comes."""


class Model(Protocol):
    """Anything that can answer a request.

    `complete` raises a `ModelError` of the fitting kind and nothing else, makes one attempt (retrying is the run's
    business), and leaves nothing open behind when its task is cancelled.
    """

    name: str
    """As the user wrote it, such as ``simulated:accuracy=0.4`` or ``openai/gpt-5-mini``."""
    simulated: bool
    """True where answers are made up by a model of ours, and must be shown as such."""
    price: Price | None
    """None where nobody knows; zero for models that cost nothing."""
    room: int
    """Tokens that every call is allowed on top, for thinking that does not show; 0 for models that do not think."""
    context: int | None
    """Tokens that prompt and reply may have together; None where nobody knows."""

    async def complete(self, request: Request, hear: Hear) -> Reply:
        """One answer to one request, its text also passed to `hear` piece by piece where the model can stream."""
        ...
