"""What travels between the boxes and how it is compared: pure functions."""

from __future__ import annotations

import json
import math
from collections import Counter, OrderedDict, namedtuple
from enum import IntEnum

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ttc_core.errors import BadInput
from ttc_core.sandbox.values import GOT_CHARACTERS, Raises, expectation, same, written
from ttc_core.sandbox.wire import KEYS, ROOM, decode, encode

plain = some.none() | some.booleans() | some.integers() | some.floats() | some.text() | some.binary()
keys = some.recursive(plain, lambda inner: some.tuples(inner, inner) | some.frozensets(inner, max_size=3), max_leaves=4)
values = some.recursive(
    keys | some.sets(keys, max_size=3),
    lambda inner: (
        some.lists(inner, max_size=3) | some.tuples(inner) | some.dictionaries(keys, inner, max_size=3) | some.just([])
    ),
    max_leaves=8,
)
json_values = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=4),
    lambda inner: (
        some.lists(inner, max_size=3)
        | some.dictionaries(some.sampled_from(["set", "dict", "tuple", "bytes", "frozenset", "x"]), inner, max_size=2)
    ),
    max_leaves=8,
)


@given(values)
def test_every_value_arrives_as_it_was_sent(value: object):
    arrived = decode(json.loads(json.dumps(encode(value))))
    assert same(value, arrived)
    assert type(arrived) is type(value)
    assert written(arrived) == written(value)


@given(json_values)
def test_what_nobody_can_have_sent_is_refused_or_read_but_never_breaks(data: object):
    try:
        arrived = decode(data)
    except (ValueError, TypeError, AttributeError):
        return
    assert same(arrived, decode(encode(arrived)))


class Lying(int):
    def __index__(self) -> int:
        return 7

    __int__ = __index__


class Colour(IntEnum):
    RED = 3


@pytest.mark.parametrize(
    ("value", "carried"),
    [
        (Counter("aab"), {"a": 2, "b": 1}),
        (OrderedDict(a=[1]), {"a": [1]}),
        (namedtuple("Point", "x y")(1, 2), (1, 2)),
        (Colour.RED, 3),
        (Lying(5), 5),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_subclass_goes_as_what_it_holds(value: object, carried: object):
    arrived = decode(encode(value))
    assert type(arrived) is type(carried)
    assert arrived == carried


def nested(depth: int) -> object:
    return [nested(depth - 1)] if depth else []


@pytest.mark.parametrize(
    "value",
    [object(), len, (n for n in ()), 1j, range(3), nested(60), "x" * (ROOM + 1), 1 << 20_000, set(range(KEYS + 1))],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_be_carried_says_so(value: object):
    with pytest.raises((TypeError, ValueError), match=r"a value of type|too large|too many"):
        encode(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[1, 'a', (2.5,), {3: None}]", [1, "a", (2.5,), {3: None}]),
        ("set()", set()),
        ("frozenset({1, 2})", frozenset({1, 2})),
        ("frozenset()", frozenset()),
        ("{'a': frozenset([1])}", {"a": frozenset([1])}),
        ("-inf", -math.inf),
        ("[inf, float('-inf')]", [math.inf, -math.inf]),
        ("raises ValueError", Raises("ValueError")),
        (" raises  json.JSONDecodeError ", Raises("JSONDecodeError")),
        ("'raises ValueError'", "raises ValueError"),
        (" 2 ", 2),
    ],
)
def test_expected_literals_are_read(text: str, value: object):
    assert expectation(text) == value
    assert type(expectation(text)) is type(value)


def test_expected_nan_is_read():
    assert all(math.isnan(number) for number in expectation("[nan, float('nan')]"))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "foo",
        "print(1)",
        "1 +",
        "raises",
        "[x for x in y]",
        "open('a')",
        "float(x=1)",
        f"float({10**400})",
        "(" * 500,
        "{[]}",
        "-'a'",
    ],
)
def test_what_is_no_literal_is_refused(text: str):
    with pytest.raises(BadInput, match="must be a Python literal"):
        expectation(text)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (2, 2.0),
        (2.0, 2),
        (0.3, 0.1 + 0.2),
        (0.0, 5e-17),
        (math.nan, math.nan),
        ([math.nan, (1, "a")], [math.nan, (1.0, "a")]),
        ({1: 0.3}, {1.0: 0.1 + 0.2}),
        ({1, 2, math.nan}, {2.0, 1.0, math.nan}),
        ({1}, frozenset({1})),
        (True, True),
        (math.inf, math.inf),
    ],
)
def test_the_same(expected: object, got: object):
    assert same(expected, got)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (1, True),
        (True, 1),
        (0, False),
        (0, None),
        ([1], (1,)),
        ([1, 2], [1]),
        ({1}, {True}),
        ({1: "a"}, {True: "a"}),
        ({1: "a"}, {1: "b"}),
        ({1: "a"}, {1: "a", 2: "a"}),
        ({(1, 2)}, {(True, 2)}),
        ("1", 1),
        ("a", b"a"),
        (5, 5.000000001),
        (1.0, 1.00001),
        (10**17 + 1, float(10**17)),
        (1.5, 10**400),
        (math.nan, 1.0),
        (1.0, math.nan),
        ({math.nan}, {1.0}),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_not_the_same(expected: object, got: object):
    assert not same(expected, got)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"b", "a"}, "{'a', 'b'}"),
        (set(), "set()"),
        (frozenset(), "frozenset()"),
        (frozenset({(1,)}), "frozenset({(1,)})"),
        ({"k": [1.0, (2, 3)]}, "{'k': [1.0, (2, 3)]}"),
        ((), "()"),
    ],
)
def test_values_are_written_as_python_does_but_sets_in_order(value: object, words: str):
    assert written(value) == words


def test_long_values_are_shortened_and_stay_apart():
    one, other = (written("x" * 5000 + last + "x" * 5000) for last in "ab")
    assert one != other
    assert len(one) < GOT_CHARACTERS + 100
    assert "10,003 characters" in one


@pytest.mark.parametrize(
    "data", [{"set": [0] * (KEYS + 1)}, {"dict": [[0, 0]] * (KEYS + 1)}, {"x": []}, {}, {"set": [[]]}]
)
def test_what_would_cost_too_much_or_is_no_value_is_refused(data: object):
    with pytest.raises((ValueError, TypeError)):
        decode(data)
