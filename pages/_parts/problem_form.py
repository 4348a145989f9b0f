"""Which problem to solve: from a shelf of the library, generated, saved earlier, or typed in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from pages._parts.house import library
from pages._parts.own_form import own_form, saved_form
from pages._parts.problem_view import problem_view
from ttc_core.problems import library as shelves_of
from ttc_core.problems.shelf import ShelfEntry
from ttc_core.types import Problem, Reference

if TYPE_CHECKING:
    from ttc_core.problems.gym import Setting

PREFIX = "setup:"
SAVED, OWN = "My problems", "A problem of my own"
FIRST_FAMILY = "countdown"
"""Of the generated problems, what a first look shows."""

Posed = tuple[Problem, Reference | None]


def problem_form() -> Posed:
    """The problem to solve, and what is right where that is known. Raises BadInput where there is none yet."""
    shelves = {shelf.title: shelf for shelf in shelves_of.shelves()}
    mine = [SAVED] if library().may_change else []
    source = st.selectbox("Problems from", [*shelves, *mine, OWN], key=f"{PREFIX}source", persist_state="session")
    if source == OWN:
        return own_form()
    if source == SAVED:
        posed = saved_form()
    else:
        shelf = shelves[source]
        st.caption(shelf.sentence)
        entry = _generated() if shelf.size is None else _picked(shelf.name)
        posed = entry.problem, entry.reference
    problem_view(posed[0])
    return posed


def _picked(name: str) -> ShelfEntry:
    with st.spinner("Getting the problems …", show_time=True):
        entries: Sequence[ShelfEntry] = shelves_of.entries(name)
    titles = {entry.problem.id: f"{entry.problem.title or entry.problem.id} · {entry.difficulty}" for entry in entries}
    chosen = st.selectbox(
        "Problem", list(titles), format_func=titles.__getitem__, key=f"{PREFIX}problem:{name}", persist_state="session"
    )
    return shelves_of.find(chosen)


def _generated() -> ShelfEntry:
    """A problem of a family, as its settings and number make it."""
    from ttc_core.problems import gym

    families = gym.families()
    st.session_state.setdefault(f"{PREFIX}family", FIRST_FAMILY if FIRST_FAMILY in families else families[0])
    st.session_state.setdefault(f"{PREFIX}family seed", 1)
    left, right = st.columns([3, 2])
    with left:
        family = st.selectbox(
            "Family",
            families,
            format_func=_words,
            key=f"{PREFIX}family",
            persist_state="session",
            help="Each family is a kind of puzzle with a program that makes problems and one that scores answers.",
        )
    with right:
        seed = st.number_input(
            "Problem number",
            min_value=0,
            max_value=2**31 - 1,
            step=1,
            key=f"{PREFIX}family seed",
            persist_state="session",
            help="Every number is another problem; the same number is always the same one.",
        )
    with st.spinner("Getting the generators ready …", show_time=True):
        settings = gym.settings(family)
    with st.expander("How hard"):
        changed = _changed(family, settings)
    with st.spinner("Making the problem …", show_time=True):
        return gym.make(family, int(seed), changed)


def _changed(family: str, settings: Sequence[Setting]) -> dict[str, int | float | bool]:
    """The settings of a family that are not as they come."""
    if not settings:
        st.caption("This family has no settings.")
    chosen: dict[str, int | float | bool] = {}
    for field in settings:
        key = f"{PREFIX}gym:{family}:{field.name}"
        st.session_state.setdefault(key, field.default)
        if field.kind == "bool":
            chosen[field.name] = st.toggle(_words(field.name), key=key, persist_state="session")
        else:
            step: float = 1 if field.kind == "int" else 0.1
            chosen[field.name] = st.number_input(_words(field.name), step=step, key=key, persist_state="session")
    return {field.name: chosen[field.name] for field in settings if chosen[field.name] != field.default}


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
