"""What can go wrong with an expression."""


class ExpressionError(ValueError):
    """The expression cannot be read, or it has no value."""
