"""Finds the Chromium that browser tests and benchmarks drive; skips them aloud where there is none."""

from __future__ import annotations

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "no Chromium was found: install it (on Debian: apt install chromium), or set CHROMIUM to its path"


def find_chromium() -> str | None:
    """Its path; None where there is none."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def need_chromium() -> str:
    """Its path. Without one the test is skipped, and on a server that checks submissions (CI=true) it fails."""
    path = find_chromium()
    if path is None and os.environ.get("CI") == "true":
        pytest.fail(MISSING, pytrace=False)
    if path is None:
        pytest.skip(MISSING)
    return path


def arguments() -> list[str]:
    """What it must be told: root may not use its sandbox."""
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
