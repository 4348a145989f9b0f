"""The contract that every strategy keeps, whatever it does."""

from __future__ import annotations

import asyncio
import time

import networkx as nx
import pytest

from tests.conftest import PROBLEM as TASK
from tests.conftest import chance, finish, sensible, shuffled
from ttc_core.engine import Spec, execute
from ttc_core.errors import BadRequest, ModelUnavailable
from ttc_core.estimate import at_most
from ttc_core.events import EVENT, fold
from ttc_core.events.graph import PROBLEM
from ttc_core.events.kinds import CandidateMade, RunFinished
from ttc_core.models.recorded import RecordedModel, replies_of
from ttc_core.models.scripted import ScriptedModel
from ttc_core.run import Log
from ttc_core.strategies import find, strategies
from ttc_core.types import Budget, Reference, Request

STRATEGIES = list(strategies())
VARIANTS = [
    *((name, {}) for name in STRATEGIES),
    ("tournament", {"candidates": 7, "group_size": 3, "votes": 4}),
    ("tournament", {"candidates": 10, "survivors": 4, "votes": 2, "judge_sees": "full text"}),
    ("tournament", {"candidates": 5, "skip_equivalent": False, "stop_early": False, "pairing": "in order"}),
    ("sequential_refine", {"critique": True}),
    ("best_of_n", {"scores": 3}),
    *(
        ("distill_refine", {"drafts": "5,3,2", "distiller": d})
        for d in ("global", "shared_top_k", "per_sample_top_k", "random_k")
    ),
]


@pytest.mark.parametrize(("name", "values"), VARIANTS)
async def test_ends_with_a_candidate_it_made(name, values):
    log, state = await finish(name, **values)
    last = log.entries[-1].event
    assert isinstance(last, RunFinished)
    assert last.status == "finished"
    made = {e.event.candidate.id: e.event.candidate for e in log.entries if isinstance(e.event, CandidateMade)}
    assert last.answer == made[last.candidate].answer
    assert state.verdict.outcome in ("correct", "incorrect")


@pytest.mark.parametrize(("name", "values"), VARIANTS)
async def test_graph_is_acyclic_and_connected(name, values):
    _, state = await finish(name, **values)
    graph = state.graph.networkx()
    assert nx.is_directed_acyclic_graph(graph)
    assert nx.is_weakly_connected(graph)
    assert nx.descendants(graph, PROBLEM) | {PROBLEM} == set(graph)
    assert all(node.status in ("done", "failed") for node in state.graph.nodes.values())


@pytest.mark.parametrize(("name", "values"), VARIANTS)
async def test_every_prefix_folds_and_events_survive_json(name, values):
    log, state = await finish(name, **values)
    going = fold([])
    for entry in log.entries:
        assert EVENT.validate_json(entry.event.model_dump_json()) == entry.event
        going.apply(entry)
        assert nx.is_directed_acyclic_graph(going.graph.networkx())
        assert going.timeline.critical_path_s <= going.time + 1e-6
    assert going.graph.digest() == state.graph.digest() == fold(log.entries).graph.digest()


@pytest.mark.parametrize(("name", "values"), VARIANTS)
async def test_order_of_replies_does_not_change_the_graph(name, values):
    digests = set()
    for salt in range(3):
        _, state = await finish(name, ScriptedModel(sensible, delay=shuffled(salt)), **values)
        digests.add(state.graph.digest())
    assert len(digests) == 1


@pytest.mark.parametrize(("name", "values"), VARIANTS)
async def test_another_seed_gives_another_run(name, values):
    (a, _), (b, _) = await finish(name, seed=1, **values), await finish(name, seed=2, **values)
    assert [e.event for e in a.entries][1:] != [e.event for e in b.entries][1:]


@pytest.mark.parametrize(("name", "values"), VARIANTS)
async def test_recording_plays_back(name, values):
    log, state = await finish(name, **values)
    _, played = await finish(name, RecordedModel(replies_of(log.entries), "scripted"), **values)
    assert played.graph.digest() == state.graph.digest()
    assert played.totals.failed == 0


@pytest.mark.parametrize("calls", [1, 2, 3, 5, 9, 14])
@pytest.mark.parametrize("name", STRATEGIES)
async def test_a_budget_of_calls_is_never_exceeded(name, calls):
    asked: list[str] = []

    def count(request: Request) -> float:
        asked.append(request.call)
        return chance(request) * 0.01

    _, state = await finish(name, ScriptedModel(sensible, delay=count), budget=Budget(calls=calls))
    assert len(asked) == state.totals.calls <= calls
    if state.status == "cut_by_budget":
        assert state.cut.axis == "calls"
    assert state.finished.candidate is not None


@pytest.mark.parametrize("name", STRATEGIES)
async def test_a_budget_of_tokens_is_never_exceeded(name):
    _, whole = await finish(name)
    _, state = await finish(name, budget=Budget(tokens=3000), max_tokens=64)
    assert state.totals.tokens <= 3000
    assert state.status in ("finished", "cut_by_budget")
    assert whole.status == "finished"


@pytest.mark.parametrize("name", STRATEGIES)
async def test_a_budget_of_seconds_ends_the_run_with_the_best_so_far(name):
    slow = ScriptedModel(sensible, delay=lambda request: 0.0 if request.role == "propose" else 30.0)
    started = time.monotonic()
    _, state = await finish(name, slow, budget=Budget(seconds=0.3))
    assert time.monotonic() - started < 20
    assert state.finished.candidate is not None
    only_proposes = set(state.started.planned.calls) == {"propose"}
    assert state.status == ("finished" if only_proposes else "cut_by_budget")


@pytest.mark.parametrize("name", STRATEGIES)
async def test_a_failing_model_ends_in_a_sentence(name):
    _, state = await finish(name, ScriptedModel(lambda request: BadRequest("No such model.")))
    assert state.status == "failed"
    assert state.finished.answer is None
    assert state.verdict.outcome == "not_run"
    assert state.finished.message.endswith(".")


@pytest.mark.parametrize(("name", "values"), VARIANTS)
async def test_one_call_in_five_failing_for_good_still_gives_an_answer(name, values):
    def flaky(request: Request) -> str:
        if chance(request, "fails") < 0.2 and not (request.role == "propose" and request.sample == 1):
            raise ModelUnavailable("The server broke off.")
        return sensible(request)

    _, state = await finish(name, ScriptedModel(flaky), retries=0, **values)
    assert state.status == "finished"
    assert state.finished.candidate is not None
    assert nx.is_directed_acyclic_graph(state.graph.networkx())


@pytest.mark.parametrize(("name", "values"), VARIANTS)
async def test_unreadable_replies_are_said_to_be_unreadable(name, values):
    _, state = await finish(name, ScriptedModel(lambda request: "I would rather not say."), **values)
    assert state.status == "finished"
    assert state.finished.answer is None
    for node in state.graph.nodes.values():
        assert node.answer is None
        assert all(vote.choice is None and vote.why == "unreadable" for vote in node.votes)
        assert all(score is None for score in node.scores)


@pytest.mark.parametrize(("name", "values"), [v for v in VARIANTS if v[0] not in ("single", "sequential_refine")])
async def test_an_unreadable_attempt_does_not_win_over_readable_ones(name, values):
    def mumbling(request: Request) -> str:
        if request.role in ("propose", "refine"):
            return "I think so." if request.sample % 2 else "Answer: 35"
        favour = [i for i, shown in enumerate(request.shown, 1) if shown.answer is None] or [1]
        score = 10 if request.shown[0].answer is None else 1
        return f"Score: {score}" if request.role == "score" else f"Final verdict: Solution {favour[0]}"

    _, state = await finish(name, ScriptedModel(mumbling), **values)
    assert state.answer == "35"


@pytest.mark.parametrize(("name", "values"), VARIANTS)
async def test_resume_repeats_no_answered_call_and_gives_the_same_graph(name, values):
    log, whole = await finish(name, ScriptedModel(sensible, delay=shuffled(1)), **values)
    for cut in range(1, len(log.entries), max(1, len(log.entries) // 7)):
        before = log.entries[:cut]
        answered = {e.event.call for e in before if e.event.kind == "call_finished"}
        asked: list[str] = []

        def answer(request: Request, asked: list[str] = asked) -> str:
            asked.append(request.call)
            return sensible(request)

        resumed = Log(before=before)
        _, state = await finish(name, ScriptedModel(answer, delay=shuffled(2)), log=resumed, **values)
        assert not answered & set(asked)
        assert state.graph.digest() == whole.graph.digest()
        assert state.answer == whole.answer
        assert [e.seq for e in resumed.entries] == list(range(1, len(resumed.entries) + 1))


@pytest.mark.parametrize(("name", "values"), VARIANTS)
async def test_no_prompt_ever_holds_the_reference(name, values):
    secret = Reference(answer="canary 7391648", aliases=("alias 5512397",), misconceptions=("mistake 8846251",))
    log = Log()
    spec = Spec(TASK, name, find(name).settings("quick", values), secret, seed=7)
    state = await execute("r", spec, ScriptedModel(sensible), log)
    assert state.verdict.outcome == "incorrect"
    for entry in log.entries:
        if entry.event.kind != "verdict":
            words = entry.event.model_dump_json()
            assert not any(part in words for part in ("7391648", "5512397", "8846251"))


@pytest.mark.parametrize("name", STRATEGIES)
async def test_half_characters_and_nuls_in_replies_lose_nothing(name):
    log, state = await finish(name, ScriptedModel(lambda request: "\ud83d \0\n" + sensible(request)))
    assert state.status == "finished"
    assert all("\\u0000" not in entry.event.model_dump_json() for entry in log.entries)


@pytest.mark.parametrize("name", STRATEGIES)
async def test_stop_keeps_what_is_done(name):
    made = asyncio.Event()
    log = Log([lambda entry: made.set() if isinstance(entry.event, CandidateMade) else None])
    model = ScriptedModel(
        sensible, delay=lambda request: 0.0 if request.sample == 1 and request.role == "propose" else 30.0
    )
    work = asyncio.create_task(finish(name, model, log=log))
    await made.wait()
    work.cancel()
    _, state = await work
    if name == "single":
        assert state.status in ("finished", "stopped")
    else:
        assert state.status == "stopped"
    assert state.finished.candidate is not None
    assert state.totals.in_flight == 0


@pytest.mark.parametrize(("name", "values"), VARIANTS)
async def test_the_plan_bounds_the_calls_when_nothing_goes_wrong(name, values):
    _, state = await finish(name, **values)
    planned = state.started.planned
    for role, spend in state.totals.by_role.items():
        extra = (
            sum(vote.extra for node in state.graph.nodes.values() for vote in node.votes) if role == "compare" else 0
        )
        assert spend.calls <= planned.calls[role] + extra
    if not any(vote.extra for node in state.graph.nodes.values() for vote in node.votes):
        usage = at_most(planned, TASK, find(name).settings("quick", values))
        assert state.totals.tokens_in <= usage.tokens_in
        assert state.totals.tokens_out <= usage.tokens_out


@pytest.mark.parametrize("name", STRATEGIES)
def test_every_strategy_says_what_it_is(name):
    strategy = strategies()[name]
    assert strategy.sentence.endswith(".")
    assert strategy.title
    assert {"quick", "paper"} <= set(strategy.params.presets)
    for field in strategy.params.model_fields.values():
        assert field.description
        assert field.description.endswith(".")
    for preset in strategy.params.presets:
        plan = strategy.plan(strategy.settings(preset))
        assert plan.total >= plan.depth >= 1
