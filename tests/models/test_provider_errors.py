"""Every exception that a provider's library can raise has a fitting kind and one plain sentence."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import litellm.exceptions
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttc_core.errors import (
    BadReply,
    BadRequest,
    ContextTooLong,
    KeyRejected,
    ModelError,
    ModelTimeout,
    ModelUnavailable,
    RateLimited,
    RefusedByModel,
)
from ttc_core.models.provider_errors import DETAIL_LENGTH, as_model_error, refusal_words
from ttc_core.models.retry_after import retry_seconds
from ttc_core.types import Usage

KEY = "sk-proj-abcdefGHIJKL0123456789wxyz"
REQUEST = httpx.Request("POST", "https://provider.example/v1/chat/completions")
EXPECTED: dict[str, type[ModelError]] = {
    "APIConnectionError": ModelUnavailable,
    "APIError": ModelUnavailable,
    "APIResponseValidationError": BadReply,
    "AuthenticationError": KeyRejected,
    "BadGatewayError": ModelUnavailable,
    "BadRequestError": BadRequest,
    "BlockedPiiEntityError": RefusedByModel,
    "BudgetExceededError": KeyRejected,
    "ContentPolicyViolationError": RefusedByModel,
    "ContextWindowExceededError": ContextTooLong,
    "GuardrailRaisedException": RefusedByModel,
    "ImageFetchError": BadRequest,
    "InternalServerError": ModelUnavailable,
    "InvalidRequestError": BadRequest,
    "JSONSchemaValidationError": BadReply,
    "LiteLLMUnknownProvider": BadRequest,
    "MidStreamFallbackError": ModelUnavailable,
    "MockException": ModelUnavailable,
    "ModelNotMappedError": BadRequest,
    "ModifyResponseException": RefusedByModel,
    "NotFoundError": BadRequest,
    "OpenAIError": ModelUnavailable,
    "PaymentRequiredError": KeyRejected,
    "PermissionDeniedError": KeyRejected,
    "RateLimitError": RateLimited,
    "RejectedRequestError": RefusedByModel,
    "SensitiveDataRouteException": RefusedByModel,
    "ServiceUnavailableError": ModelUnavailable,
    "Timeout": ModelTimeout,
    "UnprocessableEntityError": BadRequest,
    "UnsupportedParamsError": BadRequest,
    "VectorStoreSearchError": BadRequest,
}
VALUES: dict[str, Any] = {
    "message": f"Something about {KEY} went wrong.",
    "response": httpx.Response(500, request=REQUEST),
    "request_data": {},
    "request": REQUEST,
    "status_code": 500,
    "failures": [],
    "current_cost": 1.0,
    "max_budget": 1.0,
}


def classes() -> Iterator[type[Exception]]:
    """All that the library's module of exceptions defines."""
    for _, thing in inspect.getmembers(litellm.exceptions, inspect.isclass):
        if issubclass(thing, Exception) and thing.__module__ == "litellm.exceptions":
            yield thing


def made(kind: type[Exception]) -> Exception:
    """An instance with plausible arguments for whatever its constructor asks."""
    needed = [
        name
        for name, parameter in list(inspect.signature(kind.__init__).parameters.items())[1:]
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        and (parameter.default is parameter.empty or name == "message")
    ]
    return kind(**{name: VALUES.get(name, "x") for name in needed})


def test_the_table_names_every_class_there_is() -> None:
    assert {kind.__name__ for kind in classes()} == set(EXPECTED)


@pytest.mark.parametrize("kind", list(classes()), ids=lambda kind: kind.__name__)
def test_every_exception_has_its_kind_and_one_sentence_without_the_key(kind: type[Exception]) -> None:
    used = Usage(tokens_in=3)
    error = as_model_error(made(kind), used, [KEY])
    assert type(error) is EXPECTED[kind.__name__]
    assert error.usage == used
    assert str(error).endswith(".")
    assert "\n" not in str(error)
    assert KEY not in str(error)
    assert f"{kind.__name__}:" not in str(error)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ConnectError("refused"), ModelUnavailable),
        (httpx.ReadError("cut"), ModelUnavailable),
        (httpx.RemoteProtocolError("peer closed"), ModelUnavailable),
        (httpx.ReadTimeout("slow"), ModelTimeout),
        (TimeoutError(), ModelTimeout),
        (ConnectionResetError("reset"), ModelUnavailable),
        (json.JSONDecodeError("Expecting value", "<html>", 0), BadReply),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), BadReply),
        (KeyError("choices"), BadReply),
        (AttributeError("'NoneType' object has no attribute 'choices'"), BadReply),
        (TypeError("'NoneType' object is not subscriptable"), BadReply),
        (RuntimeError("what is this"), ModelUnavailable),
    ],
)
def test_what_other_libraries_raise_has_its_kind_too(error: Exception, kind: type[ModelError]) -> None:
    assert type(as_model_error(error)) is kind


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, BadRequest),
        (307, BadRequest),
        (402, KeyRejected),
        (403, KeyRejected),
        (405, BadRequest),
        (408, ModelTimeout),
        (413, ContextTooLong),
        (429, RateLimited),
        (500, ModelUnavailable),
        (504, ModelTimeout),
        (529, ModelUnavailable),
    ],
)
def test_where_the_class_says_little_the_status_decides(status: int, kind: type[ModelError]) -> None:
    error = litellm.exceptions.APIError(status, "Hm.", "openai", "m", REQUEST)
    assert type(as_model_error(error)) is kind


@pytest.mark.parametrize(("code", "kind"), [(400, BadRequest), ("429", RateLimited), (None, ModelUnavailable)])
def test_an_error_inside_a_stream_is_read_by_its_code(code: object, kind: type[ModelError]) -> None:
    error = openai.APIError("An error occurred", REQUEST, body={"message": "Too much.", "code": code})
    ours = as_model_error(error)
    assert type(ours) is kind
    assert "Too much" in str(ours)


def test_what_broke_off_says_so_once_tokens_came() -> None:
    begun = as_model_error(httpx.ReadError("TransferEncodingError 400"), Usage(tokens_in=3, tokens_out=9))
    assert type(begun) is ModelUnavailable
    assert str(begun) == "The reply broke off; try again."
    assert "broke off" not in str(as_model_error(httpx.ReadError("x"), Usage(tokens_in=3)))


def test_an_empty_account_is_not_a_reason_to_wait() -> None:
    error = litellm.exceptions.RateLimitError("insufficient_quota: You exceeded your current quota.", "openai", "m")
    ours = as_model_error(error)
    assert type(ours) is KeyRejected
    assert not ours.retryable


@pytest.mark.parametrize(
    "words",
    [
        "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens.",
        "context_length_exceeded",
        "the request exceeds the available context size. try increasing the context size or enable context shift",
        "request (4390 tokens) exceeds the available context size (4096 tokens), try increasing it",
        "Context size has been exceeded.",
        "prompt is too long: 213000 tokens > 200000 maximum",
        "The input token count (314175) exceeds the maximum number of tokens allowed (131072).",
        "The number of tokens to keep from the initial prompt is greater than the context length",
        "Trying to keep the first 10136 tokens when context the overflows.",
        "Cannot truncate prompt with n_keep (15028) >= n_ctx (7424)",
        "the input length exceeds the context length",
        "Requested tokens (2285) exceed context window of 2048",
        "The decoder prompt (length 5000) is longer than the maximum model length of 4096.",
        "Input is too long for requested model.",
    ],
)
def test_a_prompt_that_does_not_fit_is_known_by_its_words(words: str) -> None:
    for error in (
        litellm.exceptions.BadRequestError(f"OpenAIException - {words}", "m", "openai"),
        openai.BadRequestError(words, response=httpx.Response(400, request=REQUEST), body=words),
        litellm.exceptions.APIError(500, words, "openai", "m", REQUEST),
    ):
        assert type(as_model_error(error)) is ContextTooLong


def test_only_what_was_not_accepted_has_a_reason_to_learn_from() -> None:
    response = httpx.Response(400, request=REQUEST)
    body = {"message": "Unsupported value.", "param": "temperature"}
    assert refusal_words(openai.BadRequestError("x", response=response, body=body)) == "temperature Unsupported value."
    assert refusal_words(openai.NotFoundError("x", response=response, body=body)) is None
    assert refusal_words(openai.BadRequestError("maximum context length", response=response, body=None)) is None
    assert refusal_words(BadRequest("No provider is known.")) is None


def test_a_broken_stream_is_judged_by_what_broke_it() -> None:
    error = litellm.exceptions.MidStreamFallbackError(
        "x", "m", "openai", original_exception=litellm.exceptions.RateLimitError("Slow down.", "openai", "m")
    )
    assert type(as_model_error(error)) is RateLimited


def test_ours_stay_as_they_are() -> None:
    error = BadReply("Nothing there.")
    assert as_model_error(error) is error


def test_the_providers_words_are_quoted_without_the_librarys() -> None:
    error = litellm.exceptions.RateLimitError("RateLimitError: OpenAIException - Too many. Wait\nTraceback …", "o", "m")
    assert "(Too many. Wait)" in str(as_model_error(error))


def test_long_words_are_cut_after_the_key_was_taken_out() -> None:
    for padding in range(DETAIL_LENGTH - len(KEY), DETAIL_LENGTH + 5):
        error = RuntimeError("x" * padding + " " + KEY + " " + "word " * 100)
        message = str(as_model_error(error, secrets=[KEY]))
        assert KEY[:6] not in message
        assert len(message) < DETAIL_LENGTH + 120


@given(st.text())
def test_whatever_a_server_says_the_message_is_one_line(text: str) -> None:
    message = str(as_model_error(RuntimeError(text), secrets=[KEY]))
    assert message.isprintable() or not text.isprintable()
    assert len(message.splitlines()) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"Retry-After": "0.5"}, 0.5),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "soon"}, None),
        ({}, None),
        ({"x-ratelimit-reset-requests": "1s", "x-ratelimit-reset-tokens": "20ms"}, 1.0),
        ({"x-ratelimit-reset-requests": "6m0s", "x-ratelimit-remaining-requests": "3"}, None),
        ({"x-ratelimit-reset-tokens": "1m2.5s", "x-ratelimit-remaining-tokens": "0"}, 60.0),
        ({"X-RateLimit-Reset-Requests": "12"}, 12.0),
        ({"x-ratelimit-reset-requests": "1732400000000"}, None),
        ({"x-ratelimit-reset-requests": "soon"}, None),
        ({"x-ratelimit-reset-requests": "9s", "retry-after": "2"}, 2.0),
        ({"retry-after": format_datetime(datetime(2001, 1, 1, tzinfo=UTC), usegmt=True)}, 0.0),
    ],
)
def test_the_wait_is_read_as_seconds(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_seconds(headers) == seconds


def test_the_wait_may_be_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    seconds = retry_seconds({"retry-after": later})
    assert seconds is not None
    assert 3000 < seconds <= 3600
