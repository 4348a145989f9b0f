"""What is said before a run: ranges in order, prices by seat, thinking, and outcomes that fall inside."""

from __future__ import annotations

import pytest

from tests.conftest import PROBLEM, REFERENCE, finish
from ttc_core.choice import ModelChoice, Price, Team
from ttc_core.engine import Spec, execute
from ttc_core.estimate import Answering, Terms, at_most, bound, mostly
from ttc_core.models.simulated import SimulatedModel, SimulatedSettings
from ttc_core.run import Log
from ttc_core.strategies import find, strategies
from ttc_core.types import Case, Document, File, Problem, Reference

CHEAP, DEAR = Price(input=1e-6, output=2e-6), Price(input=1e-4, output=2e-4)
EVERY = [(name, preset) for name in strategies() for preset in ("quick", "paper")]


def sizes(name: str, preset: str = "quick", **values: object):
    params = find(name).settings(preset, values)
    return find(name).plan(params), PROBLEM, params


def alone(price: Price | None, room: int = 0) -> Answering:
    return Answering((Terms(price, room),), Terms(price, room))


@pytest.mark.parametrize(("name", "preset"), EVERY)
def test_the_low_end_is_below_the_high_end_which_is_below_the_bound(name, preset):
    said, most = mostly(*sizes(name, preset), alone(CHEAP)), bound(*sizes(name, preset), alone(CHEAP))
    assert 0 < said.tokens.low < said.tokens.high
    assert said.tokens.low < most.usage.total
    assert 0 < said.dollars.low < said.dollars.high
    assert most.usage == at_most(*sizes(name, preset))


@pytest.mark.parametrize(("name", "preset"), EVERY)
async def test_simulated_runs_fall_inside(name, preset):
    outcomes = []
    for seed in (1, 2, 3):
        model = SimulatedModel(SimulatedSettings(speed=0), REFERENCE, seed, same=str.__eq__)
        _, state = await finish(name, model, preset=preset, seed=seed)
        said = mostly(*sizes(name, preset), alone(model.price)).tokens
        outcomes.append(said.low <= state.totals.tokens <= said.high)
    assert sum(outcomes) >= 2


def test_every_seat_has_its_own_price():
    judge_dear = Answering((Terms(CHEAP),), Terms(DEAR))
    every_cheap, mixed, every_dear = (
        mostly(*sizes("tournament"), who).dollars.high for who in (alone(CHEAP), judge_dear, alone(DEAR))
    )
    assert every_cheap < mixed < every_dear
    turns = Answering((Terms(CHEAP), Terms(DEAR)), Terms(CHEAP))
    half = mostly(*sizes("majority_vote"), turns).dollars.high
    both = [mostly(*sizes("majority_vote"), alone(price)).dollars.high for price in (CHEAP, DEAR)]
    assert half == pytest.approx(sum(both) / 2, rel=0.01)
    assert (
        mostly(*sizes("sequential_refine"), turns).dollars == mostly(*sizes("sequential_refine"), alone(CHEAP)).dollars
    )


def test_one_unknown_price_makes_the_sum_unknown():
    who = Answering((Terms(CHEAP),), Terms(None))
    assert mostly(*sizes("tournament"), who).dollars is None
    assert bound(*sizes("tournament"), who).dollars is None
    assert mostly(*sizes("single"), who).dollars is not None


def test_thinking_takes_of_its_room():
    still, thinking = (mostly(*sizes("single"), alone(CHEAP, room)).tokens for room in (0, 8000))
    assert thinking.high > still.high + 1000
    assert bound(*sizes("single"), alone(CHEAP, 8000)).usage.tokens_out == 1024 + 8000


def test_what_the_user_says_goes_before_what_the_table_says():
    own = ModelChoice(name="openai/gpt-4o", price=DEAR, thinking_tokens=500)
    listed = ModelChoice(name="openai/gpt-4o")
    who = Answering.of_team(Team(proposers=(own,), judge=listed))
    assert who.proposers == (Terms(DEAR, 500),)
    assert who.judge.price is not None
    assert who.judge.price != DEAR
    behind = ModelChoice(name="openai/gpt-4o", api_base="http://127.0.0.1:9/v1")
    assert Answering.of_team(Team(proposers=(behind,))).judge == Terms(None)


CODE = Problem(id="test/code", kind="code", text="Write f(n).", entry="f", cases=(Case(call="f(1)", expected="1"),))
READING = Problem(id="test/reading", text="Who?", documents=(Document(name="a.txt", pages=("Ann.",)),))
PATCH = Problem(id="test/patch", kind="patch", text="Mend it.", files=(File(path="a.py", text="a = 1\n"),))


def test_a_plan_has_no_calls_for_what_a_problem_has_no_use_for():
    strategy = find("tournament")
    params = strategy.settings("quick", {"evidence": "tests and inputs"})
    for_code, for_numbers = strategy.planned(CODE, params), strategy.planned(PROBLEM, params)
    assert for_code.calls == {"propose": 8, "compare": 21, "distinguish": 7}, "programs are read as they are"
    assert "distinguish" not in for_numbers.calls
    assert for_code.depth - for_numbers.depth == 3 - 1
    best = find("best_of_n")
    params = best.settings("quick", {"select_by": "written tests, then judge"})
    assert best.planned(CODE, params).calls == {"propose": 8, "write_tests": 1, "score": 8}
    assert best.planned(PROBLEM, params).calls == {"propose": 8, "score": 8}
    assert set(best.planned(PATCH, params).calls) == {"propose", "act", "score"}


@pytest.mark.parametrize("name", strategies())
@pytest.mark.parametrize("problem", [READING, PATCH])
def test_a_plan_has_every_turn_that_attempts_may_take(name, problem):
    strategy = find(name)
    params = strategy.settings("quick", {"turns": 5})
    plan, planned = strategy.plan(params.fitted(problem)), strategy.planned(problem, params)
    assert planned.calls["act"] == 4 * (plan.calls["propose"] + plan.calls.get("refine", 0))
    assert planned.depth == plan.depth + 4 * plan.attempts
    said = mostly(planned, problem, params, alone(CHEAP))
    assert 0 < said.tokens.low < said.tokens.high < bound(planned, problem, params, alone(CHEAP)).usage.total
    single_turn = params.model_copy(update={"turns": 1})
    assert strategy.planned(problem, single_turn) == plan


def test_further_turns_fall_to_all_proposers():
    strategy = find("majority_vote")
    params = strategy.settings("quick", {})
    sizes = strategy.planned(PATCH, params), PATCH, params
    cheap, mixed = (
        bound(*sizes, Answering(proposers, Terms(CHEAP))).dollars
        for proposers in ((Terms(CHEAP),), (Terms(CHEAP), Terms(DEAR)))
    )
    assert mixed > 20 * cheap


@pytest.mark.parametrize("name", strategies())
async def test_simulated_runs_on_programs_fall_inside(name):
    reference = Reference(answer="def f(n):\n    return n", misconceptions=("def f(n):\n    return 1",))
    strategy = find(name)
    params = strategy.settings()
    said = mostly(strategy.planned(CODE, params), CODE, params, alone(CHEAP)).tokens
    outcomes = []
    for seed in (1, 2, 3):
        model = SimulatedModel(SimulatedSettings(speed=0), reference, seed, same=str.__eq__)
        state = await execute("r", Spec(CODE, name, params, reference, seed), model, Log())
        outcomes.append(said.low <= state.totals.tokens <= said.high)
    assert sum(outcomes) >= 2
