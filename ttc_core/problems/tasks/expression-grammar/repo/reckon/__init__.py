"""Arithmetic expressions: reading, evaluating and tidying them."""

from collections.abc import Callable, Mapping

from reckon import evaluation, printing, tree
from reckon.errors import ExpressionError
from reckon.parser import parse

__all__ = ["ExpressionError", "evaluate", "parse", "tidy", "variables"]


def evaluate(
    text: str,
    names: Mapping[str, float] | None = None,
    functions: Mapping[str, Callable[..., float]] | None = None,
) -> float | bool:
    """The value of an expression.

    Args:
        text: The expression.
        names: What its names stand for.
        functions: What it may call, besides ``abs``, ``max``, ``min`` and ``round``.

    Raises:
        ExpressionError: The text is not an expression, or it has no value.
    """
    return evaluation.value(parse(text), names or {}, {**evaluation.FUNCTIONS, **(functions or {})})


def tidy(text: str) -> str:
    """The same expression with even spaces and as few parentheses as possible.

    Raises:
        ExpressionError: The text is not an expression.
    """
    return printing.show(parse(text))


def variables(text: str) -> set[str]:
    """The names that an expression needs, functions excepted.

    Raises:
        ExpressionError: The text is not an expression.
    """
    return tree.names(parse(text))
