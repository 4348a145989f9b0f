"""Setting one line: left, right, centred or stretched over the full width."""

from __future__ import annotations


def align_line(line: str, width: int, align: str = "left") -> str:
    """One line, set in a width. A line that is too long is given back as it is.

    Args:
        line: The line; what it is indented by counts as a part of its first word.
        width: The width to set it in.
        align: ``left``, ``right``, ``center`` or ``full``. Left-aligned lines are not padded.

    Raises:
        ValueError: There is no such alignment.
    """
    if align == "left":
        return line
    if align == "right":
        return line.rjust(width)
    if align == "center":
        return " " * ((width - len(line)) // 2) + line
    if align == "full":
        return _stretch(line, width)
    raise ValueError(f"{align!r} is no alignment; there are left, right, center and full")


def _stretch(line: str, width: int) -> str:
    """The line with its gaps widened evenly; what does not divide evenly goes to the first ones."""
    words = line.split()
    if len(words) < 2 or len(line) >= width:
        return line
    indent = line[: len(line) - len(line.lstrip())]
    spaces = width - len(indent) - sum(map(len, words))
    each, left_over = divmod(spaces, len(words) - 1)
    stretched = indent
    for place, word in enumerate(words[:-1]):
        stretched += word + " " * (each + (place < left_over))
    return stretched + words[-1]
