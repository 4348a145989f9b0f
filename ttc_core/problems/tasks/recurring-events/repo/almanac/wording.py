"""Rules as text: ``every 2 weeks from 2024-01-01, 5 times, except 2024-01-15 and 2024-01-29``."""

from __future__ import annotations

import re
from datetime import date

from almanac.rule import Rule

DAY = r"\d{4}-\d\d-\d\d"
RULE = re.compile(
    rf"""
    every \s+ (?: (?P<every>\d+) \s+ )? (?P<unit>day|week|month) s?
    \s+ from \s+ (?P<start>{DAY})
    (?: \s*,\s* (?P<times>\d+) \s+ times? )?
    (?: \s*,\s* except \s+ (?P<skipped>{DAY} (?: (?: \s*,\s* | \s+and\s+ ) {DAY} )* ) )?
    """,
    re.VERBOSE,
)


def read(text: str) -> Rule:
    """The rule that a text describes.

    Raises:
        ValueError: The text is not a rule, or the rule makes no sense.
    """
    found = RULE.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is not a rule such as 'every 2 weeks from 2024-01-01'")
    return Rule(
        start=date.fromisoformat(found["start"]),
        every=int(found["every"] or 1),
        unit=found["unit"],
        times=int(found["times"]) if found["times"] else None,
        skipped=frozenset(map(date.fromisoformat, re.findall(DAY, found["skipped"] or ""))),
    )


def describe(rule: Rule) -> str:
    """The rule as a text that ``read`` understands."""
    text = f"every {rule.unit}" if rule.every == 1 else f"every {rule.every} {rule.unit}s"
    text += f" from {rule.start}"
    if rule.times is not None:
        text += f", {rule.times} time{'s' if rule.times > 1 else ''}"
    if rule.skipped:
        *days, last = map(str, sorted(rule.skipped))
        text += f", except {', '.join(days)} and {last}" if days else f", except {last}"
    return text
