"""Gives up, once and for all, every right that process 1 of a box does not need; what it starts never had them."""

from __future__ import annotations

import ctypes
import os
import signal
import struct
from typing import Any

WORK = "/work"
SCRATCH = (WORK, "/tmp", "/dev/shm")
NEW_USER_NAMESPACE = 0x10000000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
SECCOMP_MODE_FILTER = 2
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
EXECUTE, WRITE_FILE, READ_FILE, READ_FOLDER, USE_DEVICE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 15

libc = ctypes.CDLL(None, use_errno=True)


def lock_in(lock: Any) -> int:
    """Become a user without rights, fill the work folder, and restrict paths and calls; the version of Landlock."""
    with open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")  # where memory runs out, the kernel ends this before anything else
    if lock["user"]:
        os.setgroups([])
        os.setresgid(lock["user"], lock["user"], lock["user"])
        os.setresuid(lock["user"], lock["user"], lock["user"])
        # Processes are counted by user namespace. Where there can be none, all boxes of this user share one count.
        libc.unshare(NEW_USER_NAMESPACE)
    for path, text in lock["files"]:
        put(os.path.join(WORK, path), text)
    os.chdir(WORK)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # process 1 is deaf to signals, but for those that it handles
    os.set_inheritable(lock["lifeline"], False)
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # end with whoever started us, where they may still signal us
    prctl(PR_SET_DUMPABLE, 0)  # our memory and our pipes are closed to others of the same user
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    landlock = restrict_paths()
    restrict_calls(bytes.fromhex(lock["filter"]))
    return landlock


def put(path: str, text: str) -> None:
    """Write a file of the work folder."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", errors="replace", newline="") as file:
        file.write(text)


def prctl(option: int, value: int, pointer: Any = 0) -> None:
    """The system call of that name. Raises OSError."""
    checked(libc.prctl(option, ctypes.c_ulong(value), pointer, ctypes.c_ulong(0), ctypes.c_ulong(0)))


def restrict_paths() -> int:
    """Let Landlock forbid to write anywhere but in the scratch folders; its version, 0 where the kernel has none."""
    version = system_call(LANDLOCK_CREATE, None, 0, 1)
    if version <= 0:
        return 0
    rights = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)) - 1
    out_of_the_box = 0b11 if version >= 6 else 0  # signals, and sockets with abstract names
    attributes = struct.pack("<QQQ", rights, 0, out_of_the_box)[: 8 if version < 4 else 16 if version < 6 else 24]
    rules = checked(system_call(LANDLOCK_CREATE, attributes, len(attributes), 0))
    allowed = {"/": EXECUTE | READ_FILE | READ_FOLDER, "/dev": WRITE_FILE | READ_FILE | READ_FOLDER | USE_DEVICE}
    for path, may in (allowed | dict.fromkeys(SCRATCH, rights)).items():
        place = os.open(path, os.O_PATH)
        checked(system_call(LANDLOCK_ADD, rules, 1, struct.pack("<Qi", may & rights, place), 0))
        os.close(place)
    checked(system_call(LANDLOCK_RESTRICT, rules, 0))
    os.close(rules)
    return version


def restrict_calls(program: bytes) -> None:
    """Install the filter of system calls."""

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_char_p)]

    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(Program(len(program) // 8, program)))


def system_call(number: int, *arguments: int | bytes | None) -> int:
    """A call that has no function of its own in C; -1 where it failed."""
    wide = (ctypes.c_long(argument) if isinstance(argument, int) else argument for argument in arguments)
    return int(libc.syscall(ctypes.c_long(number), *wide))


def checked(given: int) -> int:
    """The same number. Raises OSError where it says that a call failed."""
    if given == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return given
