"""From the tokens of a template to its nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stencil.errors import TemplateError
from stencil.expressions import read_expression
from stencil.nodes import Assignment, Choice, Node, Output, Text
from stencil.tokens import Token, tokens

SET = re.compile(r"set\s+([A-Za-z_]\w*)\s*=\s*(.+)", re.DOTALL)
IF = re.compile(r"if\s+(not\s+)?(.+)", re.DOTALL)


def parse(template: str) -> tuple[Node, ...]:
    """The nodes of a template.

    Raises:
        TemplateError: A tag is malformed, unknown, not closed, or closes what is not open.
    """
    left = tokens(template)
    nodes, end = _part(left)
    if end:
        raise TemplateError(end.line, f"{end.text!r} has no beginning")
    return nodes


def _part(left: Iterator[Token]) -> tuple[tuple[Node, ...], Token | None]:
    """The nodes up to the next tag that ends a part, and that tag; None at the template's end."""
    nodes: list[Node] = []
    for token in left:
        if token.kind == "text":
            nodes.append(Text(token.text))
        elif token.kind == "output":
            nodes.append(Output(read_expression(token.text, token.line)))
        elif token.text in ("else", "endif"):
            return tuple(nodes), token
        else:
            nodes.append(_tag(token, left))
    return tuple(nodes), None


def _tag(token: Token, left: Iterator[Token]) -> Node:
    """The node that begins with a tag."""
    if found := SET.fullmatch(token.text):
        return Assignment(found[1], read_expression(found[2], token.line))
    if found := IF.fullmatch(token.text):
        condition = read_expression(found[2], token.line)
        body, otherwise = _branches(token, left, "endif")
        return Choice(condition, bool(found[1]), body, otherwise)
    raise TemplateError(token.line, f"{token.text!r} is not a tag")


def _branches(
    opened: Token, left: Iterator[Token], closing: str
) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """What stands before ``else`` and after it, up to the closing tag."""
    body, end = _part(left)
    otherwise: tuple[Node, ...] = ()
    if end and end.text == "else":
        otherwise, end = _part(left)
    if end is None:
        raise TemplateError(opened.line, f"{opened.text!r} is not closed")
    if end.text != closing:
        raise TemplateError(end.line, f"{end.text!r} stands where {closing!r} should")
    return body, otherwise
