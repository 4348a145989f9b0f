"""On which dates an event falls that comes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, takewhile
from typing import Literal

from almanac.months import months_later

Unit = Literal["day", "week", "month"]

DAYS: dict[Unit, int] = {"day": 1, "week": 7, "month": 30}


@dataclass(frozen=True)
class Rule:
    """A start, and after it a date every so many days, weeks or months.

    Attributes:
        start: The first date.
        every: How many units lie between two dates.
        unit: ``day``, ``week`` or ``month``.
        times: How many dates there are, with those that are skipped; None for no end.
        skipped: Dates on which nothing takes place. They need not be dates of the rule.
    """

    start: date
    every: int = 1
    unit: Unit = "day"
    times: int | None = None
    skipped: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if self.unit not in DAYS:
            raise ValueError(f"{self.unit!r} is not a day, week or month")
        if self.every < 1:
            raise ValueError("dates of a rule are at least one unit apart")
        if self.times is not None and self.times < 1:
            raise ValueError("a rule has at least one date")

    def dates(self, since: date = date.min) -> Iterator[date]:
        """The dates on which something takes place, from ``since`` on; they may go on for ever."""
        day = self._near(since)
        for _ in count() if self.times is None else range(self.times):
            if day >= since and day not in self.skipped:
                yield day
            day = self._later(day, 1)

    def between(self, first: date, last: date) -> list[date]:
        """The dates from ``first`` to ``last``, both of them included."""
        return list(takewhile(lambda day: day <= last, self.dates(first)))

    def after(self, day: date) -> date | None:
        """The first date after a day, or None where the rule has ended by then."""
        return next(self.dates(day + timedelta(days=1)), None)

    def _near(self, since: date) -> date:
        """A date to begin with on the way to ``since``, so that old rules are not run through."""
        steps = (since - self.start).days // (DAYS[self.unit] * self.every)
        return self._later(self.start, max(steps, 0))

    def _later(self, day: date, steps: int) -> date:
        """The date that comes so many steps after another."""
        if self.unit == "month":
            return months_later(day, steps * self.every)
        return day + timedelta(days=DAYS[self.unit] * steps * self.every)
