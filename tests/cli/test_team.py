"""Who answers a run: what the options say is what the servers see, and what the log and the result say."""

from __future__ import annotations

import argparse
import json

import pytest

from tests.cli.test_cli import FAST, PROBLEM, call, run
from tests.fake_server import FakeServer
from ttc_core.choice import ModelChoice, Price, Team
from ttc_core.cli.arguments import parser
from ttc_core.cli.team import chosen_team
from ttc_core.errors import BadInput
from ttc_core.ready import remember_team
from ttc_core.store.store import Store


def options(*arguments: str) -> argparse.Namespace:
    return parser().parse_args(["run", "--problem", "x", "--strategy", "single", *arguments])


def team(db: str, *arguments: str) -> Team:
    with Store(db) as store:
        return chosen_team(options(*arguments), store)[0]


def test_proposers_take_turns_and_another_judges(capsys, db, monkeypatch):
    monkeypatch.setenv("FIRST_KEY", "sk-first")
    monkeypatch.setenv("JUDGE_KEY", "sk-judge")
    with FakeServer(latency_s=0.01) as one, FakeServer(latency_s=0.01) as two, FakeServer(latency_s=0.01) as three:
        models = ["--model", f"openai/b@{two.url}", "--judge", f"openai/c@{three.url}"]
        keys = ["--api-key-env", "FIRST_KEY", "--judge-api-key-env", "JUDGE_KEY"]
        settings = ["--set", "candidates=4", "--set", "skip_equivalent=false", "--set", "stop_early=false"]
        outcome = run(capsys, db, *models, *keys, *settings, model=f"openai/a@{one.url}")
        roles = outcome["calls_by_role"]
        assert two.ledger.requests == 2
        assert one.ledger.requests == 2 + roles["summarize"]
        assert three.ledger.requests == roles["compare"]
        assert set(one.ledger.authorizations) == {"Bearer sk-first"}
        assert set(three.ledger.authorizations) == {"Bearer sk-judge"}
        assert not any("sk-" in seen for seen in two.ledger.authorizations)
    assert outcome["model"] == "openai/a + openai/b, judged by openai/c"
    assert (outcome["models"], outcome["judge"]) == (["openai/a", "openai/b", "openai/c"], "openai/c")
    by_role = outcome["tokens_by_role"]
    assert sum(role["in"] for role in by_role.values()) == outcome["tokens_in"]
    assert sum(role["out"] for role in by_role.values()) == outcome["tokens_out"]
    assert by_role["compare"]["cost"] is None
    assert outcome["tokens_per_second"] == pytest.approx(outcome["tokens_out"] / outcome["wall_s"], rel=0.05)


def test_prices_make_the_cost_known(capsys, db):
    with FakeServer(latency_s=0.01) as server:
        model = f"openai/x@{server.url}"
        outcome = run(capsys, db, "--price", "1000,2000", "--budget-dollars", "1e6", strategy="single", model=model)
    assert outcome["cost"] == pytest.approx(outcome["tokens_in"] * 1e-3 + outcome["tokens_out"] * 2e-3)
    assert outcome["estimate"]["dollars"]["high"] > 0


def test_settings_reach_every_model_and_the_address_only_those_without_one(db):
    given = ["--model", "openai/a", "--model", "b@http://own/v1", "--model", "simulated", "--judge", "local/x"]
    settings = ["--effort", "low", "--thinking-tokens", "0", "--price", "0.25,2,0.025", "--requests-per-minute", "9.5"]
    chosen = team(db, *given, *settings, "--api-base", "http://shared/v1/", "--timeout", "7")
    bases = [choice.api_base for choice in chosen.members]
    assert bases == ["http://shared/v1", "http://own/v1", None, None]
    for choice in chosen.members:
        assert (choice.effort, choice.thinking_tokens, choice.per_minute, choice.timeout_s) == ("low", 0, 9.5, 7.0)
        assert choice.price is not None
        assert choice.price.cached == pytest.approx(0.025e-6)


def test_a_key_goes_to_everybody_at_the_first_ones_place_and_nowhere_else(db):
    given = ["--model", "a@http://one/v1", "--model", "b@http://two/v1", "--judge", "c@http://one/v1"]
    assert [choice.key_env for choice in team(db, *given, "--api-key-env", "K").members] == ["K", None, "K"]
    judged = team(db, *given, "--api-key-env", "K", "--judge-api-key-env", "J")
    assert [choice.key_env for choice in judged.members] == ["K", None, "J"]


def test_without_a_name_the_chosen_ones_are_asked_with_the_settings_given(capsys, db):
    chosen = Team(
        proposers=(ModelChoice(name=FAST, timeout_s=9.0),), judge=ModelChoice(name="simulated:speed=0,judge=1")
    )
    with Store(db) as store:
        remember_team(store.preferences, chosen)
    assert team(db) == chosen
    assert [choice.timeout_s for choice in team(db, "--timeout", "3").members] == [3.0, 3.0]
    assert team(db, "--judge", "simulated").judge == ModelChoice()
    code, out, err = call(capsys, "run", *PROBLEM, "--strategy", "single", "--db", db)
    assert code == 0
    assert "Chosen before" in err
    assert f"Answered by {chosen.name}." in out
    code, out, err = call(capsys, "run", *PROBLEM, "--strategy", "single", "--db", db, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["model"] == chosen.name


def test_without_a_name_and_anything_chosen_answers_are_simulated(capsys, db):
    assert team(db) == Team(proposers=(ModelChoice(),))


def test_a_named_model_needs_no_reason(db):
    with Store(db) as store:
        assert chosen_team(options("--model", "simulated"), store)[1] == ""


def test_a_price_is_per_million_tokens():
    assert options("--price", "0.25,2").price == Price(input=0.25e-6, output=2e-6)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--api-base", "http://host/v1"],
        ["--judge-api-key-env", "K", "--model", "simulated"],
        ["--model", "two words"],
        ["--model", "x@http://"],
        ["--model", "x", "--api-base", "nowhere"],
        ["--judge", "local/x@http://host/v1"],
        ["--model", "simulated"] * 17,
    ],
    ids=lambda arguments: " ".join(arguments)[:50],
)
def test_what_cannot_be_asked(db, arguments):
    with pytest.raises(BadInput):
        team(db, *arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--price", "1"],
        ["--price", "1,2,3,4"],
        ["--price", "1,-2"],
        ["--price", "nan,1"],
        ["--price", "a,b"],
        ["--effort", "huge"],
        ["--thinking-tokens", "-1"],
        ["--thinking-tokens", "1000001"],
        ["--requests-per-minute", "0"],
        ["--requests-per-minute", "1e9"],
    ],
    ids=" ".join,
)
def test_bad_settings_are_one_sentence(capsys, arguments):
    code, out, err = call(capsys, "run", *PROBLEM, "--strategy", "single", *arguments)
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
