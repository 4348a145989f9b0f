"""Changes to a repository as unified diffs: made, applied and counted; knows nothing of who wrote them."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ttc_core.errors import BadInput
from ttc_core.problems.patch_reader import NOWHERE, Change, read_changes
from ttc_core.types import File

NO_NEWLINE = "\\ No newline at end of file"

_SPECIAL = re.compile(r'[\x00-\x1f\x7f"\\]')


@dataclass(frozen=True)
class Touched:
    """A file that a patch changes, and by how many lines."""

    path: str
    added: int
    removed: int


def difference(before: Sequence[File], after: Sequence[File]) -> str:
    """The change from one state of a repository to another, as git writes it; empty where nothing changed."""
    old, new = ({file.path: file.text for file in files} for files in (before, after))
    return "".join(_section(path, old.get(path), new.get(path)) for path in sorted(old.keys() | new.keys()))


def applied(files: Sequence[File], patch: str) -> tuple[File, ...]:
    """The repository as the patch leaves it, by path; every hunk must fit exactly where it says.

    Args:
        files: The repository.
        patch: As `difference`, ``git diff``, ``diff -u`` or ``diff -ruN`` write it.

    Raises:
        BadInput: The patch cannot be read, does not fit, is too large or binary, or leads out of the repository.
    """
    texts = {file.path: file.text for file in files}
    changes = read_changes(patch)
    if not changes and patch.strip():
        raise BadInput("This is no patch: no file header (--- and +++) was found in it.")
    for change in changes:
        _apply(change, texts)
    return tuple(File(path=path, text=texts[path]) for path in sorted(texts))


def patch_key(patch: str) -> str:
    """A hash of what a patch does, whatever its line numbers, dates and index lines; of its words if it is none."""
    try:
        changes = [[change.old, change.new, [hunk.lines for hunk in change.hunks]] for change in read_changes(patch)]
    except BadInput:
        changes = []
    meaning = sorted(map(json.dumps, changes)) or patch.split()
    return hashlib.sha256(json.dumps(meaning).encode()).hexdigest()[:32]


def touched(patch: str) -> tuple[Touched, ...]:
    """The files that a patch changes, in its order, named as they are afterwards. Raises BadInput."""
    files = []
    for change in read_changes(patch):
        signs = [line[0] for hunk in change.hunks for line in hunk.lines]
        name = (change.new or change.old or "").partition("/")[2]
        files.append(Touched(name, signs.count("+"), signs.count("-")))
    return tuple(files)


def _section(path: str, old: str | None, new: str | None) -> str:
    """One file's part of a patch."""
    if old == new:
        return ""
    a, b = _quoted(f"a/{path}"), _quoted(f"b/{path}")
    head = f"diff --git {a} {b}\n"
    head += "new file mode 100644\n" if old is None else "deleted file mode 100644\n" if new is None else ""
    sides = (NOWHERE if old is None else a, NOWHERE if new is None else b)
    was, becomes = (f"{name}\t" if " " in name else name for name in sides)  # as git marks where such a name ends
    hunks = difflib.unified_diff(_lines(old or ""), _lines(new or ""), was, becomes)
    return head + "".join(line if line.endswith("\n") else f"{line}\n{NO_NEWLINE}\n" for line in hunks)


def _apply(change: Change, texts: dict[str, str]) -> None:
    """Make one change where the repository stands."""
    source, target = _place(change.old, texts), _place(change.new, texts)
    if source is None and target is None:
        raise BadInput("The patch has a part that names no file.")
    if source is None and target in texts:
        raise BadInput(f"The patch makes {target}, which is there already.")
    if source is not None and source not in texts:
        raise BadInput(f"The patch changes {source}, which is not there.")
    changed = _hunks_applied(change, _lines(texts[source]) if source else [], target or source or "")
    if source is not None and not change.copies:
        del texts[source]
    if target is not None:
        texts[target] = "".join(changed)
    elif changed:
        raise BadInput(f"The patch deletes {source}, but names only a part of its lines.")


def _hunks_applied(change: Change, lines: list[str], path: str) -> list[str]:
    made: list[str] = []
    at = 0
    for number, hunk in enumerate(change.hunks, 1):
        end = hunk.start + len(hunk.old)
        if hunk.start < at or hunk.start > len(lines) or lines[hunk.start : end] != hunk.old:
            raise BadInput(f"Change {number} of {path} does not apply: the lines there are others.")
        made += lines[at : hunk.start] + hunk.new
        at = end
    made += lines[at:]
    if any(not line.endswith("\n") for line in made[:-1]):
        raise BadInput(f"The patch of {path} takes the line break from a line that is not the last.")
    return made


def _place(name: str | None, texts: dict[str, str]) -> str | None:
    """The path in the repository that a name in a header stands for, with a folder's name before it or without."""
    if name is None:
        return None
    first, slash, rest = name.partition("/")
    prefixed = bool(first and slash) and (first in ("a", "b") or rest in texts or name not in texts)
    path = rest if prefixed else name
    if "\0" in path or {"", ".", ".."} & set(path.split("/")):
        raise BadInput(f"The patch names {name[:200]!r}, which is no path inside the repository.")
    return path


def _quoted(name: str) -> str:
    """A path as git writes it where it holds characters that would break a line."""
    if not _SPECIAL.search(name):
        return name
    return '"' + _SPECIAL.sub(lambda found: f"\\{ord(found[0]):03o}", name) + '"'


def _lines(text: str) -> list[str]:
    """Lines with their breaks; only a newline ends one, as in every diff."""
    *whole, last = text.split("\n")
    return [f"{line}\n" for line in whole] + ([last] if last else [])
