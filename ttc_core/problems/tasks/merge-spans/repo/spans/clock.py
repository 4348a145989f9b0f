"""Spans as people write them: ``9:00-10:30, 12:00-13:00``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from spans.span import Span

SPAN = re.compile(r"\s*(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s*")


def parse(text: str) -> list[Span]:
    """The spans of a comma-separated list, in the order in which they are written.

    Raises:
        ValueError: Something in the list is not a span of a day.
    """
    return [_read(part) for part in text.split(",")] if text.strip() else []


def show(spans: Iterable[Span]) -> str:
    """The spans as ``parse`` reads them."""
    return ", ".join(f"{_time(span.start)}-{_time(span.end)}" for span in spans)


def _read(part: str) -> Span:
    found = SPAN.fullmatch(part)
    if not found:
        raise ValueError(f"{part.strip()!r} is not a span such as 9:00-10:30")
    from_hour, from_minute, to_hour, to_minute = map(int, found.groups())
    if from_minute > 59 or to_minute > 59:
        raise ValueError(f"{part.strip()!r} has more than 59 minutes in an hour")
    return Span(from_hour * 60 + from_minute, to_hour * 60 + to_minute)


def _time(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"
