"""The words of a short text, with what does not tell two answers apart taken off; knows nothing of problems."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_ARTICLES = {"a", "an", "the"}
_VULGAR_FRACTION = re.compile("[\u00bc-\u00be\u2150-\u215e]")
_SUPERSCRIPT = re.compile("[⁰¹²³⁴-⁹⁺⁻]+")
_SUBSCRIPT = re.compile("[₀-₉]+")
_MEANT = re.compile(
    r"[#%&@/\\\[\]]|(?<![^\W_])-(?=[^\W_]|\.\d|[\\√∞])|(?<=\d)-(?=\d)|(?<=[^\W_]|\^)-(?=[.,;:!?)*\"'”’]*(?:\s|$))"
    r"|(?<![^\W\d_])[.:](?=\d)"
)
"""Marks that tell answers apart: symbols, a minus sign, the dashes of 3-5 and B-, the points of 3.5, .5 and 10:30."""
_FROM_TO = re.compile(r"(?<=\d)(\s*)[-–—]\1(?=\d)")
_INSIDE_A_WORD = re.compile(r"(?<=[^\W_])[.'’](?=[^\W_])")
_SIGNS = str.maketrans({"−": "-", "‐": "-", "‒": "-", "⁄": "/"})


def normalized(text: str) -> str:
    """Compatibility normalization (NFKC) that keeps what digits mean: 1½ is 1 1/2, 10² is 10^2, 10₂ is 10_2."""
    text = _VULGAR_FRACTION.sub(r" \g<0>", text)
    text = _SUPERSCRIPT.sub(r"^\g<0>", text)
    text = _SUBSCRIPT.sub(r"_\g<0>", text)
    return unicodedata.normalize("NFKC", text).translate(_SIGNS)


def plain_words(text: str) -> str:
    """The words without case, punctuation, articles and spacing; if nothing is left of them, what was written.

    Marks that can make two answers differ stay: the minus sign, the points of 3.5 and 10:30, and + # % & @ / [ ]; so
    does the dash between two numbers, since 3-5 is neither "3, 5" nor "3 5".
    """
    folded = _FROM_TO.sub("-", _folded(_INVISIBLE.sub("", text)))
    kept: list[str] = []
    for word in reversed(folded.split()):
        bare = word.lstrip("\"'“‘(*_`")
        # In "box A" and in "A, B" the letter is a name; an article stands right before a word.
        if not (bare in _ARTICLES and kept and len(kept[-1]) > 1):
            kept.append(word)
    words = re.sub(r"[^\w\s]|_", _punctuation, " ".join(reversed(kept)))
    return " ".join(_folded(words).split()) or folded.strip()


def _folded(text: str) -> str:
    return normalized(normalized(text).casefold())


def _punctuation(match: re.Match[str]) -> str:
    """What is left of one mark: itself where it carries meaning, else a space, or nothing inside a word."""
    mark, text, start = match[0], match.string, match.start()
    if mark != "`" and not unicodedata.category(mark).startswith("P"):
        return mark
    if _MEANT.match(text, start):
        return mark
    return "" if _INSIDE_A_WORD.match(text, start) else " "
