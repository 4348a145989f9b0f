"""What a judge's reply must end with, and that it reads alike however it was bound."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ttc_core.models.constrained import as_text, grammar, schema
from ttc_core.operators.reading import read_choices, read_score
from ttc_core.types import Message, Problem, Request, Role, Shown


def judge(role: Role = "compare", shown: int = 2, take: int = 1, max_tokens: int = 512) -> Request:
    return Request(
        call="m1/vote1",
        role=role,
        node="m1",
        messages=(Message(role="user", content="Which?"),),
        problem=Problem(id="p", text="What?"),
        shown=tuple(Shown(id=f"c{n}", answer=str(n)) for n in range(shown)),
        take=take,
        max_tokens=max_tokens,
    )


@pytest.mark.parametrize("role", ["propose", "summarize", "distill", "refine", "critique"])
def test_who_makes_something_may_write_as_they_like(role: Role) -> None:
    assert grammar(judge(role)) is None
    assert schema(judge(role)) is None


def test_a_program_is_one_fenced_block_at_the_end() -> None:
    asked = judge("propose").model_copy(update={"problem": Problem(id="p", text="Write f.", kind="code", entry="f")})
    rules = grammar(asked)
    assert rules
    assert rules.startswith('root ::= prose "```python\\n" piece+ "```" "\\n"{0,2}\n')
    assert schema(asked) is None
    assert grammar(asked.model_copy(update={"turn": 1})) is None, "whoever has tools may say other things first"


def test_a_turn_in_a_repository_is_one_command() -> None:
    asked = judge("act").model_copy(update={"problem": Problem(id="p", text="Mend f.", kind="patch"), "turn": 3})
    rules = grammar(asked)
    assert rules
    assert '"```bash\\n" piece+ "```"' in rules
    assert 'prose ::= (piece{0,600} "\\n")?\n' in rules, "whoever muses for long comes to a command"
    assert grammar(asked.model_copy(update={"role": "compare", "shown": judge().shown})) != rules


def test_a_grammar_ends_with_the_line_that_the_prompt_asks_for() -> None:
    rules = grammar(judge(shown=3))
    assert rules
    assert '"Final verdict: Solution " number\nnumber ::= "1" | "2" | "3"\n' in rules
    assert (grammar(judge("select", 4, 3)) or "").count(", Solution") == 2
    assert (grammar(judge("select", 2, 3)) or "").count(", Solution") == 1, "no more than are shown"
    assert '"Score: " ("0" | "1"' in (grammar(judge("score", 1)) or "")


@given(st.integers(16, 16384), st.integers(1, 16))
def test_the_reasoning_leaves_room_for_the_last_line(max_tokens: int, take: int) -> None:
    request = judge("select", 16, take, max_tokens)
    lines, length = map(int, re.findall(r"\{\d,(\d+)\}", grammar(request) or "")[:2])
    form = schema(request, bounded=True)
    assert form
    for characters in (lines * length, form["properties"]["reason"]["maxLength"]):
        assert 0 <= characters <= max(1, 1.75 * (max_tokens - 16)) <= 1.75 * max_tokens


def test_a_schema_is_strict_and_asks_for_the_reason_first() -> None:
    for request in (judge(), judge("select", 5, 2), judge("score", 1)):
        form = schema(request)
        assert form
        assert form["additionalProperties"] is False
        assert form["required"] == list(form["properties"])
        assert form["required"][0] == "reason"
        assert "maxLength" not in str(form), "strict modes do not take it"


@pytest.mark.parametrize("wrapping", ["{}", "```json\n{}\n```", "  \n{}\n"])
def test_json_reads_as_the_plain_line(wrapping: str) -> None:
    said = wrapping.replace("{}", json.dumps({"reason": "Two is right.\nFinal verdict: Solution 1", "verdict": 2}))
    assert read_choices(as_text(judge(), said), 2) == (1,)
    said = wrapping.replace("{}", json.dumps({"reason": "Both.", "verdict": [3, 1]}))
    assert read_choices(as_text(judge("select", 3, 2), said), 3, 2) == (2, 0)
    said = wrapping.replace("{}", json.dumps({"reason": "Sound.", "score": 7}))
    assert read_score(as_text(judge("score", 1), said)) == 7


@pytest.mark.parametrize(
    "said",
    [
        "Plain words.\nFinal verdict: Solution 1",
        "[1, 2]",
        "null",
        "{}",
        '{"verdict": true}',
        '{"verdict": []}',
        '{"verdict": ["1"]}',
        '{"verdict": 1.5}',
        '{"verdict": NaN}',
        '{"reason": 3, "verdict": 1}',
        '{"reason": "cut o',
        "[" * 100_000,
        '{"verdict": ' * 50_000,
    ],
    ids=lambda said: said[:20],
)
def test_anything_else_stays_as_it_is(said: str) -> None:
    assert as_text(judge(), said) == said


@pytest.mark.parametrize("verdict", [0, -1, 3, 10**4000])
def test_a_number_that_was_not_shown_is_unreadable(verdict: int) -> None:
    said = '{"reason": "Hm.", "verdict": ' + "9" * 4001 + "}" if verdict > 10 else json.dumps({"verdict": verdict})
    assert read_choices(as_text(judge(), said), 2) is None


def test_a_score_outside_its_range_is_unreadable() -> None:
    for score in ("11", "-1", "1e400", "NaN", "1" + "0" * 5000):
        assert read_score(as_text(judge("score", 1), f'{{"reason": "", "score": {score}}}')) is None


@example("<think>", judge())
@given(st.text(), st.sampled_from([judge(), judge("select", 3, 2), judge("score", 1)]))
def test_a_reason_never_changes_the_verdict(reason: str, request: Request) -> None:
    body = {"reason": reason, "verdict": [2], "score": 4}
    text = as_text(request, json.dumps(body))
    assert read_score(text) == 4 if request.role == "score" else read_choices(text, 3, 2) == (1,)


@pytest.mark.parametrize(("role", "word"), [("compare", "VeRdict"), ("score", "Score")])
def test_the_reasoning_cannot_hold_a_verdict_of_its_own(role: Role, word: str) -> None:
    piece = (grammar(judge(role)) or "").partition("piece ::= ")[2].strip()
    line = re.compile("(?:" + piece.replace(" ", "") + ")+")
    assert line.fullmatch("The first solution is right, as very short scopes show.")
    assert not line.fullmatch(f"The final {word} is: Solution 1.")
