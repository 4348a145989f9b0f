"""One span of time."""

from __future__ import annotations

from dataclasses import dataclass

MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, order=True)
class Span:
    """The minutes from ``start`` up to, but not including, ``end``."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= MINUTES_A_DAY:
            raise ValueError(f"{self.start} to {self.end} is no span of a day")

    @property
    def minutes(self) -> int:
        """How long the span is."""
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one minute."""
        return self.start < other.end and other.start < self.end

    def meets(self, other: Span) -> bool:
        """Whether the two overlap or touch, so that together they are one span."""
        return self.start <= other.end and other.start <= self.end
