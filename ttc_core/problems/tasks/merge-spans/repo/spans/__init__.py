"""Spans of time on one day: merging them, subtracting them, and finding what is free."""

from spans.algebra import gaps, intersect, merge, minutes, subtract
from spans.clock import parse, show
from spans.planner import first_free, free_slots
from spans.span import Span

__all__ = [
    "Span",
    "first_free",
    "free_slots",
    "gaps",
    "intersect",
    "merge",
    "minutes",
    "parse",
    "show",
    "subtract",
]
