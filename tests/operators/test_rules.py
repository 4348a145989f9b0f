from __future__ import annotations

import random
from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttc_core.operators.rules import display_orders, front, groups, rounds_of, settled


@given(st.integers(1, 80), st.integers(2, 16), st.integers(1, 12), st.booleans())
def test_groups_lose_nobody_and_keep_enough(field, size, at_least, shuffle):
    split = groups(range(field), size, at_least, random.Random(3) if shuffle else None)
    assert sorted(x for group in split for x in group) == list(range(field))
    assert all(1 <= len(group) <= size for group in split)
    assert len(split) == max(min(at_least, field), -(-field // size))


def test_published_brackets():
    assert rounds_of(16, 2, 1) == [8, 4, 2, 1]
    assert rounds_of(16, 2, 4) == [8, 4]
    assert rounds_of(16, 4, 1) == [4, 1]
    assert rounds_of(16, 8, 1) == [2, 1]
    assert rounds_of(16, 16, 1) == [1]


def test_a_remainder_of_one_is_a_bye_and_survivors_are_exact():
    assert [len(group) for group in groups(range(7), 2, 1, None)] == [2, 2, 2, 1]
    assert [len(group) for group in groups(range(5), 2, 4, None)] == [2, 1, 1, 1]


@pytest.mark.parametrize("entrants", [2, 3, 4])
def test_balanced_order_shows_everyone_at_every_place_equally_often(entrants):
    orders = display_orders(entrants, entrants * 3, "balanced", random.Random(1))
    for place in range(entrants):
        assert set(Counter(order[place] for order in orders).values()) == {3}


def test_fixed_and_random_orders():
    assert set(display_orders(3, 5, "fixed", random.Random(1))) == {(0, 1, 2)}
    drawn = display_orders(3, 60, "random", random.Random(1))
    assert len(set(drawn)) == 6
    assert all(sorted(order) == [0, 1, 2] for order in drawn)


@pytest.mark.parametrize("votes", range(1, 7))
def test_settled_never_changes_who_wins(votes):
    for ballots in product(["a", "b", None], repeat=votes):
        tally = {"a": 0.0, "b": 0.0}
        early = None
        for number, ballot in enumerate(ballots, 1):
            if ballot:
                tally[ballot] += 1
            if early is None and settled(tally, votes - number):
                early = front(tally)
        if early is not None:
            assert front(tally) == early
        else:
            assert len(front(tally)) != 1


def test_front_of_no_votes_is_nobody():
    assert front({"a": 0.0, "b": 0.0}) == []
    assert front({"a": 1.0, "b": 1.0}) == ["a", "b"]
