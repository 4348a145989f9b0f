"""Explore: enter a problem, choose a strategy and a budget, and watch what the compute is spent on."""

from __future__ import annotations

import time

import streamlit as st

from pages._parts.house import owners_worker, worker
from pages._parts.model_choice import keys, label, team
from pages._parts.problem_form import problem_form
from pages._parts.run_view import live_view, simulated_note, still_view
from pages._parts.setup import PREFIX, budget_form, plan_words, run_form, settings_form
from pages._parts.watch import Watch, watch
from pages._parts.words import cut, plain
from ttc_core.engine import Spec
from ttc_core.errors import BadInput
from ttc_core.estimate import Answering, bound, mostly
from ttc_core.strategies import Strategy, strategies
from ttc_core.types import Problem


def main() -> None:
    """The set-up, or the run that was started from it."""
    run_id = st.query_params.get("run") or st.session_state.get("explore:run")
    if run_id:
        try:
            look = watch(run_id)
        except BadInput as error:
            st.session_state.pop("explore:run", None)
            st.query_params.clear()
            st.warning(str(error))
        else:
            st.query_params["run"] = run_id
            show(look)
            return
    set_up()


def set_up() -> None:
    """Problem, strategy and budget, all filled in, and what the run will come to."""
    st.title("Explore", anchor=False)
    st.markdown(
        "Let a language model spend more computation on one problem, and watch what it buys: "
        "candidates, tournaments of votes, rounds of refinement, live."
    )
    problem, settings = st.columns(2, gap="large")
    spec: Spec | None = None
    trouble = ""
    with problem:
        st.subheader("Problem", anchor=False)
        try:
            what = problem_form()
        except BadInput as error:
            what, trouble = None, str(error)
        st.subheader("Budget", anchor=False)
        budget = budget_form()
        launch = st.container()
    with settings:
        st.subheader("Strategy", anchor=False)
        strategy = _strategy()
        st.caption(strategy.sentence)
        try:
            params = settings_form(strategy, what[0] if what else None)
        except BadInput as error:
            params, trouble = None, str(error)
        seed, concurrency = run_form()
    if what and params:
        spec = Spec(what[0], strategy.name, params, what[1], seed, budget, concurrency)
        plan = strategy.planned(what[0], params)
        sizes = plan, what[0], params, Answering.of_team(team())
        local = all(choice.local for choice in team().members)
        launch.markdown(plan_words(plan, mostly(*sizes), bound(*sizes), budget, local=local))
    with launch:
        _start(spec, trouble)


def show(look: Watch) -> None:
    """The run, while it goes on and after."""
    state = look.upto()
    title, action = st.columns([5, 1], vertical_alignment="center")
    if state.started:
        with title:
            problem = state.started.problem
            st.subheader(plain(cut(problem.title or problem.text, 100)), anchor=False)
            strategy = strategies().get(state.started.strategy)
            name = strategy.title if strategy else state.started.strategy
            st.caption(f"{name} · {plain(state.started.answering or state.started.model)} · seed {state.started.seed}")
            simulated_note(state)
    with action:
        if look.going:
            if st.button("Stop", type="primary", icon=":material/stop_circle:", width="stretch"):
                owners_worker().stop(look.run_id)
        elif st.button("New run", type="primary", icon=":material/add:", width="stretch"):
            st.session_state.pop("explore:run", None)
            st.query_params.clear()
            st.rerun()
        if look.live:
            st.page_link(
                "session.py",
                label="Saved session",
                icon=":material/account_tree:",
                query_params={"session": look.live.session_id, "run": look.run_id},
            )
    if look.live and look.live.error:
        st.error(f"The log could not be saved whole: {look.live.error}")
    if look.going:
        live_view(look)
    else:
        still_view(look, look.upto())


def _strategy() -> Strategy:
    known = strategies()
    name = st.selectbox(
        "Strategy",
        list(known),
        format_func=lambda name: known[name].title,
        key=f"{PREFIX}strategy",
        persist_state="session",
        label_visibility="collapsed",
    )
    return known[name]


def _start(spec: Spec | None, trouble: str) -> None:
    known = bool(spec and spec.reference and spec.reference.answer)
    if spec and not known and any(choice.simulated for choice in team().members):
        trouble = _beyond_dice(spec.problem)
    with st.container(horizontal=True, vertical_alignment="center"):
        start = st.button(
            "Start", type="primary", icon=":material/play_arrow:", width=160, disabled=not spec or bool(trouble)
        )
        st.page_link("models.py", label=f"Model: {plain(label())} · change", icon=":material/memory:")
    if trouble:
        st.info(trouble)
    if spec and (none := _no_sandbox(spec)):
        st.caption(f":material/block: {plain(none)}")
    if start and spec:
        try:
            with st.spinner("Getting the model ready …", show_time=True):
                live = owners_worker().start(spec, team(), keys=keys())
        except BadInput as error:
            st.error(str(error))
            return
        for _ in range(20):  # a moment, so that the first sight is the bracket and not an empty frame
            if len(live.entries) > 2 or live.ended:
                break
            time.sleep(0.02)
        st.session_state["explore:run"] = live.run_id
        st.query_params["run"] = live.run_id
        st.rerun()


def _beyond_dice(problem: Problem) -> str:
    """Why the simulated model cannot take a problem, and what can be done."""
    match problem.kind:
        case "open":
            return "The simulated model has no opinions: choose a real model for questions without a right answer."
        case "code":
            return (
                "The simulated model can only write programs where it is given a right one: "
                "add one, pick a problem of another shelf, or choose a real model."
            )
        case _:
            return (
                "The simulated model can only answer problems whose right answer it is given: "
                "add one, pick a problem of another shelf, or choose a real model."
            )


def _no_sandbox(spec: Spec) -> str:
    """Why nothing of this run could be run here; empty where it can, and where nothing is to be run."""
    if spec.problem.kind not in ("code", "patch") and not spec.params.python:
        return ""
    with st.spinner("Trying out the sandbox …", show_time=True):
        return worker().call(worker().sandbox.ready())


main()
