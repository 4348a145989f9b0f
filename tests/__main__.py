"""Runs every check, one after the other: `python -m tests`. Knows nothing of what they find."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
CHECKS = {
    "style": ["ruff", "check", "."],
    "layout": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
    "tests": ["pytest", "-ra", "--durations=5"],
}
"""By name, the module to run with its arguments. The tests come last, so that their closing line is the last one."""


def run(name: str, command: list[str]) -> bool:
    """Do one check, say how long it took, and whether all is well."""
    print(f"\n== {name}: {' '.join(command)}", flush=True)
    start = time.monotonic()
    passed = subprocess.run([sys.executable, "-m", *command], cwd=ROOT).returncode == 0
    if name != "tests":
        print(f"== {name}: {'good' if passed else 'FAILED'} after {time.monotonic() - start:.0f} s", flush=True)
    return passed


def main() -> int:
    """Do them all, even where one fails; 1 if any did."""
    failed = [name for name, command in CHECKS.items() if not run(name, command)]
    if failed:
        print(f"FAILED: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
