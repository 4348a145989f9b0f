"""The scripted model: what the function answers is what is heard."""

import asyncio

import pytest

from ttc_core.choice import Price
from ttc_core.errors import RateLimited
from ttc_core.models.scripted import ScriptedModel
from ttc_core.types import Message, Problem, Reply, Request, Usage


def request(sample=1):
    words = Message(role="user", content="x" * 40)
    problem = Problem(id="p", text="?")
    return Request(
        call=f"c{sample}/propose", role="propose", node="c", messages=(words,), problem=problem, sample=sample
    )


async def test_bare_text_becomes_a_reply():
    heard = []
    model = ScriptedModel(lambda asked: f"sample {asked.sample:05}", name="actor", price=Price(input=0.5, output=2))
    reply = await model.complete(request(7), heard.append)
    assert reply == Reply(
        text="sample 00007", usage=Usage(tokens_in=10, tokens_out=3), cost=11.0, model="actor", simulated=True
    )
    assert heard == ["sample 00007"]


async def test_without_a_price_the_cost_is_unknown():
    reply = await ScriptedModel(lambda asked: "yes", price=None).complete(request(), lambda piece: None)
    assert reply.cost is None


async def test_a_whole_reply_is_given_as_it_is():
    whole = Reply(text="cut", finish="length", model="other", cost=None)
    assert await ScriptedModel(lambda asked: whole).complete(request(), lambda piece: None) is whole


async def test_errors_may_be_returned_or_raised():
    def raises(asked):
        raise RateLimited("wait")

    for answer in (raises, lambda asked: RateLimited("wait")):
        heard = []
        with pytest.raises(RateLimited):
            await ScriptedModel(answer).complete(request(), heard.append)
        assert heard == []


async def test_delays_decide_who_arrives_first():
    arrived = []
    model = ScriptedModel(lambda asked: str(asked.sample), delay=lambda asked: 0.05 * (3 - asked.sample))
    await asyncio.gather(*(model.complete(request(sample), arrived.append) for sample in (1, 2, 3)))
    assert arrived == ["3", "2", "1"]
