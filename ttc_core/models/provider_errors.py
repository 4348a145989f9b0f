"""What a provider's exception means: one `ModelError` with one plain sentence; imports no provider's library.

Exceptions are told apart by the names of their classes and by HTTP status, which LiteLLM, the OpenAI client, httpx and
the standard library share, so nothing heavy is imported to say what went wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

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
from ttc_core.models.retry_after import retry_seconds
from ttc_core.models.secrets import redact
from ttc_core.types import Usage

DETAIL_LENGTH = 200
"""Characters of the provider's own words that a message quotes at most."""


class Meaning(NamedTuple):
    """A kind of error, what happened, and what to do about it."""

    error: type[ModelError]
    what: str
    advice: str


KEY = Meaning(KeyRejected, "The provider rejected the key", "check the key and whether it may use this model")
CREDIT = Meaning(KeyRejected, "The account has no credit left", "check its plan and billing, or use another key")
MISSING = Meaning(
    BadRequest,
    "The provider has no such model or address",
    "check the base URL, and name the model as the server behind it does",
)
REFUSED = Meaning(RefusedByModel, "The provider's content filter declined", "rephrase the problem or use another model")
TOO_LONG = Meaning(
    ContextTooLong, "The request does not fit into the model's context", "show fewer or shorter candidates"
)
SLOW_DOWN = Meaning(RateLimited, "The provider asked to wait", "lower the number of calls at once if this goes on")
LATE = Meaning(ModelTimeout, "No answer came in time", "allow more seconds, or ask for fewer tokens")
DOWN = Meaning(ModelUnavailable, "The server failed or could not be reached", "check its address, or try again later")
BROKE_OFF = Meaning(ModelUnavailable, "The reply broke off", "try again")
NONSENSE = Meaning(
    BadReply, "The server sent something that is not an answer", "check that the base URL leads to its API"
)
EMPTY = Meaning(BadReply, "The reply holds no text", "try again, or allow more tokens")
ALL_THOUGHT = Meaning(
    BadReply, "All of its tokens went into thinking", "allow more tokens for thinking, or lower the effort"
)
UNACCEPTED = Meaning(BadRequest, "The provider did not accept the request", "check the model's name and settings")
MOVED = Meaning(BadRequest, "The server points to another address, which is not followed", "enter that base URL itself")

BY_NAME: dict[str, Meaning] = {
    **dict.fromkeys(("AuthenticationError", "PermissionDeniedError"), KEY),
    **dict.fromkeys(("PaymentRequiredError", "BudgetExceededError"), CREDIT),
    **dict.fromkeys(("NotFoundError", "LiteLLMUnknownProvider", "ModelNotMappedError"), MISSING),
    **dict.fromkeys(
        (
            "ContentPolicyViolationError",
            "RejectedRequestError",
            "GuardrailRaisedException",
            "BlockedPiiEntityError",
            "ModifyResponseException",
            "SensitiveDataRouteException",
        ),
        REFUSED,
    ),
    "ContextWindowExceededError": TOO_LONG,
    "RateLimitError": SLOW_DOWN,
    **dict.fromkeys(("Timeout", "APITimeoutError", "TimeoutException", "TimeoutError"), LATE),
    **dict.fromkeys(
        (
            "InternalServerError",
            "ServiceUnavailableError",
            "BadGatewayError",
            "APIConnectionError",
            "TransportError",
            "OSError",
        ),
        DOWN,
    ),
    **dict.fromkeys(("BadRequestError", "UnprocessableEntityError"), UNACCEPTED),
    **dict.fromkeys(
        ("APIResponseValidationError", "ValueError", "TypeError", "LookupError", "AttributeError"), NONSENSE
    ),
}
"""By class name; the most special class of an exception that is listed here counts."""

BY_STATUS: dict[int, Meaning] = {
    401: KEY,
    402: CREDIT,
    403: KEY,
    404: MISSING,
    408: LATE,
    413: TOO_LONG,
    429: SLOW_DOWN,
    504: LATE,
}
"""By HTTP status; of the others 300 to 399 is `MOVED`, 400 to 499 `UNACCEPTED`, the rest `DOWN`."""


OVERFLOW = re.compile(
    r"context_length_exceeded|exceed_context_size|exceeds? the (?:available |maximum |model'?s )*context"
    r"|(?:maximum|model'?s) context (?:length|size|window)|exceeds?(?: the)? context (?:window|length|size|limit)"
    r"|context (?:length|size|window|limit) (?:has been |was )?exceeded|(?:prompt|input) is too long"
    r"|greater than the context length|n_keep.{0,20}n_ctx|when context the overflows"
    r"|longer than the maximum model length|input token count .{0,40}exceeds the maximum|request too large"
    r"|tokens in the prompt cannot exceed|`inputs` tokens \+ `max_new_tokens` must be",
    re.IGNORECASE,
)
"""How OpenAI, Anthropic, Google, vLLM, llama.cpp, Ollama and LM Studio say that a prompt does not fit."""


def as_model_error(error: Exception, usage: Usage | None = None, secrets: Iterable[str] = ()) -> ModelError:
    """The provider's exception as ours.

    Args:
        error: What was raised on the way to a reply.
        usage: What the attempt is known or estimated to have used; with tokens out, its reply had begun.
        secrets: What must not show in the message, because providers echo keys.
    """
    if isinstance(error, ModelError):
        return error
    causes = list(_causes(error))
    words = " ".join(str(cause) for cause in causes)
    meaning = _meaning(causes, words)
    if meaning is DOWN and usage and usage.tokens_out:
        meaning = BROKE_OFF
    told = _told(causes)
    if told is None:  # only libraries speak: what they say of a break is about their own insides
        told = "" if meaning is BROKE_OFF else str(causes[0])
    return said(meaning, _one_line(redact(told, secrets)), usage=usage, retry_after=_retry_after(causes))


def refusal_words(error: Exception) -> str | None:
    """What a provider says that did not accept the request: first the parameter that it blames, where it names one.

    None where that is not what happened.
    """
    causes = list(_causes(error))
    if isinstance(error, ModelError) or _meaning(causes, " ".join(map(str, causes))) is not UNACCEPTED:
        return None
    bodies = [getattr(cause, "body", None) for cause in causes]
    blamed = [str(body["param"]) for body in bodies if isinstance(body, Mapping) and body.get("param")]
    told = _told(causes)
    return " ".join([*blamed, str(causes[0]) if told is None else told])


def said(
    meaning: Meaning, detail: str = "", *, usage: Usage | None = None, retry_after: float | None = None
) -> ModelError:
    """The error that a meaning stands for, with the provider's own words where there are any."""
    quoted = f" ({detail})" if detail else ""
    return meaning.error(f"{meaning.what}{quoted}; {meaning.advice}.", retry_after=retry_after, usage=usage)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception that tells most, then those it came from."""
    seen: list[BaseException] = []
    cause: BaseException | None = getattr(error, "original_exception", None) or error
    while cause is not None and cause not in seen:
        seen.append(cause)
        cause = cause.__cause__ or cause.__context__
    yield from seen


def _meaning(causes: list[BaseException], words: str) -> Meaning:
    if "insufficient_quota" in words or "exceeded your current quota" in words:
        return CREDIT
    if OVERFLOW.search(words):
        return TOO_LONG
    names = [kind.__name__ for kind in type(causes[0]).__mro__]
    if "APIConnectionError" in names and any(type(cause).__name__ == "JSONDecodeError" for cause in causes):
        return NONSENSE  # what cannot be parsed is reported as if the connection had failed
    for name in names:
        if name in BY_NAME:
            return BY_NAME[name]
    status = str(getattr(causes[0], "status_code", None) or getattr(causes[0], "code", None))
    return _by_status(int(status)) if status.isdecimal() else DOWN


def _by_status(status: int) -> Meaning:
    if 300 <= status < 400:
        return MOVED
    return BY_STATUS.get(status, UNACCEPTED if 400 <= status < 500 else DOWN)


_WRAPPING = re.compile(
    r"^(?:[\w.]*(?:Error|Exception|Timeout)\b[\w.]*\s*[-:]\s*|Error code: \d+( - )?)+| Error_str: .*"
)
_SPACE = re.compile(r"[\s\x00-\x1f\x7f]+")


def _told(causes: list[BaseException]) -> str | None:
    """The message of the error object that the provider sent, if it sent one."""
    for cause in causes:
        body = getattr(cause, "body", None)
        message = body.get("message") if isinstance(body, Mapping) else body
        if isinstance(message, str) and message.strip():
            return message
    return None


def _one_line(text: str) -> str:
    """The first line, without libraries' prefixes, and not too long."""
    line = next((line for line in text.splitlines() if line.strip()), "")
    line = _SPACE.sub(" ", _WRAPPING.sub("", line)).strip()
    if len(line) > DETAIL_LENGTH:
        line = line[:DETAIL_LENGTH].rsplit(" ", 1)[0] + " …"
    return "" if line in ("None", "{}") else line.rstrip(".;")


def _retry_after(causes: list[BaseException]) -> float | None:
    for cause in causes:
        responses = (cause, getattr(cause, "response", None))
        for headers in (
            getattr(cause, "litellm_response_headers", None),
            *(getattr(source, "headers", None) for source in responses),
        ):
            if isinstance(headers, Mapping) and (seconds := retry_seconds(headers)) is not None:
                return seconds
    return None
