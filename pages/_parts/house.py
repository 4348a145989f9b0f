"""What all pages of one server share: the store, the worker, and what the viewer in front of the screen may do."""

from __future__ import annotations

import os

import streamlit as st

from ttc_core.errors import NotAllowed
from ttc_core.models.downloads import Downloads
from ttc_core.store.database import default_url
from ttc_core.store.library import Access, Library
from ttc_core.store.store import Store
from ttc_core.worker import Worker


@st.cache_resource(show_spinner=False)
def worker() -> Worker:
    """The one worker of this server. It holds no key and no setting of any user."""
    return Worker(Store(default_url()))


@st.cache_resource(show_spinner=False)
def downloads() -> Downloads:
    """Weights that this server is fetching, whoever asked for them."""
    return Downloads()


def store() -> Store:
    """The server's store, for reading by the engine; pages go through `library`."""
    return worker().store


def owner() -> bool:
    """Whether this browser may see the whole library: one on the same machine, or any where TTC_OPEN=1 is set."""
    if os.environ.get("TTC_OPEN") == "1":
        return True
    forwarded = any(name.lower() in ("x-forwarded-for", "forwarded") for name in st.context.headers)
    return st.context.ip_address is None and not forwarded


def owners_worker() -> Worker:
    """The worker, for starting and stopping runs. Raises NotAllowed for anyone but the owner."""
    if not library().may_change:
        raise NotAllowed("Only the owner of this library can start, stop or resume runs.")
    return worker()


def shared_session() -> str | None:
    """The session that the share link in the address opens, if there is one."""
    token = st.query_params.get("session", "")
    return store().shares.resolve(token) if len(token) > 30 else None


def access() -> Access:
    """Through a share link only that session can be read, whoever follows it."""
    session = shared_session()
    if session is not None:
        return Access.viewer(session)
    return Access.owner() if owner() else Access.viewer("")


def library() -> Library:
    """The door to everything that is saved."""
    return Library(store(), access())
