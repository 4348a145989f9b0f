"""Reading unified diffs, as git and diff write them, into what they do to each file; applies nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ttc_core.errors import BadInput

LONGEST = 1_000_000
"""Characters of a patch that is still read."""
NOWHERE = "/dev/null"

_HUNK = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@")
_ESCAPED = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}
_EPOCH = re.compile(r"19(70-01-01|69-12-31) ")
"""How ``diff -N`` dates a file that is not there."""
_BINARY = ("GIT binary patch", "Binary files ")


@dataclass
class Hunk:
    """Lines that are taken away, and those that come in their place, with what stands around them."""

    start: int
    """The line of the old file where it begins, from 0."""
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    """Both, each line with its sign."""


@dataclass
class Change:
    """What a patch does to one file; a side that is None does not exist."""

    old: str | None
    new: str | None
    hunks: list[Hunk] = field(default_factory=list)
    copies: bool = False


def read_changes(patch: str) -> list[Change]:
    """The changes of a patch in its order; what is no part of one is passed over."""
    if len(patch) > LONGEST:
        raise BadInput(f"The patch has {len(patch):,} characters; at most {LONGEST:,} are read.")
    lines = patch.split("\n")
    changes: list[Change] = []
    at, git = 0, False
    while at < len(lines):
        line = lines[at]
        if line.startswith(_BINARY):
            raise BadInput("The patch changes a binary file; only text can be changed.")
        if line.startswith("diff "):
            if git := line.startswith("diff --git "):
                changes.append(_from_git_line(line))
        elif line.startswith("--- ") and lines[at + 1 : at + 2] and lines[at + 1].startswith("+++ "):
            _read_names(lines[at : at + 2], git, changes)
            at += 1
        elif (found := _HUNK.match(line)) and changes:
            at += _read_hunk(found, lines, at + 1, changes[-1])
        elif git and not changes[-1].hunks:
            _read_extended(line, changes[-1])
        at += 1
    return changes


def _read_names(lines: Sequence[str], git: bool, changes: list[Change]) -> None:
    """Take in the two lines that name a file."""
    old, new = (_name(line[4:]) for line in lines)
    if git and not changes[-1].hunks:
        changes[-1].old, changes[-1].new = old, new
        return
    if old and new and not (old.startswith("a/") and new.startswith("b/")):
        old = new  # two names as they were typed, such as x.py.orig and x.py, or old/x.py and new/x.py
    changes.append(Change(old, new))


def _read_hunk(found: re.Match[str], lines: Sequence[str], at: int, change: Change) -> int:
    """Take in one hunk whose first line is at `at`; the number of lines read."""
    old_left, new_left = int(found[2] or 1), int(found[4] or 1)
    hunk = Hunk(int(found[1]) - 1 if old_left else int(found[1]))
    begin = at
    while old_left or new_left:
        line = lines[at] if at < len(lines) else "?"
        sign, text = (line[0], line[1:]) if line else (" ", "")  # editors take the blank of an empty line away
        if sign not in " +-" or (sign != "+" and not old_left) or (sign != "-" and not new_left):
            raise BadInput(f"The patch cannot be read at line {at + 1}: its hunk is not as long as it says.")
        at += 1
        bare = at < len(lines) and lines[at].startswith("\\")
        text = text if bare else f"{text}\n"
        if sign != "+":
            old_left -= 1
            hunk.old.append(text)
        if sign != "-":
            new_left -= 1
            hunk.new.append(text)
        hunk.lines.append(sign + text)
        at += bare
    change.hunks.append(hunk)
    return at - begin


def _from_git_line(line: str) -> Change:
    """The name in ``diff --git a/x b/x``, where it is twice the same; other lines tell where it is not."""
    rest = line.removeprefix("diff --git ").rstrip("\r")
    name = _unquoted(rest[: len(rest) // 2])
    return Change(name, "b" + name[1:])


def _read_extended(line: str, change: Change) -> None:
    """The lines of git that say what happens to a file beyond its text."""
    if line.startswith("new file mode"):
        change.old = None
    elif line.startswith("deleted file mode"):
        change.new = None
    elif line.startswith(("rename from ", "copy from ")):
        change.old = "a/" + _unquoted(line.split(" from ", 1)[1])
        change.copies = line.startswith("copy")
    elif line.startswith(("rename to ", "copy to ")):
        change.new = "b/" + _unquoted(line.split(" to ", 1)[1])


def _name(rest: str) -> str | None:
    """The name in a ``---`` or ``+++`` line; None where that side of the file does not exist."""
    name, _, date = rest.partition("\t")
    name = _unquoted(name.rstrip("\r")).removeprefix("./")
    return None if name == NOWHERE or _EPOCH.match(date) else name


def _unquoted(name: str) -> str:
    if not (len(name) > 1 and name[0] == name[-1] == '"'):
        return name
    raw = _ESCAPED.sub(_unescaped, name[1:-1].encode("utf-8", "surrogatepass"))
    return raw.decode("utf-8", "replace")


def _unescaped(found: re.Match[bytes]) -> bytes:
    what = found[1]
    return bytes([int(what, 8) & 0xFF]) if len(what) == 3 else _ESCAPES.get(what, what)
