"""Explore without a browser: everything is filled in, bad input is a sentence, a run starts and is shown."""

from __future__ import annotations

import time

import pytest

from pages._parts.house import worker
from pages._parts.problem_form import OWN
from pages._parts.setup import PREFIX
from tests.pages.opening import ROOT, house, markup
from ttc_core.strategies import strategies


@pytest.fixture(autouse=True)
def _house(tmp_path, monkeypatch):
    with house(tmp_path, monkeypatch):
        yield


def explore():
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_file(str(ROOT / "pages" / "_router.py"), default_timeout=30).run()
    assert not app.exception
    return app


def start(app):
    return next(button for button in app.button if button.label == "Start")


def settle(app) -> str:
    """Wait for the only run to end; its id."""
    session = worker().store.sessions()[0]
    run_id = session.runs[0].id
    assert worker().live(run_id).done.wait(60)
    return run_id


def test_the_first_sight_is_filled_in_and_ready():
    app = explore()
    assert app.selectbox(key=f"{PREFIX}problem:built-in").value
    assert app.selectbox(key=f"{PREFIX}strategy").value == "tournament"
    assert app.number_input(key=f"{PREFIX}budget:Calls").value
    assert not start(app).disabled
    assert any("37 calls" in text for text in markup(app))


@pytest.mark.parametrize("name", list(strategies()))
def test_every_strategy_has_its_form_its_sentence_and_its_plan(name):
    app = explore()
    app.selectbox(key=f"{PREFIX}strategy").select(name).run()
    assert not app.exception
    strategy = strategies()[name]
    assert strategy.sentence in markup(app)
    shown = settings(app, name)
    assert set(shown) == set(strategy.params.model_fields) - {"turns", "evidence", "select_by", "written_tests"}
    for field, widget in shown.items():
        assert widget.help == strategy.params.model_fields[field].description


def test_settings_are_shown_where_they_mean_something():
    app = explore()
    assert "turns" not in settings(app, "tournament")
    app.toggle(key=f"{PREFIX}tournament:python").set_value(True).run()
    assert "turns" in settings(app, "tournament")
    app.selectbox(key=f"{PREFIX}source").select("HumanEval").run()
    assert "evidence" in settings(app, "tournament")
    app.selectbox(key=f"{PREFIX}strategy").select("sequential_refine").run()
    assert "evidence" in settings(app, "sequential_refine")
    app.selectbox(key=f"{PREFIX}source").select("Repositories").run()
    assert "evidence" not in settings(app, "sequential_refine")
    app.selectbox(key=f"{PREFIX}source").select("HumanEval").run()
    app.selectbox(key=f"{PREFIX}strategy").select("best_of_n").run()
    assert "written_tests" not in settings(app, "best_of_n")
    settings(app, "best_of_n")["select_by"].select("written tests, then judge").run()
    assert "written_tests" in settings(app, "best_of_n")
    app.selectbox(key=f"{PREFIX}source").select("First problems").run()
    assert not {"select_by", "written_tests"} & set(settings(app, "best_of_n"))
    assert not app.exception


def settings(app, name):
    """The widgets of a strategy's settings, by setting."""
    return {
        w.key.rsplit(":", 1)[1]: w
        for kind in ("number_input", "selectbox", "toggle", "text_input")
        for w in getattr(app, kind)
        if w.key and w.key.startswith(f"{PREFIX}{name}:")
    }


def test_a_preset_fills_the_form():
    app = explore()
    app.button_group(key=f"{PREFIX}tournament:preset").select("paper").run()
    assert app.number_input(key=f"{PREFIX}tournament:votes").value == 8
    assert app.toggle(key=f"{PREFIX}tournament:stop_early").value is False
    assert any("152 calls" in text for text in markup(app))


def test_what_is_missing_is_said_and_start_waits():
    app = explore()
    app.selectbox(key=f"{PREFIX}source").select(OWN).run()
    assert start(app).disabled
    assert any("empty" in element.value for element in app.info)
    app.text_area(key=f"{PREFIX}text").input("How many legs have three spiders?").run()
    assert start(app).disabled
    assert any("right answer" in element.value for element in app.info)
    app.text_input(key=f"{PREFIX}reference").input("24").run()
    assert not start(app).disabled


def test_a_setting_that_cannot_be_used_is_a_sentence():
    app = explore()
    app.selectbox(key=f"{PREFIX}strategy").select("distill_refine").run()
    app.text_input(key=f"{PREFIX}distill_refine:drafts").input("many").run()
    assert start(app).disabled
    assert any("drafts" in element.value for element in app.info)
    assert not app.exception


def test_a_run_starts_and_is_shown_when_it_has_ended():
    app = explore()
    start(app).click().run()
    assert not app.exception
    settle(app)
    app.run()
    assert not app.exception
    assert any(button.label == "New run" for button in app.button)
    assert any("simulated" in text for text in markup(app))
    assert app.query_params["run"] == worker().store.sessions()[0].runs[0].id


def test_an_unknown_run_in_the_address_is_a_sentence():
    app = explore()
    app.query_params["run"] = "r_nothere"
    app.run()
    assert not app.exception
    assert any("no run" in element.value for element in app.warning)


def test_stop_ends_the_run_soon():
    app = explore()
    start(app).click().run()
    next(button for button in app.button if button.label == "Stop").click().run()
    started = time.monotonic()
    run_id = settle(app)
    assert time.monotonic() - started < 10
    assert worker().store.run(run_id).summary.status == "stopped"
