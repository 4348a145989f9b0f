"""Breaking a text into lines."""

from __future__ import annotations

from collections.abc import Iterator


def wrap(text: str, width: int, *, first: str = "", rest: str = "") -> list[str]:
    """The words of a text in lines that are at most ``width`` characters long.

    Args:
        text: Any text; where its own lines end makes no difference.
        width: The most characters of a line, with what stands in front of it.
        first: What stands in front of the first line, such as ``"- "``.
        rest: What stands in front of every further line, such as two spaces.

    Raises:
        ValueError: The width leaves no room for words.
    """
    if width <= max(len(first), len(rest)):
        raise ValueError(f"a width of {width} leaves no room for words")
    lines: list[str] = []
    line = first
    empty = True
    for word in _pieces(text, width - max(len(first), len(rest))):
        if not empty and len(line) + len(word) + 1 >= width:
            lines.append(line)
            line, empty = rest, True
        line += word if empty else f" {word}"
        empty = False
    return lines if empty else [*lines, line]


def _pieces(text: str, longest: int) -> Iterator[str]:
    """The words of a text, those that are too long cut into pieces."""
    for word in text.split():
        for start in range(0, len(word), longest):
            yield word[start : start + longest]
