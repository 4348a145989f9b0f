"""How models and their servers are named: pure checks and readings of names; asks nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ttc_core.choice import Price
from ttc_core.errors import BadInput

OPENAI_PROVIDERS = frozenset(
    ("openai", "custom_openai", "openai_like", "hosted_vllm", "vllm", "lm_studio", "llamafile", "litellm_proxy")
)
OLLAMA_PROVIDERS = frozenset(("ollama", "ollama_chat"))

NEEDS_LOGIN = frozenset(("github_copilot", "chatgpt", "microsoft_365_copilot"))
"""Providers whose first use waits for somebody to log in through a browser."""


def checked_name(name: str) -> str:
    """A model's name. Raises BadInput where it cannot be one."""
    name = name.strip()
    if not name or not name.isprintable() or " " in name:
        raise BadInput("A model's name is one word, such as openai/gpt-5-mini.")
    if "://" in name:
        raise BadInput("A model's name holds no URL; give the server's address as base URL.")
    if name.partition("/")[0] in NEEDS_LOGIN:
        raise BadInput(f"{name.partition('/')[0]} asks for a login in a browser, which cannot be done here.")
    return name


def checked_base(url: str) -> str:
    """A base URL without what clients add to it. Raises BadInput unless it is http(s), with a host, without a key."""
    url = url.strip().rstrip("/").removesuffix("/chat/completions")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or not url.isprintable() or " " in url:
        raise BadInput("A base URL looks like https://host/v1 or http://localhost:8000/v1.")
    if parts.username is not None or parts.password is not None:
        raise BadInput("A base URL holds no user name or password; enter the key by itself.")
    if parts.query or parts.fragment:
        raise BadInput("A base URL ends with its path, such as /v1, without ? or #.")
    return url


def on_server(name: str, base: str) -> tuple[str, str]:
    """The model's name as the server at a base URL knows it, and the base URL to use.

    A first part that only says "an OpenAI-compatible server" is LiteLLM's and is dropped; any other belongs to the
    name, as in ``meta-llama/Llama-3.1-8B-Instruct``. Ollama speaks the common language under ``/v1``.
    """
    provider, slash, rest = name.partition("/")
    if not slash or provider not in OPENAI_PROVIDERS | OLLAMA_PROVIDERS:
        return name, base
    if provider in OLLAMA_PROVIDERS and not urlsplit(base).path:
        return rest, f"{base}/v1"
    return rest, base


def price_in(table: Mapping[str, Mapping[str, Any]], name: str, bare: str, provider: str) -> Price | None:
    """What a model costs by LiteLLM's table, which lists some with their provider in the name and some without.

    Args:
        table: Entries by name.
        name: As the user wrote it.
        bare: Without the provider.
        provider: As LiteLLM calls it.
    """
    for key in (f"{provider}/{bare}", name, bare):
        entry = table.get(key, {})
        into, out = entry.get("input_cost_per_token"), entry.get("output_cost_per_token")
        if entry.get("litellm_provider") == provider and into is not None and out is not None:
            return Price(input=into, output=out, cached=entry.get("cache_read_input_token_cost"))
    return None
