"""All values that one key had, by version."""

from collections.abc import Iterable
from typing import Any

MISSING: Any = object()
"""Stands for no value at all."""


class History:
    """The entries of a key, oldest first; MISSING where it was deleted."""

    def __init__(self) -> None:
        self._entries: list[tuple[int, Any]] = []

    def add(self, version: int, value: Any) -> None:
        """The key has this value from this version on."""
        self._entries.append((version, value))

    def at(self, version: int) -> Any:
        """The value that the key had in a version, or MISSING."""
        for since, value in reversed(self._entries):
            if since <= version:
                return value
        return MISSING

    @property
    def changed(self) -> int:
        """The version of the last change."""
        return self._entries[-1][0] if self._entries else 0

    def compact(self, versions: Iterable[int]) -> int:
        """Forget what is seen in none of these versions; how many entries that were."""
        wanted = set(versions)
        kept = [entry for entry in self._entries if entry[0] in wanted or entry[0] == self.changed]
        forgotten = len(self._entries) - len(kept)
        self._entries = kept
        return forgotten

    def __len__(self) -> int:
        return len(self._entries)
