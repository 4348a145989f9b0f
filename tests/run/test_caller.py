"""One call's way: retries, waits, shortening, what the model learns, and who answers which role."""

from __future__ import annotations

import asyncio

import pytest

from tests.conftest import PROBLEM
from ttc_core.choice import ModelChoice, Price, Team
from ttc_core.errors import (
    BadRequest,
    CallFailed,
    ContextTooLong,
    ModelUnavailable,
    NotSupported,
    RateLimited,
    RefusedByModel,
)
from ttc_core.events import fold
from ttc_core.models.scripted import ScriptedModel
from ttc_core.run import Limiter, Log, Meter, Roster, Run, Seat
from ttc_core.types import Budget, Request

MATERIAL = "x" * 6400


def run_with(model, *, budget=None, retries=2, **roster) -> tuple[Run, Log]:
    log = Log()
    seats = Roster.of(model) if not roster else Roster(**roster)
    return Run(problem=PROBLEM, roster=seats, log=log, meter=Meter(budget or Budget()), retries=retries), log


def kinds(log: Log) -> list[str]:
    return [entry.event.kind for entry in log.entries if entry.event.kind != "call_text"]


def failing(*errors: Exception):
    """Fails with these, one attempt each, then answers."""
    left = list(errors)

    def act(request: Request) -> str:
        if left:
            raise left.pop(0)
        return f"{len(request.messages[0].content)} characters"

    return ScriptedModel(act)


async def test_words_that_do_not_fit_are_shortened_until_they_do():
    def act(request: Request) -> str:
        if len(request.messages[0].content) > 2000:
            raise ContextTooLong("It holds 500 tokens.")
        return "fits"

    run, log = run_with(ScriptedModel(act))
    reply = await run.ask("compare", "m1", lambda keep: "Head. " + MATERIAL[: int(6400 * keep)])
    assert reply.text == "fits"
    shortened = [entry.event for entry in log.entries if entry.event.kind == "call_shortened"]
    assert [event.kept for event in shortened] == [0.5, 0.25]
    assert shortened[-1].messages[0].content == "Head. " + "x" * 1600
    assert "It holds 500 tokens." in shortened[0].message
    assert kinds(log) == [
        *("call_started", "call_retried", "call_shortened", "call_retried", "call_shortened", "call_finished")
    ]
    assert fold(log.entries).totals.calls == 3  # every attempt that was sent counts


async def test_what_is_known_not_to_fit_is_shortened_before_it_is_sent():
    model = ScriptedModel(lambda request: "fits", context=1000)
    run, log = run_with(model)
    await run.ask("compare", "m1", lambda keep: MATERIAL[: int(6400 * keep)], max_tokens=200)
    assert kinds(log) == ["call_started", "call_shortened", "call_finished"]
    sent = next(entry.event for entry in log.entries if entry.event.kind == "call_shortened").messages[0].content
    assert len(sent) // 4 + 200 <= 1000


async def test_a_problem_alone_cannot_be_shortened():
    run, log = run_with(failing(ContextTooLong("Too long.")))
    with pytest.raises(CallFailed, match="Too long"):
        await run.ask("propose", "c1", "words")
    assert kinds(log) == ["call_started", "call_failed"]


async def test_shortening_ends():
    def act(request: Request) -> str:
        raise ContextTooLong("Never.")

    run, log = run_with(ScriptedModel(act))
    with pytest.raises(CallFailed):
        await run.ask("compare", "m1", lambda keep: "Head" + MATERIAL[: int(6400 * keep)])
    assert kinds(log).count("call_retried") == 5


async def test_what_the_model_learns_to_leave_out_is_no_failure():
    errors = [NotSupported("Without seed."), NotSupported("Without temperature."), ModelUnavailable("Down.")]
    run, log = run_with(failing(*errors), retries=1)
    await run.ask("propose", "c1", "words")
    assert kinds(log).count("call_retried") == 3


async def test_a_provider_that_asks_to_wait_slows_everybody_and_costs_no_candidate():
    refused = [0]

    def act(request: Request) -> str:
        if refused[0] < 12:
            refused[0] += 1
            raise RateLimited("Slow down.", retry_after=0.01)
        return "done"

    run, log = run_with(ScriptedModel(act), retries=3)
    replies = await run.together(run.ask("propose", f"c{i}", "words", sample=i) for i in range(1, 9))
    assert len(replies) == 8
    slowed = [entry.event for entry in log.entries if entry.event.kind == "slowed"]
    assert slowed
    assert slowed[0].at_once == 4
    assert slowed[0].wait_s == pytest.approx(0.01)
    assert fold(log.entries).totals.retries == 12


async def test_who_is_out_of_quota_is_told_so_at_once():
    run, log = run_with(failing(RateLimited("Come back tomorrow.", retry_after=86400)))
    with pytest.raises(CallFailed, match="tomorrow"):
        await run.ask("propose", "c1", "words")
    assert kinds(log)[-1] == "call_failed"


@pytest.mark.parametrize("error", [RefusedByModel("No."), BadRequest("What?")])
async def test_what_will_not_pass_is_not_tried_again(error):
    run, log = run_with(failing(error))
    with pytest.raises(CallFailed):
        await run.ask("propose", "c1", "words")
    assert kinds(log) == ["call_started", "call_failed"]


async def test_a_stop_between_two_attempts_is_told_once():
    run, log = run_with(failing(ModelUnavailable("Down.", retry_after=60)))
    task = asyncio.create_task(run.ask("propose", "c1", "words"))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert kinds(log) == ["call_started", "call_cancelled"]
    assert fold(log.entries).totals.in_flight == 0


async def test_thinking_models_get_room_and_their_thoughts_are_kept():
    asked: list[int] = []

    def act(request: Request) -> str:
        asked.append(request.max_tokens)
        return "yes"

    run, _ = run_with(ScriptedModel(act, room=5000))
    await run.ask("propose", "c1", "words", max_tokens=100)
    assert asked == [5100]


async def test_proposers_take_turns_and_another_judges_at_its_own_price():
    names = ("a", "b", "judge")
    models = {name: ScriptedModel(lambda request: "1", name=name, price=Price(input=1, output=1)) for name in names}
    a, b, judge = (Seat(models[name], Limiter(4)) for name in names)
    run, log = run_with(None, proposers=(a, b), judge=judge)
    for sample in (1, 2, 3):
        await run.ask("propose", f"c{sample}", "words", sample=sample)
    await run.ask("compare", "m1", "words")
    await run.ask("summarize", "c1", "words")
    started = [entry.event.model for entry in log.entries if entry.event.kind == "call_started"]
    assert started == ["a", "b", "a", "judge", "a"]


def test_a_team_names_everybody_once():
    a, b = ModelChoice(name="a"), ModelChoice(name="b")
    assert Team(proposers=(a, b), judge=a).members == (a, b)
    assert Team(proposers=(a, b), judge=b).name == "a + b, judged by b"
    assert Team(proposers=(a,), judge=a).name == "a"


def test_a_price_for_cached_tokens_counts_only_for_those():
    from ttc_core.types import Usage

    price = Price(input=2.0, output=10.0, cached=0.5)
    assert price.of(Usage(tokens_in=10, cached_in=4, tokens_out=1)) == 6 * 2.0 + 4 * 0.5 + 10.0
    assert Price(input=2.0, output=10.0).of(Usage(tokens_in=10, cached_in=4)) == 20.0
