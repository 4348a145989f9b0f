"""What may be set for a provider's model besides its name: thinking, prices of one's own, limits. Knows no key."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from pages._parts.words import plain
from ttc_core.choice import Effort, ModelChoice, Price
from ttc_core.models.table import facts

USUAL_WAIT_S = ModelChoice().timeout_s


def settings_form(choice: ModelChoice, start: ModelChoice) -> ModelChoice | None:
    """The model with its further settings; None while they cannot be used. Begins with those of `start`, if it is it.

    Settings belong to one model at one place: another model has its own.
    """
    same = (start.name, start.api_base) == (choice.name, choice.api_base)
    first = start if same else choice
    with st.expander("Further settings", icon=":material/tune:"):
        thinking, limits = _thinking(choice, first), _limits(choice, first)
        set_up = choice.model_copy(update=thinking | limits)
        return _priced(set_up, first)


def setting_key(choice: ModelChoice, name: str) -> str:
    """Under which the state holds one setting of this model."""
    return f"real:{name}:{choice.name}@{choice.api_base or ''}"


def _thinking(choice: ModelChoice, first: ModelChoice) -> dict[str, object]:
    known = None if choice.api_base else facts(choice.name)
    if known and not known.reasoning:
        st.caption("This model is not known to think before it answers: the next two settings mean nothing to it.")
    left, right = st.columns(2)
    with left:
        key = setting_key(choice, "effort")
        st.session_state.setdefault(key, first.effort)
        effort = st.selectbox(
            "Reasoning effort",
            get_args(Effort),
            format_func=lambda effort: effort or "as the provider sees fit",
            key=key,
            persist_state="page",
            help="How long a reasoning model may think. Other models are not told.",
        )
    with right:
        room = _number(
            choice,
            "thinking_tokens",
            first.thinking_tokens,
            label="Room for thinking, in tokens",
            empty="as much as it needs",
            highest=1e6,
            step=1024.0,
            about="What each call may have on top of its answer for hidden thinking; it is paid for like output.",
        )
    return {"effort": effort or "", "thinking_tokens": None if room is None else int(room)}


def _limits(choice: ModelChoice, first: ModelChoice) -> dict[str, object]:
    left, right = st.columns(2)
    with left:
        rate = _number(
            choice,
            "per_minute",
            first.per_minute,
            label="Requests a minute",
            empty="no bound",
            lowest=1.0,
            highest=1e6,
            step=10.0,
            about="The most that are sent. Without a bound the app slows down when the provider asks for it.",
        )
    with right:
        wait = _number(
            choice,
            "timeout_s",
            first.timeout_s,
            label="Timeout, in seconds",
            empty=f"{USUAL_WAIT_S:g}",
            lowest=1.0,
            highest=3600.0,
            step=10.0,
            about="How long a call may wait while the model says nothing to anyone.",
        )
    return {"per_minute": rate, "timeout_s": wait or USUAL_WAIT_S}


def _priced(choice: ModelChoice, first: ModelChoice) -> ModelChoice | None:
    """The model with the user's own price, if one is entered; None while a part of it is missing."""
    into, out, cached = (None if value is None else value / 1e6 for value in _prices(choice, first.price))
    if into is None and out is None and cached is None:
        st.caption("Prices left empty are those of LiteLLM's table, or unknown where it does not know the model.")
        return choice
    if into is None or out is None:
        words = "A price has two parts at least, input and output; 0 is for what costs nothing."
        st.caption(f":red[:material/error: {plain(words)}]")
        return None
    st.caption("Your prices are used in place of the table's.")
    return choice.model_copy(update={"price": Price(input=into, output=out, cached=cached)})


def _prices(choice: ModelChoice, before: Price | None) -> list[float | None]:
    """Dollars per million tokens: input, output, cached input."""
    given = []
    parts = {"input": "input", "output": "output", "cached": "cached input"}
    for column, (name, words) in zip(st.columns(3), parts.items(), strict=True):
        value = getattr(before, name, None)
        with column:
            price = _number(
                choice,
                f"price_{name}",
                None if value is None else round(value * 1e6, 6),
                label=f"$ per million, {words}",
                empty="by the table",
                highest=1e6,
                step=0.1,
            )
        given.append(price)
    return given


def _number(
    choice: ModelChoice,
    name: str,
    value: float | None,
    *,
    label: str,
    empty: str,
    highest: float,
    step: float,
    lowest: float = 0.0,
    about: str | None = None,
) -> float | None:
    """A number that may be left empty."""
    key = setting_key(choice, name)
    st.session_state.setdefault(key, None if value is None else float(value))
    return st.number_input(
        label, lowest, highest, step=step, format="%g", key=key, placeholder=empty, persist_state="page", help=about
    )
