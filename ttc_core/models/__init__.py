"""Who answers: the model protocol, its implementations, and the one place that opens a model by name."""

from __future__ import annotations

import os
from collections.abc import Callable

from ttc_core.choice import ModelChoice
from ttc_core.errors import BadInput
from ttc_core.models.base import Model
from ttc_core.types import Reference


def key_from(choice: ModelChoice) -> str | None:
    """The key that the choice names. Raises BadInput where the variable is not set."""
    if choice.key_env is None:
        return None
    key = os.environ.get(choice.key_env, "").strip()
    if not key:
        raise BadInput(f"The environment variable {choice.key_env} is not set; put the key there first.")
    return key


async def open_model(
    choice: ModelChoice,
    *,
    key: str | None = None,
    reference: Reference | None = None,
    same: Callable[[str, str], bool] = str.__eq__,
    seed: int = 0,
) -> Model:
    """The model of that name, ready to answer.

    Args:
        choice: Which one.
        key: The provider's key, for this model alone.
        reference: What is right; only the simulated model ever sees it.
        same: Whether two answers to the problem are equivalent; for the simulated model.
        seed: Fixes what the simulated model says.

    Raises:
        BadInput: the name, its settings or the base URL cannot be used, or its weights are not there.
    """
    if not choice.name.strip():
        raise BadInput("No model was named; try simulated, or a LiteLLM model string such as openai/gpt-5-mini.")
    if choice.simulated:
        from ttc_core.models.simulated import SimulatedModel, SimulatedSettings

        settings = SimulatedSettings.parse(choice.name.partition(":")[2])
        return SimulatedModel(settings, reference, seed, same=same, name=choice.name)
    if choice.local:
        from ttc_core.models.local import open_local

        return await open_local(choice)
    from ttc_core.models.litellm import open_litellm

    return await open_litellm(
        choice.name,
        api_base=choice.api_base,
        api_key=key,
        timeout_s=choice.timeout_s,
        price=choice.price,
        effort=choice.effort,
        room=choice.thinking_tokens,
    )
