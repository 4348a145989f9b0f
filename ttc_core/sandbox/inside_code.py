"""The box that holds the code: loads it and answers what is asked of it; knows nothing of what would be right."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
import types
from collections.abc import Callable
from typing import Any, NoReturn

from ttc_core.sandbox.wire import MESSAGE_BYTES, Message, Pipe, decode, framed, outcome


def hold_code(pipe: Pipe) -> NoReturn:
    """Load code and answer for it until the other side has gone."""
    program = types.ModuleType("__program__")
    sys.modules[program.__name__] = program  # dataclasses and pickle look for their module there
    while True:
        message = pipe.receive()
        pipe.send(_answer(pipe, message, program.__dict__))


def _answer(pipe: Pipe, message: Message, names: dict[str, Any]) -> bytes:
    """Cases each in a process of its own; calls of one function after another where the code stands."""
    if "load" in message:
        source = str(message["load"])
        return framed(outcome(lambda: exec(compile(source, "<program>", "exec"), names)))
    if "case" in message:
        case, seconds = str(message["case"]), float(str(message["seconds"]))
        return _apart(pipe, lambda: _value(case, names), seconds)
    return framed(_called(str(message["call"]), decode(message["given"]), decode(message["named"]), names))


def _called(entry: str, given: Any, named: Any, names: dict[str, Any]) -> Message:
    if entry not in names:
        return {"nothing": f"the program defines no {entry}"}
    return outcome(lambda: names[entry](*given, **named))


def _value(case: str, names: dict[str, Any]) -> object:
    """What the last expression of the case gives."""
    try:
        expression = compile(case.strip(), "<case>", "eval")
    except SyntaxError:
        return _last_value(case, names)
    return eval(expression, names)


def _last_value(case: str, names: dict[str, Any]) -> object:
    import ast  # late: most cases are one expression

    body = ast.parse(case, "<case>").body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "<case>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<case>", "eval"), names) if isinstance(last, ast.Expr) else None


def _apart(pipe: Pipe, work: Callable[[], object], seconds: float) -> bytes:
    """What came of the work, as a message, from a process of its own that is gone afterwards."""
    source, sink = os.pipe()
    child = os.fork()
    if not child:
        _in_child(pipe, work, sink)
    os.setpgid(child, child)
    os.close(sink)
    data = _gathered(source, seconds)
    os.close(source)
    os.killpg(child, signal.SIGKILL)  # with what it started
    os.waitpid(child, 0)
    return data


def _in_child(pipe: Pipe, work: Callable[[], object], sink: int) -> NoReturn:
    try:
        pipe.leave()
        data = framed(outcome(work))
        while data:
            data = data[os.write(sink, data) :]
    finally:
        os._exit(0)


def _gathered(source: int, seconds: float) -> bytes:
    """The message that comes within this time; else one that says why there is none."""
    data, until = b"", time.monotonic() + seconds
    while len(data) < 4 or len(data) < 4 + int.from_bytes(data[:4], "big"):
        if not select.select([source], [], [], max(0.0, until - time.monotonic()))[0]:
            return framed({"nothing": "timed out"})
        part = os.read(source, 65_536)
        if not part or len(data) > MESSAGE_BYTES:
            return framed({"nothing": "too large" if part else "the program ended itself"})
        data += part
    return data


if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())
    hold_code(Pipe.private())
