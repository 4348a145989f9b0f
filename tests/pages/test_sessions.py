"""The library page: what it lists, and what can be done with it."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages._parts.house import worker
from pages._parts.session_card import answers, menu_key, spending, standing, verdict
from tests.conftest import PROBLEM, REFERENCE, finish
from tests.pages.opening import ROOT, house, markup, open_page
from ttc_core.choice import ModelChoice, Team
from ttc_core.engine import Spec
from ttc_core.share.json_file import export_session
from ttc_core.store.store import Store
from ttc_core.store.values import RunInfo, RunSettings, RunSummary, SessionInfo, new_id
from ttc_core.strategies import find
from ttc_core.types import Budget, Problem

HOSTILE = "<img src=x onerror=alert(1)> **b** [l](javascript:alert(1)) ![i](http://x.example/i.png) www.x.example $x$"
DONE = RunSummary(
    status="finished", answer="35", verdict="correct", calls=28, tokens_in=1, tokens_out=1, cost=0.0, simulated=True
)
open_library = partial(open_page, "sessions.py")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    with house(tmp_path, monkeypatch):
        yield worker().store


def run_of(summary: RunSummary = DONE, *, owner: str = "elsewhere:1", place: int = 1) -> RunInfo:
    settings = RunSettings(strategy="tournament", model="simulated:accuracy=0.4")
    return RunInfo(
        id=new_id("r_"), session_id="", place=place, settings=settings, created_at=1e9, owner=owner, summary=summary
    )


def keep(store: Store, title: str, *runs: RunInfo, at: float = 1e9, text: str = PROBLEM.text) -> str:
    session_id = new_id("s_")
    info = SessionInfo(
        id=session_id,
        title=title,
        problem=Problem(id="p", text=text),
        reference=REFERENCE,
        created_at=at,
        updated_at=at,
        runs=tuple(run.model_copy(update={"session_id": session_id}) for run in runs),
    )
    store.add_session(info, {})
    return session_id


def titles(app: AppTest) -> list[str]:
    return [link.label.strip("*") for link in app.page_link if link.label.startswith("**")]


def pick(app: AppTest, session_id: str, what: str) -> AppTest:
    app.menu_button(key=menu_key(session_id)).click(what)
    return app.run()


def test_an_empty_library_says_so_and_leads_to_explore(store: Store) -> None:
    app = open_library()
    assert any("none yet" in text for text in markup(app))
    app.button[0].click().run()
    assert app.title[0].value == "Explore"


def test_a_session_is_listed_with_what_it_came_to(store: Store) -> None:
    keep(store, "Sheep", run_of())
    shown = " ".join(markup(open_library()))
    for words in ("Sheep", "how many", "Recursive tournament voting", "accuracy 0", "simulated", "**35**", "correct"):
        assert words in shown
    assert "28 calls" in shown
    assert "ago" in shown


def test_newest_first_fifty_a_page(store: Store) -> None:
    for n in range(53):
        keep(store, f"Number {n}", run_of(), at=1e9 + n)
    app = open_library()
    assert titles(app) == [f"Number {n}" for n in range(52, 2, -1)]
    app.button(key="Older:below").click().run()
    assert titles(app) == ["Number 2", "Number 1", "Number 0"]
    assert app.button(key="Older:above").disabled
    app.button(key="Newer:above").click().run()
    assert len(titles(app)) == 50


def test_search_goes_back_to_the_first_page(store: Store) -> None:
    for n in range(51):
        keep(store, f"N{n}x", run_of(), at=1e9 + n)
    app = open_library()
    app.button(key="Older:below").click().run()
    app.text_input(key="sessions:search").input("N7x").run()
    assert titles(app) == ["N7x"]
    app.text_input(key="sessions:search").input("*nowhere*").run()
    assert titles(app) == []
    assert any(r"\*nowhere\*" in text for text in markup(app))


def test_rename_keeps_what_cannot_be_used_out(store: Store) -> None:
    session_id = keep(store, "Old", run_of())
    app = pick(open_library(), session_id, "rename")
    app.text_input(key=f"title:{session_id}").input("   ")
    app.button[-1].click().run()
    assert "at least one character" in app.error[0].value
    app.text_input(key=f"title:{session_id}").input("New")
    app.button[-1].click().run()
    assert titles(app) == ["New"]
    assert store.session(session_id).title == "New"


def test_delete_asks_first_and_names_the_title(store: Store) -> None:
    kept, gone = keep(store, "Kept", run_of(), at=1), keep(store, "Gone", run_of(), at=2)
    app = pick(open_library(), gone, "delete")
    assert any("cannot be undone" in text for text in markup(app))
    assert "**Gone**" in markup(app)
    app.button(key="delete:no").click().run()
    assert titles(app) == ["Gone", "Kept"]
    app = pick(app, gone, "delete")
    app.button(key="delete:yes").click().run()
    assert titles(app) == ["Kept"]
    assert [info.id for info in store.sessions()] == [kept]


def test_a_running_session_is_stopped_before_it_can_be_deleted(store: Store) -> None:
    params = find("single").settings("quick")
    spec = Spec(PROBLEM, "single", params, REFERENCE, 7, Budget())
    live = worker().start(spec, Team(proposers=(ModelChoice(name="simulated:seconds=600"),)))
    app = open_library()
    assert any("running" in text for text in markup(app))
    pick(app, live.session_id, "delete")
    assert not [button for button in app.button if button.key == "delete:yes"]
    app.button(key="delete:stop").click().run()
    assert live.ended
    app.button(key="delete:yes").click().run()
    assert store.sessions() == []


def test_a_session_that_runs_in_another_process_cannot_be_deleted_here(store: Store) -> None:
    session_id = keep(store, "Busy", run_of(RunSummary(), owner=f"{platform.node()}:{os.getppid()}"))
    app = pick(open_library(), session_id, "delete")
    assert any("another process" in text for text in markup(app))
    assert not [button for button in app.button if (button.key or "").startswith("delete:")]


def test_a_session_that_is_gone_meanwhile_is_said_to_be(store: Store) -> None:
    session_id = keep(store, "Gone", run_of())
    app = open_library()
    store.delete_session(session_id)
    pick(app, session_id, "rename")
    assert not app.exception
    assert "There is no session" in app.toast[0].value


def test_downloads_are_offered_for_the_session_that_was_asked_for(store: Store) -> None:
    session_id = keep(store, "Sheep", run_of())
    app = open_library()
    assert len(app.download_button) == 0
    pick(app, session_id, "download")
    assert [button.label for button in app.download_button] == ["One HTML file", "JSON"]


async def test_what_was_downloaded_is_imported_once(store: Store) -> None:
    log, _ = await finish("single")
    run = run_of().model_copy(update={"session_id": "s_1"})
    info = SessionInfo(id="s_1", title="Sheep", problem=PROBLEM, created_at=1, updated_at=1, runs=(run,))
    store.add_session(info, {run.id: log.entries})
    data = export_session(store, "s_1")
    app = open_library()
    app.file_uploader[0].upload("sheep.json", data).run()
    assert app.success[0].value == "Imported."
    app.run()
    app.text_input(key="sessions:search").input("Sheep").run()
    assert titles(app) == ["Sheep", "Sheep"]
    assert len(store.sessions()) == 2


@pytest.mark.parametrize("data", [b"not json", b'{"format": "else"}', b'{"format": "ttc-session", "version": 1}'])
def test_a_bad_file_gives_a_sentence_and_changes_nothing(store: Store, data: bytes) -> None:
    app = open_library()
    app.file_uploader[0].upload("x.json", data).run()
    assert app.error[0].value.endswith(".")
    assert store.sessions() == []
    app.file_uploader[0].clear().run()
    assert not app.error


def test_hostile_titles_problems_and_answers_are_inert(store: Store) -> None:
    summary = DONE.model_copy(update={"answer": HOSTILE})
    session_id = keep(store, HOSTILE, run_of(summary), text=HOSTILE * 2)
    app = pick(open_library(), session_id, "delete")
    hostile = [text for text in markup(app) if "onerror" in text]
    assert len(hostile) == 4  # title, problem, answer, and the dialog
    for text in hostile:
        own = re.sub(r"^\*\*|\*\*(?= |$)|:(green|gray)-badge\[.*?\]", "", text)
        assert not re.search(r"(?<!\\)[<\[!*$`]|://|www\.", own), own
    assert not [element for element in (*app.markdown, *app.caption) if element.proto.allow_html]
    pick(app, session_id, "rename")
    assert app.text_input(key=f"title:{session_id}").value == HOSTILE


def test_a_viewer_sees_nothing_of_the_library(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(store, "Secret", run_of())
    monkeypatch.delenv("TTC_OPEN")
    app = AppTest.from_file(str(ROOT / "pages" / "sessions.py"), default_timeout=30).run()
    assert not any("Secret" in text for text in markup(app))
    assert app.info[0].value.endswith(".")
    assert not app.file_uploader
    assert not app.menu_button


def test_what_several_runs_come_to() -> None:
    wrong = DONE.model_copy(update={"answer": "26", "verdict": "incorrect", "calls": 2, "cost": 0.5})
    unpriced = DONE.model_copy(update={"cost": None})
    assert answers([run_of(), run_of(wrong), run_of()]) == "35 · 26"
    assert "1 of 2 correct" in verdict([run_of(), run_of(wrong)])
    assert spending([run_of(), run_of(wrong)]) == r"30 calls · \$0\.50"
    assert spending([run_of(), run_of(unpriced)]) == "56 calls · cost unknown"
    assert spending([run_of(RunSummary())]) == ""


def test_the_liveliest_run_tells_how_a_session_stands() -> None:
    done, going, cut_off = run_of(), run_of(RunSummary()), run_of(RunSummary())
    assert standing([done, going, cut_off], frozenset({going.id})) == "running"
    assert standing([done, cut_off], frozenset()).startswith("cut off")
    assert standing([done], frozenset()) == "finished"
    assert standing([], frozenset()) == "no run yet"
