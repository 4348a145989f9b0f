"""The parts of a parsed template. Each knows how to fill itself in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from stencil.expressions import Expression


class Node(Protocol):
    """Anything that a template is made of."""

    def render(self, scope: dict[str, object]) -> str:
        """The text that this part comes to, given the names that can be seen from it."""


@dataclass(frozen=True)
class Text:
    """Plain text."""

    text: str

    def render(self, scope: dict[str, object]) -> str:
        """The text itself."""
        return self.text


@dataclass(frozen=True)
class Output:
    """The value of an expression; None is written as nothing."""

    expression: Expression

    def render(self, scope: dict[str, object]) -> str:
        """The value as text."""
        value = self.expression.value(scope)
        return "" if value is None else str(value)


@dataclass(frozen=True)
class Assignment:
    """A name for a value."""

    name: str
    expression: Expression

    def render(self, scope: dict[str, object]) -> str:
        """Nothing, but from here on the scope has the name."""
        scope[self.name] = self.expression.value(scope)
        return ""


@dataclass(frozen=True)
class Choice:
    """One of two parts. It has no names of its own: what is set in it can be seen after it."""

    condition: Expression
    negated: bool
    body: tuple[Node, ...]
    otherwise: tuple[Node, ...]

    def render(self, scope: dict[str, object]) -> str:
        """The part that the condition selects."""
        chosen = bool(self.condition.value(scope)) != self.negated
        return "".join(node.render(scope) for node in (self.body if chosen else self.otherwise))
