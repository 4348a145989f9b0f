"""The committed versions of a store."""

from collections.abc import Mapping
from typing import Any

from strata.errors import Conflict
from strata.history import MISSING, History
from strata.snapshot import Snapshot
from strata.transaction import Transaction


class Store:
    """Keys and values in versions; version 0 is empty."""

    def __init__(self) -> None:
        self.version = 0
        self._histories: dict[str, History] = {}
        self._snapshots: list[Snapshot] = []

    def get(self, key: str, default: Any = None) -> Any:
        """The value that a key has now."""
        value = self.read(key, self.version)
        return default if value is MISSING else value

    def keys(self) -> list[str]:
        """The keys that are there now, sorted."""
        return self.keys_at(self.version)

    def begin(self) -> Transaction:
        """A new outermost transaction."""
        return Transaction(self)

    def snapshot(self) -> Snapshot:
        """The present version, to be read later."""
        snapshot = Snapshot(self, self.version)
        self._snapshots.append(snapshot)
        return snapshot

    def entries(self) -> int:
        """How many entries are remembered, of all keys together."""
        return sum(len(history) for history in self._histories.values())

    def compact(self) -> int:
        """Forget what nobody can see any more; how many entries that were."""
        self._snapshots = [snapshot for snapshot in self._snapshots if not snapshot.closed]
        versions = {self.version, *(snapshot.version for snapshot in self._snapshots)}
        return sum(history.compact(versions) for history in self._histories.values())

    def read(self, key: str, version: int) -> Any:
        """The value of a key in a version, or MISSING."""
        return self._histories[key].at(version) if key in self._histories else MISSING

    def keys_at(self, version: int) -> list[str]:
        """The keys of a version, sorted."""
        return sorted(key for key in self._histories if self.read(key, version) is not MISSING)

    def apply(self, changes: Mapping[str, Any], deleted: set[str], since: int) -> None:
        """Make a new version with the changes of a transaction that began at version `since`."""
        for key in changes:
            if key in self._histories and self._histories[key].changed > since:
                raise Conflict(f"{key} was changed by another transaction")
        self.version += 1
        for key in deleted:
            self._histories[key].add(self.version, MISSING)
        for key, value in changes.items():
            self._histories.setdefault(key, History()).add(self.version, value)
