"""Reading answers out of replies and comparing them: the one place for both; knows nothing of models or runs.

What cannot be read is None, never a guess. Two answers are equivalent exactly when their canonical forms are equal, so
equivalence is transitive, and votes can be counted by key.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache

from ttc_core.problems.numerals import exact_number, only_number
from ttc_core.problems.wording import normalized, plain_words
from ttc_core.types import Problem, Reference, Verdict

LONGEST_ANSWER = 2_000
"""Characters that are kept of an answer; a longer one ends in an ellipsis."""

_MOST_WRAPPINGS = 8
_MARKS = "*_`"
_FENCE = re.compile(r"(?P<indent>[ \t]*)(?P<fence>`{3,}+|~{3,}+)(?P<info>.*)")
_WRAPPINGS = (
    ("***", "***"),
    ("**", "**"),
    ("*", "*"),
    ("`", "`"),
    ("$$", "$$"),
    ("$", "$"),
    (r"\(", r"\)"),
    (r"\[", r"\]"),
)
_BRACED = re.compile(r"\\(?:boxed|fbox|text|textbf|mathrm|mathbf)\s*\{")
_LETTER = re.compile(
    r"(?:(?i:option|choice|answer)\s+)?\(?([A-Za-z])(?:\s*[).:\]]\s*|\s+[-–—]\s+|$)(.*)",
    re.DOTALL,
)
_SEPARATOR = re.compile(r"[,;\n]|\band\b|&", re.IGNORECASE)
_PERCENT = re.compile(r"%|\bper\s?cent", re.IGNORECASE)


ANSWERS = ("answer", "final answer")


def read_answer(text: str) -> str | None:
    """What stands on the last line of a reply that starts with ``Answer:`` or ``Final answer:``.

    Without one, or with nothing on it, what the reply's last line with words puts into ``\\boxed{}``, which is how many
    models mark their answer; None where that is not there either, or is not the only thing boxed.
    """
    said = last_line(text, *ANSWERS)
    while said and (inner := last_line(said.strip("\"'"), *ANSWERS)):
        said = inner  # small models write the word twice: Answer: "Answer: 42"
    return _kept(said or _boxed(_said(text))) or None


def last_line(text: str, *words: str) -> str | None:
    """What follows the colon on the last line that starts with one of `words`, freed of markdown and ``\\boxed{}``.

    Thoughts (all before the last ``</think>``) do not count. None if there is no such line.
    """
    for line in reversed(_said(text).splitlines()):
        match = _line(words).fullmatch(line)
        if match:
            return _bare(_after_colon(match))
    return None


def read_code(text: str) -> str | None:
    """The last fenced block of a reply (``` or ~~~), also when the reply was cut off inside; None without one."""
    block: list[str] | None = None
    opening: re.Match[str] | None = None
    for line in _said(text).replace("\r\n", "\n").split("\n"):
        fence = _FENCE.fullmatch(line)
        if opening is None:
            if fence and not (fence["fence"][0] == "`" and "`" in fence["info"]):
                opening, block = fence, []
        elif fence and fence["fence"].startswith(opening["fence"]) and not fence["info"].strip():
            opening = None
        elif block is not None:
            block.append(line.removeprefix(opening["indent"]))
    if opening and block and block[-1].strip() and opening["fence"].startswith(block[-1].strip()):
        block.pop()  # the closing fence, itself cut off
    code = "\n".join(block or ()).rstrip()
    return code or None


def canonical(answer: str, problem: Problem) -> str:
    r"""The key of an answer: equivalent answers to a problem have equal keys. Total, and free of side effects.

    By the problem's kind:

    - number: exact, so 1,234 = 1234.0 = $1,234 = 1.234e3, 1/2 = 0.5 = \frac{1}{2}, and words around the one number do
      not count (1234 sheep). Nothing is rounded: 0.333 is not 1/3.
    - choice: the letter, the words of the choice, or both: B = (b) = B) Paris = Paris. Letter and words that
      contradict each other are no choice.
    - set: parts between commas, semicolons or "and", each as a number or as text, in any order, each counted once.
    - text: without case, punctuation, articles and spacing; signs that carry meaning, such as - + # %, stay.
    - auto: a number where all of the answer writes one, else text.

    A percent sign is the unit where the problem's text speaks of percent (50% = 50), else a hundredth (50% = 1/2).
    What cannot be read as its kind is compared as text.
    """
    written = _bare(_kept(answer))
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
        case "auto":
            return _plain_key(written, percent)


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


@cache
def _line(words: tuple[str, ...]) -> re.Pattern[str]:
    """A line that starts with one of these words and a colon, among whatever markdown."""
    return re.compile(
        r"(?P<lead>[\s>#+\-•*_`~]*+(?:[0-9]{1,3}[.)]\s*+|step\s++[0-9]{1,3}[.:]\s*+)?[*_`]*+)(?:"
        + "|".join(map(re.escape, words))
        + r")(?P<rest>[\s*_`]*+[:：].*)",
        re.IGNORECASE | re.DOTALL,
    )


def _said(text: str) -> str:
    """The reply without its thoughts; nothing if it was cut off while thinking."""
    said = text.rpartition("</think>")[2]
    return "" if said.lstrip().startswith("<think>") else said


def _after_colon(line: re.Match[str]) -> str:
    """What an answer line says, without the emphasis that was opened before the word ``Answer``."""
    lead, rest = line["lead"], line["rest"].rstrip()
    opened = lead[len(lead.rstrip(_MARKS)) :][-3:]
    before, _, after = rest.replace("：", ":", 1).partition(":")
    said = before.strip() + after.strip()
    if not opened:
        return said
    if said.endswith(opened) and not said.startswith(opened):
        return said.removesuffix(opened)
    return said.replace(opened, "", 1)


def _boxed(text: str) -> str:
    """What stands in the only box of a reply, where no line with words follows; empty without one."""
    _, box, rest = text.rpartition("\\boxed{")
    inner = _to_closing_brace(rest) if box else None
    if inner is None:
        return ""
    after = rest[len(inner) + 1 :].partition("\n")[2]
    alone = text.count(box) == text.count(f"{box}{inner}}}")
    return _bare(inner) if alone and not re.search(r"\w", after) else ""


def _to_closing_brace(text: str) -> str | None:
    """The text up to the brace that closes what was opened before it; None where none does."""
    depth = 1
    for brace in re.finditer(r"[{}]", text):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return text[: brace.start()]
    return None


def _kept(answer: str) -> str:
    """The answer as far as it is kept."""
    answer = answer.strip()
    return answer if len(answer) <= LONGEST_ANSWER else answer[: LONGEST_ANSWER - 1] + "…"


def _bare(answer: str) -> str:
    """The answer without what wraps it, and without the period that ends a number, a word or a wrapped answer."""
    bare = answer.strip()
    for _ in range(_MOST_WRAPPINGS):
        inner = _unwrapped(bare.removesuffix("."))
        if inner is None:
            break
        bare = inner.strip()
    short = bare.removesuffix(".")
    word = len(short.split()) == 1 and "." not in short
    return short if word or exact_number(short) is not None else bare


def _unwrapped(text: str) -> str | None:
    """What stands inside the markdown or LaTeX that wraps all of `text`; None if nothing does."""
    for left, right in _WRAPPINGS:
        inner = text[len(left) : -len(right)]
        if text.startswith(left) and text.endswith(right) and len(text) >= len(left + right) and right not in inner:
            return inner
    braced = _BRACED.match(text)
    if not braced or not text.endswith("}"):
        return None
    inner, depth = text[braced.end() : -1], 0
    for character in inner:
        depth += (character == "{") - (character == "}")
        if depth < 0:  # the first brace closes before the end
            return None
    return inner if depth == 0 else None


def _plain_key(text: str, percent: Fraction) -> str:
    number = exact_number(text, percent)
    return _text_key(text) if number is None else f"number:{number}"


def _text_key(text: str) -> str:
    return f"text:{plain_words(text)}"


def _choice_key(text: str, choices: tuple[str, ...]) -> str | None:
    """The key of the chosen letter; None if the text is neither a choice's words, nor its letter, nor both."""
    named = _choice_of(text, choices)
    if named is None and (match := _LETTER.fullmatch(text)):
        letter, words = ord(match[1].lower()) - ord("a"), match[2]
        fits = letter < len(choices) or not choices
        named = letter if fits and (not words or _choice_of(words, choices) == letter) else None
    return None if named is None else f"choice:{chr(ord('a') + named)}"


def _choice_of(text: str, choices: tuple[str, ...]) -> int | None:
    """The place of the first choice with these words."""
    key = _plain_key(text, Fraction(1, 100))
    return next((i for i, choice in enumerate(choices) if _plain_key(choice, Fraction(1, 100)) == key), None)


def _set_key(text: str, percent: Fraction) -> str:
    plain = normalized(text).replace("\\{", "{").replace("\\}", "}").strip("{}[]() ")
    parts = (part.strip() for part in _SEPARATOR.split(plain))
    return "set:" + ", ".join(sorted({_plain_key(part, percent) for part in parts if part}))


def _short(text: str) -> str:
    """An answer as a sentence can hold it."""
    line = " ".join(text.split())
    return line if len(line) <= 80 else line[:79] + "…"
