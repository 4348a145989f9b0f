"""Takes orders through a pipe and answers them; knows nothing of how commands run.

A frame is four bytes of length, then JSON. The first that comes in says how to lock the box; the answer says that it
is locked. Where it named a command, that one gets the two pipes and its end is the end of the box. Else one order after
another follows, each answered by one frame, and nothing that runs for an order ever gets hold of the pipes.
"""

from __future__ import annotations

import json
import os
import struct
import sys
import time
from typing import Any

from .lock import lock_in
from .running import MOST_SOCKETS, Running, sockets
from .texts import texts

EXITED, KILLED, TIMEOUT = 0, 1, 2


def main() -> None:
    """Lock the box, then serve until standard input ends, or be the one command of the box."""
    if os.getpid() != 1:  # what ends all processes of a box would end all processes of the machine
        sys.exit("this is no box: it lacks processes of its own")
    lock = receive()
    if lock is None:
        return
    # There are none yet, but where the box shares a network by mistake: the probe is to see that, not our limit.
    lock["limits"]["sockets"] = sockets() + MOST_SOCKETS
    send({"landlock": lock_in(lock)})
    if lock["command"]:
        ended = Running(lock, lock["command"], lock["limits"]["wall_s"]).attend()
        sys.exit({"exited": EXITED, "timeout": TIMEOUT}.get(ended, KILLED))
    while (order := receive()) is not None:
        send({"files": texts()} if "files" in order else answer(lock, order))


def receive() -> Any:
    """The next frame, None at the end. Not a byte more is read: what follows may be for the command."""
    head = read_exactly(4)
    return json.loads(read_exactly(struct.unpack(">I", head)[0])) if len(head) == 4 else None


def read_exactly(length: int) -> bytes:
    """So many bytes of standard input; fewer at its end."""
    parts: list[bytes] = []
    while length and (part := os.read(0, min(length, 1 << 20))):
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def send(value: Any) -> None:
    """One frame on standard output."""
    body = json.dumps(value, ensure_ascii=False).encode()
    rest = memoryview(struct.pack(">I", len(body)) + body)
    while rest:
        rest = rest[os.write(1, rest) :]


def answer(lock: Any, order: Any) -> Any:
    """Run one command and say what came of it."""
    began = time.monotonic()
    running = Running(lock, order["command"], order["timeout_s"], order["given"].encode("utf-8", "replace"))
    ended = running.attend()
    return {
        "code": running.code,
        "output": running.output.decode("utf-8", "replace"),
        "errors": running.errors.decode("utf-8", "replace"),
        "ended": ended,
        "seconds": round(time.monotonic() - began, 3),
    }
