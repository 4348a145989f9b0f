"""The text files of the work folder, read warily: whoever made them may be hostile."""

from __future__ import annotations

import os
import stat

from .lock import WORK

LEFT_OUT = (".git", "__pycache__")
MOST_FILES = 500
LARGEST = 200_000
LARGEST_TOGETHER = 4_000_000


def texts() -> list[tuple[str, str]]:
    """By path; links, caches, git's own and what is no text or too large are left out."""
    found: list[tuple[str, str]] = []
    folders, room = [""], LARGEST_TOGETHER
    while folders:  # not by recursion, for folders can lie deeper than it reaches
        folder = folders.pop()
        for name, is_folder in listed(os.path.join(WORK, folder)):
            path = os.path.join(folder, name)
            if is_folder:
                folders.append(path)
            elif len(found) < MOST_FILES and (text := content(os.path.join(WORK, path))) is not None:
                room -= len(text)
                found += [(path, text)] if room >= 0 else []
    return sorted(found)


def listed(folder: str) -> list[tuple[str, bool]]:
    """The names in a folder, in order, and which of them are folders."""
    try:
        with os.scandir(folder) as entries:
            seen = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    except OSError:
        return []
    return [(name, is_folder) for name, is_folder in seen if not (is_folder and name in LEFT_OUT)]


def content(path: str) -> str | None:
    """The text of a file; None where it is none, or is too large, or has a name that is no text."""
    try:
        path.encode()
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (OSError, UnicodeEncodeError):
        return None
    with os.fdopen(file, "rb") as stream:
        known = os.fstat(file)
        held = stream.read(LARGEST + 1) if stat.S_ISREG(known.st_mode) else b"\0"
    try:
        return None if b"\0" in held or len(held) > LARGEST else held.decode()
    except UnicodeDecodeError:
        return None
