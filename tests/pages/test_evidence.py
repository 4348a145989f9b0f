"""What was done and run, in a saved session: every node can be opened, and nothing that a model wrote is markup."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from pages._parts.house import worker
from pages._parts.words import plain, verdict_words
from tests.pages.opening import ROOT, house, markup
from ttc_core.events import Logged, fold
from ttc_core.events.kinds import (
    CallFinished,
    CallStarted,
    CandidateMade,
    Decided,
    Distinguished,
    Event,
    Executed,
    Judged,
    NodeOpened,
    PassageFound,
    RunFinished,
    RunStarted,
    StepTaken,
    TestsWritten,
    WorkspaceMade,
)
from ttc_core.store.values import RunSettings, summary_of
from ttc_core.types import (
    AnswerKind,
    Candidate,
    Case,
    CaseRan,
    Document,
    File,
    Outcome,
    Problem,
    Reference,
    Verdict,
)
from ttc_core.views.short import in_short

EVIL = "<img src=x onerror=alert(1)> **bold** [link](http://evil.example) $x$ :red[x] https://evil.example"
PATCH = f"diff --git a/lib.py b/lib.py\n--- a/lib.py\n+++ b/lib.py\n@@ -1 +1,2 @@\n-old\n+{EVIL}\n+new\n"
RAW = re.compile(r"(?<!\\)(<img|\*\*bold|\[link\]|\$x|:red\[)|https?://evil")
"""Any of it that would be read as markup: not escaped, or an address that would become a link."""


@pytest.fixture(autouse=True)
def _house(tmp_path, monkeypatch):
    with house(tmp_path, monkeypatch):
        yield


def problem(kind: AnswerKind) -> Problem:
    return Problem(
        id="own/evil",
        title="A trap",
        text=f"Do it.\n\n```python\n{EVIL}\n```\n{EVIL}",
        kind=kind,
        cases=(Case(call=EVIL, expected=EVIL),),
        files=(File(path=f"{EVIL[:20]}.py", text=EVIL),),
        documents=(Document(name=EVIL, pages=(EVIL, EVIL)),),
        rubric=EVIL,
    )


def happened(kind: AnswerKind) -> list[Event]:
    """Everything at once: steps, passages, tests written and run, inputs that tell apart, and a verdict."""
    answer = PATCH if kind == "patch" else EVIL
    ran = (CaseRan(call=EVIL, expected=EVIL, got=EVIL, ok=False), CaseRan(call="f(1)", got="", ok=None))

    def step(number: int, tool: str, **more: str) -> list[Event]:
        node, above = f"c01.s{number:02}", f"c01.s{number - 1:02}" if number > 1 else "c01"
        taken = StepTaken(
            node=node, of="c01", number=number, tool=tool, input=EVIL, output=EVIL, call="c01/turn1", **more
        )
        return [NodeOpened(node=node, shape="step", stage="steps", parents=(above,)), taken]

    return [
        RunStarted(run="r", problem=problem(kind), strategy="tournament", params={}, model="m", seed=0),
        NodeOpened(node="c01", shape="candidate", stage="candidates"),
        NodeOpened(node="c02", shape="candidate", stage="candidates"),
        CallStarted(call="c01/turn1", node="c01", role="propose", model="m", key="k"),
        CallFinished(call="c01/turn1", text=EVIL),
        *step(1, "search"),
        NodeOpened(node="c01.s01.p1", shape="passage", stage="steps", parents=("c01.s01",)),
        PassageFound(node="c01.s01.p1", step="c01.s01", number=1, document=EVIL, page=2, text=EVIL, score=1.0),
        *step(2, "bash", diff=PATCH),
        *step(3, EVIL, status="timeout"),
        *step(4, "python", status="refused"),
        NodeOpened(node="c01.s05", shape="step", stage="steps", parents=("c01.s04",)),
        CandidateMade(candidate=Candidate(id="c01", text=f"{EVIL} [1]", answer=answer, key="a", cites=("c01.s01.p1",))),
        CandidateMade(candidate=Candidate(id="c02", text=EVIL, answer=None, key=None)),
        Executed(node="c01", what="examples", results=ran, passed=1, total=2),
        Executed(node="c02", what="written tests", trouble=EVIL),
        NodeOpened(node="tests", shape="workspace", stage="tests", parents=("c01",)),
        TestsWritten(node="tests", call="tests/write", cases=(Case(call=EVIL, expected=EVIL),)),
        NodeOpened(node="digest", shape="workspace", stage="digest", parents=("c01",)),
        WorkspaceMade(node="digest", text=EVIL, sources=("c01",)),
        NodeOpened(node="m1.1", shape="match", stage="final", parents=("c01", "c02"), seats=1),
        Distinguished(match="m1.1", call="m1.1/distinguish", cases=(Case(call=EVIL),)),
        Distinguished(match="m1.1", call="m1.1/distinguish2", trouble=EVIL),
        Executed(node="c01", what="distinguishing input", results=ran, match="m1.1"),
        Decided(node="m1.1", winner="c01", how="tests", tally={"c01": 1}),
        Judged(node="answer", verdict=Verdict(outcome="incorrect", detail=EVIL, passed=3, total=4)),
        RunFinished(status="finished", candidate="c01", answer=answer, node="m1.1"),
    ]  # fmt: skip


def saved(kind: AnswerKind) -> tuple[str, str]:
    """A session and its run, where all this happened."""
    store = worker().store
    log = [Logged(seq=n, at=100.0 + n, event=event) for n, event in enumerate(happened(kind), 1)]
    session = store.create_session(problem(kind), Reference(answer="4")).id
    run = store.create_run(session, RunSettings(strategy="tournament", model="simulated", seed=0), "elsewhere:1")
    for entry in log:
        store.log.put(run, entry)
    store.log.flush(10)
    store.save_summary(run, summary_of(fold(log)))
    return session, run


def opened(session: str, **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / "_router.py"), default_timeout=30)
    for name, value in {"session": session, **query}.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def read_as_markup(app: AppTest) -> str:
    labels = [box.label for box in (*app.expander, *app.button)]
    return "\n".join([*markup(app), *labels, *(element.value for element in (*app.warning, *app.subheader))])


@pytest.mark.parametrize("kind", ["auto", "code", "patch", "open"])
def test_every_node_opens_and_nothing_a_model_wrote_is_markup(kind):
    session, run = saved(kind)
    app = opened(session)
    for node in fold(worker().store.events(run)).graph.nodes:
        app.session_state[f"node:{run}"] = node
        app.run()
        assert not app.exception, node
        text = read_as_markup(app)
        assert not RAW.search(text), (node, RAW.search(text))


def test_a_match_says_what_ran_and_a_candidate_what_it_passed():
    session, run = saved("code")
    app = opened(session, node="m1.1")
    assert any("its program passes more tests" in text for text in markup(app))
    assert any(plain("c01 passed 1 of 2 examples") in text for text in markup(app))
    assert any(f"{EVIL}\n  c01 gave {EVIL}\n\nf(1)\n  c01 gave no answer" in block.value for block in app.code)
    app.session_state[f"node:{run}"] = "c01"
    app.run()
    assert any("1 of 2 passed" in box.label for box in app.expander)
    assert any(f"expected {EVIL}" in block.value for block in app.code)


def test_a_link_to_a_step_opens_its_candidate_and_back_leaves_it():
    session, run = saved("patch")
    app = opened(session, node="c01.s02")
    assert any("Step 2 of c01" in text for text in markup(app))
    assert any(block.language == "diff" and "+new" in block.value for block in app.code)
    next(button for button in app.button if button.label == "Back to the whole").click().run()
    assert not app.exception
    assert app.session_state[f"node:{run}"] == "c01"
    assert any(button.label == "Open the steps of c01" for button in app.button)


def test_steps_can_be_opened_at_any_moment_of_a_replay():
    session, run = saved("patch")
    app = opened(session, node="c01.s01.p1")
    for moment in range(1, len(happened("patch")) + 1):
        app.session_state[f"at:{run}"] = moment
        app.run()
        assert not app.exception, moment


def test_the_answer_says_how_many_hidden_checks_it_passed():
    session, _ = saved("patch")
    app = opened(session, node="answer")
    assert any("Incorrect, 3 of 4 hidden checks passed" in text for text in markup(app))
    assert any("patch of 1 file" in text for text in markup(app))
    assert any("Sources it cites" in text for text in markup(app))


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("correct", "correct"),
        ("incorrect", "incorrect"),
        ("unverified", "unverified"),
        ("judged", "judged, not verified"),
        ("not_run", "not run"),
    ],
)
def test_verdicts_have_their_words(outcome: Outcome, said: str):
    assert verdict_words(Verdict(outcome=outcome)) == said


def test_an_answer_on_one_line():
    assert in_short("two\n words", "auto", 40) == "two words"
    assert in_short("def f():\n    return 1\n", "code", 40) == "program of 2 lines"
    assert in_short(PATCH, "patch", 40) == "patch of 1 file, +2 −1"


def test_the_library_lists_a_judged_session(tmp_path):
    _, run = saved("open")
    log = [
        *happened("open")[:-2],
        Judged(node="answer", verdict=Verdict(outcome="judged", detail="Judged by a rubric.")),
    ]
    entries = [Logged(seq=n, at=100.0 + n, event=event) for n, event in enumerate([*log, happened("open")[-1]], 1)]
    worker().store.save_summary(run, summary_of(fold(entries)))
    app = AppTest.from_file(str(ROOT / "pages" / "_router.py"), default_timeout=30).run()
    app.switch_page("sessions.py").run()
    assert not app.exception
    assert any("judged, not verified" in text for text in markup(app))
