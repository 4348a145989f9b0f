"""What the simulated model says about programs: it draws them whole, since it can neither write nor run code.

A program is the reference's answer or one of its misconceptions, as the odds have it; where a problem names no
misconception, a slip of the pen in the right program stands in. Tests that it "writes" are the problem's own examples,
with what they should give. Calls that it writes to tell programs apart are those examples with other numbers, whose
results it does not claim to know.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Sequence
from random import Random

from ttc_core.types import Case

CALLS = 3
"""Calls that it writes to tell programs apart."""

_SLIPS = (
    (r"<=", "<"),
    (r">=", ">"),
    (r"(?<![<>=!])<(?![<=])", "<="),
    (r"(?<![<>=!-])>(?![>=])", ">="),
    (r"==", "!="),
    (r" \+ (?!=)", " - "),
    (r" - (?!=)", " + "),
    (r"\band\b", "or"),
    (r"\bTrue\b", "False"),
    (r"\b0\b", "1"),
    (r"\b1\b", "2"),
    (r"\b2\b", "3"),
    (r"\breturn \S.*", "return None"),
)
"""What is mistaken for what, the most tempting first."""
_NUMBER = re.compile(r"(?<![\w.])\d{1,6}(?=\.?\d*(?![\w.]))")
"""The whole part of a number."""


def solution(answer: str, context: int, rng: Random) -> list[str]:
    """A reply with a program; its last part is the whole block."""
    return [
        "[simulated] The program was drawn with known odds; nothing was worked out.",
        *([f"Of the earlier work I was shown ({context}) I keep what holds up."] if context else []),
        rng.choice(("The direct way should do.", "I go through the input once.", "I treat the empty case first.")),
        f"```python\n{answer.strip()}\n```",
    ]


def named(answer: str | None) -> str | None:
    """A program in few words, the same for the same program."""
    if answer is None:
        return None
    lines, mark = len(answer.strip().splitlines()), hashlib.sha256(answer.strip().encode()).hexdigest()[:4]
    return f"program {mark} of {lines} line{'s' * (lines != 1)}"


def slips(answer: str, entry: str) -> tuple[str, ...]:
    """Programs one slip away from a right one, outside its first line and its docstrings; at least one."""
    docstrings = "".join(re.findall(r'"""[\s\S]*?"""|\'\'\'[\s\S]*?\'\'\'', answer))
    wrong = []
    for right, slip in _SLIPS:
        for found in re.finditer(right, answer):
            line = answer[answer.rfind("\n", 0, found.start()) + 1 :].partition("\n")[0]
            program = answer[: found.start()] + slip + answer[found.end() :]
            if not line.startswith(("def ", "import ", "from ")) and line not in docstrings and _loads(program):
                wrong.append(program)
                break
    return tuple(wrong) or (f"def {entry or 'solution'}(*given):\n    return None",)


def tests(cases: Sequence[Case]) -> list[str]:
    """The problem's examples in the form of tests."""
    claims = [f"assert {case.call} == {case.expected}" for case in cases if _is_literal(case.expected)]
    if not claims:
        return ["[simulated] I cannot work out results, and the problem shows no example, so I write no test."]
    return ["[simulated] I repeat the problem's examples; I cannot work out others.", "```python", *claims, "```"]


def calls(cases: Sequence[Case], rng: Random) -> list[str]:
    """The problem's examples with other numbers, without results."""
    shown = [case.call for case in cases if "\n" not in case.call]
    if not shown:
        return ["[simulated] The problem shows no example that I could change into another call."]
    drawn = dict.fromkeys(_changed(rng.choice(shown), rng) for _ in range(4 * CALLS))
    written = [call for call in drawn if call not in shown][:CALLS] or shown[:CALLS]
    return ["[simulated] The problem's examples with other numbers.", "```python", *written, "```"]


def _changed(call: str, rng: Random) -> str:
    """A call with its numbers moved a little."""
    return _NUMBER.sub(lambda number: str(max(0, int(number[0]) + rng.randint(-2, 3))), call)


def _loads(program: str) -> bool:
    try:
        ast.parse(program)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _is_literal(text: str) -> bool:
    try:
        ast.literal_eval(text)
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return False
    return True
