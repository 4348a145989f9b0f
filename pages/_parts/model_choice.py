"""The model that this browser session uses: in its memory alone, never written down. Knows no form and no page."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

import streamlit as st

from pages._parts.house import worker
from ttc_core.choice import ModelChoice, Price
from ttc_core.errors import BadInput
from ttc_core.models import open_model
from ttc_core.models.simulated_odds import SimulatedSettings

_CHOICE = "_model_choice"
_KEY = "_model_key"


@dataclass(frozen=True)
class Key:
    """A provider's key, and the only place it may be sent to."""

    place: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class ChosenModel:
    """The model in use. `key` is for the worker alone; `label` is what to show."""

    choice: ModelChoice
    key: str | None = field(repr=False)
    label: str


def chosen() -> ChosenModel:
    """The model in use; at first the simulated one."""
    choice = st.session_state.get(_CHOICE, ModelChoice())
    return ChosenModel(choice, key_for(choice), label(choice))


def choose(choice: ModelChoice, key: str | None = None) -> None:
    """Use this model from now on.

    Without a new key the one kept so far stays for as long as it belongs to the same place. A model at another place
    makes it forgotten; the simulated model, which sends nothing anywhere, does not.

    Raises:
        BadInput: The simulated model has no such settings.
    """
    label(choice)
    kept: Key | None = st.session_state.get(_KEY)
    if key:
        st.session_state[_KEY] = Key(place(choice), key)
    elif kept and not choice.simulated and kept.place != place(choice):
        forget_key()
    st.session_state[_CHOICE] = choice


def key_for(choice: ModelChoice) -> str | None:
    """The key that was entered for the place where this model is; None where there is none."""
    kept: Key | None = st.session_state.get(_KEY)
    return kept.secret if kept and kept.place == place(choice) else None


def keys() -> dict[str, str]:
    """The keys that were entered, by the place each belongs to; for the worker alone."""
    kept: Key | None = st.session_state.get(_KEY)
    return {kept.place: kept.secret} if kept else {}


def forget_key() -> None:
    """Keep no key any more."""
    st.session_state.pop(_KEY, None)


def place(choice: ModelChoice) -> str:
    """Where a key for this model is sent: scheme, host and port of its base URL, or else its provider's name."""
    if choice.simulated:
        return ""
    if choice.api_base:
        url = urlsplit(choice.api_base)
        return f"{url.scheme}://{url.netloc.lower()}"
    return choice.name.partition("/")[0]


@st.cache_data(show_spinner="Looking up the price …")
def price(choice: ModelChoice) -> Price | None:
    """Dollars per token, from LiteLLM's own table; None where nobody knows. Nobody is asked, and no key is needed."""
    try:
        return worker().call(open_model(choice)).price
    except BadInput:
        return None


def label(choice: ModelChoice) -> str:
    """The model in few words, such as ``simulated · accuracy 0.5`` or ``openai/gpt-5-mini``."""
    if choice.simulated:
        settings = SimulatedSettings.parse(choice.name.partition(":")[2])
        changed = settings.model_dump(include={"accuracy"}) | settings.model_dump(exclude_defaults=True)
        return " · ".join(["simulated", *(f"{name.replace('_', ' ')} {value:g}" for name, value in changed.items())])
    return f"{choice.name} at {urlsplit(choice.api_base).netloc}" if choice.api_base else choice.name
