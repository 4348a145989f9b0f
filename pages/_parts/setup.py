"""How a problem is to be solved, as set up on Explore: kept for the browser session, across pages and reruns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import Any, Literal, get_args, get_origin

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages._parts.fields import bounds
from pages._parts.words import about, about_money, count, plain, several, span
from ttc_core.estimate import Sum
from ttc_core.operators.params import Params
from ttc_core.strategies import Strategy
from ttc_core.types import Budget, Cost, Estimate, Problem, Role

PREFIX = "setup:"
CALLS: dict[Role, tuple[str, str]] = {
    "propose": ("attempt", ""),
    "refine": ("refinement", ""),
    "act": ("further turn", ""),
    "write_tests": ("set of tests", "sets of tests"),
    "summarize": ("summary", "summaries"),
    "distill": ("workspace", ""),
    "select": ("selection", ""),
    "critique": ("critique", ""),
    "score": ("score", ""),
    "distinguish": ("set of inputs", "sets of inputs"),
    "compare": ("vote", ""),
}
"""What a plan calls the calls of each role, in the order in which it names them."""


def settings_form(strategy: Strategy, problem: Problem | None) -> Params:
    """The strategy's settings, as its `Params` describe them, without those that mean nothing for the problem.

    Raises:
        BadInput: a value cannot be used.
    """
    presets = list(strategy.params.presets)
    st.session_state.setdefault(f"{PREFIX}{strategy.name}:preset", presets[0])
    st.segmented_control(
        "Preset",
        presets,
        key=f"{PREFIX}{strategy.name}:preset",
        persist_state="session",
        on_change=_apply_preset,
        args=[strategy],
        help="quick is for a look; paper is as the method was published.",
    )
    preset = st.session_state.get(f"{PREFIX}{strategy.name}:preset") or presets[0]
    defaults = strategy.settings(preset).model_dump()
    first, more = _ranked(strategy)
    values: dict[str, Any] = {}

    def ask(names: Sequence[str], places: Sequence[DeltaGenerator]) -> None:
        place = cycle(places)
        for name in names:
            so_far = strategy.params.model_construct(**defaults | values)
            if not (problem and name in so_far.idle(problem)):
                with next(place):
                    values[name] = _widget(strategy, name, defaults[name])

    ask(first, st.columns(2))
    ask(more, [st.expander("More settings")])
    return strategy.settings(preset, values)


def run_form() -> tuple[int, int]:
    """The seed, and how many calls may be in flight at once."""
    left, right = st.columns(2)
    st.session_state.setdefault(f"{PREFIX}seed", 0)
    st.session_state.setdefault(f"{PREFIX}concurrency", 64)
    with left:
        seed = st.number_input(
            "Seed",
            min_value=0,
            max_value=2**31 - 1,
            step=1,
            key=f"{PREFIX}seed",
            persist_state="session",
            help="Fixes every chance of the run.",
        )
    with right:
        concurrency = st.number_input(
            "Calls at once",
            min_value=1,
            max_value=512,
            step=1,
            key=f"{PREFIX}concurrency",
            persist_state="session",
            help="The most calls in flight at one time; your provider or machine may bear fewer.",
        )
    return int(seed), int(concurrency)


def budget_form() -> Budget:
    """How much the run may spend; an empty field leaves that side open."""
    columns = st.columns(4)
    words = "The run ends with its best answer so far when this is spent. Empty: no limit."
    given: list[Any] = []
    for column, (name, default, step) in zip(
        columns, (("Calls", 200, 10), ("Tokens", None, 1000), ("Dollars", None, 0.1), ("Seconds", 300, 30)), strict=True
    ):
        key = f"{PREFIX}budget:{name}"
        st.session_state.setdefault(key, default)
        with column:
            given.append(
                st.number_input(
                    name,
                    min_value=type(step)(step / 10 or step),
                    step=step,
                    key=key,
                    persist_state="session",
                    help=words,
                )
            )
    calls, tokens, dollars, seconds = given
    return Budget(calls=calls, tokens=tokens, dollars=dollars, seconds=seconds)


def plan_words(plan: Cost, estimate: Estimate, most: Sum, budget: Budget, *, local: bool = False) -> str:
    """What the run will come to, mostly and at most, in words; without money where it is `local`."""
    calls = ", ".join(several(plan.calls[role], *CALLS[role]) for role in CALLS if plan.calls.get(role))
    tokens = span(about(estimate.tokens.low), about(estimate.tokens.high))
    price, dearest = ("", "") if local else _price_words(estimate, most)
    words = (
        f"About **{tokens} tokens**{price} (at most {about(most.usage.total)}{dearest}), "
        f"in **{count(plan.total)} calls** or fewer ({calls}), {plan.depth} one after another."
    )
    if budget.calls is not None and plan.total > budget.calls:
        words += f" The budget of {budget.calls} calls may cut it short."
    return words


def _price_words(estimate: Estimate, most: Sum) -> tuple[str, str]:
    """What it will mostly cost, and at most."""
    if estimate.dollars is None or most.dollars is None:
        return " at unknown cost", ""
    if most.dollars == 0:
        return " at no cost", ""
    usual = span(about_money(estimate.dollars.low), about_money(estimate.dollars.high))
    return f", {plain(usual)}", f", {plain(about_money(most.dollars))}"


def _apply_preset(strategy: Strategy) -> None:
    preset = st.session_state[f"{PREFIX}{strategy.name}:preset"] or "quick"
    for name, value in strategy.settings(preset).model_dump().items():
        st.session_state[f"{PREFIX}{strategy.name}:{name}"] = value


def _ranked(strategy: Strategy) -> tuple[list[str], list[str]]:
    """The settings that make the method, first; those that a newcomer can leave alone, behind."""
    in_presets = {name for values in strategy.params.presets.values() for name in values}
    fields = strategy.params.model_fields
    own = [n for n in fields if n in strategy.params.__annotations__ or n in in_presets]
    first = sorted((n for n in own if not isinstance(fields[n].default, bool)), key=lambda n: n != "candidates")
    return first, [name for name in fields if name not in first]


def _widget(strategy: Strategy, name: str, default: Any) -> Any:
    """One setting as the widget that fits its type."""
    field = strategy.params.model_fields[name]
    key = f"{PREFIX}{strategy.name}:{name}"
    st.session_state.setdefault(key, default)
    label, words = name.replace("_", " ").capitalize(), field.description
    kind = field.annotation
    if get_origin(kind) is Literal:
        options = list(get_args(kind))
        return st.selectbox(
            label, options, key=key, persist_state="session", help=words, format_func=lambda v: str(v).replace("_", " ")
        )
    if kind is bool:
        return st.toggle(label, key=key, persist_state="session", help=words)
    if kind is str:
        return st.text_input(label, key=key, persist_state="session", help=words)
    low, high = bounds(field)
    step: float = 1 if kind is int else 0.1
    return st.number_input(
        label, min_value=low, max_value=high, step=step, key=key, persist_state="session", help=words
    )
