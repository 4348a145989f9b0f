"""What a run came to: the estimate's error, and the words."""

from __future__ import annotations

import pytest

from tests.conftest import finish
from tests.store.samples import SETTINGS
from ttc_core.cli.outcome import estimate_error, in_words, result
from ttc_core.events import Fold
from ttc_core.types import Range


@pytest.mark.parametrize(
    ("actual", "low", "high", "error"),
    [
        (150, 100, 200, 0.0),
        (100, 100, 200, 0.0),
        (300, 100, 200, 0.5),
        (75, 100, 200, -0.25),
        (0, 100, 200, -1.0),
        (5, 0, 0, 1.0),
        (0, 0, 0, 0.0),
    ],
)
def test_the_error_of_an_estimate(actual: float, low: float, high: float, error: float) -> None:
    assert estimate_error(actual, Range(low=low, high=high)) == error


def test_of_a_run_that_never_began_nothing_is_made_up() -> None:
    outcome = result("s", "r", Fold())
    for name in ("judge", "estimate", "estimate_error", "tokens_per_second"):
        assert outcome[name] is None
    assert outcome["models"] == []


async def test_a_local_run_is_measured_in_speed_and_not_in_money() -> None:
    _, state = await finish("majority_vote")
    outcome = result("s", "r", state, SETTINGS.answering.name)
    assert "cost" in in_words(outcome, local=False)
    words = in_words(outcome, local=True)
    assert "tokens/s" in words
    assert "cost" not in words
    assert "Answered by simulated." in words
