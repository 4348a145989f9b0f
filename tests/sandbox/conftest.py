"""The sandbox that these tests attack. Where the machine cannot make boxes at all they are skipped, and say so."""

from __future__ import annotations

import subprocess

import pytest

from ttc_core.sandbox import Sandbox
from ttc_core.sandbox.backends import lacking, programs


@pytest.fixture(scope="session")
def boxes() -> None:
    """That bubblewrap works here for something harmless; whether it holds is for the tests, and never skipped."""
    if trouble := lacking():
        pytest.skip(trouble)
    plain = [programs()[0], "--dev-bind", "/", "/", "--unshare-pid", "--unshare-net", "true"]
    tried = subprocess.run(plain, capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"bubblewrap can make no box here: {tried.stderr.strip()}")


@pytest.fixture(scope="session")
def sandbox(boxes: None) -> Sandbox:
    return Sandbox()
