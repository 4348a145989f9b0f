"""Who answers: the card of those in use, and the buttons that put a model there. Knows no form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st

from pages._parts.model_choice import called, choose_team, keep_key, key_for, label, team, why
from pages._parts.words import plain
from ttc_core.choice import ModelChoice, Price, Team
from ttc_core.errors import BadInput

Part = Literal["alone", "proposer", "judge"]
MOST = 16
"""Proposers that a team may have."""


def in_use_card() -> None:
    """Everybody in use, each with what was set for it, and why."""
    members = team()
    apart = members.judge is not None and members.judge != members.proposers[0]
    alone = len(members.proposers) == 1 and not apart
    with st.container(border=True, gap="xxsmall"):
        st.caption("In use")
        for number, choice in enumerate(members.proposers):
            _member(choice, "" if alone else "proposes", None if len(members.proposers) == 1 else number)
        if members.judge and apart:
            _member(members.judge, "judges", "judge")
        st.caption(plain(why()))


def use_buttons(
    choice: ModelChoice | None,
    name: str = "",
    *,
    secret: str | None = None,
    check: Callable[[ModelChoice], None] = lambda choice: None,
    across: bool = True,
) -> None:
    """The ways to use a model that would change anything. Reruns the page where one was taken.

    Args:
        choice: The model; None while it cannot be used.
        name: Parts these buttons from others on the same page.
        secret: A key entered for it; kept for this browser session once it is used.
        check: Raises BadInput where the model cannot be used after all.
        across: Side by side, or else one below the other.
    """
    members = team()
    new_key = secret is not None and choice is not None and secret != key_for(choice)
    with st.container(horizontal=across, gap="small"):
        for part, (words, icon, about) in _WAYS.items():
            result = changed(members, choice, part) if choice else None
            same = result == members and not new_key
            if same and part != "alone":
                continue
            pressed = st.button(
                "In use" if same else words,
                key=use_key(name, part),
                type="primary" if part == "alone" else "secondary",
                icon=":material/check:" if same else icon,
                disabled=same or result is None,
                help=about,
                width="stretch",
            )
            if pressed and choice and result:
                take(choice, result, secret, check)


def use_key(name: str = "", part: Part = "alone") -> str:
    """Under which the state holds one of these buttons."""
    return f"use:{name}:{part}"


def take(
    choice: ModelChoice,
    result: Team,
    secret: str | None = None,
    check: Callable[[ModelChoice], None] = lambda choice: None,
) -> None:
    """Use a model as part of this team, say so, and draw the page anew; a sentence where it cannot be used."""
    try:
        check(choice)
        choose_team(result)
    except BadInput as error:
        st.error(plain(str(error)))
        return
    if secret:
        keep_key(choice, secret)
    st.toast(f"In use: {plain(label())}", icon=":material/check:")
    st.rerun(scope="app")


def changed(members: Team, choice: ModelChoice, part: Part) -> Team | None:
    """The team with this model in that part; None where there is no room for it."""
    if part == "alone":
        return Team(proposers=(choice,))
    if part == "judge":
        return Team(proposers=members.proposers, judge=choice if choice != members.proposers[0] else None)
    if choice in members.proposers:
        return members
    if len(members.proposers) == MOST:
        return None
    return Team(proposers=(*members.proposers, choice), judge=members.judge)


def without(members: Team, gone: int | Literal["judge"]) -> Team:
    """The team without one of its proposers, or without its judge: then the first proposer judges."""
    if gone == "judge":
        return Team(proposers=members.proposers)
    left = members.proposers[:gone] + members.proposers[gone + 1 :]
    return Team(proposers=left, judge=members.judge if members.judge != left[0] else None)


def left_of(members: Team, name: str) -> Team:
    """The team without everybody of that name; the simulated model where nobody would be left to propose."""
    left = tuple(choice for choice in members.proposers if choice.name != name) or (ModelChoice(),)
    judge = members.judge if members.judge and members.judge.name != name else None
    return Team(proposers=left, judge=judge)


def details(choice: ModelChoice) -> str:
    """What was set for a model besides its name, in few words; empty where nothing was."""
    usual = ModelChoice()
    words = [
        f"effort {choice.effort}" if choice.effort else "",
        f"{choice.thinking_tokens:,} tokens for thinking" if choice.thinking_tokens is not None else "",
        f"your price: {price_words(choice.price)}" if choice.price else "",
        f"{choice.per_minute:g} requests a minute" if choice.per_minute else "",
        f"waits {choice.timeout_s:g} s" if choice.timeout_s != usual.timeout_s else "",
    ]
    return " · ".join(filter(None, words))


def price_words(price: Price | None) -> str:
    """What a model costs, in words."""
    if price is None:
        return "price unknown"
    if price.input == price.output == 0:
        return "free of charge"
    cached = f", ${price.cached * 1e6:.4g} from its cache" if price.cached is not None else ""
    return f"${price.input * 1e6:.4g} per million tokens in, ${price.output * 1e6:.4g} out{cached}"


_WAYS: dict[Part, tuple[str, str, str]] = {
    "alone": ("Use this model", ":material/play_circle:", "It alone: it proposes and it judges."),
    "proposer": (
        "Add as proposer",
        ":material/group_add:",
        "Beside those in use: proposers take turns, so that candidates come from different models.",
    ),
    "judge": (
        "Use as judge",
        ":material/gavel:",
        "It compares, scores and criticizes what the proposers make; they go on proposing.",
    ),
}


def _member(choice: ModelChoice, part: str, gone: int | Literal["judge"] | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        key = " · with the key you entered" if key_for(choice) else ""
        more = details(choice)
        st.markdown(
            f"**{plain(called(choice))}**{key}"
            + (f" · {part}" if part else "")
            + (f"  \n:small[:gray[{plain(more)}]]" if more else ""),
            width="stretch",
        )
        if gone is not None:
            st.button(
                "Remove",
                key=f"remove:{gone}",
                type="tertiary",
                icon=":material/close:",
                on_click=_remove,
                args=[gone],
            )


def _remove(gone: int | Literal["judge"]) -> None:
    choose_team(without(team(), gone))
