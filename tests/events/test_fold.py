"""The fold by hand-made logs: clocks, sums, critical path, letters."""

from __future__ import annotations

from ttc_core.events import Logged, fold
from ttc_core.events.kinds import (
    CallCancelled,
    CallFailed,
    CallFinished,
    CallRetried,
    CallShortened,
    CallStarted,
    CallText,
    CandidateMade,
    Decided,
    Event,
    NodeOpened,
    RunFinished,
    RunResumed,
    RunStarted,
    Slowed,
    Voted,
)
from ttc_core.types import Candidate, Problem, Usage

START = RunStarted(run="r", problem=Problem(id="p", text="?"), strategy="s", params={}, model="m", seed=0)


def log(*timed: tuple[float, Event]) -> list[Logged]:
    return [Logged(seq=seq, at=1000 + at, event=event) for seq, (at, event) in enumerate(timed, 1)]


def started(call: str, *after: str, role: str = "propose") -> CallStarted:
    return CallStarted(call=call, node=call.split("/")[0], role=role, model="m", key="k", after=after)


def finished(call: str, tokens: int = 10, cost: float | None = 0.0) -> CallFinished:
    return CallFinished(call=call, text="t", usage=Usage(tokens_in=tokens, tokens_out=tokens), cost=cost)


def test_critical_path_is_the_longest_chain_of_dependent_calls():
    state = fold(
        log(
            (0, START),
            (0, started("a/propose")),
            (0, started("b/propose")),
            (1, finished("a/propose", 5)),
            (3, finished("b/propose", 1)),
            (3, started("c/refine", "a/propose", "b/propose", role="refine")),
            (5, finished("c/refine", 2)),
            (9, RunFinished(status="finished", after=("c/refine",))),
        )
    )
    assert state.timeline.critical_path() == ["b/propose", "c/refine"]
    assert state.timeline.critical_path_s == 5
    assert state.timeline.wall_s == 9
    assert state.timeline.b_seq == 14  # by tokens the other branch is the longer one
    assert state.timeline.b_total == 16


def test_every_attempt_counts_and_unknown_money_stays_unknown():
    state = fold(
        log(
            (0, START),
            (0, started("a/propose")),
            (1, CallRetried(call="a/propose", attempt=1, error="timeout", message="", usage=Usage(tokens_in=3))),
            (2, finished("a/propose", 10, 0.5)),
            (2, started("b/propose")),
            (3, CallFailed(call="b/propose", attempt=1, error="refused", message="")),
            (3, started("c/propose")),
            (4, CallCancelled(call="c/propose", why="stopped", usage=Usage(tokens_in=1, estimated=True))),
        )
    )
    totals = state.totals
    assert (totals.calls, totals.retries, totals.failed, totals.cancelled, totals.in_flight) == (4, 1, 1, 1, 0)
    assert totals.tokens == 24
    assert totals.cost is None
    assert totals.estimated
    assert totals.by_role["propose"].calls == 4
    assert state.graph.nodes["b"].status == "refused"


def test_a_pause_before_a_resume_and_a_clock_that_steps_back_do_not_count():
    state = fold(
        log(
            (0, START),
            (1, started("a/propose")),
            (500, RunResumed()),
            (501, started("a/propose")),
            (400, finished("a/propose")),
            (402, RunFinished(status="finished")),
        )
    )
    assert state.time == 1 + 1 + 0 + 2
    assert state.totals.in_flight == 0


def test_a_call_in_flight_when_the_process_died_is_not_on_the_path():
    state = fold(log((0, START), (0, started("a/propose")), (5, started("b/propose")), (9, RunResumed())))
    assert {call.status for call in state.timeline.calls.values()} == {"cancelled"}
    assert state.timeline.critical_path_s == 0


def test_text_grows_while_a_call_is_in_flight_and_is_whole_at_its_end():
    events = log(
        (0, START),
        (0, started("a/propose")),
        (1, CallText(call="a/propose", text="Hel")),
        (2, CallText(call="a/propose", text="lo")),
        (3, finished("a/propose")),
    )
    assert fold(events[:4]).timeline.calls["a/propose"].text == "Hello"
    assert fold(events).timeline.calls["a/propose"].text == "t"


def test_equivalent_answers_share_a_letter_and_a_match_carries_its_winner():
    def made(name: str, key: str | None) -> CandidateMade:
        return CandidateMade(candidate=Candidate(id=name, text="x", answer=key, key=key))

    state = fold(
        log(
            (0, START),
            *((0, NodeOpened(node=name, shape="candidate")) for name in ("a", "b", "c")),
            (1, made("b", "7")),
            (1, made("a", "8")),
            (1, made("c", None)),
            (2, NodeOpened(node="m", shape="match", parents=("a", "b"))),
            (3, Voted(match="m", number=2, call="m/vote2", order=("a", "b"), choice=None, why="unreadable")),
            (3, Voted(match="m", number=1, call="m/vote1", order=("b", "a"), choice="a")),
            (4, Decided(node="m", winner="a", how="majority", tally={"a": 1})),
            (5, RunFinished(status="finished", candidate="a", answer="8", node="m")),
        )
    )
    graph = state.graph
    assert [graph.letter(graph.nodes[name].key) for name in ("a", "b", "c", "m", "answer")] == ["B", "A", "", "B", "B"]
    assert graph.nodes["m"].carries == "a"
    assert [vote.number for vote in graph.nodes["m"].votes] == [1, 2]
    assert graph.nodes["answer"].parents == ("m",)


def test_an_event_seen_twice_changes_nothing():
    events = log((0, START), (0, started("a/propose")), (1, finished("a/propose")))
    state = fold(events)
    for entry in events:
        state.apply(entry)
    assert state.totals.calls == 1
    assert state.seq == 3


def test_cached_and_thinking_tokens_are_summed_by_role_and_by_model():
    usage = Usage(tokens_in=100, tokens_out=50, cached_in=60, reasoning_out=20)
    asked = {"a/propose": "one", "b/propose": "two", "m/vote1": "two"}
    state = fold(
        log(
            (0, START),
            *((0, started(call, role="compare" if "vote" in call else "propose").model_copy(update={"model": model}))
              for call, model in asked.items()),
            (1, CallRetried(call="b/propose", attempt=1, error="late", message="", usage=Usage(tokens_in=5), cost=0.0)),
            *((2, CallFinished(call=call, text="t", usage=usage, cost=0.01)) for call in asked),
        )
    )  # fmt: skip
    totals = state.totals
    assert (totals.cached_in, totals.reasoning_out) == (180, 60)
    assert {name: (spend.calls, spend.tokens_in) for name, spend in totals.by_model.items()} == {
        "one": (1, 100),
        "two": (3, 205),
    }
    assert totals.by_role["compare"].cached_in == 60
    assert totals.tokens_per_second(3) == 50
    assert totals.tokens_per_second(0) == 0
    call = state.timeline.calls["b/propose"]
    assert (call.model, call.cached_in, call.reasoning_out, [lost.error for lost in call.lost]) == (
        "two",
        60,
        20,
        ["late"],
    )


def test_shortening_and_slowing_cost_nothing_and_are_remembered():
    state = fold(
        log(
            (0, START),
            (0, started("m/vote1", role="compare")),
            (1, CallShortened(call="m/vote1", kept=0.5, message="Too long. Its material was cut to 50%.")),
            (1, CallShortened(call="m/vote1", kept=0.25, message="Too long. Its material was cut to 25%.")),
            (2, Slowed(model="m", at_once=8)),
            (3, Slowed(model="m", at_once=4, wait_s=2)),
        )
    )
    assert (state.totals.calls, state.totals.in_flight, state.totals.tokens, state.totals.cost) == (1, 1, 0, 0.0)
    assert state.graph.nodes["m"].notes == ["material cut to 25%"]
    assert state.timeline.calls["m/vote1"].shortened.kept == 0.25
    assert (state.slowed["m"].times, state.slowed["m"].last.at_once, state.slowed["m"].time) == (2, 4, 3)


def filtered(answer: str | None) -> list[Logged]:
    made = Candidate(id="a", text="I can", answer=answer, key=answer, ready=("a/propose",))
    reply = CallFinished(call="a/propose", text="I can", finish="filter")
    return log((0, START), (0, started("a/propose")), (1, reply), (1, CandidateMade(candidate=made)))


def test_a_reply_that_a_filter_cut_is_refused_unless_its_answer_is_there():
    assert fold(filtered(None)).graph.nodes["a"].status == "refused"
    assert fold(filtered("7")).graph.nodes["a"].status == "done"
    assert "filter" in fold(filtered("7")).graph.nodes["a"].trouble


def test_refusals_leave_the_digests_of_old_logs_as_they_were():
    plain = [entry.model_copy(update={"event": entry.event.model_copy(update={"finish": "stop"})})
             if entry.event.kind == "call_finished" else entry for entry in filtered(None)]  # fmt: skip
    assert fold(plain).graph.digest() == fold(filtered(None)).graph.digest()

    def lost(error: str) -> str:
        failed = CallFailed(call="a/propose", attempt=1, error=error, message="No.")
        return fold(log((0, START), (0, started("a/propose")), (1, failed))).graph.digest()

    assert lost("refused") == lost("timeout")
