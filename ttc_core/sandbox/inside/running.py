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
MOST_SOCKETS = 128
"""Of the box: the kernel keeps up to some megabytes for each, and counts them as no process's memory."""
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
            for ours in (self.feed, *self.kept):  # by way of /proc, a program can read and fill them before us
                os.set_blocking(ours, False)
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
        try:
            part = os.read(fd, PART)
        except BlockingIOError:
            return True
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
            # Its end may never come: a message that nobody receives can hold the other end of the pipe.
            while not self.overflowed and select.select([fd], [], [], 0)[0] and self.move(fd):
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
    """Whether all processes together use more memory than one may, or keep too many files or sockets."""
    if any(files(folder) > MOST_FILES for folder in SCRATCH) or sockets() > limits["sockets"]:
        return True
    most: int = limits["memory_mb"] << 10
    others = [name for name in os.listdir("/proc") if name.isdigit() and name != "1"]
    # The quick sum counts shared pages once for each process; only where it is too high is the slow one asked.
    return sum(map(resident, others)) > most and sum(map(proportional, others)) > most


def files(folder: str) -> int:
    """How many a folder in memory holds."""
    kept = os.statvfs(folder)
    return kept.f_files - kept.f_ffree


def sockets() -> int:
    """How many there are, with those that were closed while something of them is on its way."""
    with open("/proc/net/sockstat") as lines:
        return int(next(lines).split()[2])


def resident(process: str) -> int:
    """The kilobytes of a process, as the first thread says it that lives: one that has ended knows of none."""
    try:
        threads = os.listdir(f"/proc/{process}/task")
    except OSError:
        return 0
    said = (kilobytes(f"/proc/{process}/task/{thread}/status", ("RssAnon:", "RssShmem:")) for thread in threads)
    return next(filter(None, said), 0)


def proportional(process: str) -> int:
    """The same with its part of shared pages alone; with all of them where it keeps us from knowing."""
    return kilobytes(f"/proc/{process}/smaps_rollup", ("Pss_Anon:", "Pss_Shmem:")) or resident(process)


def kilobytes(path: str, names: tuple[str, ...]) -> int:
    """The sum of these figures of a process; 0 where it has ended, or does not let them be read."""
    try:
        with open(path, errors="replace") as lines:
            return sum(int(line.split()[1]) for line in lines if line.startswith(names))
    except OSError:
        return 0
