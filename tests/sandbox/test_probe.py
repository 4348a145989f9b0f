"""The probe refuses what does not hold, and says why."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

import pytest

from ttc_core.sandbox import Limits, NoSandbox, Sandbox
from ttc_core.sandbox.backends import Backend, backends
from ttc_core.sandbox.inside.running import MOST_SOCKETS
from ttc_core.sandbox.probe import LIMITS
from ttc_core.sandbox.seccomp import ALLOW, RETURN

pytestmark = pytest.mark.usefixtures("boxes")
ALLOWS_ALL = struct.pack("=HBBI", RETURN, 0, 0, ALLOW)
Change = Callable[[list[str]], list[str]]


def changed(change: Change, **more: object) -> Backend:
    good = backends()[0]

    def argv(limits: Limits) -> tuple[str, ...]:
        return tuple(change(list(good.argv(limits))))

    return replace(good, argv=argv, **more)  # type: ignore[arg-type]


def without(option: str, values: int = 0) -> Change:
    def change(argv: list[str]) -> list[str]:
        at = argv.index(option)
        return argv[:at] + argv[at + 1 + values :]

    return change


def seeing(*options: str) -> Change:
    """Mounts put in before the folders that a box has of its own."""

    def change(argv: list[str]) -> list[str]:
        at = argv.index("--proc")
        return [*argv[:at], *options, *argv[at:]]

    return change


def of_the_machine(argv: list[str]) -> list[str]:
    """The machine's processes in the place of the box's."""
    at = argv.index("--proc")
    return [*argv[:at], "--ro-bind", "/proc", *argv[at + 1 :]]


def plain(argv: list[str]) -> list[str]:
    return argv[argv.index("--") + 1 :]


def roomy(argv: list[str]) -> list[str]:
    return [str(1 << 30) if word == str(LIMITS.disk_mb << 20) else word for word in argv]


BROKEN: dict[str, tuple[Change, dict[str, object], str]] = {
    "shares the network": (without("--unshare-net"), {}, "reach the network"),
    "shares processes": (without("--unshare-pid"), {}, "could not be made"),
    "is not the first process": (without("--as-pid-1"), {}, "lacks processes of its own"),
    "filters nothing": (list, {"filter": ALLOWS_ALL}, "make system calls that are forbidden"),
    "has no filter": (list, {"filter": b""}, "could not be made"),
    "shows settings": (seeing("--ro-bind", "/etc", "/etc"), {}, "read files outside"),
    "shows all": (seeing("--bind", "/var", "/var"), {}, "read files outside"),
    "shows processes": (of_the_machine, {}, "could not be made"),
    "has room without end": (roomy, {}, "write more than it may"),
    "passes the environment on": (
        lambda argv: [argv[0], "--setenv", "OPENAI_API_KEY", "x", *argv[1:]],
        {},
        "see the environment",
    ),
    "is no box at all": (plain, {}, "could not be made"),
    "is not there": (lambda argv: ["/nonexistent/bwrap"], {}, "No such file"),
    "ends at once": (lambda argv: ["true"], {}, "ended at once"),
    "complains": (lambda argv: ["bash", "-c", "echo no luck >&2; exit 1"], {}, "no luck"),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_refuses_a_backend_that(name: str) -> None:
    change, more, why = BROKEN[name]
    sandbox = Sandbox(backends=(changed(change, **more),))
    trouble = await sandbox.ready()
    assert trouble.startswith("Code cannot be run here: ")
    assert why in trouble
    assert sandbox.name == ""
    with pytest.raises(NoSandbox, match="Code cannot be run here"):
        await sandbox.run(["true"])
    with pytest.raises(NoSandbox, match="Code cannot be run here"):
        async with sandbox.open():
            pass


async def test_sees_a_shared_network_through_all_that_the_machine_does_in_it() -> None:
    with ExitStack() as opened:
        for _ in range(MOST_SOCKETS + 1):
            opened.enter_context(socket.socket())
        trouble = await Sandbox(backends=(changed(without("--unshare-net"), name="shared"),)).ready()
    assert trouble == "Code cannot be run here: in a box of shared, it could reach the network."


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a root to stay")
async def test_refuses_to_stay_root() -> None:
    sandbox = Sandbox(backends=(changed(list, user=0),))
    assert "start more processes than it may" in await sandbox.ready()


async def test_takes_the_first_that_holds() -> None:
    broken, good = changed(without("--unshare-net")), backends()[0]
    sandbox = Sandbox(backends=(broken, good))
    assert await sandbox.ready() == ""
    assert (await sandbox.run(["echo", "well"])).output == "well\n"


async def test_nothing_to_try_is_said() -> None:
    assert "no backend" in await Sandbox(backends=()).ready()
