"""One saved session as the library lists it: what it comes to in a few words, and its card. Changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import streamlit as st

from pages._parts.words import ICON, STATUS, VERDICT, age, count, cut, money, plain, speed
from ttc_core.choice import SIMULATED, ModelChoice
from ttc_core.store.values import RunInfo, SessionInfo
from ttc_core.strategies import strategies
from ttc_core.types import AnswerKind, Outcome
from ttc_core.views.short import in_short

Menu = Literal["rename", "download", "delete"]
MENU: dict[Menu, str] = {
    "rename": ":material/edit: Rename",
    "download": ":material/download: Download",
    "delete": ":material/delete: Delete",
}
COLOUR: dict[Outcome, str] = {
    "correct": "green",
    "incorrect": "red",
    "unverified": "gray",
    "judged": "gray",
    "not_run": "gray",
}
CUT_OFF = "cut off, resumable"
STANDING = {
    STATUS[None]: ":blue-badge[:material/hourglass_top: running]",
    CUT_OFF: f":orange-badge[:material/pause_circle: {CUT_OFF}]",
}
"""How the standings that ask for something look; the others are words."""


def card(info: SessionInfo, going: frozenset[str], ask: Callable[[str], None]) -> None:
    """Draw one session.

    Args:
        info: The session.
        going: The ids of runs that are going on somewhere.
        ask: Called with the session's id when something of its menu is picked; what, is in the state under `menu_key`.
    """
    with st.container(border=True):
        what, answer, spent = st.columns([6, 2.6, 2.4], gap="small", vertical_alignment="center")
        with what, st.container(gap="xxsmall"):
            st.page_link("session.py", label=f"**{plain(cut(info.title, 110))}**", query_params={"session": info.id})
            _described(info)
        with answer:
            st.markdown(_answered(info, going))
        with spent, st.container(horizontal=True, vertical_alignment="center"):
            with st.container(gap="xxsmall"):
                if spent_words := spending(info.runs):
                    st.markdown(f":small[{spent_words}]")
                st.caption(age(info.created_at))
            st.menu_button(
                "More",
                list(MENU),
                format_func=MENU.__getitem__,
                key=menu_key(info.id),
                type="tertiary",
                on_click=ask,
                args=[info.id],
            )


def menu_key(session_id: str) -> str:
    """Under which the state holds what was picked from a session's menu."""
    return f"menu:{session_id}"


def answers(runs: Sequence[RunInfo], kind: AnswerKind = "auto") -> str:
    """The different answers of a session's runs, in order; empty where there is none yet."""
    given = (run.summary.answer for run in runs)
    return " · ".join(dict.fromkeys(in_short(answer, kind, 60) for answer in given if answer is not None))


def standing(runs: Sequence[RunInfo], going: frozenset[str]) -> str:
    """How a session's runs stand: the liveliest of them tells."""
    open_runs = [run for run in runs if run.summary.status is None]
    if any(run.id in going for run in open_runs):
        return STATUS[None]
    if open_runs:
        return CUT_OFF
    ends = dict.fromkeys(STATUS[run.summary.status] for run in runs)
    return " · ".join(ends) or "no run yet"


def verdict(runs: Sequence[RunInfo]) -> str:
    """What checking the answers gave, as a badge; with several runs that differ, how many are correct."""
    outcomes = [run.summary.verdict for run in runs if run.summary.verdict]
    if not outcomes:
        return ""
    if len(set(outcomes)) > 1:
        return f":gray-badge[{outcomes.count('correct')} of {len(outcomes)} correct]"
    return f":{COLOUR[outcomes[0]]}-badge[{ICON[outcomes[0]]} {VERDICT[outcomes[0]]}]"


def spending(runs: Sequence[RunInfo]) -> str:
    """Calls and money of all runs together, empty before any is known; money is unknown where that of one run is.

    Where only models of this machine answered, what they cost is time: tokens a second.
    """
    known = [run.summary for run in runs if run.summary.calls is not None]
    if not known:
        return ""
    calls = sum(summary.calls or 0 for summary in known)
    made = f"{count(calls)} {'call' if calls == 1 else 'calls'}"
    if all(choice.local for run in runs for choice in _members(run)):
        took = sum(summary.wall_s or 0.0 for summary in known)
        return f"{made} · {speed(sum(summary.tokens_out or 0 for summary in known) / took if took else 0.0)}"
    costs = [summary.cost for summary in known]
    total = None if None in costs else sum(cost for cost in costs if cost is not None)
    return f"{made} · {'cost unknown' if total is None else plain(money(total))}"


def simulated(runs: Sequence[RunInfo]) -> bool:
    """Whether any of the answers was made up."""
    return any(run.summary.simulated or any(choice.simulated for choice in _members(run)) for run in runs)


def _members(run: RunInfo) -> tuple[ModelChoice, ...]:
    """Everybody who answers in a run."""
    return run.settings.team.members if run.settings.team else (ModelChoice(name=run.settings.model),)


def _described(info: SessionInfo) -> None:
    """The problem, where it is not the title, then strategies and models."""
    if cut(info.problem.text, 200) != cut(info.title, 200):
        st.caption(plain(cut(info.problem.text, 300)), wrap=False)
    known = strategies()
    names = dict.fromkeys(run.settings.strategy for run in info.runs)
    ways = [known[name].title if name in known else name for name in names]
    models = dict.fromkeys(choice.name for run in info.runs for choice in _members(run))
    badge = f":orange-badge[{SIMULATED}] " if simulated(info.runs) else ""
    parts = filter(None, [*ways, *map(_model, models)])
    st.markdown(f"{badge}:small[:gray[{plain(' · '.join(cut(part, 80) for part in parts))}]]", wrap=False)


def _model(name: str) -> str:
    """A model's name; of a simulated one its settings, since a badge says what it is."""
    kind, _, settings = name.partition(":")
    return settings.replace("=", " ").replace(",", ", ") if kind == SIMULATED else name


def _answered(info: SessionInfo, going: frozenset[str]) -> str:
    """Answer, verdict, and how the runs stand where that is worth a word, as markdown."""
    text = answers(info.runs, info.problem.kind)
    stands = standing(info.runs, going)
    usual = stands == STATUS["finished"]
    words = STANDING.get(stands) or ("" if usual else f":gray-badge[{plain(stands)}]")
    return " ".join(filter(None, [f"**{plain(cut(text, 60))}**" if text else "", verdict(info.runs), words]))
