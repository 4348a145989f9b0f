"""The price table as it comes with LiteLLM, and the keys of providers."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest

from ttc_core.models.naming import NEEDS_LOGIN, checked_name
from ttc_core.models.reach import KEY_VARIABLES, PROVIDERS, STARTERS, providers_ready, reachable
from ttc_core.models.table import facts, find_models, known_models

TODAY = date(2026, 11, 1)
NOT_IN_TABLE = {"openrouter", "nvidia_nim"}
"""Providers that LiteLLM can ask, and has no prices for."""


def test_litellm_is_not_imported() -> None:
    code = "import sys; from ttc_core.models.table import known_models as f; print(len(f()), 'litellm' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    count, imported = told.stdout.split()
    assert int(count) > 1000
    assert imported == "False"


def test_every_name_can_be_written_once_and_says_its_provider() -> None:
    names = [model.name for model in known_models()]
    assert len(set(names)) == len(names)
    assert all(checked_name(name) == name for name in names)
    assert all(model.name.startswith(f"{model.provider}/") for model in known_models())
    assert not any(model.provider in NEEDS_LOGIN for model in known_models())


def test_no_templates_and_nothing_that_cannot_chat() -> None:
    odd = re.compile(r"(^|/)ft:|\d-x-\d|sample_spec|commitment|embed|whisper|dall-e|gpt-image|[*\s]")
    assert not [model.name for model in known_models() if odd.search(model.name)]


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        ("gpt-5-mini", "openai/gpt-5-mini"),
        ("claude-haiku-4-5", "anthropic/claude-haiku-4-5"),
        ("gemini/gemini-2.5-flash", "gemini/gemini-2.5-flash"),
        ("command-r-08-2024", "cohere/command-r-08-2024"),
        ("cohere_chat/command-r-08-2024", "cohere/command-r-08-2024"),
        ("amazon-nova/nova-lite-v1", "amazon_nova/nova-lite-v1"),
        ("amazon.nova-lite-v1:0", "bedrock/amazon.nova-lite-v1:0"),
        ("vertex_ai/claude-haiku-4-5", "vertex_ai/claude-haiku-4-5"),
        ("groq/openai/gpt-oss-120b", "groq/openai/gpt-oss-120b"),
    ],
)
def test_a_model_is_known_by_the_tables_name_and_by_its_own(entry: str, name: str) -> None:
    model = facts(entry)
    assert model
    assert model.name == name
    assert model is facts(name)
    assert model in known_models()


def test_what_nobody_knows_is_unknown() -> None:
    assert facts("openai/no-such-model") is None
    assert facts("") is None
    assert facts("github_copilot/gpt-4o") is None


def test_the_facts_of_a_model() -> None:
    model = facts("openai/gpt-4o-mini")
    assert model
    assert (model.context, model.max_output) == (128_000, 16_384)
    assert model.price
    assert (model.price.input, model.price.output, model.price.cached) == (1.5e-07, 6e-07, 7.5e-08)
    assert model.schema_output
    assert not model.reasoning
    thinker = facts("openai/gpt-5-mini")
    assert thinker
    assert thinker.reasoning


def test_an_unknown_price_is_not_zero() -> None:
    unknown = [model for model in known_models() if model.input is None or model.output is None]
    assert unknown
    assert all(model.price is None for model in unknown)


def test_every_word_must_be_found_whatever_its_case() -> None:
    found = find_models("Haiku CLAUDE", today=TODAY, limit=10_000)
    assert found[0].provider == "anthropic"
    assert all("haiku" in model.name.lower() and "claude" in model.name.lower() for model in found)
    assert len(found) == sum("haiku" in m.name.lower() and "claude" in m.name.lower() for m in known_models())
    assert find_models("haiku gpt-5-mini", today=TODAY) == ()


def test_makers_and_short_names_come_first_and_what_is_gone_last() -> None:
    assert find_models("gpt-5-mini", today=TODAY)[0].name == "openai/gpt-5-mini"
    assert find_models("mistral small", today=TODAY)[0].provider == "mistral"
    found = find_models("gpt", today=TODAY, limit=10_000)
    gone = [model.gone(TODAY) for model in found]
    assert any(gone)
    assert gone == sorted(gone)


def test_a_word_that_begins_a_part_of_the_name_counts_more() -> None:
    names = [model.name.lower() for model in find_models("max", today=date.min, limit=10_000)]
    parts = [bool(re.search(r"(?<![a-z0-9])max", name)) for name in names]
    assert not all(parts)
    assert parts == sorted(parts, reverse=True)


def test_no_words_find_everything_up_to_the_limit() -> None:
    assert len(find_models("", today=TODAY, limit=7)) == 7
    assert len(find_models(" ", today=TODAY, limit=10_000)) == len(known_models())


def test_a_model_is_gone_from_its_day_on() -> None:
    model = next(model for model in known_models() if model.deprecated)
    assert model.deprecated
    assert model.gone(model.deprecated)
    assert not model.gone(date.fromordinal(model.deprecated.toordinal() - 1))
    assert not facts("openai/gpt-5-mini").gone(date.max)  # type: ignore[union-attr]


@pytest.mark.parametrize("provider", [provider for provider in STARTERS if provider not in NOT_IN_TABLE])
def test_the_model_to_begin_with_is_in_the_table_and_still_offered(provider: str) -> None:
    model = facts(STARTERS[provider])
    assert model
    assert model.provider == provider
    assert not model.gone(TODAY)


def test_litellm_looks_for_keys_where_we_do() -> None:
    package = find_spec("litellm")
    assert package
    assert package.origin
    folder = Path(package.origin).parent
    shared = [folder / "main.py", folder / "litellm_core_utils/get_llm_provider_logic.py"]
    files = [*shared, *folder.glob("llms/**/*.py"), folder / "llms/openai_like/providers.json"]
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    variables = [variable for variables in KEY_VARIABLES.values() for variable in variables]
    assert [variable for variable in variables if f'"{variable}"' not in source] == []


def test_who_is_ready() -> None:
    environ = {"GOOGLE_API_KEY": "k", "OPENAI_API_KEY": " ", "OPENROUTER_API_KEY": "k", "AZURE_API_KEY": "k"}
    ready = [(row.provider, row.variable, row.model) for row in providers_ready(environ)]
    assert ready == [
        ("gemini", "GOOGLE_API_KEY", "gemini/gemini-2.5-flash"),
        ("openrouter", "OPENROUTER_API_KEY", "openrouter/openai/gpt-5-mini"),
    ]
    assert providers_ready({}) == []


def test_what_can_be_reached_names_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (name for names in KEY_VARIABLES.values() for name in names):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("XAI_API_KEY", "sk-secret")
    states = {row["name"]: row["state"] for row in reachable()}
    assert states[PROVIDERS["OPENAI_API_KEY"]] == "needs OPENAI_API_KEY"
    assert states[STARTERS["xai"]] == "XAI_API_KEY is set"
    assert STARTERS["cerebras"] not in states
    assert "sk-secret" not in str(states)


def test_names_to_begin_with_can_be_used() -> None:
    assert [checked_name(name) for name in STARTERS.values()] == [*STARTERS.values()]
