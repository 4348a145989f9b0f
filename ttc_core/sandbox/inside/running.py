"""One command of a box, from its start to the end of the last process that it left; knows nothing of orders."""

from __future__ import annotations

import os
import resource
import select
import signal
import sys
import time
from contextlib import suppress
from typing import Any

from .lock import SCRATCH

TICK_S = 0.05
MOST_FILES = 20_000
PART = 1 << 16


class Running:
    """A command that was started, and what is known of it."""

    def __init__(self, lock: Any, command: list[str], timeout_s: float, given: bytes | None = None) -> None:
        """Start it. `given` is fed to it and what it writes is kept; with None it gets the pipes of the box itself."""
        self.limits, self.lifeline = lock["limits"], lock["lifeline"]
        self.ends = time.monotonic() + timeout_s
        self.code = 128 + signal.SIGKILL
        self.signalled = self.overflowed = False
        self.output, self.errors = bytearray(), bytearray()
        self.kept: dict[int, bytearray] = {}
        """By the pipe that is read."""
        self.feed, self.given = -1, memoryview(given or b"")
        if given is None:
            theirs = [0, 1, os.open(os.devnull, os.O_WRONLY)]
        else:
            (feed, self.feed), (output, output_end), (errors, errors_end) = os.pipe(), os.pipe(), os.pipe()
            self.kept = {output: self.output, errors: self.errors}
            theirs = [feed, output_end, errors_end]
            os.set_blocking(self.feed, False)
        self.child = start(command, self.limits, theirs)
        for stream in theirs:
            if stream > 1:
                os.close(stream)

    def attend(self) -> str:
        """Feed and read it until it ends or passes a limit, then end all that is left; how it ended."""
        poll, child = select.poll(), os.pidfd_open(self.child)
        for fd in (child, *self.kept):
            poll.register(fd, select.POLLIN)
        if self.feed >= 0:
            poll.register(self.feed, select.POLLOUT)
        poll.register(self.lifeline, 0)  # says when nobody waits for us any more
        ended, look = "", 0.0
        while not ended:
            for fd, _ in poll.poll(TICK_S * 1000):
                if fd == self.lifeline:
                    sys.exit("nobody waits any more")
                if fd == child:
                    ended = "exited"
                elif not self.move(fd):
                    poll.unregister(fd)
                    os.close(fd)
            now = time.monotonic()
            if self.overflowed:
                ended = "output"
            elif not ended and now > self.ends:
                ended = "timeout"
            elif not ended and now > look:
                look = now + TICK_S
                self.reap(os.WNOHANG)
                ended = "killed" if over(self.limits) else ""
        os.close(child)
        return self.finish(ended)

    def move(self, fd: int) -> bool:
        """Take what the command wrote, or give it some of its input; False where no more can come or is left."""
        if fd == self.feed:
            with suppress(BlockingIOError):
                try:
                    self.given = self.given[os.write(fd, self.given[:PART]) if self.given else 0 :]
                except BrokenPipeError:
                    self.given = self.given[:0]
            self.feed = fd if self.given else -1
            return bool(self.given)
        part = os.read(fd, PART)
        room = self.limits["output_bytes"] - len(self.kept[fd])
        self.overflowed |= len(part) > room
        self.kept[fd] += part[:room]
        if not part:
            del self.kept[fd]
        return bool(part)

    def finish(self, ended: str) -> str:
        """Kill every process of the box but this one, and read what they left in the pipes."""
        self.reap(os.WNOHANG)
        with suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        self.reap(0)
        if self.feed >= 0:
            os.close(self.feed)
        for fd in list(self.kept):
            while not self.overflowed and self.move(fd):
                continue
            os.close(fd)
        if ended != "exited":
            self.code = 128 + signal.SIGKILL
            return ended
        return "output" if self.overflowed else "killed" if self.signalled else "exited"

    def reap(self, how: int) -> None:
        """Take in the dead, and note how the command itself died."""
        while True:
            try:
                process, status = os.waitpid(-1, how)
            except ChildProcessError:
                return
            if not process:
                return
            if process == self.child:
                code = os.waitstatus_to_exitcode(status)
                self.signalled = code < 0
                self.code = code if code >= 0 else 128 - code


def start(command: list[str], limits: Any, streams: list[int]) -> int:
    """Start a command with these three streams, within its limits; its process id."""
    if child := os.fork():
        return child
    try:
        os.setsid()
        os.nice(10)  # whoever watches comes first
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        for ignored in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores them, other programs rely on them
            signal.signal(ignored, signal.SIG_DFL)
        bound(limits)
        os.execvp(command[0], command)
    except (OSError, ValueError) as trouble:
        os.write(2, f"{command[0]}: {trouble.args[-1]}\n".encode("utf-8", "replace"))
    finally:
        os._exit(127)


def bound(limits: Any) -> None:
    """Put this process, and all it will start, under the limits that the kernel keeps by itself."""
    for what, most in (
        (resource.RLIMIT_CPU, limits["cpu_s"]),
        (resource.RLIMIT_AS, limits["memory_mb"] << 20),
        (resource.RLIMIT_FSIZE, limits["disk_mb"] << 20),
        (resource.RLIMIT_NPROC, limits["processes"] + 1),  # the first process of the box is counted too
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_STACK, 8 << 20),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        resource.setrlimit(what, (most, most))


def over(limits: Any) -> bool:
    """Whether all processes together use more memory than one may, or keep too many files."""
    for folder in SCRATCH:
        kept = os.statvfs(folder)
        if kept.f_files - kept.f_ffree > MOST_FILES:
            return True
    most: int = limits["memory_mb"] << 10
    others = [name for name in os.listdir("/proc") if name.isdigit() and name != "1"]
    # The quick sum counts shared pages once for each process; only where it is too high is the slow one asked.
    return sum(kilobytes(f"/proc/{name}/status", ("RssAnon:", "RssShmem:")) for name in others) > most and (
        sum(kilobytes(f"/proc/{name}/smaps_rollup", ("Pss_Anon:", "Pss_Shmem:")) for name in others) > most
    )


def kilobytes(path: str, names: tuple[str, ...]) -> int:
    """The sum of these figures of a process; 0 where it has ended."""
    try:
        with open(path, errors="replace") as lines:
            return sum(int(line.split()[1]) for line in lines if line.startswith(names))
    except OSError:
        return 0
