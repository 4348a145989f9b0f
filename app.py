"""The server's entry: `streamlit run app.py` serves the pages, their assets and the live event streams."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st

from pages._parts.house import worker
from pages._parts.routes import routes, warm


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[dict[str, Any]]:
    """While the server lives; it prepares in the background what its first visitor will need."""
    preparing = asyncio.create_task(asyncio.to_thread(warm))
    yield {}
    await preparing


app = st.App("pages/_router.py", routes=routes(lambda token: worker().open(token)), lifespan=lifespan)
