"""A provider's model: its name, where its server is, and the key for it, which leaves its field once it is typed.

A key belongs to the place it was typed for (`ModelChoice.place`). What is typed is kept apart from the keys in use
until the model is used, so that looking around changes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import streamlit as st

from pages._parts.model_choice import Key, forget_key, key_for
from pages._parts.model_search import described, search
from pages._parts.model_settings import settings_form
from pages._parts.words import plain
from ttc_core.choice import ModelChoice
from ttc_core.errors import BadInput
from ttc_core.models.naming import checked_base, checked_name
from ttc_core.models.reach import FAMILIAR, STARTERS, providers_ready

NAME, BASE, SECRET, START = "real:name", "real:base", "real:secret", "real:start"
_TYPED = "_typed_key"


def real_form(start: ModelChoice) -> tuple[ModelChoice | None, str | None]:
    """Draw the fields, beginning with `start`; the model and its key, or no model while a field cannot be used."""
    _begin_with(start)
    _suggestions()
    search(st.session_state[NAME] if not st.session_state[BASE] else "", _take)
    name = _field(
        checked_name,
        "Model",
        NAME,
        "provider/model",
        "Any LiteLLM model string, provider/model. With a base URL: the name that the server itself uses.",
    )
    about = st.container()
    base = _field(
        lambda url: checked_base(url) if url.strip() else "",
        "Base URL, if it is not the provider's own",
        BASE,
        "the provider's own",
        "For servers that speak OpenAI's language, such as Ollama, llama.cpp, vLLM and LM Studio; mostly ends in /v1.",
    )
    choice = ModelChoice(name=name, api_base=base or None) if name and base is not None else None
    if choice:
        about.caption(f":material/info: {described(choice)}")
    typed: Key | None = st.session_state.get(_TYPED)
    if typed and choice and (typed.place != choice.place or typed.secret == key_for(choice)):
        forget_typed()
    _key_field(choice)
    if choice:
        choice = settings_form(choice, start)
    return choice, draft_key(choice) if choice else None


def draft_key(choice: ModelChoice) -> str | None:
    """The key just typed for the place where this model is, or else the one in use there."""
    typed: Key | None = st.session_state.get(_TYPED)
    return typed.secret if typed and typed.place == choice.place else key_for(choice)


def forget_typed() -> None:
    """Keep no key that was typed but not yet used."""
    st.session_state.pop(_TYPED, None)


def _begin_with(start: ModelChoice) -> None:
    if NAME in st.session_state:
        return
    forget_typed()
    ready = providers_ready(os.environ)
    usual = ModelChoice(name=ready[0].model if ready else STARTERS[FAMILIAR[0]])
    first = usual if start.simulated or start.local else start
    st.session_state[NAME], st.session_state[BASE] = first.name, first.api_base or ""


def _suggestions() -> None:
    """One click fills in a provider's model to begin with; those whose key is there come first."""
    ready = {row.provider for row in providers_ready(os.environ)}
    options = [STARTERS[provider] for provider in dict.fromkeys((*(p for p in STARTERS if p in ready), *FAMILIAR))]
    name, base = st.session_state[NAME], st.session_state[BASE]
    st.session_state[START] = name if name in options and not base else None
    st.pills(
        "Start from a provider",
        options,
        key=START,
        format_func=lambda model: _suggestion(model.partition("/")[0], ready),
        on_change=lambda: _take(st.session_state[START]),
        wrap=True,
    )
    if ready:
        st.caption(":material/key: has its key in the environment of this app")


def _suggestion(provider: str, ready: set[str]) -> str:
    return f"{':material/key: ' if provider in ready else ''}{provider}"


def _take(name: str | None) -> None:
    """Fill in a provider's model."""
    if name:
        st.session_state[NAME], st.session_state[BASE] = name, ""


def _field(check: Callable[[str], str], label: str, key: str, placeholder: str, about: str) -> str | None:
    """A text field; what was checked, or None with a sentence under it where it cannot be used."""
    with st.container(gap="xxsmall"):
        text = st.text_input(label, key=key, placeholder=placeholder, persist_state="page")
        try:
            checked = check(text)
        except BadInput as error:
            st.caption(f":red[:material/error: {plain(str(error))}]")
            return None
        st.caption(plain(about))
        return checked


def _key_field(choice: ModelChoice | None) -> None:
    held = choice is not None and draft_key(choice) is not None
    with st.container(gap="xxsmall"):
        _key_row(choice, held)
        st.caption(_about_key(choice, held))


def _key_row(choice: ModelChoice | None, held: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Key",
            key=SECRET,
            type="password",
            placeholder="kept for this browser session" if held else "paste it here, if one is needed",
            autocomplete="off",
            disabled=choice is None,
            on_change=_take_key,
            args=[choice],
        )
        st.button("Forget it", disabled=not held, on_click=_forget, args=[choice])


def _about_key(choice: ModelChoice | None, held: bool) -> str:
    if choice is None:
        return "A key can be entered once model and base URL are right."
    where = choice.place
    promise = f"stays in this browser session and is sent to **{plain(where)}** only; it is never shown or saved."
    if held:
        return f"The key that was entered {promise}"
    promise = f"A key {promise}"
    if choice.api_base:
        return f"{promise} Without one, no key is sent."
    variable = next((row.variable for row in providers_ready(os.environ) if row.provider == where), None)
    return f"{promise} Without one, the key in {plain(variable)} is used." if variable else promise


def _take_key(choice: ModelChoice | None) -> None:
    """Out of the field, so that it is not sent to the browser again, and into the session, bound to its place."""
    secret = st.session_state[SECRET].strip()
    st.session_state[SECRET] = ""
    if secret and choice:
        st.session_state[_TYPED] = Key(choice.place, secret)


def _forget(choice: ModelChoice) -> None:
    forget_typed()
    forget_key(choice)
