"""Answers on one line: their words, or how large a program or a patch is. Knows nothing of nodes and screens."""

from __future__ import annotations

from ttc_core.types import AnswerKind


def in_short(answer: str, kind: AnswerKind, length: int) -> str:
    """An answer on one line of at most that many characters."""
    lines = answer.splitlines()
    if kind == "code":
        return f"program of {_several(len(lines), 'line')}"
    if kind == "patch":
        files = sum(line.startswith("diff --git ") for line in lines)
        return f"patch of {_several(files, 'file')}, {changed(answer)}"
    line = " ".join(answer.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def changed(patch: str) -> str:
    """How many lines a patch adds and takes away: +12 −3."""
    signs = [line[:1] for line in patch.splitlines() if line[:4] not in ("+++ ", "--- ")]
    return f"+{signs.count('+')} −{signs.count('-')}"


def _several(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
