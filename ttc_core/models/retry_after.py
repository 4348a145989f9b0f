"""How long a provider asks to wait, by the headers of its reply; knows nothing of errors or retries."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

LONGEST_RESET_S = 60.0
"""A limit is wholly reset later than the next request is allowed."""
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)(ms|[smhd])")
_DURATIONS = re.compile(rf"(?:{_DURATION.pattern})+")


def retry_seconds(headers: Mapping[str, Any]) -> float | None:
    """Seconds to wait, as ``retry-after-ms`` or ``retry-after`` (seconds or a date) say, or how soon a limit is reset.

    None where no header tells.
    """
    lower = {str(name).lower(): str(value) for name, value in headers.items()}
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            seconds = float(lower[name]) * unit
        except (KeyError, ValueError):
            continue
        if math.isfinite(seconds):
            return max(0.0, seconds)
    try:
        date = parsedate_to_datetime(lower["retry-after"])
        return max(0.0, (date - datetime.now(UTC)).total_seconds())
    except (KeyError, ValueError, TypeError):
        return _reset_seconds(lower)


def _reset_seconds(headers: Mapping[str, str]) -> float | None:
    """By ``x-ratelimit-reset-requests`` and ``-tokens``, such as ``1s``, ``6m0s`` or ``20ms``, of what is used up."""
    waits: list[float] = []
    for what in ("requests", "tokens"):
        reset = headers.get(f"x-ratelimit-reset-{what}", "").strip()
        reset = f"{reset}s" if reset[-1:].isdecimal() else reset
        used_up = headers.get(f"x-ratelimit-remaining-{what}", "0").strip() == "0"
        if used_up and _DURATIONS.fullmatch(reset):
            waits.append(sum(float(amount) * _UNITS[unit] for amount, unit in _DURATION.findall(reset)))
    return min(LONGEST_RESET_S, max(waits)) if waits else None
