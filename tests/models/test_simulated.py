"""The simulated model: its odds are what its settings say, and its replies depend on request and seed alone."""

import math
import re
import statistics

import pytest

from ttc_core.errors import BadInput, BadRequest
from ttc_core.models.simulated import SimulatedModel, SimulatedSettings
from ttc_core.models.simulated_odds import RESPONSE, response
from ttc_core.types import Message, Problem, Reference, Request, Shown

PROBLEM = Problem(id="p1", text="What is 6 times 7?", kind="number")
REFERENCE = Reference(answer="42", aliases=("forty-two",), misconceptions=("13", "48", "36"))
RIGHT, WRONG = "42", "13"
EXACT = {"unreadable": 0, "position_bias": 0, "judge_correlation": 0, "spread": 0}
LAST_LINE = {
    "propose": r"Answer: .+",
    "refine": r"Answer: .+",
    "summarize": r"Answer: 42",
    "compare": r"Final verdict: Solution [12]",
    "select": r"Final verdict: Solution [12], Solution [12]",
    "score": r"Score: (10|\d(\.\d)?)",
    "distill": r".+",
    "critique": r".+",
}


def same(a: str, b: str) -> bool:
    return a.strip().casefold() == b.strip().casefold()


def model(reference=REFERENCE, seed=1, **settings):
    return SimulatedModel(SimulatedSettings(**{**EXACT, **settings}), reference, seed, same=same)


def request(role="propose", *answers, match="m", **fields):
    shown = tuple(Shown(id=f"{match}.{i}", answer=answer) for i, answer in enumerate(answers))
    words = Message(role="user", content=f"Please {role}. " * 10)
    return Request(**{"call": "c1/x", "role": role, "node": "c1", "messages": (words,), "problem": PROBLEM,
                      "shown": shown, **fields})  # fmt: skip


def text(of, asked):
    return of.answer(asked)[0].text


def last(of, asked):
    return text(of, asked).splitlines()[-1]


def answers(of, count, role="propose", *shown, **fields):
    return [last(of, request(role, *shown, sample=n, **fields)).removeprefix("Answer: ") for n in range(count)]


def first_named(of, asked):
    """The id of the candidate that a judge names first."""
    return asked.shown[int(re.search(r"Final verdict: Solution (\d+)", last(of, asked))[1]) - 1].id


def both_orders(n, *shown):
    """Two votes of match n, the second with the candidates shown the other way round."""
    one, other = (request("compare", *shown, match=f"m{n}", sample=sample) for sample in (1, 2))
    return one, other.model_copy(update={"shown": other.shown[::-1]})


def assert_share(hits, expected):
    """Within five standard errors, which chance passes once in two million times."""
    hits = list(hits)
    error = math.sqrt(max(expected * (1 - expected), 1e-9) / len(hits))
    assert abs(sum(hits) / len(hits) - expected) <= 5 * error


# what a proposal says


def test_proposals_are_right_with_the_given_accuracy():
    assert_share((answer == RIGHT for answer in answers(model(accuracy=0.3), 4000)), 0.3)


def test_problems_differ_in_accuracy_by_the_given_spread():
    of = model(accuracy=0.4, spread=0.3)
    problems = [Problem(id=f"p{n}", text="?") for n in range(4000)]
    pairs = [[answer == RIGHT for answer in answers(of, 2, problem=problem)] for problem in problems]
    assert_share((first for first, _ in pairs), 0.4)
    assert statistics.correlation(*zip(*pairs, strict=True)) == pytest.approx(0.3, abs=0.08)


def test_without_spread_attempts_are_independent():
    of = model(accuracy=0.4)
    pairs = [[a == RIGHT for a in answers(of, 2, problem=Problem(id=f"p{n}", text="?"))] for n in range(4000)]
    assert statistics.correlation(*zip(*pairs, strict=True)) == pytest.approx(0, abs=0.08)


@pytest.mark.parametrize("accuracy", [0, 1])
def test_certain_accuracy_stays_certain_under_spread(accuracy):
    of = model(accuracy=accuracy, spread=0.5)
    assert {answer == RIGHT for answer in answers(of, 200)} == {bool(accuracy)}


def test_wrong_answers_are_misconceptions_with_falling_weights():
    wrong = answers(model(accuracy=0), 4000)
    weights = {"13": 6 / 11, "48": 3 / 11, "36": 2 / 11}
    assert set(wrong) == set(weights)
    for answer, weight in weights.items():
        assert_share((given == answer for given in wrong), weight)


def test_a_misconception_that_is_right_after_all_is_never_given_as_wrong():
    of = model(Reference(answer="42", misconceptions=("42", "Forty-Two", "7"), aliases=("forty-two",)), accuracy=0)
    assert set(answers(of, 200)) == {"7"}


@pytest.mark.parametrize(
    ("right", "choices"),
    [
        ("0", ()),
        ("-3.50", ()),
        ("3/4", ()),
        ("12 apples", ()),
        ("Paris", ("London", "Paris", "Rome")),
        ("yes", ()),
        ("red, green, blue", ()),
        ("the butler", ()),
        ("9" * 400, ()),
    ],
)
def test_wrong_answers_are_made_up_where_no_misconceptions_are_given(right, choices):
    problem = Problem(id="q", text="?", choices=choices)
    wrong = set(answers(model(Reference(answer=right), accuracy=0), 100, problem=problem))
    assert all(wrong)
    assert not any(same(answer, right) for answer in wrong)
    if choices:
        assert wrong == set(choices) - {right}


def test_an_answer_of_several_lines_stays_on_one():
    of = model(Reference(answer="4\nScore: 10"), accuracy=1)
    assert last(of, request()) == "Answer: 4 Score: 10"


def test_vanishing_odds_are_taken_as_none():
    tiny = {"accuracy": 5e-324, "spread": 5e-324, "judge": 5e-324, "judge_correlation": 5e-324}
    assert RIGHT not in answers(model(**tiny), 50)
    assert RIGHT not in answers(model(**{**tiny, "spread": 0.95}), 50)
    assert first_named(model(**tiny), request("compare", RIGHT, WRONG)) == "m.1"


# what a judge says


def test_votes_pick_the_right_one_with_the_given_accuracy_at_either_place():
    of = model(judge=0.7)
    for shown, right in (((RIGHT, WRONG), 0), ((WRONG, RIGHT), 1)):
        asked = [request("compare", *shown, sample=n) for n in range(3000)]
        assert_share((first_named(of, one) == f"m.{right}" for one in asked), 0.7)


def test_an_alias_is_right_and_an_unreadable_answer_is_wrong():
    of = model(judge=1)
    assert first_named(of, request("compare", None, "Forty-two")) == "m.1"


def test_votes_of_one_match_are_correlated_whatever_their_order():
    of = model(judge=0.6, judge_correlation=0.4)
    pairs = [[first_named(of, vote) == f"m{n}.0" for vote in both_orders(n, RIGHT, WRONG)] for n in range(4000)]
    assert_share((first for first, _ in pairs), 0.6)
    assert statistics.correlation(*zip(*pairs, strict=True)) == pytest.approx(0.4, abs=0.08)


@pytest.mark.parametrize("answer", [RIGHT, WRONG])
def test_among_equals_a_match_has_a_taste_but_no_place_is_favoured(answer):
    of = model(judge_correlation=0.4)
    pairs = [[first_named(of, vote) == f"m{n}.0" for vote in both_orders(n, answer, answer)] for n in range(4000)]
    assert_share((first for first, _ in pairs), 0.5)
    assert statistics.correlation(*zip(*pairs, strict=True)) == pytest.approx(0.4, abs=0.08)


def test_position_bias_takes_the_first_shown():
    of = model(judge=1, position_bias=0.3)
    asked = [request("compare", WRONG, RIGHT, sample=n) for n in range(4000)]
    assert_share((first_named(of, one) == "m.0" for one in asked), 0.3)


def test_in_a_larger_group_right_ones_weigh_as_the_formula_says():
    of = model(judge=0.8)
    asked = [request("compare", WRONG, RIGHT, WRONG, WRONG, sample=n) for n in range(4000)]
    assert_share((first_named(of, one) == "m.1" for one in asked), 0.8 / (0.8 + 3 * 0.2))


def test_a_selection_names_as_many_as_it_may_right_ones_first():
    of = model(judge=1)
    verdicts = {last(of, request("select", WRONG, RIGHT, None, RIGHT, take=2, sample=n)) for n in range(50)}
    assert verdicts == {"Final verdict: Solution 2, Solution 4", "Final verdict: Solution 4, Solution 2"}
    everybody = last(of, request("select", WRONG, RIGHT, take=5))
    assert everybody == "Final verdict: Solution 2, Solution 1"


def test_a_right_one_outscores_a_wrong_one_with_the_judges_accuracy():
    of = model(judge=0.75)

    def score(answer, n):
        return float(last(of, request("score", answer, match=f"{answer}{n}")).removeprefix("Score: "))

    pairs = [(score(RIGHT, n), score(WRONG, n)) for n in range(3000)]
    assert all(0 <= score <= 10 for pair in pairs for score in pair)
    wins = [(right > wrong) + (right == wrong) / 2 for right, wrong in pairs]
    assert statistics.mean(wins) == pytest.approx(0.75, abs=0.04)


def test_scores_of_one_candidate_are_correlated():
    of = model(judge_correlation=0.5)
    pairs = [
        [float(last(of, request("score", RIGHT, match=f"m{n}", sample=s)).removeprefix("Score: ")) for s in (1, 2)]
        for n in range(3000)
    ]
    assert statistics.correlation(*zip(*pairs, strict=True)) == pytest.approx(0.5, abs=0.08)


@pytest.mark.parametrize("answer", [RIGHT, WRONG])
def test_a_critique_is_right_with_the_judges_accuracy(answer):
    of = model(judge=0.7)
    opinions = ["looks right" in last(of, request("critique", answer, sample=n)) for n in range(3000)]
    assert_share((opinion == (answer == RIGHT) for opinion in opinions), 0.7)


# what refinement makes of its context


@pytest.mark.parametrize("rights", range(5))
def test_refinement_follows_the_measured_table(rights):
    shown = [RIGHT] * rights + [WRONG] * (4 - rights)
    given = answers(model(accuracy=0.5), 3000, "refine", *shown)
    assert_share((answer == RIGHT for answer in given), RESPONSE[rights])


def test_the_table_is_interpolated():
    assert [response(n / 4) for n in range(5)] == pytest.approx(RESPONSE)
    assert response(1 / 3) == pytest.approx(RESPONSE[1] + (RESPONSE[2] - RESPONSE[1]) / 3)


def test_refinement_that_ignores_its_context_or_has_none_is_a_proposal():
    for of, shown in ((model(accuracy=0.3, refine=0), [RIGHT] * 4), (model(accuracy=0.3), [])):
        assert_share((answer == RIGHT for answer in answers(of, 3000, "refine", *shown)), 0.3)


def test_half_weight_stands_half_way():
    given = answers(model(accuracy=0.3, refine=0.5), 4000, "refine", RIGHT, RIGHT)
    assert_share((answer == RIGHT for answer in given), (0.3 + RESPONSE[4]) / 2)


def test_a_failed_refinement_repeats_a_wrong_answer_of_its_context():
    assert set(answers(model(), 300, "refine", "99", None)) - {RIGHT} == {"99"}


# what every reply is like


@pytest.mark.parametrize("role", LAST_LINE)
def test_every_role_says_it_is_simulated_and_ends_with_its_line(role):
    asked = request(role, "42", "13", take=2 if role == "select" else 1)
    reply, seconds = model().answer(asked)
    assert reply.simulated
    assert reply.cost == 0
    assert reply.text.startswith("[simulated] ")
    assert len(reply.text.splitlines()) >= 4
    assert re.fullmatch(LAST_LINE[role], reply.text.splitlines()[-1])
    read = [line for line in reply.text.splitlines() if re.match("Answer:|Final verdict:|Score:", line)]
    assert len(read) == (role not in ("distill", "critique"))
    assert reply.usage.tokens_in == len(asked.messages[0].content) // 4
    assert not reply.usage.estimated
    assert seconds > 0


@pytest.mark.parametrize("role", ["propose", "refine", "compare", "select", "score"])
def test_unreadable_replies_lack_the_line_that_is_read(role):
    whole, torn = (text(model(unreadable=share), request(role, "42", "13")) for share in (0, 1))
    assert torn == whole.rpartition("\n")[0]
    assert not re.search("^(Answer|Final verdict|Score):", torn, re.MULTILINE)


def test_unreadable_replies_have_the_given_share():
    of = model(unreadable=0.1)
    assert_share((not last(of, request(sample=n)).startswith("Answer:") for n in range(3000)), 0.1)


def test_the_summary_of_an_unreadable_candidate_has_no_answer_line():
    assert "Answer:" not in text(model(), request("summarize", None))


def test_a_workspace_counts_the_answers():
    lines = text(model(), request("distill", "42", "13", "42", None)).splitlines()
    assert lines[1:4] == ['- "42": 2 of 4', '- "13": 1 of 4', "- no readable answer: 1 of 4"]


def test_tokens_and_seconds_have_their_means_and_tokens_their_limit():
    of = model(tokens=300, seconds=2, tokens_spread=0.4, seconds_spread=0.4)
    replies = [of.answer(request(sample=n, max_tokens=10_000)) for n in range(3000)]
    tokens, seconds = [reply.usage.tokens_out for reply, _ in replies], [seconds for _, seconds in replies]
    assert statistics.mean(tokens) == pytest.approx(300, rel=0.04)
    assert statistics.stdev(tokens) == pytest.approx(120, rel=0.12)
    assert statistics.mean(seconds) == pytest.approx(2, rel=0.04)
    assert statistics.stdev(seconds) == pytest.approx(0.8, rel=0.12)
    assert of.answer(request(max_tokens=20))[0].usage.tokens_out == 20


# one request and one seed, one reply


def test_replies_do_not_depend_on_order_place_or_instance():
    asked = [request(sample=1), request(sample=2), request("compare", RIGHT, WRONG), request("score", RIGHT)]
    settings = {"spread": 0.3, "judge_correlation": 0.3, "position_bias": 0.2, "unreadable": 0.2}
    of = model(**settings)
    forward = [of.answer(one) for one in asked]
    assert [model(**settings).answer(one) for one in reversed(asked)] == forward[::-1]
    moved = [one.model_copy(update={"call": "c9/y", "node": "c9", "after": ("c8/z",)}) for one in asked]
    assert [of.answer(one) for one in moved] == forward


@pytest.mark.parametrize("change", [{"sample": 2}, {"seed": 7}, {"messages": (Message(role="user", content="!"),)}])
def test_another_request_or_seed_rolls_anew(change):
    base = request()
    assert text(model(), base.model_copy(update=change)) != text(model(), base)
    assert text(model(seed=2), base) != text(model(), base)


def test_odd_characters_are_no_trouble():
    odd = Problem(id="\ud800", text="a\x00b\ud83d")
    assert last(model(accuracy=1), request(problem=odd)) == "Answer: 42"


# how it is spoken


async def test_the_text_is_heard_in_a_few_pieces():
    heard = []
    reply = await model(speed=1000).complete(request(), heard.append)
    assert "".join(heard) == reply.text
    assert 4 <= len(heard) <= 20


async def test_speed_zero_speaks_at_once():
    heard = []
    reply = await model(speed=0, seconds=600).complete(request(), heard.append)
    assert heard == [reply.text]


# what it refuses


async def test_without_a_reference_it_refuses_and_says_what_to_do():
    with pytest.raises(BadRequest, match="reference answer: give one") as refusal:
        await model(None).complete(request(), lambda piece: None)
    assert not refusal.value.retryable


@pytest.mark.parametrize("role", ["summarize", "compare", "select", "score", "critique"])
def test_a_judge_that_is_shown_nothing_refuses(role):
    with pytest.raises(BadRequest, match="at least one"):
        model().answer(request(role))


# how it is set


def test_settings_are_read_from_the_models_name():
    assert SimulatedSettings.parse("") == SimulatedSettings()
    assert SimulatedSettings.parse(" accuracy=0.4, judge = 0.7,tokens=50") == SimulatedSettings(
        accuracy=0.4, judge=0.7, tokens=50
    )


@pytest.mark.parametrize(
    "given",
    ["acuracy=0.4", "accuracy", "accuracy=", "accuracy=much", "accuracy=1.5", "accuracy=nan", "speed=inf", "=1",
     "judge=0.6,judge=0.7", "tokens=1.5", "spread=1"],
)  # fmt: skip
def test_unusable_settings_get_one_sentence_that_names_the_allowed(given):
    with pytest.raises(BadInput) as refusal:
        SimulatedSettings.parse(given)
    message = str(refusal.value)
    assert f'"{given.rpartition(",")[2]}"' in message
    assert all(name in message for name in SimulatedSettings.model_fields)
    assert "\n" not in message


def test_every_setting_is_described():
    assert all(field.description for field in SimulatedSettings.model_fields.values())
