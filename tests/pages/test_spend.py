"""Spending in words: what was expected, what it came to, and what providers asked for."""

from __future__ import annotations

import pytest

from pages._parts.setup import plan_words
from pages._parts.spend import against, estimate_words, slowed_words
from pages._parts.words import about, about_money, money, span, speed
from tests.conftest import PROBLEM
from ttc_core.choice import Price
from ttc_core.estimate import Answering, Terms, bound, mostly
from ttc_core.events import Fold, Logged, fold
from ttc_core.events.kinds import CallFinished, CallStarted, Event, RunFinished, RunStarted, Slowed
from ttc_core.strategies import find
from ttc_core.types import Budget, Estimate, Range, Usage

SAID = Estimate(calls=Range(low=1, high=2), tokens=Range(low=12_000, high=40_000), dollars=Range(low=0.02, high=0.07))


def state(*events: Event, tokens: int = 31_000, local: bool = False, estimate: Estimate | None = SAID) -> Fold:
    """One call of so many tokens in ten seconds, then what is given."""
    start = RunStarted(
        run="r", problem=PROBLEM, strategy="single", params={}, model="m", seed=0, local=local, estimate=estimate
    )
    call = CallStarted(call="c01/propose", node="c01", role="propose", model="m", key="k")
    reply = CallFinished(call=call.call, text="t", usage=Usage(tokens_in=tokens - 1000, tokens_out=1000), cost=0.05)
    timed = [(0, start), (0, call), (10, reply), *((10, event) for event in events)]
    return fold(Logged(seq=seq, at=at, event=event) for seq, (at, event) in enumerate(timed, 1))


END = RunFinished(status="finished")


@pytest.mark.parametrize(
    ("tokens", "words"),
    [(31_000, "31.0k for $0.0500."), (60_000, "60.0k for $0.0500, 50% above."), (6_000, "50% below")],
)
def test_after_the_run_it_says_what_it_came_to_and_by_how_much_it_was_missed(tokens, words):
    told = estimate_words(state(END, tokens=tokens))
    assert told.startswith("Estimated 12k to 40k tokens, $0.0200 to $0.0700; came to")
    assert words in told
    assert "100 tok/s" in told


def test_a_local_run_speaks_of_no_money_and_a_run_without_estimate_of_nothing():
    assert "$" not in estimate_words(state(END, local=True))
    assert estimate_words(state(END, estimate=None)) == ""
    assert estimate_words(state()).endswith("31.0k so far.")
    assert against(31_000, SAID.tokens) == "estimated 12k to 40k"


def test_who_asked_to_wait_is_said_while_it_lasts_and_after():
    slowed = Slowed(model="m", at_once=8, wait_s=12)
    assert slowed_words(state()) == ""
    assert slowed_words(state(slowed)) == ("The provider asked to wait: at most 8 calls at once, nothing new for 12 s.")
    again = Slowed(model="m", at_once=1, per_minute=20)
    assert slowed_words(state(slowed, again, END)) == (
        "The provider asked to wait 2 times: at most 1 call at once, 20 a minute."
    )
    other = Slowed(model="other", at_once=4)
    assert slowed_words(state(again, other, END)).endswith("other asked to wait: at most 4 calls at once.")


def plan(price: Price | None, *, local: bool = False) -> str:
    params = find("tournament").settings("quick")
    sizes = find("tournament").plan(params), PROBLEM, params, Answering((Terms(price),), Terms(price))
    return plan_words(sizes[0], mostly(*sizes), bound(*sizes), Budget(), local=local)


def test_before_the_run_it_says_what_it_will_mostly_cost_and_at_most():
    words = plan(Price(input=1e-6, output=4e-6))
    assert words.startswith("About **")
    assert words.count("\\$") == 3  # from, to, and at most
    assert "37 calls" in words
    assert "unknown cost" in plan(None)
    assert "no cost" in plan(Price(input=0, output=0))
    assert "cost" not in plan(Price(input=0, output=0), local=True)


def test_numbers_are_short():
    assert [about(n) for n in (7, 950, 4_149, 12_499, 99_600, 2_140_000)] == ["7", "950", "4.1k", "12k", "100k", "2.1M"]
    assert [about_money(n) for n in (0.00412, 0.366, 12.4, 0.0, 0.00001)] == [
        "$0.0041",
        "$0.37",
        "$12",
        "$0",
        "under $0.0001",
    ]
    assert (money(0.0123), money(None), speed(0), speed(3.14), speed(45.2)) == (
        "$0.0123",
        "unknown",
        "–",
        "3.1 tok/s",
        "45 tok/s",
    )
    assert (span("a", "b"), span("a", "a")) == ("a to b", "a")
