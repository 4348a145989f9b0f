"""Runs in the worker's thread: started, watched, stopped, saved, and silent about keys."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import pytest

from tests.conftest import PROBLEM, REFERENCE
from tests.fake_server import FakeServer
from ttc_core.choice import ModelChoice, Team
from ttc_core.engine import Spec
from ttc_core.errors import BadInput, NotFound
from ttc_core.events import fold
from ttc_core.share.json_file import export_session
from ttc_core.share.session_page import export_html
from ttc_core.store.store import Store
from ttc_core.strategies import find
from ttc_core.worker import Live, Worker

CANARY = "sk-canary-9f8e7d6c5b4a39281706f5e4d3c2b1a0"


@pytest.fixture
def worker(tmp_path: Path):
    with Store(f"sqlite:///{tmp_path / 'ttc.db'}") as store:
        yield Worker(store)


def spec(strategy: str = "tournament", **values: object) -> Spec:
    return Spec(PROBLEM, strategy, find(strategy).settings("quick", values), REFERENCE, seed=3)


def team(name: str) -> Team:
    return Team(proposers=(ModelChoice(name=name),))


def wait(live: Live) -> None:
    assert live.done.wait(60)


def test_a_run_is_live_then_saved(worker):
    live = worker.start(spec(), team("simulated:speed=50"))
    assert worker.open(live.token) is live
    assert worker.open("guess") is None
    wait(live)
    saved = worker.store.events(live.run_id)
    assert saved == list(live.entries) == list(live.events_after(0))
    summary = worker.store.run(live.run_id).summary
    state = fold(saved)
    assert summary.status == state.status == "finished"
    assert summary.answer == state.answer
    assert summary.calls == state.totals.calls
    worker.forget(live.run_id)
    assert worker.live(live.run_id) is None


def test_two_runs_at_once(worker):
    lives = [worker.start(spec(name), team("simulated:speed=50")) for name in ("majority_vote", "best_of_n")]
    for live in lives:
        wait(live)
        assert worker.store.run(live.run_id).summary.status == "finished"


def test_stop_is_quick_keeps_what_is_done_and_may_be_said_twice(worker):
    live = worker.start(spec(), team("simulated:seconds=20"))
    while len(live.entries) < 12:
        time.sleep(0.01)
    worker.stop(live.run_id)
    worker.stop(live.run_id)
    wait(live)
    assert worker.store.run(live.run_id).summary.status == "stopped"
    assert worker.store.events(live.run_id) == list(live.entries)
    with pytest.raises(NotFound):
        worker.stop("r_nothere")


def test_a_stopped_run_can_be_resumed(worker):
    live = worker.start(spec(), team("simulated:seconds=2"))
    while not any(entry.event.kind == "candidate" for entry in live.entries):
        time.sleep(0.01)
    worker.stop(live.run_id)
    wait(live)
    again = worker.resume(live.run_id)
    wait(again)
    state = fold(worker.store.events(live.run_id))
    assert state.status == "finished"
    answered = [entry.event.call for entry in again.entries if entry.event.kind == "call_finished"]
    assert len(answered) == len(set(answered))


def test_what_cannot_begin_saves_nothing(worker):
    for choice in (ModelChoice(name="simulated:accuracy=2"), ModelChoice(name="x", api_base="nonsense")):
        with pytest.raises(BadInput):
            worker.start(spec(), Team(proposers=(choice,)))
    assert worker.store.sessions() == []


def test_a_key_that_the_provider_echoes_is_found_nowhere(worker, tmp_path, caplog, capfd, monkeypatch):
    caplog.set_level(logging.DEBUG)
    with FakeServer(latency_s=0.01, fault_rate=0.5, faults=("401",), seed=2) as server:
        choice = ModelChoice(name="openai/fake", api_base=server.url)
        live = worker.start(spec("majority_vote"), Team(proposers=(choice,)), keys={choice.place: CANARY})
        wait(live)
        assert any(CANARY in header for header in server.ledger.authorizations)
    session = worker.store.run(live.run_id).session_id
    assert any(entry.event.kind == "call_failed" for entry in live.entries)
    told = capfd.readouterr()
    places = {
        "export": export_session(worker.store, session),
        "page": export_html(worker.store, session),
        "log": caplog.text.encode() + told.out.encode() + told.err.encode(),
        "events": repr(live.entries).encode(),
    }
    worker.store.close()
    places |= {file.name: file.read_bytes() for file in tmp_path.glob("ttc.db*")}
    for name, content in places.items():
        assert CANARY.encode() not in content, name
        assert CANARY[8:24].encode() not in content, name
