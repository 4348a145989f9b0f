"""What a run will come to, before it starts: mostly, and at most. From its plan, its prompts and who answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil, sqrt
from random import Random
from typing import Literal

from ttc_core.choice import JUDGES, ModelChoice, Price, Team
from ttc_core.models.base import Model
from ttc_core.models.litellm import ROOM
from ttc_core.models.table import facts
from ttc_core.operators import compare, critique, distill, propose, score, summarize
from ttc_core.operators.params import Params
from ttc_core.operators.words import fenced
from ttc_core.run import Roster
from ttc_core.types import Cost, Estimate, Problem, Range, Role, Usage

End = Literal["low", "high", "most"]
"""The two ends of where a run will mostly lie, and what it cannot exceed but by retries and extra votes."""

SELECT_TOKENS = 1024
"""What a call may write that sets itself no bound."""
LONGEST_CONTEXT = 6000
"""Tokens of drafts that a prompt shows at most: longer ones are cut."""

SAID: dict[Role, tuple[int, int]] = {
    "propose": (110, 450),
    "refine": (110, 450),
    "summarize": (60, 230),
    "compare": (35, 200),
    "distill": (150, 500),
    "select": (40, 230),
    "score": (30, 180),
    "critique": (100, 400),
}
"""Tokens that replies mostly have on average over many calls, whatever more they may have."""
SPREAD = (0.3, 0.6)
"""How far a single reply may be below or above that; the mean of n replies, by the square root of n less."""
ASKED_AGAIN = 1.05
"""Calls to judges are this many times those planned, where some verdicts cannot be read and are asked once more."""
TIES = {"even": 0.4, "odd": 0.1}
"""Extra votes a match where ties can come of the votes themselves, and where only abstentions bring them."""
THOUGHT = (0.01, 0.5)
"""What share of its room for hidden thinking a call mostly uses."""
CHARACTERS: dict[End, float] = {"low": 4.6, "high": 3.4, "most": 3.0}
"""Characters a token of a prompt."""
FRAME: dict[End, int] = {"low": 0, "high": 30, "most": 60}
"""Tokens that a model's own form of a chat takes on top."""


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
        if role not in ("propose", "refine") or alone:
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
        calls = _calls(role, planned, params, end)
        reads = len(_instructions(role, problem, params, plan)) / CHARACTERS[end] + FRAME[end]
        reads += min(LONGEST_CONTEXT, _shown(role, params, plan, end))
        says = _said(role, params, plan, end)
        for who, share in answering.turns(role, calls, alone=plan.calls.get("propose") == 1).items():
            thinks = who.room * {"low": THOUGHT[0], "high": THOUGHT[1], "most": 1.0}[end]
            total.add(share, reads, says + thinks, who.price)
    return total


def _calls(role: Role, planned: int, params: Params, end: End) -> float:
    """How many of the planned calls are made, or more."""
    if end == "most" or role not in JUDGES or role == "critique":
        return planned
    if role != "compare":
        return planned if end == "low" else planned * ASKED_AGAIN + 1
    if end == "low":
        return planned * _least_votes(params)
    votes, group = int(getattr(params, "votes", 1)), int(getattr(params, "group_size", 2))
    ties = TIES["even" if votes % 2 == 0 or group > 2 else "odd"] if getattr(params, "tie_votes", 0) else 0.0
    return planned * ASKED_AGAIN + planned / votes * ties


def _least_votes(params: Params) -> float:
    """What share of the planned votes is asked where candidates agree."""
    if getattr(params, "skip_equivalent", False):
        return 0.0
    return 0.6 if getattr(params, "stop_early", False) else 0.9


def _may_say(role: Role, params: Params) -> int:
    """The most tokens of a reply, thinking aside."""
    match role:
        case "propose" | "refine":
            return params.max_tokens
        case "summarize":
            return summarize.MAX_TOKENS
        case "compare":
            return int(getattr(params, "judge_max_tokens", 512))
        case "distill":
            return int(getattr(params, "workspace_tokens", 1024))
        case "select":
            return SELECT_TOKENS
        case "score":
            return score.MAX_TOKENS
        case "critique":
            return critique.MAX_TOKENS


def _said(role: Role, params: Params, plan: Cost, end: End) -> float:
    """Tokens of a reply on average over its role's calls, thinking aside."""
    most, few = _may_say(role, params), 1 / sqrt(plan.calls.get(role, 1))
    match end:
        case "most":
            return most
        case "high":
            return min(most, SAID[role][1] * (1 + SPREAD[1] * few))
        case "low":
            return min(most, SAID[role][0] * (1 - SPREAD[0] * few))


def _shown(role: Role, params: Params, plan: Cost, end: End) -> float:
    """Tokens of earlier work in a prompt."""
    attempt = _said("propose", params, plan, end)
    drafts = plan.calls.get("propose", 1)
    match role:
        case "propose":
            return 0
        case "refine":
            return _context(params, plan, end)
        case "compare":
            summaries = getattr(params, "judge_sees", "") == "summaries"
            return int(getattr(params, "group_size", 2)) * (
                _said("summarize", params, plan, end) if summaries else attempt
            )
        case "distill" | "select":
            return drafts * attempt
        case "summarize" | "score" | "critique":
            return attempt


def _context(params: Params, plan: Cost, end: End) -> float:
    """Tokens of what a refinement rests on: a workspace, summaries of survivors, or the last attempt."""
    attempt = _said("propose", params, plan, end)
    if "distill" in plan.calls:
        return _said("distill", params, plan, end)
    if hasattr(params, "workspace_tokens"):
        return min(float(params.workspace_tokens), int(getattr(params, "keep", 1)) * attempt)
    if hasattr(params, "survivors"):
        return int(params.survivors) * _said("summarize", params, plan, end)
    return attempt + (_said("critique", params, plan, end) if "critique" in plan.calls else 0)


def _instructions(role: Role, problem: Problem, params: Params, plan: Cost) -> str:
    """A prompt of that role, with nothing in it but our own words and the problem."""
    drafts = plan.calls.get("propose", 1)
    match role:
        case "propose":
            return propose.propose_prompt(problem)
        case "refine":
            return propose.refine_prompt(problem, _fence(2))
        case "summarize":
            return summarize.summarize_prompt(problem, _fence(1))
        case "compare":
            group = int(getattr(params, "group_size", 2))
            return compare.compare_prompt(problem, _fence(group), group)
        case "distill":
            return distill.distill_prompt(problem, _fence(drafts), _may_say(role, params))
        case "select":
            return distill.select_prompt(problem, _fence(drafts), drafts, int(getattr(params, "keep", 1)))
        case "score":
            return score.score_prompt(problem, _fence(1))
        case "critique":
            return critique.critique_prompt(problem, _fence(1))


def _fence(texts: int) -> str:
    return fenced([""] * texts, Random(0))
