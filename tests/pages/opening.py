"""Opening a page as its owner would, on a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages._parts.house import worker
from ttc_core.models.reach import KEY_VARIABLES

ROOT = Path(__file__).parent.parent.parent


@contextmanager
def house(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server's worker and store on a new file, with no key, server or weights around; the database's URL."""
    url = f"sqlite:///{folder / 'ttc.db'}"
    monkeypatch.setenv("TTC_DATABASE_URL", url)
    monkeypatch.setenv("TTC_OPEN", "1")
    monkeypatch.setenv("TTC_MODEL", "simulated")
    monkeypatch.setenv("TTC_MODELS_DIR", str(folder / "models"))
    monkeypatch.setenv("TTC_SERVERS", "none")
    for variable in (name for names in KEY_VARIABLES.values() for name in names):
        monkeypatch.delenv(variable, raising=False)
    _forget()
    yield url
    worker().store.close()
    _forget()


def _forget() -> None:
    st.cache_resource.clear()
    st.cache_data.clear()


def open_page(name: str) -> AppTest:
    """The page as the sidebar opens it."""
    app = AppTest.from_file(str(ROOT / "pages" / "_router.py"), default_timeout=30).run()
    app.switch_page(name).run()
    assert not app.exception
    return app


def markup(app: AppTest) -> list[str]:
    """Everything on the page that is read as markdown."""
    links = [link.label for link in app.page_link]
    return [*(element.value for element in (*app.markdown, *app.caption, *app.error, *app.info, *app.success)), *links]


def sent(app: AppTest) -> str:
    """All that the browser is sent of the page."""
    return "\n".join(str(getattr(node, "proto", "")) for node in _nodes(app._tree))


def _nodes(node: Any) -> Iterator[Any]:
    yield node
    for child in getattr(node, "children", {}).values():
        yield from _nodes(child)
