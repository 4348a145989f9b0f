"""The sandbox: finds a backend that holds, and runs commands in fresh boxes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from ttc_core.sandbox.base import Limits, NoSandbox, Ran
from ttc_core.types import File


class Box:
    """A work folder of its own in the sandbox, for several commands one after another. Gone when it is closed."""

    async def run(self, command: str, *, timeout_s: float = 10.0) -> Ran:
        """What a bash command came to, run in the work folder. What it left running is killed."""
        raise NoSandbox("There is no sandbox yet.")

    async def files(self) -> tuple[File, ...]:
        """The text files of the work folder by path, as they are now; what is no text or too large is left out."""
        raise NoSandbox("There is no sandbox yet.")


class Sandbox:
    """Runs what a model wrote. The first use probes the backends; where none holds, every use raises NoSandbox."""

    def __init__(self, at_once: int | None = None) -> None:
        """
        Args:
            at_once: The most boxes at one time; as many as there are cores if not given.
        """

    async def ready(self) -> str:
        """Empty where code can be run; else one sentence that says why it cannot. Probes once."""
        return "There is no sandbox yet."

    @asynccontextmanager
    async def open(self, files: Sequence[File] = (), limits: Limits = Limits()) -> AsyncIterator[Box]:
        """A box with these files in its work folder. Raises NoSandbox."""
        raise NoSandbox(await self.ready())
        yield Box()

    async def run(
        self, command: Sequence[str], *, files: Sequence[File] = (), given: str = "", limits: Limits = Limits()
    ) -> Ran:
        """One command in a fresh box, with `given` on its standard input. Raises NoSandbox."""
        raise NoSandbox(await self.ready())
