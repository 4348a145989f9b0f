"""What a case expects, and whether what came is that: pure functions that know nothing of boxes.

The rule: values are equal as Python has it, element by element, except that a bool is never a number, nan equals nan,
and where a float is expected a number within 1e-9 of it (relative; 1e-12 around zero) will do. Keys and the elements
of sets are compared exactly, as numbers. Lists are no tuples.
"""

from __future__ import annotations

import ast
import hashlib
import math
import re
from dataclasses import dataclass

from ttc_core.errors import BadInput

RELATIVE, AROUND_ZERO = 1e-9, 1e-12
GOT_CHARACTERS = 2_000
"""Of a value as it is written down; the middle of a longer one is left out."""


@dataclass(frozen=True)
class Raises:
    """An exception that is expected, by the name of its class."""

    name: str


def expectation(text: str) -> object:
    """What an expected literal stands for: a value, or `Raises`.

    Beside Python literals it may hold ``set()``, ``frozenset(...)``, ``nan``, ``inf`` and ``float("nan")``.

    Raises:
        BadInput: It is neither.
    """
    match = re.fullmatch(r"raises\s+(?:\w+\.)*(\w+)", text.strip())
    if match:
        return Raises(match[1])
    try:
        return ast.literal_eval(_Named().visit(ast.parse(text.strip(), mode="eval")))
    except (SyntaxError, ValueError, TypeError, OverflowError, RecursionError, MemoryError):
        raise BadInput(f"What a case expects must be a Python literal or 'raises ...', not {text[:80]!r}.") from None


class _Named(ast.NodeTransformer):
    """Puts values in the place of the few names and calls that write values which have no literal."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return _constant(float(node.id)) if node.id in ("nan", "inf") else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        kind = {"float": float, "set": set, "frozenset": frozenset}.get(getattr(node.func, "id", ""))
        if kind is None or node.keywords:
            raise ValueError
        return _constant(kind(*[ast.literal_eval(self.visit(given)) for given in node.args]))


def _constant(value: object) -> ast.Constant:
    return ast.Constant(value)  # type: ignore[arg-type]  # literal_eval takes any value


def same(expected: object, got: object) -> bool:
    """Whether a value is the expected one, by the rule of this file."""
    if isinstance(expected, bool) or isinstance(got, bool):
        return expected is got
    if isinstance(expected, (int, float)) and isinstance(got, (int, float)):
        return _same_number(expected, got)
    if isinstance(expected, (set, frozenset)) and isinstance(got, (set, frozenset)):
        return _exact(frozenset(expected)) == _exact(frozenset(got))
    if type(expected) is not type(got):
        return False
    if isinstance(expected, (list, tuple)) and isinstance(got, (list, tuple)):
        return len(expected) == len(got) and all(map(same, expected, got))
    if isinstance(expected, dict) and isinstance(got, dict):
        left, right = ({_exact(key): part for key, part in pairs.items()} for pairs in (expected, got))
        return left.keys() == right.keys() and all(same(part, right[key]) for key, part in left.items())
    return expected == got


def _same_number(expected: float, got: float) -> bool:
    if isinstance(expected, int) or expected == got:
        return expected == got
    try:
        near = math.isclose(expected, got, rel_tol=RELATIVE, abs_tol=AROUND_ZERO)
        return near or (math.isnan(expected) and math.isnan(got))
    except OverflowError:  # an integer beyond all floats
        return False


def _exact(value: object) -> object:
    """A stand-in that is equal where the values are the same, with no nearness: for keys and elements of sets."""
    if isinstance(value, tuple):
        return ("tuple", *map(_exact, value))
    if isinstance(value, frozenset):
        return ("set", frozenset(map(_exact, value)))
    if isinstance(value, bool):
        return ("bool", value)
    return "nan" if isinstance(value, float) and math.isnan(value) else ("plain", value)


def written(value: object) -> str:
    """The value as Python writes it, sets in order, so that equal values have equal words; long ones shortened."""
    text = _written(value)
    if len(text) <= GOT_CHARACTERS:
        return text
    half = GOT_CHARACTERS // 2
    mark = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:12]
    return f"{text[:half]} ... {text[-half:]} ({len(text):,} characters, SHA-256 {mark})"


def _written(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_written(key)}: {_written(part)}" for key, part in value.items()) + "}"
    if isinstance(value, (set, frozenset)):
        inner = "{" + ", ".join(sorted(map(_written, value))) + "}" if value else ""
        return f"frozenset({inner})" if isinstance(value, frozenset) else inner or "set()"
    if isinstance(value, (list, tuple)):
        inner = ", ".join(map(_written, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner},)" if len(value) == 1 else f"({inner})"
    return repr(value)
