"""Share links: they open one session until they expire or are revoked, and a copy of the database opens none."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.store.samples import SHEEP, dump, is_sentence
from ttc_core.errors import BadInput, NotFound
from ttc_core.store.store import Store


class Clock:
    """Seconds that pass when told to."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def timed(path: Path, clock: Clock):
    with Store(f"sqlite:///{path}", now=clock) as store:
        yield store


def test_a_link_opens_its_session_and_only_its_hash_is_kept(store: Store, path: Path) -> None:
    first, second = store.create_session(SHEEP, None).id, store.create_session(SHEEP, None).id
    tokens = {store.shares.share(session): session for session in (first, second, first)}
    assert len(tokens) == 3
    assert {token: store.shares.resolve(token) for token in tokens} == tokens
    text = "".join(dump(path))
    for token in tokens:
        assert len(token) == 43
        assert token not in text
        assert hashlib.sha256(token.encode()).hexdigest() in text


@pytest.mark.parametrize("guess", ["", "x", "' OR 1=1 --", "\ud800", "a" * 100_000])
def test_a_guess_opens_nothing(store: Store, guess: str) -> None:
    token = store.shares.share(store.create_session(SHEEP, None).id)
    assert store.shares.resolve(guess) is None
    assert store.shares.resolve(hashlib.sha256(token.encode()).hexdigest()) is None
    assert store.shares.resolve(token[:-1]) is None


def test_a_link_expires(timed: Store, clock: Clock) -> None:
    session_id = timed.create_session(SHEEP, None).id
    token = timed.shares.share(session_id, expires_at=1_060.0)
    clock.now = 1_059.9
    assert timed.shares.resolve(token) == session_id
    clock.now = 1_060.0
    assert timed.shares.resolve(token) is None


@pytest.mark.parametrize("when", [999.0, 1_000.0, float("nan"), float("inf")])
def test_a_link_cannot_expire_in_the_past_or_at_no_time(timed: Store, when: float) -> None:
    session_id = timed.create_session(SHEEP, None).id
    with pytest.raises(BadInput) as caught:
        timed.shares.share(session_id, expires_at=when)
    assert is_sentence(caught.value)
    assert timed.shares.shares(session_id) == []


def test_links_are_revoked_one_by_one_or_together(timed: Store, clock: Clock) -> None:
    session_id, other = timed.create_session(SHEEP, None).id, timed.create_session(SHEEP, None).id
    kept = timed.shares.share(other)
    tokens = []
    for label in ("Ada", "Grace", "Edsger"):
        clock.now += 1
        tokens.append(timed.shares.share(session_id, label))
    links = timed.shares.shares(session_id)
    assert [link.label for link in links] == ["Ada", "Grace", "Edsger"]
    assert timed.shares.revoke(other, links[1].token_hash) == 0
    assert timed.shares.revoke(session_id, links[1].token_hash) == 1
    assert [timed.shares.resolve(token) for token in tokens] == [session_id, None, session_id]
    clock.now += 1
    assert timed.shares.revoke(session_id) == 2
    assert [timed.shares.resolve(token) for token in tokens] == [None, None, None]
    assert [link.revoked_at for link in timed.shares.shares(session_id)] == [1_004.0, 1_003.0, 1_004.0]
    assert timed.shares.resolve(kept) == other


def test_no_link_to_what_is_not_there(store: Store) -> None:
    with pytest.raises(NotFound):
        store.shares.share("s_none")


def test_a_deleted_sessions_links_are_gone(store: Store) -> None:
    session_id = store.create_session(SHEEP, None).id
    token = store.shares.share(session_id)
    store.delete_session(session_id)
    assert store.shares.resolve(token) is None
    assert store.shares.shares(session_id) == []
