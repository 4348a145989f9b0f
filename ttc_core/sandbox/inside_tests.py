"""The box that holds the tests: runs them on a stand-in for the code, which lies in another box."""

from __future__ import annotations

import builtins
import os
import sys
from typing import Any

from ttc_core.sandbox.wire import Message, Pipe, decode, encode, framed, outcome


def run_tests(pipe: Pipe) -> None:
    """Load the tests and run ``check`` on the stand-in. Only what is sent last, from here, says whether they pass."""
    message = pipe.receive()
    source, entry = str(message["tests"]), str(message["entry"])
    names: dict[str, Any] = {"__name__": "__tests__"}
    loaded = outcome(lambda: exec(compile(source, "<program>", "exec"), names))
    if "value" not in loaded:
        pipe.send(framed({"broken": loaded}))
        return
    candidate = _stand_in(pipe, entry)
    names.setdefault(entry, candidate)

    def check() -> None:
        names["check"](candidate)

    pipe.send(framed({"ended": outcome(check)}))


def _stand_in(pipe: Pipe, entry: str) -> Any:
    """A function whose calls are answered by the other box."""

    def candidate(*given: object, **named: object) -> object:
        try:
            message: Message = {"given": encode(list(given)), "named": encode(named)}
        except (TypeError, ValueError) as error:
            message = {"refused": str(error)}
        pipe.send(framed(message))
        answer = pipe.receive()
        if "value" in answer:
            return decode(answer["value"])
        raise _error(answer)

    candidate.__name__ = candidate.__qualname__ = entry
    return candidate


def _error(answer: Message) -> Exception:
    """The exception as the nearest builtin class.

    Never one that would end a loop or the process: ``all(map(candidate, inputs))`` must not take a StopIteration of
    the code for the end of the inputs.
    """
    words = str(answer["words"])
    for name in answer["raised"]:  # type: ignore[attr-defined]
        kind = getattr(builtins, name, None)
        if isinstance(kind, type) and issubclass(kind, Exception) and kind not in (StopIteration, StopAsyncIteration):
            try:
                return kind(words)
            except TypeError:  # a class that wants more than a message; the one above it will do
                continue
    return RuntimeError(words)


if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())
    run_tests(Pipe.private())
