"""The models of the price table that LiteLLM brings along: names, sizes and prices; asks nobody.

LiteLLM itself is not imported for it: that takes seconds, reading the table a twentieth of one.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from ttc_core.choice import Price
from ttc_core.models.naming import NEEDS_LOGIN
from ttc_core.models.reach import KEY_VARIABLES
from ttc_core.types import Value

FILE = "model_prices_and_context_window_backup.json"

MODES = ("chat", "responses", "completion")
"""What LiteLLM can ask with chat messages; it carries them over where the provider has another door."""

LEFT_OUT = NEEDS_LOGIN.union(
    ("microsoft_365_copilot",),  # wants a login in a browser, too
    ("azure_text", "text-completion-openai", "text-completion-codestral", "text-completion-inception"),  # no chat
    ("anyscale", "coralbricks", "inferenceapis", "openinfer", "scaledown"),  # priced, yet LiteLLM cannot ask them
)
"""Providers of the table whose models cannot be asked from here."""

NOT_A_MODEL = re.compile(r"(^|/)ft:|[*\s]|-commitment/|^openai/container|^together-ai-")
"""Templates for fine-tunes, classes of prices and rented machines."""

NOT_FOR_CHAT = re.compile(
    r"guard|embed|ocr\b|lyria|-tts\b|-audio\b|granite-ttm|\bo\d(-mini)?-deep-research|/deep-research-|computer-use|-image$"
)
"""Models that sort, read, draw or sing, and those that want tools which are not given here."""

BY_OTHER_NAMES = {"bedrock_converse": "bedrock", "cohere_chat": "cohere", "amazon-nova": "amazon_nova"}
"""Providers that the table or LiteLLM call otherwise, and how they are called here."""


class KnownModel(Value):
    """What the table says of one model. Prices in US dollars per token, before surcharges for very long prompts."""

    name: str
    """As LiteLLM wants it written, such as ``openai/gpt-5-mini``."""
    provider: str
    context: int | None = None
    """The most tokens that it can read."""
    max_output: int | None = None
    input: float | None = None
    output: float | None = None
    cached: float | None = None
    """For prompt tokens that the provider had in its cache."""
    reasoning: bool = False
    """Whether it thinks before it answers."""
    schema_output: bool = False
    """Whether its answers can be bound to a JSON schema."""
    deprecated: date | None = None
    """When its provider takes it away, or did."""

    @property
    def price(self) -> Price | None:
        """None where the table does not know what it costs."""
        if self.input is None or self.output is None:
            return None
        return Price(input=self.input, output=self.output, cached=self.cached)

    def gone(self, today: date) -> bool:
        """Whether its provider no longer offers it."""
        return self.deprecated is not None and self.deprecated <= today


@functools.cache
def known_models() -> tuple[KnownModel, ...]:
    """Every model of the table that can be asked with chat messages, those of their makers first; each once."""
    return tuple(sorted(dict.fromkeys(_named().values()), key=_rank))


def find_models(words: str, *, limit: int = 50, today: date | None = None) -> tuple[KnownModel, ...]:
    """Models whose name holds every word, whatever its case, the likeliest first.

    Those still offered come first, then those where the words begin a part of the name, then makers before those who
    serve others' models, then short names.

    Args:
        words: Parted by spaces; none finds everything.
        limit: How many at most.
        today: The day by which models are gone; the present one if not given.
    """
    day = today or date.today()
    wanted = words.lower().split()
    starts = [re.compile(rf"(?<![a-z0-9]){re.escape(word)}") for word in wanted]

    def order(model: KnownModel) -> tuple[bool, int, tuple[int, int, str]]:
        name = model.name.lower()
        return model.gone(day), sum(not start.search(name) for start in starts), _rank(model)

    found = [model for model in known_models() if all(word in model.name.lower() for word in wanted)]
    return tuple(sorted(found, key=order)[:limit])


def facts(name: str) -> KnownModel | None:
    """What is known of a model by the name its user gave, with its provider or, as far as LiteLLM allows, without.

    Not for models behind a base URL: a server may call its model as it likes.
    """
    provider, slash, bare = name.strip().partition("/")
    return _named().get(f"{BY_OTHER_NAMES.get(provider, provider)}{slash}{bare}")


@functools.cache
def _named() -> dict[str, KnownModel]:
    """By full name and by the table's own. An entry under its full name wins over one without its provider."""
    named: dict[str, KnownModel] = {}
    short: dict[str, KnownModel] = {}
    for entry_name, entry in _read_table().items():
        model = _known(entry_name, entry)
        if model and model.name == entry_name:
            named[entry_name] = model
        elif model:
            short[entry_name] = model
    for entry_name, model in short.items():
        named.setdefault(entry_name, named.setdefault(model.name, model))
    return named


def _read_table() -> dict[str, Any]:
    """The table's file. Looking for the package does not import it. Empty where LiteLLM is not installed."""
    package = importlib.util.find_spec("litellm")
    if package is None or package.origin is None:
        return {}
    table: dict[str, Any] = json.loads((Path(package.origin).parent / FILE).read_text(encoding="utf-8"))
    return table


def _known(entry_name: str, entry: dict[str, Any]) -> KnownModel | None:
    """A table's entry as a model, or None where it is none that could be asked."""
    listed = str(entry.get("litellm_provider", ""))
    if entry.get("mode") not in MODES or listed in LEFT_OUT:
        return None
    if NOT_A_MODEL.search(entry_name) or NOT_FOR_CHAT.search(entry_name):
        return None
    provider = "vertex_ai" if listed.startswith("vertex_ai-") else BY_OTHER_NAMES.get(listed, listed)
    first, _, rest = entry_name.partition("/")
    bare = rest if BY_OTHER_NAMES.get(first, first) == provider else entry_name
    return KnownModel(
        name=f"{provider}/{bare}",
        provider=provider,
        context=_count(entry.get("max_input_tokens")),
        max_output=_count(entry.get("max_output_tokens")),
        input=_dollars(entry.get("input_cost_per_token")),
        output=_dollars(entry.get("output_cost_per_token")),
        cached=_dollars(entry.get("cache_read_input_token_cost")),
        reasoning=entry.get("supports_reasoning") is True,
        schema_output=entry.get("supports_response_schema") is True,
        deprecated=_day(entry.get("deprecation_date")),
    )


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None


def _dollars(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and 0 <= value < 1 else None


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _rank(model: KnownModel) -> tuple[int, int, str]:
    return _places().get(model.provider, len(KEY_VARIABLES)), len(model.name), model.name


@functools.cache
def _places() -> dict[str, int]:
    return {provider: place for place, provider in enumerate(KEY_VARIABLES)}
