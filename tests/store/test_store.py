"""Sessions, runs and logs: what is kept comes back, in order, and nothing else does."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine, event

from tests.store.samples import RIGHT, SETTINGS, SHEEP, dump, is_sentence, keep, reply
from tests.views import sample_logs
from ttc_core.choice import ModelChoice, Price, Team
from ttc_core.errors import BadInput, NotFound
from ttc_core.events import Logged, fold
from ttc_core.events.kinds import CallText, Scored
from ttc_core.store.store import Store
from ttc_core.store.values import RunSummary, summary_of
from ttc_core.types import Problem, Reference


def test_a_session_comes_back_as_it_was_kept(store: Store) -> None:
    made = store.create_session(SHEEP, RIGHT)
    assert re.fullmatch(r"s_[a-z2-7]{12}", made.id)
    assert store.session(made.id) == made
    assert (made.problem, made.reference, made.title) == (SHEEP, RIGHT, "A farmer has 17 sheep.")
    assert store.create_session(SHEEP, None).reference is None


def test_values_are_frozen(store: Store) -> None:
    made = store.create_session(SHEEP, None)
    with pytest.raises(ValidationError):
        made.title = "another"  # type: ignore[misc]


def test_runs_keep_their_settings_and_order(store: Store) -> None:
    session_id = store.create_session(SHEEP, None).id
    run_ids = [store.create_run(session_id, SETTINGS.model_copy(update={"seed": n}), "host:9") for n in range(3)]
    runs = store.runs(session_id)
    assert [run.id for run in runs] == run_ids
    assert [run.place for run in runs] == [1, 2, 3]
    assert [run.settings.seed for run in runs] == [0, 1, 2]
    assert runs[0].settings == SETTINGS
    assert runs[0].owner == "host:9"
    assert runs[0].summary == RunSummary()
    assert store.run(run_ids[1]) == runs[1]
    assert re.fullmatch(r"r_[a-z2-7]{12}", run_ids[0])


@pytest.mark.parametrize("name", sorted(sample_logs.samples()))
def test_logs_come_back_whole_and_in_part(store: Store, name: str) -> None:
    log = sample_logs.samples()[name]
    _, (run_id,) = keep(store, log)
    assert store.events(run_id) == log
    assert store.events(run_id, after=3) == log[3:]
    assert store.events(run_id, after=3, upto=5) == log[3:5]
    assert store.events(run_id, upto=0) == []
    assert store.run(run_id).summary == summary_of(fold(log))


def test_what_no_text_and_no_number_can_hold_is_kept_as_near_as_can_be(store: Store) -> None:
    half = Logged(seq=1, at=1.0, event=CallText(call="c", text="cut \ud83d"))
    none = Logged(seq=2, at=2.0, event=Scored(node="c", score=float("nan"), call="c"))
    _, (run_id,) = keep(store, [half, none])
    assert [logged.event for logged in store.events(run_id)] == [
        CallText(call="c", text="cut ?"),
        Scored(node="c", score=None, call="c"),
    ]
    store.save_summary(run_id, RunSummary(answer="\ud83d", cost=float("nan"), wall_s=1.5))
    assert store.run(run_id).summary == RunSummary(answer="?", cost=None, wall_s=1.5)
    kept = store.create_session(Problem(id="p", text="odd \ud83d"), Reference(answer="\ud83d"))
    assert store.session(kept.id) == kept
    assert kept.problem.text == "odd ?"


def test_an_event_that_cannot_be_read_is_said_to_be(store: Store, path: Path) -> None:
    _, (run_id,) = keep(store, [reply(1), reply(2)])
    with sqlite3.connect(path) as connection:
        connection.execute("""UPDATE events SET body = '{"kind":"of a later version"}' WHERE seq = 2""")
    assert store.events(run_id, upto=1) == [reply(1)]
    with pytest.raises(BadInput) as caught:
        store.events(run_id)
    assert is_sentence(caught.value)


def at(base: str) -> ModelChoice:
    return ModelChoice(name="openai/x", api_base=base, price=Price(input=1e-6, output=2e-6))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("http://localhost:11434/v1", "http://localhost:11434/v1"),
        ("https://me:hunter2@host.example:8443/v1?key=hunter2#hunter2", "https://host.example:8443/v1"),
        ("https://hunter2@[::1]/v1", "https://[::1]/v1"),
    ],
)
def test_a_base_url_is_kept_without_secrets(store: Store, path: Path, given: str, kept: str) -> None:
    session_id = store.create_session(SHEEP, None).id
    run_id = store.create_run(session_id, SETTINGS.model_copy(update={"api_base": given}))
    settings = SETTINGS.model_copy(update={"team": Team(proposers=(ModelChoice(), at(given)), judge=at(given))})
    team = store.run(store.create_run(session_id, settings)).settings.team
    assert store.run(run_id).settings.api_base == kept
    assert team == Team(proposers=(ModelChoice(), at(kept)), judge=at(kept))
    assert "hunter2" not in "".join(dump(path))


@pytest.mark.parametrize(
    "change",
    [
        {"key_env": "sk-live-hunter2"},
        {"key_env": "hunter2"},
        {"seed": 2**53 + 1},
        {"key_env": "A" * 200},
        {"api_base": "me:hunter2@host/v1"},
        {"api_base": "//me:hunter2@host/v1"},
        {"api_base": "file:///hunter2"},
        {"api_base": "http://[hunter2"},
        {"team": Team(proposers=(ModelChoice(), ModelChoice(key_env="hunter2")))},
        {"team": Team(proposers=(ModelChoice(api_base="me:hunter2@host/v1"),))},
        {"team": Team(proposers=(ModelChoice(),), judge=ModelChoice(key_env="sk-hunter2"))},
    ],
)
def test_settings_that_cannot_be_kept_are_refused_and_not_repeated(
    store: Store, path: Path, change: dict[str, object]
) -> None:
    session_id = store.create_session(SHEEP, None).id
    with pytest.raises(BadInput) as caught:
        store.create_run(session_id, SETTINGS.model_copy(update=change))
    assert is_sentence(caught.value)
    assert "hunter2" not in str(caught.value) + "".join(dump(path))
    assert store.runs(session_id) == ()


def test_the_name_of_a_keys_variable_is_kept(store: Store) -> None:
    session_id = store.create_session(SHEEP, None).id
    run_id = store.create_run(session_id, SETTINGS.model_copy(update={"key_env": "OPENAI_API_KEY"}))
    assert store.run(run_id).settings.key_env == "OPENAI_API_KEY"


def library(path: Path) -> Store:
    """Three sessions, one second apart."""
    seconds = iter(range(1_000, 2_000))
    store = Store(f"sqlite:///{path}", now=lambda: float(next(seconds)))
    store.create_session(Problem(id="a", text="Which 100% ÄRGER is this?"), None, "First")
    store.create_session(Problem(id="b", text="Find the \\ path_name"), None, "Second")
    third = store.create_session(SHEEP, None, "Third")
    run_id = store.create_run(third.id, SETTINGS.model_copy(update={"model": "openai/Gpt-5"}))
    store.save_summary(run_id, RunSummary(status="finished", answer="Paris_42"))
    return store


@pytest.mark.parametrize(
    ("search", "titles"),
    [
        ("", ["Third", "Second", "First"]),
        ("first", ["First"]),
        ("ärger", ["First"]),
        ("100%", ["First"]),
        ("%", ["First"]),
        ("path_name", ["Second"]),
        ("_", ["Third", "Second"]),
        ("\\", ["Second"]),
        ("paris", ["Third"]),
        ("TOURNAMENT gpt-5 sheep", ["Third"]),
        ("tournament ärger", []),
        ("kind", []),
        ("' OR 1=1 --", []),
    ],
)
def test_search(path: Path, search: str, titles: list[str]) -> None:
    with library(path) as store:
        assert [info.title for info in store.sessions(search)] == titles


def test_the_list_has_pages_and_the_runs_of_each(path: Path) -> None:
    with library(path) as store:
        assert [info.title for info in store.sessions(limit=2)] == ["Third", "Second"]
        assert [info.title for info in store.sessions(limit=2, offset=2)] == ["First"]
        first = store.sessions(limit=1)[0]
        assert first == store.session(first.id)
        assert first.runs[0].summary.answer == "Paris_42"


def test_a_list_of_any_length_takes_two_queries(store: Store) -> None:
    for _ in range(7):
        keep(store, [reply(1)], [reply(1)])
    queries: list[str] = []

    def note(_c: object, _u: object, statement: str, *_rest: object) -> None:
        queries.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert sum(len(info.runs) for info in store.sessions()) == 14
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len([query for query in queries if query.startswith("SELECT")]) == 2


@pytest.mark.parametrize(
    ("given", "kept"),
    [("  A   new\tname ", "A new name"), ("\n\nLine two\nLine three", "Line two"), ("a\x00b\x1b[0m", "a b [0m")],
)
def test_rename(store: Store, given: str, kept: str) -> None:
    session_id, _ = keep(store)
    store.rename(session_id, given)
    assert store.session(session_id).title == kept


def test_titles_are_never_empty_and_never_endless(store: Store) -> None:
    session_id, _ = keep(store, title="Mine")
    with pytest.raises(BadInput):
        store.rename(session_id, " \n\x00 ")
    assert store.session(session_id).title == "Mine"
    store.rename(session_id, "x" * 10_000)
    assert store.session(session_id).title == "x" * 199 + "…"
    assert store.create_session(Problem(id="p", text="\n"), None).title == "Untitled"


def test_deleting_a_session_takes_everything_of_it_and_nothing_else(store: Store, path: Path) -> None:
    other, _ = keep(store, [reply(1)])
    store.shares.share(other)
    before = dump(path)
    session_id, (run_id,) = keep(store, [reply(1)])
    store.shares.share(session_id)
    store.delete_session(session_id)
    assert dump(path) == before
    assert store.events(run_id) == []


def test_what_is_not_there(store: Store) -> None:
    for ask in (
        lambda: store.session("s_none"),
        lambda: store.runs("s_none"),
        lambda: store.run("r_none"),
        lambda: store.rename("s_none", "x"),
        lambda: store.delete_session("s_none"),
        lambda: store.create_run("s_none", SETTINGS),
        lambda: store.save_summary("r_none", RunSummary()),
        lambda: store.find_session("s_none"),
        lambda: store.find_session(""),
        lambda: store.find_run("%"),
    ):
        with pytest.raises(NotFound) as caught:
            ask()
        assert is_sentence(caught.value)


def test_a_word_that_is_no_text_is_bad_input(store: Store) -> None:
    with pytest.raises(BadInput):
        store.find_session("s_\udcff")


def test_numbers_without_end_are_bad_input(store: Store) -> None:
    _, (run_id,) = keep(store, [])
    with pytest.raises(BadInput):
        store.save_summary(run_id, RunSummary(tokens_in=10**30))


def test_the_beginning_of_an_id_will_do_if_it_is_one_only(store: Store) -> None:
    session_id, (run_id,) = keep(store, [])
    assert store.find_session(session_id) == store.find_session(session_id[:6]) == session_id
    assert store.find_run("r_") == run_id
    keep(store)
    with pytest.raises(NotFound) as caught:
        store.find_session("s_")
    assert "Several" in str(caught.value)


def test_unfinished_runs_are_known_and_taken_over_once(store: Store) -> None:
    _, (run_id, ended) = keep(store, [reply(1)], [reply(1)])
    store.save_summary(ended, RunSummary(status="finished"))
    assert [run.id for run in store.unfinished_runs()] == [run_id]
    assert store.take_over(run_id, "host:2", "host:1")
    assert not store.take_over(run_id, "host:3", "host:1")
    assert store.run(run_id).owner == "host:2"


def test_a_stopped_run_that_is_taken_over_is_unfinished_again(store: Store) -> None:
    _, (run_id,) = keep(store, [reply(1)])
    store.save_summary(run_id, RunSummary(status="stopped"))
    assert store.take_over(run_id, "host:2", "host:1")
    assert [run.id for run in store.unfinished_runs()] == [run_id]
