"""Our end of the wire to a box: sends, receives, and checks what comes; knows nothing of what would be right.

What comes was written by model code, so it is data and nothing else: its length, shape and depth are checked before
it is used, and whatever is not an answer is `NoAnswer`.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

from ttc_core.sandbox.base import NoSandbox
from ttc_core.sandbox.values import written
from ttc_core.sandbox.wire import MESSAGE_BYTES, WORDS, Message, decode, framed

START_S = 60.0
"""The longest that a box may take to start, on a machine that has too much to do."""
INLINE_BYTES = 20_000
"""A longer message is read in a thread, so that the event loop goes on."""

_BOOT = """
import sys, types
wire = sys.modules["ttc_core.sandbox.wire"] = types.ModuleType("wire")
exec(sys.argv[1], wire.__dict__)
exec(sys.argv[2])
"""

Made = TypeVar("Made")


class NoAnswer(Exception):
    """The box did not answer, or what it said is no answer; the message says which."""


class Process(Protocol):
    """A process in a box, as `Sandbox.start` gives it."""

    stdin: asyncio.StreamWriter
    stdout: asyncio.StreamReader


@dataclass(frozen=True)
class Answer:
    """What came of one call: a value, an exception with the classes above it, or nothing and why."""

    value: object = None
    raised: tuple[str, ...] = ()
    words: str = ""
    line: int = 0
    nothing: str = ""

    @property
    def got(self) -> str:
        """The answer as people read it."""
        if self.nothing:
            return f"no answer: {self.nothing}"
        return f"raised {self.trouble}" if self.raised else written(self.value)

    @property
    def trouble(self) -> str:
        """The exception, such as ``ValueError: too few``."""
        return f"{self.raised[0]}: {self.words}" if self.words else self.raised[0]


@cache
def command(inside: str) -> tuple[str, ...]:
    """The command that starts a part of this package in a box; no file of it need lie there."""
    sources = (Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8") for name in ("wire", inside))
    return "python3", "-s", "-P", "-S", "-c", _BOOT, *sources


async def greeted(process: Process) -> None:
    """Wait until the box can be talked to. Raises NoSandbox where it cannot: that is no fault of any program."""
    try:
        async with asyncio.timeout(START_S):
            await receive(process, lambda message: message["ready"])
    except (NoAnswer, TimeoutError):
        raise NoSandbox("The code could not be run: its box ended, or said nothing, before it was used.") from None


async def send(process: Process, message: Message) -> None:
    """Send one message. Raises NoAnswer where nobody listens."""
    try:
        process.stdin.write(framed(message))
        await process.stdin.drain()
    except ConnectionError:
        raise NoAnswer("the program ended itself") from None


async def receive(process: Process, read: Callable[[Message], Made]) -> Made:
    """The next message as `read` makes it out. Raises NoAnswer."""
    try:
        size = int.from_bytes(await process.stdout.readexactly(4), "big")
        if size > MESSAGE_BYTES:
            raise NoAnswer("too large")
        data = await process.stdout.readexactly(size)
    except (asyncio.IncompleteReadError, ConnectionError):
        raise NoAnswer("the program ended itself") from None
    return _made_out(data, read) if size < INLINE_BYTES else await asyncio.to_thread(_made_out, data, read)


def _made_out(data: bytes, read: Callable[[Message], Made]) -> Made:
    try:
        message = json.loads(data)
        if isinstance(message, dict):
            return read(message)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        pass
    raise NoAnswer("what came is no answer")


def answer(message: Message) -> Answer:
    """What a box answered. Raises ValueError or TypeError where it is none."""
    if "value" in message:
        return Answer(decode(message["value"]))
    if "nothing" in message:
        return Answer(nothing=_plain(message["nothing"]) or "no reason")
    names, line = message["raised"], message["line"]
    if not (isinstance(names, list) and names and isinstance(line, int)):
        raise ValueError("no exception")
    return Answer(raised=tuple(map(_plain, names[:50])), words=_plain(message["words"]), line=line)


def _plain(words: object) -> str:
    """Words of a box, cut to length, storable, and without the addresses that differ from run to run."""
    if not isinstance(words, str):
        raise TypeError("no words")
    storable = words[:WORDS].encode(errors="replace").decode().replace("\0", "")
    return re.sub(r"\b0x[0-9a-f]{6,}\b", "0x...", storable)
