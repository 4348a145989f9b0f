"""Runs a program as an ordinary user, though this project or its Python may lie where only root can look."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ttc_core.sandbox.backends import programs

ROOT = Path(__file__).parents[2]
NOBODY = 65534
BECOME = (
    f"import os, sys; os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY}); os.execv(sys.argv[1], sys.argv[1:])"
)


def as_ordinary_user(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with these arguments from the project's folder; ``HOME`` is a folder that it may write to."""
    with tempfile.TemporaryDirectory() as home:
        os.chmod(home, 0o777)
        return subprocess.run(
            [
                *(programs()[0], "--dev-bind", "/", "/", *opened(sys.base_prefix, sys.prefix, str(ROOT))),
                *("--chdir", str(ROOT), "--", sys.executable, "-c", BECOME, sys.executable, *arguments),
            ],
            env=os.environ | {"HOME": home, "TMPDIR": home, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )


def opened(*paths: str) -> Iterator[str]:
    """Shows these folders at their places even if they lie in a home that is closed to others, and only these of it."""
    covered: set[Path] = set()
    for path in sorted(map(Path, paths)):
        closed = [folder for folder in (*reversed(path.parents), path) if not folder.stat().st_mode & 0o001]
        if closed and closed[0] not in covered:
            covered.add(closed[0])
            yield from ("--perms", "0755", "--tmpfs", str(closed[0]))
        if not closed:
            continue
        for made in (*reversed(path.parents), path):
            if made.is_relative_to(closed[0]) and made != closed[0]:
                yield from ("--perms", "0755", "--dir", str(made))
        # A folder that is closed itself stays so wherever it is shown; what lies in it is shown instead.
        shown = sorted(path.iterdir()) if path == closed[-1] else [path]
        for one in shown:
            yield from ("--ro-bind", str(one), str(one))
