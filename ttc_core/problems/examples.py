"""The examples that a docstring shows, read into calls and what they give; runs nothing.

Read are doctests (``>>> f(1)`` and the value below, or ``>>> f(1) == 2``), calls with what they give on one line
(``f(1) == 2``, ``f(1) ➞ 2``, ``f(1) => 2``, ``f(1) -> 2``, ``f(1) = 2``, ``f(1) returns 2``, ``f(1) should return 2``),
sentences (``For n = 1 the output should be 2``), and blocks of ``Input:`` and ``Output:``. Whatever is not wholly
literal is no example. What a docstring claims may be false; that is for others to find out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ttc_core.types import Case

_GIVES = re.compile(
    r"\s*(?:\#\s*)?(?:==>|=>|->|➞|==|=|(?:should\s+)?returns?|should\s+be)\s*(?P<value>[^\n]+)", re.IGNORECASE
)
_FOR = re.compile(r"\bFor\s+(?P<given>\w+\s*=[^\n]*?),?\s+the\s[^\n]*?should\s+be\s+(?P<value>[^\n]+)")
_BLOCK = re.compile(r"\bInput:\s*(?P<given>.+?)\s*\bOutput:\s*(?P<value>[^\n]+)", re.DOTALL)
_NAMED = re.compile(r"^\s*(\w+)\s*:\s*", re.MULTILINE)
_DOCTEST = re.compile(r"^[ \t]*>>>[ ]?(?P<call>[^\n]*)\n(?P<value>(?:[ \t]*(?!>>>)\S[^\n]*\n)*)", re.MULTILINE)
_LONGEST_CALL = 2_000


def examples(docstring: str, entry: str) -> tuple[Case, ...]:
    """The examples in the order in which they stand, each once.

    Args:
        docstring: As it stands in the source, escapes unresolved.
        entry: The function that they call.
    """
    plain = docstring.replace("\r\n", "\n") + "\n"
    others = _DOCTEST.sub("\n", plain)
    found = [
        *_doctests(plain, entry),
        *_calls(others, entry),
        *_given(_FOR, others, entry),
        *_given(_BLOCK, others, entry),
    ]
    return tuple({case.call: case for case in reversed(found)}.values())[::-1]


def _doctests(text: str, entry: str) -> Iterator[Case]:
    for match in _DOCTEST.finditer(text):
        tree = _expression(match["call"])
        value = " ".join(line.strip() for line in match["value"].splitlines())
        match tree:
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]) if not value:
                call, expected = ast.unparse(left), _literal(ast.unparse(right))
            case ast.Call():
                call = ast.unparse(tree)
                expected = _literal(value) if value else "None"  # as doctest has it: nothing is printed
            case _:
                continue
        if expected and _calls_it(call, entry):
            yield Case(call=call, expected=expected)


def _calls(text: str, entry: str) -> Iterator[Case]:
    for start in re.finditer(rf"\b{re.escape(entry)}\(", text):
        call = _whole_call(text[start.start() : start.start() + _LONGEST_CALL])
        gives = _GIVES.match(text, start.start() + len(call)) if call else None
        expected = _value(gives["value"]) if gives else None
        tree = _expression(call)
        if expected and tree and _calls_it(call, entry):
            yield Case(call=ast.unparse(tree), expected=expected)


def _given(pattern: re.Pattern[str], text: str, entry: str) -> Iterator[Case]:
    for match in pattern.finditer(text):
        given, expected = match["given"], _value(match["value"])
        lines = ", ".join(line.strip() for line in _NAMED.sub(r"\1 = ", given).splitlines() if line.strip())
        tree = _expression(f"{entry}({lines})")
        if expected and isinstance(tree, ast.Call):
            # By place, because a docstring may name an argument differently.
            values = [*tree.args, *(keyword.value for keyword in tree.keywords)]
            call = ast.unparse(ast.Call(func=tree.func, args=values, keywords=[]))
            if _calls_it(call, entry):
                yield Case(call=call, expected=expected)


def _whole_call(text: str) -> str:
    """The text up to the parenthesis that closes its first call; empty where none does."""
    for close in re.finditer(r"\)", text):
        if isinstance(_expression(text[: close.end()]), ast.Call):
            return text[: close.end()]
    return ""


def _value(text: str) -> str | None:
    """The literal that a line gives, whatever explains it before or after: ``19 - 5 = 14``, ``24 # sum of 21 + 3``."""
    text = text.strip()
    before = (text[: mark.start()] for mark in re.finditer(r"\s+[#(]|\s+=>", text))
    for part in (text.rstrip(". "), text.rpartition("=")[2], *before):
        if (value := _literal(part.strip())) is not None:
            return value
    return None


def _literal(text: str) -> str | None:
    """The same value as Python writes it; None where it is no literal."""
    try:
        return repr(ast.literal_eval({"true": "True", "false": "False"}.get(text, text)))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def _calls_it(call: str, entry: str) -> bool:
    """Whether an expression calls the function, and names nothing that an example would not know."""
    tree = _expression(call)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} if tree else set()
    return entry in names and names <= {entry, "round", "sorted", "len", "list", "set", "tuple", "str"}


def _expression(text: str) -> ast.expr | None:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
