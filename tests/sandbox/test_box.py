"""A box over several commands: what stays, what does not, and that it never hangs."""

from __future__ import annotations

import asyncio

import pytest

from ttc_core.errors import BadInput
from ttc_core.sandbox import Limits, Sandbox
from ttc_core.types import File


async def test_runs_python_and_the_usual_tools(sandbox: Sandbox) -> None:
    tools = "echo a | grep a | sed s/a/b/ && diff <(echo) <(echo) && find ."
    script = f"python --version && python3 -m unittest --help && {tools}"
    ran = await sandbox.run(["bash", "-c", script])
    assert (ran.code, ran.errors) == (0, "")
    assert ran.output.endswith("b\n.\n")


async def test_is_the_python_that_runs_us(sandbox: Sandbox) -> None:
    import sys

    ran = await sandbox.run(["python3", "-c", "import sys; print(sys.version)"])
    assert ran.output.strip() == sys.version


async def test_processes_and_sockets_of_its_own_work(sandbox: Sandbox) -> None:
    program = """
import asyncio, multiprocessing, socket, sqlite3, tempfile
async def main():
    server = await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", 0)
    reader, _ = await asyncio.open_connection(*server.sockets[0].getsockname())
    return await reader.read()
print(asyncio.run(main()), multiprocessing.Pool(2).map(abs, [-1, 2]), tempfile.mkdtemp()[:5])
"""
    ran = await sandbox.run(["python3", "-c", program])
    assert (ran.output, ran.errors) == ("b'' [1, 2] /tmp/\n", "")


async def test_reads_what_it_is_given(sandbox: Sandbox) -> None:
    given = "größer\n" * 100_000
    ran = await sandbox.run(["bash", "-c", "wc -l; sleep 0.1"], given=given)
    assert ran.output.strip() == "100000"


async def test_what_does_not_read_its_input_ends_all_the_same(sandbox: Sandbox) -> None:
    ran = await sandbox.run(["bash", "-c", "exec <&-; echo well"], given="x" * 1_000_000)
    assert (ran.ended, ran.output) == ("exited", "well\n")


async def test_a_command_that_is_not_there(sandbox: Sandbox) -> None:
    ran = await sandbox.run(["nothing-of-that-name"])
    assert (ran.code, ran.ended) == (127, "exited")
    assert "nothing-of-that-name" in ran.errors


async def test_files_stay_from_command_to_command(sandbox: Sandbox) -> None:
    async with sandbox.open([File(path="a/b.txt", text="größer\r\n"), File(path="c.txt", text="")]) as box:
        await box.run("cat a/b.txt > d.txt; rm c.txt; cd a")
        ran = await box.run("pwd")
        assert ran.output == "/work\n"
        assert await box.files() == (File(path="a/b.txt", text="größer\r\n"), File(path="d.txt", text="größer\r\n"))


async def test_boxes_see_nothing_of_each_other(sandbox: Sandbox) -> None:
    async with sandbox.open() as one, sandbox.open() as other:
        await one.run("echo secret | tee /tmp/a /dev/shm/a > a")
        ran = await other.run("ls /work /tmp /dev/shm; ls /proc | grep -c '^[0-9]'")
    assert "a" not in ran.output.split()


async def test_hands_out_texts_only(sandbox: Sandbox) -> None:
    script = r"""
    mkdir -p .git __pycache__ deep && touch .git/HEAD __pycache__/x.pyc
    ln -s /etc/passwd link; ln -s / folder; mkfifo pipe; ln -s loop loop
    printf '\0' > nul; printf '\377' > latin; head -c 200001 /dev/zero | tr '\0' x > large
    head -c 200000 /dev/zero | tr '\0' x > fits; touch $'bad\377name'; echo hidden > .hidden; truncate -s 100000 sparse
    python3 -c "import os
for _ in range(1500): os.mkdir('d'); os.chdir('d')"
    """
    async with sandbox.open([File(path="deep/one.py", text="1")]) as box:
        ran = await box.run(script)
        assert (ran.code, ran.errors) == (0, "")
        assert [file.path for file in await box.files()] == [".hidden", "deep/one.py", "fits"]


async def test_hands_out_five_hundred_files_at_most(sandbox: Sandbox) -> None:
    async with sandbox.open() as box:
        await box.run("mkdir a b; for n in {1..400}; do echo $n > a/$n; echo $n > b/$n; done")
        assert len(await box.files()) == 500


async def test_what_a_command_left_running_ends_with_it(sandbox: Sandbox) -> None:
    daemon = """
import os, time
if not os.fork():
    os.setsid()
    if not os.fork():
        while True:
            open("/work/alive", "a").write("x")
            time.sleep(0.01)
time.sleep(0.2)
"""
    async with sandbox.open([File(path="daemon.py", text=daemon)]) as box:
        ran = await box.run("python3 daemon.py")
        assert ran.ended == "exited"
        before = await box.run("wc -c < alive; ls /proc | grep '^[0-9]'")
        await asyncio.sleep(0.1)
        after = await box.run("wc -c < alive; ls /proc | grep '^[0-9]'")
    assert int(before.output.split()[0]) > 0
    assert before.output.split()[0] == after.output.split()[0]
    assert len(after.output.split()) == 1 + 4, "the first process, bash, ls and grep"


async def test_a_command_that_passes_its_time_leaves_the_box_usable(sandbox: Sandbox) -> None:
    async with sandbox.open() as box:
        assert (await box.run("echo a > a; sleep 99", timeout_s=0.3)).ended == "timeout"
        assert (await box.run("cat a")).output == "a\n"


async def test_answers_cannot_be_forged(sandbox: Sandbox) -> None:
    frame = """
import struct, sys
body = b'{"code": 0, "output": "forged"}'
sys.stdout.buffer.write(struct.pack(">I", len(body)) + body)
"""
    async with sandbox.open([File(path="forge.py", text=frame)]) as box:
        ran = await box.run("python3 forge.py; exit 3")
        assert (ran.code, ran.output[4:]) == (3, '{"code": 0, "output": "forged"}')
        assert (await box.run("echo next")).output == "next\n"


async def test_outlives_every_signal_from_inside(sandbox: Sandbox) -> None:
    async with sandbox.open() as box:
        await box.run("for n in {1..64}; do kill -$n 1; done; kill -9 -1")
        assert (await box.run("echo here")).output == "here\n"


async def test_a_box_that_was_ended_says_so(sandbox: Sandbox) -> None:
    async with sandbox.open() as box:
        running = asyncio.create_task(box.run("sleep 99", timeout_s=99))
        await asyncio.sleep(0.2)
        box._running.kill()
        assert (await running).ended == "killed"
        assert (await box.run("echo")).ended == "killed"
        assert await box.files() == ()


@pytest.mark.parametrize(
    "path", ["../x", "/etc/x", "a/../../x", "", "a/", "a\0b", "..", "./a", "x" * 300, "a\ud800"], ids=ascii
)
async def test_files_that_lie_elsewhere_are_refused(sandbox: Sandbox, path: str) -> None:
    with pytest.raises(BadInput, match="cannot be named"):
        await sandbox.run(["true"], files=[File(path=path, text="")])


async def test_a_file_that_is_a_folder_too_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(BadInput, match="'a'"):
        await sandbox.run(["true"], files=[File(path="a/b", text=""), File(path="a", text="")])


async def test_files_that_do_not_fit_are_refused(sandbox: Sandbox) -> None:
    with pytest.raises(BadInput, match="1 MB"):
        await sandbox.run(["true"], files=[File(path="a", text="x" * 2_000_000)], limits=Limits(disk_mb=1))


async def test_git_works_where_it_is_installed(sandbox: Sandbox) -> None:
    async with sandbox.open([File(path="a", text="1\n")]) as box:
        if (await box.run("command -v git")).code:
            pytest.skip("git is not installed")
        ran = await box.run("git init -q && git add -A && git commit -qm one && echo 2 > a && git diff")
        assert (ran.code, ran.errors) == (0, "")
        assert "+2" in ran.output
        assert [file.path for file in await box.files()] == ["a"]
