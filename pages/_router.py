"""Which pages there are for whom; a share link opens one session and nothing else."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages._parts.house import owner, shared_session

ASSETS = Path(__file__).parent / "_parts" / "assets"

st.set_page_config(page_title="TTC Explorer", page_icon=str(ASSETS / "icon.svg"), layout="wide")
dark = st.context.theme.type == "dark"
st.logo(str(ASSETS / f"logo-{'dark' if dark else 'light'}.svg"), size="large", icon_image=str(ASSETS / "icon.svg"))

EXPLORE = st.Page("explore.py", title="Explore", icon=":material/explore:", default=True)
SESSION = st.Page("session.py", title="Session", icon=":material/account_tree:", url_path="session")
SESSIONS = st.Page("sessions.py", title="Sessions", icon=":material/folder:", url_path="sessions")
MODELS = st.Page("models.py", title="Models", icon=":material/memory:", url_path="models")

viewer = shared_session() is not None or not owner()
st.html("<style>.stMainBlockContainer {padding: 3.2rem clamp(1rem, 3vw, 3rem) 2rem;}</style>")
page = st.navigation([EXPLORE, SESSION, SESSIONS, MODELS], position="hidden" if viewer else "sidebar")

if viewer and page != SESSION:
    if "session" in st.query_params:
        st.switch_page(SESSION, query_params=dict(st.query_params))
    st.title("TTC Explorer")
    st.info("This library belongs to the person at this computer. Open a share link to see one of its sessions.")
    st.stop()
if page == EXPLORE and "session" in st.query_params:
    st.switch_page(SESSION, query_params=dict(st.query_params))

page.run()
