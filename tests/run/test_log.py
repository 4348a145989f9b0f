from __future__ import annotations

from ttc_core.events.kinds import CallText, LeaderChanged, RunResumed
from ttc_core.run import Log
from ttc_core.run.caller import _Hearing

KEY = "sk-0123456789abcdef"


def test_numbers_from_one_and_tells_every_sink():
    told: list[int] = []
    log = Log([lambda entry: told.append(entry.seq)], clock=lambda: 5.0)
    log.append(RunResumed())
    log.append(RunResumed())
    assert told == [1, 2]
    assert [entry.at for entry in log.entries] == [5.0, 5.0]


def test_a_second_life_passes_over_what_was_told_as_often_as_it_was_told():
    first = Log()
    for node in ("a", "b", "a"):
        first.append(LeaderChanged(node=node))
    again = Log(before=first.entries)
    for node in ("a", "a", "b", "a"):
        again.append(LeaderChanged(node=node))
    assert len(again.entries) == 4


async def test_a_key_that_comes_in_pieces_is_never_told_in_halves():
    log = Log(secrets=[KEY])
    hearing = _Hearing(log, "c/p", lambda: 0.0)
    for sign in f"the key is {KEY}, they say":
        hearing.hear(sign)
    said = "".join(entry.event.text for entry in log.entries if isinstance(entry.event, CallText))
    assert "sk-0" not in said
    assert "89abcdef" not in said
    assert said.startswith("the key is ")
    assert said.endswith(", they say")
