"""Nothing of the developer's own machine: no servers, no weights, no keys, no model chosen before."""

from __future__ import annotations

from pathlib import Path

import pytest

from ttc_core.models.reach import KEY_VARIABLES


@pytest.fixture(autouse=True)
def weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder for weights, beside which nothing can answer but the simulated model."""
    folder = tmp_path / "weights"
    monkeypatch.setenv("TTC_MODELS_DIR", str(folder))
    monkeypatch.setenv("TTC_SERVERS", "none")
    for name in ("TTC_MODEL", *(name for names in KEY_VARIABLES.values() for name in names)):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def db(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ttc.db'}"
