"""Steps and passages: out of sight in the whole, and the whole picture inside their candidate."""

from __future__ import annotations

from ttc_core.events import Fold, Logged
from ttc_core.events.kinds import (
    CandidateMade,
    Event,
    Executed,
    NodeOpened,
    PassageFound,
    RunFinished,
    RunStarted,
    StepTaken,
)
from ttc_core.share.node_details import node_details
from ttc_core.types import Candidate, CaseRan, Problem
from ttc_core.views.picture import picture
from ttc_core.views.stream import PictureStream


def entries(*events: Event) -> list[Logged]:
    return [Logged(seq=n, at=float(n), event=event) for n, event in enumerate(events, 1)]


RIGHT = CaseRan(call="f(1)", expected="2", got="2", ok=True)
WRONG = CaseRan(call="f(2)", expected="3", got="9", ok=False)
LOG = entries(
    RunStarted(run="r", problem=Problem(id="p", text="q"), strategy="single", params={}, model="m", seed=0),
    NodeOpened(node="c01", shape="candidate", stage="candidates"),
    NodeOpened(node="c02", shape="candidate", stage="candidates"),
    NodeOpened(node="c01.s01", shape="step", stage="steps", parents=("c01",)),
    StepTaken(node="c01.s01", of="c01", number=1, tool="search", input="ferry", output="2 passages"),
    NodeOpened(node="c01.s01.p1", shape="passage", stage="passages", parents=("c01.s01",)),
    PassageFound(node="c01.s01.p1", step="c01.s01", number=1, document="a.pdf", page=3, text="At nine.", score=1.5),
    NodeOpened(node="c01.s02", shape="step", stage="steps", parents=("c01.s01",)),
    StepTaken(
        node="c01.s02", of="c01", number=2, tool="bash", input="make", output="no", status="failed", diff="+a\n-b\n"
    ),
    NodeOpened(node="c02.s01", shape="step", stage="steps", parents=("c02",)),
    StepTaken(node="c02.s01", of="c02", number=1, tool="python", input="1", output="1"),
    Executed(
        node="c02",
        what="examples",
        results=(RIGHT, WRONG),
        passed=1,
        total=2,
    ),
    CandidateMade(candidate=Candidate(id="c01", text="[1] At nine.", answer="9", key="9", cites=("c01.s01.p1",))),
    CandidateMade(candidate=Candidate(id="c02", text="x", answer="9", key="9")),
    RunFinished(status="finished", candidate="c01", answer="9", node="c01"),
)  # fmt: skip


def folded() -> Fold:
    state = Fold()
    for logged in LOG:
        state.apply(logged)
    return state


def test_the_whole_shows_candidates_without_their_steps() -> None:
    seen = picture(folded())
    assert set(seen.nodes) == {"problem", "c01", "c02", "answer"}
    assert (seen.nodes["c01"].sub, seen.nodes["c02"].sub) == ("2 st", "1/2")


def test_inside_a_candidate_its_steps_lead_to_it() -> None:
    seen = picture(folded(), inside="c01")
    assert set(seen.nodes) == {"c01.s01", "c01.s01.p1", "c01.s02", "c01"}
    assert set(seen.edges) == {"c01.s01>c01.s01.p1", "c01.s01>c01.s02", "c01.s02>c01"}
    assert (seen.nodes["c01.s01"].label, seen.nodes["c01.s01"].sub) == ("1 search", "1 found")
    assert (seen.nodes["c01.s02"].status, seen.nodes["c01.s02"].label) == ("failed", "2 edit")
    assert (seen.nodes["c01.s01.p1"].label, seen.nodes["c01.s01.p1"].leader) == ("[1]", True)


def test_steps_stand_in_rows_that_do_not_move_when_more_are_taken() -> None:
    state = Fold()
    for logged in LOG[:2]:
        state.apply(logged)
    before: dict[str, tuple[float, float]] = {}
    for number in range(1, 15):
        node = f"c01.s{number:02}"
        above = f"c01.s{number - 1:02}" if number > 1 else "c01"
        for event in (
            NodeOpened(node=node, shape="step", stage="steps", parents=(above,)),
            StepTaken(node=node, of="c01", number=number, tool="bash", input="ls /secret"),
        ):
            state.apply(Logged(seq=state.seq + 1, at=0.0, event=event))
        seen = picture(state, inside="c01")
        places = {name: (box.x, box.y) for name, box in seen.nodes.items() if box.kind == "step"}
        assert before.items() <= places.items()
        assert len(set(places.values())) == number
        assert not any("secret" in f"{box.label}{box.sub}{box.mark}" for box in seen.nodes.values())
        before = places
    assert len({y for _, y in before.values()}) == 4


def test_what_a_search_found_stands_below_it() -> None:
    seen = picture(folded(), inside="c01").nodes
    assert seen["c01.s01.p1"].y > seen["c01.s01"].y
    assert abs(seen["c01.s01.p1"].x - seen["c01.s01"].x) < 20
    assert seen["c01.s02"].y == seen["c01.s01"].y == seen["c01"].y


def test_steps_cost_the_live_picture_nothing() -> None:
    stream, state = PictureStream(), Fold()
    sent = []
    for logged in LOG:
        state.apply(logged)
        sent.append(stream.advance(state) or {})
    names = {node["id"] for message in sent for node in message.get("nodes", ())}
    assert names == {"problem", "c01", "c02", "answer"}


def test_the_stand_alone_page_has_every_step_with_what_it_did() -> None:
    details = node_details(folded(), LOG)
    assert details["c01"]["steps"] == ["c01.s01", "c01.s02"]
    assert details["c01"]["cites"] == ["c01.s01.p1"]
    assert {"title": "What it changed", "text": "+a\n-b\n"} in details["c01.s02"]["facts"]
    assert details["c01.s01.p1"]["facts"] == [{"title": "a.pdf, page 3", "text": "At nine."}]
    (ran,) = details["c02"]["facts"]
    assert ran["title"] == "Ran: examples, 1 of 2 passed"
    assert "f(2) → 9" in ran["text"]
