"""A problem that a person just typed, made into a Problem and a Reference; knows nothing of forms or command lines."""

from __future__ import annotations

import hashlib
import re

from ttc_core.errors import BadInput
from ttc_core.problems.numerals import exact_number
from ttc_core.problems.replies import LONGEST_ANSWER
from ttc_core.types import AnswerKind, Problem, Reference

LONGEST_PROBLEM = 20_000
"""Characters."""
LONGEST_TITLE = 80

_FIRST_SENTENCE = re.compile(r".{12,}?[.?!](?=\s|$)")


def problem_from_text(text: str, reference: str | None) -> tuple[Problem, Reference | None]:
    """The problem with these words, and its reference where an answer was given (a blank one is none).

    The same words give the same id, whatever their line ends and outer spaces. Where the answer given is a number,
    answers are compared as numbers, so that a unit does not matter.

    Raises:
        BadInput: the text is empty, or text or answer are too long or not storable text.
    """
    text = _clean(text, "problem")
    answer = _clean(reference or "", "reference answer")
    if not text:
        raise BadInput("The problem is empty: type what is to be solved.")
    if len(text) > LONGEST_PROBLEM:
        raise BadInput(f"The problem has {len(text):,} characters; the most is {LONGEST_PROBLEM:,}.")
    if len(answer) > LONGEST_ANSWER:
        raise BadInput(f"The reference answer has {len(answer):,} characters; the most is {LONGEST_ANSWER:,}.")
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    # "35 sheep" answers a question whose answer is 35. That it is a number is all that is told of the reference.
    kind: AnswerKind = "number" if answer and exact_number(answer) is not None else "auto"
    problem = Problem(id=f"own/{digest}", text=text, title=_title(text), kind=kind, topic="own")
    return problem, Reference(answer=answer) if answer else None


def _clean(text: str, what: str) -> str:
    """Without outer spaces, with one kind of line end."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise BadInput(f"The {what} contains characters that are not text; remove them and try again.")
    return text


def _title(text: str) -> str:
    """The first sentence, cut at a word where it is long."""
    line = " ".join(text.split("\n", 1)[0].split())
    sentence = match[0] if (match := _FIRST_SENTENCE.match(line)) else line
    if len(sentence) <= LONGEST_TITLE:
        return sentence.removesuffix(".") or sentence
    head, _, _ = sentence[:LONGEST_TITLE].rpartition(" ")
    return (head or sentence[: LONGEST_TITLE - 1]).rstrip(" ,;:.-–") + "…"
