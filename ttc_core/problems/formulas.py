r"""One way of writing a formula, so that equal formulas often get equal keys; exact, bounded, free of libraries.

Read are sums, products, quotients by one term, whole powers and square roots of numbers and single letters, in LaTeX or
plain: 2\sqrt{3} = \sqrt{12}, \frac{\sqrt2}{2} = 1/\sqrt{2}, (x+1)^2 = x^2 + 2x + 1, 2\pi r = 2 r \pi. All else keeps
the key of its symbols: that of \frac{1}{1+x}, of \sin, of an equation or an interval differs where the writing does.
What is ambiguous (1/2x, x^10 without braces, 1\frac12) or large is not worked out either.
"""

from __future__ import annotations

import re
from fractions import Fraction
from math import gcd, isqrt

from ttc_core.problems.numerals import exact_number
from ttc_core.problems.wording import normalized

Monomial = tuple[tuple[str, int], ...]
"""Letters with their powers, in order, and at most one square root ``√n`` with n free of squares."""
Sum = dict[Monomial, Fraction]

LONGEST = 300
MOST_TERMS = 100
HIGHEST_POWER = 12
LARGEST_ROOT = 10**8
MOST_DIGITS = 60
DEEPEST = 20

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[0-9]+(?:\.[0-9]+)?|\.[0-9]+|[A-Za-z]|\S")
_SPACING = re.compile(r"\\(?:left|right|displaystyle|[,!;: ])|\\(?=[dt]frac)|[$]")
_SAME = {"\\cdot": "*", "\\times": "*", "\\div": "/", "\\dfrac": "\\frac", "\\tfrac": "\\frac"}
_PLAIN = {
    **{"\\ne": "\\neq", "\\le": "\\leq", "\\ge": "\\geq", "≠": "\\neq", "≤": "\\leq", "≥": "\\geq", "±": "\\pm"},
    **{"∞": "\\infty", "∅": "\\emptyset", "\\varnothing": "\\emptyset", "°": "^ \\circ", "∪": "\\cup", "∩": "\\cap"},
    **{"∈": "\\in"},
}
_NEEDLESS_BRACES = re.compile(r"(?<!\\text )\{ (\\[A-Za-z]+|[^\s\\{}]) \}")
_NAMES = {"\\pi": "π", "π": "π", "\\theta": "θ", "\\alpha": "α", "\\beta": "β", "\\lambda": "λ"}
_WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}|(?<![\\A-Za-z])ln(?![A-Za-z])")


class _Unclear(Exception):
    """This is not worked out."""


def formula_key(text: str, percent: Fraction = Fraction(1, 100)) -> str | None:
    """The key of a number or a formula; None where the text looks like neither. Equal keys mean equal.

    Args:
        text: What was written, without what wraps it.
        percent: What a percent sign multiplies by.
    """
    number = exact_number(text, percent)
    if number is not None:
        return f"number:{number}"
    plain = _SPACING.sub(" ", normalized(re.sub(r"\\[dt]frac", r"\\frac", text))).replace("**", "^").strip()
    if len(text) > LONGEST or not re.search(r"[0-9\\^∞∅]|[A-Za-z]\s*[-+*/=]|\A[A-Za-z]\Z", plain) or "\\text" in plain:
        return None
    tokens = _TOKEN.findall(plain)
    try:
        if _WORD.search(plain):
            if not re.search(r"[\\^()*/=]", plain):
                return None  # 35 sheep
            raise _Unclear
        return _written(_Reader(tokens).whole())
    except (_Unclear, ZeroDivisionError):
        symbols = " ".join(_PLAIN.get(token, token) for token in tokens)
        return "symbols:" + _NEEDLESS_BRACES.sub(r"\1", symbols)


def _written(total: Sum) -> str:
    terms = {monomial: factor for monomial, factor in total.items() if factor}
    if set(terms) <= {()}:
        return f"number:{terms.get((), Fraction(0))}"
    return "formula:" + " + ".join(
        f"{factor}" + "".join(f"*{atom}^{power}" for atom, power in monomial)
        for monomial, factor in sorted(terms.items())
    )


class _Reader:
    """Reads tokens from left to right into a sum of terms; raises _Unclear where they may mean two things."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = [_SAME.get(token, token) for token in tokens]
        self._at = 0
        self._depth = 0

    def whole(self) -> Sum:
        """All tokens."""
        total = self._sum()
        if self._next():
            raise _Unclear
        return total

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, *wanted: str) -> str:
        token = self._next()
        if token not in wanted:
            return ""
        self._at += 1
        return token

    def _sum(self) -> Sum:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _Unclear
        total = self._product()
        while sign := self._take("+", "-"):
            total = _added(total, self._product(), 1 if sign == "+" else -1)
        self._depth -= 1
        return total

    def _product(self) -> Sum:
        sign = -1 if self._take("-") else 1
        total, divided = self._power(), False
        while True:
            if self._take("*"):
                total = _times(total, self._power())
            elif self._take("/"):
                total, divided = _over(total, self._power()), True
            elif (token := self._next()) and token not in ("+", "-", ")", "}"):
                if divided or token[0].isdigit() or token[0] == "." or self._unclear_before(token):
                    raise _Unclear  # 1/2x, x2
                total = _times(total, self._power())
            else:
                return _times(total, {(): Fraction(sign)})

    def _unclear_before(self, token: str) -> bool:
        """Whether this may be no product with what stands before it: 1\\frac12, f(x)."""
        before = self._tokens[self._at - 1]
        return (token == "\\frac" and before[0].isdigit()) or (token == "(" and before in ("f", "g", "h"))

    def _power(self) -> Sum:
        base = self._atom()
        if not self._take("^"):
            return base
        braced = self._next() in ("{", "(")
        if not braced and len(self._next()) > 1:
            raise _Unclear  # x^10 is x^1 0 in LaTeX
        power = _number(self._atom())
        if power.denominator != 1 or abs(power) > HIGHEST_POWER or self._next() == "^":
            raise _Unclear
        total: Sum = {(): Fraction(1)}
        for _ in range(abs(int(power))):
            total = _times(total, base)
        return total if power >= 0 else _over({(): Fraction(1)}, total)

    def _atom(self) -> Sum:
        token = self._next()
        self._at += 1
        if token in ("(", "{"):
            total = self._sum()
            if not self._take(")" if token == "(" else "}"):
                raise _Unclear
            return total
        if token == "\\frac":
            return _over(self._argument(), self._argument())
        if token in ("\\sqrt", "√"):
            return _root(self._argument())
        if token in _NAMES or (len(token) == 1 and token.isascii() and token.isalpha()):
            return {((_NAMES.get(token, token), 1),): Fraction(1)}
        if re.fullmatch(r"[0-9]*\.?[0-9]+", token) and len(token) <= MOST_DIGITS:
            return {(): Fraction(token)}
        raise _Unclear

    def _argument(self) -> Sum:
        """What a command takes: what stands in braces, or one digit or letter."""
        if self._next() not in ("{", "(") and len(self._next()) != 1:
            raise _Unclear  # \frac12 is read as one number here
        return self._atom()


def _number(total: Sum) -> Fraction:
    if not set(total) <= {()}:
        raise _Unclear
    return total.get((), Fraction(0))


def _added(first: Sum, second: Sum, sign: int) -> Sum:
    total = dict(first)
    for monomial, factor in second.items():
        total[monomial] = total.get(monomial, Fraction(0)) + sign * factor
    return _bounded(total)


def _times(first: Sum, second: Sum) -> Sum:
    total: Sum = {}
    for one, left in first.items():
        for other, right in second.items():
            monomial, root = _joined(one, other)
            total[monomial] = total.get(monomial, Fraction(0)) + left * right * root
        _bounded(total)
    return total


def _joined(one: Monomial, other: Monomial) -> tuple[Monomial, int]:
    """The product of two monomials, and the number that two roots give: √n·√m = g·√(nm/g²) with g = gcd(n, m)."""
    powers: dict[str, int] = {}
    root, outside = 1, 1
    for atom, power in (*one, *other):
        if atom[0] == "√":
            n = int(atom[1:])
            common = gcd(root, n)
            root, outside = root * n // common**2, outside * common
        else:
            powers[atom] = powers.get(atom, 0) + power
    if root > 1:
        powers[f"√{root}"] = 1
    return tuple(sorted((atom, power) for atom, power in powers.items() if power)), outside


def _over(top: Sum, bottom: Sum) -> Sum:
    """A quotient by a single term; its root goes to the top: 1/√n = √n/n."""
    terms = [(monomial, factor) for monomial, factor in bottom.items() if factor]
    if len(terms) != 1:
        if not terms:
            raise ZeroDivisionError
        raise _Unclear
    monomial, factor = terms[0]
    turned = tuple((atom, power if atom[0] == "√" else -power) for atom, power in monomial)
    inside = next((int(atom[1:]) for atom, _ in monomial if atom[0] == "√"), 1)
    return _times(top, {turned: 1 / (factor * inside)})


def _root(total: Sum) -> Sum:
    """The square root of a number: √(a/b) = √(ab)/b, with all squares taken out."""
    number = _number(total)
    inside = number.numerator * number.denominator
    if not 0 <= inside <= LARGEST_ROOT:
        raise _Unclear
    outside, n = 1, 2
    while n * n <= inside:
        while inside % (n * n) == 0:
            inside, outside = inside // (n * n), outside * n
        n += 1
    rest = isqrt(inside)
    if rest * rest == inside:
        inside, outside = 1, outside * rest
    monomial: Monomial = ((f"√{inside}", 1),) if inside > 1 else ()
    return {monomial: Fraction(outside, number.denominator)} if number else {}


def _bounded(total: Sum) -> Sum:
    digits = 10**MOST_DIGITS
    if len(total) > MOST_TERMS or any(abs(f.numerator) > digits or f.denominator > digits for f in total.values()):
        raise _Unclear
    return total
