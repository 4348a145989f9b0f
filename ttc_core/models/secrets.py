"""Taking keys out of text, in every form in which providers print them; knows nothing of where keys come from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, quote_plus

REDACTED = "[key]"

SHORTEST = 4
"""Characters. A shorter secret would take ordinary words with it, so it is left alone."""

TELLING = 8
"""Characters. A beginning or an end of a secret that is this long is taken out too."""

_MASK = re.compile(r"[*•…]{2,}|…|\.{3,}|[xX]{4,}")
_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL", re.IGNORECASE)


def redact(text: str, secrets: Iterable[str]) -> str:
    """The text without the secrets.

    Covers each secret as it is, JSON-escaped and URL-encoded; its beginnings and ends of at least `TELLING`
    characters; and masked forms such as ``sk-ab***yz``, which leave its beginning or its end readable.

    Args:
        text: What is to be shown or kept.
        secrets: What must not be; blank ones and those shorter than `SHORTEST` are ignored.
    """
    kept = sorted({secret for secret in secrets if len(secret.strip()) >= SHORTEST}, key=len, reverse=True)
    for secret in kept:
        for form in _forms(secret):
            text = text.replace(form, REDACTED)
    for secret in kept:
        text = _without_masked(text, secret)
        if len(secret) > TELLING:
            text = _without_start(text, secret, REDACTED)
            text = _without_start(text[::-1], secret[::-1], REDACTED[::-1])[::-1]
    return text


def tellable(text: str, secrets: Iterable[str]) -> int:
    """How much of a text that is still growing can be told: not the end of it that may be the beginning of a secret."""
    end = len(text)
    for secret in secrets:
        for length in range(min(len(secret) - 1, len(text)), SHORTEST - 1, -1):
            if text.endswith(secret[:length]):
                end = min(end, len(text) - length)
                break
    return end


def secrets_of(environment: Mapping[str, str]) -> set[str]:
    """The values of those environment variables whose names speak of keys, tokens, secrets or passwords."""
    return {value for name, value in environment.items() if _SECRET_NAME.search(name) and len(value) >= TELLING}


def _forms(secret: str) -> list[str]:
    """The secret as it is and as encoders write it, longest first."""
    json_forms = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    slashed = {form.replace("/", "\\/") for form in json_forms}
    url_forms = {quote(secret, safe=""), quote(secret), quote_plus(secret)}
    return sorted({secret} | json_forms | slashed | url_forms, key=len, reverse=True)


def _without_masked(text: str, secret: str) -> str:
    """The text without masks that show two characters or more of the secret at their sides."""
    pieces, at = [], 0
    for mask in _MASK.finditer(text):
        before = text[max(at, mask.start() - len(secret) - 1) : mask.start()]
        after = text[mask.end() : mask.end() + len(secret)]
        shown_start = next((n for n in range(len(secret), 0, -1) if _ends_with_word(before, secret[:n])), 0)
        shown_end = next((n for n in range(len(secret), 0, -1) if after.startswith(secret[-n:])), 0)
        if shown_start + shown_end >= 2:
            pieces += [text[at : mask.start() - shown_start], REDACTED]
            at = mask.end() + shown_end
    return "".join([*pieces, text[at:]])


def _ends_with_word(text: str, end: str) -> bool:
    rest = text.removesuffix(end)
    return len(rest) < len(text) and not rest[-1:].isalnum()


def _without_start(text: str, secret: str, stand_in: str) -> str:
    """The text without any run that begins as the secret does, for as long as it goes on so."""
    pieces, at = [], 0
    while (found := text.find(secret[:TELLING], at)) >= 0:
        end = found + TELLING
        while end < len(text) and end - found < len(secret) and text[end] == secret[end - found]:
            end += 1
        pieces += [text[at:found], stand_in]
        at = end
    return "".join([*pieces, text[at:]])
