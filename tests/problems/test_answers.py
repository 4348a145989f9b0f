"""Comparing and checking answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttc_core.problems import canonical, check, equivalent
from ttc_core.types import AnswerKind, Problem, Reference

CITIES = ("London", "Paris", "Rome", "Bern")


def asked(kind: AnswerKind = "auto", *choices: str, text: str = "What is it?") -> Problem:
    return Problem(id="own/test", text=text, kind=kind, choices=choices)


class TestCanonical:
    @pytest.mark.parametrize(
        "same", ["1,234", "1234", "1234.0", "$1,234", "1234.", "1.234e3", "**1234**", "1234 sheep"]
    )
    def test_numbers(self, same: str) -> None:
        assert equivalent("1234", same, asked("number"))
        assert equivalent("1234", same, asked("auto")) == ("sheep" not in same)

    @pytest.mark.parametrize("other", ["1235", "-1234", "1234.5", "12,34", "1234!", "1234 or 1235", "1,2,3,4", "many"])
    def test_other_numbers(self, other: str) -> None:
        assert not equivalent("1234", other, asked("number"))
        assert not equivalent("1234", other, asked("auto"))

    def test_nothing_is_rounded(self) -> None:
        assert not equivalent("1/3", "0.333", asked("number"))
        assert equivalent("1/3", "2/6", asked("number"))

    @pytest.mark.parametrize("kind", ["number", "auto"])
    def test_a_percent_sign_is_a_hundredth(self, kind: AnswerKind) -> None:
        problem = asked(kind, text="How likely is it?")
        assert equivalent("50%", "1/2", problem)
        assert not equivalent("50%", "50", problem)

    @pytest.mark.parametrize("text", ["By what percentage?", "How many percent?", "How many per cent?", "How many %?"])
    @pytest.mark.parametrize("kind", ["number", "auto"])
    def test_a_percent_sign_is_the_unit_where_percent_was_asked_for(self, kind: AnswerKind, text: str) -> None:
        problem = asked(kind, text=text)
        assert equivalent("50%", "50", problem)
        assert equivalent("50 percent", "50", problem)
        assert not equivalent("50%", "1/2", problem)

    @pytest.mark.parametrize("same", ["B", "b", "(b)", "B)", "B.", "B) Paris", "(B) Paris.", "b: paris", "B - Paris"])
    def test_choices(self, same: str) -> None:
        assert equivalent("Paris", same, asked("choice", *CITIES))

    @pytest.mark.parametrize("same", ["Paris", "PARIS.", "**Paris**", "Option B", r"\text{Paris}", "“Paris”"])
    def test_more_choices(self, same: str) -> None:
        assert canonical(same, asked("choice", *CITIES)) == "choice:b"

    @pytest.mark.parametrize(
        "same",
        [
            *("[B]", "{B}", '"B"', "B,", "B!", "B, Paris", "B Paris", "B (Paris)", "Paris (B)", "**B)** Paris"),
            *("**(B)** Paris", r"\textbf{(B)}\ Paris", "The correct answer is B", "B because Rome is larger"),
            *("(B) Paris is right.", "b) Paris, the capital of France", "Option B: **Paris**"),
        ],
    )
    def test_choices_as_models_write_them(self, same: str) -> None:
        assert canonical(same, asked("choice", *CITIES)) == "choice:b"

    @pytest.mark.parametrize("other", ["B, not A", "B) Paris or C) Rome", "B) Paris, not Rome", "B Rome", "Rome (B)"])
    def test_a_choice_that_is_taken_back_is_none(self, other: str) -> None:
        assert canonical(other, asked("choice", *CITIES)).startswith("text:")

    @pytest.mark.parametrize(
        "other", ["A", "C", "E", "B) Rome", "B or C", "A, B", "Paris or Rome", "Berlin", "2", "İ", "ſ", ""]
    )
    def test_what_is_no_choice_or_another_is_not_equivalent(self, other: str) -> None:
        assert not equivalent("B", other, asked("choice", *CITIES))

    def test_the_words_of_a_choice_go_before_its_letter(self) -> None:
        problem = asked("choice", "C", "A", "2.0")
        assert canonical("A", problem) == "choice:b"
        assert canonical("2", problem) == canonical("c) 2", problem) == "choice:c"

    def test_letters_without_known_choices(self) -> None:
        assert equivalent("(B)", "b.", asked("choice"))
        assert not equivalent("B", "C", asked("choice"))

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("The Eiffel Tower", "eiffel tower."),
            ("“Eiffel Tower”", "Eiffel   Tower"),
            ("an apple", "Apple!"),
            ("twenty-one", "Twenty one"),
            ("don’t", "dont"),
            ("U.S.A.", "USA"),
            ("Straße", "STRASSE"),
            ("Ｐａｒｉｓ", "Paris"),
            ("Par\u200bis", "Paris"),
            ("café", "cafe\u0301"),
            ("A, B, C", "a b c"),
            ("_Paris_", "Paris"),
            ("10 m²", "10 m^2"),
            ("3 – 5", "3-5"),
            ("x = 5", "x=5"),
            (r"\text{Ann} and \text{Bob}", "Ann and Bob"),
        ],
    )
    def test_equal_words(self, first: str, second: str) -> None:
        assert equivalent(first, second, asked("text"))

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("C++", "C"),
            ("C#", "C"),
            ("-5 degrees", "5 degrees"),
            ("−x", "x"),
            ("-∞", "∞"),
            ("-√2", "√2"),
            ("‑5 km", "5 km"),
            ("3-5", "3, 5"),
            ("3 – 5", "3 5"),
            ("B-", "B"),
            ("O-.", "O+"),
            ("**A-**", "A"),
            ("Cl⁻", "Cl"),
            ("2024-01-05", "2024 01 05"),
            ("3.5 km", "35 km"),
            (".5 km", "5 km"),
            ("-.5 km", ".5 km"),
            ("'-5 km'", "'5 km'"),
            ("10:30", "1030"),
            ("10²", "102"),
            ("10₂", "102"),
            ("1½ cups", "11/2 cups"),
            ("x ≤ 5", "x ≥ 5"),
            ("[0, 1)", "(0, 1]"),
            ("box A", "box"),
            ("A, B", "B"),
            ("the", "a"),
            ("?", "!"),
            ("", "."),
            ("Ann", "Anne"),
        ],
    )
    def test_different_words(self, first: str, second: str) -> None:
        assert not equivalent(first, second, asked("text"))

    @pytest.mark.parametrize(
        "same", ["Bob and Ann", "ann, bob", "{Bob, Ann}", "Ann & Bob.", "Ann; Bob; Ann", r"\{Ann, Bob\}"]
    )
    def test_sets(self, same: str) -> None:
        assert equivalent("Ann, Bob", same, asked("set"))

    @pytest.mark.parametrize("other", ["Ann", "Ann, Bob, Cy", "Ann Bob", "Ann or Bob", ""])
    def test_other_sets(self, other: str) -> None:
        assert not equivalent("Ann, Bob", other, asked("set"))

    def test_sets_of_pairs_and_lists(self) -> None:
        pairs = asked("set")
        assert equivalent("(1, 2), (3, 4)", r"\left\{(3,4), (1,2)\right\}", pairs)
        assert not equivalent("(1,2),(3,4),(5,6)", "(1,4),(3,2),(5,6)", pairs)
        assert equivalent("- 5\n- 3", "3, 5", pairs)
        assert equivalent("1. Ann\n2. Bob", r"\text{Bob}, \text{Ann}", pairs)

    @pytest.mark.parametrize(
        ("first", "second"), [("2x+3", "3 + 2*x"), ("x^2 + 1", "1 + x²"), ("5 m^2", "5 m²"), ("π/2", r"\frac{\pi}{2}")]
    )
    def test_plain_formulas(self, first: str, second: str) -> None:
        assert equivalent(first, second, asked("auto"))

    @pytest.mark.parametrize(
        ("first", "second"), [("3-5", "-2"), ("2024-01-05", "2018"), ("10/2", "5 x"), ("x+1", "x-1"), ("n/a", "n a")]
    )
    def test_what_is_no_plain_formula_is_not_worked_out(self, first: str, second: str) -> None:
        assert not equivalent(first, second, asked("auto"))

    def test_sets_of_numbers(self) -> None:
        assert equivalent("1/2, 3 and 1,000", "3.0, 0, 1, 0.5, 000", asked("set"))
        assert not equivalent("1, 23", "12, 3", asked("set"))

    def test_a_number_is_never_equal_to_words(self) -> None:
        assert not equivalent("5", "5!", asked("auto"))

    @given(st.text(), st.sampled_from(["auto", "number", "choice", "text", "set"]))
    def test_any_text_has_a_key_and_its_wrapping_and_case_do_not_count(self, text: str, kind: AnswerKind) -> None:
        problem = asked(kind, *CITIES)
        key = canonical(text, problem)
        assert key.split(":")[0] in ("number", "choice", "text", "set")
        assert canonical(f"  {text}\n", problem) == key
        if text.isascii():
            assert canonical(text.swapcase(), problem) == key

    @given(
        st.text(alphabet="bcD 1,.-½²₂“”'!?:éß\u0301", max_size=30),
        st.sampled_from(["number", "text", "auto"]),
    )
    def test_the_words_of_a_key_have_that_key(self, text: str, kind: AnswerKind) -> None:
        problem = asked(kind, *CITIES)
        key = canonical(text, problem)
        if kind == "text" or key.startswith("number:"):
            assert canonical(key.partition(":")[2], problem) == key

    @given(
        st.text(alphabet="ab1 ,.", max_size=6),
        st.text(alphabet="ab1 ,.", max_size=6),
        st.text(alphabet="ab1 ,.", max_size=6),
    )
    def test_equivalence_is_an_equivalence(self, a: str, b: str, c: str) -> None:
        for kind in ("auto", "number", "text", "set"):
            problem = asked(kind)
            assert equivalent(a, a, problem)
            assert equivalent(a, b, problem) == equivalent(b, a, problem)
            if equivalent(a, b, problem) and equivalent(b, c, problem):
                assert equivalent(a, c, problem)

    @pytest.mark.parametrize("kind", ["auto", "number", "choice", "text", "set"])
    @pytest.mark.parametrize(
        "unit", ["9", "1,", "1e9", "-", "½", "a ", "ﷺ", "\\frac{", "{", "(", "the ", " ", "\u0301", "²", "and"]
    )
    def test_hostile_answers_have_short_keys(self, kind: AnswerKind, unit: str) -> None:
        assert len(canonical(unit * 200_000, asked(kind, *CITIES))) < 60_000

    @pytest.mark.parametrize("text", ["1e999999999", "-1e-999999999", "1e" + "9" * 1_000])
    def test_numbers_too_large_to_write_out_are_compared_as_text(self, text: str) -> None:
        assert equivalent(text, text, asked("number"))
        assert not equivalent(text, text[:-1], asked("number"))

    def test_long_answers_are_compared_as_far_as_they_are_kept(self) -> None:
        assert equivalent("9" * 5_000, "9" * 4_999, asked("number"))
        assert not equivalent("9" * 5_000, "9" * 1_999, asked("number"))
        assert not equivalent("9" * 2_000, "9" * 1_999, asked("number"))


class TestCheck:
    REFERENCE = Reference(answer="35", aliases=("thirty-five",))

    @pytest.mark.parametrize("answer", ["35", "35.0", "35 sheep", "Thirty five"])
    def test_correct(self, answer: str) -> None:
        verdict = check(answer, asked("number"), self.REFERENCE)
        assert verdict.outcome == "correct"
        assert "35" in verdict.detail

    @pytest.mark.parametrize("answer", ["36", "", "unknown"])
    def test_incorrect(self, answer: str) -> None:
        verdict = check(answer, asked("number"), self.REFERENCE)
        assert verdict.outcome == "incorrect"
        assert "35" in verdict.detail

    def test_unreadable(self) -> None:
        verdict = check(None, asked(), self.REFERENCE)
        assert (verdict.outcome, verdict.detail) == ("incorrect", "No answer could be read.")

    @pytest.mark.parametrize("answer", ["35", None])
    def test_unverified(self, answer: str | None) -> None:
        verdict = check(answer, asked(), None)
        assert verdict.outcome == "unverified"
        assert "no reference" in verdict.detail

    def test_the_detail_is_one_short_line(self) -> None:
        verdict = check("word\n" * 1_000, asked(), Reference(answer="x" * 2_000))
        assert len(verdict.detail) < 250
        assert "\n" not in verdict.detail
