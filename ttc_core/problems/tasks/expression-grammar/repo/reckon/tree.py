"""What an expression is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """A number as it is written, which is never negative."""

    value: int | float


@dataclass(frozen=True)
class Name:
    """Something that gets its value when the expression is evaluated."""

    name: str


@dataclass(frozen=True)
class Unary:
    """``-`` or ``not`` in front of something."""

    operator: str
    operand: Node


@dataclass(frozen=True)
class Binary:
    """Something on either side of an operator."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Call:
    """A function and what it is given."""

    function: str
    arguments: tuple[Node, ...]


Node = Number | Name | Unary | Binary | Call

LOOSEST = 1
BINDING = {
    "or": 1,
    "and": 2,
    "not": 3,
    **dict.fromkeys(("<", "<=", "==", "!=", ">=", ">"), 4),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "/", "%"), 6),
    "**": 7,
}
"""How tightly operators bind what stands beside them."""
NEGATION = 8
"""How tightly a minus in front of something binds it."""
ATOM = 9
"""What needs no parentheses anywhere."""


def names(node: Node) -> set[str]:
    """The names in a tree, those of functions excepted."""
    match node:
        case Name(name):
            return {name}
        case Unary(_, operand):
            return names(operand)
        case Binary(_, left, right):
            return names(left) | names(right)
        case Call(_, arguments):
            return set().union(*map(names, arguments))
    return set()
