"""Documents cut into passages, and a search for the passages that fit some words; knows nothing of who asks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from ttc_core.types import Document, Value

if TYPE_CHECKING:
    from bm25s import BM25

FEW_WORDS, MOST_WORDS = 120, 180
"""A passage ends at the first paragraph after the one, and before it has more than the other."""
OVERLAP_WORDS = 30
"""A sentence of at most so many words opens the passage after the one it ended."""

_BORDER = re.compile(
    r"\n[ \t]*\n\s*"  # a blank line
    r"|(?<=[.!?])[\"'”’)\]*_]*\s+"  # the end of a sentence
    r"|\n(?=[ \t]*(?:[-*#|>]|\d{1,3}[.)])\s?)"  # the next item, row or heading
)
_HEADING = re.compile(r"#{1,6} ")
_WORD = re.compile(r"\S+")


class Passage(Value):
    """A piece of a document, word for word."""

    document: str
    page: int
    """From 1."""
    text: str


class _Unit(NamedTuple):
    """A sentence, an item or a heading with what follows it: what is never cut unless it is too long by itself."""

    start: int
    end: int
    words: int
    opens: bool
    """It opens a paragraph."""
    heads: bool
    """It begins with a heading."""


def passages_of(documents: Sequence[Document]) -> tuple[Passage, ...]:
    """All passages, in the order of documents and pages. None reaches over two pages."""
    return tuple(
        Passage(document=document.name, page=number, text=page[start:end].strip())
        for document in documents
        for number, page in enumerate(document.pages, 1)
        for start, end in spans(page)
    )


def spans(page: str) -> Iterator[tuple[int, int]]:
    """Where the passages of a page begin and end."""
    held: list[_Unit] = []
    for unit in _units(page):
        words = sum(one.words for one in held)
        new_part = unit.heads and words >= FEW_WORDS // 2
        if held and (words + unit.words > MOST_WORDS or new_part or (unit.opens and words >= FEW_WORDS)):
            yield held[0].start, held[-1].end
            last = held[-1]
            carried = last.words <= OVERLAP_WORDS and len(held) > 1 and not (unit.heads or last.heads)
            held = [last] if carried and last.words + unit.words <= MOST_WORDS else []
        held.append(unit)
    if held:
        yield held[0].start, held[-1].end


def _units(page: str) -> Iterator[_Unit]:
    edges, opens = [0], {0}
    for border in _BORDER.finditer(page):
        heading = _HEADING.match(page, edges[-1]) and "\n" not in page[edges[-1] : border.start()]
        if heading:
            continue  # a heading goes with what follows it
        edges.append(border.end())
        if border[0].count("\n") > 1:
            opens.add(border.end())
    for start, end in pairwise([*edges, len(page)]):
        words = list(_WORD.finditer(page, start, end))
        for first in range(0, len(words), MOST_WORDS):
            part = words[first : first + MOST_WORDS]
            begin = part[0].start()
            yield _Unit(begin, part[-1].end(), len(part), start in opens, bool(_HEADING.match(page, begin)))


class Index:
    """Search over the passages of some documents. Nothing is done until the first search; safe for threads."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = tuple(documents)
        self._lock = Lock()
        self._built: tuple[tuple[Passage, ...], BM25 | None] | None = None

    def search(self, query: str, k: int = 4) -> list[tuple[Passage, float]]:
        """The k passages that fit the words best, with their scores, best first; equal ones in the order of the text.

        Scores are those of BM25 (Robertson et al., TREC-3, 1994), as the bm25s library has it (arXiv 2407.03618). A
        passage that shares no word with the query is never found. Takes up to a second the first time.
        """
        passages, index = self._ready()
        words = _words([query])[0]
        if index is None or not words:
            return []
        scores = [round(float(score), 4) for score in index.get_scores(words)]
        ranked = sorted((i for i, score in enumerate(scores) if score > 0), key=lambda i: (-scores[i], i))
        return [(passages[i], scores[i]) for i in ranked[:k]]

    def _ready(self) -> tuple[tuple[Passage, ...], BM25 | None]:
        with self._lock:
            if self._built is None:
                passages = passages_of(self._documents)
                self._built = passages, _index(passages)
            return self._built


@lru_cache(maxsize=8)
def index_of(documents: tuple[Document, ...]) -> Index:
    """The index of these documents, made once for all attempts that search them."""
    return Index(documents)


def _index(passages: Sequence[Passage]) -> BM25 | None:
    """None where there is no word to be found."""
    from bm25s import BM25  # brings numpy, which most runs never need

    words = _words([f"{passage.document} {passage.text}" for passage in passages])
    if not any(words):
        return None
    index = BM25()
    index.index(words, show_progress=False)
    return index


def _words(texts: list[str]) -> list[list[str]]:
    """The words of each text that a search goes by: in lower case, without the most common, singular."""
    from bm25s import tokenize

    found = tokenize(texts, stopwords="en", stemmer=_singular, return_ids=False, show_progress=False, allow_empty=False)
    return [[word for word in words if word] for words in found]  # an empty text has an empty word


def _singular(words: list[str]) -> list[str]:
    """English plurals cut down by the three rules of the S stemmer (Harman, JASIS 42, 1991); other words stay."""
    return [_stem(word) for word in words]


def _stem(word: str) -> str:
    if len(word) > 4 and word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
        return word[:-1]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("us", "ss")):
        return word[:-1]
    return word
