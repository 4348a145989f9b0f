"""A server's downloads: one for each model, told as they go, stopped and begun again."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import pytest

from tests.fake_hub import DATA, WEIGHTS, FakeHub, flipped
from ttc_core.errors import BadInput
from ttc_core.models.downloads import Downloads, DownloadState
from ttc_core.models.source_hub import from_hub
from ttc_core.models.sources import Source
from ttc_core.models.weights import remove


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with FakeHub() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        yield server


@pytest.fixture
def downloads(tmp_path: Path) -> Downloads:
    return Downloads(lambda: tmp_path, [Source("hub", from_hub)])


def ended(downloads: Downloads) -> DownloadState:
    deadline = time.monotonic() + 60
    while (state := downloads.state(WEIGHTS.name)) and state.running:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert state
    return state


def test_a_download_runs_to_its_end(downloads: Downloads, hub: FakeHub, tmp_path: Path) -> None:
    assert downloads.state(WEIGHTS.name) is None
    downloads.start(WEIGHTS)
    state = ended(downloads)
    assert state.done
    assert state.progress
    assert (state.progress.phase, state.progress.done) == ("checking", WEIGHTS.size)
    assert (tmp_path / WEIGHTS.file).read_bytes() == DATA


def test_it_is_begun_once_stopped_and_begun_again(downloads: Downloads, hub: FakeHub, tmp_path: Path) -> None:
    hub.holds_at = 200_000
    downloads.start(WEIGHTS)
    assert hub.holding.wait(30)
    downloads.start(WEIGHTS)
    with pytest.raises(BadInput, match="being fetched already"):
        remove(WEIGHTS, tmp_path)
    state = downloads.state(WEIGHTS.name)
    assert state
    assert state.running
    downloads.cancel(WEIGHTS.name)
    state = ended(downloads)
    assert state.cancelled
    assert not state.error
    assert len(hub.asked) == 1
    hub.holds_at = None
    downloads.start(WEIGHTS)
    assert ended(downloads).done


def test_a_failure_is_a_sentence_and_not_the_end(downloads: Downloads, hub: FakeHub) -> None:
    hub.data = flipped(DATA, 9)
    downloads.start(WEIGHTS)
    state = ended(downloads)
    assert "was not the pinned file" in state.error
    assert not state.done
    assert not state.cancelled
    hub.data = DATA
    downloads.start(WEIGHTS)
    assert ended(downloads).done


def test_a_mistake_of_ours_does_not_look_like_a_download_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bool:
        raise ZeroDivisionError

    told: Queue[type[BaseException]] = Queue()
    monkeypatch.setattr(threading, "excepthook", lambda args: told.put(args.exc_type))
    downloads = Downloads(lambda: tmp_path, [Source("hub", fail)])
    downloads.start(WEIGHTS)
    assert "ended unexpectedly" in ended(downloads).error
    assert told.get(timeout=30) is ZeroDivisionError


def test_stopping_what_never_began_does_nothing(downloads: Downloads) -> None:
    downloads.cancel("local/nobody")
    assert downloads.state("local/nobody") is None
