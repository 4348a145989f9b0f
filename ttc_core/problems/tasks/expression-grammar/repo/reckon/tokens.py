"""Cutting an expression into numbers, words and signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from reckon.errors import ExpressionError

TOKEN = re.compile(
    r"""\s*(?:
        (?P<number> \d+(?:\.\d+)? )
      | (?P<word>   [A-Za-z_]\w* )
      | (?P<sign>   \*\* | <= | >= | == | != | [-+*/%<>(),] )
    )""",
    re.VERBOSE,
)
OPERATOR_WORDS = {"and", "or", "not"}


@dataclass(frozen=True)
class Token:
    """A part of an expression, and how many characters stand before it."""

    kind: Literal["number", "word", "sign", "end"]
    text: str
    place: int


def tokens(text: str) -> list[Token]:
    """The parts of an expression, and one that marks its end.

    Raises:
        ExpressionError: There is a character that no expression has.
    """
    text = text.rstrip()
    parts: list[Token] = []
    place = 0
    while place < len(text):
        found = TOKEN.match(text, place)
        if not found:
            raise ExpressionError(f"nothing can be made of {text[place:].strip()[:10]!r}")
        kind = "sign" if found[found.lastgroup] in OPERATOR_WORDS else found.lastgroup
        parts.append(Token(kind, found[found.lastgroup], found.start(found.lastgroup)))
        place = found.end()
    return [*parts, Token("end", "the end", len(text))]
