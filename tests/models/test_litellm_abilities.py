"""Models that think, refuse, do not stream, or do not take a setting; over real HTTP."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.fake_server import FakeServer
from tests.models.test_constrained import judge
from tests.models.test_litellm import PROBLEM, ask, failure, provider  # noqa: F401
from ttc_core.choice import Price
from ttc_core.errors import BadReply, BadRequest, ModelError, NotSupported, RefusedByModel
from ttc_core.models.connection import try_connection
from ttc_core.models.litellm import ROOM, LiteLLMModel, open_litellm
from ttc_core.operators.reading import read_choices
from ttc_core.types import Reply, Request

THOUGHT = "Let me see. " * 20
VERDICT = "Solution 1, Solution 2\nFinal verdict: Solution <n>"


async def answered(model: LiteLLMModel, request: Request) -> tuple[Reply, list[str]]:
    """The reply, and what had to be left out for it."""
    learned: list[str] = []
    while True:
        try:
            return await model.complete(request, lambda piece: None), learned
        except NotSupported as error:
            learned.append(str(error).split(" does not take ")[1].split(";")[0])
        assert len(learned) < 10


def vote(role: str = "compare", take: int = 1) -> Request:
    words = VERDICT if role != "score" else "Score: <0 to 10>"
    if take > 1:
        words += ", Solution <n>" * (take - 1)
    request = judge(role, 3, take)  # type: ignore[arg-type]
    return request.model_copy(update={"messages": (request.messages[0].model_copy(update={"content": words}),)})


@pytest.mark.parametrize(("own_provider", "whole"), [(False, False), (False, True), (True, False)])
@pytest.mark.parametrize("field", ["reasoning_content", "reasoning", "content"])
async def test_thinking_is_told_from_the_answer(own_provider: bool, whole: bool, field: str, provider) -> None:  # noqa: F811
    pieces: list[str] = []
    with FakeServer(thinking=THOUGHT, thinking_in=field, whole=whole, chunks=9) as server:
        model = await open_litellm(provider(server)) if own_provider else await open_litellm("m", api_base=server.url)
        reply = await model.complete(ask(), pieces.append)
        ledger = server.ledger
    assert reply.thinking == THOUGHT.strip()
    assert "".join(pieces) == reply.text
    assert "see" not in reply.text
    assert (reply.usage.tokens_out, reply.usage.estimated) == (ledger.tokens_out, False)
    share = len(THOUGHT) / len(THOUGHT + reply.text)
    assert reply.usage.reasoning_out == round(ledger.tokens_out * share)


@pytest.mark.parametrize("field", ["reasoning_content", "content"])
async def test_a_reply_that_was_all_thought_says_what_to_do(field: str) -> None:
    with FakeServer(thinking=THOUGHT, thinking_in=field) as server:
        error = await failure(await open_litellm("m", api_base=server.url), ask(max_tokens=20))
    assert type(error) is BadReply
    assert str(error) == ("All of its tokens went into thinking; allow more tokens for thinking, or lower the effort.")
    assert error.usage.reasoning_out == error.usage.tokens_out == 20


async def test_less_than_signs_are_not_thoughts() -> None:
    with FakeServer(right="<think> is a tag", accuracy=1, chunks=50) as server:
        reply = await (await open_litellm("m", api_base=server.url)).complete(ask(), lambda piece: None)
    assert "<think> is a tag" in reply.text
    assert reply.thinking == ""


async def test_a_refusal_in_its_own_field_is_a_refusal() -> None:
    with FakeServer(refusal="I cannot help with that.") as server:
        error = await failure(await open_litellm("m", api_base=server.url))
    assert type(error) is RefusedByModel
    assert error.usage.total > 0


@pytest.mark.parametrize("own_provider", [False, True])
@pytest.mark.parametrize("setting", ["seed", "temperature", "stream", "stream_options", "max_tokens"])
async def test_a_model_is_asked_again_without_what_it_refuses(setting: str, own_provider: bool, provider) -> None:  # noqa: F811
    with FakeServer(refuses=(setting,)) as server:
        model = await open_litellm(provider(server)) if own_provider else await open_litellm("m", api_base=server.url)
        reply, learned = await answered(model, ask())
        again, nothing = await answered(model, ask(seed=2))
        _, body = server.ledger.last[-1]
        assert server.ledger.requests == 3
    assert (learned, nothing) == ([setting], [])
    assert reply.text
    assert again.usage.tokens_out > 0
    assert not body.get(setting)
    assert body.get("max_completion_tokens", 400) == 400


async def test_everything_can_be_refused_and_the_end_is_an_error() -> None:
    refuses = ("seed", "temperature", "stream", "max_tokens", "response_format", "model")
    with FakeServer(refuses=refuses) as server:
        model = await open_litellm("m", api_base=server.url)
        first = await failure(model, vote())
        assert (type(first), first.retry_after, first.usage.total) == (NotSupported, None, 0)
        with pytest.raises(BadRequest, match="model"):
            await answered(model, vote())
        assert server.ledger.requests == 6


async def test_calls_at_once_all_learn_and_all_are_answered() -> None:
    with FakeServer(refuses=("seed",), latency_s=0.01) as server:
        model = await open_litellm("m", api_base=server.url)
        done = await asyncio.gather(*(answered(model, ask(seed=n)) for n in range(16)))
        assert server.ledger.answered == 16
    assert all(learned in ([], ["seed"]) for _, learned in done)


async def test_a_refusal_that_names_nothing_is_taken_for_the_form() -> None:
    with FakeServer(fault_rate=1, faults=("400",)) as server:
        model = await open_litellm("m", api_base=server.url)
        with pytest.raises(BadRequest):
            await answered(model, vote())
        assert ["response_format" in body for _, body in server.ledger.last] == [True, False]
        assert isinstance(await failure(model, ask()), BadRequest)


@pytest.mark.parametrize("fault", ["404", "401", "429", "500", "garbage", "redirect"])
async def test_other_failures_teach_nothing(fault: str) -> None:
    with FakeServer(fault_rate=1, faults=(fault,), redirect_to="http://127.0.0.1:1/") as server:
        model = await open_litellm("m", api_base=server.url)
        for _ in range(2):
            error: ModelError = await failure(model, vote())
            assert not isinstance(error, NotSupported)
        assert all("response_format" in body for _, body in server.ledger.last)


@pytest.mark.parametrize(("role", "take"), [("compare", 1), ("select", 2), ("score", 1)])
async def test_a_bound_reply_reads_like_any_other(role: str, take: int) -> None:
    pieces: list[str] = []
    with FakeServer(judge=1) as server:
        model = await open_litellm("m", api_base=server.url)
        reply = await model.complete(vote(role, take), pieces.append)
        free = await (await open_litellm("m", api_base=server.url, constrain="")).complete(
            vote(role, take), lambda piece: None
        )
        bound, unbound = (body for _, body in server.ledger.last)
    assert pieces == [], "JSON is not shown as it comes"
    assert bound["response_format"]["json_schema"]["strict"] is True
    assert "response_format" not in unbound
    assert reply.text == free.text
    if role != "score":
        assert read_choices(reply.text, 3, take)


async def test_a_grammar_is_sent_as_it_is_and_its_text_is_heard() -> None:
    pieces: list[str] = []
    with FakeServer() as server:
        model = await open_litellm("m", api_base=server.url, constrain="grammar")
        reply = await model.complete(vote(), pieces.append)
        await model.complete(ask(), lambda piece: None)
        (_, body), (_, free) = server.ledger.last
    assert body["grammar"].startswith("root ::=")
    assert "grammar" not in free
    assert "".join(pieces) == reply.text


async def test_one_answer_in_place_of_a_stream_is_read() -> None:
    with FakeServer(whole=True) as server:
        reply = await (await open_litellm("m", api_base=server.url)).complete(ask(), lambda piece: None)
        assert (server.ledger.requests, reply.usage.tokens_out) == (1, server.ledger.tokens_out)
    assert reply.finish == "stop"
    assert "Answer:" in reply.text


@pytest.mark.parametrize("effort", ["none", "minimal", "low", "medium", "high"])
async def test_the_effort_is_sent_whatever_the_model_is_called(effort) -> None:
    with FakeServer() as server:
        model = await open_litellm("qwen3", api_base=server.url, effort=effort)
        await model.complete(ask(), lambda piece: None)
        _, body = server.ledger.last[-1]
    assert body["reasoning_effort"] == effort
    assert ("chat_template_kwargs" in body) == (effort == "none")


@pytest.mark.parametrize(
    ("name", "settings", "room", "constrain"),
    [
        ("openai/gpt-5-mini", {}, ROOM, "schema"),
        ("openai/gpt-5-mini", {"effort": "none"}, 0, "schema"),
        ("openai/gpt-5-mini", {"room": 100, "constrain": ""}, 100, ""),
        ("openai/gpt-5-mini", {"room": 0}, 0, "schema"),
        ("openai/gpt-4o-mini", {}, 0, "schema"),
        ("openai/gpt-3.5-turbo", {}, 0, ""),
        ("gpt-5-mini", {"api_base": "http://127.0.0.1:1/v1"}, 0, "schema"),
    ],
)
async def test_what_nobody_asked_for_follows_the_table(name: str, settings, room: int, constrain: str) -> None:
    model = await open_litellm(name, **settings)
    assert (model.room, model._wishes.constrain) == (room, constrain)
    assert (model.context is None) == ("api_base" in settings)


async def test_no_more_is_asked_for_than_a_model_can_say(provider) -> None:  # noqa: F811
    with FakeServer() as server:
        model = await open_litellm(provider(server))
        await model.complete(ask(max_tokens=10**6), lambda piece: None)
        assert server.ledger.last[-1][1]["max_tokens"] == 16384


@pytest.mark.parametrize("name", ["bedrock/anthropic.claude-haiku-4-5-20251001-v1:0", "vertex_ai/gemini-2.5-flash"])
async def test_a_price_that_only_the_table_by_full_names_knows_is_found(name: str) -> None:
    model = await open_litellm(name)
    assert model.price
    assert model.price.output > model.price.input > (model.price.cached or 0) > 0
    assert (await open_litellm(name, price=Price(input=1, output=1))).price == Price(input=1, output=1)


async def test_trying_a_connection_learns_too() -> None:
    with FakeServer(refuses=("seed", "temperature"), thinking=THOUGHT) as server:
        assert "answered" in await try_connection(await open_litellm("m", api_base=server.url))
        assert server.ledger.requests == 3


async def test_json_that_a_free_reply_holds_is_left_alone() -> None:
    said = json.dumps({"verdict": 1})
    with FakeServer(right=said, accuracy=1) as server:
        reply = await (await open_litellm("m", api_base=server.url)).complete(ask(PROBLEM.text), lambda piece: None)
    assert reply.text.endswith(said)
