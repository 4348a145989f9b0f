"""The cache: values, the order of their use, and their deadlines."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from larder.deadlines import Deadlines
from larder.recency import Recency

UNSET = object()


@dataclass
class Stats:
    """What a cache has seen so far."""

    hits: int = 0
    misses: int = 0
    evicted: int = 0
    """Entries that had to go because the cache was full."""
    expired: int = 0
    """Entries that reached their deadline in the cache."""


class Cache:
    """At most ``capacity`` values, each of which can be had until its deadline.

    Reading and writing an entry count as using it; looking whether it is there does not. When a new
    entry finds the cache full, the entry goes that was not used for the longest time.
    """

    def __init__(
        self,
        capacity: int,
        ttl: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        Args:
            capacity: The most entries.
            ttl: How many seconds an entry lives if ``set`` says nothing else; None is for ever.
            clock: Gives the time in seconds.

        Raises:
            ValueError: The capacity or the time to live is not positive.
        """
        if capacity < 1:
            raise ValueError("a cache holds at least one entry")
        self.capacity = capacity
        self.ttl = _checked(ttl)
        self.stats = Stats()
        self._clock = clock
        self._values: dict[Hashable, object] = {}
        self._recency = Recency()
        self._deadlines = Deadlines()

    def get(self, key: Hashable, default: object = None) -> object:
        """The value of a key, or the default where there is none that is fresh."""
        self._sweep()
        if key not in self._values:
            self.stats.misses += 1
            return default
        self.stats.hits += 1
        self._recency.use(key)
        return self._values[key]

    def set(self, key: Hashable, value: object, ttl: float | object | None = UNSET) -> None:
        """Put a value into the cache, in place of the one that the key may have had.

        Args:
            key: What to find it by.
            value: Any value, None as well.
            ttl: How many seconds it lives, None for ever; left out, as many as the cache says.

        Raises:
            ValueError: The time to live is not positive.
        """
        lifetime = self.ttl if ttl is UNSET else _checked(ttl)
        if key not in self._values and len(self._values) >= self.capacity:
            self._remove(self._recency.oldest())
            self.stats.evicted += 1
        self._values[key] = value
        self._recency.use(key)
        if lifetime is not None:
            self._deadlines.put(key, self._clock() + lifetime)
        self._sweep()

    def delete(self, key: Hashable) -> bool:
        """Take an entry out. Whether there was a fresh one."""
        self._sweep()
        found = key in self._values
        if found:
            self._remove(key)
        return found

    def keys(self) -> list[Hashable]:
        """The keys of the fresh entries, the one used last at the end."""
        self._sweep()
        return list(self._recency)

    def __contains__(self, key: Hashable) -> bool:
        self._sweep()
        return key in self._values

    def __len__(self) -> int:
        self._sweep()
        return len(self._values)

    def _sweep(self) -> None:
        """Take out what is stale."""
        for key in self._deadlines.due(self._clock()):
            if key in self._values:
                self._remove(key)
                self.stats.expired += 1

    def _remove(self, key: Hashable) -> None:
        del self._values[key]
        self._recency.forget(key)


def _checked(ttl: object) -> float | None:
    """The time to live, if it is one."""
    if ttl is None:
        return None
    if not isinstance(ttl, int | float) or ttl <= 0:
        raise ValueError(f"an entry cannot live for {ttl!r} seconds")
    return float(ttl)
