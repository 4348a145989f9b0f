"""The models page, and the models and keys that a browser session holds."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages._parts.fields import bounds
from pages._parts.house import worker
from pages._parts.model_choice import Key, called, team_called
from pages._parts.model_settings import setting_key
from pages._parts.simulated_form import FIRST, PREFIX, meaning, name_of
from pages._parts.team import changed, left_of, use_key, without
from tests.fake_hub import CLOSED, DATA, WEIGHTS, FakeHub
from tests.fake_server import FakeServer
from tests.pages.opening import ROOT, house, markup, open_page, sent
from ttc_core.choice import ModelChoice, Price, Team
from ttc_core.errors import BadInput
from ttc_core.models.catalogue import catalogue
from ttc_core.models.simulated_odds import SimulatedSettings
from ttc_core.ready import remembered_team

SECRET = "sk-canary-4f9a7c21e8"
open_models = partial(open_page, "models.py")


@pytest.fixture(autouse=True)
def _house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with house(tmp_path, monkeypatch):
        yield


def look_at(app: AppTest, kind: str) -> AppTest:
    return app.segmented_control(key="models:kind").select(kind).run()


def real(name: str = "m", base: str = "http://one.example/v1") -> AppTest:
    app = look_at(open_models(), "A provider")
    app.text_input(key="real:name").input(name).run()
    app.text_input(key="real:base").input(base).run()
    return app


def enter_key(app: AppTest, secret: str = SECRET) -> None:
    app.text_input(key="real:secret").input(secret).run()


def press(app: AppTest, name: str) -> None:
    next(button for button in app.button if name in button.label).click()
    app.run(timeout=60)


def in_use(app: AppTest) -> str:
    """The first model in the card."""
    return str(app.markdown[0].value)


def chosen() -> Team | None:
    """What a later browser session will find."""
    return remembered_team(worker().store.preferences)


def wait_for(app: AppTest, true: Callable[[], bool]) -> None:
    """Let the page's clock tick until something is so."""
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)
        app.run()
        assert not app.exception


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_simulated_model_is_in_use_at_first() -> None:
    app = look_at(open_models(), "Simulated")
    assert in_use(app) == r"**simulated · accuracy 0\.5**"
    assert app.button(key=use_key()).disabled
    assert app.code[0].value == "--model simulated"


def test_sliders_change_the_name_and_take_effect_when_used() -> None:
    app = look_at(open_models(), "Simulated")
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
    look_at(app, "Simulated")
    assert app.slider(key="odds:accuracy").value == 0.8
    press(app, "Reset")
    assert app.code[0].value == "--model simulated"


def test_every_setting_of_the_simulated_model_can_be_set_within_its_range() -> None:
    app = look_at(open_models(), "Simulated")
    for name, field in SimulatedSettings.model_fields.items():
        if name == "speed":
            continue
        widget = (app.slider if name in FIRST else app.number_input)(key=PREFIX + name)
        assert (widget.min, widget.max) == bounds(field)


def test_looking_at_the_other_kind_loses_nothing_typed() -> None:
    app = real("mistral/x", "")
    look_at(app, "Simulated")
    look_at(app, "A provider")
    assert app.text_input(key="real:name").value == "mistral/x"


@pytest.mark.parametrize("base", ["localhost:11434", "ftp://x/v1", "http://user:secret@x/v1", "http://x/v1?key=1"])
def test_a_bad_base_url_gives_a_sentence_by_its_field(base: str) -> None:
    app = real(base=base)
    assert any("base URL" in element.value and ":red[" in element.value for element in app.caption)
    assert app.button(key=use_key()).disabled
    assert app.text_input(key="real:secret").disabled


@pytest.mark.parametrize("name", ["", "two words", "http://x/v1"])
def test_a_bad_model_name_gives_a_sentence_by_its_field(name: str) -> None:
    app = real(name)
    assert any("model's name" in element.value and ":red[" in element.value for element in app.caption)
    assert app.button(key=use_key()).disabled


def test_a_model_of_no_known_provider_is_not_used() -> None:
    app = real("nobody-knows-this", "")
    press(app, "Use this model")
    assert "No provider is known" in app.error[0].value
    assert "simulated" in in_use(app)


def test_one_click_starts_from_a_provider() -> None:
    app = real()
    app.pills(key="real:start").select("anthropic/claude-haiku-4-5").run()
    assert app.text_input(key="real:name").value == "anthropic/claude-haiku-4-5"
    assert app.text_input(key="real:base").value == ""


def test_a_provider_whose_key_is_in_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CEREBRAS_API_KEY", SECRET)
    app = look_at(open_models(), "A provider")
    pills = app.pills(key="real:start").proto.options
    assert pills[0].content == "cerebras"
    assert [pill.content for pill in pills if pill.content_icon == ":material/key:"] == ["cerebras"]
    assert str(app.text_input(key="real:name").value).startswith("cerebras/")
    app.text_input(key="real:find").input("gpt oss").run()
    assert app.radio(key="real:found").options[0].startswith("cerebras/")
    assert any(r"CEREBRAS\_API\_KEY" in text for text in markup(app))
    assert SECRET not in sent(app)


def test_a_model_is_found_by_name_and_described() -> None:
    app = real()
    assert any("unknown" in text for text in markup(app))
    app.text_input(key="real:find").input("mini GPT 5").run()
    app.radio(key="real:found").set_value("openai/gpt-5-mini").run()
    assert (app.text_input(key="real:name").value, app.text_input(key="real:base").value) == ("openai/gpt-5-mini", "")
    words = next(text for text in markup(app) if text.startswith(":material/info:"))
    assert all(part in words for part in ("272k", r"\$0\.25 per million", r"\$2 out", "thinks"))
    app.text_input(key="real:name").input("openai/my-own").run()
    assert app.radio(key="real:found").value is None
    app.text_input(key="real:find").input("nothing of the kind").run()
    assert any("No known model" in text for text in markup(app))


def test_what_is_set_reaches_the_choice() -> None:
    app = real("openai/gpt-5-mini", "")
    bare = ModelChoice(name="openai/gpt-5-mini")
    app.selectbox(key=setting_key(bare, "effort")).select("low")
    for name, value in {"thinking_tokens": 4096, "per_minute": 30, "timeout_s": 60, "price_input": 0.5}.items():
        app.number_input(key=setting_key(bare, name)).set_value(float(value))
    app.run()
    assert app.button(key=use_key()).disabled
    assert any("two parts at least" in text for text in markup(app))
    app.number_input(key=setting_key(bare, "price_output")).set_value(0.0).run()
    press(app, "Use this model")
    price = Price(input=0.5e-6, output=0)
    wanted = {"effort": "low", "thinking_tokens": 4096, "per_minute": 30.0, "timeout_s": 60.0, "price": price}
    assert chosen() == Team(proposers=(bare.model_copy(update=wanted),))
    assert "effort low" in in_use(app)
    app.text_input(key="real:name").input("openai/gpt-5").run()
    assert app.number_input(key=setting_key(ModelChoice(name="openai/gpt-5"), "price_input")).value is None


def test_several_propose_and_one_judges() -> None:
    app = real("openai/gpt-5", "")
    press(app, "Use this model")
    app.text_input(key="real:name").input("mistral/mistral-small-latest").run()
    press(app, "Add as proposer")
    look_at(app, "Simulated")
    press(app, "Use as judge")
    assert [element.value for element in app.markdown[:3]] == [
        r"**openai/gpt\-5** · proposes",
        r"**mistral/mistral\-small\-latest** · proposes",
        r"**simulated · accuracy 0\.5** · judges",
    ]
    one, two = ModelChoice(name="openai/gpt-5"), ModelChoice(name="mistral/mistral-small-latest")
    assert chosen() == Team(proposers=(one, two), judge=ModelChoice())
    app.switch_page("explore.py").run()
    named = r"Model: openai/gpt\-5 \+ mistral/mistral\-small\-latest, judged by simulated · accuracy 0\.5"
    assert any(link.label.startswith(named) for link in app.page_link)
    app.switch_page("models.py").run()
    app.button(key="remove:0").click().run()
    app.button(key="remove:judge").click().run()
    assert chosen() == Team(proposers=(two,))
    assert not any(button.label == "Remove" for button in app.button)


def test_a_choice_is_remembered_by_a_later_browser_session(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeServer() as server:
        press(real("fake-1", server.url), "Use this model")
        monkeypatch.delenv("TTC_MODEL")
        later = open_models()
        assert in_use(later).startswith("**fake\\-1 at 127")
        assert any("Chosen before" in text for text in markup(later))


def test_a_bad_model_in_the_environment_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTC_MODEL", "simulated:wrong=1")
    app = open_models()
    assert in_use(app) == r"**simulated · accuracy 0\.5**"
    assert any("wrong" in text for text in markup(app))


def test_a_server_that_runs_here_is_found_and_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeServer() as server:
        monkeypatch.setenv("TTC_SERVERS", f"none,{server.url},nonsense")
        app = open_models()
        assert "Address 2" in app.warning[0].value
        assert app.selectbox(key=f"server:{server.url}").options == ["fake-1"]
        app.button(key=use_key(server.url)).click().run()
    assert chosen() == Team(proposers=(ModelChoice(name="fake-1", api_base=server.url),))
    app.button(key=use_key(server.url))  # what was found is kept for a while
    press(app, "Look again")
    assert any("Nobody answered" in text for text in markup(app))


def test_a_file_of_ones_own_is_checked_and_used(tmp_path: Path) -> None:
    app = open_models()
    for name, data, words in (("none.gguf", None, "no file"), ("bad.gguf", b"x" * 9, "not a GGUF")):
        path = tmp_path / name
        if data:
            path.write_bytes(data)
        app.text_input(key="local:path").input(str(path)).run()
        assert any(words in text for text in markup(app))
    path = tmp_path / "my model.gguf"
    path.write_bytes(DATA)
    app.text_input(key="local:path").input(str(path)).run()
    app.button(key=use_key("own")).click().run()
    assert in_use(app) == r"**my model\.gguf on this machine**"
    assert chosen() == Team(proposers=(ModelChoice(name=f"local/{path}"),))


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("PIP_INDEX_URL", CLOSED)
    monkeypatch.setenv("PIP_RETRIES", "0")
    with FakeHub() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        yield server


def tiny_shelf() -> AppTest:
    """The cards of one tiny model, with the card of those in use above."""

    def page() -> None:
        from pages._parts.local_models import catalogue_cards
        from pages._parts.team import in_use_card
        from tests.fake_hub import WEIGHTS

        in_use_card()
        catalogue_cards([WEIGHTS])

    return AppTest.from_function(page, default_timeout=30).run()


def test_fetched_with_one_click_used_at_once_and_deleted(hub: FakeHub, tmp_path: Path) -> None:
    hub.holds_at = 200_000
    app = tiny_shelf()
    press(app, "Fetch")
    assert hub.holding.wait(30)
    hub.holds_at = None
    assert any(button.label == "Cancel" for button in app.button)
    app.button(key=f"cancel:{WEIGHTS.name}").click().run()
    wait_for(app, lambda: any(button.label == "Go on" for button in app.button))
    assert "simulated" in in_use(app)
    press(app, "Go on")
    wait_for(app, lambda: "simulated" not in in_use(app))
    assert (tmp_path / "models" / WEIGHTS.file).read_bytes() == DATA
    assert chosen() == Team(proposers=(ModelChoice(name=WEIGHTS.name),))
    app.button(key=f"delete:{WEIGHTS.name}").click().run()
    assert "simulated" in in_use(app)
    assert any("were deleted" in text for text in markup(app))
    assert not (tmp_path / "models" / WEIGHTS.file).exists()
    assert any(button.label.startswith("Fetch") for button in app.button)


def test_what_is_fetched_does_not_displace_a_real_model(hub: FakeHub) -> None:
    press(real("openai/gpt-5", ""), "Use this model")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("TTC_MODEL")
        patch.setenv("OPENAI_API_KEY", SECRET)
        app = tiny_shelf()
        press(app, "Fetch")
        wait_for(app, lambda: any(button.key == use_key(WEIGHTS.name) for button in app.button))
        assert in_use(app) == r"**openai/gpt\-5**"
        app.button(key=use_key(WEIGHTS.name, "judge")).click().run()
    assert chosen() == Team(proposers=(ModelChoice(name="openai/gpt-5"),), judge=ModelChoice(name=WEIGHTS.name))


def test_a_fetch_that_fails_is_a_sentence_and_can_be_tried_again(hub: FakeHub) -> None:
    hub.status = 500
    app = open_models()
    app.button(key=f"fetch:{catalogue()[0].name}").click().run()
    wait_for(app, lambda: bool(app.error))
    assert "could not be fetched" in app.error[0].value
    assert any(button.label == "Try again" for button in app.button)


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
    assert app.session_state["_keys"]["http://one.example"].secret == SECRET
    assert SECRET not in str(app.query_params)


def test_a_key_stays_with_its_host() -> None:
    app = real()
    enter_key(app)
    press(app, "Use this model")
    app.text_input(key="real:base").input("http://two.example/v1").run()
    press(app, "Use this model")
    assert "key" not in in_use(app)
    app.text_input(key="real:base").input("http://one.example/v2").run()
    press(app, "Use this model")
    assert "with the key you entered" in in_use(app)


def test_a_key_typed_but_not_used_is_forgotten_with_its_host() -> None:
    app = real()
    enter_key(app)
    app.text_input(key="real:base").input("http://two.example/v1").run()
    app.text_input(key="real:base").input("http://one.example/v1").run()
    press(app, "Use this model")
    assert "_keys" not in app.session_state


def test_a_key_is_forgotten_on_request() -> None:
    app = real()
    enter_key(app)
    press(app, "Use this model")
    press(app, "Forget it")
    assert app.session_state["_keys"] == {}
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


def test_what_a_model_and_a_team_are_called() -> None:
    assert called(ModelChoice(name="simulated:judge=0.9")) == "simulated · accuracy 0.5 · judge 0.9"
    assert called(ModelChoice(name="openai/m")) == "openai/m"
    assert called(ModelChoice(name="m", api_base="http://localhost:8000/v1")) == "m at localhost:8000"
    assert called(ModelChoice(name=catalogue()[0].name)) == f"{catalogue()[0].title} on this machine"
    with pytest.raises(BadInput):
        called(ModelChoice(name="simulated:wrong=1"))
    assert team_called(Team(proposers=(A, A, B), judge=A)) == "a/a + b/b"
    assert team_called(Team(proposers=(A,), judge=B)) == "a/a, judged by b/b"


A, B, C = (ModelChoice(name=f"{letter}/{letter}") for letter in "abc")


def test_how_a_team_changes() -> None:
    both = Team(proposers=(A, B), judge=C)
    assert changed(both, A, "alone") == Team(proposers=(A,))
    assert changed(both, C, "proposer") == Team(proposers=(A, B, C), judge=C)
    assert changed(both, A, "proposer") == both
    assert changed(both, A, "judge") == Team(proposers=(A, B))
    full = Team(proposers=tuple(ModelChoice(name=f"p/{number}") for number in range(16)))
    assert changed(full, A, "proposer") is None
    assert without(both, 0) == Team(proposers=(B,), judge=C)
    assert without(Team(proposers=(A, B), judge=B), 0) == Team(proposers=(B,))
    assert without(both, "judge") == Team(proposers=(A, B))
    assert left_of(both, "b/b") == Team(proposers=(A,), judge=C)
    assert left_of(Team(proposers=(A,), judge=A), "a/a") == Team(proposers=(ModelChoice(),))


def test_printing_shows_no_key() -> None:
    assert SECRET not in repr(Key("openai", SECRET))


def test_a_name_reads_back_to_its_settings() -> None:
    settings = SimulatedSettings(accuracy=0.123, judge_correlation=0, tokens=100_000, speed=1000)
    assert SimulatedSettings.parse(name_of(settings).partition(":")[2]) == settings


def test_what_the_odds_mean() -> None:
    assert "**4** are right" in meaning(SimulatedSettings(accuracy=0.25))
    assert "**50%**" in meaning(SimulatedSettings(judge=0.9, position_bias=1))
