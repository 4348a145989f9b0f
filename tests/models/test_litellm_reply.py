"""Replies in the shapes that providers send them, gathered piece by piece."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litellm import Usage as Reported
from openai.types import CompletionUsage

from tests.models.test_litellm import ask
from ttc_core.models.litellm_reply import Heard

COUNTS = {"prompt_tokens": 100, "completion_tokens": 40, "total_tokens": 140}


def heard(*pieces: dict[str, Any], finish: str = "stop", usage: Any = None) -> tuple[Heard, str]:
    said: list[str] = []
    whole = Heard(said.append)
    for piece in pieces:
        choice = SimpleNamespace(delta=SimpleNamespace(**piece), finish_reason=None)
        whole.take(SimpleNamespace(choices=[choice]))
    whole.take(SimpleNamespace(choices=[SimpleNamespace(delta=None, finish_reason=finish)]))
    whole.take(SimpleNamespace(choices=[], usage=usage))
    whole.end()
    return whole, "".join(said)


@pytest.mark.parametrize("kind", [Reported, CompletionUsage])
@pytest.mark.parametrize(
    ("details", "cached", "reasoning", "out"),
    [
        ({}, 0, 0, 40),
        ({"prompt_tokens_details": {"cached_tokens": 60}}, 60, 0, 40),
        ({"completion_tokens_details": {"reasoning_tokens": 30}}, 0, 30, 40),
        ({"completion_tokens_details": {"reasoning_tokens": 30}, "total_tokens": 170}, 0, 30, 70),
        ({"prompt_cache_hit_tokens": 64, "prompt_cache_miss_tokens": 36}, 64, 0, 40),
        ({"cache_read_input_tokens": 50, "cache_creation_input_tokens": 10}, 50, 0, 40),
        ({"prompt_tokens_details": {"cached_tokens": 900}}, 100, 0, 40),
        ({"prompt_tokens_details": None, "completion_tokens_details": None}, 0, 0, 40),
    ],
)
def test_usage_is_read_as_every_provider_reports_it(
    kind: Any, details: dict[str, Any], cached: int, reasoning: int, out: int
) -> None:
    usage = heard({"content": "Hi"}, usage=kind(**{**COUNTS, **details}))[0].used(ask())
    assert (usage.tokens_in, usage.cached_in, usage.reasoning_out, usage.tokens_out) == (100, cached, reasoning, out)
    assert not usage.estimated


def test_thinking_that_is_shown_but_not_counted_is_split_by_length() -> None:
    whole, _ = heard({"reasoning_content": "x" * 300}, {"content": "y" * 100}, usage=Reported(**COUNTS))
    assert whole.used(ask()).reasoning_out == 30
    whole, _ = heard({"reasoning": "x" * 300}, {"content": "y" * 100})
    assert (whole.used(ask()).reasoning_out, whole.used(ask()).estimated) == (75, True)


def test_a_thought_that_never_ends_is_all_thought() -> None:
    whole, said = heard({"content": "<think>and "}, {"content": "so on"}, finish="length")
    assert (whole.thinking, whole.text, said) == ("and so on", "", "")


def test_fields_of_other_kinds_are_not_words() -> None:
    whole, said = heard({"content": None, "reasoning": {"a": 1}}, {"content": ["x"]}, {"content": "Hi"})
    assert (whole.text, whole.thinking, said) == ("Hi", "", "Hi")


@given(st.lists(st.sampled_from(["<", "think", ">", "</think>", "a", " ", "\n", "<think>"])))
def test_however_a_reply_is_cut_the_same_is_heard(pieces: list[str]) -> None:
    whole, said = heard(*({"content": piece} for piece in pieces))
    at_once, _ = heard({"content": "".join(pieces)})
    assert said == whole.text
    assert (whole.text, whole.thinking) == (at_once.text, at_once.thinking)
