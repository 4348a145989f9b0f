"""Ask many times, put each attempt to the test by itself, and take the best: by tests, or by a judge's score.

Programs are first run on the problem's own examples, and if wanted on tests that a model writes (CodeMonkeys, arXiv
2501.14723); a judge scores those that are still level, and all attempts where nothing can be run. The false positives
of tests and judge put a ceiling on what more attempts can bring.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

from pydantic import Field

from ttc_core.errors import NothingLeft
from ttc_core.events.kinds import How
from ttc_core.operators.params import Params as Base
from ttc_core.operators.propose import propose
from ttc_core.operators.rules import Tally, ahead, passes
from ttc_core.operators.score import score
from ttc_core.operators.write_tests import on_written_tests, write_tests
from ttc_core.run import Run
from ttc_core.types import Candidate, Cost, Problem, Role

TITLE = "Best of N"
LAYOUT = "tree"
NODE, TESTS = "best", "tests"

Scored = tuple[Candidate, float]
"""A candidate and the mean of its scores, -1 where none could be read."""
SelectBy = Literal["judge", "tests, then judge", "written tests, then judge"]


class Params(Base):
    """Settings of best-of-N."""

    presets: ClassVar[dict[str, dict[str, Any]]] = {
        "quick": {"candidates": 8},
        "paper": {"candidates": 16, "select_by": "judge"},
    }

    candidates: int = Field(8, ge=1, le=256, description="How many attempts are made.")
    scores: int = Field(1, ge=1, le=16, description="How often each attempt is scored; the mean counts.")
    select_by: SelectBy = Field(
        "tests, then judge",
        description="What chooses: a judge's scores alone; the examples that the problem shows first, where "
        "programs can be run; or these and then tests that a model writes. Scores decide between equals.",
    )
    written_tests: int = Field(
        6, ge=1, le=32, description="How many tests a model is asked to write, where written tests choose."
    )

    def fitted(self, problem: Problem) -> Self:
        """Only programs are chosen by tests: whoever changes a repository may have changed its tests."""
        return self if problem.kind == "code" else self.model_copy(update={"select_by": "judge"})

    def idle(self, problem: Problem) -> set[str]:
        """Tests choose between programs only, and written ones only where they are asked for."""
        if problem.kind != "code":
            return super().idle(problem) | {"select_by", "written_tests"}
        return super().idle(problem) | ({"written_tests"} if self.select_by != "written tests, then judge" else set())


def plan(params: Params) -> Cost:
    """Each attempt, its scores at once, and between them the tests if they are written."""
    calls: dict[Role, int] = {"propose": params.candidates}
    if params.select_by == "written tests, then judge":
        calls["write_tests"] = 1
    calls["score"] = params.candidates * params.scores
    return Cost(calls=calls, depth=len(calls))


@dataclass(frozen=True)
class _Field:
    """Among whom is chosen, and the node of the tests that were written for it."""

    candidates: Sequence[Candidate]
    tests: tuple[str, ...] = ()


async def solve(problem: Problem, run: Run, params: Params) -> Candidate:
    """Who passes the most tests; among several the highest mean score; ties by seed, unscored ones last."""
    params = params.fitted(problem)

    async def attempt(index: int) -> Candidate:
        return await propose(run, problem, f"c{index:02}", params, sample=index)

    async def judged(index: int) -> Scored:
        return await _scored(run, problem, await attempt(index), params)

    numbers = range(1, params.candidates + 1)
    if params.select_by == "judge":
        scored = await run.together(judged(i) for i in numbers)
        return _best_score(run, _Field([candidate for candidate, _ in scored]), scored, params)
    everyone = await run.together(attempt(i) for i in numbers)
    field, front = await _by_tests(run, problem, everyone, params)
    if len(front) == 1:
        return _decide(run, field, front[0], "tests", passes(field.candidates), _ready(field.candidates))
    scored = await run.together(_scored(run, problem, candidate, params) for candidate in front)
    return _best_score(run, field, scored, params)


async def _scored(run: Run, problem: Problem, candidate: Candidate, params: Params) -> Scored:
    values = await run.together(score(run, problem, candidate, sample=s) for s in range(1, params.scores + 1))
    readable = [value for value in values if value is not None]
    return candidate, sum(readable) / len(readable) if readable else -1.0


async def _by_tests(
    run: Run, problem: Problem, everyone: Sequence[Candidate], params: Params
) -> tuple[_Field, list[Candidate]]:
    """All candidates with what tests said of them, and those among the readable ones who are ahead."""
    front = ahead(_eligible(everyone))
    if params.select_by == "tests, then judge" or len(front) < 2:
        return _Field(everyone), front
    cases = await write_tests(run, problem, TESTS, params.written_tests, after=_ready(front))
    retested = {candidate.id: candidate for candidate in await on_written_tests(run, TESTS, cases, front)}
    field = _Field([retested.get(candidate.id, candidate) for candidate in everyone], (TESTS,) if cases else ())
    return field, ahead(list(retested.values()))


def _best_score(run: Run, field: _Field, scored: Sequence[Scored], params: Params) -> Candidate:
    if not scored:
        raise NothingLeft("Every candidate was lost to failed calls.")
    means = {candidate.id: mean for candidate, mean in scored}
    eligible = _eligible([candidate for candidate, _ in scored])
    best = max(means[candidate.id] for candidate in eligible)
    winner = run.random(NODE, "tie").choice([candidate for candidate in eligible if means[candidate.id] == best])
    after = [f"{candidate.id}/score{s}" for candidate, _ in scored for s in range(1, params.scores + 1)]
    tally = {name: mean for name, mean in means.items() if mean >= 0}
    return _decide(run, field, winner, "best_score", tally, after)


def _decide(run: Run, field: _Field, winner: Candidate, how: How, tally: Tally, after: Sequence[str]) -> Candidate:
    parents = [*(candidate.id for candidate in field.candidates), *field.tests]
    run.open(NODE, "tally", stage="best score", parents=parents)
    return run.decide(NODE, winner, how, tally, entrants=field.candidates, after=after)


def _eligible(field: Sequence[Candidate]) -> list[Candidate]:
    """An answer that cannot be read is no answer, however well it is scored."""
    return [candidate for candidate in field if candidate.key is not None] or list(field)


def _ready(field: Sequence[Candidate]) -> list[str]:
    return [call for candidate in field for call in candidate.ready]
