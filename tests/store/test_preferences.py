"""Preferences: what was set is there, also when opened again; what cannot be kept changes nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.store.samples import is_sentence
from ttc_core.errors import BadInput
from ttc_core.store.preferences import MAX_BYTES
from ttc_core.store.store import Store


@pytest.mark.parametrize("value", ["words", 0, False, None, {"a": [1, {"b": "ä \ud83d"}]}, "x" * (MAX_BYTES - 2)])
def test_what_was_set_is_there_when_opened_again(path: Path, value: object) -> None:
    with Store(f"sqlite:///{path}") as store:
        store.preferences.set("it", "something else")
        store.preferences.set("it", value)
        store.preferences.set("other", 1)
    with Store(f"sqlite:///{path}") as store:
        assert store.preferences.get("it") == value


def test_what_was_removed_or_never_set_is_not_there(store: Store) -> None:
    store.preferences.set("it", 1)
    store.preferences.remove("it")
    store.preferences.remove("never")
    assert store.preferences.get("it") is None
    assert store.preferences.get("never") is None


@pytest.mark.parametrize("value", [object(), {1, 2}, float("nan"), "x" * (MAX_BYTES - 1), {"a": "ä" * 12_000}])
def test_what_cannot_be_kept_changes_nothing(store: Store, value: object) -> None:
    store.preferences.set("it", 1)
    with pytest.raises(BadInput) as caught:
        store.preferences.set("it", value)
    assert is_sentence(caught.value)
    assert store.preferences.get("it") == 1


def test_what_cannot_be_read_counts_as_not_there(store: Store, path: Path) -> None:
    store.preferences.set("it", 1)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE preferences SET body = '{'")
    assert store.preferences.get("it") is None
