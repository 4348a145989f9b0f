"""Reading the last line that every prompt asks for. What cannot be read is None, never a guess.

Small models make a sentence of that line: "The final verdict is Solution 1.", "7 out of 10". It is taken where it
names one thing and says nothing else that could turn it around.
"""

from __future__ import annotations

import re

from ttc_core.problems import last_line

LONGEST = 600
"""Characters of a verdict; whatever is longer is no verdict, and would only cost time to take apart."""

_SENTENCE = re.compile(
    r"^(?P<marks>[ \t>#*_`-]{0,12})(?:(?:so|thus|hence|therefore),? )?(?:(?:the|my) )?"
    r"(?P<word>final verdict|score)(?:[*_`]{0,3} is(?: that)?\b[:：]?|(?=[ *_`]{0,4}[:：])(?:"
    r"[*_`]{0,3}[:：][*_`]{0,3}\s{1,4}(?=solution \d{1,4}[*_`.\s]{0,4}\Z)|[:：]?))",
    re.IGNORECASE | re.MULTILINE,
)
"""The beginning of a line that says the same as the form asked for."""
_SOLUTION = re.compile(r"(?:solution\s+)?(?:(\d{1,4})|<(\d{1,4})>)", re.IGNORECASE)
_CHOSEN = re.compile(
    r"(?P<named>solution \d{1,4})[*_`]{0,3} (?:is|has)"
    r"(?: (?:to|be|chosen|the|most|likely|best|better|right|correct|final|one|answer|solution|choice)){1,8}"
)
"""A sentence about one solution in words of praise alone."""
_REASONED = re.compile(
    r"(?P<named>solution \d{1,4})[*_`]{0,3}(?:[.,;:]| because| since| as)[*_`]{0,3} (?P<reason>[a-z]+ .+)"
)
_TURNING = re.compile(
    r"\b(?:not|no[,.]|but|however|or|nor|neither|both|none|instead|unless|although|though|yet|other|another|wrong|"
    r"incorrect|(?:first|second|third|last) (?:one|solution)|solutions|solution \d|and \d)|n['’]t\b"
)
"""Words in a reason that may take the verdict back, or give it to somebody else."""
_NUMBER = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)(?:\s*(?:/|out of)\s*10)?\.?", re.IGNORECASE)


def read_choices(text: str, shown: int, take: int = 1) -> tuple[int, ...] | None:
    """Positions (from 0) named by ``Final verdict: Solution <n>``, or by a list of up to `take` of them.

    None if there is no such line, if it says anything else, if it names a solution that was not shown, or if the line
    before it is another verdict: small models copy all that they may choose from.
    """
    rest = _said(text, "final verdict")
    if rest is None or len(rest) > LONGEST or _all_copied(text):
        return None
    rest = rest.rstrip(" .").casefold()
    if take == 1:
        rest = _chosen(rest) or rest
    named: list[int] = []
    for part in re.split(r"\s*(?:,|;|\band\b|&)\s*", rest):
        match = _SOLUTION.fullmatch(part.strip(" *_`"))
        if not match or not 1 <= int(match[1] or match[2]) <= shown:
            return None
        named.append(int(match[1] or match[2]) - 1)
    distinct = tuple(dict.fromkeys(named))
    return distinct if len(distinct) <= take else None


def read_score(text: str) -> float | None:
    """The number of ``Score: <0 to 10>``; None outside that range or without such a line."""
    rest = _said(text, "score")
    match = _NUMBER.fullmatch(rest) if rest else None
    score = float(match[1]) if match else None
    return score if score is not None and score <= 10 else None


def _all_copied(text: str) -> bool:
    """Whether a reply ends in two verdicts that differ, with nothing between them."""
    ending = [line for line in text.splitlines() if line.strip()][-2:]
    verdicts = {(_said(line, "final verdict") or "").strip(" .*_`").casefold() for line in ending}
    return len(verdicts) == 2 and "" not in verdicts


def _chosen(sentence: str) -> str | None:
    """The one solution that a sentence chooses, with or without its reason; None if it may mean something else."""
    if praised := _CHOSEN.fullmatch(sentence):
        return praised["named"]
    reasoned = _REASONED.fullmatch(sentence)
    return reasoned["named"] if reasoned and not _TURNING.search(reasoned["reason"]) else None


def _said(text: str, word: str) -> str | None:
    """What the last line says that begins with `word`, or with a sentence about it."""
    return last_line(_SENTENCE.sub(lambda lead: f"{lead['marks']}{lead['word']}:", text), word)
