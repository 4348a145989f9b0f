"""Numbers as people and models write them."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttc_core.problems.numerals import exact_number, only_number

numeric_soup = st.text(alphabet="0123456789.,-+−eE/ %^{}$*x×½²₂\\=\u202f㊿percntmilo")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234", "1234"),
        ("1,234", "1234"),
        ("1 1/2", "3/2"),
        ("-1 1/2", "-3/2"),
        ("1½", "3/2"),
        ("½", "1/2"),
        ("1234.0", "1234"),
        ("42.", "42"),
        (".5", "1/2"),
        ("-.5", "-1/2"),
        ("−3", "-3"),
        ("- 3", "-3"),
        ("+3", "3"),
        ("minus 3", "-3"),
        ("$1,234.50", "2469/2"),
        ("-$5", "-5"),
        ("$-5", "-5"),
        ("5 €", "5"),
        ("$42$", "42"),
        ("**42**", "42"),
        ("1e3", "1000"),
        ("1.5E-3", "3/2000"),
        ("3 × 10^5", "300000"),
        (r"3 \times 10^{-2}", "3/100"),
        ("3*10**5", "300000"),
        ("10^3", "1000"),
        ("10³", "1000"),
        ("-10^2", "-100"),
        ("5 million", "5000000"),
        ("1/2", "1/2"),
        ("2/4", "1/2"),
        ("1 / 2", "1/2"),
        ("1⁄2", "1/2"),
        (r"\frac{1}{2}", "1/2"),
        (r"\dfrac{1}{2}", "1/2"),
        (r"\frac12", "1/2"),
        (r"-\frac{1}{2}", "-1/2"),
        (r"3\frac{1}{2}", "7/2"),
        ("1{,}234", "1234"),
        ("1\u202f234", "1234"),
        ("１２", "12"),
        ("50%", "1/2"),
        (r"50\%", "1/2"),
        ("50 percent", "1/2"),
        ("50 per cent", "1/2"),
        ("‑5", "-5"),
        ("—5", "-5"),
        ("thirty-five", "35"),
        ("Minus five", "-5"),
        ("**twelve**", "12"),
        ("five hundred", "500"),
        ("35k", "35000"),
    ],
)
def test_reads_what_writes_one_number(text: str, value: str) -> None:
    assert exact_number(text) == Fraction(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        ".",
        "-",
        "sheep",
        "35 sheep",
        "1,23",
        "12,34,567",
        "1.2.3",
        "1 234",
        "10:30",
        "1/0",
        "1/2/3",
        "--5",
        "+-5",
        "2^10",
        "10₂",
        "5!",
        "1e5e6",
        "x = 5",
        "3-4",
        "3–4",
        "2 hundred thousand",
        "NaN",
        "inf",
        "0x10",
        "1_000",
        "42...",
    ],
)
def test_reads_nothing_else(text: str) -> None:
    assert exact_number(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("35", "35"),
        ("35 sheep", "35"),
        ("There are 35 sheep.", "35"),
        ("35 (thirty-five)", "35"),
        ("x = 35", "35"),
        ("17 + 18 = 35", "35"),
        ("it is -$5", "-5"),
        ("130°", "130"),
        (r"130^\circ", "130"),
        ("25 m²", "25"),
        ("25 m^2", "25"),
        ("5 km/h", "5"),
        ("$3 per hour", "3"),
        ("≈ 35", "35"),
        ("1 1/2 cups", "3/2"),
        ("5 million people", "5000000"),
        ("10³ cells", "1000"),
        (r"\boxed{35} sheep", "35"),
        (r"\text{about } 35", "35"),
        (r"\approx 35", "35"),
        (r"35 \, \text{km}", "35"),
        (r"42 \text{ m}^2", "42"),
        (r"\(35\) km", "35"),
        ("The number of sheep is **35**.", "35"),
        ("1/2 or 0.5", "1/2"),
        ("1/2 (0.5)", "1/2"),
        ("35 sheep, because 5 * 7 = 35", "35"),
        ("2(3 + 4) = 14", "14"),
        ("f(2) = 5", "5"),
        ("300K", "300"),
    ],
)
def test_finds_the_only_number_among_words(text: str, value: str) -> None:
    assert only_number(text) == Fraction(value)


@pytest.mark.parametrize(
    "text",
    [
        "no digits",
        "35 or 36",
        "35 (check: 7 + 7 = 14)",
        "x = 35, y = 2",
        "x = 35 and y = 2",
        "not 35",
        "It isn't 35.",
        "less than 35",
        "over 35",
        "35 or more",
        "no one",
        "one of them",
        "3 pens of 6",
        "2 dozen",
        "3 and a half",
        "half of 6",
        "> 5",
        "≤ 5",
        "±5",
        "35+",
        "5!",
        "√2",
        "2π",
        "2 pi",
        "x/2",
        "2^10",
        "10₂",
        "B52",
        "COVID-19",
        "total - 35",
        "10:30",
        "3 hours 30 minutes",
        "5 = x",
        "2 hundred thousand",
        "3 hundredths",
        r"\frac{\pi}{2}",
        r"3\sqrt{2}",
        "1/0 sheep",
        "3 x 4",
        "0.333... km",
        "so ...35",
        "35… sheep",
    ],
)
def test_does_not_guess_which_number_is_meant(text: str) -> None:
    assert only_number(text) is None


def test_the_percent_sign_may_stand_for_the_unit() -> None:
    assert exact_number("50%", percent=Fraction(1)) == 50
    assert only_number("50 % of them", percent=Fraction(1)) == 50


@pytest.mark.parametrize("text", ["1e999999999", "1e-999999999", "1e" + "9" * 1_900, "9" * 10_000, "1/" + "0" * 1_900])
def test_numbers_too_large_to_write_out_are_none(text: str) -> None:
    assert exact_number(text) is None
    assert only_number(text) is None


def test_the_largest_numbers_can_be_written_out() -> None:
    digits = "9" * 995
    for text in ("9" * 2_000, f"{digits}.{digits}e1000", f"1/{digits}{digits}", f"1 1/{digits}.{digits}", "㊿" * 1_000):
        number = exact_number(text)
        assert number is not None
        assert str(number)


@given(st.integers(-(10**30), 10**30))
def test_every_way_to_write_an_integer_is_that_integer(number: int) -> None:
    for text in (str(number), f"{number:,}", f"{number}.0", f"{number:,}.00", f"{number}e0", f" {number} "):
        assert exact_number(text) == number
    assert only_number(f"{number:,} sheep") == number


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6))
def test_decimals_are_exact(number: Decimal) -> None:
    assert exact_number(str(number)) == Fraction(number)


@given(st.fractions(max_denominator=10**6))
def test_fractions_are_exact(number: Fraction) -> None:
    sign = "-" if number < 0 else ""
    top, bottom = abs(number.numerator), number.denominator
    for text in (f"{sign}{top}/{bottom}", rf"{sign}\frac{{{top}}}{{{bottom}}}"):
        assert exact_number(text) == number


@given(numeric_soup)
def test_whatever_writes_a_number_holds_only_that_number(text: str) -> None:
    number = exact_number(text)
    if number is not None:
        assert exact_number(str(number)) == number
        assert only_number(text) == number
