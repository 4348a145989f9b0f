"""What a run will come to, before it starts: mostly, and at most. From its plan, its prompts and who answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil

from ttc_core.choice import JUDGES, ModelChoice, Price, Team
from ttc_core.models.base import Model
from ttc_core.models.litellm import ROOM
from ttc_core.models.table import facts
from ttc_core.operators import lengths
from ttc_core.operators.lengths import End
from ttc_core.operators.params import Params
from ttc_core.run import Roster
from ttc_core.types import Cost, Estimate, Problem, Range, Role, Usage

THOUGHT: dict[End, float] = {"low": 0.01, "high": 0.5, "most": 1.0}
"""What share of its room for hidden thinking a call uses."""


@dataclass(frozen=True)
class Terms:
    """What a model's tokens cost, and how many it may have for hidden thinking."""

    price: Price | None
    room: int = 0


@dataclass(frozen=True)
class Answering:
    """The terms of everybody in a run: proposers that take turns, and the judge."""

    proposers: tuple[Terms, ...]
    judge: Terms

    @classmethod
    def of_roster(cls, roster: Roster) -> Answering:
        """Of models that are open."""
        return cls(tuple(_terms(seat.model) for seat in roster.proposers), _terms(roster.judge.model))

    @classmethod
    def of_team(cls, team: Team) -> Answering:
        """Of models that are only named, as the price table knows them; nobody is asked."""
        makers = tuple(map(terms, team.proposers))
        return cls(makers, terms(team.judge) if team.judge else makers[0])

    def turns(self, role: Role, calls: float, *, alone: bool) -> Mapping[Terms, float]:
        """How many of a role's calls fall to whom; `alone` where there is one line of attempts, so no turns."""
        if role in JUDGES:
            return {self.judge: calls}
        if role not in ("propose", "refine", "act") or alone:
            return {self.proposers[0]: calls}
        shares: dict[Terms, float] = {}
        for one in self.proposers:
            shares[one] = shares.get(one, 0.0) + calls / len(self.proposers)
        return shares


@dataclass
class Sum:
    """Calls, tokens and dollars, added up; dollars are None once any price is unknown."""

    calls: float = 0.0
    usage: Usage = field(default_factory=lambda: Usage(estimated=True))
    dollars: float | None = 0.0

    def add(self, calls: float, reads: float, says: float, price: Price | None) -> None:
        """Add calls that each read and say so many tokens."""
        used = Usage(tokens_in=round(calls * reads), tokens_out=round(calls * says))
        self.calls += calls
        self.usage = Usage(
            tokens_in=self.usage.tokens_in + used.tokens_in,
            tokens_out=self.usage.tokens_out + used.tokens_out,
            estimated=True,
        )
        self.dollars = None if self.dollars is None or price is None else self.dollars + price.of(used)


def terms(choice: ModelChoice) -> Terms:
    """What is known of a model by its name and what its user said of it."""
    if choice.simulated or choice.local:
        return Terms(choice.price or Price(input=0, output=0), choice.thinking_tokens or 0)
    known = None if choice.api_base else facts(choice.name)
    room = choice.thinking_tokens
    if room is None:
        room = ROOM if known and known.reasoning and choice.effort != "none" else 0
    return Terms(choice.price or (known.price if known else None), room)


def expected(plan: Cost, problem: Problem, params: Params, roster: Roster) -> Estimate:
    """What a run will mostly come to, for the run's log."""
    return mostly(plan, problem, params, Answering.of_roster(roster))


def mostly(plan: Cost, problem: Problem, params: Params, answering: Answering) -> Estimate:
    """What a run will mostly come to.

    From short replies, little thinking and candidates that agree, so that there is nothing to vote on, to long replies,
    every planned call, ties and verdicts that are asked for again. Retries are not foreseen.
    """
    low, high = (_end(plan, problem, params, answering, end) for end in ("low", "high"))
    money = None if low.dollars is None or high.dollars is None else Range(low=low.dollars, high=high.dollars)
    tokens = Range(low=low.usage.total, high=high.usage.total)
    return Estimate(calls=Range(low=round(low.calls), high=ceil(high.calls)), tokens=tokens, dollars=money)


def at_most(plan: Cost, problem: Problem, params: Params) -> Usage:
    """Tokens if every planned call is made and every reply is as long as it may be.

    Savings, retries and thinking are not counted.
    """
    nobody = Terms(None)
    return bound(plan, problem, params, Answering((nobody,), nobody)).usage


def bound(plan: Cost, problem: Problem, params: Params, answering: Answering) -> Sum:
    """As `at_most`, with all the room there is for thinking, and what it costs."""
    return _end(plan, problem, params, answering, "most")


def _terms(model: Model) -> Terms:
    return Terms(model.price, model.room)


def _end(plan: Cost, problem: Problem, params: Params, answering: Answering, end: End) -> Sum:
    total = Sum()
    for role, planned in plan.calls.items():
        calls = lengths.calls(role, planned, problem, params, end)
        reads = lengths.read(role, problem, params, plan, end)
        says = lengths.said(role, params, plan, end)
        for who, share in answering.turns(role, calls, alone=plan.calls.get("propose") == 1).items():
            thinks = who.room * THOUGHT[end]
            total.add(share, reads, says + thinks, who.price)
    return total
