"""Numbers with units."""

from quantities.parsing import ParseError, parse
from quantities.quantity import Quantity
from quantities.units import Unit, UnitError, find_unit

__all__ = ["ParseError", "Quantity", "Unit", "UnitError", "find_unit", "parse"]
