"""Finding a backend that holds: each is attacked, and the first that blocks every attack is taken."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import tempfile
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from ttc_core.sandbox.backends import Backend, backends, environment, lacking
from ttc_core.sandbox.base import Limits, NoSandbox
from ttc_core.sandbox.box import Box, start
from ttc_core.sandbox.seccomp import FORBIDDEN, MACHINES
from ttc_core.types import File

LIMITS: Final = Limits(wall_s=60, memory_mb=256, processes=16, disk_mb=8)

SAID: Final = {
    "read": "read files outside",
    "write": "write outside its work folder",
    "connect": "reach the network",
    "environment": "see the environment",
    "processes": "see processes outside",
    "kill": "end processes outside",
    "calls": "make system calls that are forbidden",
    "memory": "use more memory than it may",
    "disk": "write more than it may",
    "fork": "start more processes than it may",
    "left": "go on running after its end",
}
"""What code could do where an attack got through."""

CALLS: Final[dict[str, tuple[int, ...]]] = {
    "keyctl": (0, -3, 0),
    "userfaultfd": (1,),
    "ptrace": (0, 0, 0, 0),
    "unshare": (0x10000000,),
    "add_key": (0, 0, 0, 0, 0),
}
"""System calls that the kernel gives to everyone, so that only a filter refuses them, with harmless arguments."""
IO_URING_SETUP: Final = 425

ALONE: Final = threading.Lock()


@dataclass(frozen=True)
class Found:
    """What the probe came to."""

    backend: Backend | None = None
    name: str = ""
    trouble: str = ""


def found(given: tuple[Backend, ...] | None) -> Found:
    """The first of these backends that holds, or of this machine's; looked for once per process. Blocks."""
    with ALONE:
        return found_once(given)


@cache
def found_once(given: tuple[Backend, ...] | None) -> Found:
    """As `found`, which lets one in at a time."""
    if given is None and (trouble := lacking()):
        return Found(trouble=trouble)
    return asyncio.run(first_that_holds(backends() if given is None else given))


async def first_that_holds(tried: tuple[Backend, ...]) -> Found:
    """The first of these backends that blocks every attack; else why the first of all does not."""
    seen = []
    for backend in tried:
        try:
            seen.append(await probed(backend))
        except NoSandbox as trouble:
            seen.append(Found(trouble=str(trouble)))
        if seen[-1].backend is not None:
            return seen[-1]
    return seen[0] if seen else Found(trouble="Code cannot be run here: there is no backend to try.")


async def probed(backend: Backend) -> Found:
    """What attacks on a box of this backend came to. Raises NoSandbox where there can be no box."""
    async with targets() as outside, start(backend, [canary()], LIMITS) as running:
        box = Box(running, nullcontext())
        ran = await box.execute(["bash", "-c", "python3 canary.py"], given=json.dumps(outside.aims), timeout_s=60)
        try:
            said = json.loads(ran.output)
        except ValueError:
            last = (ran.errors.strip().splitlines() or [ran.ended])[-1]
            return Found(trouble=f"Code cannot be run here: Python does not run in a box of {backend.name} ({last}).")
        after = await box.run(f"[ -e /proc/{said['left']} ]", timeout_s=60)
        through = {*(name for name, got in said["through"].items() if got), *outside.hit()}
    through |= {"left"} if after.code != 1 else set()
    if through:
        could = ", ".join(words for name, words in SAID.items() if name in through)
        return Found(trouble=f"Code cannot be run here: in a box of {backend.name}, it could {could}.")
    return Found(backend, f"{backend.name} + seccomp" + (" + Landlock" if running.landlock else ""))


def canary() -> File:
    """The program that attacks."""
    return File(path="canary.py", text=Path(__file__).with_name("canary.py").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Targets:
    """What is attacked from inside, and watched from outside."""

    aims: dict[str, Any]
    victim: asyncio.subprocess.Process
    connected: list[object]

    def hit(self) -> set[str]:
        """The attacks that did reach out."""
        return {
            *(("write",) if os.path.exists(self.aims["write"]) else ()),
            *(("connect",) if self.connected else ()),
            *(("kill",) if self.victim.returncode is not None else ()),
        }


@asynccontextmanager
async def targets() -> AsyncIterator[Targets]:
    """A folder that anyone may write to, a server on the loopback, and a process."""
    # Boxes have a /tmp of their own, which would hide what another folder of the machine's shows.
    place = "/var/tmp" if os.access("/var/tmp", os.W_OK) else None
    connected: list[object] = []

    def meet(_: asyncio.StreamReader, visitor: asyncio.StreamWriter) -> None:
        connected.append(visitor)
        visitor.close()

    with tempfile.TemporaryDirectory(dir=place) as folder:
        os.chmod(folder, 0o777)
        secret = os.path.join(folder, "secret")
        os.close(os.open(secret, os.O_CREAT | os.O_WRONLY, 0o644))
        server = await asyncio.start_server(meet, "127.0.0.1", 0)
        victim = await asyncio.create_subprocess_exec("sleep", f"86400.{os.getpid()}")
        try:
            aims = aimed(secret, server.sockets[0].getsockname()[1], victim.pid)
            yield Targets(aims, victim, connected)
        finally:
            if victim.returncode is None:
                victim.kill()
            await victim.wait()
            server.close()


def aimed(secret: str, port: int, victim: int) -> dict[str, Any]:
    """What the program that attacks is told."""
    column = MACHINES[platform.machine()][1]
    return {
        "read": [secret, "/etc/passwd", "/etc/hostname", __file__],
        "write": f"{secret}.written",
        "port": port,
        "environment": [*environment(), "PWD", "OLDPWD", "SHLVL", "_", "LC_CTYPE"],
        "process": victim,
        "victim": f"86400.{os.getpid()}",
        "calls": [[IO_URING_SETUP, 1, 0], *([FORBIDDEN[name][column], *given] for name, given in CALLS.items())],
        "memory_mb": LIMITS.memory_mb,
        "disk_mb": LIMITS.disk_mb,
        "processes": LIMITS.processes,
    }
