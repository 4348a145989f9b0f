"""The recorded model: what was answered is answered again, and nothing else."""

import pytest

from ttc_core.choice import Price
from ttc_core.errors import BadRequest
from ttc_core.events import Logged
from ttc_core.events.kinds import CallFinished, CallStarted, RunResumed
from ttc_core.models.recorded import RecordedModel, replies_of, request_key
from ttc_core.models.scripted import ScriptedModel
from ttc_core.types import Message, Problem, Reply, Request, Shown, Usage

ASKED = Request(
    call="c1/propose",
    role="propose",
    node="c1",
    messages=(Message(role="user", content="Solve it. \ud800 é"),),
    problem=Problem(id="p", text="?"),
)
REPLY = Reply(
    text="Answer: 4", usage=Usage(tokens_in=9, tokens_out=3), cost=0.25, finish="length", model="m-1", simulated=True
)


def log(*events):
    return [Logged(seq=seq, at=0, event=event) for seq, event in enumerate(events, 1)]


def started(call, key):
    return CallStarted(call=call, node="c1", role="propose", model="m", key=key)


@pytest.mark.parametrize(
    "change",
    [
        {"role": "refine"},
        {"messages": (Message(role="user", content="Solve it!"),)},
        {"messages": (Message(role="system", content=ASKED.messages[0].content),)},
        {"sample": 2},
        {"temperature": 0.5},
        {"max_tokens": 5},
        {"seed": 1},
    ],
)
def test_the_key_follows_what_a_reply_depends_on(change):
    assert request_key(ASKED.model_copy(update=change), "m") != request_key(ASKED, "m")


def test_the_key_knows_the_model_and_not_the_place():
    moved = ASKED.model_copy(update={"call": "c2/propose", "node": "c2", "after": ("c1/propose",)})
    assert request_key(moved, "m") == request_key(ASKED, "m")
    assert request_key(ASKED, "n") != request_key(ASKED, "m")


def test_the_key_of_a_stored_request_never_changes():
    plain = ASKED.model_copy(update={"messages": (Message(role="user", content="é"),)})
    assert request_key(plain, "m") == "d75bf0bedc33ecb0f303b99eda9793af211a180b3dcb6ae73f86ffad619ab19c"


async def test_a_recorded_reply_is_played_back_whole():
    heard = []
    model = RecordedModel({request_key(ASKED, "m"): REPLY}, "m")
    assert await model.complete(ASKED, heard.append) == REPLY
    assert heard == ["Answer: 4"]
    assert model.simulated


async def test_what_is_not_recorded_is_refused():
    model = RecordedModel({request_key(ASKED, "another"): REPLY}, "m")
    with pytest.raises(BadRequest, match="does not hold the call c1/propose"):
        await model.complete(ASKED, lambda piece: None)


async def test_what_is_not_recorded_is_asked_of_the_model_behind():
    behind = ScriptedModel(lambda asked: "new", simulated=False, price=Price(input=1, output=1))
    model = RecordedModel({request_key(ASKED, "m"): REPLY}, "m", behind)
    heard = []
    assert (await model.complete(ASKED, heard.append)).text == "Answer: 4"
    assert (await model.complete(ASKED.model_copy(update={"sample": 2}), heard.append)).text == "new"
    assert heard == ["Answer: 4", "new"]
    assert (model.simulated, model.price) == (False, behind.price)


def test_a_log_gives_its_finished_calls():
    finished = CallFinished(call="c1/propose", **REPLY.model_dump())
    assert replies_of(log(started("c1/propose", "k1"), started("c2/propose", "k2"), finished)) == {"k1": REPLY}


def test_a_call_asked_again_after_a_resume_counts_once_and_the_first_answer_stands():
    first, second = CallFinished(call="a", text="first"), CallFinished(call="b", text="second")
    events = (started("a", "k"), RunResumed(), started("a", "k"), first, started("b", "k"), second)
    assert replies_of(log(*events)) == {"k": Reply(text="first")}


def test_an_answer_without_its_question_is_passed_over():
    assert replies_of(log(CallFinished(call="a", text="stray"))) == {}


def test_what_was_shown_is_in_the_words_and_not_in_the_key():
    shown = ASKED.model_copy(update={"shown": (Shown(id="c1", answer="4"),)})
    assert request_key(shown, "m") == request_key(ASKED, "m")
