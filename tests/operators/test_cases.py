"""Calls and tests as models write them: what holds a call is read, all else is left out, nothing is run."""

from __future__ import annotations

import pytest

from ttc_core.operators.cases import read_calls, read_tests

TESTS = [
    ("```python\nassert f(1, 2) == 3\nassert f([1], {'a': 2}) == (1,)\n```",
     [("f(1, 2)", "3"), ("f([1], {'a': 2})", "(1,)")]),
    ("Sure!\n```\nassert f(1) == 2, 'one'\n```\nDone.", [("f(1)", "2")]),
    ("assert f(1) == 2", [("f(1)", "2")]),
    ("1. `assert f(1) == 2`\n2. `assert f(2) == -4`\nThat is all.", [("f(1)", "2"), ("f(2)", "-4")]),
    ("```python\ndef test_f():\n    assert f(1) is None\n    assert 2 == f(3)\n```", [("f(1)", "None"), ("f(3)", "2")]),
    ("```python\nimport math\nassert f(1) == 1\n```\nand\n```python\nassert f(2) == 2\n```",
     [("f(1)", "1"), ("f(2)", "2")]),
    ("```python\nf(1) == 2\n```", [("f(1)", "2")]),
    ("```python\nassert f(2)\nassert not f(3)\nassert abs(f(1) - 0.5) < 1e-06\n```",
     [("bool(f(2))", "True"), ("bool(not f(3))", "True"), ("bool(abs(f(1) - 0.5) < 1e-06)", "True")]),
    ("```python\nassert f(1) == 1\nassert f(1) == 2\n```", [("f(1)", "1")]),
    ("```python\nassert f(1) == 1\nassert f(2 == \n```", [("f(1)", "1")]),
    ("<think>assert f(9) == 9</think>\nassert f(1) == 1", [("f(1)", "1")]),
    ("```python\nx = 3\nassert f(x) == 3\nassert g(1) == 1\nassert f(1) == g(1)\n```", []),
    ("I would test it with 1 and 2.", []),
    ("", []),
    ("```python\nassert f(" + "(" * 3000 + "\n```", []),
    ("```python\nassert f(" + "-" * 15000 + "1) == 1\n```", []),
    ("```python\nassert f('" + "a" * 500 + "') == 1\n```", []),
    ("assert f(1) == 2\0", []),
]  # fmt: skip

CALLS = [
    ("```python\nf(1, 2)\nf([])\n```", ["f(1, 2)", "f([])"]),
    ("```python\nprint(f(1))\nresult = f(2)\nassert f(3) == 4\n```", ["f(1)", "f(2)", "f(3)"]),
    ("- f(1)\n- `f(2)`\n>>> f(3)", ["f(1)", "f(2)", "f(3)"]),
    ("```\nf(f(1))\nf(1)\nf(1)\n```", ["f(f(1))", "f(1)"]),
    ("```python\nf([0] * 5, key=max)\n```", ["f([0] * 5, key=max)"]),
    ("```python\nfor x in (1, 2):\n    f(x)\n```", []),
    ("```python\nself.f(1)\ng(1)\n```", []),
    ("Call f with nothing.", []),
]


@pytest.mark.parametrize(("reply", "found"), TESTS)
def test_tests_are_read(reply, found):
    assert [(case.call, case.expected) for case in read_tests(reply, "f", 8)] == found


@pytest.mark.parametrize(("reply", "found"), CALLS)
def test_calls_are_read(reply, found):
    cases = read_calls(reply, "f", 8)
    assert [case.call for case in cases] == found
    assert not any(case.expected for case in cases)


def test_no_more_are_read_than_asked_for():
    reply = "\n".join(f"assert f({n}) == {n}" for n in range(50))
    assert [case.call for case in read_tests(reply, "f", 3)] == ["f(0)", "f(1)", "f(2)"]
    assert len(read_calls(reply, "f", 2)) == 2
