"""A session as a JSON file: it comes back the same under new ids, and a file made to do harm does none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import finish
from tests.store.samples import RIGHT, SHEEP, dump, inner_settings, is_sentence, keep
from tests.views import sample_logs
from ttc_core.choice import ModelChoice, Team
from ttc_core.errors import BadInput, NotAllowed, NotFound
from ttc_core.events import fold
from ttc_core.share import json_file
from ttc_core.share.json_file import export_session, import_session
from ttc_core.store.library import Access, Library
from ttc_core.store.store import Store

Json = dict[str, Any]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ttc.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(f"sqlite:///{path}") as opened:
        yield opened


@pytest.fixture
def data(store: Store) -> bytes:
    """A sound file of two runs."""
    session_id, _ = keep(store, sample_logs.tournament(4, votes=3), sample_logs.majority_vote(4))
    return export_session(store, session_id)


def without_ids(data: bytes) -> Json:
    content: Json = json.loads(data)
    content["session"]["id"] = ""
    for run in content["runs"]:
        run["id"] = ""
        for logged in run["events"]:
            logged["event"].pop("run", None)
    return content


@pytest.mark.parametrize("name", sorted(sample_logs.samples()))
def test_a_session_comes_back_the_same(store: Store, name: str) -> None:
    log = sample_logs.samples()[name]
    session_id, (run_id,) = keep(store, log)
    first = export_session(store, session_id)
    copy = import_session(store, first)
    assert without_ids(export_session(store, copy)) == without_ids(first)
    (run,) = store.runs(copy)
    assert fold(store.events(run.id)).graph.digest() == fold(log).graph.digest()
    assert run.summary.model_copy(update={"status": None}) == store.run(run_id).summary.model_copy(
        update={"status": None}
    )
    assert store.session(copy).problem == SHEEP
    assert store.session(copy).reference == RIGHT


async def test_a_run_of_the_engine_comes_back_the_same(store: Store) -> None:
    log, state = await finish("tournament_refine")
    session_id, _ = keep(store, log.entries)
    copy = import_session(store, export_session(store, session_id))
    again = fold(store.events(store.runs(copy)[0].id))
    assert again.graph.digest() == state.graph.digest()
    assert store.runs(copy)[0].summary.verdict == "correct"


def test_ids_are_made_anew_also_inside_the_log(store: Store, data: bytes) -> None:
    copies = [store.session(import_session(store, data)) for _ in range(2)]
    ids = {info.id for info in store.sessions()} | {run.id for info in store.sessions() for run in info.runs}
    assert len(ids) == 9
    for run in copies[0].runs:
        started = fold(store.events(run.id)).started
        assert started
        assert started.run == run.id


def test_a_run_that_was_going_on_is_kept_as_stopped(store: Store) -> None:
    session_id, _ = keep(store, sample_logs.tournament(4, votes=3)[:9])
    waiting = len(store.unfinished_runs())
    copy = import_session(store, export_session(store, session_id))
    assert store.runs(copy)[0].summary.status == "stopped"
    assert len(store.unfinished_runs()) == waiting


def test_a_session_without_runs_and_a_run_without_events(store: Store) -> None:
    for logs in ([], [[]]):
        session_id, _ = keep(store, *logs)
        copy = import_session(store, export_session(store, session_id))
        assert len(store.runs(copy)) == len(logs)


def test_a_file_tells_and_says_nothing_of_keys_machines_and_links(store: Store, data: bytes) -> None:
    session_id = store.create_session(SHEEP, None).id
    store.create_run(session_id, inner_settings(), "inner-host:1")
    token = store.shares.share(session_id, "inner circle")
    written = export_session(store, session_id)
    for secret in ("inner", "SECRET_NAME", token, store.shares.shares(session_id)[0].token_hash):
        assert secret.encode() not in written

    content = json.loads(data)
    evil = {"api_base": "https://stranger.example", "key_env": "OPENAI_API_KEY"}
    member = {"name": "local//etc/secret.gguf", **evil}
    content["runs"][0]["settings"] |= evil | {"team": {"proposers": [member, member], "judge": member}}
    copy = store.runs(import_session(store, json.dumps(content).encode()))[0].settings
    harmless = ModelChoice(name="local/secret.gguf")
    assert (copy.api_base, copy.key_env) == (None, None)
    assert copy.team == Team(proposers=(harmless, harmless), judge=harmless)


def test_a_file_from_before_there_were_teams_is_taken(store: Store, data: bytes) -> None:
    content = json.loads(data)
    for run in content["runs"]:
        assert run["settings"].pop("team") is None
    copy = store.runs(import_session(store, json.dumps(content).encode()))[0].settings
    assert copy.team is None
    assert copy.answering.name == "simulated"


def test_a_viewer_may_export_what_is_shared_and_import_nothing(store: Store, path: Path, data: bytes) -> None:
    shared, other = (info.id for info in [store.sessions()[0], store.create_session(SHEEP, None)])
    viewer = Library(store, Access.viewer(shared))
    assert export_session(viewer, shared) == data
    with pytest.raises(NotAllowed):
        export_session(viewer, other)
    before = dump(path)
    with pytest.raises(NotAllowed):
        import_session(viewer, data)
    assert dump(path) == before


def test_no_file_of_what_is_not_there(store: Store) -> None:
    with pytest.raises(NotFound):
        export_session(store, "s_none")


def nested(depth: int) -> list[Any]:
    content: list[Any] = []
    for _ in range(depth):
        content = [content]
    return content


def edit(change: Callable[[Json], object]) -> Callable[[bytes], bytes]:
    """An evil file that is a sound one but for one change."""

    def evil(data: bytes) -> bytes:
        content = json.loads(data)
        change(content)
        return json.dumps(content).encode()

    return evil


def first(content: Json, kind: str) -> Json:
    """The first event of a kind in the first run."""
    events = (logged["event"] for logged in content["runs"][0]["events"])
    return next(event for event in events if event["kind"] == kind)


def swap(content: Json) -> None:
    events = content["runs"][0]["events"]
    events[2], events[3] = events[3], events[2]


def circle(content: Json) -> None:
    """Two calls that each rest on the other."""
    calls = [e["event"] for e in content["runs"][0]["events"] if e["event"]["kind"] == "call_started"][:2]
    calls[0]["after"], calls[1]["after"] = [calls[1]["call"]], [calls[0]["call"]]


def crowd(content: Json) -> None:
    events = content["runs"][0]["events"]
    vote = first(content, "vote")
    events += [{"seq": len(events) + n, "at": events[-1]["at"], "event": vote} for n in range(1, 1_002)]


def spend(content: Json) -> None:
    """Tokens that are each possible, and together more than a number."""
    for run in content["runs"]:
        for logged in run["events"]:
            if logged["event"]["kind"] == "call_finished":
                logged["event"]["usage"]["tokens_in"] = 2**53


EVIL: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "nothing": ("as JSON", lambda data: b""),
    "not json": ("as JSON", lambda data: b"PK\x03\x04" + data),
    "cut off": ("as JSON", lambda data: data[:-200]),
    "not utf-8": ("as JSON", lambda data: data.replace(b"sheep", b"\xff\xfe")),
    "half a character": ("as JSON", lambda data: data.replace(b"sheep", rb"\ud800")),
    "a list": ("not a session", lambda data: b"[]"),
    "a number": ("not a session", lambda data: b"1"),
    "too large": ("larger than", lambda data: data + b" " * json_file.MAX_BYTES),
    "too many parts": ("too many parts", lambda data: b"[" + b"0," * json_file.MAX_PARTS + b"0]"),
    "very deep": ("as JSON", lambda data: b"[" * 200_000 + b"]" * 200_000),
    "deep where anything may stand": (
        "nested",
        edit(lambda c: c["runs"][0]["settings"]["params"].update(deep=nested(40))),
    ),
    "deep where nobody looks": ("nested", edit(lambda c: c.update(extra=nested(40)))),
    "nan": ("as JSON", lambda data: data.replace(b'"version":1', b'"version":1,"x":NaN')),
    "infinity": ("as JSON", lambda data: data.replace(b'"version":1', b'"version":1,"x":-Infinity')),
    "beyond infinity": (
        "number in it is too large",
        lambda data: data.replace(b'"version":1', b'"version":1,"x":1e999'),
    ),
    "nan as text": ("damaged at runs.0.events.1.at", edit(lambda c: c["runs"][0]["events"][1].update(at="NaN"))),
    "a huge number": ("as JSON", lambda data: data.replace(b'"version":1', b'"version":1,"x":' + b"9" * 100_000)),
    "a large number": ("whole number", edit(lambda c: c["runs"][0]["settings"].update(seed=2**53 + 1))),
    "a seed of text": ("damaged at runs.0.settings.seed", edit(lambda c: c["runs"][0]["settings"].update(seed="7"))),
    "another format": ("not a session", edit(lambda c: c.update(format="zip"))),
    "no format": ("not a session", edit(lambda c: c.pop("format"))),
    "a newer version": ("version", edit(lambda c: c.update(version=2))),
    "no runs": ("runs are missing", edit(lambda c: c.pop("runs"))),
    "too many runs": ("runs are missing", edit(lambda c: c.update(runs=c["runs"] * 101))),
    "too many events": ("250000 events", edit(lambda c: c["runs"][0].update(events=[0] * (json_file.MAX_EVENTS + 1)))),
    "runs that are none": ("damaged at runs.0", edit(lambda c: c.update(runs=[None, 5]))),
    "no problem": ("damaged at session.problem", edit(lambda c: c["session"].pop("problem"))),
    "an unknown event": ("damaged at runs.0.events", edit(lambda c: first(c, "candidate").update(kind="<script>"))),
    "an event of another shape": (
        "damaged at runs.0.events",
        edit(lambda c: first(c, "candidate").update(candidate="c1")),
    ),
    "no budget": (
        "damaged at runs.0.settings.budget",
        edit(lambda c: c["runs"][0]["settings"]["budget"].update(calls=-1)),
    ),
    "a gap": ("one by one", edit(lambda c: c["runs"][0]["events"].pop(4))),
    "a number twice": ("one by one", edit(lambda c: c["runs"][0]["events"].insert(4, c["runs"][0]["events"][4]))),
    "out of order": ("one by one", edit(swap)),
    "not from one": (
        "one by one",
        edit(lambda c: [logged.update(seq=logged["seq"] + 1) for logged in c["runs"][0]["events"]]),
    ),
    "no beginning": (
        "begin with its start",
        edit(lambda c: c["runs"][0]["events"][0].update(event=first(c, "candidate"))),
    ),
    "a time that never was": ("possible time", edit(lambda c: c["runs"][0]["events"][1].update(at=1e300))),
    "a time before time": ("damaged at runs.0.created_at", edit(lambda c: c["runs"][0].update(created_at=-1.0))),
    "calls in a circle": ("comes of itself", edit(circle)),
    "its own parent": (
        "comes of itself",
        edit(lambda c: first(c, "node_opened").update(parents=[first(c, "node_opened")["node"]])),
    ),
    "an answer to nothing": ("before it was asked", edit(lambda c: first(c, "call_finished").update(call="nobody"))),
    "a crowd of votes": ("calls and votes", edit(crowd)),
    "less than no tokens": (
        "tokens or its cost",
        edit(lambda c: first(c, "call_finished")["usage"].update(tokens_in=-(10**9))),
    ),
    "more tokens than a number": ("tokens or its cost", edit(spend)),
    "a sound run, then a bad one": ("one by one", edit(lambda c: c["runs"][1]["events"].pop(4))),
}


@pytest.mark.parametrize("name", EVIL)
def test_an_evil_file_is_refused_in_a_sentence_and_changes_nothing(
    store: Store, path: Path, data: bytes, name: str
) -> None:
    why, spoil = EVIL[name]
    evil = spoil(data)
    assert evil != data
    before = dump(path)
    with pytest.raises(BadInput) as caught:
        import_session(store, evil)
    assert is_sentence(caught.value)
    assert why in str(caught.value)
    assert dump(path) == before


def test_a_sound_file_written_by_another_program_is_taken(store: Store, data: bytes) -> None:
    """So that it is the evil that the files above are refused for."""
    assert store.session(import_session(store, edit(lambda c: c.update(extra=nested(20)))(data)))


def test_nothing_is_kept_of_a_session_that_fails_in_the_middle(store: Store, path: Path) -> None:
    session_id, _ = keep(store, sample_logs.majority_vote(4), sample_logs.majority_vote(4))
    info = store.session(session_id).model_copy(update={"id": "s_new"})
    runs = tuple(run.model_copy(update={"id": f"{run.id}x", "session_id": "s_new"}) for run in info.runs)
    log = sample_logs.majority_vote(4)
    before = dump(path)
    with pytest.raises(BadInput):
        store.add_session(info.model_copy(update={"runs": runs}), {runs[0].id: log, runs[1].id: [*log, log[-1]]})
    assert dump(path) == before


def test_a_title_from_outside_is_one_short_line(store: Store, data: bytes) -> None:
    content = json.loads(data)
    content["session"]["title"] = "\x1b[2J" + "x" * 5_000 + "\nmore"
    assert len(store.session(import_session(store, json.dumps(content).encode())).title) <= 200
