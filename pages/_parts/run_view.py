"""A run on the screen: strip, graph, inspector and time; a run that goes on, and any moment of a saved one."""

from __future__ import annotations

import time
from pathlib import Path

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

STYLE = Path(__file__).parent / "assets" / "inspector.css"
REFRESH_S = 0.5
LOWEST, HIGHEST = 400, 640
"""Pixels; a graph is as high as it needs to be, in between."""
FRAME = 34
"""Pixels that the border around a graph takes."""
ROW = 48
"""Pixels that the row takes by which steps are opened, where there are any."""
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
    st.html(STYLE)
    _live_strip(look)
    left, right = st.columns([5, 2], gap="small")
    with left, st.container(border=True):
        draw_graph(look, look.upto(), streaming=True)
    with right:
        _live_inspector(look)
    _live_time(look)


def still_view(look: Watch, state: Fold, now: float | None = None) -> None:
    """A run at one moment."""
    st.html(STYLE)
    strip(state, now=now)
    left, right = st.columns([5, 2], gap="small")
    with left, st.container(border=True):
        draw_graph(look, state, streaming=False)
    with right:
        _inspected(look, state)
    with st.container(border=True):
        charts(look, state)


def _inspected(look: Watch, state: Fold) -> None:
    """The inspector, as high as the picture with its frame."""
    row = ROW if _in_steps(state) else 0
    with st.container(border=True, height=_height(look, state) + FRAME + row, key="inspector"):
        inspector(state, selected(look))


def draw_graph(look: Watch, state: Fold, *, streaming: bool) -> None:
    """The picture; a click selects a node. Inside a candidate its steps are drawn in place of the whole."""
    opened = _inside(look, state) if _in_steps(state) else None
    if opened and streaming:
        _live_steps(look)
        return
    url = f"ttc/stream/{look.live.token}" if streaming and look.live else None
    _drawn(look, state, opened, url)


def _drawn(look: Watch, state: Fold, opened: str | None, url: str | None) -> None:
    clicked = graph(
        snapshot(picture(state, inside=opened)),
        stream_url=url,
        selected=selected(look),
        height=_height(look, state),
        key=f"graph:{look.run_id}:{opened or ''}",
        label=f"Steps of {opened}" if opened else "Graph of the run",
    )
    if clicked and clicked != selected(look):
        select(look, clicked)
        st.rerun()


def _in_steps(state: Fold) -> bool:
    """Whether the attempts of this run are made in steps that can be opened."""
    if state.started is None:
        return False
    problem = state.started.problem
    return problem.kind == "patch" or bool(problem.documents) or bool(state.started.params.get("python"))


def _inside(look: Watch, state: Fold) -> str | None:
    """The candidate whose steps are seen, if one is. The row above the picture, always there, opens and leaves it."""
    key = f"inside:{look.run_id}"
    opened: str | None = st.session_state.get(key)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if opened in state.graph.nodes:
            if st.button("Back to the whole", icon=":material/arrow_back:", key=f"back:{look.run_id}"):
                st.session_state[key] = None
                select(look, opened)
                st.rerun()
            st.caption(f"Inside {opened}: each box is a step, from left to right.")
            return opened
        owner = _owner(state, selected(look))
        words = f"Open the steps of {owner}" if owner else "Open the steps"
        if st.button(words, icon=":material/zoom_in:", key=f"open:{look.run_id}", disabled=owner is None):
            st.session_state[key] = owner
            st.rerun()
        if owner is None:
            st.caption("Select a candidate to see what it did, step by step.")
    return None


def _owner(state: Fold, name: str | None) -> str | None:
    """The candidate that a node is, or lies within, where it is made in steps."""
    nodes = state.graph.nodes
    node = nodes.get(name or "")
    while node and node.shape in ("step", "passage"):
        node = nodes.get(node.parents[0]) if node.parents else None
    return node.id if node and node.shape == "candidate" else None


def reveal(look: Watch, name: str) -> None:
    """Select a node wherever it lies: a step or a passage is seen inside its candidate."""
    select(look, name)
    state = look.upto()
    node = state.graph.nodes.get(name)
    if node and node.shape in ("step", "passage"):
        st.session_state[f"inside:{look.run_id}"] = _owner(state, name)


@st.fragment(run_every=2 * REFRESH_S)
def _live_steps(look: Watch) -> None:
    _drawn(look, look.upto(), st.session_state.get(f"inside:{look.run_id}"), None)


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
    _inspected(look, look.upto())


@st.fragment(run_every=2 * REFRESH_S)
def _live_time(look: Watch) -> None:
    with st.container(border=True):
        charts(look, look.upto())
