from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttc_core.operators.reading import read_choices, read_score


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("Final verdict: Solution 2", (1,)),
        ("Because.\n**Final verdict: Solution 1**", (0,)),
        ("final verdict: solution 2.", (1,)),
        ("Final verdict: 2", (1,)),
        ("Final verdict: Solution 1\nWait.\nFinal verdict: Solution 2", (1,)),
        ("Final verdict: Solution 1\n\nFinal verdict: Solution 2", None),
        ("Final verdict: Solution 2\nFinal verdict: Solution 2", (1,)),
        ("The final verdict is:\nFinal verdict: Solution 2", (1,)),
        ("Final verdict: Solution 2\n\nThe final verdict is Solution 2.", (1,)),
        ("**Final verdict:**\nSolution 2", (1,)),
        ("**Final verdict:**\n\nSolution 2.\n", (1,)),
        ("Final verdict:\nSolution 2 is wrong", None),
        ("Final verdict: Solution 3", None),
        ("Final verdict: Solution 0", None),
        ("Final verdict: both are fine", None),
        ("Final verdict: Solution 1 or Solution 2", None),
        ("Final verdict: Solution 1, Solution 2", None),
        ("Final verdict:", None),
        ("The final verdict: Solution 1", (0,)),
        ("The final verdict is Solution 1.", (0,)),
        ("**The final verdict is Solution 1.**", (0,)),
        ("Therefore, the final verdict is: Solution 2", (1,)),
        ("### Final verdict: **Solution 2**", (1,)),
        ("Final verdict: <2>", (1,)),
        ("The final verdict: Solution 2 is to be chosen.", (1,)),
        ("Final verdict: Solution 1 is most likely the right one.", (0,)),
        ("The final verdict is Solution 1. This is because its sum of 35 is right.", (0,)),
        ("The final verdict is Solution 2, as the farmer has 35 sheep.", (1,)),
        ("**Final verdict: Solution 2** because it adds up.", (1,)),
        ("Final verdict: Solution 1. But Solution 2 is right.", None),
        ("Final verdict: Solution 1, 2", None),
        ("Final verdict: Solution 1, and 2 too", None),
        ("Final verdict: Solution 1, which is wrong.", None),
        ("Final verdict: Solution 1. No, wait.", None),
        ("Final verdict: Solution 1. It isn't clear.", None),
        ("Final verdict: Solution 1, or the other.", None),
        ("Final verdict: Solution 3, because it adds up.", None),
        ("Final verdict: Solution 1 is wrong", None),
        ("Final verdict: Solution 1 is not right", None),
        ("Final verdict: Solution 1 is better than Solution 2", None),
        ("Final verdict: not Solution 1", None),
        ("The final verdict is not Solution 1", None),
        ("I doubt that the final verdict is Solution 1", None),
        ("Final verdict: Solution 1\nThe final verdict is open.", None),
        ("Final verdict: is Solution 1 right?", None),
        ("Solution 1 is better", None),
        ("<think>\nFinal verdict: Solution 1\n</think>\nI cannot say.", None),
        ("Final verdict: Solution 1\nFinal verdict: none", None),
        ("", None),
    ],
)
def test_one_verdict(text, choices):
    assert read_choices(text, shown=2) == choices


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("Final verdict: Solution 2, Solution 4", (1, 3)),
        ("Final verdict: Solution 2 and 4", (1, 3)),
        ("Final verdict: 4", (3,)),
        ("Final verdict: Solution 2, Solution 2", (1,)),
        ("Final verdict: Solution 1, 2, 3", None),
        ("Final verdict: Solution 1, Solution 9", None),
    ],
)
def test_several_choices(text, choices):
    assert read_choices(text, shown=4, take=2) == choices


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("Score: 7", 7.0),
        ("ok\nscore: 7.5/10", 7.5),
        ("**Score:** 10", 10.0),
        ("Score: 11", None),
        ("Score: -1", None),
        ("Score: high", None),
        ("Score: 7 of 10 points", None),
        ("The score is 7.", 7.0),
        ("**Score: 7 out of 10**", 7.0),
        ("The score is not 7", None),
        ("Score: 7\nThe score is open.", None),
        ("no line", None),
    ],
)
def test_score(text, score):
    assert read_score(text) == score


@pytest.mark.parametrize(
    "unit", ["the ", "> ", "final verdict is ", "Final verdict: Solution 1 is best ", "\n", "score is\n"]
)
def test_hostile_text_costs_no_time(unit):
    assert read_choices(unit * 100_000, shown=2) is None
    assert read_score(unit * 100_000) is None


@given(st.text(max_size=2000))
def test_reading_never_raises(text):
    read_choices(text, 2)
    read_score(text)
