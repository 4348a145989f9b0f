"""Replay: a saved run at the moment the slider says, or playing on at a chosen speed. Makes no call."""

from __future__ import annotations

import time
from bisect import bisect_right

import streamlit as st

from pages._parts.run_view import still_view
from pages._parts.watch import Watch
from pages._parts.words import seconds

TICK_S = 0.4
SPEEDS = {"1×": 1.0, "2×": 2.0, "5×": 5.0, "20×": 20.0}


def replay(look: Watch) -> None:
    """The run with its slider."""
    if not look.entries:
        st.info("This run's log is empty: it was cut off before anything happened.")
        return
    playing = st.session_state.get(f"playing:{look.run_id}", False)
    st.fragment(_replay, run_every=TICK_S if playing else None)(look)


def _replay(look: Watch) -> None:
    run, last = look.run_id, len(look.entries)
    at_key, playing_key = f"at:{run}", f"playing:{run}"
    st.session_state.setdefault(at_key, last)
    if st.session_state.get(playing_key):
        _advance(look)
    controls = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    with controls:
        playing = st.session_state.get(playing_key, False)
        word, icon = ("Pause", ":material/pause:") if playing else ("Play", ":material/play_arrow:")
        if st.button(word, icon=icon, key=f"play:{run}"):
            _toggle(look)
            st.rerun()
        st.selectbox("Speed", list(SPEEDS), index=1, key=f"speed:{run}", label_visibility="collapsed", width=90)
        with st.container(width="stretch"):
            at = st.slider("Moment (event)", 1, max(2, last), key=at_key, on_change=_pause, args=[look])
    state = look.upto(at)
    st.caption(f"Event {state.seq:,} of {last:,} · {seconds(state.time)} into the run")
    still_view(look, state)


def _toggle(look: Watch) -> None:
    playing_key, at_key = f"playing:{look.run_id}", f"at:{look.run_id}"
    st.session_state[playing_key] = not st.session_state.get(playing_key, False)
    if st.session_state[playing_key] and st.session_state[at_key] >= len(look.entries):
        st.session_state[at_key] = 1
    st.session_state[f"clock:{look.run_id}"] = time.monotonic()


def _pause(look: Watch) -> None:
    """Whoever moves the slider wants to look."""
    st.session_state[f"playing:{look.run_id}"] = False


def _advance(look: Watch) -> None:
    """Move on by as much of the run as has passed since the last tick; at least one event, so that pauses are short."""
    run, entries = look.run_id, look.entries
    now = time.monotonic()
    passed = (now - st.session_state.get(f"clock:{run}", now)) * SPEEDS[st.session_state.get(f"speed:{run}", "2×")]
    st.session_state[f"clock:{run}"] = now
    at = st.session_state[f"at:{run}"]
    until = entries[at - 1].at + passed
    st.session_state[f"at:{run}"] = max(at + 1, bisect_right(entries, until, key=lambda logged: logged.at))
    if st.session_state[f"at:{run}"] >= len(entries):
        st.session_state[f"at:{run}"] = len(entries)
        st.session_state[f"playing:{run}"] = False
        st.rerun()
