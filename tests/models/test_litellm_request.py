"""Which setting a refusal is about, by the words that providers really use."""

from __future__ import annotations

import pytest

from ttc_core.models.litellm_request import SPOKEN_OF, Wishes, refused


@pytest.mark.parametrize(
    ("words", "setting"),
    [
        ("Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead.", "max_tokens"),
        ("Unsupported value: 'temperature' does not support 0.7 with this model. Only the default", "temperature"),
        ("`temperature` may only be set to 1 when thinking is enabled.", "temperature"),
        ("Your organization must be verified to stream this model.", "stream"),
        ("[{'loc': ['body', 'seed'], 'msg': 'Extra inputs are not permitted'}]", "seed"),
        ("Unknown field: stream_options", "stream_options"),
        ("This response_format type is unavailable now", "response_format"),
        ("response_format.type `json_schema` is unavailable now", "response_format"),
        ("Failed to generate JSON. Please adjust your prompt. See 'failed_generation'", "response_format"),
        ("reasoning_effort is not supported with this model", "reasoning_effort"),
        ("Reasoning is not enabled for this model", "reasoning_effort"),
        ("Thinking may not be enabled when tool_choice forces tool use.", "response_format"),
        ("failed to parse grammar", "grammar"),
        ("Unrecognized request argument supplied: chat_template_kwargs", "chat_template_kwargs"),
    ],
)
def test_the_setting_is_known_by_the_words(words: str, setting: str) -> None:
    assert refused(words, set(SPOKEN_OF)) == setting


@pytest.mark.parametrize("words", ["The model is overloaded.", "max_tokens is too large: 99999", "Speed limit", ""])
def test_what_names_no_setting_is_taken_for_the_form_if_there_was_one(words: str) -> None:
    assert refused(words, {"seed", "temperature", "max_tokens"}) is None
    assert refused(words, {"seed", "response_format"}) == "response_format"
    assert refused(words, {"seed", "grammar"}) == "grammar"


def test_only_what_was_sent_can_be_refused() -> None:
    assert refused("seed and temperature", {"temperature"}) == "temperature"
    assert refused("seed", {"temperature"}) is None


def test_each_setting_is_learned_once() -> None:
    wishes = Wishes(effort="none", constrain="schema", own_server=True)
    sent = set(SPOKEN_OF)
    for _ in SPOKEN_OF:
        words = " ".join(sent).replace("max_tokens", "max_completion_tokens")
        setting = wishes.learn(words, sent)
        assert setting in sent
        sent.discard(setting)
    assert wishes.learn(" ".join(SPOKEN_OF), sent) is None
    assert wishes.without == set(SPOKEN_OF)
