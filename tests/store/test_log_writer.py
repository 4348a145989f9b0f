"""The log's way to disk: nothing is lost between threads, in a killed process, or while a disk is full."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.store.samples import is_sentence, keep, reply
from ttc_core.store.database import Database
from ttc_core.store.store import Store
from ttc_core.store.writer import LogWriter

ROOT = Path(__file__).parents[2]

WRITE_AND_TELL = """
import sys
from tests.store.samples import keep, reply
from ttc_core.store.store import Store

store = Store(sys.argv[1])
session_id, (run_id,) = keep(store, [])
print(run_id, flush=True)
for seq in range(1, int(sys.argv[2]) + 1):
    store.log.put(run_id, reply(seq, "x" * 2000))
    if len(sys.argv) > 3:
        store.log.flush(30)
        print(seq, flush=True)
"""


def start(path: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITE_AND_TELL, f"sqlite:///{path}", *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_eight_threads_lose_nothing(store: Store) -> None:
    _, run_ids = keep(store, *([] for _ in range(8)))
    logs = {run_id: [reply(seq, f"{run_id} {seq}") for seq in range(1, 501)] for run_id in run_ids}

    def write(run_id: str) -> None:
        for logged in logs[run_id]:
            store.log.put(run_id, logged)

    threads = [threading.Thread(target=write, args=(run_id,)) for run_id in run_ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.log.flush(30)
    assert {run_id: store.events(run_id) for run_id in run_ids} == logs
    assert [store.log.error(run_id) for run_id in run_ids] == [None] * 8


def test_what_was_flushed_survives_a_killed_process(path: Path) -> None:
    child = start(path, "100000", "tell")
    assert child.stdout
    run_id = child.stdout.readline().strip()
    told = [int(child.stdout.readline()) for _ in range(50)][-1]
    child.send_signal(signal.SIGKILL)
    told = max([told, *(int(line) for line in child.stdout.read().splitlines(keepends=True) if line.endswith("\n"))])
    assert child.wait() == -signal.SIGKILL
    with Store(f"sqlite:///{path}") as store:
        log = store.events(run_id)
        assert len(log) >= told >= 50
        assert log == [reply(seq, "x" * 2000) for seq in range(1, len(log) + 1)]


def test_a_process_that_ends_by_itself_writes_what_waits(path: Path) -> None:
    child = start(path, "300")
    assert child.stdout
    run_id = child.stdout.read().strip()
    assert child.wait() == 0
    with Store(f"sqlite:///{path}") as store:
        assert len(store.events(run_id)) == 300


def test_a_deleted_run_is_said_to_be_lost_and_disturbs_no_other(store: Store) -> None:
    session_id, (gone,) = keep(store, [])
    _, (here,) = keep(store, [])
    store.delete_session(session_id)
    for seq in (1, 2):
        store.log.put(gone, reply(seq))
        store.log.put(here, reply(seq))
    assert store.log.flush(30)
    store.log.put(gone, reply(3))
    assert store.log.flush(30)
    assert is_sentence(store.log.error(gone))
    assert store.log.error(here) is None
    assert store.events(here) == [reply(1), reply(2)]


def test_two_writers_of_one_log_cannot_mix(store: Store) -> None:
    _, (run_id,) = keep(store, [reply(1, "mine"), reply(2, "mine")])
    store.log.put(run_id, reply(2, "another's"))
    store.log.put(run_id, reply(3, "another's"))
    assert store.log.flush(30)
    assert is_sentence(store.log.error(run_id))
    assert store.events(run_id) == [reply(1, "mine"), reply(2, "mine")]


def test_whoever_takes_a_run_over_can_write_it_again(store: Store) -> None:
    _, (run_id,) = keep(store, [reply(1)])
    store.log.put(run_id, reply(1))
    assert store.log.flush(30)
    assert store.log.error(run_id)
    assert store.take_over(run_id, "host:2", "host:1")
    store.log.put(run_id, reply(2))
    assert store.log.flush(30)
    assert store.log.error(run_id) is None
    assert store.events(run_id) == [reply(1), reply(2)]


def test_a_disk_that_is_full_for_a_while(store: Store) -> None:
    _, (run_id,) = keep(store, [reply(1)])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    log = [reply(1), *(reply(seq, "x" * 10_000) for seq in range(2, 102))]
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))
        for logged in log[1:]:
            store.log.put(run_id, logged)
        while store.log.error(run_id) is None:
            time.sleep(0.01)
        said = store.log.error(run_id)
        assert not store.log.flush(0.1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert is_sentence(said)
    assert store.log.flush(30)
    assert store.log.error(run_id) is None
    assert store.events(run_id) == log


def test_more_than_may_wait_ends_the_log_without_a_gap(store: Store, path: Path) -> None:
    _, (run_id,) = keep(store, [])
    database = Database(f"sqlite:///{path}")
    writer = LogWriter(database, max_waiting=100)
    lock = sqlite3.connect(path, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    for seq in range(1, 201):
        writer.put(run_id, reply(seq))
    said = writer.error(run_id)
    lock.execute("ROLLBACK")
    lock.close()
    assert writer.flush(30)
    writer.put(run_id, reply(201))
    assert writer.close()
    database.close()
    assert is_sentence(said)
    assert writer.error(run_id) == said
    assert store.events(run_id) == [reply(seq) for seq in range(1, 101)]


def test_closing_ends_the_thread_and_a_later_event_starts_another(store: Store) -> None:
    _, (run_id,) = keep(store, [reply(1)])
    assert "event log" in [thread.name for thread in threading.enumerate()]
    assert store.log.close()
    assert "event log" not in [thread.name for thread in threading.enumerate()]
    store.log.put(run_id, reply(2))
    assert store.log.flush(30)
    assert store.events(run_id) == [reply(1), reply(2)]


def test_closing_a_writer_that_never_wrote(store: Store) -> None:
    assert store.log.flush()
    assert store.log.close()
    assert store.log.error("r_none") is None
