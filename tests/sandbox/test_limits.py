"""What passes a limit is ended with all that it started, and the limits are those of the box as a whole."""

from __future__ import annotations

import asyncio
import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from ttc_core.sandbox import Limits, Sandbox
from ttc_core.sandbox.inside.running import Running

SMALL = Limits(wall_s=3, cpu_s=1, memory_mb=128, output_bytes=10_000, processes=8, disk_mb=8)


async def test_output_is_cut_at_the_cap(sandbox: Sandbox) -> None:
    ran = await sandbox.run(["bash", "-c", "yes"], limits=SMALL)
    assert (ran.ended, ran.code, len(ran.output)) == ("output", 137, 10_000)


async def test_errors_are_cut_at_the_cap(sandbox: Sandbox) -> None:
    ran = await sandbox.run(["bash", "-c", "yes >&2"], limits=SMALL)
    assert (ran.ended, ran.output, len(ran.errors)) == ("output", "", 10_000)


async def test_output_up_to_the_cap_is_whole(sandbox: Sandbox) -> None:
    ran = await sandbox.run(["bash", "-c", "head -c 10000 /dev/zero | tr '\\0' x"], limits=SMALL)
    assert (ran.ended, ran.code, ran.output) == ("exited", 0, "x" * 10_000)


async def test_output_of_what_ends_at_once_is_cut_too(sandbox: Sandbox) -> None:
    ran = await sandbox.run(["bash", "-c", "head -c 10001 /dev/zero"], limits=SMALL)
    assert (ran.ended, len(ran.output)) == ("output", 10_000)


async def test_sleeping_ends_at_the_wall_time(sandbox: Sandbox) -> None:
    program = "import signal, time\nfor s in (2, 15): signal.signal(s, signal.SIG_IGN)\nprint('here')\ntime.sleep(99)"
    ran = await sandbox.run(["python3", "-c", program], limits=Limits(wall_s=1))
    assert (ran.ended, ran.code, ran.output) == ("timeout", 137, "here\n")


async def test_having_closed_its_pipes_it_still_ends_at_the_wall_time(sandbox: Sandbox) -> None:
    ran = await sandbox.run(["bash", "-c", "exec >&- 2>&- <&-; sleep 99"], limits=Limits(wall_s=1))
    assert ran.ended == "timeout"


async def test_computing_ends_at_the_processor_time(sandbox: Sandbox) -> None:
    ran = await sandbox.run(["python3", "-c", "while True: pass"], limits=Limits(wall_s=60, cpu_s=1))
    assert (ran.ended, ran.code) == ("killed", 137)


async def test_memory_beyond_the_limit_is_refused(sandbox: Sandbox) -> None:
    ran = await sandbox.run(["python3", "-c", "print(len(b'x' * (1 << 28)))"], limits=SMALL)
    assert ran.code != 0
    assert "MemoryError" in ran.errors
    assert ran.output == ""


@pytest.mark.parametrize("kind", ["bytearray(90 << 20)", "mmap.mmap(-1, 90 << 20)"], ids=["own", "shared"])
async def test_processes_share_one_limit_of_memory(sandbox: Sandbox, kind: str) -> None:
    program = f"""
import mmap, os, time
for _ in range(4):
    if not os.fork():
        held = {kind}
        for place in range(0, len(held), 4096):
            held[place] = 1
        print("held", flush=True)
        time.sleep(99)
time.sleep(99)
"""
    ran = await sandbox.run(["python3", "-c", program], limits=SMALL.model_copy(update={"wall_s": 30, "cpu_s": 30}))
    assert ran.ended == "killed"
    assert ran.output.count("held") < 4


HIDING = {
    "its first thread ends": "libc.syscall({'x86_64': 60, 'aarch64': 93}[os.uname().machine], 0)",
    "it is closed to others": "libc.prctl(4, 0, 0, 0, 0)",
}


@pytest.mark.parametrize("hide", HIDING.values(), ids=HIDING)
async def test_memory_of_a_process_that_hides_it_counts(sandbox: Sandbox, hide: str) -> None:
    program = f"""
import ctypes, os, threading, time
libc = ctypes.CDLL(None)
def hold():
    time.sleep(0.1)
    held = bytearray(90 << 20)
    held[::4096] = bytes(len(held[::4096])).replace(b"\\0", b"x")
    os.write(1, b"held\\n")
    time.sleep(99)
for _ in range(4):
    if not os.fork():
        threading.Thread(target=hold).start()
        {hide}
        time.sleep(99)
time.sleep(99)
"""
    ran = await sandbox.run(
        ["python3", "-c", program],
        limits=SMALL.model_copy(update={"wall_s": 30, "cpu_s": 30, "processes": 16}),
    )
    assert ran.ended == "killed"
    assert ran.output.count("held") < 4


@pytest.mark.parametrize("wanted", ["", "one.setsockopt(1, 7, 1 << 22)"], ids=["as it is", "enlarged"])
async def test_what_waits_in_sockets_is_limited(sandbox: Sandbox, wanted: str) -> None:
    program = f"""
import socket, time
held, sent = [], 0
for _ in range(100):
    pair = socket.socketpair()
    held.append(pair)
    for one in pair:
        {wanted}
        one.setblocking(False)
        try:
            while True:
                sent += one.send(bytes(1 << 15))
        except BlockingIOError:
            print(sent, flush=True)
time.sleep(99)
"""
    ran = await sandbox.run(["python3", "-c", program], limits=SMALL.model_copy(update={"wall_s": 30}))
    assert ran.ended == "killed"
    assert int(ran.output.split()[0]) < 1 << 20, "of one socket"


async def test_ends_though_a_message_that_nobody_receives_holds_its_output(sandbox: Sandbox) -> None:
    program = """
import socket
one, other = socket.socketpair()
socket.send_fds(one, [b"x"], [1, 2, one.fileno(), other.fileno()])
print("sent")
"""
    async with asyncio.timeout(20):
        ran = await sandbox.run(["python3", "-c", program], limits=SMALL)
    assert (ran.ended, ran.output) == ("exited", "sent\n")


def test_who_reads_its_own_output_first_does_not_stop_the_watch() -> None:
    lock = {"limits": Limits().model_dump(), "lifeline": -1}
    running = Running(lock, ["sleep", "99"], 99.0, b"")
    with ThreadPoolExecutor() as pool:
        try:
            looked = pool.submit(running.move, min(running.kept))
            assert looked.result(timeout=20), "there is nothing, and it has not ended"
        finally:
            os.kill(running.child, signal.SIGKILL)
            os.waitpid(running.child, 0)
    for pipe in (running.feed, *running.kept):
        os.close(pipe)


async def test_memory_that_children_share_with_their_parent_counts_once(sandbox: Sandbox) -> None:
    program = """
import os, time
held = os.urandom(80 << 20)
children = [os.fork() for _ in range(2)]
time.sleep(0.3)
print(len(held))
"""
    ran = await sandbox.run(["python3", "-c", program], limits=SMALL.model_copy(update={"wall_s": 30, "cpu_s": 30}))
    assert (ran.code, ran.ended) == (0, "exited")


@pytest.mark.parametrize("folder", ["/work", "/tmp", "/dev/shm"])
async def test_the_scratch_folders_are_of_limited_size(sandbox: Sandbox, folder: str) -> None:
    script = f"cd {folder}; for n in 1 2 3 4 5 6; do head -c 4000000 /dev/zero > part$n; done; du -cb part* | tail -1"
    ran = await sandbox.run(["bash", "-c", script], limits=SMALL)
    most = SMALL.disk_mb if folder == "/work" else 16
    assert 0 < int(ran.output.split()[0]) <= most << 20
    assert "No space left" in ran.errors


async def test_a_single_file_is_of_limited_size(sandbox: Sandbox) -> None:
    ran = await sandbox.run(["bash", "-c", "truncate -s 1G sparse; stat -c %s sparse"], limits=SMALL)
    assert int(ran.output or 0) <= SMALL.disk_mb << 20


async def test_many_small_files_end_it(sandbox: Sandbox) -> None:
    program = "import itertools\nfor n in itertools.count(): open(f'/tmp/{n}', 'x')"
    ran = await sandbox.run(["python3", "-c", program], limits=Limits(wall_s=60, cpu_s=60))
    assert ran.ended == "killed"


async def test_open_files_are_limited(sandbox: Sandbox) -> None:
    program = "held = []\ntry:\n    while True: held.append(open('/dev/null'))\nexcept OSError: print(len(held))"
    ran = await sandbox.run(["python3", "-c", program])
    assert 100 < int(ran.output) < 256


async def test_processes_are_limited(sandbox: Sandbox) -> None:
    program = """
import os, time
made = 0
try:
    while made < 100:
        if not os.fork():
            time.sleep(99)
        made += 1
except OSError:
    pass
print(made)
"""
    ran = await sandbox.run(["python3", "-c", program], limits=SMALL)
    assert int(ran.output) == SMALL.processes - 1, "itself counts"


async def test_threads_are_limited(sandbox: Sandbox) -> None:
    program = """
import threading, time
threading.stack_size(65536)
made = 0
try:
    while made < 100:
        threading.Thread(target=time.sleep, args=(99,), daemon=True).start()
        made += 1
except RuntimeError:
    pass
print(made, flush=True)
import os; os._exit(0)
"""
    ran = await sandbox.run(["python3", "-c", program], limits=SMALL)
    assert 0 < int(ran.output) < SMALL.processes


async def test_a_fork_bomb_goes_off_in_its_box_alone(sandbox: Sandbox) -> None:
    bomb = sandbox.run(["bash", "-c", "b() { b | b & }; b; sleep 99"], limits=Limits(wall_s=2, processes=32))
    ran = await bomb
    assert ran.ended in ("timeout", "output")
    assert (await sandbox.run(["bash", "-c", "echo well"])).output == "well\n"


async def test_no_core_is_dumped(sandbox: Sandbox) -> None:
    ran = await sandbox.run(["bash", "-c", "python3 -c 'import os; os.abort()'; ls"])
    assert ran.output == ""


async def test_what_dies_by_a_signal_was_killed(sandbox: Sandbox) -> None:
    ran = await sandbox.run(["python3", "-c", "import os; os.abort()"])
    assert (ran.ended, ran.code) == ("killed", 134)


async def test_what_ends_with_a_large_code_was_not(sandbox: Sandbox) -> None:
    ran = await sandbox.run(["bash", "-c", "exit 137"])
    assert (ran.ended, ran.code) == ("exited", 137)
