"""Session: a saved run at any moment, replayed, inspected, shared and exported."""

from __future__ import annotations

import streamlit as st

from pages._parts.house import library, owners_worker, shared_session
from pages._parts.model_choice import keys
from pages._parts.problem_view import belongings, prose
from pages._parts.replay import replay
from pages._parts.run_view import live_view, reveal, selected, simulated_note
from pages._parts.share import share
from pages._parts.watch import Watch, watch
from pages._parts.words import STATUS, age, plain
from ttc_core.conduct import owner_alive
from ttc_core.errors import BadInput
from ttc_core.store.values import RunInfo, SessionInfo
from ttc_core.strategies import strategies


def main() -> None:
    """The session that the address names, or the one last opened."""
    wanted = st.query_params.get("session") or st.session_state.get("session:token")
    if not wanted:
        st.title("Session", anchor=False)
        st.info("No session is open. Pick one from the library, or start a run.")
        st.page_link("sessions.py", label="Sessions", icon=":material/folder:")
        st.page_link("explore.py", label="Explore", icon=":material/explore:")
        return
    try:
        session = library().session(shared_session() or wanted)
    except BadInput as error:
        st.session_state.pop("session:token", None)
        st.title("Session", anchor=False)
        st.warning(str(error))
        return
    st.session_state["session:token"] = wanted
    st.query_params["session"] = wanted
    show(session)


def show(session: SessionInfo) -> None:
    """Title, what can be done with it, and the chosen run."""
    title, actions = st.columns([4, 1], vertical_alignment="center")
    with title:
        st.subheader(plain(session.title), anchor=False)
        facts = st.container(gap=None)
    if not session.runs:
        st.info("This session has no runs yet.")
        return
    run = _pick(session)
    look = watch(run.id)
    _follow_link(look)
    with facts:
        strategy = strategies().get(run.settings.strategy)
        name = strategy.title if strategy else run.settings.strategy
        who = plain(run.settings.answering.name)
        st.caption(f"{name} · {who} · seed {run.settings.seed} · saved {age(session.created_at)}")
        simulated_note(look.upto())
    with st.expander("The problem"):
        prose(session.problem.text)
        belongings(session.problem)
    with actions:
        share(session, look, selected(look))
    if look.going:
        if library().may_change and st.button("Stop", icon=":material/stop_circle:"):
            owners_worker().stop(run.id)
        live_view(look)
        return
    _resume(run)
    replay(look)


def _pick(session: SessionInfo) -> RunInfo:
    wanted = st.query_params.get("run")
    runs = {run.id: run for run in session.runs}
    if len(runs) == 1:
        return session.runs[0]
    titles = {name: strategy.title for name, strategy in strategies().items()}
    chosen_id = st.segmented_control(
        "Run",
        list(runs),
        default=wanted if wanted in runs else session.runs[0].id,
        format_func=lambda name: f"{runs[name].place}. {titles.get(runs[name].settings.strategy, '?')}",
        key=f"run:{session.id}",
        label_visibility="collapsed",
    )
    return runs[chosen_id or session.runs[0].id]


def _follow_link(look: Watch) -> None:
    """A link's node and moment count once; after that the person at the screen chooses."""
    if st.session_state.get(f"followed:{look.run_id}"):
        return
    st.session_state[f"followed:{look.run_id}"] = True
    node, at = st.query_params.get("node"), st.query_params.get("at", "")
    if node:
        reveal(look, node)
    if at.isdecimal() and len(at) < 10:
        st.session_state[f"at:{look.run_id}"] = max(1, min(int(at), len(look.entries)))


def _resume(run: RunInfo) -> None:
    """A run whose process died can go on."""
    if run.summary.status is not None or not library().may_change:
        return
    if owner_alive(run.owner):
        st.info(f"This run is {STATUS[None]} in another process; reload to see more of it.")
        return
    st.warning("This run was cut off. It can go on from where it was, without repeating an answered call.")
    if st.button("Resume", icon=":material/play_arrow:", type="primary"):
        try:
            owners_worker().resume(run.id, keys=keys())
        except BadInput as error:
            st.error(str(error))
        else:
            st.rerun()


main()
