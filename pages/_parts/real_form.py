"""A real model: its name, where its server is, and the key for it. The key leaves its field as soon as it is typed.

A key belongs to the place it was typed for (see `model_choice.place`). What is typed is kept apart from the key of the
model in use until the model is used, so that looking around changes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import streamlit as st

from pages._parts.model_choice import Key, forget_key, key_for, place
from pages._parts.words import plain
from ttc_core.choice import ModelChoice
from ttc_core.errors import BadInput
from ttc_core.models.naming import checked_base, checked_name
from ttc_core.models.reach import PROVIDERS

NAME, BASE, SECRET, START = "real:name", "real:base", "real:secret", "real:start"
_TYPED = "_typed_key"

SERVERS = {
    "Ollama": ("http://localhost:11434/v1", "llama3.2"),
    "llama.cpp": ("http://localhost:8080/v1", "default"),
    "vLLM": ("http://localhost:8000/v1", "Qwen/Qwen3-4B"),
    "LM Studio": ("http://localhost:1234/v1", "qwen/qwen3-4b"),
}
"""Where programs that run models on one's own machine listen unless told otherwise, each with a model they offer."""


def real_form(start: ModelChoice) -> tuple[ModelChoice | None, str | None]:
    """Draw the fields, beginning with `start`; the model and its key, or no model while a field cannot be used."""
    _begin_with(start)
    _suggestions()
    name = _field(
        checked_name,
        "Model",
        NAME,
        "provider/model",
        "Any LiteLLM model string, provider/model. With a base URL: the name that the server itself uses.",
    )
    base = _field(
        lambda url: checked_base(url) if url.strip() else "",
        "Base URL, if it is not the provider's own",
        BASE,
        "the provider's own",
        "For servers that speak OpenAI's language, such as Ollama, llama.cpp, vLLM and LM Studio; mostly ends in /v1.",
    )
    choice = ModelChoice(name=name, api_base=base or None) if name and base is not None else None
    typed: Key | None = st.session_state.get(_TYPED)
    if typed and choice and typed.place != place(choice):
        forget_typed()
    _key_field(choice)
    return choice, draft_key(choice) if choice else None


def draft_key(choice: ModelChoice) -> str | None:
    """The key just typed for the place where this model is, or else the one in use there."""
    typed: Key | None = st.session_state.get(_TYPED)
    return typed.secret if typed and typed.place == place(choice) else key_for(choice)


def forget_typed() -> None:
    """Keep no key that was typed but not yet used."""
    st.session_state.pop(_TYPED, None)


def _begin_with(start: ModelChoice) -> None:
    if NAME in st.session_state:
        return
    forget_typed()
    there = (model for variable, model in PROVIDERS.items() if _set(variable))
    usual = ModelChoice(name=next(there, next(iter(PROVIDERS.values()))))
    first = usual if start.simulated else start
    st.session_state[NAME], st.session_state[BASE] = first.name, first.api_base or ""


def _suggestions() -> None:
    """One click fills in a provider's model or a local server's address."""
    by_name = {model: variable for variable, model in PROVIDERS.items()}
    options = [*by_name, *SERVERS]
    now = (st.session_state[NAME], st.session_state[BASE])
    servers = {(model, url): server for server, (url, model) in SERVERS.items()}
    st.session_state[START] = servers.get(now) or (now[0] if now[0] in by_name and not now[1] else None)
    st.pills(
        "Start from a provider, or from a server on this machine",
        options,
        key=START,
        format_func=lambda option: _suggestion(option, by_name.get(option)),
        on_change=_take_suggestion,
        wrap=True,
    )
    if any(map(_set, PROVIDERS)):
        st.caption(":material/key: has its key in the environment of this app")


def _suggestion(option: str, variable: str | None) -> str:
    if variable is None:
        return f":material/computer: {option}"
    return f"{':material/key: ' if _set(variable) else ''}{option.partition('/')[0]}"


def _set(variable: str) -> bool:
    return bool(os.environ.get(variable, "").strip())


def _take_suggestion() -> None:
    picked = st.session_state[START]
    if picked is None:
        return
    url, model = SERVERS.get(picked, ("", picked))
    st.session_state[NAME], st.session_state[BASE] = model, url


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
    where = place(choice)
    promise = f"stays in this browser session and is sent to **{plain(where)}** only; it is never shown or saved."
    if held:
        return f"The key that was entered {promise}"
    promise = f"A key {promise}"
    if choice.api_base:
        return f"{promise} Without one, no key is sent."
    variable = next((name for name, model in PROVIDERS.items() if place(ModelChoice(name=model)) == where), None)
    if variable and _set(variable):
        return f"{promise} Without one, the key in {plain(variable)} is used."
    return promise


def _take_key(choice: ModelChoice | None) -> None:
    """Out of the field, so that it is not sent to the browser again, and into the session, bound to its place."""
    secret = st.session_state[SECRET].strip()
    st.session_state[SECRET] = ""
    if secret and choice:
        st.session_state[_TYPED] = Key(place(choice), secret)


def _forget(choice: ModelChoice) -> None:
    forget_typed()
    if key_for(choice):
        forget_key()
