"""Opening a database: where it is by default, how it is set up, and one sentence for each way in which it cannot be."""

from __future__ import annotations

import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from tests.store.samples import dump, is_sentence, keep, reply
from ttc_core.errors import BadInput
from ttc_core.store.database import default_url
from ttc_core.store.store import Store


def refusal(url: str) -> str:
    with pytest.raises(BadInput) as caught:
        Store(url)
    assert is_sentence(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "cannot be read"),
        ("ttc.db", "cannot be read"),
        ("http://[::1", "cannot be read"),
        ("sqlite://", "must be a file"),
        ("sqlite:///:memory:", "must be a file"),
        ("sqlite+nosuch:////tmp/x.db", "driver"),
        ("mysql://someone:hunter2@host/name", "SQLite or PostgreSQL"),
        ("postgresql+nosuch://someone:hunter2@host/name", "driver"),
        ("sqlite:////no/such/folder/ttc.db", "folder does not exist"),
    ],
)
def test_a_url_that_cannot_be_used(url: str, says: str) -> None:
    words = refusal(url)
    assert says in words
    assert "hunter2" not in words


def test_a_file_that_is_no_database(path: Path) -> None:
    path.write_bytes(b"Dear diary, " * 1000)
    assert "not an SQLite database" in refusal(f"sqlite:///{path}")
    assert path.read_bytes() == b"Dear diary, " * 1000


def test_a_folder_in_place_of_the_file(path: Path) -> None:
    path.mkdir()
    assert "cannot be opened" in refusal(f"sqlite:///{path}")


def test_a_read_only_database(path: Path) -> None:
    Store(f"sqlite:///{path}").close()
    assert "read-only" in refusal(f"sqlite:///file:{path}?mode=ro&uri=true")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk() -> None:
    assert "full" in refusal("sqlite:////dev/full")


def test_another_programs_tables_stay_untouched(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE sessions (cookie TEXT)")
    before = dump(path)
    assert "another program" in refusal(f"sqlite:///{path}")
    assert dump(path) == before


def test_a_newer_database_stays_untouched(path: Path) -> None:
    Store(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE ttc_schema SET version = version + 1")
    before = dump(path)
    assert "newer version" in refusal(f"sqlite:///{path}")
    assert dump(path) == before


def test_what_was_kept_is_there_when_opened_again(path: Path) -> None:
    with Store(f"sqlite:///{path}") as store:
        session_id, (run_id,) = keep(store, [reply(1)])
    with Store(f"sqlite:///{path}") as store:
        assert store.session(session_id).runs[0].id == run_id
        assert store.events(run_id) == [reply(1)]


def test_the_file_is_made_for_readers_beside_a_writer(store: Store, path: Path) -> None:
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.execute("BEGIN IMMEDIATE")
    assert store.sessions() == []
    connection.close()


def test_many_may_make_the_file_at_once(path: Path) -> None:
    gate, errors = threading.Barrier(8), []

    def open_it() -> None:
        gate.wait()
        try:
            with Store(f"sqlite:///{path}") as store:
                keep(store, [reply(1)])
        except BadInput as error:
            errors.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with Store(f"sqlite:///{path}") as store:
        assert len(store.sessions()) == 8


def test_the_environment_names_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTC_DATABASE_URL", "postgresql://host/name")
    assert default_url() == "postgresql://host/name"


@pytest.mark.parametrize("folder", ["data", "odd %20 #name?"])
def test_else_it_is_in_the_users_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: str) -> None:
    monkeypatch.delenv("TTC_DATABASE_URL", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / folder))
    with Store(default_url()) as store:
        assert store.name == str(tmp_path / folder / "ttc-explorer" / "ttc.db")
        assert Path(store.name).is_file()
    assert stat.S_IMODE((tmp_path / folder / "ttc-explorer").stat().st_mode) == 0o700


def test_a_relative_data_folder_does_not_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TTC_DATABASE_URL", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_url() == f"sqlite:///{tmp_path}/.local/share/ttc-explorer/ttc.db"


def test_a_data_folder_that_cannot_be_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.delenv("TTC_DATABASE_URL", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    with pytest.raises(BadInput) as caught:
        default_url()
    assert is_sentence(caught.value)
