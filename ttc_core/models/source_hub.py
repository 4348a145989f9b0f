"""Weights from the Hugging Face hub; knows nothing of other sources, nor whether the bytes are right."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Full, Queue
from typing import BinaryIO

from ttc_core.models.catalogue import Weights
from ttc_core.models.sources import EVERY_S, SourceFailed, Watch, cut

OPENING_S, SILENCE_S = 10.0, 30.0
"""How long the hub may take to begin its answer, and to say nothing in the middle of it."""
BREAKS = 5
"""How often a transfer is taken up again in one fetch."""


@dataclass(frozen=True)
class Answer:
    """How the hub began to answer."""

    status: int
    headers: Mapping[str, str]


def from_hub(weights: Weights, part: Path, watch: Watch, *, opening_s: float = OPENING_S) -> bool:
    """Complete the partial file from the Hugging Face hub, or from where ``HF_ENDPOINT`` says.

    Returns:
        Whether it went on from bytes that were there before.

    Raises:
        SourceFailed: The hub does not answer, does not have the file, or breaks off again and again.
        Cancelled: The person wants no more.
        OSError: The file cannot be written.
    """
    hub = os.environ.get("HF_ENDPOINT", "").strip().rstrip("/") or "https://huggingface.co"
    url = f"{hub}/{weights.repository}/resolve/{weights.revision}/{weights.file}"
    with part.open("ab") as file:
        resumed = file.tell() > 0
        for left in reversed(range(BREAKS + 1)):
            before = file.tell()
            try:
                if not _transfer(url, weights, file, watch, opening_s):
                    resumed = False
            except SourceFailed:
                if not left or file.tell() <= before:
                    raise
            if file.tell() == weights.size:
                return resumed
    raise SourceFailed("the hub broke off again and again", reached=True)


def _transfer(url: str, weights: Weights, file: BinaryIO, watch: Watch, opening_s: float) -> bool:
    """One request for what is missing. Returns False where the hub made it start over."""
    start = file.tell()
    with _asked(url, start) as said:
        answer = _next(said, watch, opening_s, reached=False)
        if not isinstance(answer, Answer):
            raise SourceFailed("the hub broke off", reached=False)
        _refuse(answer)
        goes_on = answer.status == 206 and answer.headers.get("content-range", "").startswith(f"bytes {start}-")
        if start and not goes_on:
            cut(file, 0)
        if answer.status in (206, 416) and not goes_on:
            return False
        _same_size(answer, weights, file.tell())
        while isinstance(piece := _next(said, watch, SILENCE_S, reached=True), bytes):
            file.write(piece)
            if file.tell() > weights.size:
                cut(file, 0)
                raise SourceFailed("the hub has another file by that name", reached=True)
            watch.at("hub", file.tell())
    return goes_on or not start


def _refuse(answer: Answer) -> None:
    """Raises SourceFailed unless there is a file to read; only a missing file is the hub's own word."""
    if answer.status == 404:
        raise SourceFailed("the hub does not have the file", reached=True)
    if answer.status not in (200, 206, 416):
        raise SourceFailed(f"the hub answered with status {answer.status}", reached=False)


def _same_size(answer: Answer, weights: Weights, start: int) -> None:
    """Raises SourceFailed where the answer's length, if it is told, is not that of the pinned file's rest."""
    length = answer.headers.get("content-length", "")
    if length.isdecimal() and start + int(length) != weights.size:
        raise SourceFailed("the hub has another file by that name", reached=True)


_Said = Answer | bytes | SourceFailed | None


def _next(said: Queue[_Said], watch: Watch, patience: float, *, reached: bool) -> _Said:
    """What the hub says next; None at its end. Raises SourceFailed, after that many seconds of silence too."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            thing = said.get(timeout=EVERY_S)
        except Empty:
            watch.check()
            continue
        if isinstance(thing, SourceFailed):
            raise thing
        return thing
    raise SourceFailed(f"the hub did not answer for {patience:g} seconds", reached=reached)


@contextmanager
def _asked(url: str, start: int) -> Iterator[Queue[_Said]]:
    """What the hub says, read in a thread of its own: a silent network cannot hold up whoever wants to stop."""
    said: Queue[_Said] = Queue(maxsize=16)
    gone = threading.Event()
    threading.Thread(target=_read, args=(url, start, said, gone), name="hub", daemon=True).start()
    try:
        yield said
    finally:
        gone.set()


def _read(url: str, start: int, said: Queue[_Said], gone: threading.Event) -> None:
    import httpx

    def say(thing: _Said) -> None:
        while not gone.is_set():
            try:
                said.put(thing, timeout=EVERY_S)
                return
            except Full:
                continue

    reached = False
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    patience = httpx.Timeout(SILENCE_S, connect=OPENING_S)
    try:
        with (
            httpx.Client(follow_redirects=True, timeout=patience) as client,
            client.stream("GET", url, headers=headers) as response,
        ):
            reached = response.is_success
            say(Answer(response.status_code, response.headers))
            for piece in response.iter_raw() if reached else ():
                say(piece)
                if gone.is_set():
                    return
        say(None)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, ImportError, OSError):  # ImportError: a proxy by SOCKS
        say(SourceFailed("the hub broke off" if reached else "the hub cannot be reached", reached=reached))
