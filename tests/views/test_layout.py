from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from ttc_core.views.layout import spread

heights = st.lists(st.floats(-1000, 1000), min_size=1, max_size=30).map(sorted)


@given(heights, st.floats(0, 100))
def test_spread_keeps_order_distance_and_balance(wanted: list[float], gap: float) -> None:
    got = spread(wanted, gap)
    assert all(b - a >= gap - 1e-6 for a, b in itertools.pairwise(got))
    assert abs(sum(got) - sum(wanted)) < 1e-5


@given(heights)
def test_spread_moves_nothing_that_has_room(wanted: list[float]) -> None:
    apart = [value + 10 * index for index, value in enumerate(wanted)]
    assert all(abs(a - b) < 1e-6 for a, b in zip(spread(apart, 10), apart, strict=True))
