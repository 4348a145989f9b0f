"""A cache with a capacity and with deadlines."""

from larder.cache import Cache, Stats
from larder.memoize import memoize

__all__ = ["Cache", "Stats", "memoize"]
