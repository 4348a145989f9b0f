"""Tally: the most frequent answer among candidates, by equivalence; ties by seed."""

from __future__ import annotations

from collections.abc import Sequence

from ttc_core.errors import NothingLeft
from ttc_core.run import Run
from ttc_core.run.leader import agreeing, plurality
from ttc_core.types import Candidate

NODE = "vote"


def tally(run: Run, field: Sequence[Candidate]) -> Candidate:
    """The winner of a plurality vote of the candidates' own answers (self-consistency, arXiv 2203.11171).

    Unreadable answers do not vote; if there is no other, the first candidate stands for them.

    Raises:
        NothingLeft: there is no candidate.
    """
    if not field:
        raise NothingLeft("Every candidate was lost to failed calls.")
    if len(field) == 1:
        return field[0]
    run.open(NODE, "tally", stage="vote", round=field[0].round, parents=[candidate.id for candidate in field])
    tied = plurality(field)
    winner = tied[0] if len(tied) == 1 else run.random(NODE, "tie").choice(tied)
    counts = {front.id: float(agreeing(front, field)) for front in _one_of_each(field)}
    after = [call for candidate in field for call in candidate.ready]
    return run.decide(NODE, winner, "plurality" if len(tied) == 1 else "tie_draw", counts, entrants=field, after=after)


def _one_of_each(field: Sequence[Candidate]) -> list[Candidate]:
    """The first candidate of each readable answer."""
    firsts: dict[str, Candidate] = {}
    for candidate in field:
        if candidate.key is not None:
            firsts.setdefault(candidate.key, candidate)
    return list(firsts.values())
