"""What running programs decides: keys by behaviour, matches by tests, inputs that tell apart, written tests."""

from __future__ import annotations

import pytest

from tests.strategies.coding import (
    BROKEN,
    HALF,
    INPUTS,
    NAMELESS,
    PROBLEM,
    RIGHT,
    RIGHT_TOO,
    SUBTLE,
    block,
    coder,
    solve,
    writes,
)
from ttc_core.events.kinds import CallStarted
from ttc_core.models.scripted import ScriptedModel
from ttc_core.types import Request


def prompts(log, role):
    return [
        entry.event.messages[0].content
        for entry in log.entries
        if isinstance(entry.event, CallStarted) and entry.event.role == role
    ]


async def test_programs_are_keyed_by_what_they_do():
    _, state = await solve("majority_vote", writes(RIGHT, RIGHT_TOO, SUBTLE, HALF, BROKEN, NAMELESS), candidates=6)
    nodes = [state.graph.nodes[f"c{i:02}"] for i in range(1, 7)]
    right, right_too, subtle, half, broken, nameless = nodes
    assert right.key == right_too.key == subtle.key
    assert right.key.startswith("behaviour:")
    assert half.key not in (None, right.key)
    assert broken.key is None
    assert broken.answer == BROKEN
    assert broken.executed[0].trouble.startswith("The program does not load: SyntaxError")
    assert nameless.key is None
    assert [(ran.passed, ran.total) for node in nodes for ran in node.executed] == [(2, 2)] * 3 + [(1, 2)] + [
        (0, 2)
    ] * 2


async def test_the_majority_is_one_of_behaviour():
    _, state = await solve("majority_vote", writes(RIGHT, HALF, RIGHT_TOO, BROKEN, HALF, SUBTLE, BROKEN), candidates=7)
    assert state.answer == RIGHT
    assert state.graph.nodes["vote"].tally == {"c01": 3.0, "c02": 2.0}


async def test_whoever_passes_more_tests_wins_unvoted():
    log, state = await solve("tournament", writes(HALF, RIGHT), candidates=2)
    match = state.graph.nodes["m1.1"]
    assert (match.how, match.winner, match.tally) == ("tests", "c02", {"c01": 1.0, "c02": 2.0})
    assert not prompts(log, "compare")
    assert state.finished.after


async def test_those_ahead_in_tests_meet_in_the_vote_alone():
    first = coder_that_votes(1)
    log, state = await solve(
        "tournament", writes(HALF, RIGHT, SUBTLE, then=first), candidates=3, group_size=3, skip_equivalent=False
    )
    match = state.graph.nodes["m1.1"]
    assert set(match.tally) == {"c02", "c03"}
    assert all("Solution 3" not in words for words in prompts(log, "compare"))
    assert all(words.count("The app ran this program on the problem's examples; it passed 2 of 2") == 2
               for words in prompts(log, "compare"))  # fmt: skip


async def test_without_evidence_only_the_judge_decides_and_reads_nothing_of_what_ran():
    values = {"evidence": "none", "candidates": 2}
    log, state = await solve("tournament", writes(HALF, RIGHT, then=coder_that_votes(1)), **values)
    assert state.graph.nodes["m1.1"].how.startswith("majority")
    assert prompts(log, "compare")
    assert all("The app ran" not in words for words in prompts(log, "compare"))


async def test_a_written_input_tells_programs_apart_that_the_examples_do_not():
    values = {"candidates": 2, "evidence": "tests and inputs"}
    _, blind = await solve("tournament", writes(SUBTLE, RIGHT), candidates=2, pairing="in order")
    assert (blind.graph.nodes["m1.1"].how, blind.answer) == ("equivalent", SUBTLE)
    log, state = await solve("tournament", writes(SUBTLE, RIGHT), **values)
    match = state.graph.nodes["m1.1"]
    assert [case.call for case in match.distinguished[0].cases] == INPUTS
    gave = {node: state.graph.nodes[node].executed[1] for node in ("c01", "c02")}
    assert all((ran.what, ran.match) == ("distinguishing input", "m1.1") for ran in gave.values())
    assert [result.got for result in gave["c01"].results] == ["3", "0"]
    assert [result.got for result in gave["c02"].results] == ["2", "0"]
    assert len(prompts(log, "distinguish")) == 1
    for words in prompts(log, "compare"):
        assert "clamp(2, 0, 3) gave 3" in words
        assert "clamp(2, 0, 3) gave 2" in words
    assert all("m1.1/distinguish" in entry.event.after for entry in log.entries
               if isinstance(entry.event, CallStarted) and entry.event.role == "compare")  # fmt: skip


@pytest.mark.parametrize(("skip", "how"), [(True, "equivalent"), (False, "majority_early")])
async def test_programs_that_stay_alike_on_written_inputs(skip, how):
    values = {"candidates": 2, "evidence": "tests and inputs", "skip_equivalent": skip, "votes": 3}
    log, state = await solve("tournament", writes(RIGHT_TOO, RIGHT, then=coder_that_votes(1, "c01")), **values)
    assert state.graph.nodes["m1.1"].how == how
    said = prompts(log, "compare")
    assert bool(said) is not skip
    assert all("on which they might differ, and all gave the same" in words for words in said)


async def test_equal_programs_are_asked_nothing():
    values = {"candidates": 2, "evidence": "tests and inputs"}
    _, state = await solve("tournament", writes(RIGHT, f"{RIGHT}  # the same"), **values)
    assert state.graph.nodes["m1.1"].how == "equivalent"
    assert set(state.totals.by_role) == {"propose"}


async def test_inputs_that_cannot_be_read_are_said_to_be_unreadable():
    values = {"candidates": 2, "evidence": "tests and inputs"}
    _, state = await solve("tournament", writes(SUBTLE, RIGHT, then=lambda request: "I cannot think of any."), **values)
    match = state.graph.nodes["m1.1"]
    assert match.distinguished[0].trouble == "No call of clamp could be read in the reply."
    assert match.how == "equivalent"


async def test_best_of_n_scores_only_those_who_pass_the_most():
    _, state = await solve("best_of_n", writes(HALF, RIGHT, BROKEN, SUBTLE), candidates=4)
    assert {node.id for node in state.graph.nodes.values() if node.scores} == {"c02", "c04"}
    best = state.graph.nodes["best"]
    assert (best.how, best.winner) == ("best_score", "c02")
    _, state = await solve("best_of_n", writes(HALF, RIGHT, BROKEN), candidates=3)
    assert (state.graph.nodes["best"].how, state.answer) == ("tests", RIGHT)
    assert state.graph.nodes["best"].tally == {"c01": 1.0, "c02": 2.0, "c03": 0.0}
    assert "score" not in state.totals.by_role


async def test_written_tests_choose_among_those_the_examples_leave_level():
    values = {"candidates": 3, "select_by": "written tests, then judge"}
    log, state = await solve("best_of_n", writes(SUBTLE, RIGHT, HALF), **values)
    best, tests = state.graph.nodes["best"], state.graph.nodes["tests"]
    assert (best.how, state.answer) == ("tests", RIGHT)
    assert best.tally == {"c01": 3.0, "c02": 4.0, "c03": 1.0}
    assert [(case.call, case.expected) for case in tests.written[0].cases] == [
        ("clamp(1, 0, 3)", "1"),
        ("clamp(9, 0, 3)", "9"),
        ("clamp(0, 0, 4)", "0"),
    ]
    assert (tests.shape, tests.stage, tests.parents) == ("workspace", "written tests", ("problem",))
    assert best.parents == ("c01", "c02", "c03", "tests")
    assert "tests/write_tests" in state.finished.after
    assert "min(max" not in prompts(log, "write_tests")[0]
    assert "score" not in state.totals.by_role


async def test_a_judge_is_told_how_many_written_tests_were_passed_without_those_that_nobody_passes():
    values = {"candidates": 2, "select_by": "written tests, then judge"}
    log, state = await solve("best_of_n", writes(RIGHT_TOO, RIGHT), **values)
    assert state.graph.nodes["best"].how == "best_score"
    said = "Of 2 tests that a model wrote, some of which may be wrong, it passed 2."
    assert all(said in words for words in prompts(log, "score"))


@pytest.mark.parametrize("strategy", ["sequential_refine", "tournament_refine", "distill_refine"])
async def test_a_refinement_that_passes_fewer_tests_gives_way(strategy):
    def spoiling(request: Request) -> str:
        if request.role == "propose":
            return block(RIGHT)
        return block(HALF if request.sample % 2 else BROKEN) if request.role == "refine" else coder(request)

    _, state = await solve(strategy, ScriptedModel(spoiling))
    assert state.answer == RIGHT
    assert state.graph.nodes["kept"].how in ("tests", "readable")
    assert state.finished.node == "kept"
    _, state = await solve(strategy, ScriptedModel(spoiling), evidence="none")
    assert state.answer == HALF


async def test_a_refinement_reads_what_came_of_its_predecessor():
    log, _ = await solve("sequential_refine", writes(HALF), rounds=1)
    said = prompts(log, "refine")[0]
    assert "- clamp(5, 0, 3) gave 5, but should give 3" in said
    assert "- clamp(-1, 0, 3) gave 0, as it should" in said


async def test_prompts_ask_for_a_program_and_show_examples_that_the_text_does_not():
    log, _ = await solve("single", writes(RIGHT))
    said = prompts(log, "propose")[0]
    assert "clamp(5, 0, 3) gives 3" in said
    assert "defines the function `clamp`" in said
    assert "Answer" not in said
    shown = PROBLEM.model_copy(update={"text": PROBLEM.text + "\n>>> clamp(5,0,3)\n3"})
    log, _ = await solve("single", writes(RIGHT), problem=shown)
    assert "gives 3" not in prompts(log, "propose")[0]


def coder_that_votes(number, prefers=""):
    """As `coder`, but with a fixed vote: for one candidate, or for the one shown at that place."""

    def answer(request: Request) -> str:
        if request.role != "compare":
            return coder(request)
        places = {shown.id: place for place, shown in enumerate(request.shown, 1)}
        return f"So.\nFinal verdict: Solution {places.get(prefers, number)}"

    return answer
