"""The sandbox: finds a backend that holds, and runs commands in fresh boxes of it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext

from ttc_core.sandbox.backends import Backend
from ttc_core.sandbox.base import USUAL, Limits, NoSandbox, Ran
from ttc_core.sandbox.box import Box, Running, start
from ttc_core.sandbox.probe import Found, found
from ttc_core.types import File

__all__ = ["Box", "Running", "Sandbox"]


class Sandbox:
    """Runs what a model wrote. The first use probes the backends; where none holds, every use raises NoSandbox."""

    def __init__(self, at_once: int | None = None, *, backends: tuple[Backend, ...] | None = None) -> None:
        """
        Args:
            at_once: The most boxes at work at one time; as many as there are cores if not given. A box that waits
                for its next command is not at work.
            backends: What to try, best first; what this machine has if not given.
        """
        self._at_once = at_once or os.cpu_count() or 1
        self._backends = backends
        self._found: Found | None = None
        self._slots: dict[asyncio.AbstractEventLoop, asyncio.Semaphore] = {}

    @property
    def name(self) -> str:
        """What holds, such as ``bubblewrap 0.11.0 + seccomp + Landlock``; empty before `ready`, and where none does."""
        return self._found.name if self._found else ""

    async def ready(self) -> str:
        """Empty where code can be run; else one sentence that says why it cannot. Probes once."""
        return (await self._find()).trouble

    @asynccontextmanager
    async def open(self, files: Sequence[File] = (), limits: Limits = USUAL) -> AsyncIterator[Box]:
        """A box with these files in its work folder. Raises NoSandbox; BadInput where the files do not fit.

        Of the limits, that of wall time is given with each command.
        """
        backend = await self._backend()
        async with AsyncExitStack() as stack:
            async with self._slot():
                running = await stack.enter_async_context(start(backend, files, limits))
            yield Box(running, self._slot())

    async def run(
        self, command: Sequence[str], *, files: Sequence[File] = (), given: str = "", limits: Limits = USUAL
    ) -> Ran:
        """One command in a fresh box, with `given` on its standard input. Raises NoSandbox."""
        backend = await self._backend()
        async with self._slot(), start(backend, files, limits) as running:
            return await Box(running, nullcontext()).execute(command, given=given, timeout_s=limits.wall_s)

    @asynccontextmanager
    async def start(
        self,
        command: Sequence[str],
        files: Sequence[File] = (),
        limits: Limits = USUAL,
        *,
        beside: Running | None = None,
    ) -> AsyncIterator[Running]:
        """A command running in a fresh box, with its pipes in our hands; it ends with the context.

        Args:
            command: What to run.
            files: What lies in the work folder.
            limits: What it may use, its wall time from the start on; how much of its output is read is the caller's.
            beside: Another one that this one talks with; both count as one box, for two that wait for each other
                while others wait for them would never end.

        Raises:
            NoSandbox: Nothing can be run here.
        """
        backend = await self._backend()
        async with nullcontext() if beside else self._slot(), start(backend, files, limits, command) as running:
            yield running

    def _slot(self) -> asyncio.Semaphore:
        """What bounds the boxes at work in the running loop."""
        loop = asyncio.get_running_loop()
        if loop not in self._slots:
            self._slots = {known: slot for known, slot in self._slots.items() if not known.is_closed()}
            self._slots[loop] = asyncio.Semaphore(self._at_once)
        return self._slots[loop]

    async def _find(self) -> Found:
        """What holds here; looked for in a thread of its own, so that all loops share one answer."""
        if self._found is None:
            self._found = await asyncio.to_thread(found, self._backends)
        return self._found

    async def _backend(self) -> Backend:
        """The backend that holds. Raises NoSandbox."""
        held = await self._find()
        if held.backend is None:
            raise NoSandbox(held.trouble)
        return held.backend
