"""A run on the screen: strip, graph, inspector and time; a run that goes on, and any moment of a saved one."""

from __future__ import annotations

import time

import streamlit as st

from pages._parts.graph import chart, graph
from pages._parts.inspector import inspector
from pages._parts.spend import spend_view
from pages._parts.strip import strip
from pages._parts.watch import Watch
from ttc_core.events import Fold
from ttc_core.views.charts import answers_chart
from ttc_core.views.gantt import gantt
from ttc_core.views.picture import picture
from ttc_core.views.stream import snapshot

REFRESH_S = 0.5
LOWEST, HIGHEST = 400, 640
"""Pixels; a graph is as high as it needs to be, in between."""
FRAME = 34
"""Pixels that the border around a graph takes."""
USUAL_WIDTH = 780
"""Pixels that a graph has on an ordinary screen, where its height is chosen."""


def simulated_note(state: Fold) -> None:
    """Say it wherever answers are made up."""
    if state.started and state.started.simulated:
        st.caption(
            ":orange-badge[simulated] Answers and timings are made up by a statistical model, not by a language model."
        )


def live_view(look: Watch) -> None:
    """A run that goes on: the graph is fed by the event stream, the rest looks twice a second."""
    _live_strip(look)
    left, right = st.columns([5, 2], gap="small")
    with left, st.container(border=True):
        draw_graph(look, look.upto(), streaming=True)
    with right:
        _live_inspector(look)
    _live_time(look)


def still_view(look: Watch, state: Fold, now: float | None = None) -> None:
    """A run at one moment."""
    strip(state, now=now)
    left, right = st.columns([5, 2], gap="small")
    with left, st.container(border=True):
        draw_graph(look, state, streaming=False)
    with right, st.container(border=True, height=_height(look, state) + FRAME):
        inspector(state, selected(look))
    with st.container(border=True):
        charts(look, state)


def draw_graph(look: Watch, state: Fold, *, streaming: bool) -> None:
    """The picture; a click selects a node."""
    url = f"ttc/stream/{look.live.token}" if streaming and look.live else None
    clicked = graph(
        snapshot(picture(state)),
        stream_url=url,
        selected=selected(look),
        height=_height(look, state),
        key=f"graph:{look.run_id}",
    )
    if clicked and clicked != selected(look):
        select(look, clicked)
        st.rerun()


def _height(look: Watch, state: Fold) -> int:
    """Chosen once per run from the whole of its graph, so that nothing jumps while it is watched."""
    key = f"height:{look.run_id}"
    if key not in st.session_state:
        whole = look.upto() if look.live is None else state
        left, top, right, bottom = picture(whole).bounds
        scale = min(1.2, USUAL_WIDTH / max(1.0, right - left))
        st.session_state[key] = int(min(HIGHEST, max(LOWEST, (bottom - top) * scale + 60)))
    height: int = st.session_state[key]
    return height


def selected(look: Watch) -> str | None:
    """The node this browser session last clicked in this run."""
    chosen: str | None = st.session_state.get(f"node:{look.run_id}")
    return chosen


def select(look: Watch, node: str | None) -> None:
    """Make it the selected node."""
    st.session_state[f"node:{look.run_id}"] = node


def charts(look: Watch, state: Fold) -> None:
    """Time, answers and spending under the graph."""
    kind = st.segmented_control(
        "Below the graph",
        ["Time", "Answers", "Spend"],
        default="Time",
        key=f"charts:{look.run_id}",
        label_visibility="collapsed",
    )
    dark = st.context.theme.type == "dark"
    if kind == "Answers":
        chart(answers_chart(state, dark=dark), key=f"answers:{look.run_id}", height=260)
    elif kind == "Spend":
        spend_view(state, dark=dark, key=f"spend:{look.run_id}")
    else:
        _time_words(state)
        chart(gantt(state, dark=dark), key=f"gantt:{look.run_id}", height=300)


def _time_words(state: Fold) -> None:
    timeline = state.timeline
    path = timeline.critical_path_s
    ratio = f"{timeline.wall_s / path:.2f}" if path > 0 else "–"
    st.caption(
        f"Wall {timeline.wall_s:.1f} s · critical path {path:.1f} s · wall / critical path {ratio} · "
        f"B_seq {timeline.b_seq:,} tokens · B_total {timeline.b_total:,} tokens"
    )


@st.fragment(run_every=REFRESH_S)
def _live_strip(look: Watch) -> None:
    state = look.upto()
    if not look.going:
        st.rerun()  # the run has ended: draw the page once more, without timers
    quiet = max(0.0, time.time() - look.entries[-1].at) if look.entries else 0.0
    strip(state, now=state.time + quiet)


@st.fragment(run_every=2 * REFRESH_S)
def _live_inspector(look: Watch) -> None:
    state = look.upto()
    with st.container(border=True, height=_height(look, state) + FRAME):
        inspector(state, selected(look))


@st.fragment(run_every=2 * REFRESH_S)
def _live_time(look: Watch) -> None:
    with st.container(border=True):
        charts(look, look.upto())
