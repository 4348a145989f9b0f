"""The rules of a match, pure: who sits in which group, who is shown first, when a vote is settled, who has won.

What the papers leave open (pairing, display order, ties, byes) is decided here and recorded as settings.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Literal, Self, TypeVar

from pydantic import Field

from ttc_core.operators.params import Params
from ttc_core.types import Candidate, Problem, Role

T = TypeVar("T")


Evidence = Literal["none", "tests", "tests and inputs"]


class MatchParams(Params):
    """Settings of matches between candidates."""

    group_size: int = Field(2, ge=2, le=16, description="How many candidates meet in one match.")
    votes: int = Field(3, ge=1, le=64, description="How many times the judge is asked in each match.")
    judge_sees: Literal["summaries", "full text"] = Field(
        "summaries",
        description="What the judge reads of each candidate. Published: summaries. A program is read as it is.",
    )
    pairing: Literal["shuffled each round", "in order"] = Field(
        "shuffled each round", description="Who meets whom. Not published; our default is a seeded shuffle."
    )
    display_order: Literal["balanced", "random", "fixed"] = Field(
        "balanced",
        description="Who is shown first: each equally often over the votes of a match, by chance, or always the same.",
    )
    tie_votes: int = Field(
        2, ge=0, le=8, description="Extra votes, one at a time, to break a tie before it is drawn by seed."
    )
    stop_early: bool = Field(
        True, description="End a match once the votes still out cannot change its winner. Never changes who wins."
    )
    skip_equivalent: bool = Field(
        True, description="Do not vote between candidates with equivalent answers; the first goes on."
    )
    unreadable: Literal["lose unvoted", "compete"] = Field(
        "lose unvoted",
        description="What becomes of candidates without a readable answer when they meet others. Not published.",
    )
    evidence: Evidence = Field(
        "tests",
        description="What running programs may say in a match. Tests: who passes most of the examples that the problem "
        "shows wins unvoted, and the judge reads what ran. Tests and inputs: where these leave it open, a model writes "
        "calls on which the programs may differ, and the judge reads what each one gives (S*). None: only the judge "
        "decides.",
    )
    judge_temperature: float = Field(1.0, ge=0, le=2, description="How freely the judge samples its votes.")
    judge_max_tokens: int = Field(512, ge=16, le=16384, description="The most tokens one vote may have.")

    def fitted(self, problem: Problem) -> Self:
        """Inputs that tell apart are written for programs only."""
        inputs = self.evidence == "tests and inputs" and problem.kind != "code"
        return self.model_copy(update={"evidence": "tests"}) if inputs else self

    def inputs(self, matches: int) -> dict[Role, int]:
        """The calls that write inputs, at most one a match; empty where none are written."""
        return {"distinguish": matches} if self.evidence == "tests and inputs" and matches else {}


def groups(slots: Sequence[T], size: int, at_least: int, rng: random.Random | None) -> list[list[T]]:
    """Split one round's slots into matches.

    As many full groups as there are, then the remainder; a remainder of one is a bye. Where that would leave fewer
    winners than `at_least`, only as many slots meet as must go, and the others have byes.

    Args:
        slots: The field, in order.
        size: Group size G, at least 2.
        at_least: Survivors wanted in the end.
        rng: Shuffles the field first; None keeps the order.
    """
    field = list(slots)
    if rng:
        rng.shuffle(field)
    count = min(len(field), max(at_least, -(-len(field) // size)))
    surplus = len(field) - count
    split: list[list[T]] = []
    while field:
        take = 1 + min(size - 1, surplus)
        surplus -= take - 1
        split.append(field[:take])
        field = field[take:]
    return split


def display_orders(entrants: int, votes: int, how: str, rng: random.Random) -> list[tuple[int, ...]]:
    """For each vote the positions of the entrants in the order shown.

    Balanced: rotations of one seeded order, so that over a full turn everyone is shown at every place equally often.
    """
    start = list(range(entrants))
    if how == "fixed":
        return [tuple(start)] * votes
    orders: list[tuple[int, ...]] = []
    rng.shuffle(start)
    for vote in range(votes):
        if how == "random":
            rng.shuffle(start)
            orders.append(tuple(start))
        else:
            turn = vote % entrants
            orders.append(tuple(start[turn:] + start[:turn]))
    return orders


Tally = dict[str, float]
"""Votes by candidate id."""


def front(tally: Tally) -> list[str]:
    """Those with the most votes, in the tally's order; empty without any vote."""
    most = max(tally.values(), default=0)
    return [name for name, votes in tally.items() if votes == most and most > 0]


def settled(tally: Tally, out: int) -> bool:
    """Whether `out` votes still to come cannot change who has the most, nor make a tie."""
    ranked = [*sorted(tally.values(), reverse=True), 0.0, 0.0]
    return ranked[0] - ranked[1] > out


def ahead(field: Sequence[Candidate]) -> list[Candidate]:
    """Those who passed the most tests; all of them where nobody was tested."""
    passed = [candidate.tested.passed if candidate.tested else 0 for candidate in field]
    return [candidate for candidate, count in zip(field, passed, strict=True) if count == max(passed)]


def passes(field: Sequence[Candidate]) -> Tally:
    """Tests passed, by candidate id."""
    return {candidate.id: float(candidate.tested.passed) for candidate in field if candidate.tested}


def rounds_of(field: int, size: int, survivors: int) -> list[int]:
    """The number of real matches (not byes) in each round of a tournament, for the plan before a run."""
    counts: list[int] = []
    while field > survivors:
        split = groups(range(field), size, survivors, None)
        counts.append(sum(len(group) > 1 for group in split))
        field = len(split)
    return counts
