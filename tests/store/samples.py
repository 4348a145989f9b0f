"""What the store's tests share: values to keep, a database as text, and what a sentence is."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from ttc_core.choice import ModelChoice, Team
from ttc_core.events import Logged, fold
from ttc_core.events.kinds import CallFinished
from ttc_core.store.store import Store
from ttc_core.store.values import RunSettings, summary_of
from ttc_core.types import Budget, Problem, Reference

SHEEP = Problem(id="sheep", text="A farmer has 17 sheep.\nHow many legs?", kind="number", topic="counting")
RIGHT = Reference(answer="68", aliases=("sixty-eight",))
SETTINGS = RunSettings(
    strategy="tournament",
    params={"candidates": 16, "nested": {"a": [1, None]}},
    model="simulated",
    budget=Budget(calls=40),
)


def inner_settings() -> RunSettings:
    """Settings that tell of machines, folders and accounts wherever they can."""
    place = {"api_base": "http://inner.example/v1", "key_env": "SECRET_NAME"}
    reached = ModelChoice(name="openai/x", **place)
    mine = ModelChoice(name="local//home/inner/mine.gguf")
    windows = ModelChoice(name=r"local/C:\Users\inner\other.gguf")
    team = Team(proposers=(mine, reached), judge=windows)
    return SETTINGS.model_copy(update={"model": mine.name, "team": team, **place})


def reply(seq: int, text: str = "68") -> Logged:
    return Logged(seq=seq, at=1_700_000_000.25 + seq, event=CallFinished(call=f"c{seq}/propose", text=text))


def keep(store: Store, *logs: Sequence[Logged], title: str | None = None) -> tuple[str, list[str]]:
    """A session with one run for each log, and their ids."""
    session_id = store.create_session(SHEEP, RIGHT, title).id
    run_ids = [store.create_run(session_id, SETTINGS, "host:1") for _ in logs]
    for run_id, log in zip(run_ids, logs, strict=True):
        for logged in log:
            store.log.put(run_id, logged)
        store.save_summary(run_id, summary_of(fold(log)))
    assert store.log.flush(30)
    return session_id, run_ids


def dump(path: Path) -> list[str]:
    """Everything a database file holds, as text."""
    connection = sqlite3.connect(path)
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


def is_sentence(text: object) -> bool:
    words = str(text)
    return (
        words.endswith(".") and "\n" not in words and words[0].isupper() and len(words) < 300 and "Error" not in words
    )
