"""Reckoning with months, which are not all of one length."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def month_length(year: int, month: int) -> int:
    """How many days a month has."""
    return monthrange(year, month)[1]


def months_later(day: date, months: int) -> date:
    """The same day some months later, or the last day of a month that is too short for it."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, month_length(year, month)))
