"""The command line as scripts see it: one JSON value, one sentence, one exit code."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from tests.fake_server import USUAL_FAULTS, FakeServer
from ttc_core.cli import main

FAST = "simulated:speed=0"
PROBLEM = ["--problem", "What is 6 times 7?", "--reference", "42"]


def call(capsys, *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    try:
        code = main(arguments)
    except SystemExit as end:  # argparse ends like this
        code = int(end.code or 0)
    told = capsys.readouterr()
    return code, told.out, told.err


def run(capsys, db: str, *arguments: str, strategy: str = "tournament", model: str = FAST) -> dict:
    code, out, err = call(
        capsys, "run", *PROBLEM, "--strategy", strategy, "--model", model, "--db", db, "--json", *arguments
    )
    assert code == 0, err
    return json.loads(out)


def test_run_prints_one_object(capsys, db):
    outcome = run(capsys, db, "--preset", "paper", "--set", "candidates=8", "--set", "votes=4")
    assert outcome["status"] == "finished"
    assert outcome["verdict"] in ("correct", "incorrect")
    assert outcome["winner"].startswith("c")
    assert outcome["calls"] == sum(outcome["calls_by_role"].values()) >= 8 + 8 + 28
    assert outcome["cost"] == 0.0
    assert outcome["simulated"] is True
    assert 0 < outcome["b_seq"] < outcome["b_total"] == outcome["tokens_in"] + outcome["tokens_out"]
    assert outcome["critical_path_s"] <= outcome["wall_s"]


def test_replay_makes_no_call_and_gives_the_same_graph(capsys, db):
    outcome = run(capsys, db)
    _, out, _ = call(capsys, "replay", outcome["session"], "--db", db, "--json")
    whole = json.loads(out)
    assert whole["digest"] == outcome["digest"]
    assert whole["calls"] == 0
    assert whole["at"] == outcome["events"]
    _, out, _ = call(capsys, "replay", outcome["session"], "--at", "20", "--db", db, "--json")
    part = json.loads(out)
    assert part["at"] == 20
    assert {node["id"] for node in part["nodes"]} <= {node["id"] for node in whole["nodes"]}
    assert part["digest"] != whole["digest"]


def test_equal_seeds_give_equal_runs(capsys, db):
    digests = [run(capsys, db, "--seed", seed)["digest"] for seed in ("5", "5", "6")]
    assert digests[0] == digests[1] != digests[2]


def test_sessions_newest_first_and_files_round_trip(capsys, db, tmp_path):
    first, second = run(capsys, db), run(capsys, db, strategy="majority_vote")
    _, out, _ = call(capsys, "sessions", "--db", db, "--json")
    rows = json.loads(out)
    assert [row["session"] for row in rows] == [second["session"], first["session"]]
    assert rows[0]["runs"][0]["strategy"] == "majority_vote"
    file = str(tmp_path / "session.json")
    assert call(capsys, "export", first["session"], file, "--db", db)[0] == 0
    _, out, _ = call(capsys, "import", file, "--db", db, "--json")
    copy = json.loads(out)["session"]
    assert copy != first["session"]
    _, out, _ = call(capsys, "replay", copy, "--db", db, "--json")
    assert json.loads(out)["digest"] == first["digest"]
    page = tmp_path / "session.html"
    assert call(capsys, "export", first["session"], str(page), "--db", db)[0] == 0
    assert page.read_bytes().startswith(b"<!")


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", *PROBLEM, "--strategy", "tournamint"],
        ["run", *PROBLEM, "--strategy", "tournament", "--set", "candidates=1"],
        ["run", *PROBLEM, "--strategy", "tournament", "--set", "nonsense=1"],
        ["run", *PROBLEM, "--strategy", "tournament", "--set", "votes"],
        ["run", *PROBLEM, "--strategy", "tournament", "--preset", "huge"],
        ["run", *PROBLEM, "--strategy", "distill_refine", "--set", "drafts=a,b"],
        ["run", "--problem", "  ", "--strategy", "single"],
        ["run", "--problem-id", "no/such", "--strategy", "single"],
        ["run", "--strategy", "single"],
        ["run", *PROBLEM, "--strategy", "single", "--model", "simulated:accuracy=7"],
        ["run", *PROBLEM, "--strategy", "single", "--model", "no-such-provider-model"],
        ["run", *PROBLEM, "--strategy", "single", "--model", "openai/x", "--api-base", "ftp://here"],
        ["run", *PROBLEM, "--strategy", "single", "--model", "openai/x", "--api-key-env", "TTC_NO_SUCH_VARIABLE"],
        ["run", *PROBLEM, "--strategy", "single", "--budget-calls", "0"],
        ["run", *PROBLEM, "--strategy", "single", "--budget-dollars", "nan"],
        [
            "run",
            *PROBLEM,
            "--strategy",
            "single",
            "--model",
            "openai/x",
            "--api-base",
            "http://127.0.0.1:9/v1",
            "--budget-dollars",
            "1",
        ],
        ["replay", "s_nothere"],
        ["resume", "r_nothere"],
        ["export", "s_nothere", "x.json"],
        ["export", "s_nothere", "x.txt"],
        ["import", "/no/such/file.json"],
        ["dance"],
        [],
    ],
    ids=lambda arguments: " ".join(arguments)[-40:],
)
def test_bad_input_is_one_sentence_and_exit_code_two(capsys, db, arguments):
    code, out, err = call(capsys, *arguments, *(["--db", db] if arguments and arguments[0] != "dance" else []))
    assert code == 2
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    assert err.strip()[-1] in ".?"
    assert "Traceback" not in err
    _, out, _ = call(capsys, "sessions", "--db", db, "--json")
    assert json.loads(out) == []


def test_a_database_that_is_none_is_one_sentence(capsys, tmp_path):
    file = tmp_path / "not.db"
    file.write_text("this is not a database, " * 100)
    code, _, err = call(capsys, "sessions", "--db", f"sqlite:///{file}")
    assert code == 2
    assert len(err.strip().splitlines()) == 1
    assert file.read_text().startswith("this is not")


@pytest.mark.parametrize("command", ["strategies", "problems", "doctor", "sessions"])
def test_lists_print_json_and_words(capsys, db, command):
    code, out, _ = call(capsys, command, "--db", db, "--json")
    assert code == 0
    json.loads(out)
    code, out, _ = call(capsys, command, "--db", db)
    assert code == 0
    assert out.strip()


def test_no_list_shows_a_reference(capsys, db):
    _, out, _ = call(capsys, "problems", "--db", db, "--json")
    assert "reference" not in out
    assert "misconceptions" not in out


def test_every_token_the_server_served_is_accounted_for(capsys, db):
    with FakeServer(latency_s=0.01, seed=3) as server:
        outcome = run(capsys, db, "--api-base", server.url, "--set", "stop_early=false", model="openai/fake")
        assert outcome["calls"] == server.ledger.requests
        assert outcome["tokens_in"] == server.ledger.tokens_in
        assert outcome["tokens_out"] == server.ledger.tokens_out
        assert outcome["cost"] is None
        assert outcome["simulated"] is False


def test_a_budget_of_forty_calls_never_makes_a_forty_first(capsys, db):
    with FakeServer(latency_s=0.01, jitter=0.5, fault_rate=0.2, seed=4) as server:
        outcome = run(
            capsys,
            db,
            "--api-base",
            server.url,
            "--preset",
            "paper",
            "--budget-calls",
            "40",
            "--timeout",
            "1",
            model="openai/fake",
        )
        assert outcome["status"] == "cut_by_budget"
        assert outcome["answer"] is not None
        assert outcome["calls"] == server.ledger.requests == 40


def test_with_every_fault_there_is_a_run_ends_with_an_answer_and_shows_what_failed(capsys, db):
    faults = (*USUAL_FAULTS, "400", "401", "404", "503", "long", "hangup", "short", "inline", "filtered", "silent")
    with FakeServer(latency_s=0.01, jitter=0.5, fault_rate=0.2, faults=faults, seed=6) as server:
        settings = ["--preset", "paper", "--timeout", "1", "--concurrency", "64"]
        outcome = run(capsys, db, "--api-base", server.url, *settings, model="openai/fake")
        assert server.ledger.faults.total() > 20
        assert outcome["calls"] == server.ledger.requests
    assert outcome["status"] == "finished"
    assert outcome["answer"] in ("42", "41", "43", "24")
    assert outcome["retries"] > 5
    assert outcome["failed_calls"] > 0


def test_kill_and_resume_repeats_no_answered_call(capsys, db, tmp_path):
    settings = ["--set", "skip_equivalent=false", "--seed", "11", "--concurrency", "4"]
    with FakeServer(latency_s=0.15, jitter=0.5, seed=5) as server:
        whole = run(capsys, db, "--api-base", server.url, *settings, model="openai/fake")
    with FakeServer(latency_s=0.15, jitter=0.5, seed=5) as server:
        other = f"sqlite:///{tmp_path / 'killed.db'}"
        command = [
            sys.executable,
            "-m",
            "ttc_core",
            "run",
            *PROBLEM,
            "--strategy",
            "tournament",
            "--model",
            "openai/fake",
        ]
        process = subprocess.Popen([*command, "--api-base", server.url, "--db", other, "--json", *settings])
        deadline = time.monotonic() + 60
        while server.ledger.answered < 15 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        kept = sqlite3.connect(tmp_path / "killed.db")
        run_id = kept.execute("select id from runs").fetchone()[0]
        answered = {
            json.loads(body)["call"] for (body,) in kept.execute("select body from events where kind = 'call_finished'")
        }
        last = kept.execute("select max(seq) from events").fetchone()[0]
        assert 10 <= len(answered) < whole["calls"]
        code, out, err = call(capsys, "resume", run_id, "--db", other, "--json")
        assert code == 0, err
        again = [
            json.loads(body)["call"]
            for (body,) in kept.execute("select body from events where kind = 'call_started' and seq > ?", (last,))
        ]
        assert not answered & set(again)
        assert len(again) == len(set(again))
        resumed = json.loads(out)
        assert resumed["winner"] == whole["winner"]
        assert resumed["answer"] == whole["answer"]
        assert resumed["digest"] == whole["digest"]
    code, _, err = call(capsys, "resume", run_id, "--db", other)
    assert code == 2
    assert "ended" in err


def test_ctrl_c_keeps_what_is_done(db):
    command = [sys.executable, "-m", "ttc_core", "run", *PROBLEM, "--strategy", "tournament", "--db", db, "--json"]
    process = subprocess.Popen(
        [*command, "--model", "simulated:seconds=2"], stdout=subprocess.PIPE, env=dict(os.environ)
    )
    time.sleep(6)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=20)
    outcome = json.loads(out)
    assert outcome["status"] in ("stopped", "finished")
    assert outcome["events"] > 5
