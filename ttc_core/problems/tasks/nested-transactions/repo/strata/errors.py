"""What can go wrong."""


class StoreError(Exception):
    """Something is asked of a transaction or a snapshot that it cannot do now."""


class Conflict(StoreError):
    """Another transaction has committed changes to the same keys."""
