"""A box from outside: started, ordered over its pipes, and ended; knows nothing of which backend makes it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import struct
from asyncio.subprocess import Process, SubprocessStreamProtocol
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import PurePosixPath
from typing import Any

from ttc_core.errors import BadInput
from ttc_core.sandbox.backends import Backend, environment
from ttc_core.sandbox.base import Ending, Limits, NoSandbox, Ran
from ttc_core.types import File

GRACE_S = 20.0
"""How much longer than its own limit a box may take to answer, on a machine that has too much to do."""
START_S = 60.0
GONE = Ran(code=137, errors="The box has ended.", ended="killed")


class Running:
    """A process in a box of its own, with its pipes. What it writes to standard error is dropped."""

    def __init__(self, transport: asyncio.SubprocessTransport, process: Process, lifeline: int) -> None:
        """
        Args:
            transport: Of its pipes.
            process: What makes the box.
            lifeline: The end of a pipe that the box holds the other end of: it ends itself when this one is closed.
        """
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self.stdin, self.stdout, self._errors = process.stdin, process.stdout, process.stderr
        self._transport, self._process = transport, process
        # Process.kill() may reap the process under asyncio's feet, and a number may belong to another one by now.
        self._handles = [lifeline, *pidfd(process.pid)]
        self.landlock = 0
        """The version of Landlock that the box is under; 0 for none."""
        self.made = False
        """Whether the box is there, and no longer being made."""

    async def ended(self) -> Ending:
        """Waits until it has ended, and says how. What it writes must be read meanwhile."""
        endings: dict[int, Ending] = {0: "exited", 2: "timeout"}
        return endings.get(await self._process.wait(), "killed")

    def kill(self) -> None:
        """End it with all that it started, now; while it is being made, as soon as it is."""
        self.stdin.close()
        # Killed at that moment, bubblewrap leaves a process that waits for it for ever. A box ends by itself as well.
        for process in self._handles[1:] if self.made else ():
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(process, signal.SIGKILL)
        while self._handles:
            os.close(self._handles.pop())

    async def close(self) -> str:
        """End it, and wait until it is gone; what the box itself had to complain of."""
        self.kill()
        # Its end may never come: a message that nobody receives can hold the other end of the pipe.
        if output := self._transport.get_pipe_transport(1):
            output.close()
        complaint = b""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(START_S):
                complaint = await self._errors.read()
                await self._process.wait()
        self._transport.close()
        return complaint.decode(errors="replace").strip()

    async def send(self, value: Any) -> None:
        """One frame into the box; nothing where it has ended."""
        body = json.dumps(value).encode()
        with contextlib.suppress(ConnectionError):
            self.stdin.write(struct.pack(">I", len(body)) + body)
            await self.stdin.drain()

    async def receive(self) -> Any:
        """The next frame out of the box, None where it has ended."""
        try:
            length = struct.unpack(">I", await self.stdout.readexactly(4))[0]
            return json.loads(await self.stdout.readexactly(length))
        except (asyncio.IncompleteReadError, ConnectionError):
            return None


def pidfd(process: int) -> list[int]:
    """A handle of this very process; none where it has ended already."""
    try:
        return [os.pidfd_open(process)]
    except ProcessLookupError:
        return []


@asynccontextmanager
async def start(
    backend: Backend, files: Sequence[File], limits: Limits, command: Sequence[str] = ()
) -> AsyncIterator[Running]:
    """A new box that runs this command, or without one waits for orders. It ends with the context.

    Raises:
        BadInput: A file lies outside the work folder, or all together do not fit into it.
        NoSandbox: The box could not be made.
    """
    lock = {
        "files": [(file.path, file.text) for file in fitting(files, limits)],
        "limits": limits.model_dump(),
        "command": list(command),
        "filter": backend.filter.hex(),
        "user": backend.user,
    }
    launching = asyncio.ensure_future(launch(backend, limits))
    try:
        running, lifeline = await asyncio.shield(launching)
        running.landlock = await locked(running, lock | {"lifeline": lifeline})
        running.made = True
        yield running
    finally:
        while not launching.done():  # whoever no longer wants it may say so more than once
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([launching])
        if not launching.exception():
            await launching.result()[0].close()


async def locked(running: Running, lock: dict[str, Any]) -> int:
    """Tell a new box how to lock itself in; what it says of Landlock when it has."""
    try:
        async with asyncio.timeout(START_S):
            await running.send(lock)
            said = await running.receive()
    except TimeoutError:
        raise NoSandbox(f"Code cannot be run here: a box did not start within {START_S:g} seconds.") from None
    if said is None:
        complaint = (await running.close()).splitlines() or ["it ended at once"]
        raise NoSandbox(f"Code cannot be run here: a box could not be made ({complaint[-1]}).")
    return int(said["landlock"])


async def launch(backend: Backend, limits: Limits) -> tuple[Running, int]:
    """A new box, still being made, and the number by which it knows its end of the lifeline."""
    loop = asyncio.get_running_loop()
    theirs, ours = os.pipe()
    try:
        transport, protocol = await loop.subprocess_exec(
            lambda: SubprocessStreamProtocol(limit=1 << 16, loop=loop),
            *backend.argv(limits),
            env=environment(),
            pass_fds=[theirs],
        )
    except OSError as trouble:
        os.close(ours)
        raise NoSandbox(f"Code cannot be run here: a box could not be made ({trouble.strerror}).") from trouble
    finally:
        os.close(theirs)
    return Running(transport, Process(transport, protocol, loop), ours), theirs


def fitting(files: Sequence[File], limits: Limits) -> Sequence[File]:
    """The same files, if the work folder can hold them. Raises BadInput."""
    if sum(len(file.text.encode(errors="replace")) + 4096 for file in files) > limits.disk_mb << 20:
        raise BadInput(f"The files do not fit into a work folder of {limits.disk_mb} MB.")
    folders = {folder for file in files for folder in PurePosixPath(file.path).parents}
    for file in files:
        if not names_a_file(file.path) or PurePosixPath(file.path) in folders:
            raise BadInput(f"A file of the work folder cannot be named {file.path!r}.")
    return files


def names_a_file(path: str) -> bool:
    """Whether a path can be that of a file in the work folder."""
    written = path.encode(errors="replace")
    parts = written.split(b"/")
    whole = written.decode() == path and b"\0" not in written
    return whole and all(part not in (b"", b".", b"..") and len(part) <= 255 for part in parts)


class Box:
    """A work folder of its own in the sandbox, for several commands one after another. Gone when it is closed."""

    def __init__(self, running: Running, slot: AbstractAsyncContextManager[object]) -> None:
        """
        Args:
            running: A box that waits for orders.
            slot: What to hold while a command runs.
        """
        self._running, self._slot = running, slot
        self._turn = asyncio.Lock()

    async def run(self, command: str, *, timeout_s: float = 10.0) -> Ran:
        """What a bash command came to, run in the work folder. What it left running is killed."""
        return await self.execute(["bash", "-c", command], timeout_s=timeout_s)

    async def execute(self, command: Sequence[str], *, given: str = "", timeout_s: float) -> Ran:
        """What a command came to, with `given` on its standard input. A box that has ended says ``killed``."""
        order = {"command": list(command), "given": given, "timeout_s": timeout_s}
        answer = await self._ask(order, timeout_s)
        return GONE if answer is None else Ran.model_validate(answer)

    async def files(self) -> tuple[File, ...]:
        """The text files of the work folder by path, as they are now; what is no text or too large is left out."""
        answer = await self._ask({"files": True}, 0.0)
        return tuple(File(path=path, text=text) for path, text in answer["files"]) if answer else ()

    async def _ask(self, order: dict[str, Any], timeout_s: float) -> Any:
        """What the box answers; None where it has ended. A box that was not heard out is ended."""
        async with self._turn, self._slot:
            try:
                async with asyncio.timeout(timeout_s + GRACE_S):
                    await self._running.send(order)
                    return await self._running.receive()
            except TimeoutError:
                self._running.kill()
                return None
            except asyncio.CancelledError:
                self._running.kill()
                raise
