"""Names and addresses of models are read alike everywhere."""

from __future__ import annotations

import pytest

from ttc_core.choice import Price
from ttc_core.errors import BadInput
from ttc_core.models.naming import checked_base, checked_name, on_server, price_in

TABLE = {
    "gpt-x": {"litellm_provider": "openai", "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6},
    "acme/gpt-x": {"litellm_provider": "acme", "input_cost_per_token": 5e-6, "output_cost_per_token": 6e-6},
    "free/one": {"litellm_provider": "free", "input_cost_per_token": 0.0, "output_cost_per_token": 0.0},
    "cached": {
        "litellm_provider": "openai",
        "input_cost_per_token": 1e-6,
        "output_cost_per_token": 2e-6,
        "cache_read_input_token_cost": 1e-7,
    },
    "picture": {"litellm_provider": "openai", "output_cost_per_image": 0.1},
}


@pytest.mark.parametrize(
    ("name", "bare", "provider", "price"),
    [
        ("gpt-x", "gpt-x", "openai", Price(input=1e-6, output=2e-6)),
        ("openai/gpt-x", "gpt-x", "openai", Price(input=1e-6, output=2e-6)),
        ("acme/gpt-x", "gpt-x", "acme", Price(input=5e-6, output=6e-6)),
        ("free/one", "one", "free", Price(input=0, output=0)),
        ("other/gpt-x", "gpt-x", "other", None),
        ("openai/cached", "cached", "openai", Price(input=1e-6, output=2e-6, cached=1e-7)),
        ("openai/picture", "picture", "openai", None),
        ("openai/new", "new", "openai", None),
    ],
)
def test_a_price_is_found_only_for_the_model_of_that_provider(
    name: str, bare: str, provider: str, price: Price | None
) -> None:
    assert price_in(TABLE, name, bare, provider) == price


@pytest.mark.parametrize(
    ("name", "base", "expected"),
    [
        ("m", "http://h/v1", ("m", "http://h/v1")),
        ("openai/m", "http://h/v1", ("m", "http://h/v1")),
        ("openai/openai/m", "http://h/v1", ("openai/m", "http://h/v1")),
        ("google/gemma-3", "http://h/v1", ("google/gemma-3", "http://h/v1")),
        ("ollama/llama3:8b", "http://h:11434", ("llama3:8b", "http://h:11434/v1")),
        ("ollama_chat/llama3", "http://h:11434/v1", ("llama3", "http://h:11434/v1")),
    ],
)
def test_a_name_is_put_as_the_server_knows_it(name: str, base: str, expected: tuple[str, str]) -> None:
    assert on_server(name, base) == expected


@pytest.mark.parametrize("url", ["http://localhost:8000/v1", "https://api.example.com", "http://[::1]:9000/v1"])
def test_a_proper_base_url_stays_as_it_is(url: str) -> None:
    assert checked_base(url) == url


@pytest.mark.parametrize("provider", ["github_copilot", "chatgpt", "microsoft_365_copilot"])
def test_who_wants_a_login_in_a_browser_cannot_be_asked(provider: str) -> None:
    with pytest.raises(BadInput, match="login in a browser"):
        checked_name(f"{provider}/some-model")
