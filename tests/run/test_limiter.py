"""The queue before a model: places, pauses, and how both adapt."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from ttc_core.choice import ModelChoice
from ttc_core.run import Limiter, Limits


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def hold(limiter: Limiter, name: str, entered: list[str], leave: asyncio.Event, *, urgent: bool = False) -> None:
    async with limiter.turn(urgent=urgent):
        entered.append(name)
        await leave.wait()


async def test_no_more_than_allowed_are_in_flight_and_retries_go_first():
    limiter, entered, leave = Limiter(2), [], asyncio.Event()
    tasks = [asyncio.create_task(hold(limiter, name, entered, leave)) for name in "abcd"]
    await settle()
    assert entered == ["a", "b"]
    tasks.append(asyncio.create_task(hold(limiter, "again", entered, leave, urgent=True)))
    await settle()
    leave.set()
    await asyncio.gather(*tasks)
    assert entered == ["a", "b", "again", "c", "d"]


async def test_who_gives_up_while_waiting_or_just_admitted_leaves_no_place_taken():
    limiter, entered, leave = Limiter(1), [], asyncio.Event()
    first = asyncio.create_task(hold(limiter, "a", entered, leave))
    await settle()
    waiting = asyncio.create_task(hold(limiter, "b", entered, leave))
    await settle()
    waiting.cancel()
    await settle()
    last = asyncio.create_task(hold(limiter, "c", entered, leave))
    await settle()
    leave.set()
    last_but_cancelled = asyncio.create_task(hold(limiter, "d", entered, leave))
    await first
    last_but_cancelled.cancel()
    await asyncio.gather(last, last_but_cancelled, return_exceptions=True)
    async with asyncio.timeout(5), limiter.turn():
        pass
    assert entered[:2] == ["a", "c"]


async def test_a_burst_of_refusals_halves_the_places_once():
    limiter = Limiter(8)
    sent = asyncio.get_running_loop().time()
    async with limiter.turn(), limiter.turn(), limiter.turn(), limiter.turn():
        assert limiter.slowed(sent, None)
        assert not limiter.slowed(sent, None)
    assert limiter.at_once == 2  # half of the four that were out


async def test_good_replies_win_the_places_back_but_no_more_than_there_were():
    limiter = Limiter(4)
    async with limiter.turn(), limiter.turn():
        limiter.slowed(asyncio.get_running_loop().time(), None)
    assert limiter.at_once == 1
    for _ in range(100):
        limiter.went_well()
    assert limiter.at_once == 4


async def test_one_at_a_time_that_is_still_too_much_is_spaced_out_and_recovers():
    limiter = Limiter(1)
    assert limiter.per_minute is None
    for _ in range(3):
        assert limiter.slowed(asyncio.get_running_loop().time(), None)
        await asyncio.sleep(0.001)
    assert limiter.per_minute == pytest.approx(30)
    for _ in range(40):
        limiter.went_well()
    assert limiter.per_minute is None


async def test_what_the_user_allows_a_minute_is_never_exceeded():
    limiter = Limiter(64, per_minute=1200)
    starts: list[float] = []

    async def call() -> None:
        async with limiter.turn():
            starts.append(asyncio.get_running_loop().time())

    await asyncio.gather(*(call() for _ in range(5)))
    assert min(later - earlier for earlier, later in itertools.pairwise(starts)) >= 0.049
    limiter.went_well()
    assert limiter.per_minute == pytest.approx(1200)


async def test_nothing_starts_while_the_provider_wants_to_be_left_alone():
    limiter, clock = Limiter(4), asyncio.get_running_loop().time
    asked = clock()
    limiter.slowed(asked, 0.2)
    async with limiter.turn():
        assert clock() - asked >= 0.2


def test_runs_that_ask_one_model_share_its_queue():
    limits = Limits()
    here = ModelChoice(name="openai/a")
    assert limits.of(here, 8) is limits.of(ModelChoice(name="openai/a"), 8)
    assert limits.of(here, 8) is not limits.of(ModelChoice(name="openai/b"), 8)
    assert limits.of(here, 8) is not limits.of(here, 9)
