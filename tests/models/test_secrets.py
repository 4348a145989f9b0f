"""Keys are taken out of text in every form in which they are printed, and nothing else is."""

from __future__ import annotations

import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttc_core.models.secrets import REDACTED, SHORTEST, TELLING, redact, secrets_of

KEY = "sk-proj-abcdefGHIJKL0123456789wxyz"
ODD = 'pa"ss/wörd\\+x=1 &y'


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"x {KEY} y", f"x {REDACTED} y"),
        (f"{KEY}{KEY}", REDACTED * 2),
        ("Incorrect API key provided: sk-proj-********************wxyz. You can", f"provided: {REDACTED}. You"),
        ("bad key sk-p...wxyz", f"bad key {REDACTED}"),
        ("bad key sk-proj-abcdef…", f"bad key {REDACTED}"),
        ("bad key sk-proj-abXXXXXXXX", f"bad key {REDACTED}"),
        ("bad key ****************wxyz", f"bad key {REDACTED}"),
        ("it begins with sk-proj-abcdefGH", f"it begins with {REDACTED}"),
        ("it ends with 456789wxyz", f"it ends with {REDACTED}"),
        (f"a={KEY[:20]} b={KEY[-20:]}", f"a={REDACTED} b={REDACTED}"),
    ],
)
def test_a_key_is_taken_out_whole_masked_or_in_part(text: str, clean: str) -> None:
    assert clean in redact(text, [KEY])


@pytest.mark.parametrize(
    "text",
    ["", "***", "wait... what", "foo****bar", "Ask... then skip", "xxxxxxxx", "a short sk- here", "Solution 2 … wxy"],
)
def test_other_words_stay(text: str) -> None:
    assert redact(text, [KEY]) == text


@pytest.mark.parametrize("form", [str, json.dumps, quote, quote_plus, lambda key: quote(key, safe="")])
def test_encoded_forms_are_known(form) -> None:
    assert redact(f"<{form(ODD)}>", [ODD]).strip('<>"') == REDACTED


def test_slashes_may_be_escaped() -> None:
    assert redact("abc\\/def\\/ghi", ["abc/def/ghi"]) == REDACTED


def test_blank_and_very_short_secrets_are_ignored() -> None:
    assert redact("a note to all", ["", " ", "a", "note"[: SHORTEST - 1]]) == "a note to all"


def test_one_secret_may_hold_another() -> None:
    assert redact("key-long-1234-and-more key-long-1234", ["key-long-1234", "key-long-1234-and-more"]) == (
        f"{REDACTED} {REDACTED}"
    )


WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=TELLING + 1, max_size=60)


@given(WORDS, st.text(max_size=80), st.text(max_size=80))
def test_no_secret_survives_between_any_words(secret: str, before: str, after: str) -> None:
    assert secret not in redact(f"{before} {secret} {after}", [secret])


@given(WORDS, st.integers(TELLING, 60), st.text(st.characters(categories=["Lu"]), max_size=20))
def test_no_telling_part_survives(secret: str, length: int, around: str) -> None:
    clean = redact(f"{around} {secret[:length]} {around} {secret[-length:]} {around}", [secret])
    assert secret[:TELLING] not in clean
    assert secret[-TELLING:] not in clean


def test_the_environment_is_searched_by_name() -> None:
    found = secrets_of(
        {"OPENAI_API_KEY": KEY, "hf_token": "hf_12345678", "HOME": "/home/somebody", "KEY": "short", "PATH": "/usr/bin"}
    )
    assert found == {KEY, "hf_12345678"}
