"""A child process that is told what to do in one line, answers in one line, and ends with us; knows no models."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import re
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ttc_core.models.secrets import secrets_of

ROOT = Path(__file__).parents[2]
LINE_BYTES = 65_536
TAIL_LINES, TAIL_LINE_BYTES = 100, 500
"""What is kept of its errors."""
STOP_S = 5.0
ERROR = re.compile(r"^[\d.]+ E +(?:\S+ +)?(?:\S+:)? *(?:error loading model: )?(.+)")
"""A line of llama.cpp's log that tells of an error, behind its time and the place in the program."""


def program(module: str) -> tuple[str, ...]:
    """The command that runs a module of ours in this Python."""
    return sys.executable, "-m", module


class Child:
    """Its input stays open as long as this process lives: it is to end when that does, even by a kill."""

    def __init__(self, command: Sequence[str], order: Mapping[str, object]) -> None:
        """Start it and give it its order. It inherits no secret. Raises OSError."""
        secret = secrets_of(os.environ)
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if value not in secret},
        )
        self._first: queue.Queue[bytes] = queue.Queue()
        self._errors: deque[str] = deque(maxlen=TAIL_LINES)
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._read, self._read_errors)]
        for thread in self._threads:
            thread.start()
        with contextlib.suppress(BrokenPipeError):
            assert self._process.stdin
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its number in the system."""
        return self._process.pid

    @property
    def ending(self) -> str:
        """How it ended, in few words, with the last it said of errors."""
        code = self._process.poll()
        how = "still running" if code is None else f"exit code {code}" if code >= 0 else f"killed by signal {-code}"
        return f"{how}: {self._errors[-1]}" if self._errors and code else how

    def first_line(self, patience_s: float) -> dict[str, Any] | None:
        """Its answer; empty where it ended without one, None where it took too long."""
        try:
            line = json.loads(self._first.get(timeout=patience_s) or b"{}")
        except queue.Empty:
            return None
        except ValueError:
            return {}
        return line if isinstance(line, dict) else {}

    def wait(self, seconds: float) -> bool:
        """Whether it ends within that time."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> None:
        """End it, kindly at first, and wait until nothing of it is left."""
        assert self._process.stdin
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        if not self.wait(STOP_S):
            self._process.kill()
            self._process.wait()
        for thread in self._threads:
            thread.join(STOP_S)

    def first_error(self) -> str:
        """The first error in its log that is kept, in its own words; mostly the cause of the others."""
        errors = (ERROR.match(line) for line in self._errors)
        return next((error.group(1) for error in errors if error), "")

    @property
    def errors(self) -> tuple[str, ...]:
        """The last lines of what it said of errors."""
        return tuple(self._errors)

    def memory(self) -> int | None:
        """Bytes of memory that it takes, as Linux says; None elsewhere, and once it has ended."""
        try:
            pages = Path(f"/proc/{self.pid}/statm").read_text().split()[1]
        except (OSError, IndexError):
            return None
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def _read(self) -> None:
        with self._process.stdout as output:  # type: ignore[union-attr]
            self._first.put(output.readline(LINE_BYTES))
            while output.read(LINE_BYTES):
                pass

    def _read_errors(self) -> None:
        with self._process.stderr as errors:  # type: ignore[union-attr]
            while line := errors.readline(LINE_BYTES):
                self._errors.append(line[:TAIL_LINE_BYTES].decode("utf-8", "replace").strip())
