"""From text to a quantity."""

import re
from fractions import Fraction

from quantities.quantity import Quantity
from quantities.units import find_unit

NUMBER = r"[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?"
QUANTITY = re.compile(rf"([+-]?)({NUMBER})\s*([a-z]+)")


class ParseError(ValueError):
    """The text is not a quantity."""


def parse(text: str) -> Quantity:
    """Read a number and its unit, such as ``2.5 km`` or ``-40min``.

    Raises:
        ParseError: The text is not of this form.
        UnitError: The unit is unknown.
    """
    match = QUANTITY.fullmatch(text.strip())
    if not match:
        raise ParseError(f"not a quantity: {text!r}")
    sign, number, symbol = match.groups()
    return Quantity(Fraction(sign + number), find_unit(symbol))
