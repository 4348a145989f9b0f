"""Which models can be reached from here: keys in the environment and the simulated model; asks nobody."""

from __future__ import annotations

import os

PROVIDERS = {
    "OPENAI_API_KEY": "openai/gpt-5-mini",
    "ANTHROPIC_API_KEY": "anthropic/claude-haiku-4-5",
    "GEMINI_API_KEY": "gemini/gemini-2.5-flash",
    "MISTRAL_API_KEY": "mistral/mistral-small-latest",
    "GROQ_API_KEY": "groq/llama-3.3-70b-versatile",
    "DEEPSEEK_API_KEY": "deepseek/deepseek-chat",
    "OPENROUTER_API_KEY": "openrouter/openai/gpt-5-mini",
    "TOGETHERAI_API_KEY": "together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo",
}
"""The environment variable that each provider's key is looked for in, with a model to start from."""


def reachable() -> list[dict[str, str]]:
    """Models one could start from, with whether their key is there. Keys themselves are never shown."""
    rows = [{"name": "simulated", "state": "ready; needs no key, answers are made up"}]
    for variable, model in PROVIDERS.items():
        there = bool(os.environ.get(variable, "").strip())
        rows.append({"name": model, "state": f"{variable} is set" if there else f"needs {variable}"})
    return rows
