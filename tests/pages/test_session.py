"""A saved session without a browser: any moment, every node, read-only through a link, resumed where it was cut off."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages._parts.house import worker
from pages._parts.words import plain
from tests.conftest import PROBLEM, REFERENCE, finish, sensible
from tests.pages.opening import ROOT, house, markup
from ttc_core.errors import KeyRejected, ModelUnavailable, NotAllowed, RefusedByModel
from ttc_core.events import fold
from ttc_core.models.scripted import ScriptedModel
from ttc_core.run import Roster, Seat
from ttc_core.run.limiter import Limiter
from ttc_core.store.library import Library
from ttc_core.store.values import RunSettings, summary_of
from ttc_core.strategies import find, strategies
from ttc_core.types import Reply, Usage

EVIL = "<img src=x onerror=alert(1)> **bold** [link](http://evil) $x$ :red[x]\nAnswer: <script>alert(2)</script>"


@pytest.fixture(autouse=True)
def _house(tmp_path, monkeypatch):
    with house(tmp_path, monkeypatch):
        yield


async def saved(
    strategy: str = "tournament", model: ScriptedModel | Roster | None = None, upto: int | None = None
) -> tuple[str, str]:
    """A session with one run in the store; cut off after `upto` events, if given."""
    store = worker().store
    log, state = await finish(strategy, model)
    session = store.create_session(PROBLEM, REFERENCE).id
    params = find(strategy).settings("quick").model_dump()
    run = store.create_run(
        session, RunSettings(strategy=strategy, params=params, model="simulated:speed=50", seed=7), "elsewhere:1"
    )
    for entry in log.entries[:upto]:
        store.log.put(run, entry)
    store.log.flush(10)
    if upto is None:
        store.save_summary(run, summary_of(state))
    return session, run


def opened(token: str, **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / "_router.py"), default_timeout=30)
    app.query_params["session"] = token
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize("name", list(strategies()))
async def test_every_node_of_every_strategy_can_be_inspected(name):
    session, run = await saved(name)
    state = fold(worker().store.events(run))
    app = opened(session)
    for node in state.graph.nodes:
        app.session_state[f"node:{run}"] = node
        app.run()
        assert not app.exception, node


async def test_a_link_opens_its_node_and_moment():
    session, run = await saved()
    app = opened(session, node="c03", at="25")
    assert app.slider(key=f"at:{run}").value == 25
    assert any("Candidate c03" in text for text in markup(app))
    app.slider(key=f"at:{run}").set_value(1).run()
    assert not app.exception


@pytest.mark.parametrize(("node", "at"), [("nothere", "7"), ("c01", "999999"), ("c01", "-3"), ("<b>", "x")])
async def test_a_link_to_nothing_shows_the_run(node, at):
    session, _ = await saved()
    opened(session, node=node, at=at)


async def test_what_models_wrote_is_never_markup():
    session, run = await saved("majority_vote", ScriptedModel(lambda request: EVIL))
    app = opened(session)
    for node in ("c01", "vote", "answer"):
        app.session_state[f"node:{run}"] = node
        app.run()
        assert not app.exception
        for text in markup(app):
            assert "<img" not in text.replace("\\<", "")
            assert "](http" not in text
    assert any(EVIL.split("\n")[0] in element.value for element in app.text)


async def test_failures_are_shown_in_words():
    def flaky(request):
        if request.call in ("c02/propose", "m1.1/vote1"):
            raise ModelUnavailable("The server broke off.")
        return sensible(request)

    session, _ = await saved(model=ScriptedModel(flaky))
    app = opened(session, node="c02")
    assert any("unavailable" in element.value for element in app.warning)
    assert any("failed" in text for text in markup(app))


async def test_a_refusal_is_told_apart_from_a_failure_and_says_what_one_can_do():
    def strict(request):
        if request.call == "c02/propose":
            raise RefusedByModel("The provider's content filter declined (*no*); rephrase the problem.")
        if request.call == "c03/propose":
            raise KeyRejected("The key is wrong.")
        return sensible(request)

    session, run = await saved(model=ScriptedModel(strict))
    app = opened(session, node="c02")
    assert any("Refused." in told.value and "rephrase" in told.value for told in app.warning)
    assert any("1 refused" in text and "1 failed" in text for text in markup(app))
    app.session_state[f"node:{run}"] = "c03"
    app.run()
    assert any("Failed." in told.value and "key is wrong" in told.value for told in app.warning)


async def test_with_several_models_it_says_who_made_and_who_judged():
    makers = [ScriptedModel(sensible, name=name) for name in ("maker/one", "maker/two")]
    seats = [Seat(model, Limiter(8)) for model in (*makers, ScriptedModel(sensible, name="judge/three"))]
    session, run = await saved(model=Roster(tuple(seats[:2]), seats[2]))
    app = opened(session, node="c02")
    assert any(text == f"Made by {plain('maker/two')}" for text in markup(app))
    state = fold(worker().store.events(run))
    match = next(node.id for node in state.graph.nodes.values() if node.shape == "match" and node.votes)
    app.session_state[f"node:{run}"] = match
    app.run()
    assert any(text == f"Judged by {plain('judge/three')}" for text in markup(app))
    app.button_group(key=f"charts:{run}").select("Spend").run()
    assert not app.exception
    table = next(text for text in markup(app) if "[Calls]" in text)
    assert all(plain(name) in table for name in ("maker/one", "maker/two", "judge/three"))


async def test_what_a_model_thought_is_shown_as_text():
    def thinks(request):
        return Reply(text=sensible(request), thinking=EVIL, usage=Usage(tokens_out=9, reasoning_out=5), cost=0.0)

    session, _ = await saved("single", ScriptedModel(thinks))
    app = opened(session, node="c01")
    assert EVIL.strip() in [element.value for element in app.text]
    assert any("5 thinking" in text for text in markup(app))


async def test_a_viewer_can_look_and_not_change():
    session, _ = await saved()
    other, _ = await saved("single")
    token = worker().store.shares.share(session)
    app = opened(token)
    labels = [button.label for button in app.button]
    assert "Play" in labels
    assert not {"Make a link to what is shown", "Revoke", "Resume"} & set(labels)
    library = Library.shared(worker().store, token)
    with pytest.raises(NotAllowed):
        library.session(other)


async def test_a_run_that_was_cut_off_can_be_resumed():
    session, run = await saved(upto=60)
    app = opened(session)
    assert any("cut off" in element.value for element in app.warning)
    next(button for button in app.button if button.label == "Resume").click().run()
    assert not app.exception
    live = worker().live(run)
    assert live.done.wait(60)
    app.run()
    assert not app.exception
    assert worker().store.run(run).summary.status == "finished"


def test_no_session_is_a_sentence():
    app = opened("s_nothere")
    assert any("no session" in element.value for element in app.warning)


def test_the_page_by_itself_says_where_to_go():
    app = AppTest.from_file(str(ROOT / "pages" / "_router.py"), default_timeout=30).run()
    app.switch_page("session.py").run()
    assert not app.exception
    assert any("No session is open" in element.value for element in app.info)
