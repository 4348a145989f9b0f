"""All that holds for root holds for an ordinary user: the same tests again, by one."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ttc_core.sandbox.backends import programs

ROOT = Path(__file__).parents[2]
NOBODY = 65534
BECOME = (
    f"import os, sys; os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY}); os.execv(sys.argv[1], sys.argv[1:])"
)


def opened(*paths: str) -> Iterator[str]:
    """Shows these folders at their places even if they lie in a home that is closed to others, and only these of it."""
    covered: set[Path] = set()
    for path in sorted(paths):
        closed = [folder for folder in reversed(Path(path).parents) if not folder.stat().st_mode & 0o001]
        if closed and closed[0] not in covered:
            covered.add(closed[0])
            yield from ("--perms", "0755", "--tmpfs", str(closed[0]))
        if closed:
            for made in reversed(Path(path).parents):
                if made.is_relative_to(closed[0]) and made != closed[0]:
                    yield from ("--perms", "0755", "--dir", str(made))
            yield from ("--ro-bind", path, path)


@pytest.mark.skipif(os.geteuid() != 0, reason="these tests run as an ordinary user already")
@pytest.mark.usefixtures("boxes")
def test_the_same_as_an_ordinary_user() -> None:
    files = [f"tests/sandbox/test_{name}.py" for name in ("hostile", "limits", "box", "sandbox", "probe")]
    with tempfile.TemporaryDirectory() as home:
        os.chmod(home, 0o777)
        done = subprocess.run(
            [
                *(programs()[0], "--dev-bind", "/", "/", *opened(sys.base_prefix, sys.prefix, str(ROOT))),
                *("--chdir", str(ROOT), "--", sys.executable, "-c", BECOME),
                *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--basetemp", f"{home}/tests"),
                *("-k", "not would_do_harm and not hundred and not stay_root", *files),
            ],
            env=os.environ | {"HOME": home, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout
