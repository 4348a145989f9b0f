"""Access: the owner may do everything; a viewer may read one session, and nothing else below any page."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from tests.store.samples import RIGHT, SETTINGS, SHEEP, dump, inner_settings, is_sentence, keep, reply
from ttc_core.errors import NotAllowed, NotFound
from ttc_core.store.library import Access, Library
from ttc_core.store.store import Store
from ttc_core.store.values import RunSummary

READS_OF_ONE = {"session", "runs", "run", "events"}
"""What a viewer may do, for the shared session."""
NOT_OF_A_LIBRARY = {"shared", "may_change"}
"""How one comes to a library, and what it says of itself."""


def refused_methods() -> list[str]:
    """Every other public name of a library, so that a method added later is held to the rule too."""
    return [name for name in vars(Library) if not name.startswith("_") and name not in READS_OF_ONE | NOT_OF_A_LIBRARY]


def arguments(store: Store, name: str, session_id: str, run_id: str) -> dict[str, object]:
    """Sound arguments, so that nothing but the rule of access can refuse them."""
    known: dict[str, object] = {
        "session_id": session_id,
        "run_id": run_id,
        "prefix": "s_" if name == "find_session" else "r_",
        "title": "A new title",
        "problem": SHEEP,
        "reference": RIGHT,
        "settings": SETTINGS,
        "summary": RunSummary(status="failed"),
        "owner": "host:2",
        "former": "host:1",
        "info": store.session(session_id).model_copy(update={"id": "s_added", "runs": ()}),
        "logs": {},
        "entries": [(SHEEP, RIGHT)],
        "problem_id": "own/none",
    }
    needed = inspect.signature(getattr(Library, name)).parameters.values()
    return {p.name: known[p.name] for p in needed if p.name != "self" and p.default is p.empty}


@pytest.mark.parametrize("name", refused_methods())
def test_a_viewer_is_refused_everything_but_reading(store: Store, path: Path, name: str) -> None:
    session_id, (run_id,) = keep(store, [reply(1)])
    given = arguments(store, name, session_id, run_id)
    before = dump(path)
    with pytest.raises(NotAllowed) as caught:
        getattr(Library(store, Access.viewer(session_id)), name)(**given)
    assert is_sentence(caught.value)
    assert dump(path) == before
    getattr(Library(store, Access.owner()), name)(**given)


def test_the_rule_covers_what_changes_things() -> None:
    changing = {"create_session", "create_run", "rename", "delete_session", "save_summary", "share", "revoke"}
    assert changing <= set(refused_methods())


@pytest.mark.parametrize("name", sorted(READS_OF_ONE))
def test_a_viewer_reads_the_shared_session_and_no_other(store: Store, name: str) -> None:
    shared, (shared_run,) = keep(store, [reply(1)])
    other, (other_run,) = keep(store, [reply(1)])
    viewer, owner = Library(store, Access.viewer(shared)), Library(store, Access.owner())
    of_run = name in ("run", "events")
    assert getattr(viewer, name)(shared_run if of_run else shared)
    assert getattr(owner, name)(other_run if of_run else other)
    for hidden in (other_run, "r_none") if of_run else (other, "s_none", ""):
        with pytest.raises(NotAllowed) as caught:
            getattr(viewer, name)(hidden)
        assert is_sentence(caught.value)


def test_a_viewer_sees_the_same_log(store: Store) -> None:
    shared, (run_id,) = keep(store, [reply(seq) for seq in range(1, 6)])
    viewer = Library(store, Access.viewer(shared))
    assert viewer.events(run_id) == store.events(run_id)
    assert viewer.events(run_id, 1, 3) == [reply(2), reply(3)]


def test_a_viewer_does_not_learn_of_machines_and_accounts(store: Store) -> None:
    session_id = store.create_session(SHEEP, None).id
    settings = inner_settings()
    run_id = store.create_run(session_id, settings, "inner-host:1")
    viewer = Library(store, Access.viewer(session_id))
    for seen in (viewer.session(session_id), viewer.runs(session_id)[0], viewer.run(run_id)):
        text = seen.model_dump_json()
        assert "inner" not in text
        assert "SECRET_NAME" not in text
        assert '"name":"local/mine.gguf"' in text
    assert Library(store, Access.owner()).run(run_id).settings == settings


def test_a_link_leads_to_a_viewers_library_until_it_is_revoked(store: Store) -> None:
    session_id, _ = keep(store, [reply(1)])
    token = store.shares.share(session_id)
    library = Library.shared(store, token)
    assert library.session(session_id).title
    assert not library.may_change
    store.shares.revoke(session_id)
    for link in (token, "guess", ""):
        with pytest.raises(NotFound) as caught:
            Library.shared(store, link)
        assert is_sentence(caught.value)


def test_a_viewer_of_no_session_sees_nothing(store: Store) -> None:
    session_id, _ = keep(store)
    with pytest.raises(NotAllowed):
        Library(store, Access.viewer("")).session(session_id)
