from __future__ import annotations

import asyncio
import json
from functools import partial

import networkx as nx
import pytest

from tests.operators.small_task import FILES, HIDDEN, REFERENCE, RIGHT, TASK, WRONG
from ttc_core.engine import Spec, execute
from ttc_core.errors import BadRequest, ModelError
from ttc_core.events import Fold, fold
from ttc_core.events.graph import PROBLEM
from ttc_core.events.kinds import CallFinished, CallStarted, CandidateMade, StepTaken
from ttc_core.models.base import Hear, Model
from ttc_core.models.scripted import ScriptedModel
from ttc_core.models.simulated import SimulatedModel, SimulatedSettings
from ttc_core.operators.rollout_words import AGAIN
from ttc_core.problems import equivalent
from ttc_core.problems.patches import applied
from ttc_core.run import Log
from ttc_core.sandbox import Sandbox
from ttc_core.strategies import find, strategies
from ttc_core.types import Budget, Candidate, Problem, Reply, Request

SANDBOX = Sandbox()
MEND = "sed -i 's/width + height/width * height/' shapes.py"


class NoSandboxHere(Sandbox):
    async def ready(self) -> str:
        return "No sandbox of this machine holds."


@pytest.fixture(autouse=True)
async def _boxes(request: pytest.FixtureRequest) -> None:
    if why := await SANDBOX.ready():
        pytest.skip(why)


async def run(
    strategy: str,
    model: Model,
    *,
    problem: Problem = TASK,
    log: Log | None = None,
    sandbox: Sandbox = SANDBOX,
    budget: Budget | None = None,
    seed: int = 3,
    **values: object,
) -> tuple[Log, Fold]:
    log = log or Log()
    params = find(strategy).settings("quick", values)
    spec = Spec(
        problem=problem,
        strategy=strategy,
        params=params,
        reference=REFERENCE,
        seed=seed,
        retries=0,
        budget=budget or Budget(),
    )
    return log, await execute("r_test", spec, model, log, sandbox)


def says(*replies: str | ModelError) -> Model:
    """One reply a turn; the last goes on for ever."""
    return ScriptedModel(lambda request: replies[min(request.turn, len(replies)) - 1])


def does(command: str) -> str:
    return f"I do it.\n```bash\n{command}\n```"


def simulated(accuracy: float = 0.5, seed: int = 3) -> Model:
    settings = SimulatedSettings(accuracy=accuracy, speed=0)
    return SimulatedModel(settings, REFERENCE, seed, same=partial(equivalent, problem=TASK))


def steps(log: Log) -> list[StepTaken]:
    return [entry.event for entry in log.entries if isinstance(entry.event, StepTaken)]


def made(log: Log) -> list[Candidate]:
    return [entry.event.candidate for entry in log.entries if isinstance(entry.event, CandidateMade)]


def prompts(log: Log) -> list[str]:
    return [m.content for e in log.entries if isinstance(e.event, CallStarted) for m in e.event.messages]


async def test_an_attempt_of_three_turns_ends_in_a_patch_that_the_hidden_checks_judge() -> None:
    log, state = await run("single", says(does("cat shapes.py"), does(MEND), does("submit")))
    assert state.status == "finished"
    assert state.verdict
    assert (state.verdict.outcome, state.verdict.passed) == ("correct", 2)
    (candidate,) = made(log)
    assert dict((f.path, f.text) for f in applied(FILES, candidate.answer))["shapes.py"].startswith(
        "def area(width, height):\n    return width * height\n"
    )
    assert [(s.tool, s.status) for s in steps(log)] == [
        ("bash", "ok"),
        ("bash", "ok"),
        ("submit", "ok"),
        ("tests", "ok"),
    ]
    assert [bool(step.diff) for step in steps(log)] == [False, True, False, False]
    assert "return width + height" in steps(log)[0].output
    assert candidate.tested
    assert (candidate.tested.passed, candidate.tested.total) == (0, 0), "it may have changed the tests itself"
    assert "Ran 1 test in 0.000s" in candidate.tested.words


async def test_steps_hang_on_one_another_and_calls_rest_on_one_another() -> None:
    log, state = await run("single", says(does("ls"), does(MEND), does("submit")))
    (candidate,) = made(log)
    node = candidate.id
    assert state.graph.nodes[node].steps == [f"{node}.s{n:02}" for n in (1, 2, 3, 4)]
    assert [state.graph.nodes[f"{node}.s{n:02}"].parents[0] for n in (1, 2, 3)] == [node, f"{node}.s01", f"{node}.s02"]
    calls = [entry.event for entry in log.entries if isinstance(entry.event, CallStarted)]
    assert [(c.call, c.role, c.after) for c in calls] == [
        (f"{node}/propose", "propose", ()),
        (f"{node}/turn2", "act", (f"{node}/propose",)),
        (f"{node}/turn3", "act", (f"{node}/turn2",)),
    ]
    assert candidate.ready == (f"{node}/turn3",)
    assert "README.md" in prompts(log)[0]
    assert "shapes.py\ntest_shapes.py\n=== end" in prompts(log)[1]


@pytest.mark.parametrize(
    ("replies", "turns", "tools", "correct"),
    [
        ([does("ls")], 3, ["bash", "bash", "bash", "tests"], False),  # never submits, changes nothing
        ([does(MEND)], 2, ["bash", "bash", "tests"], True),  # never submits, but what it changed counts
        (["I would multiply.", does(f"{MEND}\nsubmit")], 9, ["none", "bash", "tests"], True),
        ([does(MEND), BadRequest("Too long.")], 9, ["bash", "tests"], True),  # a later call fails
        ([does("rm -rf * .[a-z]*; kill -9 -1")], 2, ["bash", "bash", "tests"], False),
        ([does(MEND), does("sleep 60 & :(){ :|:& };:; cat /proc/self/environ"), does("submit")], 5, None, True),
        ([does("dd if=/dev/zero of=full bs=1M count=500"), does(f"rm full; {MEND}; submit")], 5, None, True),
    ],
)
async def test_whatever_an_attempt_does_it_ends_with_what_its_files_hold(replies, turns, tools, correct) -> None:
    log, state = await run("single", says(*replies), turns=turns)
    assert state.status == "finished"
    assert state.verdict
    assert (state.verdict.outcome == "correct") == correct
    assert tools is None or [step.tool for step in steps(log)] == tools


async def test_only_a_command_that_changes_nothing_is_remarked_on_when_it_comes_again() -> None:
    log, _ = await run("single", says(does("ls"), does("ls"), does("echo x >> y"), does("echo x >> y")), turns=4)
    assert [step.output == AGAIN.format(turn=1) for step in steps(log)] == [False, True, False, False, False]


async def test_an_attempt_that_changes_nothing_has_no_answer_and_no_tests_to_its_credit() -> None:
    log, _ = await run("single", says(does("submit")))
    (candidate,) = made(log)
    assert (candidate.answer, candidate.key, candidate.tested) == (None, None, None)
    assert [step.tool for step in steps(log)] == ["submit", "tests"]


async def test_nothing_is_asked_where_nothing_can_be_run_and_the_run_says_why() -> None:
    log, state = await run("tournament", says(does("ls")), sandbox=NoSandboxHere())
    assert state.status == "failed"
    assert state.finished
    assert state.finished.message == "The run failed: Not run: No sandbox of this machine holds."
    assert state.verdict
    assert state.verdict.outcome == "not_run"
    assert {step.status for step in steps(log)} == {"refused"}
    assert not prompts(log)


async def test_a_spent_budget_keeps_what_was_done_so_far() -> None:
    _, state = await run("single", says(does(MEND), does("ls")), budget=Budget(calls=2))
    assert state.status == "cut_by_budget"
    assert state.verdict
    assert state.verdict.outcome == "correct"


@pytest.mark.parametrize("strategy", list(strategies()))
async def test_strategies_over_rollouts_end_with_a_verdict_on_a_real_patch(strategy: str) -> None:
    log, state = await run(strategy, simulated())
    assert state.status == "finished", state.finished
    assert state.verdict
    assert state.verdict.total == 2
    assert {candidate.answer for candidate in made(log)} <= {RIGHT, WRONG}
    assert (state.answer == RIGHT) == (state.verdict.outcome == "correct")
    graph = state.graph.networkx()
    assert nx.is_directed_acyclic_graph(graph)
    assert nx.descendants(graph, PROBLEM) | {PROBLEM} == set(graph)
    assert all(node.status == "done" for node in state.graph.nodes.values() if node.shape == "candidate")


@pytest.mark.parametrize(("accuracy", "patch"), [(1.0, RIGHT), (0.0, WRONG)])
async def test_the_simulated_agent_makes_the_change_that_its_dice_say(accuracy: float, patch: str) -> None:
    log, _ = await run("majority_vote", simulated(accuracy), candidates=2)
    assert [candidate.answer for candidate in made(log)] == [patch, patch]
    assert [step.tool for step in steps(log)][:1] == ["bash"]
    assert all(text.startswith("[simulated]") for text in replies(log))


def replies(log: Log) -> list[str]:
    return [entry.event.text for entry in log.entries if isinstance(entry.event, CallFinished)]


async def test_a_refinement_starts_afresh_and_reads_the_chosen_summaries() -> None:
    log, state = await run("tournament_refine", simulated())
    first = {e.event.call: e.event for e in log.entries if isinstance(e.event, CallStarted)}["r01/refine"]
    words = first.messages[0].content
    for part in ("Recorded facts", "[simulated] Summary", "nothing that they changed is there"):
        assert part in words
    looked = state.graph.nodes["r01.s01"].step
    assert looked
    assert "why.txt" not in looked.output  # nothing is left of what others made


async def test_summaries_end_with_recorded_facts() -> None:
    log, state = await run("tournament", simulated(1.0))
    summary = state.graph.nodes["c01"].summary
    assert summary.startswith("[simulated]")
    assert "- 5 turns, ended by submitting; changed notes/why.txt (+1 -0), shapes.py (+1 -1)." in summary
    votes = [e.event.messages[0].content for e in log.entries if isinstance(e.event, CallStarted) and e.event.shown]
    assert any("after the last edit: they pass." in words for words in votes), "a judge reads how the tests went"
    assert "+    return width * height" in summary


async def test_the_facts_stand_where_no_summary_can_be_had() -> None:
    def answer(request: Request) -> str | ModelError:
        return BadRequest("Not now.") if request.role == "summarize" else does(f"{MEND}\nsubmit")

    _, state = await run("tournament", ScriptedModel(answer), candidates=2)
    assert "- 1 turn, ended by submitting; changed shapes.py (+1 -1).\n" in state.graph.nodes["c01"].summary


async def test_a_run_that_was_cut_goes_on_to_the_same_graph() -> None:
    whole, state = await run("tournament_refine", simulated())
    for cut in range(5, len(whole.entries), len(whole.entries) // 3):
        log = Log(before=whole.entries[:cut])
        _, again = await run("tournament_refine", simulated(), log=log)
        assert again.graph.digest() == state.graph.digest()
        asked = [entry.event.call for entry in log.entries if isinstance(entry.event, CallFinished)]
        assert len(asked) == len(set(asked))


async def test_two_runs_under_one_seed_are_equal_and_every_prefix_folds() -> None:
    first, state = await run("tournament", simulated())
    _, again = await run("tournament", simulated())
    assert again.graph.digest() == state.graph.digest() == fold(first.entries).graph.digest()


async def test_no_prompt_holds_a_hidden_check() -> None:
    log, _ = await run("tournament_refine", simulated())
    everything = json.dumps(prompts(log))
    for case in HIDDEN:
        assert case.call.splitlines()[-1] not in everything
        assert case.expected not in everything


class Meeting(ScriptedModel):
    """Answers nobody before six have asked."""

    all_there = asyncio.Barrier(6)

    async def complete(self, request: Request, hear: Hear) -> Reply:
        await self.all_there.wait()
        return await super().complete(request, hear)


async def test_attempts_wait_for_the_model_side_by_side_however_few_boxes_may_work_at_once() -> None:
    model = Meeting(lambda request: does("submit"))
    log, _ = await run("majority_vote", model, candidates=6, sandbox=Sandbox(at_once=1), budget=Budget(seconds=60))
    assert len(made(log)) == 6
