"""What can be refused."""


class ParcelError(Exception):
    """Base of all errors of this library."""


class UnknownEvent(ParcelError):
    """There is no event of this name."""


class Refused(ParcelError):
    """The event may not happen now, or not with these data."""
