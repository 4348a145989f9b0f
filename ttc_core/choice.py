"""Which models a run asks: names, places and settings, frozen and free of secrets; a key is named, never held."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field

from ttc_core.types import Role, Usage, Value

SIMULATED = "simulated"
LOCAL = "local/"
"""How the names of models begin that run in the app's own machine."""

JUDGES: frozenset[Role] = frozenset(("compare", "select", "score", "critique", "distinguish"))
"""The roles of calls that look at others' work; all other calls make something."""

Effort = Literal["", "none", "minimal", "low", "medium", "high"]
"""How long a reasoning model may think; empty: as its provider sees fit."""


class Price(Value):
    """US dollars per token. `cached` is for prompt tokens that the provider had in its cache; None: as any other."""

    input: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    output: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    cached: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None

    def of(self, usage: Usage) -> float:
        """The cost of that many tokens."""
        again = min(usage.cached_in, usage.tokens_in) if self.cached is not None else 0
        return (usage.tokens_in - again) * self.input + again * (self.cached or 0.0) + usage.tokens_out * self.output


class ModelChoice(Value):
    """Which model, and where."""

    name: str = SIMULATED
    """``simulated``, ``simulated:accuracy=0.4``, ``local/qwen2.5-coder-0.5b``, or any LiteLLM model string."""
    api_base: str | None = None
    """Base URL of an OpenAI-compatible server, where it is not the provider's own."""
    key_env: str | None = None
    """Name of the environment variable that holds the key."""
    timeout_s: float = 120.0
    """Seconds a call may wait while the model says nothing, neither to it nor to others."""
    effort: Effort = ""
    thinking_tokens: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    """Tokens that each call may have on top for hidden thinking; None: as many as the model is known to need."""
    price: Price | None = None
    """What the user says it costs; None: what the price table says."""
    per_minute: Annotated[float, Field(gt=0, le=1_000_000)] | None = None
    """The most requests a minute; None: no bound but what the provider answers."""

    @property
    def simulated(self) -> bool:
        """Whether answers will be made up."""
        return self.name.partition(":")[0] == SIMULATED

    @property
    def place(self) -> str:
        """Where a key for this model is sent: scheme, host and port of its base URL, or else its provider's name."""
        if self.simulated or self.local:
            return ""
        if self.api_base:
            url = urlsplit(self.api_base)
            return f"{url.scheme}://{url.netloc.lower()}"
        return self.name.partition("/")[0]

    @property
    def local(self) -> bool:
        """Whether the model runs in the app's own machine, started by the app."""
        return self.name.startswith(LOCAL)


def public_name(model: str) -> str:
    """A model's name as anybody may see it: of weights of the user's own, the file without its folders."""
    return LOCAL + re.split(r"[/\\]", model)[-1] if model.startswith(LOCAL) else model


class Team(Value):
    """Who answers in one run: one proposer or several that take turns, and a judge where it is somebody else."""

    proposers: Annotated[tuple[ModelChoice, ...], Field(min_length=1, max_length=16)]
    judge: ModelChoice | None = None

    @property
    def members(self) -> tuple[ModelChoice, ...]:
        """Everybody once, the first proposer first."""
        return tuple(dict.fromkeys((*self.proposers, *([self.judge] if self.judge else []))))

    @property
    def name(self) -> str:
        """All names in few words, such as ``a + b, judged by c``."""
        return in_few_words([choice.name for choice in self.proposers], (self.judge or self.proposers[0]).name)


def in_few_words(proposers: Sequence[str], judge: str) -> str:
    """Who answers, such as ``a + b, judged by c``; the judge is named where it is not the first proposer."""
    makers = " + ".join(dict.fromkeys(proposers))
    return makers if judge == proposers[0] else f"{makers}, judged by {judge}"
