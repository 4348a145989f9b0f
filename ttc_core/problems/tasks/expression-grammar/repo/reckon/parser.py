"""From an expression to its tree, by precedence climbing."""

from __future__ import annotations

from reckon.errors import ExpressionError
from reckon.tokens import Token, tokens
from reckon.tree import BINDING, LOOSEST, Binary, Call, Name, Node, Number, Unary


def parse(text: str) -> Node:
    """The tree of an expression.

    Raises:
        ExpressionError: The text is not an expression; the message says where it ceases to be one.
    """
    parser = _Parser(tokens(text))
    node = parser.expression(LOOSEST)
    parser.take("the end")
    return node


class _Parser:
    """Goes through the tokens once, from left to right."""

    def __init__(self, parts: list[Token]) -> None:
        self._parts = parts
        self._at = 0

    @property
    def next(self) -> Token:
        """What comes next; it stays where it is."""
        return self._parts[self._at]

    def take(self, text: str | None = None) -> Token:
        """Go past what comes next, which has to be the given text, if there is one."""
        token = self.next
        if text is not None and token.text != text:
            found = f"{token.text} at {token.place}"
            raise ExpressionError(f"there is {found}, where {text} is expected")
        self._at += token.kind != "end"
        return token

    def expression(self, least: int) -> Node:
        """As much as belongs together by operators that bind at least so tightly."""
        left = self.prefixed()
        while self.next.text in BINDING and BINDING[self.next.text] >= least:
            operator = self.take().text
            if operator == "not":
                raise ExpressionError("not stands in front of something, not between")
            left = Binary(operator, left, self.expression(BINDING[operator] + 1))
        return left

    def prefixed(self) -> Node:
        """Something that may have operators in front of it."""
        if self.next.text == "-":
            self.take()
            return Unary("-", self.prefixed())
        if self.next.text == "not":
            self.take()
            return Unary("not", self.expression(BINDING["not"]))
        return self.atom()

    def atom(self) -> Node:
        """A number, a name, a call, or anything in parentheses."""
        token = self.take()
        if token.kind == "number":
            return Number(float(token.text) if "." in token.text else int(token.text))
        if token.text == "(":
            node = self.expression(LOOSEST)
            self.take(")")
            return node
        if token.kind != "word":
            raise ExpressionError(
                f"there is {token.text} at {token.place}, where a value is expected"
            )
        return Call(token.text, self.arguments()) if self.next.text == "(" else Name(token.text)

    def arguments(self) -> tuple[Node, ...]:
        """What stands between the parentheses of a call."""
        self.take("(")
        given: list[Node] = []
        while self.next.text != ")":
            if given:
                self.take(",")
            given.append(self.expression(LOOSEST))
        self.take(")")
        return tuple(given)
