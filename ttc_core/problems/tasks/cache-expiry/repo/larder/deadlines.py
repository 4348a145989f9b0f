"""When keys go stale."""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Iterator
from itertools import count


class Deadlines:
    """Keys by the time at which they go stale, the earliest first."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Hashable]] = []
        self._ticket = count()  # decides between equal times, as keys need not be comparable

    def put(self, key: Hashable, deadline: float) -> None:
        """Give a key a deadline."""
        heapq.heappush(self._heap, (deadline, next(self._ticket), key))

    def due(self, now: float) -> Iterator[Hashable]:
        """Take out the keys whose deadline is reached, in the order of their deadlines."""
        while self._heap and self._heap[0][0] <= now:
            yield heapq.heappop(self._heap)[2]
