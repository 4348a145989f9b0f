"""The order in which keys were used."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterator


class Recency:
    """Keys, from the one that was not used for the longest time to the one used last."""

    def __init__(self) -> None:
        self._keys: OrderedDict[Hashable, None] = OrderedDict()

    def use(self, key: Hashable) -> None:
        """Note that a key, known or new, is used now."""
        self._keys[key] = None
        self._keys.move_to_end(key)

    def forget(self, key: Hashable) -> None:
        """Take a key out of the order. It need not be in it."""
        self._keys.pop(key, None)

    def oldest(self) -> Hashable:
        """The key that was not used for the longest time.

        Raises:
            LookupError: There is no key.
        """
        for key in self._keys:
            return key
        raise LookupError("no key was used yet")

    def __iter__(self) -> Iterator[Hashable]:
        return iter(self._keys)
