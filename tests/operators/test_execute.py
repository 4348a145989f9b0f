"""Behaviour as a key, and what a judge is told of it: pure functions of what ran."""

from __future__ import annotations

from ttc_core.operators.distinguish import told_apart
from ttc_core.operators.execute import behaviour, case_in_words, results_in_words
from ttc_core.sandbox import Checked
from ttc_core.types import Candidate, CaseRan


def ran(got: str, ok: bool | None = None, call: str = "f(1)", expected: str = "") -> CaseRan:
    return CaseRan(call=call, expected=expected, got=got, ok=ok)


def test_the_same_outcomes_have_the_same_key():
    assert behaviour([ran("1"), ran("[2]")]) == behaviour([ran("1", ok=True), ran("[2]", ok=False)])
    assert behaviour([ran("1"), ran("[2]")]) != behaviour([ran("[2]"), ran("1")])
    assert behaviour([ran("1")]) != behaviour([ran("'1'")])


def test_of_an_error_only_its_kind_counts():
    first, other = ([ran("1"), ran(f"raised ValueError: {words}")] for words in ("too small", "no"))
    assert behaviour(first) == behaviour(other) != behaviour([ran("1"), ran("raised KeyError: 'a'")])


def test_what_gives_no_value_has_no_key_unless_an_error_is_what_is_expected():
    assert behaviour([]) is None
    assert behaviour([ran("raised NameError: f"), ran("no answer: timed out")]) is None
    assert behaviour([ran("raised ValueError: no", ok=True)]) is not None


def test_a_judge_reads_the_failures_first_and_not_too_many():
    results = [ran(str(n), ok=n > 2, call=f"f({n})", expected="9") for n in range(12)]
    said = results_in_words(Checked(results=tuple(results), passed=9, total=12)).splitlines()
    assert said[0].endswith("it passed 9 of 12:")
    assert said[1:4] == [f"- f({n}) gave {n}, but should give 9" for n in range(3)]
    assert said[4] == "- f(3) gave 3, as it should"
    assert len(said) == 10
    assert said[-1] == "and 4 more"


def test_long_values_are_cut():
    assert len(case_in_words(ran("7" * 100_000, ok=False, expected="8" * 100_000))) < 600


def test_what_does_not_load_is_said_in_a_sentence():
    checked = Checked(
        results=(ran("no answer: the program does not load", ok=False),), total=1, trouble="It is broken."
    )
    assert results_in_words(checked) == "The app tried to run this program. It is broken."


def test_programs_are_told_apart_by_values_not_by_words_of_errors():
    pair = [Candidate(id="a", text=""), Candidate(id="b", text="")]
    alike = [Checked(results=(ran("raised ValueError: x"),)), Checked(results=(ran("raised ValueError: y"),))]
    assert not told_apart(pair, alike, "m/distinguish").apart
    telling = told_apart(pair, [alike[0], Checked(results=(ran("3"),))], "m/distinguish")
    assert telling.apart
    assert telling.words["b"].endswith("- f(1) gave 3")
    assert told_apart(pair, [None, None], "m/distinguish").words == {}
