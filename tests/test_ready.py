"""Which model answers when nobody says: the order, what makes one fall through, and the sentence that says why."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.store.samples import is_sentence
from ttc_core.choice import ModelChoice, Price, Team
from ttc_core.errors import BadInput
from ttc_core.models.catalogue import catalogue
from ttc_core.models.servers import FoundServer, ServedModel
from ttc_core.ready import Find, best_ready, parse_choice, remember_team, remembered_team, runs_local_models
from ttc_core.store.store import Store

OLLAMA = FoundServer(
    kind="Ollama",
    base="http://localhost:11434/v1",
    models=(ServedModel(name="base"), ServedModel(name="llama3.2:3b-instruct")),
)
REMOTE = FoundServer(kind="vLLM", base="http://gpu.lan:8000/v1", models=(ServedModel(name="big"),))
CLOUD = FoundServer(
    kind="Ollama", base="http://localhost:11434/v1", models=(ServedModel(name="huge:cloud", loaded=True),)
)
KEYS = {"OPENAI_API_KEY": "sk-canary", "ANTHROPIC_API_KEY": "sk-canary"}
SIMULATED = Team(proposers=(ModelChoice(),))


def team(name: str, base: str | None = None, **more: object) -> Team:
    return Team(proposers=(ModelChoice(name=name, api_base=base, **more),))  # type: ignore[arg-type]


def serving(*servers: FoundServer) -> Find:
    """Finds those of these servers that are looked for."""

    async def find(bases: Iterable[str]) -> tuple[FoundServer, ...]:
        wanted = set(bases)
        return tuple(server for server in servers if server.base in wanted)

    return find


@pytest.fixture(autouse=True)
def weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder for weights."""
    monkeypatch.setenv("TTC_MODELS_DIR", str(tmp_path / "weights"))
    (tmp_path / "weights").mkdir()
    return tmp_path / "weights"


def put_weights(folder: Path, number: int) -> str:
    """A file that looks like the catalogue's; sparse, so that it takes no room. The model's name."""
    entry = catalogue()[number]
    with (folder / entry.file).open("wb") as file:
        file.write(b"GGUF")
        file.truncate(entry.size)
    return entry.name


async def test_the_order(weights: Path) -> None:
    small, large = put_weights(weights, 0), put_weights(weights, 1)
    environ = {**KEYS, "TTC_MODEL": "openai/x@http://gpu.lan/v1/"}
    remembered = team("anthropic/claude")
    expected: list[Team] = []
    said: list[str] = []

    async def ask(wanted: Team, *servers: FoundServer, before: Team | None = None) -> None:
        answer, why = await best_ready(before, environ, find=serving(*servers))
        expected.append(wanted)
        said.append(why)
        assert answer == wanted
        assert is_sentence(why.replace("http://", ""))

    await ask(team("openai/x", "http://gpu.lan/v1"), OLLAMA, before=remembered)
    environ["TTC_MODEL"] = " "
    await ask(remembered, OLLAMA, before=remembered)
    await ask(team("llama3.2:3b-instruct", OLLAMA.base), OLLAMA)
    await ask(team(large))
    (weights / catalogue()[1].file).unlink()
    await ask(team(small), CLOUD)
    (weights / catalogue()[0].file).unlink()
    await ask(SIMULATED, CLOUD)
    assert len({team.name for team in expected}) == 6
    assert "TTC_MODEL" in said[0]
    assert said[1] == "Chosen before: anthropic/claude."
    assert said[2] == "Found on this machine: Ollama at localhost:11434."
    assert said[3] == "Fetched to this machine: Qwen2.5-Coder 1.5B Instruct."
    assert "made up" in said[5]


async def test_keys_are_offered_but_never_taken() -> None:
    chosen, why = await best_ready(None, KEYS, find=serving())
    assert chosen == SIMULATED
    assert "openai/" in why
    assert "costs money" in why
    assert "sk-canary" not in why
    assert "can be chosen" not in (await best_ready(None, {}, find=serving()))[1]


async def test_a_server_elsewhere_is_said_to_be() -> None:
    environ = {"TTC_SERVERS": REMOTE.base}
    chosen, why = await best_ready(None, environ, find=serving(REMOTE))
    assert chosen == team("big", REMOTE.base)
    assert "on this machine" not in why
    assert "gpu.lan:8000" in why


async def test_none_looks_nowhere() -> None:
    assert (await best_ready(None, {"TTC_SERVERS": "none"}, find=serving(OLLAMA)))[0] == SIMULATED


@pytest.mark.parametrize(
    ("remembered", "why"),
    [
        (team("local/qwen2.5-coder-0.5b"), "its weights are gone"),
        (team("local//no/such.gguf"), "its weights are gone"),
        (team("local/never-was"), "its weights are gone"),
        (team("llama", "http://127.0.0.1:9/v1"), "no server answers there"),
        (team("openai/gpt-5-mini"), "OPENAI_API_KEY is not set"),
        (team("x", "https://far.example/v1", key_env="FAR_KEY"), "FAR_KEY is not set"),
        (Team(proposers=(ModelChoice(),), judge=ModelChoice(name="local/never-was")), "its weights are gone"),
    ],
)
async def test_what_was_chosen_before_and_cannot_answer_falls_through(remembered: Team, why: str) -> None:
    chosen, said = await best_ready(remembered, {}, find=serving(OLLAMA))
    assert chosen == team("llama3.2:3b-instruct", OLLAMA.base)
    assert f"was chosen before, but {why}." in said
    assert said.endswith("Found on this machine: Ollama at localhost:11434.")


@pytest.mark.parametrize(
    "remembered",
    [
        team("simulated:accuracy=0.9"),
        team("base", OLLAMA.base),
        team("x", "http://127.0.0.1:9/v1", key_env="FAR_KEY"),
        team("x", "https://far.example/v1"),
        team("openai/gpt-5-mini", price=Price(input=1e-6, output=2e-6)),
        team("gpt-5-mini"),
        team("bedrock/claude"),
    ],
    ids=lambda team: team.name,
)
async def test_what_was_chosen_before_stays_while_nothing_speaks_against_it(remembered: Team) -> None:
    environ = {"OPENAI_API_KEY": "sk-canary", "FAR_KEY": "sk-canary"}
    assert (await best_ready(remembered, environ, find=serving(OLLAMA)))[0] == remembered


async def test_without_what_runs_them_local_models_are_not_taken(
    weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = team(put_weights(weights, 0))
    monkeypatch.setitem(sys.modules, "xllamacpp", None)  # as Python sees a package that is not there
    assert not runs_local_models()
    chosen, why = await best_ready(local, {}, find=serving())
    assert chosen == SIMULATED
    assert "not installed" in why


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("simulated:accuracy=0.4,judge=0.7", ModelChoice(name="simulated:accuracy=0.4,judge=0.7")),
        (" openai/gpt-5-mini ", ModelChoice(name="openai/gpt-5-mini")),
        ("vertex_ai/claude@2025", ModelChoice(name="vertex_ai/claude@2025")),
        ("a@1@http://host:1/v1/", ModelChoice(name="a@1", api_base="http://host:1/v1")),
        ("local//my models/x.gguf", ModelChoice(name="local//my models/x.gguf")),
    ],
)
def test_a_model_with_its_address(text: str, choice: ModelChoice) -> None:
    assert parse_choice(text) == choice


@pytest.mark.parametrize(
    "text",
    ["", "two words", "@http://host/v1", "x@http://", "x@http://me:hunter2@host/v1", "local/x@http://h", "http://h/v1"],
)
def test_what_names_no_model(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_choice(text)
    assert is_sentence(caught.value)
    assert "hunter2" not in str(caught.value)


def test_the_choice_is_remembered_without_secrets(tmp_path: Path) -> None:
    given = ModelChoice(name="x", api_base="https://me:hunter2@host/v1?key=hunter2", effort="high", per_minute=3.5)
    with Store(f"sqlite:///{tmp_path / 'ttc.db'}") as store:
        assert remembered_team(store.preferences) is None
        remember_team(store.preferences, Team(proposers=(given, ModelChoice()), judge=given))
        kept = given.model_copy(update={"api_base": "https://host/v1"})
        assert remembered_team(store.preferences) == Team(proposers=(kept, ModelChoice()), judge=kept)
        store.preferences.set("team", {"proposers": []})
        assert remembered_team(store.preferences) is None
