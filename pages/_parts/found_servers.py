"""Servers with models that were found on this machine, each with its models to choose from."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import streamlit as st

from pages._parts.house import worker
from pages._parts.team import use_buttons
from pages._parts.words import plain
from ttc_core.choice import ModelChoice
from ttc_core.models.servers import FoundServer, ServedModel, default_order, find_servers, usual_places


def found_servers() -> None:
    """What answered when it was last looked for; the look takes less than a second and holds for half a minute."""
    head, again = st.columns([5, 1.4], vertical_alignment="bottom")
    head.subheader("Servers that are running here", anchor=False)
    again.button("Look again", icon=":material/refresh:", width="stretch", on_click=_servers.clear)
    places = usual_places(os.environ)
    for complaint in places.complaints:
        st.warning(plain(complaint))
    servers = _servers()
    if not servers:
        looked = ", ".join(urlsplit(base).netloc for base in places.bases)
        where = f" Nobody answered at {plain(looked)}." if looked else ""
        st.caption(
            f"Ollama, LM Studio, llama\\.cpp and vLLM are found by themselves once they run.{where} "
            "Other addresses can be named in TTC\\_SERVERS, or entered as a base URL under *A provider*."
        )
    columns = st.columns(2, gap="small")
    for index, server in enumerate(servers):
        with columns[index % 2], st.container(border=True, gap="small"):
            _server(server)


@st.cache_data(ttl=30, max_entries=1, show_spinner="Looking for servers …")
def _servers() -> tuple[FoundServer, ...]:
    return worker().call(find_servers())


def _server(server: FoundServer) -> None:
    where = urlsplit(server.base).netloc
    st.markdown(f"**{plain(server.kind)}** :gray[at {plain(where)}]")
    if not server.models:
        st.caption("It is running, and has no model yet.")
        return
    models = [model for _, model in default_order([server])]
    picked = st.selectbox(
        "Model",
        models,
        format_func=_described,
        key=f"server:{server.base}",
        label_visibility="collapsed",
        persist_state="page",
    )
    use_buttons(ModelChoice(name=picked.name, api_base=server.base) if picked else None, server.base)


def _described(model: ServedModel) -> str:
    words = [
        model.name,
        f"{model.context:,} tokens" if model.context else "",
        "loaded" if model.loaded else "",
        "answered in its maker's cloud" if model.elsewhere else "",
    ]
    return " · ".join(filter(None, words))
