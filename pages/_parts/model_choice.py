"""Which models this browser session uses, and the keys for them. Keys are in its memory alone, never written down.

Knows no form and no page.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import streamlit as st

from pages._parts.house import library, worker
from ttc_core.choice import LOCAL, ModelChoice, Team
from ttc_core.errors import BadInput
from ttc_core.models.catalogue import entry, gguf_path
from ttc_core.models.simulated_odds import SimulatedSettings
from ttc_core.ready import best_ready, remember_team, remembered_team

_TEAM, _WHY, _KEYS = "_team", "_team_why", "_keys"
CHOSEN = "Chosen by you, and remembered."


@dataclass(frozen=True)
class Key:
    """A provider's key, and the only place it may be sent to."""

    place: str
    secret: str = field(repr=False)


def team() -> Team:
    """Who answers: what was chosen here, or else the best that is ready."""
    if _TEAM not in st.session_state:
        st.session_state[_TEAM], st.session_state[_WHY] = _first()
    chosen: Team = st.session_state[_TEAM]
    return chosen


def why() -> str:
    """Why these are in use, in a sentence."""
    team()
    return str(st.session_state[_WHY])


def choose_team(wanted: Team, reason: str = CHOSEN) -> None:
    """Use these models from now on, here and in later browser sessions.

    Raises:
        BadInput: The simulated model has no such settings.
    """
    for choice in wanted.members:
        called(choice)
    st.session_state[_TEAM], st.session_state[_WHY] = wanted, reason
    if library().may_change:
        try:
            remember_team(worker().store.preferences, wanted)
        except BadInput as error:
            st.session_state[_WHY] = f"Chosen by you; it could not be remembered. {error}"


def keys() -> dict[str, str]:
    """The keys that were entered, by the place each belongs to; for the worker alone."""
    return {place: key.secret for place, key in _kept().items()}


def key_for(choice: ModelChoice) -> str | None:
    """The key that was entered for the place where this model is; None where there is none."""
    kept = _kept().get(choice.place)
    return kept.secret if kept else None


def keep_key(choice: ModelChoice, secret: str) -> None:
    """Use this key for models at that place, for as long as this browser session lives."""
    if choice.place:
        st.session_state[_KEYS] = _kept() | {choice.place: Key(choice.place, secret)}


def forget_key(choice: ModelChoice) -> None:
    """Keep no key for that place any more."""
    st.session_state[_KEYS] = {place: key for place, key in _kept().items() if place != choice.place}


def label() -> str:
    """Everybody in use in few words, such as ``openai/gpt-5-mini, judged by simulated · accuracy 0.5``."""
    return team_called(team())


def team_called(members: Team) -> str:
    """A team in few words; its judge only where it is somebody else."""
    makers = " + ".join(dict.fromkeys(map(called, members.proposers)))
    judge = members.judge
    return f"{makers}, judged by {called(judge)}" if judge and judge != members.proposers[0] else makers


def called(choice: ModelChoice) -> str:
    """A model in few words, such as ``simulated · accuracy 0.5``, ``openai/gpt-5-mini`` or ``llama at localhost:8080``.

    Raises:
        BadInput: The simulated model has no such settings.
    """
    if choice.simulated:
        settings = SimulatedSettings.parse(choice.name.partition(":")[2])
        changed = settings.model_dump(include={"accuracy"}) | settings.model_dump(exclude_defaults=True)
        return " · ".join(["simulated", *(f"{name.replace('_', ' ')} {value:g}" for name, value in changed.items())])
    if choice.local:
        own = gguf_path(choice.name)
        return f"{own.name if own else _title(choice.name)} on this machine"
    return f"{choice.name} at {urlsplit(choice.api_base).netloc}" if choice.api_base else choice.name


def _title(name: str) -> str:
    try:
        return entry(name).title
    except BadInput:
        return name.removeprefix(LOCAL)


def _kept() -> dict[str, Key]:
    kept: dict[str, Key] = st.session_state.get(_KEYS, {})
    return kept


def _first() -> tuple[Team, str]:
    """The best that is ready when a browser session begins, and why it is that."""
    remembered = remembered_team(worker().store.preferences) if library().may_change else None
    try:
        best, reason = worker().call(best_ready(remembered, os.environ))
        team_called(best)
    except BadInput as error:
        return Team(proposers=(ModelChoice(),)), f"{error} Until then answers are made up."
    return best, reason
