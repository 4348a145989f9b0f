from __future__ import annotations

import asyncio

import pytest

from ttc_core.models.patience import LONGEST, Patience


async def test_silence_ends_a_call():
    with pytest.raises(TimeoutError):
        async with Patience(0.05).call():
            await asyncio.sleep(30)


async def test_a_call_waits_for_as_long_as_others_are_answered():
    patience, answered = Patience(0.2), asyncio.Event()

    async def waiting() -> str:
        async with patience.call():
            await answered.wait()
            return "answered"

    call = asyncio.create_task(waiting())
    for _ in range(8):
        await asyncio.sleep(0.1)
        patience.alive()
    answered.set()
    assert await call == "answered"


async def test_no_call_waits_for_ever():
    patience = Patience(0.02)

    async def chatter() -> None:
        while True:
            await asyncio.sleep(0.005)
            patience.alive()

    talking = asyncio.create_task(chatter())
    began = asyncio.get_running_loop().time()
    with pytest.raises(TimeoutError):
        async with patience.call():
            await asyncio.sleep(30)
    assert asyncio.get_running_loop().time() - began >= LONGEST * 0.02 * 0.9
    talking.cancel()
