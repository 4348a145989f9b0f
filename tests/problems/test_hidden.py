"""What is hidden stays hidden: the tests of a HumanEval problem reach no request and no event of a run."""

from __future__ import annotations

import re
from functools import partial

import pytest

from ttc_core.engine import Spec, execute
from ttc_core.models.base import Hear
from ttc_core.models.simulated import SimulatedModel, SimulatedSettings
from ttc_core.problems import equivalent, find
from ttc_core.run import Log
from ttc_core.strategies import find as find_strategy
from ttc_core.types import Reply, Request


class Overheard(SimulatedModel):
    """The simulated model, which keeps what it was asked."""

    asked: list[Request]

    async def complete(self, request: Request, hear: Hear) -> Reply:
        self.asked.append(request)
        return await super().complete(request, hear)


@pytest.mark.parametrize("problem_id", ["humaneval/0", "humaneval/33"])
@pytest.mark.parametrize("strategy", ["tournament", "tournament_refine", "best_of_n"])
async def test_hidden_tests_are_in_no_request_and_no_event(strategy: str, problem_id: str) -> None:
    entry = find(problem_id)
    problem, reference = entry.problem, entry.reference
    assert reference
    settings = SimulatedSettings(speed=0, accuracy=0.5, unreadable=0.1)
    model = Overheard(settings, reference, 3, same=partial(equivalent, problem=problem))
    model.asked = []
    params = find_strategy(strategy).settings("quick", {})
    log = Log()
    state = await execute("r1", Spec(problem, strategy, params, reference, seed=3), model, log)

    assert state.status == "finished"
    assert state.verdict
    assert state.verdict.outcome in ("correct", "incorrect", "not_run")
    hidden = [line.strip() for line in reference.tests.splitlines() if re.search(r"\bcandidate\b", line)]
    assert len(hidden) > 3
    told = [message.content for request in model.asked for message in request.messages]
    told += [request.model_dump_json() for request in model.asked]
    told += [entry.event.model_dump_json() for entry in log.entries]
    assert len(told) > 50
    for line in (reference.tests, *hidden):
        assert not any(line in words for words in told), line
