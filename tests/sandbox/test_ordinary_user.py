"""All that holds for root holds for an ordinary user: the same tests again, by one."""

from __future__ import annotations

import os

import pytest

from tests.sandbox.ordinary import as_ordinary_user


@pytest.mark.skipif(os.geteuid() != 0, reason="these tests run as an ordinary user already")
@pytest.mark.usefixtures("boxes")
def test_the_same_as_an_ordinary_user() -> None:
    files = [f"tests/sandbox/test_{name}.py" for name in ("hostile", "limits", "box", "sandbox", "probe")]
    done = as_ordinary_user(
        *("-m", "pytest", "-p", "no:cacheprovider"),
        *("-k", "not would_do_harm and not hundred and not stay_root", *files),
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout
