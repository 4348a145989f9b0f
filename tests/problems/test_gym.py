"""The endless shelf: every family makes a problem whose known answer its scorer accepts, and ids lead back to it."""

from __future__ import annotations

import inspect
import json
import re

import pytest

from ttc_core.errors import BadInput, NotFound
from ttc_core.problems import gym, verdict
from ttc_core.problems.library import find
from ttc_core.problems.referee import referee
from ttc_core.problems.referee_child import EVALUATED, harmless
from ttc_core.sandbox import Sandbox


def test_over_a_hundred_families_are_named_as_the_library_names_them() -> None:
    assert len(gym.families()) > 100
    assert set(gym.families()) == set(referee("gym").ask("families", 60.0)) - gym.LEFT_OUT


@pytest.mark.parametrize("family", gym.families())
def test_every_family_makes_a_problem_that_its_id_leads_back_to(family: str) -> None:
    entry = gym.make(family, 3)
    assert entry.problem.text.strip()
    assert entry.problem.kind in ("text", "number")
    assert entry.reference
    assert entry.reference.answer
    assert entry.reference.scorer
    assert entry == type(entry).model_validate_json(entry.model_dump_json())
    assert find(entry.problem.id) == entry
    assert json.dumps(gym.settings(family)[0].model_dump()) if gym.settings(family) else True


@pytest.mark.parametrize(
    "family", ["gcd", "countdown", "graph_color", "arc_agi", "rotate_matrix", "n_queens", "zebra_puzzles"]
)
async def test_the_scorer_tells_right_from_wrong(family: str) -> None:
    entry = gym.make(family, 5)
    assert entry.reference
    other = f" {entry.reference.answer}\n"  # not the same characters, so that the scorer is asked
    right = await verdict(other.replace("+", " + "), entry.problem, entry.reference, Sandbox())
    assert right.outcome == "correct"
    wrong = await verdict("7 bananas", entry.problem, entry.reference, Sandbox())
    assert wrong.outcome == "incorrect"


def test_settings_change_the_problem_and_stand_in_its_id() -> None:
    usual = gym.make("gcd", 7)
    entry = gym.make("gcd", 7, {"max_numbers": 4, "min_numbers": 4, "min_value": 1})
    assert entry.problem.id == "gym/gcd/7?max_numbers=4&min_numbers=4"
    assert entry.problem.text.count(",") > usual.problem.text.count(",")
    assert (usual.difficulty, entry.difficulty) == ("medium", "hard")
    assert find(entry.problem.id) == entry
    assert gym.make("gcd", 8).problem.text != usual.problem.text


@pytest.mark.parametrize(
    "problem_id",
    ["gym", "gym/gcd", "gym/gdc/7", "gym/gcd/-1", "gym/gcd/x", "gym/composite/1", "gym/../7", "gym/gcd/99999999999"],
)
def test_ids_that_describe_none_are_one_sentence(problem_id: str) -> None:
    with pytest.raises((NotFound, BadInput)) as caught:
        find(problem_id)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "query", ["foo=1", "max_numbers=x", "max_numbers=1.5", "max_numbers=nan", "max_numbers=0", "max_value=99999999999"]
)
def test_settings_that_do_not_go_are_one_sentence(query: str) -> None:
    with pytest.raises(BadInput) as caught:
        find(f"gym/gcd/7?{query}")
    assert "\n" not in str(caught.value)
    assert gym.make("gcd", 7)


@pytest.mark.parametrize(
    "answer", ["2*x + C", "sqrt(3)*(x - 1)/2", "-cos(x)**2", "[[0, 1], [1, 0]]", "(1+2)*3.5", "ab c"]
)
def test_mathematics_is_harmless(answer: str) -> None:
    assert harmless(answer)


@pytest.mark.parametrize("answer", ["exec('1')", "x.y", "x . y", "(x)('1')", "[x]('1')", "a__b", "x:=1", "open (1)"])
def test_what_could_be_called_is_not(answer: str) -> None:
    assert not harmless(answer)


def test_no_family_evaluates_answers_unguarded() -> None:
    """Where the library's scorers call eval or its like is known; a new version may add more."""
    from reasoning_gym.factory import DATASETS

    calls = re.compile(r"(?<![\w.])(?:eval|exec)\(|(?:sympy\.|sp\.|(?<![\w.]))(?:parse_expr|sympify|simplify)\(")
    found = {name for name, (made, _) in DATASETS.items() if calls.search(inspect.getsource(made.score_answer))}
    assert found == {*EVALUATED, "number_sorting"}  # which evaluates the right answer only
