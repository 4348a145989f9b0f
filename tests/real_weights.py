"""The weights of a real, small model for tests: fetched once as a user would, kept in the user's cache between runs."""

from __future__ import annotations

import functools
import os
import warnings
from pathlib import Path

import pytest

from ttc_core.models import weights
from ttc_core.models.catalogue import entry

MODEL = "local/qwen2.5-coder-0.5b"
FOLDER = weights.folder()
"""Where the user's own weights are; read before the tests point the app elsewhere."""


def need_weights() -> Path:
    """The folder with the weights of `MODEL`; skips, and says so, only where no place that has them can be reached."""
    reason = _missing()
    if reason:
        warnings.warn(f"NO REAL MODEL WAS TRIED: {reason}", stacklevel=2)
        pytest.skip(f"NO REAL MODEL WAS TRIED: {reason}")
    return FOLDER


@functools.cache
def _missing() -> str:
    try:
        path = weights.fetch(entry(MODEL), FOLDER, hear=lambda progress: None, cancelled=lambda: False)
    except weights.Unreachable as error:
        return str(error)
    assert os.path.getsize(path) == entry(MODEL).size
    return ""
