"""Which providers can be reached from here: whose key is in the environment, and what to ask there; asks nobody."""

from __future__ import annotations

import os
from collections.abc import Mapping

from ttc_core.types import Value

_PROVIDERS: dict[str, tuple[str, ...]] = {
    "openai": ("gpt-5-mini", "OPENAI_API_KEY"),
    "anthropic": ("claude-haiku-4-5", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"),
    "gemini": ("gemini-2.5-flash", "GEMINI_API_KEY", "GOOGLE_API_KEY"),
    "mistral": ("mistral-small-latest", "MISTRAL_API_KEY"),
    "deepseek": ("deepseek-v4-flash", "DEEPSEEK_API_KEY"),
    "xai": ("grok-4.20-non-reasoning", "XAI_API_KEY"),
    "cohere": ("command-r-08-2024", "COHERE_API_KEY", "CO_API_KEY"),
    "moonshot": ("kimi-k2.5", "MOONSHOT_API_KEY"),
    "zai": ("glm-5.3-flash", "ZAI_API_KEY"),
    "minimax": ("MiniMax-M2.5", "MINIMAX_API_KEY"),
    "dashscope": ("qwen-flash", "DASHSCOPE_API_KEY"),
    "perplexity": ("sonar", "PERPLEXITYAI_API_KEY", "PERPLEXITY_API_KEY"),
    "ai21": ("jamba-mini-1.7", "AI21_API_KEY"),
    "meta": ("muse-spark-1.3", "META_API_KEY"),
    "meta_llama": ("Llama-3.3-70B-Instruct", "LLAMA_API_KEY"),
    "amazon_nova": ("nova-lite-v1", "AMAZON_NOVA_API_KEY"),
    "tencent": ("deepseek-v4-flash", "TENCENT_API_KEY"),
    "xiaomi_mimo": ("mimo-v2.6-flash", "XIAOMI_MIMO_API_KEY"),
    "inception": ("mercury-2", "INCEPTION_API_KEY"),
    "codestral": ("codestral-latest", "CODESTRAL_API_KEY"),
    "volcengine": ("doubao-seed-2-0-mini-260215", "VOLCENGINE_API_KEY", "ARK_API_KEY"),
    "groq": ("openai/gpt-oss-120b", "GROQ_API_KEY"),
    "cerebras": ("gpt-oss-120b", "CEREBRAS_API_KEY"),
    "sambanova": ("gpt-oss-120b", "SAMBANOVA_API_KEY"),
    "openrouter": ("openai/gpt-5-mini", "OPENROUTER_API_KEY", "OR_API_KEY"),
    "together_ai": (
        "openai/gpt-oss-120b",
        "TOGETHERAI_API_KEY",
        "TOGETHER_API_KEY",
        "TOGETHER_AI_API_KEY",
        "TOGETHER_AI_TOKEN",
    ),
    "fireworks_ai": (
        "accounts/fireworks/models/deepseek-v4p1-flash",
        "FIREWORKS_AI_API_KEY",
        "FIREWORKS_API_KEY",
        "FIREWORKSAI_API_KEY",
        "FIREWORKS_AI_TOKEN",
    ),
    "deepinfra": ("openai/gpt-oss-120b", "DEEPINFRA_API_KEY"),
    "nebius": ("openai/gpt-oss-120b", "NEBIUS_API_KEY"),
    "novita": ("meta-llama/llama-3.3-70b-instruct", "NOVITA_API_KEY"),
    "nvidia_nim": ("meta/llama-3.3-70b-instruct", "NVIDIA_NIM_API_KEY"),
    "hyperbolic": ("meta-llama/Llama-3.3-70B-Instruct", "HYPERBOLIC_API_KEY"),
    "lambda_ai": ("llama3.3-70b-instruct-fp8", "LAMBDA_API_KEY"),
    "nscale": ("meta-llama/Llama-3.3-70B-Instruct", "NSCALE_API_KEY"),
    "friendliai": ("zai-org/GLM-5.3-Flash", "FRIENDLIAI_API_KEY", "FRIENDLI_TOKEN"),
    "baseten": ("openai/gpt-oss-120b", "BASETEN_API_KEY"),
    "crusoe": ("openai/gpt-oss-120b", "CRUSOE_API_KEY"),
    "scaleway": ("openai/gpt-oss-120b", "SCW_SECRET_KEY"),
    "ovhcloud": ("gpt-oss-120b", "OVHCLOUD_API_KEY"),
    "publicai": ("swiss-ai/apertus-70b-instruct", "PUBLICAI_API_KEY"),
    "tensormesh": ("openai/gpt-oss-120b", "TENSORMESH_INFERENCE_API_KEY"),
    "featherless_ai": ("featherless-ai/Qwerky-72B", "FEATHERLESS_AI_API_KEY", "FEATHERLESS_API_KEY"),
    "wandb": ("openai/gpt-oss-120b", "WANDB_API_KEY"),
    "gradient_ai": ("llama3.3-70b-instruct", "GRADIENT_AI_API_KEY"),
    "gmi": ("openai/gpt-4o-mini", "GMI_API_KEY"),
    "aihubmix": ("gpt-5.4-mini", "AIHUBMIX_API_KEY"),
    "replicate": ("openai/gpt-5-mini", "REPLICATE_API_KEY", "REPLICATE_API_TOKEN"),
    "vercel_ai_gateway": ("meta/llama-3.3-70b", "VERCEL_AI_GATEWAY_API_KEY"),
    "huggingface": ("", "HUGGINGFACE_API_KEY", "HF_TOKEN"),
    "github": ("", "GITHUB_API_KEY"),
    "azure": ("", "AZURE_API_KEY", "AZURE_OPENAI_API_KEY"),
    "azure_ai": ("", "AZURE_AI_API_KEY"),
    "bedrock": ("", "AWS_BEARER_TOKEN_BEDROCK", "AWS_ACCESS_KEY_ID"),
    "databricks": ("", "DATABRICKS_API_KEY"),
    "watsonx": ("", "WATSONX_APIKEY", "WATSONX_API_KEY", "WX_API_KEY"),
    "cloudflare": ("", "CLOUDFLARE_API_KEY"),
}
"""By LiteLLM's name of the provider: a good and cheap model to begin with, and where LiteLLM looks for the key.

Makers of models come first, then those who serve what others made. Those without a model need more than a key, such as
an address or a name that the user gave.
"""

KEY_VARIABLES = {provider: tuple(variables) for provider, (_, *variables) in _PROVIDERS.items()}
"""The environment variables that may hold a provider's key; any one of them is enough."""

STARTERS = {provider: f"{provider}/{model}" for provider, (model, *_) in _PROVIDERS.items() if model}
"""The model to begin with, as LiteLLM wants it written."""

FAMILIAR = ("openai", "anthropic", "gemini", "mistral", "groq", "deepseek", "openrouter", "together_ai")
"""The providers to suggest to those who have no key yet."""

PROVIDERS = {KEY_VARIABLES[provider][0]: STARTERS[provider] for provider in FAMILIAR}
"""The variable and the first model of each familiar provider."""


class ReadyProvider(Value):
    """A provider whose key is there."""

    provider: str
    variable: str
    """The environment variable that holds the key."""
    model: str
    """A model to begin with."""


def providers_ready(environ: Mapping[str, str]) -> list[ReadyProvider]:
    """Providers whose key alone is enough, and is set; makers of models first. Keys themselves are never shown."""
    return [
        ReadyProvider(provider=provider, variable=variable, model=model)
        for provider, model in STARTERS.items()
        if (variable := _set_variable(provider, environ))
    ]


def reachable() -> list[dict[str, str]]:
    """Models one could start from, with whether their key is there: the familiar ones, and whatever else is ready."""
    rows = [{"name": "simulated", "state": "ready; needs no key, answers are made up"}]
    ready = {row.provider: row.variable for row in providers_ready(os.environ)}
    for provider in dict.fromkeys((*FAMILIAR, *ready)):
        there = f"{ready[provider]} is set" if provider in ready else f"needs {KEY_VARIABLES[provider][0]}"
        rows.append({"name": STARTERS[provider], "state": there})
    return rows


def _set_variable(provider: str, environ: Mapping[str, str]) -> str | None:
    return next((name for name in KEY_VARIABLES[provider] if environ.get(name, "").strip()), None)
