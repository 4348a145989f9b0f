"""A real language model on this machine, from its weights to an answer; a few short calls."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.real_weights import MODEL, need_weights

ROOT = Path(__file__).parent.parent.parent
SHORT = ["--set", "candidates=3", "--set", "votes=1", "--set", "skip_equivalent=false", "--set", "max_tokens=160"]
ASKED = ["--problem", "Anna has 12 apples and buys 30 more. How many has she now?", "--reference", "42"]


@pytest.fixture
def ttc(tmp_path: Path):
    """The command line with the real weights and a database of its own; starts the command."""
    folder = need_weights()
    environment = {**os.environ, "TTC_MODELS_DIR": str(folder), "TTC_DATABASE_URL": f"sqlite:///{tmp_path / 'ttc.db'}"}

    def start(*arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "ttc_core", *arguments],
            cwd=ROOT,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    return start


def finished(process: subprocess.Popen[str]) -> dict:
    out, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    return json.loads(out)


def events(tmp_path: Path, kind: str) -> list[dict]:
    with sqlite3.connect(tmp_path / "ttc.db") as kept:
        return [json.loads(body) for (body,) in kept.execute("select body from events where kind = ?", (kind,))]


def test_a_tournament_on_a_problem_just_typed_in_is_really_answered(ttc, tmp_path):
    outcome = finished(ttc("run", *ASKED, "--strategy", "tournament", "--model", MODEL, *SHORT, "--json"))
    assert outcome["status"] == "finished"
    assert outcome["simulated"] is False
    assert outcome["model"] == MODEL
    assert outcome["answer"] is not None
    assert outcome["verdict"] in ("correct", "incorrect")
    assert outcome["cost"] == 0.0
    assert outcome["tokens_estimated"] is False
    assert outcome["tokens_per_second"] > 0
    assert outcome["calls_by_role"] == {"propose": 3, "summarize": 3, "compare": outcome["calls_by_role"]["compare"]}
    made = [event["candidate"] for event in events(tmp_path, "candidate")]
    assert {candidate["answer"] for candidate in made} >= {outcome["answer"]}
    votes = events(tmp_path, "vote")
    assert votes
    assert all(vote["choice"] for vote in votes), "the grammar makes every verdict readable"


def test_it_is_the_default_once_it_is_fetched(ttc):
    outcome = finished(ttc("run", *ASKED, "--strategy", "single", "--set", "max_tokens=120", "--json"))
    assert outcome["model"].startswith("local/")
    listed = finished(ttc("models", "list", "--json"))
    assert MODEL in json.dumps(listed)


def test_a_server_that_dies_in_mid_run_is_started_again_and_the_run_goes_on(ttc, tmp_path):
    run = ttc("run", *ASKED, "--strategy", "tournament", "--model", MODEL, *SHORT, "--json")
    deadline = time.monotonic() + 120
    while not heard(tmp_path):
        assert time.monotonic() < deadline
        assert run.poll() is None, run.stderr.read()
        time.sleep(0.1)
    for child in children(run.pid):
        os.kill(child, signal.SIGKILL)
    outcome = finished(run)
    assert outcome["status"] == "finished"
    assert outcome["answer"] is not None
    assert outcome["retries"] >= 1
    assert any("ended" in event["message"] for event in events(tmp_path, "call_retried"))


def heard(tmp_path: Path) -> bool:
    """Whether the model has said something yet; the database is in the making before."""
    try:
        return (tmp_path / "ttc.db").exists() and bool(events(tmp_path, "call_text"))
    except sqlite3.OperationalError:
        return False


def children(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for path in told for child in path.read_text().split()]
