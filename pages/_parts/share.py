"""Sharing and keeping a session: a read-only link to this node and moment, its links, and downloads."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from pages._parts.house import library
from pages._parts.watch import Watch
from pages._parts.words import age
from ttc_core.share.json_file import export_session
from ttc_core.share.session_page import export_html
from ttc_core.store.values import SessionInfo


def share(session: SessionInfo, look: Watch, node: str | None) -> None:
    """The popover. A viewer sees only the downloads."""
    door = library()
    with st.popover("Share" if door.may_change else "Keep", icon=":material/share:", width="stretch"):
        if door.may_change:
            _links(session, look, node)
        st.caption("Download")
        st.download_button(
            "One HTML file",
            data=lambda: export_html(door, session.id),
            file_name=f"{session.id}.html",
            mime="text/html",
            icon=":material/download:",
            width="stretch",
            help="Shows the graph and its details with no server and no network.",
        )
        st.download_button(
            "JSON",
            data=lambda: export_session(door, session.id),
            file_name=f"{session.id}.json",
            mime="application/json",
            icon=":material/download:",
            width="stretch",
            help="Everything, for another TTC Explorer to import.",
        )


def link(token: str, look: Watch, node: str | None) -> str:
    """The address of exactly what is on the screen: run, node and moment."""
    where = {"session": token, "run": look.run_id}
    if node:
        where["node"] = node
    at = st.session_state.get(f"at:{look.run_id}")
    if at and at < len(look.entries):
        where["at"] = str(at)
    base = (st.context.url or "").split("?")[0].rsplit("/", 1)[0]
    return f"{base}/?{urlencode(where)}"


def _links(session: SessionInfo, look: Watch, node: str | None) -> None:
    door = library()
    st.markdown("Whoever has the link can read this session, nothing else, until you revoke it.")
    if st.button("Make a link to what is shown", icon=":material/link:", width="stretch"):
        st.session_state[f"link:{session.id}"] = link(door.share(session.id), look, node)
    made = st.session_state.get(f"link:{session.id}")
    if made:
        st.code(made, language=None, wrap_lines=True)
        st.caption("Copy it now: it is not kept and cannot be shown again.")
    for info in door.shares(session.id):
        if info.revoked_at is not None:
            continue
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"Link made {age(info.created_at)}")
            if st.button("Revoke", key=f"revoke:{info.token_hash}"):
                door.revoke(session.id, info.token_hash)
                st.session_state.pop(f"link:{session.id}", None)
                st.rerun()
