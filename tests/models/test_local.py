"""Local models: servers that are shared, stopped, damaged, slow or killed, with a child that answers by rule."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from ttc_core.choice import ModelChoice, Price
from ttc_core.errors import BadInput, BadRequest, ContextTooLong, ModelTimeout, ModelUnavailable
from ttc_core.models.child import TAIL_LINE_BYTES, TAIL_LINES, program
from ttc_core.models.llama import usable_cores
from ttc_core.models.local import LocalModel, open_local
from ttc_core.models.local_calls import TOGETHER
from ttc_core.models.local_server import (
    CONTEXTS,
    DEATHS,
    LocalServers,
    affordable_context,
    available_memory,
    memory_needed,
)
from ttc_core.types import Message, Problem, Request, Usage

FAKE = program("tests.models.fake_llama")
GB = 10**9
Weights = Callable[..., str]


def ask(text: str = "What is the answer?") -> Request:
    words = (Message(role="user", content=text),)
    return Request(call="c1/propose", role="propose", node="c1", messages=words, problem=Problem(id="p", text=text))


def pid_in(text: str) -> int:
    return int(text.split()[1])


def eventually(true: Callable[[], bool], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.02)
    return true()


def alive(pid: int) -> bool:
    """Whether the process runs; one that nobody has buried yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def servers() -> Iterator[LocalServers]:
    made = LocalServers(FAKE, available=lambda: None)
    yield made
    made.stop_all()


@pytest.fixture
def weights(tmp_path: Path) -> Weights:
    """Writes a file that tells the fake what to do, and gives the model's name."""

    def write(behaviour: str = "", file: str = "my model.gguf") -> str:
        path = tmp_path / file
        path.write_text(f"GGUF {behaviour}")
        return f"local/{path}"

    return write


async def opened(name: str, servers: LocalServers) -> LocalModel:
    return await open_local(ModelChoice(name=name, timeout_s=30), servers)


async def test_it_answers_under_its_public_name_and_costs_nothing(servers: LocalServers, weights: Weights) -> None:
    heard = list[str]()
    model = await opened(weights(), servers)
    reply = await model.complete(ask(), heard.append)
    assert reply.text == "".join(heard)
    assert reply.text.startswith("pid ")
    assert (reply.model, model.name, reply.cost) == ("local/my model.gguf", "local/my model.gguf", 0.0)
    assert reply.usage == Usage(tokens_in=10, tokens_out=5, cached_in=2)
    assert (model.price, model.simulated, model.context) == (Price(input=0, output=0), False, CONTEXTS[0])


async def test_all_calls_and_models_of_a_file_share_one_server(servers: LocalServers, weights: Weights) -> None:
    name = weights()
    one, other = await asyncio.gather(opened(name, servers), opened(name, servers))
    replies = await asyncio.gather(*(model.complete(ask(), str) for model in (one, other) * 8))
    assert len({pid_in(reply.text) for reply in replies}) == 1
    assert [(status.name, status.running) for status in servers.status()] == [(one.name, True)]


async def test_equal_calls_go_together_and_their_prompt_is_read_once(servers: LocalServers, weights: Weights) -> None:
    model = await opened(weights(), servers)
    requests = [ask().model_copy(update={"sample": sample}) for sample in range(TOGETHER + 1, 0, -1)]
    heard = [list[str]() for _ in requests]
    replies = await asyncio.gather(*(model.complete(r, h.append) for r, h in zip(requests, heard, strict=True)))
    assert [reply.text.partition("reply ")[2] for reply in replies] == [
        "3 of 4",
        "2 of 4",
        "1 of 4",
        "0 of 4",
        "0 of 1",
    ]
    assert [reply.text for reply in replies] == ["".join(pieces) for pieces in heard]
    assert [reply.usage.cached_in for reply in replies] == [10, 10, 10, 2, 2]


async def test_unequal_calls_go_apart(servers: LocalServers, weights: Weights) -> None:
    model = await opened(weights(), servers)
    different = [ask(), ask("Another?"), ask().model_copy(update={"max_tokens": 9, "temperature": 0.5})]
    replies = await asyncio.gather(*(model.complete(request, str) for request in different))
    assert all(reply.text.endswith("reply 0 of 1") for reply in replies)


async def test_who_gives_up_takes_nobody_along(servers: LocalServers, weights: Weights) -> None:
    model = await opened(weights("slow"), servers)
    heard = asyncio.Queue[str]()
    leaving, staying = (asyncio.create_task(model.complete(ask(), heard.put_nowait)) for _ in range(2))
    await heard.get()
    leaving.cancel()
    await asyncio.wait([leaving])
    assert leaving.cancelled()
    assert not staying.done()
    staying.cancel()
    await asyncio.wait([staying])
    await asyncio.sleep(0.1)
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []


async def test_what_does_not_fit_is_said_to_be_too_long(servers: LocalServers, weights: Weights) -> None:
    model = await opened(weights(), servers)
    with pytest.raises(ContextTooLong):
        await model.complete(ask("x" * 100), str)


async def test_a_silent_server_is_given_up_after_the_time_allowed(servers: LocalServers, weights: Weights) -> None:
    model = await open_local(ModelChoice(name=weights("slow"), timeout_s=0.3), servers)
    with pytest.raises(ModelTimeout, match=r"after 0\.3 s"):
        await model.complete(ask(), str)


async def test_each_file_has_its_own_server(servers: LocalServers, weights: Weights) -> None:
    models = [await opened(weights(file=file), servers) for file in ("a.gguf", "b.gguf")]
    first, second = [pid_in((await model.complete(ask(), str)).text) for model in models]
    assert first != second
    assert servers.stop(models[0].name)
    assert [status.name for status in servers.status()] == [models[1].name]
    assert eventually(lambda: not alive(first))
    assert alive(second)


async def test_a_stopped_server_starts_anew_on_need(servers: LocalServers, weights: Weights) -> None:
    model = await opened(weights(), servers)
    before = pid_in((await model.complete(ask(), str)).text)
    assert servers.stop(model.name)
    assert not servers.stop(model.name)
    assert servers.status() == ()
    assert not alive(before)
    assert pid_in((await model.complete(ask(), str)).text) != before


async def test_a_server_that_dies_in_mid_call_is_started_by_the_next_attempt(
    servers: LocalServers, weights: Weights
) -> None:
    model = await opened(weights("unlucky"), servers)
    with pytest.raises(ModelUnavailable, match=r"ended in mid-call \(exit code 7\); it is started again") as caught:
        await model.complete(ask(), str)
    assert caught.value.retryable
    assert caught.value.usage.tokens_out > 0
    assert (await model.complete(ask(), str)).text.startswith("pid ")


async def test_a_killed_server_is_said_to_be_killed(servers: LocalServers, weights: Weights) -> None:
    model = await opened(weights("slow"), servers)
    heard = asyncio.Queue[str]()
    calls = [asyncio.create_task(model.complete(ask(), heard.put_nowait)) for _ in range(3)]
    os.kill(pid_in(await heard.get()), signal.SIGKILL)
    for result in await asyncio.gather(*calls, return_exceptions=True):
        assert isinstance(result, ModelUnavailable)
        assert "killed by signal 9" in str(result)
    assert not servers.status()[0].running


async def test_a_server_that_dies_again_and_again_is_given_up(servers: LocalServers, weights: Weights) -> None:
    model = await opened(weights(), servers)
    weights("die-at-start")
    servers.stop(model.name)
    for _ in range(DEATHS):
        with pytest.raises(ModelUnavailable, match=r"ended while it started \(exit code 3: no room\)") as caught:
            await model.complete(ask(), str)
        assert caught.value.retryable
    with pytest.raises(BadRequest, match=f"ended {DEATHS} times") as given_up:
        await model.complete(ask(), str)
    assert not given_up.value.retryable


async def test_a_server_that_dies_at_its_first_start_is_bad_input(servers: LocalServers, weights: Weights) -> None:
    with pytest.raises(BadInput, match="ended while it started"):
        await opened(weights("die-at-start"), servers)


async def test_a_start_that_takes_too_long_ends_in_a_sentence(weights: Weights) -> None:
    servers = LocalServers(FAKE, available=lambda: None, start_s=0.1)
    with pytest.raises(BadInput, match="was not ready after 0 s"):
        await opened(weights("silent"), servers)
    assert servers.status() == ()


async def test_of_its_errors_a_bounded_tail_is_kept(servers: LocalServers, weights: Weights) -> None:
    name = weights("noisy")
    await opened(name, servers)
    server = servers.start(name, Path(name.removeprefix("local/")))
    assert eventually(lambda: bool(server.child.errors) and server.child.errors[-1].startswith("line 4999 "))
    assert len(server.child.errors) == TAIL_LINES
    assert max(map(len, server.child.errors)) == TAIL_LINE_BYTES


async def test_nobody_gets_in_without_the_key(servers: LocalServers, weights: Weights) -> None:
    name = weights()
    await opened(name, servers)
    server = servers.start(name, Path(name.removeprefix("local/")))
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.post(f"{server.base}/chat/completions", json={})).status_code == 401
    assert server.key not in repr(server)


def test_a_child_inherits_no_key(servers: LocalServers, weights: Weights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-0123456789")
    child = servers.start("x", Path(weights().removeprefix("local/"))).child
    assert b"sk-canary" not in Path(f"/proc/{child.pid}/environ").read_bytes()


def test_many_threads_start_one_server(servers: LocalServers, weights: Weights) -> None:
    name, keys = weights(), set[str]()
    path = Path(name.removeprefix("local/"))
    threads = [threading.Thread(target=lambda: keys.add(servers.start(name, path).key)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 1


def test_a_child_ends_with_a_parent_that_is_killed(weights: Weights) -> None:
    name = weights()
    program = (
        "import sys, time; from pathlib import Path; from ttc_core.models.local_server import LocalServers\n"
        f"servers = LocalServers({FAKE!r}, available=lambda: None)\n"
        f"print(servers.start('x', Path({name.removeprefix('local/')!r})).child.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert parent.stdout
    child = int(parent.stdout.readline())
    assert alive(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert eventually(lambda: not alive(child))


@pytest.mark.parametrize(
    ("content", "said"), [(None, "There is no file"), (b"", "not a GGUF file"), (b"PK\3\4 zip", "not a GGUF file")]
)
async def test_what_is_no_weights_file_starts_nothing(
    servers: LocalServers, tmp_path: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / "x.gguf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput, match=said):
        await opened(f"local/{path}", servers)
    assert servers.status() == ()


@pytest.mark.skipif(importlib.util.find_spec("xllamacpp") is None, reason="xllamacpp is not installed")
@pytest.mark.parametrize(
    "rest", [b"", b"\3\0\0\0" + b"\xff" * 4000, bytes(range(256)) * 40], ids=["end", "huge", "odd"]
)
async def test_damaged_weights_are_a_sentence_of_the_real_program(tmp_path: Path, rest: bytes) -> None:
    path = tmp_path / "damaged.gguf"
    path.write_bytes(b"GGUF" + rest)
    servers = LocalServers()
    with pytest.raises(BadInput, match=r"llama\.cpp cannot load local/.*damaged"):
        await opened(f"local/{path}", servers)
    assert servers.status() == ()


async def test_a_model_too_large_for_the_memory_is_not_started(weights: Weights) -> None:
    servers = LocalServers(FAKE, available=lambda: 3)
    with pytest.raises(BadInput, match=r"needs about 0\.0 GB of memory, and 0\.0 GB are free"):
        await opened(weights(), servers)
    assert servers.status() == ()


def test_calls_get_as_much_context_as_the_memory_allows() -> None:
    assert affordable_context(GB, None) == max(CONTEXTS)
    for context in CONTEXTS:
        needed = int(memory_needed(GB, context))
        assert affordable_context(GB, needed + 1) == context
        assert affordable_context(GB, needed - 1) != context
    assert affordable_context(GB, GB) is None


def test_the_machine_is_read() -> None:
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)
    if Path("/proc/meminfo").exists():
        assert (available_memory() or 0) > 10**7
