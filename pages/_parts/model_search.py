"""Every model that a provider offers, to search by name, and what is known of one; asks nobody."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date

import streamlit as st

from pages._parts.team import price_words
from pages._parts.words import plain
from ttc_core.choice import ModelChoice
from ttc_core.models.reach import providers_ready
from ttc_core.models.table import KnownModel, facts, find_models, known_models

WORDS, FOUND = "real:find", "real:found"


def search(name: str, take: Callable[[str | None], None]) -> None:
    """A field that finds models while one types. `name` is the one now chosen; `take` hears of another."""
    words = st.text_input(
        "Find a model",
        key=WORDS,
        type="search",
        live=True,
        placeholder=f"claude haiku, gpt 5, llama 70b … among {len(known_models()):,} models",
        icon=":material/search:",
        persist_state="page",
    )
    if not words.strip():
        return
    found = _found(words)
    if not found:
        st.caption("No known model has all these words in its name. Any other can be named below.")
        return
    names = [model.name for model in found]
    st.session_state[FOUND] = name if name in names else None
    with st.container(border=True, height=260 if len(names) > 4 else "content"):
        st.radio(
            "Models found",
            names,
            index=None,
            key=FOUND,
            captions=[facts_in_words(model) for model in found],
            format_func=plain,
            label_visibility="collapsed",
            on_change=lambda: take(st.session_state[FOUND]),
        )


def described(choice: ModelChoice) -> str:
    """What is known of a model, as markdown; what is not known is said to be unknown."""
    known = None if choice.api_base else facts(choice.name)
    if known is None:
        return "Nothing is known of its context and its price: runs show its cost as unknown, unless you enter a price."
    return facts_in_words(known)


def facts_in_words(known: KnownModel) -> str:
    """What the table says of a model, as markdown."""
    gone = known.gone(date.today())
    words = [
        f"reads {_tokens(known.context)} tokens" if known.context else "how much it reads is unknown",
        plain(price_words(known.price)),
        "thinks before it answers" if known.reasoning else "",
        f"{'was taken' if gone else 'is taken'} away on {plain(str(known.deprecated))}" if known.deprecated else "",
    ]
    return " · ".join(filter(None, words))


def _found(words: str) -> list[KnownModel]:
    """Models of providers that can be asked right now come first."""
    ready = {row.provider for row in providers_ready(os.environ)}
    return sorted(find_models(words), key=lambda model: model.provider not in ready)


def _tokens(number: int) -> str:
    return f"{number / 1e6:.3g}M" if number >= 1e6 else f"{number / 1e3:.3g}k"
