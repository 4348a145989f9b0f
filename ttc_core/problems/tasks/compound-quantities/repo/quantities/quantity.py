"""A number with a unit, and what can be done with it."""

from dataclasses import dataclass
from fractions import Fraction
from functools import total_ordering

from quantities.units import Unit, UnitError, find_unit


@total_ordering
@dataclass(frozen=True, eq=False)
class Quantity:
    """An exact value in a unit."""

    value: Fraction
    unit: Unit

    def to(self, symbol: str) -> "Quantity":
        """The same quantity in another unit. Raises UnitError where that measures other things."""
        unit = find_unit(symbol)
        self._same_dimension(unit)
        return Quantity(self.value * self.unit.size / unit.size, unit)

    def __add__(self, other: "Quantity") -> "Quantity":
        """The sum, in the unit of the left side."""
        return Quantity(self.value + other.to(self.unit.symbol).value, self.unit)

    def __sub__(self, other: "Quantity") -> "Quantity":
        return self + -other

    def __neg__(self) -> "Quantity":
        return Quantity(-self.value, self.unit)

    def __eq__(self, other: object) -> bool:
        """Whether both are the same amount, whatever their units."""
        if not isinstance(other, Quantity):
            return NotImplemented
        return self._amount() == other._amount()

    def __lt__(self, other: "Quantity") -> bool:
        self._same_dimension(other.unit)
        return self.value * self.unit.size < other.value * other.unit.size

    def __hash__(self) -> int:
        return hash(self._amount())

    def __str__(self) -> str:
        """The value, rounded to six decimal places, and the unit: ``1.5 km``."""
        number = f"{float(self.value):.6f}".rstrip("0").rstrip(".")
        return f"{'0' if number == '-0' else number} {self.unit.symbol}"

    def _amount(self) -> tuple[str, Fraction]:
        return self.unit.dimension, self.value * self.unit.size

    def _same_dimension(self, unit: Unit) -> None:
        if unit.dimension != self.unit.dimension:
            raise UnitError(f"{self.unit.symbol} and {unit.symbol} do not measure the same")
