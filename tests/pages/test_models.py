"""The models page, and the model and key that a browser session holds."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages._parts.fields import bounds
from pages._parts.model_choice import ChosenModel, Key, label, place
from pages._parts.simulated_form import FIRST, PREFIX, meaning, name_of
from tests.fake_server import FakeServer
from tests.pages.opening import ROOT, house, markup, open_page, sent
from ttc_core.errors import BadInput
from ttc_core.models import ModelChoice
from ttc_core.models.simulated_odds import SimulatedSettings

SECRET = "sk-canary-4f9a7c21e8"
open_models = partial(open_page, "models.py")


@pytest.fixture(autouse=True)
def _house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with house(tmp_path, monkeypatch):
        yield


def real(name: str = "m", base: str = "http://one.example/v1") -> AppTest:
    app = open_models()
    app.segmented_control(key="models:kind").select("A real model").run()
    app.text_input(key="real:name").input(name).run()
    app.text_input(key="real:base").input(base).run()
    return app


def enter_key(app: AppTest, secret: str = SECRET) -> None:
    app.text_input(key="real:secret").input(secret).run()


def press(app: AppTest, name: str) -> None:
    next(button for button in app.button if name in button.label).click()
    app.run(timeout=60)


def in_use(app: AppTest) -> str:
    texts = [element.value for element in app.markdown]
    return texts[0]


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_simulated_model_is_in_use_at_first() -> None:
    app = open_models()
    assert in_use(app) == r"**simulated · accuracy 0\.5**"
    assert app.button(key="use").disabled
    assert app.code[0].value == "--model simulated"


def test_sliders_change_the_name_and_take_effect_when_used() -> None:
    app = open_models()
    app.slider(key="odds:accuracy").set_value(0.8)
    app.slider(key="odds:judge").set_value(0.9)
    app.select_slider(key="odds:speed").set_value(0.0).run()
    assert app.code[0].value == "--model simulated:accuracy=0.8,judge=0.9,speed=0"
    assert in_use(app) == r"**simulated · accuracy 0\.5**"
    press(app, "Use this model")
    assert in_use(app) == r"**simulated · accuracy 0\.8 · judge 0\.9 · speed 0**"
    assert app.toast[0].value.startswith("In use")
    app.switch_page("sessions.py").run()
    app.switch_page("models.py").run()
    assert app.slider(key="odds:accuracy").value == 0.8
    press(app, "Reset")
    assert app.code[0].value == "--model simulated"


def test_every_setting_of_the_simulated_model_can_be_set_within_its_range() -> None:
    app = open_models()
    for name, field in SimulatedSettings.model_fields.items():
        if name == "speed":
            continue
        widget = (app.slider if name in FIRST else app.number_input)(key=PREFIX + name)
        assert (widget.min, widget.max) == bounds(field)


def test_looking_at_the_other_kind_loses_nothing_typed() -> None:
    app = real("mistral/x", "")
    app.segmented_control(key="models:kind").select("Simulated").run()
    app.segmented_control(key="models:kind").select("A real model").run()
    assert app.text_input(key="real:name").value == "mistral/x"


@pytest.mark.parametrize("base", ["localhost:11434", "ftp://x/v1", "http://user:secret@x/v1", "http://x/v1?key=1"])
def test_a_bad_base_url_gives_a_sentence_by_its_field(base: str) -> None:
    app = real(base=base)
    assert any("base URL" in element.value and ":red[" in element.value for element in app.caption)
    assert app.button(key="use").disabled
    assert app.text_input(key="real:secret").disabled


@pytest.mark.parametrize("name", ["", "two words", "http://x/v1"])
def test_a_bad_model_name_gives_a_sentence_by_its_field(name: str) -> None:
    app = real(name)
    assert any("model's name" in element.value and ":red[" in element.value for element in app.caption)
    assert app.button(key="use").disabled


def test_a_model_of_no_known_provider_is_not_used() -> None:
    app = real("nobody-knows-this", "")
    press(app, "Use this model")
    assert "No provider is known" in app.error[0].value
    assert "simulated" in in_use(app)


def test_one_click_starts_from_a_local_server_or_a_provider() -> None:
    app = real()
    app.pills(key="real:start").select("Ollama").run()
    assert app.text_input(key="real:base").value == "http://localhost:11434/v1"
    app.pills(key="real:start").select("anthropic/claude-haiku-4-5").run()
    assert app.text_input(key="real:name").value == "anthropic/claude-haiku-4-5"
    assert app.text_input(key="real:base").value == ""


def test_a_provider_whose_key_is_in_the_environment_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROQ_API_KEY", SECRET)
    app = open_models()
    app.segmented_control(key="models:kind").select("A real model").run()
    pills = app.pills(key="real:start").proto.options
    assert [pill.content for pill in pills if pill.content_icon == ":material/key:"] == ["groq"]
    assert app.text_input(key="real:name").value.startswith("groq/")
    assert any(r"GROQ\_API\_KEY" in text for text in markup(app))
    assert SECRET not in sent(app)


def test_a_key_is_never_sent_back_to_the_browser() -> None:
    app = real()
    enter_key(app)
    assert app.text_input(key="real:secret").value == ""
    assert SECRET not in sent(app)
    press(app, "Use this model")
    assert "with the key you entered" in in_use(app)
    assert SECRET not in sent(app)
    holders = [name for name in app.session_state if SECRET in str(app.session_state[name])]
    assert holders == []  # not even by accident of printing
    assert app.session_state["_model_key"].secret == SECRET
    assert SECRET not in str(app.query_params)


def test_another_host_forgets_the_key() -> None:
    app = real()
    enter_key(app)
    press(app, "Use this model")
    app.text_input(key="real:base").input("http://one.example/v2").run()
    press(app, "Use this model")
    assert app.session_state["_model_key"].secret == SECRET
    app.text_input(key="real:base").input("http://two.example/v1").run()
    press(app, "Use this model")
    assert "_model_key" not in app.session_state
    assert "key" not in in_use(app)


def test_a_key_typed_but_not_used_is_forgotten_with_its_host() -> None:
    app = real()
    enter_key(app)
    app.text_input(key="real:base").input("http://two.example/v1").run()
    app.text_input(key="real:base").input("http://one.example/v1").run()
    press(app, "Use this model")
    assert "_model_key" not in app.session_state


def test_a_key_is_forgotten_on_request() -> None:
    app = real()
    enter_key(app)
    press(app, "Use this model")
    press(app, "Forget it")
    assert "_model_key" not in app.session_state
    assert "key" not in in_use(app)


def test_the_key_goes_to_its_server_and_to_no_other() -> None:
    with FakeServer() as first, FakeServer() as second:
        app = real(base=first.url)
        enter_key(app)
        press(app, "Test the connection")
        assert "answered in" in app.success[0].value
        assert "tokens" in app.success[0].value
        app.text_input(key="real:base").input(second.url).run()
        press(app, "Test the connection")
        assert set(first.ledger.authorizations) == {f"Bearer {SECRET}"}
        assert set(second.ledger.authorizations) == {""}


def test_a_rejected_key_is_said_in_words_without_the_key() -> None:
    with FakeServer(fault_rate=1.0, faults=("401",)) as server:
        app = real(base=server.url)
        enter_key(app)
        press(app, "Test the connection")
    assert "rejected the key" in app.error[0].value
    assert SECRET not in sent(app)
    assert not app.exception


def test_a_server_that_is_not_there_is_said_in_words() -> None:
    app = real(base=f"http://127.0.0.1:{closed_port()}/v1")
    press(app, "Test the connection")
    assert "could not be reached" in app.error[0].value
    assert not app.exception


def test_a_viewer_chooses_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TTC_OPEN")
    app = AppTest.from_file(str(ROOT / "pages" / "models.py"), default_timeout=30).run()
    assert app.info[0].value.endswith(".")
    assert not app.button
    assert not app.text_input


def test_where_a_key_belongs() -> None:
    assert place(ModelChoice()) == ""
    assert place(ModelChoice(name="openai/gpt-5-mini")) == "openai"
    assert place(ModelChoice(name="openai/m", api_base="https://Host.example:8000/v1")) == "https://host.example:8000"
    assert place(ModelChoice(name="m", api_base="http://h/v1")) != place(ModelChoice(name="m", api_base="https://h/v1"))


def test_what_a_model_is_called() -> None:
    assert label(ModelChoice(name="simulated:judge=0.9")) == "simulated · accuracy 0.5 · judge 0.9"
    assert label(ModelChoice(name="openai/m")) == "openai/m"
    assert label(ModelChoice(name="m", api_base="http://localhost:8000/v1")) == "m at localhost:8000"
    with pytest.raises(BadInput):
        label(ModelChoice(name="simulated:wrong=1"))


def test_printing_shows_no_key() -> None:
    assert SECRET not in repr(ChosenModel(ModelChoice(), SECRET, "x"))
    assert SECRET not in repr(Key("openai", SECRET))


def test_a_name_reads_back_to_its_settings() -> None:
    settings = SimulatedSettings(accuracy=0.123, judge_correlation=0, tokens=100_000, speed=1000)
    assert SimulatedSettings.parse(name_of(settings).partition(":")[2]) == settings


def test_what_the_odds_mean() -> None:
    assert "**4** are right" in meaning(SimulatedSettings(accuracy=0.25))
    assert "**50%**" in meaning(SimulatedSettings(judge=0.9, position_bias=1))
