from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import PROBLEM
from ttc_core.choice import Price
from ttc_core.errors import BudgetSpent
from ttc_core.run import Meter
from ttc_core.types import Budget, Message, Request, Usage


def request(characters: int = 84, max_tokens: int = 100) -> Request:
    message = Message(role="user", content="x" * characters)
    return Request(call="c/p", role="propose", node="c", messages=(message,), problem=PROBLEM, max_tokens=max_tokens)


async def test_worst_case_is_held_until_settled():
    meter = Meter(Budget(tokens=350))
    first = await meter.reserve(request())
    assert first.tokens == 200
    second = asyncio.create_task(meter.reserve(request()))
    await asyncio.sleep(0)
    assert not second.done()  # it waits for the first to settle rather than cutting the run
    await meter.settle(first, Usage(tokens_in=20, tokens_out=30), None)
    assert (await second).tokens == 200
    assert meter.tokens == 50


async def test_spent_stays_spent():
    meter = Meter(Budget(calls=1))
    held = await meter.reserve(request())
    with pytest.raises(BudgetSpent) as cut:
        await meter.reserve(request())
    assert cut.value.axis == "calls"
    await meter.settle(held, Usage(), None)
    with pytest.raises(BudgetSpent):
        await meter.reserve(request(characters=1))


async def test_money_counts_by_the_price():
    meter, price = Meter(Budget(dollars=0.01)), Price(input=1e-5, output=1e-5)
    for _ in range(4):
        held = await meter.reserve(request(), price)
        await meter.settle(held, Usage(tokens_in=100, tokens_out=100), 0.002)
    await meter.settle(await meter.reserve(request(), price), Usage(), 0.001)
    with pytest.raises(BudgetSpent) as cut:
        await meter.reserve(request(), price)
    assert cut.value.axis == "dollars"
    assert meter.dollars <= 0.01


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(1, 200)), min_size=1, max_size=40), st.integers(100, 3000))
def test_tokens_never_exceed_the_budget(calls, tokens):
    async def spend() -> int:
        meter = Meter(Budget(tokens=tokens))

        async def one(used: int, limit: int) -> None:
            held = await meter.reserve(request(max_tokens=limit))
            await asyncio.sleep(0)
            await meter.settle(held, Usage(tokens_in=84, tokens_out=min(used, limit)), None)

        await asyncio.gather(*(one(*call) for call in calls), return_exceptions=True)
        return meter.tokens

    assert asyncio.run(spend()) <= tokens
