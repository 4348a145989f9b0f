"""Every error the engine raises on purpose; each message is one sentence that a person can act on.

TTCError
├── BadInput            what was given cannot be used (command line exit code 2)
│   ├── NotFound        no such session, run, problem or strategy
│   ├── Unreachable     no place that carries a model's weights could be reached (models/weights.py)
│   └── NotAllowed      a viewer tried to change something, or to see what is not theirs
├── ModelError          one attempt at a model call failed; `retryable` says whether another may help
│   ├── RateLimited     the provider asked to wait
│   ├── ModelTimeout    no answer in time
│   ├── ModelUnavailable  the server could not be reached, broke off, or failed inside
│   ├── BadReply        something came back that is not an answer
│   ├── RefusedByModel  the provider's filter declined
│   ├── ContextTooLong  the request does not fit into the model's context
│   ├── NotSupported    the model takes the request only without something; it has learned to leave that out
│   ├── KeyRejected     the key is missing, wrong or without access
│   └── BadRequest      the provider does not accept the request, or has no such model
├── Cancelled           a download was stopped by the person who started it (models/weights.py)
├── SourceFailed        one place that carries weights did not give them; another is tried (models/sources.py)
├── CallFailed          a call failed for good, after its retries; the run goes on without it
├── BudgetSpent         the next call does not fit the budget; no new call starts
└── NothingLeft         every candidate was lost
"""

from __future__ import annotations

from ttc_core.types import Usage


class TTCError(Exception):
    """Base of all errors of this project."""


class BadInput(TTCError):
    """What was given cannot be used; the message says what to do."""


class NotFound(BadInput):
    """Nothing goes by that name."""


class NotAllowed(BadInput):
    """This viewer may not do that."""


class ModelError(TTCError):
    """One attempt failed. `kind` is the word that events and pictures show."""

    kind = "error"
    retryable = False

    def __init__(self, message: str, *, retry_after: float | None = None, usage: Usage | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        """Seconds the provider asked to wait, where it said so."""
        self.usage = usage or Usage()
        """What the failed attempt is known or estimated to have used."""


class RateLimited(ModelError):
    """The provider asked to wait."""

    kind = "rate limit"
    retryable = True


class ModelTimeout(ModelError):
    """No answer within the time allowed."""

    kind = "timeout"
    retryable = True


class ModelUnavailable(ModelError):
    """The server could not be reached, broke off, or failed inside."""

    kind = "unavailable"
    retryable = True


class BadReply(ModelError):
    """Something came back that is not an answer."""

    kind = "bad reply"
    retryable = True


class RefusedByModel(ModelError):
    """The provider's content filter declined."""

    kind = "refused"


class ContextTooLong(ModelError):
    """The request does not fit into the model's context."""

    kind = "too long"


class NotSupported(ModelError):
    """The model takes the request only without a setting; the next attempt leaves it out."""

    kind = "not supported"
    retryable = True


class KeyRejected(ModelError):
    """The key is missing, wrong, or has no access to the model."""

    kind = "key rejected"


class BadRequest(ModelError):
    """The provider does not accept the request, or has no such model."""

    kind = "bad request"


class CallFailed(TTCError):
    """A call failed for good, after its retries."""

    def __init__(self, call: str, message: str) -> None:
        super().__init__(message)
        self.call = call


class BudgetSpent(TTCError):
    """The next call does not fit the budget."""

    def __init__(self, axis: str, limit: float, spent: float) -> None:
        super().__init__(f"The budget of {limit:g} {axis} is spent.")
        self.axis, self.limit, self.spent = axis, limit, spent


class NothingLeft(TTCError):
    """Every candidate was lost, so there is no answer."""
