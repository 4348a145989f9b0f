"""LiteLLM over real HTTP, against a server that misbehaves on request."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fake_server import REFUSALS, FakeServer
from ttc_core.choice import Price
from ttc_core.errors import (
    BadInput,
    BadReply,
    BadRequest,
    ContextTooLong,
    KeyRejected,
    ModelError,
    ModelTimeout,
    ModelUnavailable,
    RateLimited,
    RefusedByModel,
)
from ttc_core.models.connection import try_connection
from ttc_core.models.litellm import LiteLLMModel, open_litellm
from ttc_core.types import Message, Problem, Reply, Request

KEY = "sk-live-0123456789abcdefWXYZ"
SERVER_KEY = "sk-of-this-very-server-0000000001"
PROBLEM = Problem(id="p", text="What is the answer?")
FAULTS: dict[str, type[ModelError]] = {
    "400": BadRequest,
    "401": KeyRejected,
    "403": KeyRejected,
    "404": BadRequest,
    "422": BadRequest,
    "429": RateLimited,
    "500": ModelUnavailable,
    "503": ModelUnavailable,
    "long": ContextTooLong,
    "refuse": RefusedByModel,
    "hangup": ModelUnavailable,
    "cut": ModelUnavailable,
    "short": ModelUnavailable,
    "inline": ModelUnavailable,
    "garbage": BadReply,
    "empty": BadReply,
    "filtered": RefusedByModel,
}


def ask(text: str = PROBLEM.text, *, seed: int = 1, max_tokens: int = 400) -> Request:
    return Request(
        call=f"c{seed}/propose",
        role="propose",
        node=f"c{seed}",
        messages=(Message(role="system", content="Think."), Message(role="user", content=text)),
        problem=PROBLEM,
        seed=seed,
        max_tokens=max_tokens,
        temperature=0.7,
    )


async def failure(model: LiteLLMModel, request: Request | None = None) -> ModelError:
    with pytest.raises(ModelError) as caught:
        await model.complete(request or ask(), lambda piece: None)
    return caught.value


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch):
    """Makes a fake server the model's own provider, as LiteLLM's environment names it."""

    def become(server: FakeServer) -> str:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", SERVER_KEY)
        return "openai/gpt-4o-mini"

    return become


async def test_a_reply_comes_in_pieces_and_with_the_usage_that_was_served() -> None:
    pieces: list[str] = []
    with FakeServer(chunks=5) as server:
        model = await open_litellm("my-model", api_base=server.url)
        reply = await model.complete(ask(), pieces.append)
        ledger = server.ledger
    assert len(pieces) == 5
    assert "".join(pieces) == reply.text
    assert "Answer:" in reply.text.splitlines()[-1]
    assert (reply.finish, reply.model, reply.simulated) == ("stop", "my-model", False)
    assert (reply.usage.tokens_in, reply.usage.tokens_out) == (ledger.tokens_in, ledger.tokens_out)
    assert reply.usage.cached_in > 0
    assert reply.usage.reasoning_out > 0
    assert not reply.usage.estimated


async def test_the_request_says_what_was_asked() -> None:
    with FakeServer() as server:
        await (await open_litellm("my-model", api_base=server.url)).complete(ask(seed=7), lambda piece: None)
        _, body = server.ledger.last[-1]
    assert body["model"] == "my-model"
    assert body["messages"] == [
        {"role": "system", "content": "Think."},
        {"role": "user", "content": PROBLEM.text},
    ]
    assert (body["seed"], body["temperature"], body["max_tokens"]) == (7, 0.7, 400)
    assert body["stream_options"] == {"include_usage": True}


async def test_a_reply_cut_at_its_limit_says_so() -> None:
    with FakeServer() as server:
        model = await open_litellm("my-model", api_base=server.url)
        reply = await model.complete(ask(max_tokens=3), lambda piece: None)
    assert reply.finish == "length"
    assert reply.usage.tokens_out == 3


@pytest.mark.parametrize(
    ("name", "on_the_server"),
    [
        ("my-model", "my-model"),
        ("openai/my-model", "my-model"),
        ("hosted_vllm/meta-llama/Llama-3.1-8B", "meta-llama/Llama-3.1-8B"),
        ("meta-llama/Llama-3.1-8B", "meta-llama/Llama-3.1-8B"),
        ("anthropic/claude-sonnet-4-5", "anthropic/claude-sonnet-4-5"),
        ("ollama/llama3", "llama3"),
        ("o1-pro", "o1-pro"),
        ("gpt-5-codex", "gpt-5-codex"),
    ],
)
async def test_a_base_url_means_chat_completions_whatever_the_model_is_called(name: str, on_the_server: str) -> None:
    with FakeServer() as server:
        await (await open_litellm(name, api_base=server.url)).complete(ask(), lambda piece: None)
        ledger = server.ledger
    assert list(ledger.paths) == ["/v1/chat/completions"]
    assert ledger.last[-1][1]["model"] == on_the_server


async def test_nobody_knows_the_price_of_a_private_server() -> None:
    with FakeServer() as server:
        model = await open_litellm("gpt-4o-mini", api_base=server.url)
        assert model.price is None
        assert (await model.complete(ask(), lambda piece: None)).cost is None


async def test_a_price_that_is_given_counts() -> None:
    price = Price(input=0.5, output=2.0)
    with FakeServer() as server:
        model = await open_litellm("my-model", api_base=server.url, price=price)
        reply = await model.complete(ask(), lambda piece: None)
    assert reply.cost == price.of(reply.usage)


async def test_the_price_of_a_known_model_is_there_before_the_first_call(provider) -> None:
    with FakeServer() as server:
        model = await open_litellm(provider(server))
        assert model.price
        assert model.price.output > model.price.input > 0
        reply = await model.complete(ask(), lambda piece: None)
        ledger = server.ledger
    assert (reply.usage.tokens_in, reply.usage.tokens_out) == (ledger.tokens_in, ledger.tokens_out)
    assert model.price.cached
    assert reply.cost == pytest.approx(model.price.of(reply.usage))
    assert 0 < reply.cost < Price(input=model.price.input, output=model.price.output).of(reply.usage)


@pytest.mark.parametrize("own_provider", [False, True])
@pytest.mark.parametrize(("fault", "kind"), FAULTS.items())
async def test_every_fault_has_its_kind_its_sentence_and_costs_one_request(
    fault: str, kind: type[ModelError], own_provider: bool, provider
) -> None:
    with FakeServer(fault_rate=1, faults=(fault,)) as server:
        model = await open_litellm(provider(server)) if own_provider else await open_litellm("m", api_base=server.url)
        error = await failure(model)
        assert server.ledger.requests == 1
    assert type(error) is kind
    assert str(error).endswith(".")
    assert len(str(error).splitlines()) == 1
    assert "litellm" not in str(error).lower()
    assert "Exception" not in str(error)
    began = fault in ("cut", "short", "inline")
    assert (error.usage.tokens_out > 0, error.usage.estimated) == (began, began)
    if fault in REFUSALS and fault != "401":
        assert REFUSALS[fault][1]["message"].rstrip(".") in str(error)


@pytest.mark.parametrize("own_provider", [False, True])
async def test_a_reply_without_usage_is_estimated(own_provider: bool, provider) -> None:
    with FakeServer(fault_rate=1, faults=("silent",)) as server:
        model = await open_litellm(provider(server)) if own_provider else await open_litellm("m", api_base=server.url)
        reply = await model.complete(ask(), lambda piece: None)
    assert reply.usage.estimated
    assert reply.usage.tokens_in == 2 + -(-len(PROBLEM.text) // 4)
    assert reply.usage.tokens_out == -(-len(reply.text) // 4)


async def test_what_an_empty_reply_cost_is_known() -> None:
    with FakeServer(fault_rate=1, faults=("empty",)) as server:
        error = await failure(await open_litellm("m", api_base=server.url))
        assert error.usage.total == server.ledger.tokens_in > 0
    assert not error.usage.estimated


async def test_the_wait_that_a_server_asks_for_is_passed_on() -> None:
    with FakeServer(fault_rate=1, faults=("429",), retry_after="7.5") as server:
        error = await failure(await open_litellm("m", api_base=server.url))
    assert error.retry_after == 7.5
    assert error.retryable


async def test_a_server_that_never_answers_is_a_timeout() -> None:
    with FakeServer(fault_rate=1, faults=("timeout",)) as server:
        error = await failure(await open_litellm("m", api_base=server.url, timeout_s=0.3))
    assert isinstance(error, ModelTimeout)
    assert error.usage.estimated
    assert error.usage.tokens_in > 0


async def test_a_reply_that_trickles_is_bounded_too() -> None:
    pieces: list[str] = []
    with FakeServer(latency_s=20, chunks=200) as server:
        model = await open_litellm("m", api_base=server.url, timeout_s=0.5)
        with pytest.raises(ModelTimeout) as caught:
            await model.complete(ask(), pieces.append)
    assert pieces
    assert caught.value.usage.tokens_out == -(-len("".join(pieces)) // 4)


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    with FakeServer() as server:
        url = server.url
    error = await failure(await open_litellm("m", api_base=url))
    assert isinstance(error, ModelUnavailable)


async def eventually(server: FakeServer, **counts: int) -> None:
    """Wait until the ledger says so, for 20 s at most."""
    for _ in range(2000):
        if all(getattr(server.ledger, name) == count for name, count in counts.items()):
            return
        await asyncio.sleep(0.01)
    pytest.fail(f"the server never saw {counts}, but {server.ledger}")


async def test_cancelling_reaches_the_server_before_the_first_piece() -> None:
    with FakeServer(latency_s=600, chunks=1) as server:
        model = await open_litellm("m", api_base=server.url)
        call = asyncio.create_task(model.complete(ask(), lambda piece: None))
        await eventually(server, in_flight=1)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await eventually(server, in_flight=0, cancelled=1)


@pytest.mark.parametrize("own_provider", [False, True])
async def test_cancelling_reaches_the_server_in_the_middle_of_a_reply(own_provider: bool, provider) -> None:
    heard = asyncio.Event()
    with FakeServer(latency_s=60, chunks=200) as server:
        model = await open_litellm(provider(server)) if own_provider else await open_litellm("m", api_base=server.url)
        call = asyncio.create_task(model.complete(ask(), lambda piece: heard.set()))
        await asyncio.wait_for(heard.wait(), 20)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await eventually(server, in_flight=0, cancelled=1)


@pytest.mark.parametrize("key", [None, KEY])
@pytest.mark.parametrize("name", ["my-model", "gpt-4o", "anthropic/claude-sonnet-4-5", "gemini/gemini-2.5-flash"])
async def test_nothing_of_the_environment_goes_to_a_server_that_a_user_named(
    name: str, key: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in (
        "OPENAI_API_KEY",
        "ANTHROPIC_API_KEY",
        "GEMINI_API_KEY",
        "OPENAI_ADMIN_KEY",
        "OPENAI_ORGANIZATION",
    ):
        monkeypatch.setenv(variable, "canary")
    for variable in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "LITELLM_API_KEY"):
        monkeypatch.setenv(variable, "canary")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Team: canary\nAuthorization: Bearer canary")
    with FakeServer() as server:
        await (await open_litellm(name, api_base=server.url, api_key=key)).complete(ask(), lambda piece: None)
        ledger = server.ledger
    assert list(ledger.authorizations) == [f"Bearer {key}" if key else ""]
    assert "canary" not in str(ledger.last)


async def test_a_redirect_is_not_followed() -> None:
    with (
        FakeServer() as elsewhere,
        FakeServer(fault_rate=1, faults=("redirect",), redirect_to=f"{elsewhere.url}/chat/completions") as server,
    ):
        error = await failure(await open_litellm("m", api_base=server.url, api_key=KEY))
        assert elsewhere.ledger.requests == 0
    assert type(error) is BadRequest
    assert "address" in str(error)


async def test_a_key_that_the_provider_echoes_is_not_shown() -> None:
    with FakeServer(fault_rate=1, faults=("401",)) as server:
        model = await open_litellm("m", api_base=server.url, api_key=KEY)
        error = await failure(model)
        assert list(server.ledger.authorizations) == [f"Bearer {KEY}"]
    for shown in (str(error), repr(error), repr(error.__cause__), repr(error.__dict__), repr(model)):
        assert KEY not in shown
        assert KEY[-8:] not in shown


async def test_the_servers_own_key_is_not_shown_either(provider) -> None:
    with FakeServer(fault_rate=1, faults=("401",)) as server:
        error = await failure(await open_litellm(provider(server)))
        assert list(server.ledger.authorizations) == [f"Bearer {SERVER_KEY}"]
    assert SERVER_KEY not in str(error)


@pytest.mark.parametrize("name", ["unheard-of", "nobody/unheard-of"])
async def test_a_model_of_no_known_provider_needs_a_base_url(name: str) -> None:
    with pytest.raises(BadInput, match="such as openai/"):
        await open_litellm(name)
    assert isinstance(await failure(LiteLLMModel(name)), BadRequest)


@pytest.mark.parametrize(
    "name", ["", "  ", "two words", "huggingface/https://evil.example/v1", "github_copilot/gpt-4o"]
)
def test_what_cannot_be_a_models_name_is_refused(name: str) -> None:
    with pytest.raises(BadInput):
        LiteLLMModel(name)


@pytest.mark.parametrize(
    "url",
    [
        "localhost:8000",
        "ftp://host/v1",
        "file:///etc/passwd",
        "http://",
        "https:///v1",
        "http://user:secret@host/v1",
        "http://user@host/v1",
        "http://host:99999/v1",
        "http://host:port/v1",
        "http://[::1/v1",
        "http://host/v1?key=1",
        "http://host/v1#part",
        "http://host /v1",
        "http://host\r\nX-Evil: 1/v1",
        "javascript:alert(1)",
    ],
)
def test_what_cannot_be_a_base_url_is_refused_in_a_sentence_that_does_not_repeat_it(url: str) -> None:
    with pytest.raises(BadInput) as caught:
        LiteLLMModel("m", api_base=url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("tail", ["", "/", "/chat/completions", "/chat/completions/"])
async def test_a_base_url_may_be_copied_with_its_tail(tail: str) -> None:
    with FakeServer() as server:
        model = await open_litellm("m", api_base=f"  {server.url}{tail} ")
        assert (await model.complete(ask(), lambda piece: None)).text


async def test_many_calls_at_once_are_each_answered_and_all_accounted_for() -> None:
    with FakeServer(latency_s=0.05, jitter=0.5) as server:
        model = await open_litellm("m", api_base=server.url)
        replies: list[Reply] = await asyncio.gather(
            *(model.complete(ask(seed=n), lambda piece: None) for n in range(64))
        )
        ledger = server.ledger
    assert (ledger.requests, ledger.answered, ledger.cancelled) == (64, 64, 0)
    assert sum(reply.usage.tokens_in for reply in replies) == ledger.tokens_in
    assert sum(reply.usage.tokens_out for reply in replies) == ledger.tokens_out
    assert len({reply.text for reply in replies}) > 32, "seeds make a difference"


async def test_a_connection_can_be_tried() -> None:
    with FakeServer() as server:
        assert "m answered in" in await try_connection(await open_litellm("m", api_base=server.url))
        url = server.url
    with pytest.raises(ModelUnavailable):
        await try_connection(await open_litellm("m", api_base=url))


SCRIPT = """
import asyncio, sys
from tests.models.test_litellm import KEY, ask
from ttc_core.errors import ModelError
from ttc_core.models.litellm import open_litellm

async def main():
    assert "litellm" not in sys.modules
    for name, base in ("m", sys.argv[1]), ("openai/gpt-4o-mini", None):
        model = await open_litellm(name, api_base=base, api_key=KEY)
        for seed in range(12):
            try:
                await model.complete(ask("A secret prompt", seed=seed), lambda piece: None)
            except ModelError:
                pass

asyncio.run(main())
"""


def test_nothing_is_printed_and_nothing_is_imported_before_it_is_needed() -> None:
    with FakeServer(fault_rate=0.7, faults=("401", "cut", "500", "garbage", "inline", "hangup")) as server:
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, server.url],
            env={**os.environ, "LITELLM_LOG": "DEBUG", "PYTHONPATH": ".", "OPENAI_BASE_URL": server.url},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        ledger = server.ledger
    assert ledger.requests == 24
    assert ledger.answered > 0
    assert len(ledger.faults) > 2
    assert done.stdout == ""
    assert done.stderr == ""
