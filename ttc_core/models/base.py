"""The seam between a run and whoever answers: one protocol, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ttc_core.types import Reply, Request, Usage, Value

Hear = Callable[[str], None]
"""Takes each new piece of a reply's text as it comes."""


class Price(Value):
    """US dollars per token."""

    input: float
    output: float

    def of(self, usage: Usage) -> float:
        """The cost of that many tokens."""
        return usage.tokens_in * self.input + usage.tokens_out * self.output


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

    async def complete(self, request: Request, hear: Hear) -> Reply:
        """One answer to one request, its text also passed to `hear` piece by piece where the model can stream."""
        ...
