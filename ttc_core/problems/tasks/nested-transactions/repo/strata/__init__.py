"""A small store of keys and values that keeps its past."""

from strata.errors import Conflict, StoreError
from strata.snapshot import Snapshot
from strata.store import Store
from strata.transaction import Transaction

__all__ = ["Conflict", "Snapshot", "Store", "StoreError", "Transaction"]
