"""What can be done with a saved session from its menu: rename, download, delete. Each is one dialog, asked for by name.

What is open is kept in the browser session, so that a rerun of the page leaves the dialog and what is typed in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import streamlit as st

from pages._parts.house import library, worker
from pages._parts.session_card import menu_key
from pages._parts.words import plain
from ttc_core.conduct import owner_alive
from ttc_core.errors import BadInput
from ttc_core.share.json_file import export_session
from ttc_core.share.session_page import export_html
from ttc_core.store.rows import MAX_TITLE
from ttc_core.store.values import RunInfo, SessionInfo

_ASKED = "sessions:asked"
STOPPING_S = 5.0
"""How long to wait for a run that was told to stop."""


def ask(session_id: str) -> None:
    """Open what was picked from this session's menu."""
    if what := st.session_state.get(menu_key(session_id)):
        st.session_state[_ASKED] = (what, session_id)


def going(runs: Iterable[RunInfo]) -> frozenset[str]:
    """The runs that are going on, here or in another process of this machine."""
    return frozenset(run.id for run in runs if run.summary.status is None and _alive(run))


def open_dialog() -> None:
    """Draw the dialog that was asked for, if there is one and its session is still there."""
    what, session_id = st.session_state.get(_ASKED, ("", ""))
    if not what:
        return
    try:
        info = library().session(session_id)
    except BadInput as error:
        _close()
        st.toast(plain(str(error)), icon=":material/error:")
        return
    {"rename": _rename, "download": _download, "delete": _delete}[what](info)


def _alive(run: RunInfo) -> bool:
    live = worker().live(run.id)
    return not live.ended if live else owner_alive(run.owner)


def _close() -> None:
    st.session_state.pop(_ASKED, None)


def _done(words: str, icon: str) -> None:
    """Close the dialog, say what was done, and show the page as it is now."""
    _close()
    st.toast(words, icon=icon)
    st.rerun()


@st.dialog("Rename", on_dismiss=_close)
def _rename(info: SessionInfo) -> None:
    with st.form(f"rename:{info.id}", border=False):
        title = st.text_input("Title", info.title, max_chars=MAX_TITLE, key=f"title:{info.id}")
        if not st.form_submit_button("Save", type="primary"):
            return
    try:
        library().rename(info.id, title)
    except BadInput as error:
        st.error(plain(str(error)))
    else:
        _done("Renamed.", ":material/edit:")


@st.dialog("Download", on_dismiss=_close)
def _download(info: SessionInfo) -> None:
    st.markdown(f"**{plain(info.title)}**")
    door = library()
    st.download_button(
        "One HTML file",
        partial(export_html, door, info.id),
        file_name=f"{info.id}.html",
        mime="text/html",
        icon=":material/web:",
        width="stretch",
        on_click="ignore",
    )
    st.caption("Opens in any browser, with no server and no network: the graph, every text, every vote.")
    st.download_button(
        "JSON",
        partial(export_session, door, info.id),
        file_name=f"{info.id}.json",
        mime="application/json",
        icon=":material/data_object:",
        width="stretch",
        on_click="ignore",
    )
    st.caption("Everything that happened, to import here or elsewhere, or to read by program. Keys are never in it.")


@st.dialog("Delete", on_dismiss=_close)
def _delete(info: SessionInfo) -> None:
    st.markdown(f"**{plain(info.title)}**")
    if running := going(info.runs):
        _stop_first(running)
        return
    runs = "run" if len(info.runs) == 1 else f"{len(info.runs)} runs"
    st.markdown(f"The session, its {runs} and its share links are removed for good. This cannot be undone.")
    with st.container(horizontal=True):
        if st.button("Delete for good", type="primary", icon=":material/delete:", key="delete:yes"):
            _remove(info)
        if st.button("Keep it", key="delete:no"):
            _close()
            st.rerun()


def _remove(info: SessionInfo) -> None:
    try:
        library().delete_session(info.id)
    except BadInput as error:
        st.error(plain(str(error)))
        return
    for run in info.runs:
        worker().forget(run.id)
    _done("Deleted.", ":material/delete:")


def _stop_first(running: Iterable[str]) -> None:
    """A session that is still being written cannot be deleted."""
    here = [live for run in running if (live := worker().live(run)) and not live.ended]
    if not here:
        st.markdown("It is still running in another process; stop it there first.")
        return
    st.markdown("It is still running. Stop it first; what was done until then is kept.")
    if st.button("Stop the run", type="primary", icon=":material/stop_circle:", key="delete:stop"):
        library().runs(here[0].session_id)  # refuses whoever may not see it
        with st.spinner("Stopping …"):
            for live in here:
                worker().stop(live.run_id)
            for live in here:
                live.done.wait(STOPPING_S)
        st.rerun()
