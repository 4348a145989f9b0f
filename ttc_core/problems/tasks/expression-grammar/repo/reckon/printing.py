"""Trees as text, with the fewest parentheses."""

from __future__ import annotations

from reckon.tree import ATOM, BINDING, NEGATION, Binary, Call, Name, Node, Number, Unary


def show(node: Node) -> str:
    """An expression that has this tree."""
    match node:
        case Number(value):
            return str(value)
        case Name(name):
            return name
        case Call(function, arguments):
            return f"{function}({', '.join(map(show, arguments))})"
        case Unary("not", operand):
            return f"not {_inside(operand, BINDING['not'])}"
        case Unary(_, operand):
            return f"-{_inside(operand, NEGATION)}"
        case Binary(sign, left, right):
            binding = BINDING[sign]
            return f"{_inside(left, binding)} {sign} {_inside(right, binding + 1)}"
    raise TypeError(f"{node!r} is not a part of an expression")


def _inside(node: Node, least: int) -> str:
    """A part of an expression, in parentheses if it does not bind as tightly as it must there."""
    return show(node) if _binding(node) >= least else f"({show(node)})"


def _binding(node: Node) -> int:
    """How tightly a tree holds together."""
    match node:
        case Binary(sign, _, _):
            return BINDING[sign]
        case Unary("not", _):
            return BINDING["not"]
        case Unary(_, _):
            return NEGATION
    return ATOM
