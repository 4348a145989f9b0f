"""The exact number that a piece of text writes, if it writes one; knows nothing of problems or of answers.

Exact, because closeness is not transitive: were 0.33 and 0.34 both "equal" to 1/3, three candidates could agree and
disagree at once. What is too large to write out is no number here, so that no input can cost much time or memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from ttc_core.problems.wording import normalized

MOST_CHARACTERS = 2_000
"""Longer text is not read as a number."""
LARGEST_EXPONENT = 1_000
"""Powers of ten beyond this, either way, are not written out."""

_SCALES = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_SIGNS = str.maketrans({"–": "-", "×": "*", "·": "*"})
_DIGIT_GROUPS = re.compile(r"(?<=[0-9])(?:[\u00a0\u2009\u202f]|\\,|\{,\})(?=[0-9]{3})")

_REWRITES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}"), r" \1/\2"),
    (re.compile(r"\\[dt]?frac\s*([0-9])\s*([0-9])"), r" \1/\2"),
    (re.compile(r"\\(?:boxed|fbox|text|mathrm|mathbf|textbf|mbox)\s*\{([^{}]*)\}"), r" \1 "),
    (re.compile(r"\\times|\\cdot"), "*"),
    (re.compile(r"\\(?:left|right|[!;: ])"), " "),
    (re.compile(r"\^\s*\{?\s*(?:\\circ|°)\s*\}?"), "°"),
    (re.compile(r"\\([$%])"), r"\1"),
    (re.compile(r"(?<=[+-])\s*[$€£¥₹]\s*"), ""),
    (re.compile(r"[$€£¥₹]"), " "),
    (re.compile(r"(?<=[0-9.])\s*[*x]\s*10\s*(?:\^|\*\*)\s*\{?([+-]?[0-9]+)\}?"), r"e\1"),
    (re.compile(r"(?<![0-9.,^*/_e])10\s*(?:\^|\*\*)\s*\{?([+-]?[0-9]+)\}?"), r"1e\1"),
    (re.compile(rf"(?<=[0-9])\s*({'|'.join(_SCALES)})\b"), lambda match: f"e{_SCALES[match[1]]}"),
    (re.compile(r"(?<=[0-9.])\s*per\s?cent\b"), "%"),
    (re.compile(r"\b(?:minus|negative)\s+(?=[0-9.])"), "-"),
)

_AMOUNT = r"(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)"
_NUMBER = re.compile(
    rf"""(?:(?P<sign>(?<!\w)[+-](?=[0-9.])|\A[+-])\s*)?
    (?:(?P<whole>[0-9]+)\s+(?=[0-9]+\s*/))?            # the 1 of 1 1/2
    (?<!\w)(?P<top>{_AMOUNT})(?:e(?P<exponent>[+-]?[0-9]+))?
    (?:\s*/\s*(?P<bottom>{_AMOUNT}))?
    (?:\s*(?P<percent>%))?""",
    re.VERBOSE,
)
_UNIT_POWER = re.compile(r"(?<![0-9]e)(?<=[^\W\d_])\^?\{?[23]\}?(?!\w)")
_HOLE = "#"
_CHANGES_THE_NUMBER = re.compile(
    rf"[<>≤≥≠±+!^√∞π|\\]|[-/*]\s*{_HOLE}|\.{_HOLE}|{_HOLE}\.|\b(?:dozens?|pairs?|couples?|half|halves|thirds?|quarters?"
    rf"|fourths?|fifths?|tenths?|pi|sqrt|root|(?:{'|'.join(_SCALES)})(?:s|ths?)?)\b"
)


def exact_number(text: str, percent: Fraction = Fraction(1, 100)) -> Fraction | None:
    r"""The number that the whole of `text` writes, else None.

    Reads 1,234 · -3.50 · $5 · .5 · 1/2 · 1 1/2 · 1½ · \frac{1}{2} · 3e8 · 3 × 10^8 · 10³ · 5 million · 50%.

    Args:
        text: What was written.
        percent: What a percent sign multiplies by.
    """
    match = _NUMBER.fullmatch(_plain(text))
    return _value(match, percent) if match else None


def only_number(text: str, percent: Fraction = Fraction(1, 100)) -> Fraction | None:
    """The one number among the words of `text`, as in "35 sheep", "25 m^2" or "17 + 18 = 35" (what the last = gives).

    None where there is none, where there are several ("35 or 36"), and where the rest changes what the number says
    ("2 dozen", "3 and a half", "> 5").
    """
    plain = _UNIT_POWER.sub("", _plain(text.rpartition("=")[2]))
    matches = list(_NUMBER.finditer(plain))
    if len(matches) != 1:
        return None
    rest = plain[: matches[0].start()] + _HOLE + plain[matches[0].end() :]
    if any(character.isdigit() for character in rest) or _CHANGES_THE_NUMBER.search(rest):
        return None
    return _value(matches[0], percent)


def _plain(text: str) -> str:
    """The same in plain characters, with LaTeX and words for powers of ten as digits; nothing if it is too long."""
    if len(text) > MOST_CHARACTERS:
        return ""
    text = normalized(_DIGIT_GROUPS.sub(",", text)).translate(_SIGNS).lower()
    for pattern, replacement in _REWRITES:
        text = pattern.sub(replacement, text)
    return text.strip(" \t\r\n*_`").removesuffix(".").rstrip()[: MOST_CHARACTERS + 1]


def _value(match: re.Match[str], percent: Fraction) -> Fraction | None:
    """The number of one match; None if it divides by zero or is too large to write out."""
    top, bottom = (Fraction((match[part] or "1").replace(",", "")) for part in ("top", "bottom"))
    exponent = match["exponent"] or "0"
    if not bottom or len(exponent) > 9 or abs(int(exponent)) > LARGEST_EXPONENT:
        return None
    value = int(match["whole"] or 0) + top * Fraction(10) ** int(exponent) / bottom
    return (-value if match["sign"] == "-" else value) * (percent if match["percent"] else 1)
