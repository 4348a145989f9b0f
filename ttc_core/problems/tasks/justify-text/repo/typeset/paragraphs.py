"""Whole texts: paragraphs are wrapped and set one after another."""

from __future__ import annotations

import re

from typeset.aligning import align_line
from typeset.wrapping import wrap

BULLET = re.compile(r"([-*]|\d+\.) +")


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, which are separated by lines with nothing in them."""
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def typeset(text: str, width: int, align: str = "left") -> str:
    """A text set in a column of this width, with an empty line between paragraphs.

    A paragraph that begins with a bullet (``-``, ``*`` or a number with a full stop) is indented
    by it, so that the bullet stands out.

    Raises:
        ValueError: The width leaves no room for words, or there is no such alignment.
    """
    return "\n\n".join("\n".join(_set(part, width, align)) for part in paragraphs(text))


def _set(paragraph: str, width: int, align: str) -> list[str]:
    bullet = BULLET.match(paragraph)
    mark = bullet.group() if bullet else ""
    lines = wrap(paragraph[len(mark) :], width, first=mark, rest=" " * len(mark))
    last = "left" if align == "full" else align
    return [
        *(align_line(line, width, align) for line in lines[:-1]),
        *(align_line(line, width, last) for line in lines[-1:]),
    ]
