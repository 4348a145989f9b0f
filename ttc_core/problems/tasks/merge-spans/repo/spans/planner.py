"""Finding time: what is left of a day when the appointments are taken out."""

from __future__ import annotations

from collections.abc import Iterable

from spans.algebra import gaps
from spans.span import Span


def free_slots(busy: Iterable[Span], within: Span, at_least: int = 1) -> list[Span]:
    """The free spans of ``within`` that last at least so many minutes, in order.

    Raises:
        ValueError: ``at_least`` is less than one minute.
    """
    if at_least < 1:
        raise ValueError("a slot lasts at least one minute")
    return [free for free in gaps(busy, within) if free.minutes >= at_least]


def first_free(busy: Iterable[Span], within: Span, lasting: int) -> Span | None:
    """The earliest free span of exactly so many minutes; None where the day is too full."""
    for slot in free_slots(busy, within, at_least=lasting):
        return Span(slot.start, slot.start + lasting)
    return None
