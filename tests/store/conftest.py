"""A store in a temporary file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ttc_core.store.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ttc.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(f"sqlite:///{path}") as opened:
        yield opened
