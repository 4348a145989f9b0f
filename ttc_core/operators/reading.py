"""Reading the last line that every prompt asks for. What cannot be read is None, never a guess."""

from __future__ import annotations

import re

VERDICT, SCORE = "final verdict:", "score:"
_SOLUTION = re.compile(r"(?:solution\s+)?(\d{1,4})", re.IGNORECASE)
_NUMBER = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)(?:\s*/\s*10)?\.?")
_EMPHASIS = " \t*_`"
_DECORATION = _EMPHASIS + "#>-"


def last_line(text: str, prefix: str) -> str | None:
    """What follows `prefix` (lower case) on the last line that starts with it, markdown decoration taken off."""
    for line in reversed(text.rpartition("</think>")[2].splitlines()):
        bare = line.strip(_DECORATION)
        if bare[: len(prefix)].lower() == prefix:
            return bare[len(prefix) :].strip(_EMPHASIS)
    return None


def read_choices(text: str, shown: int, take: int = 1) -> tuple[int, ...] | None:
    """Positions (from 0) named by ``Final verdict: Solution <n>``, or by a list of up to `take` of them.

    None if there is no such line, if it says anything else, or if it names a solution that was not shown.
    """
    rest = last_line(text, VERDICT)
    if rest is None:
        return None
    named: list[int] = []
    for part in re.split(r"\s*(?:,|;|\band\b|&)\s*", rest.rstrip(" .").casefold()):
        match = _SOLUTION.fullmatch(part.strip(_DECORATION))
        if not match or not 1 <= int(match[1]) <= shown:
            return None
        named.append(int(match[1]) - 1)
    distinct = tuple(dict.fromkeys(named))
    return distinct if len(distinct) <= take else None


def read_score(text: str) -> float | None:
    """The number of ``Score: <0 to 10>``; None outside that range or without such a line."""
    rest = last_line(text, SCORE)
    match = _NUMBER.fullmatch(rest) if rest else None
    score = float(match[1]) if match else None
    return score if score is not None and score <= 10 else None
