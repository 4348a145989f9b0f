"""Comparing answers: the one place for their keys; knows nothing of models, runs, or how answers are read.

Two answers are equivalent exactly when their canonical forms are equal, so
equivalence is transitive, and votes can be counted by key.
"""

from __future__ import annotations

import re
from fractions import Fraction

from ttc_core.problems.formulas import formula_key
from ttc_core.problems.numerals import exact_number, only_number
from ttc_core.problems.patches import patch_key
from ttc_core.problems.programs import program_key
from ttc_core.problems.replies import bare, kept
from ttc_core.problems.wording import normalized, plain_words
from ttc_core.types import Problem, Reference, Verdict

_LETTER = re.compile(
    r"(?:(?i:(?:the\s+)?(?:correct\s+|right\s+)?(?:option|choice|answer)(?:\s+is)?:?)\s+)?"
    r"[(\[{\"'“‘]*([A-Za-z])(?![^\W_])(.*)",
    re.DOTALL,
)
_AFTER_LETTER = " \t\r\n.,:;!)]}-–—\"'”’("
_BECAUSE = re.compile(r"(?:because|since)\b", re.IGNORECASE)
_LETTER_LAST = re.compile(r"(.+?)[\s,]*\(([A-Za-z])\)", re.DOTALL)
_SEPARATOR = re.compile(r"[,;\n]|\band\b|&", re.IGNORECASE)
_ITEM = re.compile(r"^[ \t]*(?:[-*•+]|[0-9]{1,3}[.)])[ \t]+", re.MULTILINE)
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_LATEX = re.compile(r"\\[a-z]{2,}")
_LATEX_TEXT = re.compile(r"\\(?:text|textbf|textit|mathrm|mathbf|mbox|boxed|fbox)\s*\{([^{}]*)\}")
_LATEX_SPACE = re.compile(r"\\(?:left|right)(?![a-z])|\\[,;:! ]")
_PLAIN_FORMULA = re.compile(r"(?=.*(?<![^\W\d_])[a-zπ](?![^\W\d_]))(?=.*[-+*/^=√])[\w\s+*/^=√().-]+", re.DOTALL)
"""A formula without LaTeX, with at least one letter that stands alone: x^2 + 1, but not 3-5 or 2024-01-05."""
_RELATION = re.compile(r"(?<=\S)\s+([=<>≤≥≠≈]+)\s+(?=\S)")
_PERCENT = re.compile(r"%|\bper\s?cent", re.IGNORECASE)


def canonical(answer: str, problem: Problem) -> str:
    r"""The key of an answer: equivalent answers to a problem have equal keys. Total, and free of side effects.

    By the problem's kind:

    - number: exact, so 1,234 = 1234.0 = $1,234 = 1.234e3, 1/2 = 0.5 = \frac{1}{2}, and words around the one number do
      not count (1234 sheep). Nothing is rounded: 0.333 is not 1/3.
    - choice: the letter, the words of the choice, or both: B = (b) = B) Paris = Paris. Letter and words that
      contradict each other are no choice.
    - set: parts between commas, semicolons or "and", each as a number or as text, in any order, each counted once.
    - text: without case, punctuation, articles and spacing; signs that carry meaning, such as - + # %, stay.
    - auto: a number where all of the answer writes one, a formula where LaTeX in it can be worked out, else text.
    - math: a number, or LaTeX in one way of writing it: see `formula_key`. It misses much that is equal, and never
      takes for equal what is not; the verdict after a run accepts more.
    - code: the program without comments, docstrings and layout. patch: what it changes. open: the words.

    A percent sign is the unit where the problem's text speaks of percent (50% = 50), else a hundredth (50% = 1/2).
    What cannot be read as its kind is compared as text.
    """
    match problem.kind:
        case "code":
            return program_key(answer)
        case "patch":
            return f"patch:{patch_key(answer)}"
        case "open":
            return f"open:{plain_words(answer)}"
    written = bare(kept(answer))
    percent = Fraction(1) if _PERCENT.search(problem.text) else Fraction(1, 100)
    match problem.kind:
        case "choice":
            return _choice_key(written, problem.choices) or _text_key(written)
        case "set":
            return _set_key(written, percent)
        case "text":
            return _text_key(written)
        case "number":
            number = only_number(written, percent)
            return _text_key(written) if number is None else f"number:{number}"
        case "math":
            return formula_key(written, percent) or _text_key(written)
        case _:
            formula = formula_key(_as_formula(written), percent) if _as_formula(written) else None
            return formula if formula and not formula.startswith("symbols:") else _plain_key(written, percent)


def equivalent(first: str, second: str, problem: Problem) -> bool:
    """Whether two answers to a problem say the same."""
    return canonical(first, problem) == canonical(second, problem)


def check(answer: str | None, problem: Problem, reference: Reference | None) -> Verdict:
    """The verdict on an answer: correct if it is equivalent to the reference answer or to one of its aliases."""
    if reference is None:
        return Verdict(outcome="unverified", detail="There is no reference answer to compare with.")
    if answer is None:
        return Verdict(outcome="incorrect", detail="No answer could be read.")
    right = reference.answer
    if any(equivalent(answer, accepted, problem) for accepted in (right, *reference.aliases)):
        return Verdict(
            outcome="correct", detail=f"“{_short(answer)}” agrees with the reference answer “{_short(right)}”."
        )
    return Verdict(outcome="incorrect", detail=f"The reference answer is “{_short(right)}”, not “{_short(answer)}”.")


def _plain_key(text: str, percent: Fraction) -> str:
    number = exact_number(text, percent)
    return _text_key(text) if number is None else f"number:{number}"


def _as_formula(text: str) -> str:
    """An answer of kind auto as it may be read as a formula; empty where it is plain words or numbers."""
    if _LATEX.search(text):
        return text
    small = normalized(text).casefold()  # the case of plain answers does not count
    return small if len(text) <= 200 and _PLAIN_FORMULA.fullmatch(small) else ""


def _text_key(text: str) -> str:
    unstyled = _LATEX_SPACE.sub(" ", _LATEX_TEXT.sub(r"\1", text)) if "\\" in text else text
    return "text:" + plain_words(_RELATION.sub(r"\1", unstyled))


def _choice_key(text: str, choices: tuple[str, ...]) -> str | None:
    """The key of the chosen letter; None if the text is neither a choice's words, nor its letter, nor both.

    After letter and words, or after "because", a reply may go on: B) Paris, on the Seine.
    """
    named = _choice_of(text, choices)
    text = _LATEX_SPACE.sub(" ", _LATEX_TEXT.sub(r"\1", text)).replace("*", "")
    if named is None and (match := _LETTER.fullmatch(text)):
        letter, words = ord(match[1].lower()) - ord("a"), match[2].strip(_AFTER_LETTER)
        agrees = not words or _BECAUSE.match(words) or _choice_at_start(words, choices) == letter
        named = letter if agrees and (letter < len(choices) or not choices) else None
    elif named is None and (match := _LETTER_LAST.fullmatch(text)):
        letter = ord(match[2].lower()) - ord("a")
        named = letter if _choice_of(match[1], choices) == letter else None
    return None if named is None else f"choice:{chr(ord('a') + named)}"


def _choice_at_start(words: str, choices: tuple[str, ...]) -> int | None:
    """The place of the choice that the words are, else of the one that they start with and that they alone name."""
    exact = _choice_of(words, choices)
    if exact is not None:
        return exact
    said = f" {plain_words(words)} "
    named = [i for i, choice in enumerate(choices) if f" {plain_words(choice)} " in said]
    starts = len(named) == 1 and said.startswith(f" {plain_words(choices[named[0]])} ")
    return named[0] if starts and " or " not in said else None


def _choice_of(text: str, choices: tuple[str, ...]) -> int | None:
    """The place of the first choice with these words."""
    key = _plain_key(text, Fraction(1, 100))
    return next((i for i, choice in enumerate(choices) if _plain_key(choice, Fraction(1, 100)) == key), None)


def _set_key(text: str, percent: Fraction) -> str:
    plain = normalized(re.sub(r"\\(?:left|right)(?![a-z])", "", text)).replace("\\{", "{").replace("\\}", "}").strip()
    if "\n" in plain:
        plain = _ITEM.sub("", plain)
    if plain[:1] in _BRACKETS and plain.endswith(_BRACKETS[plain[0]]) and len(_parts(plain)) == 1:
        plain = plain[1:-1]
    parts = (part.strip() for part in _parts(plain))
    return "set:" + ", ".join(sorted({_plain_key(part, percent) for part in parts if part}))


def _parts(text: str) -> list[str]:
    """The members of a set, separated where no bracket is open: (1, 2) is one."""
    parts, start, depth = [], 0, 0
    for mark in re.finditer(rf"[(\[{{]|[)\]}}]|{_SEPARATOR.pattern}", text, re.IGNORECASE):
        depth = max(0, depth + (mark[0] in "([{") - (mark[0] in ")]}"))
        if depth == 0 and mark[0] not in ")]}":
            parts.append(text[start : mark.start()])
            start = mark.end()
    return [*parts, text[start:]]


def _short(text: str) -> str:
    """An answer as a sentence can hold it."""
    line = " ".join(text.split())
    return line if len(line) <= 80 else line[:79] + "…"
