"""Calls that show more than the model's context holds: they are asked with less material, and the run goes on."""

from __future__ import annotations

import pytest

from tests.conftest import PROBLEM, finish, sensible
from ttc_core.errors import ContextTooLong
from ttc_core.events.kinds import CallShortened, CallStarted, WorkspaceMade
from ttc_core.models.scripted import ScriptedModel
from ttc_core.types import Reply, Usage

CONTEXT = 1300
PADDING = "It goes on and on. " * 200
CASES = [
    ("tournament", {}, {"compare", "summarize"}),
    ("tournament", {"judge_sees": "full text"}, {"compare"}),
    ("tournament_refine", {"skip_equivalent": False}, {"compare", "summarize", "refine"}),
    ("distill_refine", {"distiller": "global"}, {"distill", "refine"}),
    ("distill_refine", {"distiller": "shared_top_k"}, {"select", "refine"}),
    ("sequential_refine", {"critique": True}, {"critique", "refine"}),
    ("best_of_n", {}, {"score"}),
]


def wordy(request):
    """A sensible reply after 3,800 characters of talk."""
    return PADDING + "\n" + sensible(request)


def narrow(characters):
    """A model that says so when a prompt is longer than that."""

    def answer(request):
        if len(request.messages[-1].content) > characters:
            return ContextTooLong("The prompt is too long.")
        return wordy(request)

    return answer


@pytest.mark.parametrize(("strategy", "values", "roles"), CASES)
async def test_a_model_that_says_the_prompt_is_too_long(strategy, values, roles):
    log, state = await finish(strategy, ScriptedModel(narrow(2500)), **values)
    assert_shortened(log, state, roles, 2500)


@pytest.mark.parametrize(("strategy", "values", "roles"), CASES)
async def test_a_context_that_is_known_to_be_small(strategy, values, roles):
    def answer(request):
        if len(request.messages[-1].content) / 4 + request.max_tokens > CONTEXT:
            return ContextTooLong("The prompt is too long.")
        return wordy(request)

    log, state = await finish(strategy, ScriptedModel(answer, context=CONTEXT), max_tokens=256, **values)
    assert_shortened(log, state, roles, 4 * CONTEXT)
    said = [entry.event.message for entry in log.entries if isinstance(entry.event, CallShortened)]
    assert any(message.startswith("The model's context holds 1300 tokens.") for message in said)


def assert_shortened(log, state, roles, characters):
    events = [entry.event for entry in log.entries]
    started = {event.call: event for event in events if isinstance(event, CallStarted)}
    cuts = [event for event in events if isinstance(event, CallShortened)]
    assert state.status == "finished"
    assert state.answer is not None
    assert {started[event.call].role for event in cuts} == roles
    for event in cuts:
        words = event.messages[-1].content
        assert PROBLEM.text in words
        assert 0 < event.kept < 1
    assert min(len(event.messages[-1].content) for event in cuts) <= characters


async def test_a_workspace_keeps_to_its_bound_when_its_writer_does_not():
    model = ScriptedModel(lambda r: Reply(text=wordy(r), usage=Usage(tokens_out=900)), room=4000)
    log, _ = await finish("distill_refine", model, distiller="global", workspace_tokens=64)
    made = next(entry.event for entry in log.entries if isinstance(entry.event, WorkspaceMade))
    assert len(made.text) <= 64 * 4
    assert made.note == "cut off at its bound"
