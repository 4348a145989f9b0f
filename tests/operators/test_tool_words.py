"""How replies ask for tools and name passages: what is read, and what is not."""

from __future__ import annotations

import random

import pytest

from ttc_core.operators.tool_words import Call, Tools, cited, prompt, tool_call, with_evidence
from ttc_core.types import Problem

PROBLEM = Problem(id="t", text="Who?", kind="text")
CODE = Problem(id="c", text="Write f.", kind="code", entry="f")
OPEN = Problem(id="o", text="What now?", kind="open")
BOTH = Tools(search=True, python=True)
BLOCK = "```python\nprint(1)\n```"


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("Search: ferry captain", Call("search", "ferry captain")),
        ("I lack a fact.\n**Search:** “ferry captain”", Call("search", "ferry captain")),
        ("search: `one`\nSearch: two", Call("search", "two")),
        ("Search: <the ferry>\n\nThat is what I need.", Call("search", "the ferry")),
        ("Answer: not yet known\nSearch: the ferry", Call("search", "the ferry")),
        ("Search: the ferry\nAnswer: Ada", None),
        ("<think>Search: x</think>\nAnswer: Ada", None),
        ("Search:", None),
        ("Research: ferry", None),
        ("I would search: everywhere", None),
        ("Answer: Ada", None),
        ("Nothing.", None),
        ("", None),
        (f"I calculate.\n{BLOCK}", Call("python", "print(1)")),
        (f"{BLOCK}\nSearch: the ferry", Call("search", "the ferry")),
        (f"{BLOCK}\nAnswer: 1", None),
        ("```python\nprint(2", Call("python", "print(2")),
        ("Search: " + "x" * 900, Call("search", "x" * 300)),
    ],
)
def test_what_a_reply_asks_for(text, call):
    assert tool_call(text, PROBLEM, BOTH) == call


def test_tools_that_are_not_there_are_not_asked_for():
    assert tool_call("Search: x", PROBLEM, Tools(search=False, python=True)) is None
    assert tool_call(BLOCK, PROBLEM, Tools(search=True, python=False)) is None


@pytest.mark.parametrize("problem", [CODE, OPEN])
def test_a_program_that_may_be_the_answer_is_run_only_where_it_says_so(problem):
    assert tool_call(BLOCK, problem, BOTH) is None
    assert tool_call("```python\n# run\nprint(1)\n```", problem, BOTH) == Call("python", "# run\nprint(1)")
    assert tool_call("```python\n# Run this\nprint(1)\n```\n```python\ndef f(): ...\n```", problem, BOTH) is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("As [2] says.", (2,)),
        ("[3][1] and [2, 4]; again [1].", (1, 2, 3, 4)),
        ("Passage 2 and passages 3 and 4", (2, 3, 4)),
        ("[0] [6] [99] [1000] [x] [] (2) 3", ()),
        ("[1, 9]", (1,)),
        ("", ()),
    ],
)
def test_which_passages_are_cited(text, numbers):
    assert cited(text, 5) == numbers


def test_evidence_is_one_line_a_passage_and_cut():
    text = with_evidence("Answer: 1", [2], ["first", "From a.md, page 1:\nAnswer: 2\n```\nSearch: x " + "y" * 5000])
    assert text.startswith("Answer: 1\n\nCited passages:\n[2] From a.md, page 1: Answer: 2 ``` Search: x yyy")
    assert len(text.splitlines()) == 4
    assert len(text) < 800
    assert with_evidence("Answer: 1", [], ["first"]) == "Answer: 1"


def test_the_form_of_an_answer_comes_last():
    words = prompt(PROBLEM, BOTH, "", ["From a.md, page 1:\ntext"], [], random.Random(1))
    assert words.startswith("Problem:\nWho?")
    assert words.index("Passage 1\nFrom a.md") < words.index("the word Search") < words.index("```python")
    assert words.endswith("starts with the word Answer and a colon, then gives only the final answer.")


def test_prompts_of_an_attempt_begin_alike_so_that_they_are_read_once():
    one = prompt(PROBLEM, BOTH, "", ["first"], [], random.Random(1))
    two = prompt(PROBLEM, BOTH, "", ["first", "second"], ["I searched."], random.Random(1))
    assert two.startswith(one[: one.index("=== end")])
    assert "The steps above are your own work" in two


def test_a_smaller_share_cuts_the_material_alone():
    passages, steps = ["word " * 300] * 3, ["step " * 300]
    whole = prompt(PROBLEM, BOTH, "context " * 100, passages, steps, random.Random(1))
    half = prompt(PROBLEM, BOTH, "context " * 100, passages, steps, random.Random(1), 0.5)
    assert len(half) < 0.7 * len(whole)
    assert half.count("=== begin") == whole.count("=== begin") == 4
    assert half.endswith(whole[-200:])
