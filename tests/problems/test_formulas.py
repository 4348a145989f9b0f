"""Formulas: equal keys mean equal, and hostile ones cost nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttc_core.problems import canonical, equivalent
from ttc_core.types import Problem

MATH = Problem(id="t", text="What is it?", kind="math")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"2\sqrt{3}", r"\sqrt{12}"),
        (r"\frac{\sqrt2}{2}", r"1/\sqrt{2}"),
        (r"$\frac{\sqrt{2}}{2}$", r"\boxed{\frac{1}{\sqrt{2}}}"),
        ("(x+1)^2", "x^2+2x+1"),
        ("(x+1)**2", "1+2x+x^{2}"),
        (r"2\pi r", r"2 r \pi"),
        (r"\dfrac{1}{2}", "0.5"),
        (r"\left(x+1\right)(x-1)", "x^2-1"),
        (r"\sqrt{\frac{1}{2}}", r"\frac{\sqrt{2}}{2}"),
        (r"2^{10}", "1,024"),
        (r"\frac{x}{2}", "0.5x"),
        ("-x^2", "0-x^2"),
        (r"\sqrt{2}\sqrt{3}", r"\sqrt{6}"),
        (r"\left[0, 1\right)", "[0,1)"),
        (r"90^{\circ}", "90°"),
        (r"\varnothing", "∅"),
        (r"(-\infty, 3]", "(-∞,3]"),
        (r"\log_{2} x", r"\log_2 x"),
    ],
)
def test_equal_formulas_have_equal_keys(one: str, other: str) -> None:
    assert equivalent(one, other, MATH)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x", "X"),
        ("∞", "-∞"),
        (r"x^{10}", r"\sin x^10"),
        ("1/2x", "x/2"),
        ("x^10", "x"),
        ("x^{10}", "x^10"),
        ("no", "on"),
        ("cat", "act"),
        ("x = 5", "y = 5"),
        ("[0,1)", "(0,1)"),
        ("(1,2)", "(2,1)"),
        (r"\sin x", r"\sin y"),
        ("-x^2", "(-x)^2"),
        ("x^2^3", "x^6"),
        ("5!", "5"),
        (r"\sqrt[3]{8}", r"3\sqrt{8}"),
        (r"\sqrt[3]{8}", r"\sqrt{8}"),
        ("x_1", "x_2"),
        ("x_1", "x"),
        ("2x3", "6x"),
        ("f(x+1)", "fx+f"),
        ("log(x+1)*2", "log(x+1*2)"),
        ("3 or 4", "3 or 5"),
        (r"\frac{1}{1+x}", r"\frac{1}{x}"),
        ("|x|", "x"),
        (r"x \le 2", r"x \ge 2"),
        (r"x < 2", r"x > 2"),
        ("0.333", r"\frac{1}{3}"),
    ],
)
def test_different_formulas_have_different_keys(one: str, other: str) -> None:
    assert not equivalent(one, other, MATH)


HOSTILE = [
    "9**9**9",
    "9^{9^{9^{9}}}",
    "(" * 2_000,
    "{" * 140 + "1" + "}" * 140,
    "(x+y+z+w)^{12}",
    "(x+1)^{12}" * 20,
    r"\sqrt{99999999}" * 15,
    "1" * 2_000,
    "(" * 9 + "x+y" + ")^{12}" * 9,
    r"\frac" * 60 + "{1}{2}",
    "1/0",
    r"\frac{1}{x-x}",
    "0^{-1}",
    r"\sqrt{-4}",
    "\\",
    "^",
    "x^",
    "\0",
]


@pytest.mark.parametrize("formula", HOSTILE, ids=lambda formula: ascii(formula[:16]))
def test_hostile_formulas_have_keys(formula: str) -> None:
    assert canonical(formula, MATH) == canonical(formula, MATH)


@given(st.text(alphabet=r"x2(){}+-*/^\\sqrtfac .,=<", max_size=60))
def test_any_text_has_a_key(text: str) -> None:
    assert canonical(text, MATH)


def sums(depth: int) -> st.SearchStrategy[str]:
    if not depth:
        return st.sampled_from(["x", "y", "2", "3", "0.5"])
    inner = sums(depth - 1)
    return st.one_of(
        inner,
        st.builds("({}+{})".format, inner, inner),
        st.builds("({}-{})".format, inner, inner),
        st.builds("{}*{}".format, inner, inner),
        st.builds("{}^2".format, inner.filter(lambda part: len(part) == 1 or (part[0] == "(" and part[-1] == ")"))),
    )


@given(sums(3), sums(3))
def test_formulas_are_worked_out_as_python_works_them_out(one: str, other: str) -> None:
    def value(formula: str, x: int, y: int) -> float:
        return float(eval(formula.replace("^", "**"), {"x": x, "y": y}))  # made above, of these few signs

    if equivalent(one, other, MATH):
        for x, y in ((7, 11), (13, -5), (-3, 17)):
            assert value(one, x, y) == pytest.approx(value(other, x, y))
