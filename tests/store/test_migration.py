"""A database of an older version: it opens, keeps what it holds, and works from then on."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.store.samples import SETTINGS, SHEEP, dump, keep, reply
from ttc_core.choice import ModelChoice, Team
from ttc_core.store.store import Store

VERSION_1 = """
CREATE TABLE ttc_schema (version INTEGER NOT NULL, PRIMARY KEY (version));
CREATE TABLE sessions (
    id VARCHAR NOT NULL, title VARCHAR NOT NULL, problem JSON NOT NULL, reference JSON, created_at DOUBLE NOT NULL,
    updated_at DOUBLE NOT NULL, PRIMARY KEY (id)
);
CREATE INDEX ix_sessions_created_at ON sessions (created_at);
CREATE TABLE runs (
    id VARCHAR NOT NULL, session_id VARCHAR NOT NULL, place INTEGER NOT NULL, strategy VARCHAR NOT NULL,
    params JSON NOT NULL, model VARCHAR NOT NULL, api_base VARCHAR, key_env VARCHAR, seed BIGINT NOT NULL,
    budget JSON NOT NULL, created_at DOUBLE NOT NULL, owner VARCHAR NOT NULL, status VARCHAR, answer VARCHAR,
    verdict VARCHAR, candidate VARCHAR, calls INTEGER, tokens_in BIGINT, tokens_out BIGINT, cost DOUBLE, wall_s DOUBLE,
    critical_path_s DOUBLE, events INTEGER, simulated BOOLEAN, PRIMARY KEY (id), UNIQUE (session_id, place),
    FOREIGN KEY(session_id) REFERENCES sessions (id) ON DELETE CASCADE
);
CREATE TABLE events (
    run_id VARCHAR NOT NULL, seq BIGINT NOT NULL, at DOUBLE NOT NULL, kind VARCHAR NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (run_id, seq), FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE TABLE shares (
    token_hash VARCHAR NOT NULL, session_id VARCHAR NOT NULL, label VARCHAR NOT NULL, created_at DOUBLE NOT NULL,
    expires_at DOUBLE, revoked_at DOUBLE, PRIMARY KEY (token_hash),
    FOREIGN KEY(session_id) REFERENCES sessions (id) ON DELETE CASCADE
);
CREATE INDEX ix_shares_session_id ON shares (session_id);
INSERT INTO ttc_schema VALUES (1);
INSERT INTO sessions VALUES
    ('s_old', 'Sheep', '{"id": "sheep", "text": "How many legs?", "kind": "number"}', '{"answer": "68"}', 10.0, 11.0);
INSERT INTO runs VALUES
    ('r_old', 's_old', 1, 'single', '{"max_tokens": 9}', 'openai/gpt', 'http://host/v1', 'OPENAI_API_KEY', 7,
     '{"calls": 40, "tokens": null, "dollars": null, "seconds": null}', 10.5, 'host:1', 'finished', '68', 'correct',
     'c01', 1, 20, 30, 0.5, 1.5, 1.0, 1, 0);
INSERT INTO events VALUES ('r_old', 1, 10.6, 'call_finished', '{"kind":"call_finished","call":"c1","text":"68"}');
INSERT INTO shares VALUES ('abc', 's_old', 'for a friend', 10.7, NULL, NULL);
"""


@pytest.fixture
def old(path: Path) -> Path:
    with sqlite3.connect(path) as connection:
        connection.executescript(VERSION_1)
    connection.close()
    return path


def test_what_it_holds_is_there_as_before(old: Path) -> None:
    with Store(f"sqlite:///{old}") as store:
        (run,) = store.session("s_old").runs
        assert (run.settings.model, run.settings.team, run.settings.budget.calls) == ("openai/gpt", None, 40)
        alone = ModelChoice(name="openai/gpt", api_base="http://host/v1", key_env="OPENAI_API_KEY")
        assert run.settings.answering == Team(proposers=(alone,))
        assert (run.summary.answer, run.summary.cost, run.summary.simulated) == ("68", 0.5, False)
        assert [logged.event.kind for logged in store.events("r_old")] == ["call_finished"]
        assert store.shares.shares("s_old")[0].label == "for a friend"


def test_it_works_like_a_new_one_also_when_opened_again(old: Path) -> None:
    team = Team(proposers=(ModelChoice(name="a"),), judge=ModelChoice(name="b"))
    with Store(f"sqlite:///{old}") as store:
        run_id = store.create_run("s_old", SETTINGS.model_copy(update={"team": team}))
        store.preferences.set("team", "mine")
    with Store(f"sqlite:///{old}") as store:
        assert store.run(run_id).settings.team == team
        assert store.run(run_id).place == 2
        assert store.preferences.get("team") == "mine"
        keep(store, [reply(1)])
        store.delete_session("s_old")
        assert store.events("r_old") == []


def test_it_has_the_columns_of_a_new_one(old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.db"
    for path in (old, new):
        Store(f"sqlite:///{path}").close()
    columns = []
    for path in (old, new):
        connection = sqlite3.connect(path)
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: connection.execute(f"PRAGMA table_info({name})").fetchall() for name in tables}
        columns.append({name: {row[1:4] for row in found} for name, found in rows.items()})
        connection.close()
    assert columns[0] == columns[1]


def test_a_change_that_fails_leaves_all_as_it_was(old: Path) -> None:
    with sqlite3.connect(old) as connection:
        connection.execute("CREATE TABLE preferences (cookie TEXT)")  # in the way of the second step
    connection.close()
    before = dump(old)
    with pytest.raises(Exception, match="preferences"):
        Store(f"sqlite:///{old}")
    assert dump(old) == before


def test_a_session_without_a_team_is_kept_without(old: Path) -> None:
    with Store(f"sqlite:///{old}") as store:
        store.create_run(store.create_session(SHEEP, None).id, SETTINGS)
    connection = sqlite3.connect(old)
    assert connection.execute("SELECT count(*) FROM runs WHERE team IS NULL").fetchone() == (2,)
    connection.close()
