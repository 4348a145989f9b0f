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
_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SPELLED = re.compile(
    rf"((?:minus|negative)\s+)?(?:({'|'.join(_TENS)})(?:[\s-]+({'|'.join(_UNITS[1:10])}))?|({'|'.join(_UNITS)}))"
    rf"(\s+(?:{'|'.join(_SCALES)}))?"
)
"""All of a text that is a number below a hundred in words, or that many hundreds, thousands and so on."""
_SIGNS = str.maketrans({"–": "-", "—": "-", "×": "*", "·": "*"})
_DIGIT_GROUPS = re.compile(r"(?<=[0-9])(?:[\u00a0\u2009\u202f]|\\,|\{,\})(?=[0-9]{3})")

_REWRITES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(?<![\w*)])(\*{1,3})(?=[^\s*])([^*\n]+)(?<=\S)\1(?![\w*(])"), r"\2"),
    (re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}"), r" \1/\2"),
    (re.compile(r"\\[dt]?frac\s*([0-9])\s*([0-9])"), r" \1/\2"),
    (re.compile(r"\\(?:boxed|fbox|text|mathrm|mathbf|textbf|mbox)\s*\{([^{}]*)\}"), r" \1 "),
    (re.compile(r"\\times|\\cdot"), "*"),
    (re.compile(r"(?<=[a-z])\s+(?=\^)"), ""),
    (re.compile(r"\\(?:(?:left|right|quad|qquad)(?![a-z])|[!;:, ()\[\]])"), " "),
    (re.compile(r"\\approx(?![a-z])"), "≈"),
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
    rf"\b(?:not|cannot)\b|n['’]t\b|\b(?:more|less|fewer|greater|larger|smaller|higher|lower)\s+than\s+{_HOLE}"
    rf"|\b(?:over|under|above|below)\s+{_HOLE}|{_HOLE}.*\bor\s+(?:more|less|fewer|higher|lower|above|below)\b"
    rf"|[<>≤≥≠±+!^√∞π|\\]|[-/*]\s*{_HOLE}|\.{_HOLE}|{_HOLE}\.|\b(?:dozens?|pairs?|couples?|half|halves|thirds?|quarters?"
    rf"|fourths?|fifths?|tenths?|pi|sqrt|root|(?:{'|'.join(_SCALES)})(?:s|ths?)?)\b"
)

_OTHERWISE = re.compile(r"\s+or\s+|\s*\(\s*(?:or\s+)?")
"""Where the same number may be written in another way: 1/2 or 0.5, 1/2 (0.5)."""
_ASIDE = re.compile(r"[;:]|,(?!\d)|\((?![^()]*\))|\b(?:because|since|as|so|where)\b")
"""Where an equation is about something else than what stands before: 35 (since 7 + 7 = 14)."""


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

    None where there is none, where there are several ("35 or 36", "x = 3, y = 4"), and where the rest changes what the
    number says ("2 dozen", "3 and a half", "> 5", "not 5"). The same one twice is one: "1/2 or 0.5".
    """
    whole = exact_number(text, percent)
    if whole is not None:
        return whole
    if len(text) > MOST_CHARACTERS:
        return None
    head, *tail = _OTHERWISE.split(text, maxsplit=1)
    if tail and (value := _only(head, percent)) is not None and value == _only(tail[0].rstrip(" )."), percent):
        return value
    before, _, after = text.rpartition("=")
    value, said = _only(after, percent), _said_before(before)
    contradicted = any(character.isdigit() for character in said) and _only(said.rpartition("=")[2], percent) != value
    return None if contradicted else value


def _said_before(equation: str) -> str:
    """What an equation's left side says before it turns to something else; empty where it does not."""
    aside = _ASIDE.search(equation) or ("=" in equation and re.search(r"\band\b", equation))
    return equation[: aside.start()] if aside else ""


def _only(text: str, percent: Fraction) -> Fraction | None:
    plain = _UNIT_POWER.sub("", _plain(text))
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
    text = normalized(_DIGIT_GROUPS.sub(",", text)).translate(_SIGNS)
    text = re.sub(r"(?<=[0-9])k\b", " thousand", text).lower()  # a capital K is a unit
    if spelled := _SPELLED.fullmatch(text.strip(" \t\r\n*_`.")):
        text = _in_digits(spelled)
    for pattern, replacement in _REWRITES:
        text = pattern.sub(replacement, text)
    return text.strip(" \t\r\n*_`").removesuffix(".").rstrip()[: MOST_CHARACTERS + 1]


def _in_digits(spelled: re.Match[str]) -> str:
    sign, tens, unit, small, scale = spelled.groups(default="")
    number = (_TENS.index(tens) + 2) * 10 if tens else 0
    number += _UNITS.index(unit or small) if unit or small else 0
    return f"{'-' if sign else ''}{number}{scale}"


def _value(match: re.Match[str], percent: Fraction) -> Fraction | None:
    """The number of one match; None if it divides by zero or is too large to write out."""
    top, bottom = (Fraction((match[part] or "1").replace(",", "")) for part in ("top", "bottom"))
    exponent = match["exponent"] or "0"
    if not bottom or len(exponent) > 9 or abs(int(exponent)) > LARGEST_EXPONENT:
        return None
    value = int(match["whole"] or 0) + top * Fraction(10) ** int(exponent) / bottom
    return (-value if match["sign"] == "-" else value) * (percent if match["percent"] else 1)
