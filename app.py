"""The server's entry: `streamlit run app.py` serves the pages, their assets and the live event streams."""

from __future__ import annotations

import streamlit as st

from pages._parts.house import worker
from pages._parts.routes import routes

app = st.App("pages/_router.py", routes=routes(lambda token: worker().open(token)))
