"""Calls and tests as a model writes them: read by Python's own parser, and never run here.

Small models forget the fence, number the lines, or wrap everything into a function; whatever holds a call of the
function that was asked for is taken, and the rest is left out.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Callable, Iterable, Iterator

from ttc_core.types import Case

LONGEST_SOURCE = 20_000
LONGEST_CASE = 400
"""Characters of a call, and of what it should give."""

_FENCE = re.compile(r"^[ \t]*(?:```|~~~).*$", re.MULTILINE)
_LEAD = re.compile(r"^\s*(?:>>>|[-*•]|\d{1,3}[.)])?\s*`?")


def read_calls(text: str, entry: str, most: int) -> tuple[Case, ...]:
    """Up to so many different calls of `entry` that stand in a reply, without what they should give."""
    return _read(text, most, lambda tree: (Case(call=ast.unparse(call)) for call in _calls(tree, entry)))


def read_tests(text: str, entry: str, most: int) -> tuple[Case, ...]:
    """Up to so many different claims about `entry` that stand in a reply, each with what it expects.

    ``assert f(1) == 2`` expects the literal 2 of f(1); any other claim about a call is a condition that must hold.
    """
    return _read(text, most, lambda tree: (_expectation(claim, entry) for claim in _claims(tree, entry)))


def _read(text: str, most: int, find: Callable[[ast.AST], Iterable[Case]]) -> tuple[Case, ...]:
    found: dict[str, Case] = {}
    try:
        for tree in _trees(text):
            for case in find(tree):
                if max(len(case.call), len(case.expected)) <= LONGEST_CASE:
                    found.setdefault(case.call, case)
    except RecursionError:
        pass  # nested deeper than anybody would write a test; what came before it counts
    return tuple(found.values())[:most]


def _trees(text: str) -> Iterator[ast.AST]:
    """What of a reply is Python: its fenced blocks or all of it; line by line where it is no program as a whole."""
    parts = _FENCE.split(text.rpartition("</think>")[2][:LONGEST_SOURCE])
    for source in parts[1::2] or parts:
        whole = _parsed(source)
        lines = [] if whole else [_parsed(_LEAD.sub("", line).rstrip("` ")) for line in source.splitlines()]
        yield from filter(None, [whole, *lines])


def _parsed(source: str) -> ast.AST | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, MemoryError):
        return None


def _claims(tree: ast.AST, entry: str) -> Iterator[ast.expr]:
    """What is asserted of a call, or just compared with it."""
    for node in _in_order(tree):
        claim = node.test if isinstance(node, ast.Assert) else getattr(node, "value", None)
        compared = isinstance(node, ast.Expr) and isinstance(claim, ast.Compare)
        if not isinstance(claim, ast.expr) or not (isinstance(node, ast.Assert) or compared):
            continue
        if _names(claim) <= _known(entry) and any(_calls(claim, entry)):
            yield claim


def _expectation(claim: ast.expr, entry: str) -> Case:
    match claim:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.Is()], comparators=[right]):
            for call, value in ((left, right), (right, left)):
                if _is_literal(value) and any(_calls(call, entry)):
                    return Case(call=ast.unparse(call), expected=ast.unparse(value))
    return Case(call=f"bool({ast.unparse(claim)})", expected="True")


def _calls(tree: ast.AST, entry: str) -> Iterator[ast.Call]:
    """The outermost calls of `entry` that need no other names than Python's own."""
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == entry:
        if _names(tree) <= _known(entry):
            yield tree
        return
    for child in ast.iter_child_nodes(tree):
        yield from _calls(child, entry)


def _in_order(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes, from first to last."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        yield from _in_order(child)


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _known(entry: str) -> set[str]:
    return {entry, *dir(builtins)}


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError):
        return False
    return True
