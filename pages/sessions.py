"""Sessions: the library of what was saved; search it, open, rename, download, delete and import sessions."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages._parts.house import library
from pages._parts.importing import importing
from pages._parts.session_card import card
from pages._parts.session_dialogs import ask, going, open_dialog
from pages._parts.words import cut, plain
from ttc_core.errors import BadInput

PAGE_SIZE = 50
STYLE = Path(__file__).parent / "_parts" / "assets" / "sessions.css"
PAGE, SEARCH = "sessions:page", "sessions:search"


def main() -> None:
    """The list, newest first, and what can be done with it."""
    st.title("Sessions", anchor=False)
    try:
        if library().sessions(limit=1):
            show()
        else:
            nothing_yet()
        open_dialog()
    except BadInput as error:
        st.info(plain(str(error)))


def show() -> None:
    """Search, import, and one page of cards."""
    with st.container(horizontal=True):
        search = st.text_input(
            "Search",
            key=SEARCH,
            type="search",
            live=True,
            icon=":material/search:",
            placeholder="Title, problem, answer, strategy or model",
            label_visibility="collapsed",
            on_change=_first_page,
            persist_state="session",
        )
        importing()
    page = st.session_state.get(PAGE, 0)
    infos = library().sessions(search or "", PAGE_SIZE + 1, page * PAGE_SIZE)
    if not infos and page:
        st.session_state[PAGE] = page - 1
        st.rerun()
    if not infos:
        st.markdown(f"No session mentions **{plain(cut(search, 80))}**. Every word must stand somewhere in a session.")
    running = going(run for info in infos for run in info.runs)
    more = len(infos) > PAGE_SIZE
    _turn(page, more, "above")
    st.html(STYLE)
    with st.container(gap="small", key="sessions"):
        for info in infos[:PAGE_SIZE]:
            card(info, running, ask)
    _turn(page, more, "below")
    _follow(running)


def nothing_yet() -> None:
    """What a first visitor sees."""
    st.markdown("Every run is kept here with all that happened in it, to replay, compare and share. There is none yet.")
    with st.container(horizontal=True):
        if st.button("Explore a first problem", type="primary", icon=":material/explore:"):
            st.switch_page("explore.py")
        importing()


def _first_page() -> None:
    st.session_state[PAGE] = 0


def _turn(page: int, more: bool, where: str) -> None:
    """Newer and older, where there is more than one page."""
    if not page and not more:
        return
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        st.caption(f"Page {page + 1}", width="content")
        for label, icon, to, there in (
            ("Newer", ":material/chevron_left:", page - 1, page > 0),
            ("Older", ":material/chevron_right:", page + 1, more),
        ):
            st.button(
                label, icon=icon, type="tertiary", disabled=not there, on_click=_go, args=[to], key=f"{label}:{where}"
            )


def _go(page: int) -> None:
    st.session_state[PAGE] = page


def _follow(running: frozenset[str]) -> None:
    """While something runs, look again every two seconds, and show the page anew when it has ended."""

    @st.fragment(run_every=2 if running else None)
    def look() -> None:
        if running - going(library().run(run_id) for run_id in running):
            st.rerun()

    look()


main()
