"""Finding servers, against small ones on loopback that answer as the real ones do, or misbehave."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ttc_core.errors import BadInput
from ttc_core.models.naming import on_server
from ttc_core.models.servers import (
    MOST_BYTES,
    MOST_MODELS,
    FoundServer,
    ServedModel,
    best,
    default_order,
    find_servers,
    usual_places,
)

PATIENT = 20.0
"""Seconds: long enough for a busy machine, where the server is expected to answer."""
SHORT = 0.3
"""Seconds, where it is expected not to."""

Speak = Callable[[asyncio.StreamWriter], Awaitable[None]]
Routes = dict[str, Any]


def reply(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    lines = {"content-type": "application/json", "content-length": str(len(body)), "connection": "close", **headers}
    return (
        f"HTTP/1.1 {status}\r\n{''.join(f'{k}: {v}{chr(13)}{chr(10)}' for k, v in lines.items())}\r\n".encode() + body
    )


@asynccontextmanager
async def serving(routes: Routes, **headers: str) -> AsyncIterator[tuple[str, list[str]]]:
    """A server with these replies by path: JSON, raw bytes, or somebody who writes them; and what it was asked."""
    asked: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = (await reader.readuntil(b"\r\n\r\n")).decode()
            asked.append(request)
            told = routes.get(request.split()[1], reply(b'{"error": "not found"}', "404 Not Found", **headers))
            if callable(told):
                await told(writer)
            else:
                writer.write(told if isinstance(told, bytes) else reply(json.dumps(told).encode(), **headers))
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


async def found(routes: Routes, timeout_s: float = PATIENT, **headers: str) -> FoundServer | None:
    async with serving(routes, **headers) as (address, _):
        servers = await find_servers([address], timeout_s=timeout_s)
    return servers[0] if servers else None


def listing(*names: Any, **more: Any) -> dict[str, Any]:
    return {"object": "list", "data": [{"id": name, "object": "model", "created": 1, **more} for name in names]}


OLLAMA = {
    "/v1/models": {
        "object": "list",
        "data": [
            {"id": "llama3.2:latest", "object": "model", "created": 1733000000, "owned_by": "library"},
            {"id": "nomic-embed-text:latest", "object": "model", "created": 1733000001, "owned_by": "library"},
            {"id": "someone/qwen3:4b", "object": "model", "created": 1733000002, "owned_by": "someone"},
        ],
    },
    "/api/version": {"version": "0.12.6"},
    "/api/ps": {
        "models": [
            {
                "name": "someone/qwen3:4b",
                "model": "someone/qwen3:4b",
                "size": 6591830464,
                "details": {"family": "qwen3", "parameter_size": "4.0B"},
                "expires_at": "2026-10-17T16:47:07.93355-07:00",
                "size_vram": 5333539264,
                "context_length": 4096,
            }
        ]
    },
}
STUDIO = {
    "/v1/models": {
        "data": [
            {"id": name, "object": "model", "owned_by": "organization_owner"}
            for name in ("qwen2-vl-7b-instruct", "meta-llama-3.1-8b-instruct", "openai/gpt-oss-20b", "nomic-v1.5")
        ],
        "object": "list",
    },
    "/api/v0/models": {
        "object": "list",
        "data": [
            {"id": "qwen2-vl-7b-instruct", "type": "vlm", "state": "not-loaded", "max_context_length": 32768},
            {
                "id": "meta-llama-3.1-8b-instruct",
                "type": "llm",
                "state": "loaded",
                "max_context_length": 131072,
                "loaded_context_length": 8192,
            },
            {"id": "openai/gpt-oss-20b", "type": "llm", "state": "not-loaded", "max_context_length": 131072},
            {"id": "nomic-v1.5", "type": "embeddings", "state": "not-loaded", "max_context_length": 2048},
        ],
    },
}
LLAMA_ENTRY = {
    "id": "/home/ann/My Models/qwen2.5-0.5b.gguf",
    "object": "model",
    "created": 1795471513,
    "owned_by": "llamacpp",
    "meta": {"vocab_type": 2, "n_vocab": 151936, "n_ctx_train": 32768, "n_params": 630167424},
}
LLAMA = {
    "/v1/models": {"models": [{"name": LLAMA_ENTRY["id"]}], "object": "list", "data": [LLAMA_ENTRY]},
    "/props": {"default_generation_settings": {"n_ctx": 3072}, "total_slots": 8},
}
VLLM = {"/v1/models": listing("Qwen/Qwen3-4B", owned_by="vllm", root="Qwen/Qwen3-4B", parent=None, max_model_len=40960)}


async def test_ollama() -> None:
    server = await found(OLLAMA)
    assert server
    assert server.kind == "Ollama"
    assert server.base.endswith("/v1")
    assert server.models == (
        ServedModel(name="llama3.2:latest", loaded=False),
        ServedModel(name="someone/qwen3:4b", context=4096, loaded=True),
    )


async def test_ollama_without_models_is_still_found() -> None:
    server = await found({**OLLAMA, "/v1/models": {"object": "list", "data": None}})
    assert server
    assert (server.kind, server.models) == ("Ollama", ())


async def test_lm_studio() -> None:
    server = await found(STUDIO)
    assert server
    assert server.kind == "LM Studio"
    assert server.models == (
        ServedModel(name="qwen2-vl-7b-instruct", context=32768, loaded=False),
        ServedModel(name="meta-llama-3.1-8b-instruct", context=8192, loaded=True),
        ServedModel(name="openai/openai/gpt-oss-20b", context=131072, loaded=False),
    )


async def test_llama_cpp_does_not_give_a_path_away() -> None:
    server = await found(LLAMA, server="llama.cpp")
    assert server
    assert server.kind == "llama.cpp"
    assert server.models == (ServedModel(name="qwen2.5-0.5b.gguf", context=3072, loaded=True),)


async def test_llama_cpp_says_the_context_of_a_slot_in_its_list() -> None:
    entry = {**LLAMA_ENTRY, "meta": {"n_ctx": 2048, "n_ctx_train": 32768}}
    server = await found({"/v1/models": {"object": "list", "data": [entry]}})
    assert server
    assert server.models[0].context == 2048


async def test_llama_cpp_with_several_models() -> None:
    states = {"ggml-org/gemma-3-4b-it-GGUF": "unloaded", "ggml-org/Qwen3-8B-GGUF": "loaded"}
    entries = [{"id": name, "owned_by": "llamacpp", "status": {"value": state}} for name, state in states.items()]
    server = await found({"/v1/models": {"object": "list", "data": entries}})
    assert server
    assert {model.name: model.loaded for model in server.models} == {
        "ggml-org/gemma-3-4b-it-GGUF": False,
        "ggml-org/Qwen3-8B-GGUF": True,
    }


async def test_vllm() -> None:
    server = await found(VLLM)
    assert server
    assert server.kind == "vLLM"
    assert server.models == (ServedModel(name="Qwen/Qwen3-4B", context=40960, loaded=True),)


async def test_others_are_called_what_they_speak() -> None:
    server = await found({"/v1/models": listing("tiny", owned_by="me")})
    assert server
    assert (server.kind, server.models) == ("OpenAI-compatible", (ServedModel(name="tiny"),))


async def test_all_are_asked_and_the_order_stays() -> None:
    async with serving(VLLM) as (one, _), serving(OLLAMA) as (two, _), serving({}) as (none, _):
        servers = await find_servers([two, none, one + "/v1/"], timeout_s=PATIENT)
    assert [server.kind for server in servers] == ["Ollama", "vLLM"]
    assert [server.base for server in servers] == [f"{two}/v1", f"{one}/v1"]


async def test_a_base_url_keeps_its_path() -> None:
    async with serving({"/llm/api/models": listing("tiny")}) as (address, _):
        servers = await find_servers([f"{address}/llm/api"], timeout_s=PATIENT)
    assert [server.base for server in servers] == [f"{address}/llm/api"]


async def test_nobody_is_told_a_secret_and_no_proxy_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving({}) as (proxy, heard), serving(VLLM) as (address, asked):
        monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
        for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(variable, proxy)
        for variable in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(variable, raising=False)
        assert await find_servers([address], timeout_s=PATIENT)
    assert not heard
    assert asked
    assert not any("authorization" in request.lower() or "sk-secret" in request for request in asked)


async def test_a_redirect_is_not_followed() -> None:
    async with serving(VLLM) as (elsewhere, asked):
        moved = reply(b"", "302 Found", location=f"{elsewhere}/v1/models")
        assert await found({"/v1/models": moved}) is None
    assert not asked


async def drip(writer: asyncio.StreamWriter) -> None:
    """A body that never ends, in small pieces, each in good time."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{")
    while not writer.is_closing():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.01)


async def flood(writer: asyncio.StreamWriter) -> None:
    """More bytes than anybody wants, without an end."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n")
    while not writer.is_closing():
        writer.write(b" " * 65536)
        await writer.drain()


async def silence(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(5)


@pytest.mark.parametrize("speak", [drip, silence])
async def test_whoever_takes_too_long_is_not_there(speak: Speak) -> None:
    assert await found({"/v1/models": speak}, SHORT) is None


async def test_a_flood_is_cut_off() -> None:
    assert await found({"/v1/models": flood}) is None


async def test_a_server_that_falls_silent_later_is_found_with_what_it_said() -> None:
    async with serving({**LLAMA, "/props": silence}) as (address, _):
        servers = await find_servers([address], timeout_s=2.0)
    assert [(server.kind, server.models[0].context) for server in servers] == [("llama.cpp", None)]


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"not HTTP at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{",
        reply(b"<html><body>Hello</body></html>", **{"content-type": "text/html"}),
        reply(b"\xff\xfe\x00"),
        reply(b"{" * 100_000),
        reply(b"[" * 100_000 + b"]" * 100_000),
        reply(b'{"data": [' + b"1" * 10_000 + b"]}"),
        reply(b" " * MOST_BYTES + json.dumps(listing("tiny")).encode()),
        reply(json.dumps(listing("tiny")).encode(), "500 Internal Server Error"),
        reply(json.dumps(listing("tiny")).encode(), "401 Unauthorized"),
        reply(json.dumps(listing("tiny")).encode(), **{"content-length": "99999999999999999999"}),
        [],
        None,
        7,
        "models",
        {},
        {"data": {}},
        {"data": "tiny"},
        {"data": None},
        {"data": []},
        {"data": [None, 7, "tiny", [], {}]},
        {"data": [{"id": None}, {"id": 7}, {"id": ["tiny"]}, {"id": {"id": "tiny"}}]},
    ],
)
async def test_what_is_no_list_of_models_is_no_server(told: Any) -> None:
    assert await found({"/v1/models": told}) is None


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", "two words", "bell\x07", "line\nbreak", "turned\u202eround", "\ud800", "x" * 201, "http://x/y"),
        *("github_copilot/gpt-4o", "text-embedding-nomic-embed-text-v1.5", "BAAI/bge-m3", "all-minilm:latest"),
    ],
)
async def test_names_that_cannot_be_asked_are_left_out(name: str) -> None:
    server = await found({"/v1/models": listing("tiny", name, "small")})
    assert server
    assert [model.name for model in server.models] == ["tiny", "small"]


async def test_a_name_is_listed_once_and_not_without_end() -> None:
    server = await found({"/v1/models": listing("tiny", "tiny", *(f"m{i}" for i in range(5000)))})
    assert server
    assert len(server.models) == MOST_MODELS - 1


@pytest.mark.parametrize("name", ["openai/gpt-oss-20b", "ollama/x", "simulated", "simulated:latest", "local/x"])
async def test_a_name_that_means_something_here_reaches_the_server_as_it_is(name: str) -> None:
    server = await found({"/v1/models": listing(name)})
    assert server
    assert on_server(server.models[0].name, server.base) == (name, server.base)


@pytest.mark.parametrize("size", [0, -1, True, 1.5, "4096", 10**12, None, [4096], float("inf")])
async def test_a_senseless_context_is_unknown(size: Any) -> None:
    server = await found({"/v1/models": listing("tiny", owned_by="vllm", max_model_len=size, meta=size)})
    assert server
    assert server.models[0].context is None


@pytest.mark.parametrize("details", [[], None, {"models": 7}, {"models": [7, {"name": [1]}, {}]}, {"data": [7, {}]}])
async def test_senseless_details_take_nothing_away(details: Any) -> None:
    for routes, path in ((OLLAMA, "/api/ps"), (STUDIO, "/api/v0/models"), (LLAMA, "/props")):
        whole, less = await found(routes), await found({**routes, path: details})
        assert whole
        assert less
        assert less.kind == whole.kind
        assert {model.name for model in less.models} >= {model.name for model in whole.models}


async def test_where_nobody_listens_nothing_is_found() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        assert await find_servers([f"http://127.0.0.1:{free.getsockname()[1]}"], timeout_s=PATIENT) == ()


async def test_a_place_that_is_none_is_said() -> None:
    with pytest.raises(BadInput, match="base URL"):
        await find_servers(["ftp://somewhere"])


async def test_the_environment_says_where_to_look(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(VLLM) as (one, _), serving(OLLAMA) as (two, _):
        monkeypatch.setenv("TTC_SERVERS", one)
        monkeypatch.setenv("OLLAMA_HOST", two)
        servers = await find_servers(timeout_s=PATIENT)
    assert {f"{two}/v1": "Ollama", f"{one}/v1": "vLLM"}.items() <= {s.base: s.kind for s in servers}.items()


def test_usual_places() -> None:
    ports = (11434, 1234, 8080, 8000)
    assert usual_places({}) == (tuple(f"http://localhost:{port}/v1" for port in ports), ())


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("", "http://localhost:11434/v1"),
        ("0.0.0.0", "http://localhost:11434/v1"),
        ("0.0.0.0:5000", "http://localhost:5000/v1"),
        (":5000", "http://localhost:5000/v1"),
        ("[::]:5000", "http://localhost:5000/v1"),
        ("[::1]:5000", "http://[::1]:5000/v1"),
        ("gpu.lan", "http://gpu.lan:11434/v1"),
        ("'http://gpu.lan'", "http://gpu.lan:80/v1"),
        ("https://gpu.lan", "https://gpu.lan:443/v1"),
        ("https://gpu.lan:1/ollama/", "https://gpu.lan:1/ollama/v1"),
        ("gpu.lan:99999", "http://localhost:11434/v1"),
        ("ftp://gpu.lan", "http://localhost:11434/v1"),
        ("http://ann:secret@gpu.lan", "http://gpu.lan:80/v1"),
    ],
)
def test_ollama_host_is_read_as_ollama_reads_it(host: str, base: str) -> None:
    assert usual_places({"OLLAMA_HOST": host}).bases[0] == base


def test_named_addresses_are_added_and_bad_ones_complained_of() -> None:
    named = "http://127.0.0.1:8000/v1, https://box.lan:9000 ,,http://ann:secret@box.lan,nonsense"
    bases, complaints = usual_places({"TTC_SERVERS": named})
    assert bases[3:] == ("http://127.0.0.1:8000/v1", "https://box.lan:9000/v1")
    assert "http://localhost:8000/v1" not in bases
    assert [complaint.partition(" in ")[0] for complaint in complaints] == ["Address 3", "Address 4"]
    assert not any("secret" in complaint for complaint in complaints)


def test_the_word_none_leaves_only_the_addresses_named() -> None:
    assert usual_places({"TTC_SERVERS": "none", "OLLAMA_HOST": "gpu.lan"}) == ((), ())
    assert usual_places({"TTC_SERVERS": "none, http://box.lan:9000"}) == (("http://box.lan:9000/v1",), ())


def test_what_to_offer_first() -> None:
    names = {"a-base": None, "gpt-oss:20b-cloud": True, "b-instruct": False, "c-base": True, "gemma-3-4b-it": True}
    models = tuple(ServedModel(name=name, loaded=loaded) for name, loaded in names.items())
    servers = [
        FoundServer(kind="Ollama", base="http://x/v1"),
        FoundServer(kind="vLLM", base="http://y/v1", models=models),
    ]
    order = [model.name for _, model in default_order(servers)]
    assert order == ["gemma-3-4b-it", "c-base", "b-instruct", "a-base", "gpt-oss:20b-cloud"]
    assert best(servers) == (servers[1], models[4])
    assert best(servers[:1]) is None
