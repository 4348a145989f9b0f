"""The units: what each one measures, and how large it is."""

from dataclasses import dataclass
from fractions import Fraction


class UnitError(ValueError):
    """A unit is unknown, or two units do not measure the same."""


@dataclass(frozen=True)
class Unit:
    """One unit; its size is in base units of its dimension (metre, gram, second)."""

    symbol: str
    dimension: str
    size: Fraction


SIZES = {
    "length": {
        "mm": "0.001",
        "cm": "0.01",
        "m": "1",
        "km": "1000",
        "in": "0.0254",
        "ft": "0.3048",
        "yd": "0.9144",
        "mi": "1609.344",
    },
    "mass": {
        "mg": "0.001",
        "g": "1",
        "kg": "1000",
        "t": "1000000",
        "oz": "28.349523125",
        "lb": "453.59237",
    },
    "time": {
        "ms": "0.001",
        "s": "1",
        "min": "60",
        "h": "3600",
        "d": "86400",
        "wk": "604800",
    },
}

UNITS = {
    symbol: Unit(symbol, dimension, Fraction(size))
    for dimension, sizes in SIZES.items()
    for symbol, size in sizes.items()
}


def find_unit(symbol: str) -> Unit:
    """The unit with this symbol. Raises UnitError where there is none."""
    if symbol not in UNITS:
        raise UnitError(f"unknown unit: {symbol!r}")
    return UNITS[symbol]
