"""The server's settings are read at all: a broken file would be passed over with a warning."""

from __future__ import annotations

import tomllib
from pathlib import Path


def test_the_settings_are_sound_and_keep_to_this_machine() -> None:
    settings = tomllib.loads((Path(__file__).parent.parent / ".streamlit" / "config.toml").read_text())
    assert settings["server"]["address"] == "localhost"
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["client"]["showErrorDetails"] == "none"
    assert {"light", "dark"} <= set(settings["theme"])
