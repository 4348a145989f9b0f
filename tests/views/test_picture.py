from __future__ import annotations

import json
from itertools import combinations
from typing import Any

import pytest

from tests.views import sample_logs
from ttc_core.events import Fold, Logged, fold
from ttc_core.events.kinds import CallFailed, NodeOpened, RunResumed, RunStarted, Voted
from ttc_core.views.colors import ANSWERS
from ttc_core.views.faces import PALETTE, amount, color_of, leading
from ttc_core.views.picture import Node, Picture, picture
from ttc_core.views.stream import PictureStream, snapshot

SAMPLES = sample_logs.samples()
every_sample = pytest.mark.parametrize("log", SAMPLES.values(), ids=SAMPLES)


def edges_of(seen: Node) -> tuple[float, float, float, float]:
    return (
        seen.x - seen.width / 2,
        seen.y - seen.height / 2,
        seen.x + seen.width / 2,
        seen.y + seen.height / 2,
    )


def overlap(one: Node, two: Node) -> bool:
    return abs(one.x - two.x) < (one.width + two.width) / 2 and abs(one.y - two.y) < (one.height + two.height) / 2


def boxes(seen: Picture) -> list[Node]:
    return [node for node in seen.nodes.values() if node.kind != "field"]


def applied(messages: list[dict[str, Any]]) -> tuple[dict[str, Any], dict[tuple[str, str], Any], dict[str, Any]]:
    """What a browser would hold after these messages."""
    nodes: dict[str, Any] = {}
    edges: dict[tuple[str, str], Any] = {}
    rest: dict[str, Any] = {}
    for message in messages:
        if message["full"]:
            nodes, edges = {}, {}
        nodes |= {node["id"]: node for node in message.get("nodes", [])}
        edges |= {(edge["from"], edge["to"]): edge for edge in message.get("edges", [])}
        for name in message.get("gone", []):
            del nodes[name]
        for key in message.get("cut", []):
            del edges[tuple(key.split(">"))]  # type: ignore[arg-type]
        rest |= {name: message[name] for name in ("seq", "status", "columns", "bounds") if name in message}
    return nodes, edges, rest


@every_sample
def test_every_prefix_is_a_sound_picture(log: list[Logged]) -> None:
    state = Fold()
    for logged in log:
        state.apply(logged)
        seen = picture(state)
        left, top, right, bottom = seen.bounds
        for node in seen.nodes.values():
            x1, y1, x2, y2 = edges_of(node)
            assert left <= x1 < x2 <= right
            assert top <= y1 < y2 <= bottom
        assert not [(a.id, b.id) for a, b in combinations(boxes(seen), 2) if overlap(a, b)]
        assert all(line.start in seen.nodes and line.end in seen.nodes for line in seen.edges.values())
        hidden = {"problem"} if seen.layout != "tree" else set()
        assert {node.id for node in boxes(seen)} == set(state.graph.nodes) - hidden


@every_sample
def test_no_word_of_problem_or_model_is_in_a_picture(log: list[Logged]) -> None:
    state, stream = Fold(), PictureStream()
    for logged in log:
        state.apply(logged)
        sent = json.dumps(stream.advance(state))
        assert not [word for word in ("MODELTEXT", "script", "farmer") if word in sent]


@every_sample
def test_changes_add_up_to_the_whole_at_every_moment(log: list[Logged]) -> None:
    state, stream = Fold(), PictureStream()
    messages = []
    for logged in log:
        state.apply(logged)
        message = stream.advance(state)
        assert message is not None
        messages.append(message)
        whole = snapshot(picture(state))
        nodes, edges, rest = applied(messages)
        assert list(nodes.values()) == whole["nodes"]
        assert {(e["from"], e["to"]): e for e in whole["edges"]} == edges
        assert all(rest[name] == whole[name] for name in rest)
    assert stream.advance(state) is None


@every_sample
def test_most_messages_are_small(log: list[Logged]) -> None:
    state, stream = Fold(), PictureStream()
    sizes = []
    for logged in log:
        state.apply(logged)
        sizes.append(len(json.dumps(stream.advance(state), separators=(",", ":"))))
    assert sorted(sizes)[len(sizes) // 2] < 1000


def test_a_resumed_run_takes_its_answer_back() -> None:
    log = sample_logs.majority_vote(4)
    state, stream = fold(log), PictureStream()
    assert "answer" in [node["id"] for node in stream.advance(state)["nodes"]]  # type: ignore[index]
    state.apply(Logged(seq=len(log) + 1, at=log[-1].at + 60, event=RunResumed()))
    message = stream.advance(state)
    assert message is not None
    assert message["gone"] == ["answer"]
    assert message["cut"] == ["vote>answer"]
    assert message["status"] == "running"


@pytest.mark.parametrize("name", ["tournament", "rough tournament", "groups of four", "rounds", "rounds, shared"])
def test_boxes_stay_where_they_are_once_the_shape_is_known(name: str) -> None:
    log = SAMPLES[name]
    opened = max(logged.seq for logged in log if isinstance(logged.event, NodeOpened))
    state = Fold()
    places: dict[str, tuple[float, float]] = {}
    for logged in log:
        state.apply(logged)
        if logged.seq < opened:
            continue
        for node in picture(state).nodes.values():
            assert places.setdefault(node.id, (node.x, node.y)) == (node.x, node.y)
    assert len(places) == len(state.graph.nodes) - 1


def test_the_view_of_a_bracket_does_not_grow() -> None:
    log = SAMPLES["tournament"]
    opened = max(logged.seq for logged in log if isinstance(logged.event, NodeOpened))
    assert picture(fold(log[:opened])).bounds == picture(fold(log)).bounds


@pytest.mark.parametrize("name", ["tournament", "rough tournament", "groups of four", "two populations"])
def test_no_lines_of_a_bracket_cross(name: str) -> None:
    seen = picture(fold(SAMPLES[name]))
    lines = [(seen.nodes[e.start], seen.nodes[e.end]) for e in seen.edges.values()]
    between: dict[tuple[float, float], list[tuple[float, float]]] = {}
    for a, b in lines:
        between.setdefault((a.x, b.x), []).append((a.y, b.y))
    for bundle in between.values():
        for (a1, b1), (a2, b2) in combinations(bundle, 2):
            assert (a1 - a2) * (b1 - b2) >= 0


@every_sample
def test_lines_go_right(log: list[Logged]) -> None:
    seen = picture(fold(log))
    if len(seen.columns) > 6 and len({heading.y for heading in seen.columns}) > 1:
        return  # a chain in rows, like text
    assert all(seen.nodes[line.start].x < seen.nodes[line.end].x for line in seen.edges.values())


def test_the_winner_is_lit_from_its_candidate_to_the_answer() -> None:
    state = fold(SAMPLES["tournament"])
    seen = picture(state)
    lit = {line.start: line.end for line in seen.edges.values() if line.lit}
    at, path = leading(state), []
    while at is not None and at in lit:
        at = lit[at]
        path.append(at)
    assert [seen.nodes[name].kind for name in path] == ["match"] * 4 + ["answer"]
    assert all(line.kind == "win" for line in seen.edges.values() if line.lit)
    assert len(lit) == 5


def test_winners_and_losers_of_a_match() -> None:
    state = fold(SAMPLES["tournament"])
    seen = picture(state)
    for match in [node for node in state.graph.nodes.values() if node.shape == "match"]:
        kinds = {parent: seen.edges[f"{parent}>{match.id}"] for parent in match.parents}
        winners = [p for p, line in kinds.items() if line.kind == "win"]
        assert [state.graph.nodes[p].carries for p in winners] == [match.winner]
        assert all(line.color == "none" for p, line in kinds.items() if p not in winners)
        assert kinds[winners[0]].color == seen.nodes[match.id].color == color_of(state.graph.letter(match.key))


def test_a_match_shows_every_vote_in_the_order_asked() -> None:
    state = fold(SAMPLES["rough tournament"])
    graph, seen = state.graph, picture(state)
    abstained, failed = seen.nodes["m1.2"], seen.nodes["m1.1"]
    assert [pip.state for pip in abstained.pips].index("abstain") == 0
    assert [pip.state for pip in failed.pips].index("failed") == 1
    for match in [node for node in graph.nodes.values() if node.votes]:
        pips = seen.nodes[match.id].pips
        assert [pip.letter or None for pip in pips if pip.state == "vote"] == [
            graph.letter(graph.nodes[vote.choice].key) or "?" for vote in match.votes if vote.choice
        ]
        assert sum(pip.against for pip in pips) == sum(v.choice not in (None, match.winner) for v in match.votes)
    assert {seen.nodes[m.id].mark for m in graph.nodes.values() if m.how == "bye"} == {"bye"}
    assert {seen.nodes[m.id].mark for m in graph.nodes.values() if m.how == "equivalent"} == {"same answer"}


def test_votes_still_to_come_are_pending_and_votes_never_asked_are_not() -> None:
    log = SAMPLES["tournament"]
    at = next(logged.seq for logged in log if isinstance(logged.event, Voted)) + 1
    voting = fold(log[:at])
    match = next(n for n in voting.graph.nodes.values() if n.status == "running" and 0 < len(n.votes) < n.seats)
    states = [pip.state for pip in picture(voting).nodes[match.id].pips]
    assert len(states) == 8
    assert states.count("pending") == 8 - len(match.votes)
    stopped = picture(fold(sample_logs.stopped(log, at))).nodes[match.id]
    assert stopped.label == "cut off"
    assert "pending" not in [pip.state for pip in stopped.pips]


def test_failed_and_unreadable_have_marks_of_their_own() -> None:
    seen = picture(fold(SAMPLES["majority"]))
    assert (seen.nodes["c05"].status, seen.nodes["c05"].color, seen.nodes["c05"].sub) == ("failed", "failed", "failed")
    assert (seen.nodes["c09"].letter, seen.nodes["c09"].color) == ("?", "unreadable")


def test_a_tally_shows_how_the_answers_are_divided() -> None:
    state = fold(SAMPLES["majority"])
    node = picture(state).nodes["vote"]
    counts = [share.count for share in node.shares]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == 14
    assert node.sub == f"{counts[0]} of 14"
    assert node.shares[0].letter == node.letter


def test_a_score_is_shown_where_there_is_one() -> None:
    seen = picture(fold(SAMPLES["best of n"]))
    assert seen.nodes["c01"].sub.startswith("★ ")
    assert seen.nodes["c02"].sub == "★ –"
    assert seen.nodes["best"].sub == seen.nodes[seen.nodes["best"].label].sub


def test_survivors_reach_the_workspace_through_their_last_match() -> None:
    state = fold(SAMPLES["two populations"])
    starts = [line.start for line in picture(state).edges.values() if line.end == "w2.1"]
    assert len(starts) == 4
    assert all(state.graph.nodes[name].shape == "match" for name in starts)
    assert {state.graph.nodes[name].winner for name in starts} == set(state.graph.nodes["w2.1"].parents)


def test_a_workspace_names_its_sources_and_its_size() -> None:
    node = picture(fold(SAMPLES["rounds"])).nodes["w2.1"]
    assert node.label == "workspace 1"
    assert node.sub.startswith("from d1.")
    assert node.sub.endswith(" tok")


def test_many_candidates_stand_in_a_field_and_hang_on_one_line() -> None:
    seen = picture(fold(sample_logs.majority_vote(256, limit=64)))
    field = next(node for node in seen.nodes.values() if node.kind == "field")
    assert 1 < field.width / field.height < 3
    assert {(line.start, line.end) for line in seen.edges.values()} == {
        ("problem", field.id),
        (field.id, "vote"),
        ("vote", "answer"),
    }
    left, top, right, bottom = edges_of(field)
    inside = [n for n in boxes(seen) if left < n.x < right and top < n.y < bottom]
    assert len(inside) == 256


def test_a_long_chain_goes_on_in_rows() -> None:
    seen = picture(fold(sample_logs.sequential_refine(14)))
    assert len({node.y for node in seen.nodes.values()}) == 3
    assert seen.bounds[2] - seen.bounds[0] < 1200


def test_an_empty_fold_is_an_empty_picture() -> None:
    assert picture(Fold()).nodes == {}
    assert PictureStream().advance(Fold())["nodes"] == []  # type: ignore[index]


def test_a_log_with_a_cycle_is_still_drawn() -> None:
    log = sample_logs.majority_vote(2)[:2]
    for node, parents in (("x", ("y",)), ("y", ("x",)), ("z", ("z",))):
        event = NodeOpened(node=node, shape="candidate", stage=node, parents=parents)
        log.append(Logged(seq=len(log) + 1, at=log[-1].at, event=event))
    assert {"x", "y", "z"} <= set(picture(fold(log)).nodes)


def test_another_layout_can_be_asked_for() -> None:
    state = fold(SAMPLES["tournament"])
    assert "problem" not in picture(state).nodes
    assert "problem" in picture(state, "tree").nodes


def test_letters_share_colours_only_after_the_scale_has_run_out() -> None:
    assert [color_of(letter) for letter in "ABCDEFGH"] == list(range(PALETTE))
    assert len(ANSWERS) == PALETTE
    assert (color_of("I"), color_of("Z"), color_of("A2")) == (0, 25 % 8, 26 % 8)


@pytest.mark.parametrize(
    ("tokens", "words"), [(0, ""), (999, "999"), (1000, "1.0k"), (9949, "9.9k"), (9951, "10k"), (123456, "123k")]
)
def test_amounts_are_short(tokens: int, words: str) -> None:
    assert amount(tokens) == words


def test_a_refusal_has_a_mark_of_its_own() -> None:
    log = [
        logged.model_copy(update={"event": logged.event.model_copy(update={"error": "refused"})})
        if isinstance(logged.event, CallFailed) and logged.event.call == "c05/propose"
        else logged
        for logged in sample_logs.majority_vote(fail=("c05/propose", "c06/propose"))
    ]
    nodes = picture(fold(log)).nodes
    assert [(nodes[name].status, nodes[name].color, nodes[name].sub) for name in ("c05", "c06")] == [
        ("refused", "refused", "refused"),
        ("failed", "failed", "failed"),
    ]


def test_who_was_asked_is_said_only_where_there_are_several() -> None:
    log = sample_logs.tournament(4)
    assert not any(node.by for node in picture(fold(log)).nodes.values())
    several = [
        logged.model_copy(update={"event": logged.event.model_copy(update={"models": ("a", "b")})})
        if isinstance(logged.event, RunStarted)
        else logged
        for logged in log
    ]
    nodes = picture(fold(several)).nodes
    assert {node.kind for node in nodes.values() if node.by == "simulated"} == {"candidate", "match"}
