"""Asks libraries to rule on what a model wrote, in a process of its own with a time limit; knows nothing of verdicts.

Libraries that parse mathematics or evaluate answers can be made to run for hours or to fill memory. So they live in a
child process that is started at the first use, kept, and killed and replaced where it is late.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

from ttc_core.errors import TTCError
from ttc_core.types import Scorer

LONGEST = 4_000
"""Characters of an answer that is still looked at."""
RULING_S = 5.0
STARTING_S = 60.0
"""Importing the libraries takes a second or two, more on a busy machine."""

Knows = Literal["math", "gym"]


class NoRuling(TTCError):
    """Nothing could be said; the message says why."""


class Referee:
    """One child process that answers questions one by one. Thread-safe."""

    def __init__(self, knows: Knows) -> None:
        self._knows = knows
        self._lock = threading.Lock()
        self._child: subprocess.Popen[str] | None = None

    def ask(self, job: str, seconds: float = RULING_S, **details: object) -> Any:
        """What the child says to a question. Waits.

        Raises:
            NoRuling: it could not start, was late, died, or says that it cannot tell.
        """
        with self._lock:
            child = self._child or self._start()
            ruling = self._said(child, json.dumps({"job": job, **details}), seconds)
        if ruling is None:
            raise NoRuling(f"It took longer than {seconds:g} seconds or too much memory.")
        if "error" in ruling:
            raise NoRuling(str(ruling["error"]))
        return ruling["value"]

    def _start(self) -> subprocess.Popen[str]:
        program = Path(__file__).with_name("referee_child.py")
        child = subprocess.Popen(
            [sys.executable, "-P", str(program), self._knows],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={},
        )
        if self._said(child, "", STARTING_S) is None:
            raise NoRuling("The library that checks this could not be loaded; install what requirements.txt names.")
        self._child = child
        return child

    def _said(self, child: subprocess.Popen[str], line: str, seconds: float) -> dict[str, Any] | None:
        """The child's next line; None, and no child any more, where none comes in time."""
        assert child.stdin
        assert child.stdout
        late = threading.Timer(seconds, child.kill)
        late.start()
        try:
            if line:
                child.stdin.write(f"{line}\n")
                child.stdin.flush()
            said = child.stdout.readline()
        except BrokenPipeError:
            said = ""
        finally:
            late.cancel()
        if said.endswith("\n"):
            answer: dict[str, Any] = json.loads(said)
            return answer
        self._child = None
        child.kill()
        child.communicate()
        return None


@cache
def referee(knows: Knows) -> Referee:
    """The one child of this process that knows a subject; it starts at its first question."""
    return Referee(knows)


async def same_formula(answer: str, right: Sequence[str]) -> bool:
    """Whether a formula says what one of the right ones says, by the math-verify library.

    Raises:
        NoRuling: it could not be told.
    """
    _bounded(answer, *right)
    return bool(await asyncio.to_thread(referee("math").ask, "same_formula", answer=answer, right=list(right)))


async def score(answer: str, scorer: Scorer) -> float:
    """What the family that made a problem gives for an answer, from 0 to 1.

    Raises:
        NoRuling: it could not be told.
    """
    _bounded(answer)
    return float(await asyncio.to_thread(referee("gym").ask, "score", answer=answer, **scorer.model_dump()))


def _bounded(*texts: str) -> None:
    if (longest := max(map(len, texts))) > LONGEST:
        raise NoRuling(f"It has {longest:,} characters; at most {LONGEST:,} are looked at.")
