"""The strip above a run: best answer so far, what is going on, and spending against the budget."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from pages._parts.spend import against, slowed_words
from pages._parts.words import STATUS, badge, count, money, plain, seconds, speed, verdict_words
from ttc_core.events import Fold
from ttc_core.events.graph import REFUSED
from ttc_core.types import Budget
from ttc_core.views.short import in_short


def strip(state: Fold, *, now: float | None = None) -> None:
    """Draw the strip.

    Args:
        state: The run so far.
        now: Seconds the run has been going, where it is going on and its last event is some time ago.
    """
    with st.container(border=True, horizontal=True, gap="medium", vertical_alignment="top"):
        with st.container(width=220, gap=None):
            _best(state)
        with st.container(width=190, gap=None):
            _activity(state)
        _spending(state, now if now is not None else state.time)


def _best(state: Fold) -> None:
    st.caption("Answer" if state.status else "Best so far")
    leader = state.finished.candidate if state.finished else state.leader.node if state.leader else None
    node = state.graph.nodes.get(leader or "")
    if node is None:
        st.markdown("No candidate yet" if state.status is None else "No answer")
        return
    letter = state.graph.letter(node.key)
    kind = state.started.problem.kind if state.started else "auto"
    shown = plain(in_short(state.answer, kind, 60)) if state.answer is not None else "_unreadable_"
    st.markdown(f"{badge(letter)} **{shown}**")
    peers = [n for n in state.graph.nodes.values() if n.shape == "candidate" and n.round == node.round and n.text]
    agree = sum(n.key == node.key for n in peers) if node.key is not None else 1
    verdict = verdict_words(state.verdict) if state.verdict else "unverified"
    st.caption(f"{agree} of {len(peers)} agree · {verdict} · {node.id}")


def _activity(state: Fold) -> None:
    st.caption("Now" if state.status is None else "How it ended")
    totals = state.totals
    if state.status is None:
        st.markdown(f"{totals.in_flight} calls in flight")
    else:
        st.markdown(STATUS[state.status].capitalize())
    notes = []
    if state.finished and state.finished.message:
        notes.append(plain(state.finished.message))
    refused = [call for call in state.timeline.calls.values() if call.filtered or call.error == REFUSED]
    for number, word in (
        (totals.retries, "retried"),
        (len(refused), "refused"),
        (totals.failed - sum(call.status == "failed" for call in refused), "failed"),
        (totals.cancelled, "not needed"),
    ):
        if number:
            notes.append(f"{number} {word}")
    st.caption(" · ".join(notes) or "nothing failed")
    if state.slowed:
        st.caption(plain(slowed_words(state)))


def _spending(state: Fold, now: float) -> None:
    totals, started = state.totals, state.started
    budget = started.budget if started else Budget()
    about = "about " if totals.estimated else ""
    made_up = totals.simulated or bool(started and started.simulated)
    fast = "" if made_up else speed(totals.tokens_per_second(now))
    _meter("Calls", count(totals.calls), totals.calls, budget.calls, count)
    _meter("Tokens", about + count(totals.tokens), totals.tokens, budget.tokens, count, _tokens(state), width=145)
    if started and started.local:
        _meter("Speed", fast or "–", 0.0, None, money)
    else:
        _meter("Money", money(totals.cost), totals.cost or 0.0, budget.dollars, money, [fast] if fast else [])
    _meter("Time", seconds(now), now, budget.seconds, seconds)


def _tokens(state: Fold) -> list[str]:
    """Where the tokens went, and after the run how near that was to what was expected."""
    spent = state.totals
    read = f"{count(spent.tokens_in)} in" + (f", {count(spent.cached_in)} cached" if spent.cached_in else "")
    said = f"{count(spent.tokens_out)} out" + (
        f", {count(spent.reasoning_out)} thinking" if spent.reasoning_out else ""
    )
    said_before = state.started.estimate if state.started and state.status else None
    return [read, said, *([against(spent.tokens, said_before.tokens)] if said_before else [])]


def _meter(
    name: str,
    text: str,
    spent: float,
    limit: float | None,
    words: Callable[[float], str],
    notes: Sequence[str] = (),
    *,
    width: int = 104,
) -> None:
    with st.container(width=width, gap=None):
        st.caption(name)
        if limit is None:
            st.markdown(plain(text))
        else:
            st.markdown(plain(f"{text} / {words(limit)}"))
            st.progress(min(1.0, spent / limit))
        for note in notes:
            st.caption(plain(note))
