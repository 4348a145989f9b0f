"""The best model that can answer right now without asking anybody for anything, and why it is that one.

Knows nothing of pages and of the command line.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from importlib.util import find_spec
from urllib.parse import urlsplit

from pydantic import ValidationError

from ttc_core.choice import ModelChoice, Team
from ttc_core.errors import BadInput
from ttc_core.models.catalogue import Weights, catalogue
from ttc_core.models.naming import checked_base, checked_name
from ttc_core.models.reach import KEY_VARIABLES, STARTERS, providers_ready
from ttc_core.models.servers import FoundServer, default_order, find_servers, usual_places
from ttc_core.models.weights import fetched, folder, located
from ttc_core.store.preferences import Preferences
from ttc_core.store.rows import safe_team

PREFERENCE = "team"
"""The name under which the chosen models are kept."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")

Find = Callable[[Iterable[str]], Awaitable[tuple[FoundServer, ...]]]


async def best_ready(
    remembered: Team | None, environ: Mapping[str, str], *, find: Find = find_servers
) -> tuple[Team, str]:
    """Who answers unless somebody says otherwise, and a sentence or two that say why.

    In this order: the model named in ``TTC_MODEL``; the models chosen before, while they can be used; the best model
    of a server on this machine or in ``TTC_SERVERS``; the largest of the local models that were fetched; the simulated
    one. Models of providers whose key is in the environment cost money: the sentence offers them, but they are never
    taken unless they were chosen, and neither are models that a server passes on to somebody's cloud.

    Args:
        remembered: The models chosen before.
        environ: The environment of the process.
        find: Looks for servers at these base URLs.

    Raises:
        BadInput: ``TTC_MODEL`` does not name a model.
    """
    if named := environ.get("TTC_MODEL", "").strip():
        team = Team(proposers=(parse_choice(named),))
        return team, f"Named in TTC_MODEL: {_called(team.proposers[0])}."
    gone = ""
    if remembered:
        gone = await _why_not(remembered, environ, find)
        if not gone:
            return remembered, f"Chosen before: {remembered.name}."
    team, why = await _found(environ, find)
    return team, f"{gone} {why}".strip()


def parse_choice(text: str) -> ModelChoice:
    """The model that ``NAME`` or ``NAME@http://host/v1`` names. Raises BadInput where it cannot be one."""
    name, *base = re.split("@(?=https?://)", text.strip(), maxsplit=1)
    choice = ModelChoice(name=name)
    if not base:
        return choice if choice.simulated or choice.local else ModelChoice(name=checked_name(name))
    if choice.simulated or choice.local:
        raise BadInput(f"The model {name} answers in this machine, so it takes no address behind @.")
    return ModelChoice(name=checked_name(name), api_base=checked_base(base[0]))


def remembered_team(preferences: Preferences) -> Team | None:
    """The models chosen before; None where none were, or this version cannot read which."""
    kept = preferences.get(PREFERENCE)
    try:
        return None if kept is None else Team.model_validate(kept)
    except ValidationError:
        return None


def remember_team(preferences: Preferences, team: Team) -> None:
    """Keep these models as the chosen ones. Raises BadInput where one of them cannot be saved."""
    preferences.set(PREFERENCE, safe_team(team).model_dump(mode="json"))


def runs_local_models() -> bool:
    """Whether what runs local models is installed; it is not imported for it."""
    return find_spec("xllamacpp") is not None


def fetched_models() -> list[Weights]:
    """The catalogue's models whose weights are here, the largest first."""
    here = [weights for weights in catalogue() if fetched(weights, folder())]
    return sorted(here, key=lambda weights: -weights.size)


async def _why_not(team: Team, environ: Mapping[str, str], find: Find) -> str:
    """Why models chosen before cannot answer now, in a sentence; empty where nothing speaks against it."""
    for choice in team.members:
        if why := await _trouble(choice, environ, find):
            return f"{_called(choice)} was chosen before, but {why}."
    return ""


async def _trouble(choice: ModelChoice, environ: Mapping[str, str], find: Find) -> str:
    if choice.local:
        return _trouble_with_weights(choice.name)
    if choice.key_env:
        return "" if environ.get(choice.key_env, "").strip() else f"{choice.key_env} is not set"
    if choice.api_base:
        gone = _on_loopback(choice.api_base) and not await find([choice.api_base])
        return "no server answers there" if gone else ""
    provider = choice.place if choice.place in STARTERS else ""
    keys = KEY_VARIABLES.get(provider, ())
    return f"{keys[0]} is not set" if keys and not any(environ.get(key, "").strip() for key in keys) else ""


def _trouble_with_weights(name: str) -> str:
    if not runs_local_models():
        return "xllamacpp, which runs local models, is not installed"
    try:
        located(name)
    except BadInput:
        return "its weights are gone"
    return ""


async def _found(environ: Mapping[str, str], find: Find) -> tuple[Team, str]:
    """The best of what is on this machine."""
    offered = default_order(await find(usual_places(environ).bases))
    for server, model in offered[:1]:
        if not model.elsewhere:
            team = Team(proposers=(ModelChoice(name=model.name, api_base=server.base),))
            return team, f"Found {_where(server.base)}: {server.kind} at {urlsplit(server.base).netloc}."
    if runs_local_models() and (here := fetched_models()):
        return Team(proposers=(ModelChoice(name=here[0].name),)), f"Fetched to this machine: {here[0].title}."
    return Team(proposers=(ModelChoice(),)), _only_simulated(environ)


def _only_simulated(environ: Mapping[str, str]) -> str:
    words = "No model was found on this machine, so answers are made up."
    if ready := providers_ready(environ):
        words += f" {ready[0].variable} is set: {ready[0].model} can be chosen, which costs money."
    return words


def _called(choice: ModelChoice) -> str:
    return f"{choice.name} at {urlsplit(choice.api_base).netloc}" if choice.api_base else choice.name


def _where(base: str) -> str:
    return "on this machine" if _on_loopback(base) else "in TTC_SERVERS or OLLAMA_HOST"


def _on_loopback(base: str) -> bool:
    return urlsplit(base).hostname in LOOPBACK
