"""Who answers a run: from the options of the command line, or else the best that is ready."""

from __future__ import annotations

import argparse
import asyncio
import os
from typing import Any

from ttc_core.choice import ModelChoice, Team
from ttc_core.errors import BadInput
from ttc_core.models import key_from
from ttc_core.models.naming import checked_base
from ttc_core.ready import best_ready, parse_choice, remembered_team
from ttc_core.store.store import Store

MOST_PROPOSERS = 16


def chosen_team(options: argparse.Namespace, store: Store) -> tuple[Team, str]:
    """The models to ask, and why these where they were not named.

    Raises:
        BadInput: One of them cannot be asked like this.
    """
    team, why = _named(options, store)
    base = checked_base(options.api_base) if options.api_base else None
    proposers = [_with_options(choice, options, base) for choice in team.proposers]
    judge = _with_options(team.judge, options, base) if team.judge else None
    if options.api_key_env:
        first = proposers[0]
        proposers = [_with_key(choice, first.place, options.api_key_env) for choice in proposers]
        judge = judge and _with_key(judge, first.place, options.api_key_env)
    if options.judge_api_key_env:
        if judge is None:
            raise BadInput("--judge-api-key-env needs a --judge.")
        judge = judge.model_copy(update={"key_env": options.judge_api_key_env})
    return Team(proposers=tuple(proposers), judge=judge), why


def keys_for(store: Store, options: argparse.Namespace) -> dict[str, str]:
    """The key in the variable named on the command line, for the place where the run's first model is."""
    if not options.api_key_env:
        return {}
    first = store.run(store.find_run(options.run)).settings.answering.proposers[0]
    return {first.place: key_from(first.model_copy(update={"key_env": options.api_key_env})) or ""}


def _named(options: argparse.Namespace, store: Store) -> tuple[Team, str]:
    """The models as they are called, without what other options say of them."""
    why = ""
    if not options.model:
        if options.api_base:
            raise BadInput("--api-base says where a model is; say which one with --model.")
        team, why = asyncio.run(best_ready(remembered_team(store.preferences), os.environ))
    elif len(options.model) <= MOST_PROPOSERS:
        team = Team(proposers=tuple(map(parse_choice, options.model)))
    else:
        raise BadInput(f"At most {MOST_PROPOSERS} models can take turns.")
    return (team.model_copy(update={"judge": parse_choice(options.judge)}) if options.judge else team), why


def _with_options(choice: ModelChoice, options: argparse.Namespace, base: str | None) -> ModelChoice:
    """A model with the settings that were given; what was not given stays as it is."""
    given: dict[str, Any] = {
        "api_base": None if choice.simulated or choice.local or choice.api_base else base,
        "timeout_s": options.timeout,
        "effort": options.effort,
        "thinking_tokens": options.thinking_tokens,
        "price": options.price,
        "per_minute": options.requests_per_minute,
    }
    return choice.model_copy(update={name: value for name, value in given.items() if value is not None})


def _with_key(choice: ModelChoice, place: str, variable: str) -> ModelChoice:
    """A key is a place's, so everybody there is asked with it."""
    return choice.model_copy(update={"key_env": variable}) if choice.place == place else choice
