"""Reading answers out of replies: the one place for it; knows nothing of models, runs, or which answer is right.

What cannot be read is None, never a guess.
"""

from __future__ import annotations

import re
from functools import cache

from ttc_core.problems.numerals import exact_number
from ttc_core.problems.programs import defines, program_of
from ttc_core.types import Problem

LONGEST_ANSWER = 2_000
"""Characters that are kept of an answer; a longer one ends in an ellipsis."""
LONGEST_OPEN = 20_000
"""The same of an answer to an open question."""

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
    ("<answer>", "</answer>"),
)
_LEAD_IN = re.compile(
    r"(?:(?:so|thus|hence|therefore),?\s+)?(?:the|my)\s+(?:(?:final|correct|right)\s+)?answer(?:\s+is\s*:?|\s*:)\s*",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"\s*(?:#{1,6}\s+(?P<marks>[*_]{0,3})(?:final )?answer(?P=marks)|(?P<bold>\*\*|__)(?:final )?answer(?P=bold))\s*",
    re.IGNORECASE,
)
"""The word as a heading, without a colon; what it heads stands below."""
_BRACED = re.compile(r"\\(?:boxed|fbox|text|textbf|mathrm|mathbf)\s*\{")

ANSWERS = ("answer", "final answer")


def read_answer(text: str) -> str | None:
    """What stands on the last line of a reply that starts with ``Answer:`` or ``Final answer:``.

    Without one, or with nothing on it, what the reply's last line with words puts into ``\\boxed{}``, which is how many
    models mark their answer; None where that is not there either, or is not the only thing boxed.
    """
    said = last_line(text, *ANSWERS)
    for _ in range(_MOST_WRAPPINGS):  # small models write the word twice: Answer: "Answer: 42"
        inner = said and last_line(said.strip("\"'"), *ANSWERS)
        if not inner:
            break
        said = inner
    if said and (lead := _LEAD_IN.match(said)):  # Answer: The answer is 42.
        said = bare(said[lead.end() :])
    return kept(said or _boxed(_said(text))) or None


def last_line(text: str, *words: str) -> str | None:
    """What follows the colon on the last line that starts with one of `words`, freed of markdown and ``\\boxed{}``.

    Thoughts (all before the last ``</think>``) do not count. None if there is no such line.
    """
    for line in reversed(_said(text).splitlines()):
        match = _line(words).fullmatch(line)
        if match:
            return bare(_after_colon(match))
    return None


def read_answer_of(text: str, problem: Problem) -> str | None:
    """The answer that a reply gives to this problem, as its kind says where to look; None where none can be read.

    - code: the fenced block that defines `Problem.entry`, or continues what the problem gave; the whole reply where
      it is such a program without a fence. Imports and helpers that the problem shows are put before it.
    - open: all of the reply.
    - patch: never; what an attempt changed is read from its files.
    - text: the answer line with the rows of a grid that go on right below it.
    - all others, and text: the answer line; where nothing stands on it, what stands below it, or below a heading.
    """
    match problem.kind:
        case "code":
            return _program(text, problem)
        case "open":
            return _cut(_said(text).strip(), LONGEST_OPEN) or None
        case "patch":
            return None
        case _:
            rows = _rows(text) if problem.kind == "text" else ""
            return kept(rows) or read_answer(text) or kept(_below(text)) or None


def read_code(text: str) -> str | None:
    """The last fenced block of a reply (``` or ~~~), also when the reply was cut off inside; None without one."""
    return (code_blocks(text) or [""])[-1] or None


def code_blocks(text: str) -> list[str]:
    """The fenced blocks of a reply (``` or ~~~) in their order; of one that was cut off, what there is."""
    blocks: list[list[str]] = []
    opening: re.Match[str] | None = None
    for line in _said(text).replace("\r\n", "\n").split("\n"):
        fence = _FENCE.fullmatch(line)
        if opening is None:
            if fence and not (fence["fence"][0] == "`" and "`" in fence["info"]):
                opening = fence
                blocks.append([])
        elif fence and fence["fence"].startswith(opening["fence"]) and not fence["info"].strip():
            opening = None
        else:
            blocks[-1].append(line.removeprefix(opening["indent"]))
    if opening and blocks[-1] and (last := blocks[-1][-1].strip()) and opening["fence"].startswith(last):
        blocks[-1].pop()  # the closing fence, itself cut off
    return ["\n".join(block).rstrip() for block in blocks]


def given_code(problem: Problem) -> str:
    """The code that a problem of kind code shows: imports, helpers and the head of the function; empty without any."""
    return read_code(problem.text) or ""


def _program(text: str, problem: Problem) -> str | None:
    blocks = code_blocks(text)
    if not blocks and defines(_said(text), problem.entry or "main"):
        blocks = [_said(text).strip()]
    return program_of(blocks, problem.entry, given_code(problem))


def _rows(text: str) -> str:
    """The answer line and all lines after it, where no word stands in any of them: the rows of a grid; else nothing."""
    lines = _said(text).rstrip().splitlines()
    for place in range(len(lines) - 1, -1, -1):
        if line := _line(ANSWERS).fullmatch(lines[place]):
            rows = [bare(_after_colon(line)), *(row.rstrip() for row in lines[place + 1 :])]
            grid = len(rows) > 1 and all(rows) and not any(re.search(r"[^\W\d_]{3}|[`~$]", row) for row in rows)
            return "\n".join(rows) if grid else ""
    return ""


def _below(text: str) -> str:
    """What stands below the last answer line, which itself says nothing: a grid of several lines, for example.

    A heading without a colon counts too, but not with code below it, which a model may write to have it run.
    """
    lines = _said(text).splitlines()
    for place in range(len(lines) - 1, -1, -1):
        line, heading = _line(ANSWERS).fullmatch(lines[place]), _HEADING.fullmatch(lines[place])
        if line or heading:
            below = "\n".join(lines[place + 1 :])
            code = read_code(below)
            says = bare(_after_colon(line)) if line else code
            return "" if says else bare(code or below)
    return ""


@cache
def _line(words: tuple[str, ...]) -> re.Pattern[str]:
    """A line that starts with one of these words and a colon, among whatever markdown and symbols."""
    return re.compile(
        r"(?P<lead>(?:[^\w\"'“‘«(\[{<|$\\:]|_)*+(?:[0-9]{1,3}[.)]\s*+|step\s++[0-9]{1,3}[.:]\s*+)?[*_`]*+)(?:"
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
    return bare(inner) if alone and not re.search(r"\w", after) else ""


def _to_closing_brace(text: str) -> str | None:
    """The text up to the brace that closes what was opened before it; None where none does."""
    depth = 1
    for brace in re.finditer(r"[{}]", text):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return text[: brace.start()]
    return None


def kept(answer: str) -> str:
    """The answer as far as it is kept."""
    return _cut(answer.strip(), LONGEST_ANSWER)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def bare(answer: str) -> str:
    """The answer without what wraps it, and without the period that ends a number, a word or a wrapped answer."""
    inside = answer.strip()
    for _ in range(_MOST_WRAPPINGS):
        inner = _unwrapped(inside.removesuffix("."))
        if inner is None:
            break
        inside = inner.strip()
    short = inside.removesuffix(".")
    word = len(short.split()) == 1 and "." not in short
    return short if word or exact_number(short) is not None else inside


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
