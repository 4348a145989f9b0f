"""Reading the last line that every prompt asks for. What cannot be read is None, never a guess."""

from __future__ import annotations

import re

from ttc_core.problems import last_line

LONGEST = 400
"""Characters of a verdict; whatever is longer is no verdict, and would only cost time to take apart."""

_SOLUTION = re.compile(r"(?:solution\s+)?(\d{1,4})", re.IGNORECASE)
_NUMBER = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)(?:\s*/\s*10)?\.?")


def read_choices(text: str, shown: int, take: int = 1) -> tuple[int, ...] | None:
    """Positions (from 0) named by ``Final verdict: Solution <n>``, or by a list of up to `take` of them.

    None if there is no such line, if it says anything else, or if it names a solution that was not shown.
    """
    rest = last_line(text, "final verdict")
    if rest is None or len(rest) > LONGEST:
        return None
    named: list[int] = []
    for part in re.split(r"\s*(?:,|;|\band\b|&)\s*", rest.rstrip(" .").casefold()):
        match = _SOLUTION.fullmatch(part.strip(" *_`"))
        if not match or not 1 <= int(match[1]) <= shown:
            return None
        named.append(int(match[1]) - 1)
    distinct = tuple(dict.fromkeys(named))
    return distinct if len(distinct) <= take else None


def read_score(text: str) -> float | None:
    """The number of ``Score: <0 to 10>``; None outside that range or without such a line."""
    rest = last_line(text, "score")
    match = _NUMBER.fullmatch(rest) if rest else None
    score = float(match[1]) if match else None
    return score if score is not None and score <= 10 else None
