"""Sets of minutes, written as lists of spans."""

from __future__ import annotations

from collections.abc import Iterable

from spans.span import Span


def merge(spans: Iterable[Span]) -> list[Span]:
    """The same minutes as few spans as possible, in order.

    Spans that overlap or touch become one. The given spans may come in any order.
    """
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.meets(merged[-1]):
            merged[-1] = Span(merged[-1].start, span.end)
        else:
            merged.append(span)
    return merged


def minutes(spans: Iterable[Span]) -> int:
    """How many minutes the spans cover; those that several spans cover count once."""
    return sum(span.minutes for span in merge(spans))


def gaps(spans: Iterable[Span], within: Span) -> list[Span]:
    """What of ``within`` none of the spans covers."""
    free: list[Span] = []
    reached = within.start
    for span in merge(spans):
        if span.end <= within.start:
            continue
        if span.start >= within.end:
            break
        if span.start > reached:
            free.append(Span(reached, span.start))
        reached = span.end
    if reached < within.end:
        free.append(Span(reached, within.end))
    return free


def intersect(left: Iterable[Span], right: Iterable[Span]) -> list[Span]:
    """The minutes that both sides cover."""
    ours, theirs = merge(left), merge(right)
    common = [
        Span(max(one.start, other.start), min(one.end, other.end))
        for one in ours
        for other in theirs
        if one.overlaps(other)
    ]
    return merge(common)


def subtract(left: Iterable[Span], right: Iterable[Span]) -> list[Span]:
    """The minutes that the left side covers and the right side does not."""
    taken = merge(right)
    return [free for span in merge(left) for free in gaps(taken, within=span)]
