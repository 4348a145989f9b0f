"""Remembering what a function gave."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from larder.cache import Cache

P = ParamSpec("P")
R = TypeVar("R")

MISSING = object()


def memoize(
    capacity: int, ttl: float | None = None, clock: Callable[[], float] = time.monotonic
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A decorator under which a function is not called again for arguments that it was called with.

    The arguments must be hashable. The cache is at hand as the function's attribute ``cache``.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        cache = Cache(capacity, ttl, clock)

        @wraps(function)
        def remembered(*args: P.args, **kwargs: P.kwargs) -> R:
            key = (args, tuple(sorted(kwargs.items())))
            found = cache.get(key, MISSING)
            if found is MISSING:
                found = function(*args, **kwargs)
                cache.set(key, found)
            return found

        remembered.cache = cache
        return remembered

    return decorate
