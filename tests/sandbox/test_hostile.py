"""Hostile programs do no harm: what they aim at is looked at from outside, and what they saw is what they print."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.attacks import ATTACKS, Attack
from ttc_core.sandbox import Sandbox
from ttc_core.sandbox.seccomp import CLONE, FORBIDDEN, MACHINES


@dataclass
class World:
    """What is outside of the box, for programs to harm."""

    aims: dict[str, Any]
    victim: asyncio.subprocess.Process
    connected: list[object]

    def harmed(self) -> list[str]:
        held = Path(self.aims["secret"])
        return [
            *(["written"] if Path(self.aims["written"]).exists() else []),
            *(["changed"] if not held.exists() or held.read_text() != "secret" else []),
            *(["connected"] if self.connected else []),
            *(["killed"] if self.victim.returncode is not None else []),
        ]


HERE = str(Path(__file__).resolve())


def open_folder() -> Path:
    """With a secret in it, and open to all, so that only the box protects it."""
    # Not below /tmp, which boxes have a folder of their own for.
    folder = Path(tempfile.mkdtemp(dir="/var/tmp" if os.access("/var/tmp", os.W_OK) else None))
    folder.chmod(0o777)
    (folder / "secret").write_text("secret")
    (folder / "secret").chmod(0o666)
    return folder


@pytest.fixture
async def world(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setenv("TTC_CANARY", "secret")
    folder = open_folder()
    connected: list[object] = []

    def meet(*streams: object) -> None:
        connected.append(streams)

    abstract, marker = f"ttc-{secrets.token_hex(8)}", f"86400.{secrets.randbelow(10**9)}"
    with socket.socket(socket.AF_UNIX) as named:
        named.bind("\0" + abstract)
        servers = [
            await asyncio.start_server(meet, "127.0.0.1", 0),
            await asyncio.start_unix_server(meet, str(folder / "socket")),
            await asyncio.start_unix_server(meet, sock=named),
        ]
        os.chmod(folder / "socket", 0o666)
        victim = await asyncio.create_subprocess_exec("sleep", marker)
        column = MACHINES[platform.machine()][1]
        aims = {
            "secret": str(folder / "secret"),
            "written": str(folder / "written"),
            "socket": str(folder / "socket"),
            "project": HERE,
            "port": servers[0].sockets[0].getsockname()[1],
            "abstract": abstract,
            "marker": marker,
            "victim": victim.pid,
            "host": socket.gethostname(),
            "numbers": {name: numbers[column] for name, numbers in {**FORBIDDEN, "clone": CLONE}.items()},
        }
        yield World(aims, victim, connected)
        for server in servers:
            server.close()
        if victim.returncode is None:
            victim.kill()
        await victim.wait()
    shutil.rmtree(folder)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
async def test_does_no_harm(attack: Attack, world: World, sandbox: Sandbox) -> None:
    ran = await sandbox.run(["python3", "-c", attack.program], given=json.dumps(world.aims))
    assert ran.output.startswith("SAFE"), ran
    assert ran.ended == "exited", ran
    assert world.harmed() == []


@pytest.mark.parametrize("attack", [a for a in ATTACKS if a.anywhere], ids=lambda attack: attack.name)
async def test_would_do_harm_outside(attack: Attack, world: World) -> None:
    """The programs are no straw men: outside of a box the same ones get what they are after."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", attack.program, stdin=pipe, stdout=pipe)
    output, _ = await process.communicate(json.dumps(world.aims).encode())
    assert output.startswith(b"HARM")
