"""The contract that every strategy keeps on problems whose answers are programs, which are really run."""

from __future__ import annotations

import networkx as nx
import pytest

from tests.conftest import shuffled
from tests.strategies.coding import HIDDEN, coder, holding, solve
from tests.strategies.coding import PROBLEM as TASK
from ttc_core.estimate import at_most
from ttc_core.events import EVENT, fold
from ttc_core.events.graph import PROBLEM
from ttc_core.events.kinds import Executed
from ttc_core.models.recorded import RecordedModel, replies_of
from ttc_core.models.scripted import ScriptedModel
from ttc_core.run import Log
from ttc_core.sandbox import Sandbox
from ttc_core.strategies import find, strategies
from ttc_core.types import Budget, Request

VARIANTS = [
    *((name, {}) for name in strategies()),
    ("tournament", {"evidence": "tests and inputs", "candidates": 6}),
    ("tournament", {"evidence": "tests and inputs", "candidates": 7, "group_size": 3, "skip_equivalent": False}),
    ("tournament", {"evidence": "none", "judge_sees": "full text"}),
    ("tournament_refine", {"evidence": "tests and inputs"}),
    ("best_of_n", {"select_by": "judge"}),
    ("best_of_n", {"select_by": "written tests, then judge"}),
    ("sequential_refine", {"critique": True}),
    ("distill_refine", {"drafts": "4,3", "distiller": "per_sample_top_k"}),
]


@pytest.mark.parametrize(("name", "values"), VARIANTS)
async def test_what_ran_is_part_of_a_sound_graph(name, values):
    log, state = await solve(name, **values)
    graph = state.graph.networkx()
    assert state.status == "finished"
    assert state.verdict.outcome in ("correct", "incorrect")
    assert nx.is_directed_acyclic_graph(graph)
    assert nx.descendants(graph, PROBLEM) | {PROBLEM} == set(graph)
    assert all(node.status in ("done", "failed") for node in state.graph.nodes.values())
    assert all(EVENT.validate_json(entry.event.model_dump_json()) == entry.event for entry in log.entries)
    for node in state.graph.nodes.values():
        if node.shape == "candidate":
            assert [ran.what for ran in node.executed].count("examples") == 1


@pytest.mark.parametrize(("name", "values"), VARIANTS)
async def test_order_of_replies_does_not_change_the_graph(name, values):
    sandbox = await holding()
    digests = set()
    for salt in range(2):
        _, state = await solve(name, ScriptedModel(coder, delay=shuffled(salt)), sandbox=sandbox, **values)
        digests.add(state.graph.digest())
    assert len(digests) == 1


@pytest.mark.parametrize(("name", "values"), VARIANTS)
async def test_recording_plays_back_and_a_cut_run_goes_on_to_the_same_graph(name, values):
    sandbox = await holding()
    log, whole = await solve(name, sandbox=sandbox, **values)
    _, played = await solve(name, RecordedModel(replies_of(log.entries), "scripted"), sandbox=sandbox, **values)
    assert played.graph.digest() == whole.graph.digest()
    for cut in range(1, len(log.entries), max(1, len(log.entries) // 3)):
        before = log.entries[:cut]
        answered = {entry.event.call for entry in before if entry.event.kind == "call_finished"}
        asked: list[str] = []

        def answer(request: Request, asked: list[str] = asked) -> str:
            asked.append(request.call)
            return coder(request)

        resumed = Log(before=before)
        _, state = await solve(name, ScriptedModel(answer), log=resumed, sandbox=sandbox, **values)
        assert not answered & set(asked)
        assert state.graph.digest() == whole.graph.digest() == fold(resumed.entries).graph.digest()


@pytest.mark.parametrize(("name", "values"), VARIANTS)
async def test_the_plan_bounds_the_calls(name, values):
    _, state = await solve(name, **values)
    extra = sum(vote.extra for node in state.graph.nodes.values() for vote in node.votes)
    for role, spend in state.totals.by_role.items():
        assert spend.calls <= state.started.planned.calls[role] + (extra if role == "compare" else 0)
    if not extra:
        usage = at_most(state.started.planned, TASK, find(name).settings("quick", values))
        assert state.totals.tokens_in <= usage.tokens_in
        assert state.totals.tokens_out <= usage.tokens_out


@pytest.mark.parametrize(("name", "values"), VARIANTS)
async def test_hidden_tests_are_in_no_prompt_and_no_event_but_the_verdict(name, values):
    log, state = await solve(name, **values)
    assert state.verdict.total == 3
    for entry in log.entries:
        if entry.event.kind != "verdict":
            assert not any(secret in entry.event.model_dump_json() for secret in HIDDEN)


@pytest.mark.parametrize(("name", "values"), VARIANTS)
async def test_where_nothing_can_be_run_a_run_goes_on_and_says_so(name, values):
    log, state = await solve(name, sandbox=Sandbox(backends=()), **values)
    assert state.status == "finished"
    assert state.verdict.outcome == "not_run"
    ran = [entry.event for entry in log.entries if isinstance(entry.event, Executed)]
    assert ran
    assert all(event.trouble.startswith("not run: ") and not event.results for event in ran)
    assert not {"distinguish", "write_tests"} & set(state.totals.by_role)
    assert all(node.how != "tests" for node in state.graph.nodes.values())


@pytest.mark.parametrize("calls", [1, 9])
@pytest.mark.parametrize(("name", "values"), VARIANTS[:-2])
async def test_a_spent_budget_ends_with_a_candidate(name, values, calls):
    _, state = await solve(name, budget=Budget(calls=calls), **values)
    assert state.totals.calls <= calls
    assert state.finished.candidate is not None
