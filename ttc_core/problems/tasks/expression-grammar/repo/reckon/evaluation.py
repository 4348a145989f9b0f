"""The value of a tree."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import TypeVar

from reckon.errors import ExpressionError
from reckon.tree import Binary, Call, Name, Node, Number, Unary

T = TypeVar("T")

FUNCTIONS: dict[str, Callable[..., float]] = {"abs": abs, "max": max, "min": min, "round": round}

OPERATORS: dict[str, Callable[[float, float], float]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
    "**": operator.pow,
}


def value(
    node: Node, names: Mapping[str, float], functions: Mapping[str, Callable[..., float]]
) -> float | bool:
    """What a tree comes to. ``and`` and ``or`` look at their right side only where it matters.

    Raises:
        ExpressionError: A name or function is unknown, or something has no value.
    """

    def of(part: Node) -> float | bool:
        match part:
            case Number(number):
                return number
            case Name(name):
                return _known(name, names)
            case Call(function, arguments):
                return _computed(_known(function, functions), *map(of, arguments))
            case Unary("not", operand):
                return not of(operand)
            case Unary(_, operand):
                return -of(operand)
            case Binary("and", left, right):
                return bool(of(left) and of(right))
            case Binary("or", left, right):
                return bool(of(left) or of(right))
            case Binary(sign, left, right):
                return _computed(OPERATORS[sign], of(left), of(right))
        raise TypeError(f"{part!r} is not a part of an expression")

    return of(node)


def _known(name: str, things: Mapping[str, T]) -> T:
    if name not in things:
        raise ExpressionError(f"{name} is unknown")
    return things[name]


def _computed(function: Callable[..., float], *given: float) -> float:
    try:
        result = function(*given)
    except (ArithmeticError, TypeError, ValueError) as error:
        raise ExpressionError(f"there is no value: {error}") from None
    if isinstance(result, complex):
        raise ExpressionError("there is no value: it would not be real")
    return result
