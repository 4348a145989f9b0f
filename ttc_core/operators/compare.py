"""Compare: a match between a few candidates, decided by what ran, or else by independent votes of a judge."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from ttc_core.errors import BudgetSpent, CallFailed
from ttc_core.events.kinds import How, Voted
from ttc_core.operators.asking import asking
from ttc_core.operators.distinguish import Telling, distinguish
from ttc_core.operators.reading import read_choices
from ttc_core.operators.rules import MatchParams, Tally, ahead, display_orders, front, passes, settled
from ttc_core.operators.words import attempted, fenced, material, problem_words, shortened
from ttc_core.run import Run
from ttc_core.types import Candidate, Problem


@dataclass(frozen=True)
class Ballot:
    """One vote as it was read."""

    choice: str | None
    why: Literal["", "unreadable", "failed"]
    call: str
    order: tuple[str, ...]


@dataclass(frozen=True)
class _Match:
    """What all votes of a match have in common."""

    run: Run
    problem: Problem
    node: str
    entrants: Sequence[Candidate]
    params: MatchParams
    telling: Telling
    """What running calls on which the entrants may differ has shown."""


def compare_prompt(problem: Problem, solutions: str, count: int, share: float = 1.0) -> str:
    """Asks which of the solutions shown is best. Every verdict there is stands in it, so that none is suggested."""
    verdicts = "\n".join(f"Final verdict: Solution {n}" for n in range(1, count + 1))
    return (
        f"{problem_words(problem)}\n\n{shortened(solutions, share)}\n\n"
        f"Which of these {count} solutions {asking(problem).best} First say in one or two sentences what decides it. "
        f"Then write one last line, which is one of these:\n{verdicts}"
    )


async def compare(
    run: Run, problem: Problem, match: str, entrants: Sequence[Candidate], params: MatchParams
) -> Candidate:
    """The winner of a match, resting on what ran and on the votes that were counted.

    Votes are asked all at once and counted in their order, so that the outcome does not depend on who answers first.

    Args:
        run: The run.
        problem: What is asked.
        match: The match's node, already open.
        entrants: The candidates that meet; one alone has a bye.
        params: The rules.

    Raises:
        BudgetSpent: the votes could not all be asked; the match stays open.
    """
    if len(entrants) == 1:
        return run.decide(match, entrants[0], "bye", entrants=entrants)
    everyone, readable = entrants, [candidate for candidate in entrants if candidate.key is not None]
    if params.unreadable == "lose unvoted" and readable:
        entrants = readable
    if len(entrants) == 1:
        return run.decide(match, entrants[0], "readable", entrants=everyone, after=_ready(everyone))
    tested, before = entrants, _ready(entrants)
    if params.evidence != "none":
        entrants = ahead(tested)
    if len(entrants) == 1:
        return run.decide(match, entrants[0], "tests", passes(tested), entrants=everyone, after=before)
    inputs = params.evidence == "tests and inputs"
    telling = await distinguish(run, problem, match, entrants) if inputs else Telling()
    if params.skip_equivalent and _equivalent(entrants) and not telling.apart:
        fewer = len(entrants) < len(tested)
        how: How = "tests" if fewer else "equivalent"
        after = (*before, *telling.calls)
        return run.decide(match, entrants[0], how, passes(tested) if fewer else {}, entrants=everyone, after=after)
    return await _voted(_Match(run, problem, match, entrants, params, telling), everyone)


async def _voted(match: _Match, everyone: Sequence[Candidate]) -> Candidate:
    """The winner by votes."""
    tally, calls, early = await _count(match)
    how: How = "majority_early" if early else "majority"
    if len(front(tally)) != 1:
        how = await _break_tie(match, tally, calls)
    winner = next(candidate for candidate in match.entrants if candidate.id == front(tally)[0])
    after = calls or _ready(match.entrants)
    return match.run.decide(match.node, winner, how, tally, entrants=everyone, after=after)


async def _count(match: _Match) -> tuple[Tally, list[str], bool]:
    """Tally, calls counted, and whether it ended before the last vote."""
    run, params, entrants = match.run, match.params, match.entrants
    chance = run.random(match.node, "display order")
    orders = display_orders(len(entrants), params.votes, params.display_order, chance)
    tally: Tally = {candidate.id: 0.0 for candidate in entrants}
    calls: list[str] = []
    votes = [
        asyncio.ensure_future(_vote(match, number, [entrants[i] for i in order]))
        for number, order in enumerate(orders, 1)
    ]
    try:
        for number, vote in enumerate(votes, 1):
            _tell(match, number, await vote, tally, calls)
            if params.stop_early and number < params.votes and settled(tally, params.votes - number):
                return tally, calls, True
    except BudgetSpent:
        await asyncio.wait(votes)  # those in flight are paid for: let them end
        raise
    finally:
        for vote in votes:
            vote.cancel()
        await asyncio.gather(*votes, return_exceptions=True)
    return tally, calls, False


async def _break_tie(match: _Match, tally: Tally, calls: list[str]) -> How:
    """Ask again about those in front, one vote at a time; draw by seed if that does not settle it."""
    run, params, entrants = match.run, match.params, match.entrants
    for extra in range(1, params.tie_votes + 1):
        tied = [candidate for candidate in entrants if candidate.id in front(tally)] or list(entrants)
        order = display_orders(len(tied), extra, params.display_order, run.random(match.node, "tie order"))[-1]
        number = params.votes + extra
        ballot = await _vote(match, number, [tied[i] for i in order], after=calls)
        _tell(match, number, ballot, tally, calls, extra=True)
        if len(front(tally)) == 1:
            return "tie_vote"
    drawn = run.random(match.node, "tie").choice(sorted(front(tally) or tally))
    tally[drawn] += 0.5  # the draw, visible in the tally as half a vote
    return "tie_draw"


async def _vote(match: _Match, number: int, shown: Sequence[Candidate], *, after: Sequence[str] = ()) -> Ballot:
    """One vote: an unreadable one is asked once more, then abstains; a failed call abstains.

    `after` are calls that it had to wait for, besides those of its candidates.
    """
    run, node, params = match.run, match.node, match.params
    order = tuple(candidate.id for candidate in shown)
    for again in ("", "b"):
        name = f"vote{number}{again}"
        solutions = fenced([_words(match, candidate) for candidate in shown], run.random(node, "delimiter"))
        try:
            reply = await run.ask(
                "compare",
                node,
                partial(compare_prompt, match.problem, solutions, len(shown)),
                name=name,
                sample=number,
                shown=shown,
                after=(*_ready(shown), *match.telling.calls, *after),
                temperature=params.judge_temperature,
                max_tokens=params.judge_max_tokens,
            )
        except CallFailed:
            return Ballot(None, "failed", f"{node}/{name}", order)
        choice = read_choices(reply.text, len(shown))
        if choice is not None:
            return Ballot(order[choice[0]], "", f"{node}/{name}", order)
        after = (f"{node}/{name}",)
    return Ballot(None, "unreadable", f"{node}/{name}", order)


def _words(match: _Match, candidate: Candidate) -> str:
    """What the judge reads of a candidate: what it says of itself, and what ran, where that may count."""
    if match.params.evidence == "none" and match.problem.kind == "code":
        candidate = candidate.model_copy(update={"tested": None})
    summaries = match.params.judge_sees == "summaries"
    words = material(candidate, match.problem) if summaries else attempted(candidate, 8000)
    gave = match.telling.words.get(candidate.id)
    return f"{words}\n\n{gave}" if gave else words


def _tell(match: _Match, number: int, ballot: Ballot, tally: Tally, calls: list[str], *, extra: bool = False) -> None:
    if ballot.choice is not None:
        tally[ballot.choice] += 1
    calls.append(ballot.call)
    match.run.tell(
        Voted(
            match=match.node,
            number=number,
            call=ballot.call,
            order=ballot.order,
            choice=ballot.choice,
            why=ballot.why,
            extra=extra,
        )
    )


def _equivalent(candidates: Sequence[Candidate]) -> bool:
    """Whether all give the same readable answer."""
    keys = {candidate.key for candidate in candidates}
    return len(keys) == 1 and None not in keys


def _ready(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(call for candidate in candidates for call in candidate.ready))
