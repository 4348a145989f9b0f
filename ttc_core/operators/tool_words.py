"""What an attempt with tools reads and writes: its prompt, and how its replies ask for a tool. Knows no run."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ttc_core.operators.asking import asking
from ttc_core.operators.words import cut, fenced, problem_words, shortened
from ttc_core.problems import last_line, read_answer_of, read_code
from ttc_core.types import Problem

LONGEST_QUERY = 300
LONGEST_EVIDENCE = 700
"""Characters that judges are shown of a cited passage."""

RUN_MARK = "# run"
"""The first line of a program that is to be run, where programs may also be answers."""

_CITED = re.compile(r"\[(\d{1,3}(?:\s*[,;]\s*\[?\d{1,3})*)\]|\bpassages?\s+(\d{1,3}(?:(?:,|\s+and)\s+\d{1,3})*)", re.I)


@dataclass(frozen=True)
class Call:
    """A tool that a reply asks for."""

    tool: Literal["search", "python"]
    input: str


@dataclass(frozen=True)
class Tools:
    """What an attempt may still do besides answering."""

    search: bool
    python: bool


def tool_call(text: str, problem: Problem, tools: Tools) -> Call | None:
    """The tool that a reply asks for; None where it gives an answer, or asks for nothing.

    The last word counts: a search is asked for by the last of the lines that begin with ``Search:`` or ``Answer:``, and
    Python by a fenced block in a reply without an answer line. Where a program or a whole reply may be the answer, a
    block is run only if its first line is ``# run``.
    """
    if tools.search and _searches(text) and (query := _query(text)):
        return Call("search", query)
    code = read_code(text) if tools.python else None
    if code is None:
        return None
    if _marked(problem):
        return Call("python", code) if code.lstrip().lower().startswith(RUN_MARK) else None
    return Call("python", code) if read_answer_of(text, problem) is None else None


def cited(text: str, known: int) -> tuple[int, ...]:
    """The numbers of passages 1 to `known` that a text names, as ``[2]``, ``[1, 3]`` or ``Passage 2``, ascending."""
    named = {int(number) for match in _CITED.finditer(text) for number in re.findall(r"\d+", match[0])}
    return tuple(sorted(number for number in named if 1 <= number <= known))


def with_evidence(text: str, numbers: Sequence[int], passages: Sequence[str]) -> str:
    """A reply with the words of the passages it cites at its end, one line each: judges see nothing else of them."""
    lines = [f"[{number}] {cut(' '.join(passages[number - 1].split()), LONGEST_EVIDENCE)}" for number in numbers]
    return "\n".join([text, "", "Cited passages:", *(" ".join(line.split()) for line in lines)]) if lines else text


def prompt(
    problem: Problem,
    tools: Tools,
    context: str,
    passages: Sequence[str],
    steps: Sequence[str],
    rng: random.Random,
    share: float = 1.0,
) -> str:
    """Asks for the next turn.

    Args:
        problem: What is asked.
        tools: What may be asked for instead of an answer.
        context: Material of earlier attempts, between delimiters; empty for a fresh attempt.
        passages: What was found so far, the first of them number 1.
        steps: What was done so far, and what came of it.
        rng: Draws the delimiters.
        share: Of the material, how much is shown.
    """
    found = fenced(passages, rng, "Passage") if passages else ""
    done = fenced(steps, rng, "Step") if steps else ""
    parts = [
        problem_words(problem),
        *(shortened(words, share) for words in (context, found, done) if words),
        "\n".join(_instructions(problem, tools, bool(context), bool(passages), bool(steps))),
    ]
    return "\n\n".join(parts)


def _instructions(problem: Problem, tools: Tools, context: bool, passages: bool, steps: bool) -> list[str]:
    """What to do now, line by line; the form of an answer comes last."""
    said = []
    if passages:
        said.append("Rely on what the passages say, and name each one you use by its number, such as [1].")
    if steps:
        said.append("The steps above are your own work so far: go on from there.")
    if tools.search:
        said.append(
            "If a fact is still missing, do not guess it: end your reply with a line that starts with the word Search "
            "and a colon, then gives a few words to look for, and give no answer yet."
        )
    if tools.python:
        first = f" with the first line {RUN_MARK}" if _marked(problem) else ""
        said.append(
            f"If something is to be calculated, end your reply with one ```python block{first} that prints the result, "
            "and give no answer yet: you will then see what it prints."
        )
    if tools.search or tools.python:
        said.append("When you know enough:")
    elif steps:
        said.append("This is your last turn, so answer now:")
    if context:
        return [*said, f"Check the earlier attempts, keep what holds, mend what does not, and {asking(problem).anew}"]
    return [*said, asking(problem).solve]


def _marked(problem: Problem) -> bool:
    return problem.kind in ("code", "open")


def _searches(text: str) -> bool:
    """Whether the last line that asks or answers asks."""
    return last_line(text, "search") is not None and _last(text) == "search"


def _last(text: str) -> str | None:
    """Which of a search and an answer stands on the last line that is either."""
    for line in reversed(text.splitlines()):
        for word in ("search", "answer", "final answer"):
            if last_line(line, word) is not None:
                return word
    return None


def _query(text: str) -> str:
    """What to look for, without what small models put around it."""
    return " ".join((last_line(text, "search") or "").strip(" \"'“”<>[]").split())[:LONGEST_QUERY]
