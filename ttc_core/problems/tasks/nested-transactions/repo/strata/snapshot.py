"""One version of a store, to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from strata.errors import StoreError
from strata.history import MISSING

if TYPE_CHECKING:
    from strata.store import Store


class Snapshot:
    """The store as it was when this was taken."""

    def __init__(self, store: Store, version: int) -> None:
        self._store = store
        self.version = version
        self.closed = False

    def get(self, key: str, default: Any = None) -> Any:
        """The value that the key had."""
        self._check()
        value = self._store.read(key, self.version)
        return default if value is MISSING else value

    def keys(self) -> list[str]:
        """The keys that were there, sorted."""
        self._check()
        names = self._store.keys()
        return [name for name in names if self.get(name, MISSING) is not MISSING]

    def close(self) -> None:
        """Give the version free; to close twice does no harm."""
        self.closed = True

    def _check(self) -> None:
        if self.closed:
            raise StoreError("the snapshot is closed")
