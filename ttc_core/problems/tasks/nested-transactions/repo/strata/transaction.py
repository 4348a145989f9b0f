"""Changes to a store that are not committed yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from strata.errors import StoreError
from strata.history import MISSING

if TYPE_CHECKING:
    from strata.store import Store


class Transaction:
    """Changes on top of a store, or of another transaction.

    A ``with`` block commits at its end, or rolls back on an error.
    """

    def __init__(self, store: Store, parent: Transaction | None = None) -> None:
        self._store = store
        self._parent = parent
        self._child: Transaction | None = None
        self._since = store.version
        self._changes: dict[str, Any] = {}
        self._deleted: set[str] = set()
        self.open = True

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a key, as this transaction sees it."""
        self._check_open()
        if key in self._deleted:
            return default
        value = self._changes.get(key)
        if value is not None:
            return value
        return (self._parent or self._store).get(key, default)

    def keys(self) -> list[str]:
        """The keys that this transaction sees, sorted."""
        self._check_open()
        below = (self._parent or self._store).keys()
        return sorted({*below, *self._changes} - self._deleted)

    def set(self, key: str, value: Any) -> None:
        """Give a key a value."""
        self._check_free()
        self._deleted.discard(key)
        self._changes[key] = value

    def delete(self, key: str) -> None:
        """Take a key away. Raises KeyError where this transaction sees none."""
        self._check_free()
        if self.get(key, MISSING) is MISSING:
            raise KeyError(key)
        self._changes.pop(key, None)
        self._deleted.add(key)

    def begin(self) -> Transaction:
        """A transaction inside this one."""
        self._check_free()
        self._child = Transaction(self._store, self)
        return self._child

    def commit(self) -> None:
        """Hand the changes to the transaction around this one, or to the store. Raises Conflict."""
        self._check_free()
        if self._parent:
            self._parent._changes.update(self._changes)
            self._parent._deleted.update(self._deleted)
        elif self._changes or self._deleted:
            self._store.apply(self._changes, self._deleted, self._since)
        self._end()

    def rollback(self) -> None:
        """Drop the changes."""
        self._check_open()
        if self._child:
            self._child.rollback()
        self._end()

    def __enter__(self) -> Transaction:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self.open:
            self.rollback() if kind else self.commit()

    def _end(self) -> None:
        self.open = False
        if self._parent:
            self._parent._child = None

    def _check_open(self) -> None:
        if not self.open:
            raise StoreError("the transaction is over")

    def _check_free(self) -> None:
        self._check_open()
        if self._child:
            raise StoreError("a transaction inside this one is open")
