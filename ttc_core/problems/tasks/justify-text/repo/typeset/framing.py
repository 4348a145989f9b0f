"""A frame of lines around a text."""

from __future__ import annotations

from typeset.paragraphs import typeset


def frame(text: str, width: int, title: str = "") -> str:
    """A text in a box that is ``width`` characters wide from border to border.

    The text keeps one space of distance from the border. A title is set into the top border.

    Raises:
        ValueError: The width leaves no room for words or for the title.
    """
    heading = f" {title} " if title else ""
    if len(heading) > width - 4:
        raise ValueError(f"the title does not fit into a width of {width}")
    body = [f"| {line:<{width - 4}} |" for line in typeset(text, width - 4).splitlines()]
    top = f"+-{heading:-<{width - 4}}-+"
    return "\n".join([top, *body, f"+{'-' * (width - 2)}+"])
