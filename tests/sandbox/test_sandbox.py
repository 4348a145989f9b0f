"""The sandbox among others: many boxes, several loops, cancellation, and the end of whoever made them."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ttc_core.sandbox import Limits, Sandbox
from ttc_core.sandbox.backends import Backend, backends
from ttc_core.types import File

pytestmark = pytest.mark.usefixtures("boxes")
ROOT = Path(__file__).parents[2]


def marker() -> str:
    return f"86400.{secrets.randbelow(10**12)}"


def processes_with(words: str) -> list[str]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if words.encode() in (folder / "cmdline").read_bytes():
                found.append(folder.name)
        except OSError:
            continue
    return found


async def until(words: str, least: int = 0, most: int = 99) -> None:
    """Waits until there are so many processes that were started with these words."""
    async with asyncio.timeout(60):
        while not least <= len(processes_with(words)) <= most:  # noqa: ASYNC110  # nothing tells of them
            await asyncio.sleep(0.02)


async def test_a_hundred_boxes_leave_the_loop_free() -> None:
    sandbox = Sandbox(at_once=100)
    assert await sandbox.ready() == ""
    ticks = 0

    async def beat() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0.001)

    async def seen(number: int) -> tuple[str, int]:
        before = ticks
        ran = await sandbox.run(["python3", "-c", f"print({number})"], limits=Limits(wall_s=120))
        return ran.output, ticks - before

    heart = asyncio.create_task(beat())
    results = await asyncio.gather(*(seen(number) for number in range(100)))
    heart.cancel()
    assert [output for output, _ in results] == [f"{number}\n" for number in range(100)]
    assert min(during for _, during in results) >= 5, "the loop went round while each of them ran"
    assert ticks > 100


async def test_no_more_boxes_than_allowed_work_at_once() -> None:
    sandbox, words = Sandbox(at_once=2), marker()
    tasks = [asyncio.create_task(sandbox.run(["sleep", words], limits=Limits(wall_s=60))) for _ in range(5)]
    await until(words, least=2)
    await asyncio.sleep(0.2)
    assert len(processes_with(words)) == 2
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await until(words, most=0)


async def test_a_box_that_waits_for_orders_keeps_no_other_from_working() -> None:
    sandbox = Sandbox(at_once=1)
    async with asyncio.timeout(60), sandbox.open() as one, sandbox.open() as other:
        assert (await one.run("echo 1")).output == "1\n"
        assert (await other.run("echo 2")).output == "2\n"
        assert (await sandbox.run(["echo", "3"])).output == "3\n"


async def test_cancelling_ends_all_processes() -> None:
    sandbox, words = Sandbox(), marker()
    task = asyncio.create_task(
        sandbox.run(["bash", "-c", f"sleep {words} & setsid sleep {words} & wait"], limits=Limits(wall_s=600))
    )
    await until(words, least=3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(words, most=0)


def named(name: str) -> Backend:
    """Makes boxes as any other, by processes that can be told by this name."""
    good = backends()[0]
    return replace(good, argv=lambda limits: tuple(name if word == "box" else word for word in good.argv(limits)))


async def test_cancelling_while_boxes_are_made_leaves_nothing() -> None:
    name = f"box-{secrets.token_hex(8)}"
    sandbox = Sandbox(at_once=4, backends=(named(name),))
    assert await sandbox.ready() == ""

    async def cancelled_again_and_again() -> None:
        for step in range(20):
            task = asyncio.create_task(sandbox.run(["sleep", "600"], limits=Limits(wall_s=600)))
            await asyncio.sleep(step * 0.0005)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    async with asyncio.timeout(50):
        await asyncio.gather(*(cancelled_again_and_again() for _ in range(4)))
    await until(name, most=0)


async def test_cancelling_a_command_ends_its_box() -> None:
    sandbox, words = Sandbox(), marker()
    async with sandbox.open() as box:
        task = asyncio.create_task(box.run(f"sleep {words}", timeout_s=600))
        await until(words, least=1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await box.run("echo")).ended == "killed"
    await until(words, most=0)


async def test_boxes_end_with_whoever_made_them() -> None:
    words = marker()
    program = f"""
import asyncio
from ttc_core.sandbox import Limits, Sandbox
async def main():
    sandbox = Sandbox(at_once=4)
    async with sandbox.start(["sleep", "{words}"], limits=Limits(wall_s=600)), sandbox.open() as box:
        await box.run("setsid sleep {words} & sleep {words}", timeout_s=600)
asyncio.run(main())
"""
    maker = await asyncio.create_subprocess_exec(sys.executable, "-c", program, cwd=ROOT)
    await until(words, least=5)  # the maker itself too, and the bash
    maker.send_signal(signal.SIGKILL)
    await until(words, most=0)
    assert await maker.wait() == -signal.SIGKILL


async def test_leaves_no_pipes_open() -> None:
    sandbox = Sandbox()
    await sandbox.run(["true"])
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        await sandbox.run(["bash", "-c", "yes"], limits=Limits(output_bytes=1000))
        async with sandbox.start(["yes"]):
            pass
    assert len(os.listdir("/proc/self/fd")) <= before


def test_serves_one_loop_after_another() -> None:
    sandbox = Sandbox(at_once=1)

    async def two() -> list[str]:
        return [ran.output for ran in await asyncio.gather(sandbox.run(["echo", "1"]), sandbox.run(["echo", "2"]))]

    assert [asyncio.run(two()) for _ in range(3)] == [["1\n", "2\n"]] * 3


async def test_talks_with_what_it_started() -> None:
    program = "import sys\nfor line in sys.stdin: print(line.strip()[::-1], flush=True)"
    async with Sandbox().start(["python3", "talk.py"], [File(path="talk.py", text=program)]) as running:
        for words, back in (("abc", b"cba\n"), ("xyz", b"zyx\n")):
            running.stdin.write(f"{words}\n".encode())
            await running.stdin.drain()
            assert await running.stdout.readline() == back
        running.stdin.close()
        assert await running.stdout.read() == b""
        assert await running.ended() == "exited"


async def test_what_was_started_ends_at_its_wall_time() -> None:
    async with Sandbox().start(["sleep", "99"], limits=Limits(wall_s=0.3)) as running:
        assert await running.stdout.read() == b""
        assert await running.ended() == "timeout"


async def test_ends_though_a_message_that_nobody_receives_holds_its_pipe() -> None:
    program = """
import socket
one, other = socket.socketpair()
socket.send_fds(one, [b"x"], [1, one.fileno(), other.fileno()])
print("sent", flush=True)
"""
    async with asyncio.timeout(20), Sandbox().start(["python3", "-c", program]) as running:
        assert await running.stdout.readline() == b"sent\n"


async def test_two_that_talk_count_as_one() -> None:
    sandbox = Sandbox(at_once=1)
    async with asyncio.timeout(60), sandbox.start(["cat"]) as one, sandbox.start(["cat"], beside=one) as other:
        one.stdin.write(b"hello\n")
        other.stdin.write(await one.stdout.readline())
        assert await other.stdout.readline() == b"hello\n"


async def test_says_what_holds() -> None:
    sandbox = Sandbox()
    assert sandbox.name == ""
    assert await sandbox.ready() == ""
    assert sandbox.name.startswith("bubblewrap")
    assert "seccomp" in sandbox.name
