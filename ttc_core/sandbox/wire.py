"""How the two sides of a box talk: values as JSON with exact types, messages with their length in front.

Knows nothing of what is judged. It stands on our side and, as source, inside the box, so it needs only the standard
library. Model code can reach everything inside, so what stands there holds no secret, and what comes out is checked.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from typing import BinaryIO, cast

DEPTH = 50
"""How many containers may lie in one another."""
ROOM = 200_000
"""Elements, characters and digits of one value together."""
KEYS = 5_000
"""Elements of one set, or keys of one dict: whoever makes their hashes collide makes us wait for the square of that."""
MESSAGE_BYTES = 2_000_000
"""Of one message: a value of `ROOM` characters that all need escapes still fits."""
INTEGER_BITS = 14_000
"""Python writes and reads decimals of some 4,300 digits."""
WORDS = 300
"""Characters of an exception's message."""

Message = dict[str, object]

_CONTAINERS: dict[type, str] = {list: "list", tuple: "tuple", dict: "dict", set: "set", frozenset: "frozenset"}


def encode(value: object) -> object:
    """The value as JSON with exact types; a subclass of a builtin type goes as what it holds.

    Everything is read by the builtin's own methods, so a subclass that lies about itself is not asked.

    Raises:
        TypeError: For a type that cannot be carried.
        ValueError: For a value that is too large or too deep.
    """
    room = ROOM

    def carried(part: object, depth: int) -> object:
        nonlocal room
        room -= _weight(part)
        if room < 0 or depth > DEPTH:
            raise ValueError("a value that is too large or too deep")
        for base, name in _CONTAINERS.items():
            if issubclass(type(part), base):
                parts = [carried(inner, depth + 1) for inner in _parts(base, part)]
                return parts if base is list else {name: parts}
        return _plain(part)

    return carried(value, 0)


def _weight(part: object) -> int:
    """What of the room a value takes, without what lies in it."""
    if issubclass(type(part), str):
        return 1 + str.__len__(cast(str, part))
    return 1 + bytes.__len__(cast(bytes, part)) if issubclass(type(part), bytes) else 1


def _parts(base: type, container: object) -> Iterable[object]:
    if base not in (list, tuple) and base.__len__(container) > KEYS:  # type: ignore[attr-defined]
        raise ValueError("a set or dict that is too large")
    if base is dict:
        return [list(pair) for pair in dict.items(cast("dict[object, object]", container))]
    parts: Iterable[object] = base.__iter__(container)  # type: ignore[attr-defined]
    return parts


def _plain(part: object) -> object:
    """A value that holds no others."""
    kind = type(part)
    if part is None or kind is bool:
        return part
    if issubclass(kind, int):
        if int.bit_length(cast(int, part)) > INTEGER_BITS:
            raise ValueError("an integer of too many digits")
        return int.__int__(cast(int, part))
    if issubclass(kind, float):
        return float.__float__(cast(float, part))
    if issubclass(kind, str):
        return str.__str__(cast(str, part))
    if issubclass(kind, bytes):
        return {"bytes": bytes.hex(cast(bytes, part))}
    raise TypeError(f"a value of type {kind.__name__}"[:WORDS])


def decode(data: object, depth: int = 0) -> object:
    """The value that `encode` wrote. Raises ValueError, TypeError or AttributeError for what it cannot have written."""
    if depth > DEPTH:
        raise ValueError("nested too deep")
    if not isinstance(data, dict):
        return [decode(part, depth + 1) for part in data] if isinstance(data, list) else data
    ((kind, parts),) = data.items()
    if kind == "bytes":
        return bytes.fromhex(parts)
    if kind != "tuple" and len(parts) > KEYS:
        raise ValueError("a set or dict that is too large")
    if kind == "dict":
        return {decode(key, depth + 1): decode(part, depth + 1) for key, part in parts}
    if kind == "tuple":
        return tuple([decode(part, depth + 1) for part in parts])
    if kind not in ("set", "frozenset"):
        raise ValueError(f"no type {kind}")
    several = {
        decode(part, depth + 1) for part in parts
    }  # one by one: other threads get their turn where hashes collide
    return several if kind == "set" else frozenset(several)


def framed(message: Message) -> bytes:
    """A message as it travels."""
    data = json.dumps(message).encode()
    return len(data).to_bytes(4, "big") + data


class Pipe:
    """The end of the wire inside the box."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source, self._sink = source, sink

    @classmethod
    def private(cls) -> Pipe:
        """Standard input and output moved away, so that what a program reads and prints cannot disturb the wire."""
        pipe = cls(os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb"))
        nothing = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(nothing, standard)
        pipe.send(framed({"ready": True}))  # from here on, what goes wrong is the program's doing
        return pipe

    def receive(self) -> Message:
        """The next message. Ends the process where the other side has gone."""
        head = self._source.read(4)
        if len(head) < 4:
            os._exit(0)
        return cast(Message, json.loads(self._source.read(int.from_bytes(head, "big"))))

    def send(self, data: bytes) -> None:
        """Write one framed message."""
        self._sink.write(data)
        self._sink.flush()

    def leave(self) -> None:
        """Close what a child process has no use for."""
        os.close(self._source.fileno())
        os.close(self._sink.fileno())


def outcome(work: Callable[[], object]) -> Message:
    """What came of it: a value, an exception, or nothing that can be carried and why."""
    try:
        value = work()
    except BaseException as error:
        return _raised(error)
    try:
        return {"value": encode(value)}
    except BaseException as error:
        return {"nothing": str(error)[:WORDS]}


def _raised(error: BaseException) -> Message:
    """The exception by its class and the classes above, its message, and the line of the program where it arose."""
    line = error.lineno or 0 if isinstance(error, SyntaxError) else 0
    trace = error.__traceback__
    while trace:
        line = trace.tb_lineno if trace.tb_frame.f_code.co_filename == "<program>" else line
        trace = trace.tb_next
    try:
        words = str(error.msg if isinstance(error, SyntaxError) else error)[:WORDS]
    except BaseException:
        words = ""
    return {"raised": [kind.__name__ for kind in type(error).__mro__], "words": words, "line": line}
