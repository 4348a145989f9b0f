"""Programs as answers: read out of replies, joined with what was given, and told apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttc_core.problems import canonical, equivalent, read_answer_of
from ttc_core.problems.programs import LONGEST_PROGRAM, program_key, program_of
from ttc_core.types import Problem

GIVEN = '''from typing import List


def half(n: int) -> int:
    """Half of it."""
    return n // 2


def halves(numbers: List[int]) -> List[int]:
    """ Half of each.
    >>> halves([2, 4])
    [1, 2]
    """
'''
PROBLEM = Problem(id="t", text=f"Write it.\n\n```python\n{GIVEN.strip()}\n```", kind="code", entry="halves")
WHOLE = "def halves(numbers):\n    return [half(n) for n in numbers]"


def ran(reply: str) -> object:
    """What the program that was read gives; it is ours, so it may run here."""
    program = read_answer_of(reply, PROBLEM)
    assert program is not None
    names: dict[str, object] = {}
    exec(program, names)
    return names["halves"]([2, 4])  # type: ignore[operator]


@pytest.mark.parametrize(
    "reply",
    [
        f"Here:\n```python\n{WHOLE}\n```",
        f"```python\n{WHOLE}\n```\nUse it so:\n```python\nprint(halves([2, 4]))\n```",
        f"```\n{WHOLE}",
        WHOLE,
        f"<think>```python\ndef halves(n): return 0\n```</think>\n```py\n{WHOLE}\n```",
        "```python\n    return [half(n) for n in numbers]\n```",
        "```python\nreturn [half(n) for n in numbers]\n```",
        "```python\nmade = []\n    for n in numbers:\n        made.append(half(n))\n    return made\n```",
        "```python\nfound: List[int] = []\nfor n in numbers:\n    found.append(half(n))\nreturn found\n```",
        f"```python\n{GIVEN}    return [half(n) for n in numbers]\n```",
        f"```python\ndef half(n: int):\n    return List and n // 2\n\n{WHOLE}\n```",
        "~~~python\nhalves = lambda numbers: [half(n) for n in numbers]\n~~~",
    ],
)
def test_a_program_is_read_and_has_what_was_given(reply: str) -> None:
    assert ran(reply) == [1, 2]


def test_what_the_answer_defines_is_not_overridden_by_what_was_given() -> None:
    program = read_answer_of("```python\ndef half(n):\n    return 7\n\n" + WHOLE + "\n```", PROBLEM)
    assert program is not None
    assert program.count("def half(") == 1
    assert "from typing import List" in program


@pytest.mark.parametrize("reply", ["", "I do not know.", "Answer: 42", "```python\n```", "<think>```python\nx=1\n```"])
def test_where_there_is_no_program_none_is_read(reply: str) -> None:
    assert read_answer_of(reply, PROBLEM) is None


def test_a_broken_program_is_still_the_answer() -> None:
    assert read_answer_of("```python\ndef halves(numbers:\n    return\n```", PROBLEM) == (
        "def halves(numbers:\n    return"
    )


def test_a_program_may_be_longer_than_other_answers_but_not_endless() -> None:
    long = WHOLE + "\n" + "# a comment\n" * 1000
    assert len(read_answer_of(f"```python\n{long}\n```", PROBLEM) or "") > 10_000
    assert read_answer_of(f"```python\n{WHOLE}\n{'#' * LONGEST_PROGRAM}\n```", PROBLEM) is None


@pytest.mark.parametrize(
    "other",
    [
        "def halves(numbers):  # comment\n\n    return [half(n)\n            for n in numbers]",
        'def halves(numbers):\n    """Half of each."""\n    return [half(n) for n in numbers]\n',
    ],
)
def test_layout_comments_and_docstrings_do_not_count(other: str) -> None:
    assert equivalent(WHOLE, other, PROBLEM)


@pytest.mark.parametrize("other", [WHOLE.replace("n)", "n )+1"), WHOLE.replace("halves", "Halves"), "def halves(:", ""])
def test_other_programs_have_other_keys(other: str) -> None:
    assert not equivalent(WHOLE, other, PROBLEM)


@pytest.mark.parametrize(
    "code",
    [
        "(" * 49_000,
        "-" * 49_000 + "1",
        "x" + "+x" * 24_000,
        "x = " + "9" * 5_000,
        "x = 0x" + "f" * 40_000,
        "\0",
        "a\x0cb = 1",
        "[" * 90 + "]" * 90,
        "x" + "[0]" * 15_000,
        "\ud800",
        "f'{" * 3_000,
        "lambda: " * 6_000 + "0",
        "#" * 60_000,
    ],
    ids=lambda code: ascii(code[:12]),
)
def test_keys_are_total(code: str) -> None:
    assert program_key(code) == program_key(code)
    assert canonical(code, PROBLEM)
    assert read_answer_of(f"```\n{code}\n```", PROBLEM) != ""


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_reply_can_be_read(before: str, inside: str) -> None:
    answer = read_answer_of(f"{before}\n```python\n{inside}\n```", PROBLEM)
    assert answer is None or canonical(answer, PROBLEM) == canonical(answer, PROBLEM)


def test_other_kinds_are_read_where_their_answers_stand() -> None:
    text, essay, patch = (Problem(id="t", text="?", kind=kind) for kind in ("text", "open", "patch"))
    assert read_answer_of("So:\nAnswer: a b", text) == "a b"
    assert read_answer_of("So:\n\nAnswer:\n```\n1 2\n3 4\n```", text) == "1 2\n3 4"
    assert read_answer_of("So:\n**Answer:**\n1 2\n3 4\n", text) == "1 2\n3 4"
    assert read_answer_of("So:\nAnswer: 1 2\n3 4\n", text) == "1 2\n3 4"
    assert read_answer_of("So:\nAnswer: Paris\nIt is in France.", text) == "Paris"
    assert read_answer_of("So:\nAnswer: 12\n\nDone", text) == "12"
    assert read_answer_of("No answer.", text) is None
    assert read_answer_of("<think>hm</think>\n All of it.\n", essay) == "All of it."
    assert read_answer_of(" ", essay) is None
    assert len(read_answer_of("x" * 100_000, essay) or "") == 20_000
    assert read_answer_of("```diff\n--- a\n```\nAnswer: 1", patch) is None


def test_what_only_tries_a_program_out_is_left_out() -> None:
    program = """import math


def area(r):
    return math.pi * r * r


TABLE = [area(1)]


def test_area():
    assert area(1) == 3


print(area(2))
assert area(1) == 3, "wrong"
test_area()
if __name__ == "__main__":
    print("done")"""
    read = program_of([program], "area", "")
    assert read
    assert read.endswith("assert area(1) == 3")
    assert "TABLE" in read
    assert '"wrong"' not in read


def test_what_a_program_may_need_at_its_end_stays() -> None:
    for end in ("area.cache = {}", "register(area)", "import math", "for n in range(3):\n    TABLE.append(n)"):
        program = f"TABLE = []\n\n\ndef area(r):\n    return r\n\n\n{end}"
        assert program_of([program], "area", "") == program


@pytest.mark.parametrize("end", ["n = int(input())\nprint(area(n))", "result = area(2)\nprint(result)\nassert result"])
def test_what_a_trial_keeps_goes_with_it(end: str) -> None:
    program = "def area(r):\n    return r"
    assert program_of([f"{program}\n\n\n{end}"], "area", "") == program
    needed = "def area(r):\n    return LARGEST - r\n\n\ndef largest():\n    return 9\n\n\nLARGEST = largest()"
    assert program_of([f"{needed}\nprint(area(1))"], "area", "") == needed
