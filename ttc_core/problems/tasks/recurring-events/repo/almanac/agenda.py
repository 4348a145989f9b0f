"""Several events in the order in which they take place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from heapq import merge
from itertools import islice, takewhile

from almanac.rule import Rule
from almanac.wording import read

Entry = tuple[date, str]


class Agenda:
    """Events by name. On one day they stand in the order of their names."""

    def __init__(self) -> None:
        self._rules: dict[str, Rule] = {}

    def add(self, name: str, rule: Rule | str) -> None:
        """Add an event, in place of the one that has the name.

        Raises:
            ValueError: The rule is a text that does not describe one.
        """
        self._rules[name] = read(rule) if isinstance(rule, str) else rule

    def remove(self, name: str) -> None:
        """Take an event out.

        Raises:
            KeyError: There is none of that name.
        """
        del self._rules[name]

    def between(self, first: date, last: date) -> list[Entry]:
        """What takes place from ``first`` to ``last``, both of them included."""
        return list(takewhile(lambda entry: entry[0] <= last, self._entries(first)))

    def upcoming(self, today: date, most: int) -> list[Entry]:
        """What takes place next, today included, but not more than so many entries."""
        return list(islice(self._entries(today), most))

    def _entries(self, since: date) -> Iterator[Entry]:
        def of(name: str) -> Iterator[Entry]:
            return ((day, name) for day in self._rules[name].dates(since))

        return merge(*map(of, self._rules))
