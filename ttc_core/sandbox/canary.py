"""What a hostile program would try, run in a box to see whether it holds; knows only the standard library.

Its text is sent into the box. It reads from standard input what to attack, and prints by attack whether it got
through. Nothing here does harm where it does.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import Any


def main() -> None:
    """Try everything, print what came of it, and leave a process behind."""
    aims = json.load(sys.stdin)
    attacks: tuple[Callable[[Any], bool], ...] = (
        *(read, write, connect, environment, processes, kill, calls, memory, disk, fork),
    )
    through = {attack.__name__: attack(aims) for attack in attacks}
    left = subprocess.Popen(["sleep", "86400"], start_new_session=True)
    print(json.dumps({"through": through, "left": left.pid}))


def read(aims: Any) -> bool:
    """Files that lie outside."""
    return any(opens(path, os.O_RDONLY) for path in aims["read"])


def write(aims: Any) -> bool:
    """A file outside, or a folder of the box that is not its work folder or for scratch."""
    folders = {f"/{name}" for name in ["", *os.listdir("/")]} - {"/work", "/tmp"}
    return opens(aims["write"], os.O_WRONLY | os.O_CREAT) or any(os.access(folder, os.W_OK) for folder in folders)


def opens(path: str, how: int) -> bool:
    """Whether a file can be opened so."""
    try:
        os.close(os.open(path, how))
    except OSError:
        return False
    return True


def connect(aims: Any) -> bool:
    """A server of the machine."""
    try:
        socket.create_connection(("127.0.0.1", aims["port"]), 2).close()
    except OSError:
        return False
    return True


def environment(aims: Any) -> bool:
    """Variables beyond those that a box is given, of this process and of the first."""
    return bool(set(os.environ) - set(aims["environment"])) or opens("/proc/1/environ", os.O_RDONLY)


def processes(aims: Any) -> bool:
    """A process outside, by what it was started with."""
    for name in os.listdir("/proc"):
        if name.isdigit() and name != str(os.getpid()) and opens(f"/proc/{name}/cmdline", os.O_RDONLY):
            with open(f"/proc/{name}/cmdline") as line:
                if aims["victim"] in line.read():
                    return True
    return False


def kill(aims: Any) -> bool:
    """A process outside, and the first process of the box, which would end it. Whether one did is seen from outside."""
    for process in (aims["process"], 1):
        try:
            os.kill(process, signal.SIGKILL)
        except OSError:
            continue
    return False


def calls(aims: Any) -> bool:
    """System calls that the filter should refuse, made in a process of their own."""
    child = os.fork()
    if not child:
        libc = ctypes.CDLL(None, use_errno=True)
        for number, *arguments in aims["calls"]:
            failed = libc.syscall(ctypes.c_long(number), *(ctypes.c_long(argument) for argument in arguments)) == -1
            if not failed or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
                os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] != 0


def memory(aims: Any) -> bool:
    """More memory than the limit."""
    try:
        return bool(bytearray((aims["memory_mb"] + 16) << 20))
    except MemoryError:
        return False


def disk(aims: Any) -> bool:
    """More bytes in the work folder than the limit."""
    try:
        for number in range(2 * aims["disk_mb"]):
            with open(f"part-{number}", "wb") as part:
                part.write(bytes(1 << 20))
    except OSError:
        return False
    return True


def fork(aims: Any) -> bool:
    """More processes than the limit."""
    children = []
    try:
        for _ in range(aims["processes"] + 8):
            child = os.fork()
            if not child:
                signal.pause()
            children.append(child)
    except OSError:
        pass
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    most: int = aims["processes"]
    return len(children) > most


if __name__ == "__main__":
    main()
