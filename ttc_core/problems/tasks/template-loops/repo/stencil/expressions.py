"""Values as templates ask for them: ``order.customer.name | default: "nobody" | upper``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from stencil.errors import TemplateError

NAME = re.compile(r"[A-Za-z_]\w*")
PART = re.compile(
    r"""\s*( "[^"]*" | '[^']*' | -?\d+ | [A-Za-z_]\w*(?:\.\w+)* | [|:] )""", re.VERBOSE
)

FILTERS: dict[str, Callable[..., object]] = {
    "upper": lambda value: str(value).upper(),
    "lower": lambda value: str(value).lower(),
    "title": lambda value: str(value).title(),
    "length": lambda value: len(value),
    "join": lambda value, between="": str(between).join(map(str, value)),
    "default": lambda value, instead: instead if value is None else value,
}


@dataclass(frozen=True)
class Expression:
    """A value that is looked up when the template is filled in."""

    source: str
    filters: tuple[tuple[str, tuple[str, ...]], ...]
    line: int

    def value(self, scope: Mapping[str, object]) -> object:
        """What the expression gives in a scope. Raises TemplateError."""
        wanted = any(name == "default" for name, _ in self.filters)
        result = _look_up(self.source, scope, self.line, missing_is_none=wanted)
        for name, arguments in self.filters:
            given = [_look_up(argument, scope, self.line) for argument in arguments]
            try:
                result = FILTERS[name](result, *given)
            except TypeError:
                raise TemplateError(self.line, f"{name} cannot be used here") from None
        return result


def read_expression(text: str, line: int) -> Expression:
    """The expression that a text holds. Raises TemplateError."""
    source, *rest = _parts(text, line)
    filters = []
    while rest:
        if rest[0] != "|" or len(rest) < 2 or rest[1] not in FILTERS:
            raise TemplateError(line, f"{text!r} has an unknown filter")
        name, rest = rest[1], rest[2:]
        arguments = ()
        if rest[:1] == [":"]:
            arguments, rest = tuple(rest[1:2]), rest[2:]
        filters.append((name, arguments))
    return Expression(source, tuple(filters), line)


def _parts(text: str, line: int) -> list[str]:
    """The words, quoted texts and signs of an expression; at least one."""
    parts, end = [], 0
    while found := PART.match(text, end):
        parts.append(found[1])
        end = found.end()
    if text[end:].strip() or not parts or parts[0] in "|:":
        raise TemplateError(line, f"{text!r} is not an expression")
    return parts


def _look_up(
    source: str, scope: Mapping[str, object], line: int, missing_is_none: bool = False
) -> object:
    """The value of a quoted text, a number or a dotted name."""
    if source[0] in "\"'":
        return source[1:-1]
    if not NAME.match(source):
        return int(source)
    value: object = scope
    for key in source.split("."):
        if isinstance(value, Mapping) and key in value:
            value = value[key]
        elif isinstance(value, Sequence) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        elif missing_is_none:
            return None
        else:
            raise TemplateError(line, f"there is no {source}")
    return value
