"""The servers of local models, a child process for each file of weights; knows nothing of requests or runs."""

from __future__ import annotations

import functools
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ttc_core.errors import BadRequest, ModelUnavailable
from ttc_core.models.child import Child, program
from ttc_core.types import Value

SLOTS = 8
"""Calls that a server answers at the same time; more wait in its queue."""
CONTEXTS = (8192, 4096, 2048)
"""Tokens that each of these calls may have for prompt and reply, the most that the memory allows."""
WEIGHTS_SHARE = 1.2
"""Memory that weights and work space take, in sizes of the file."""
BYTES_PER_TOKEN = 1 / 40_000
"""Memory that a token of context takes, in sizes of the file: about what small models of two makers need."""
START_S = 60.0
LOAD_BYTES_PER_S = 20e6
"""How slow a disk may be before a start counts as failed."""
DEATHS, WITHIN_S = 3, 60.0
"""So many ends that nobody asked for, in so many seconds, and the server is not started again."""


class ServerStatus(Value):
    """A server as the Models page shows it."""

    name: str
    running: bool
    memory: int | None
    """In bytes; None where the system does not say."""


@dataclass(frozen=True)
class Server:
    """A server that has said it is ready."""

    name: str
    base: str
    """The base URL of its OpenAI-compatible API."""
    key: str = field(repr=False)
    context: int
    """Tokens that one call may have for prompt and reply."""
    child: Child = field(repr=False)


class LocalServers:
    """Starts a server for each file on first need, and shares it. Thread-safe; bound to no event loop."""

    def __init__(
        self,
        command: Sequence[str] = program("ttc_core.models.llama"),
        *,
        available: Callable[[], int | None] = lambda: available_memory(),
        start_s: float = START_S,
    ) -> None:
        """Nothing is started yet.

        Args:
            command: The program of a child.
            available: Bytes of memory that can still be had; None where nobody knows.
            start_s: Seconds that a start may take, besides reading the file.
        """
        self._command, self._available, self._start_s = tuple(command), available, start_s
        self._servers: dict[Path, Server] = {}
        self._deaths: dict[Path, deque[float]] = {}
        self._locks: dict[Path, threading.Lock] = {}
        self._lock = threading.Lock()

    def ready(self, path: Path) -> Server | None:
        """The server of that file, where it is up. Does not block."""
        server = self._servers.get(path)
        return server if server and server.child.running else None

    def start(self, name: str, path: Path) -> Server:
        """The server of that file, started where it is not up. Blocks: meant for a thread.

        Args:
            name: As the user wrote it, for sentences.
            path: The weights.

        Raises:
            BadRequest: Another attempt will not help: the file is damaged, memory or llama.cpp is missing, or the
                server ended too often.
            ModelUnavailable: It ended while it started, or was too slow.
        """
        with self._lock:
            lock = self._locks.setdefault(path, threading.Lock())
        with lock:
            if server := self.ready(path):
                return server
            if dead := self._servers.pop(path, None):
                self._died(path, dead.child)
            self._check_deaths(name, path)
            server = self._servers[path] = self._launch(name, path)
            return server

    def status(self) -> tuple[ServerStatus, ...]:
        """Every server that was started and not stopped."""
        return tuple(
            ServerStatus(name=server.name, running=server.child.running, memory=server.child.memory())
            for server in list(self._servers.values())
        )

    def stop(self, name: str) -> bool:
        """End the servers of that name and wait for it; False where there is none. A run that needs it starts anew."""
        paths = [path for path, server in list(self._servers.items()) if server.name == name]
        stopped = [server for path in paths if (server := self._servers.pop(path, None))]
        for server in stopped:
            server.child.stop()
        return bool(stopped)

    def stop_all(self) -> None:
        """End every server and wait for it."""
        for status in self.status():
            self.stop(status.name)

    def _launch(self, name: str, path: Path) -> Server:
        size, key = path.stat().st_size, secrets.token_urlsafe(32)
        order = {"path": str(path), "slots": SLOTS, "context": self._context(name, size), "key": key}
        patience = self._start_s + size / LOAD_BYTES_PER_S
        try:
            child = Child(self._command, order)
        except OSError as error:
            raise ModelUnavailable(f"The server of {name} cannot be started: {error.strerror}.") from error
        line = child.first_line(patience)
        if line is None:
            child.stop()
            raise ModelUnavailable(f"The server of {name} was not ready after {patience:.0f} s.")
        if "address" in line:
            return Server(name, f"{line['address']}/v1", key, int(line["context"]), child)
        child.stop()
        if "missing" in line:
            raise BadRequest(
                f"Local models need llama.cpp, which is not here ({line['missing']}): pip install xllamacpp"
            )
        if "failed" in line:
            why = child.first_error() or line["failed"]
            raise BadRequest(f"llama.cpp cannot load {name}; its file is damaged or of an unknown kind: {why}")
        self._died(path, child)
        raise ModelUnavailable(f"The server of {name} ended while it started ({child.ending}).")

    def _context(self, name: str, size: int) -> int:
        """Tokens for each call. Raises BadRequest where the memory does not even suffice for the fewest."""
        free = self._available()
        context = affordable_context(size, free)
        if context is None:
            needed = memory_needed(size, min(CONTEXTS))
            raise BadRequest(
                f"{name} needs about {needed / 1e9:.1f} GB of memory, and {(free or 0) / 1e9:.1f} GB are free: "
                "close something, or take a smaller model."
            )
        return context

    def _died(self, path: Path, child: Child) -> None:
        deaths = self._deaths.setdefault(path, deque(maxlen=DEATHS))
        deaths.append(time.monotonic())
        child.stop()

    def _check_deaths(self, name: str, path: Path) -> None:
        deaths = self._deaths.get(path)
        if deaths and len(deaths) == DEATHS and time.monotonic() - deaths[0] < WITHIN_S:
            raise BadRequest(
                f"The server of {name} ended {DEATHS} times within {WITHIN_S:.0f} s; see whether the machine's memory "
                "suffices, or take another model."
            )


@functools.cache
def local_servers() -> LocalServers:
    """The servers of this process."""
    return LocalServers()


def memory_needed(size: int, context: int) -> float:
    """Bytes that a server takes for a file of `size` bytes, with `context` tokens for each call."""
    return size * (WEIGHTS_SHARE + SLOTS * context * BYTES_PER_TOKEN)


def affordable_context(size: int, free: int | None) -> int | None:
    """The most tokens for each call that fit into `free` bytes; None where not even the fewest do."""
    fitting = [context for context in CONTEXTS if free is None or memory_needed(size, context) <= free]
    return max(fitting, default=None)


def available_memory() -> int | None:
    """Bytes that can be had without pushing others out, as Linux says; None elsewhere."""
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except OSError:
        return None
    return None
