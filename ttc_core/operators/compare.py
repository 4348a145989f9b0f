"""Compare: a match between a few candidates, decided by independent votes of a judge."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from ttc_core.errors import BudgetSpent, CallFailed
from ttc_core.events.kinds import How, Voted
from ttc_core.operators.reading import read_choices
from ttc_core.operators.rules import MatchParams, Tally, display_orders, front, settled
from ttc_core.operators.words import cut, fenced, material, problem_words, shortened
from ttc_core.run import Run
from ttc_core.types import Candidate, Problem


@dataclass(frozen=True)
class Ballot:
    """One vote as it was read."""

    choice: str | None
    why: Literal["", "unreadable", "failed"]
    call: str
    order: tuple[str, ...]


def compare_prompt(problem: Problem, solutions: str, count: int, share: float = 1.0) -> str:
    """Asks which of the solutions shown is best. Every verdict there is stands in it, so that none is suggested."""
    verdicts = "\n".join(f"Final verdict: Solution {n}" for n in range(1, count + 1))
    return (
        f"{problem_words(problem)}\n\n{shortened(solutions, share)}\n\n"
        f"Which of these {count} solutions has the right final answer, or is most likely to have it? Check the "
        "decisive step yourself; length, style and order do not count. First say in one or two sentences what decides "
        f"it. Then write one last line, which is one of these:\n{verdicts}"
    )


async def compare(
    run: Run, problem: Problem, match: str, entrants: Sequence[Candidate], params: MatchParams
) -> Candidate:
    """The winner of a match, resting on the votes that were counted.

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
    keys = {candidate.key for candidate in entrants}
    if params.skip_equivalent and len(keys) == 1 and None not in keys:
        return run.decide(match, entrants[0], "equivalent", entrants=everyone, after=_ready(entrants))
    tally, calls, early = await _count(run, problem, match, entrants, params)
    how: How = "majority_early" if early else "majority"
    if len(front(tally)) != 1:
        how = await _break_tie(run, problem, match, entrants, params, tally, calls)
    winner = next(candidate for candidate in entrants if candidate.id == front(tally)[0])
    return run.decide(match, winner, how, tally, entrants=everyone, after=calls or _ready(entrants))


async def _count(
    run: Run, problem: Problem, match: str, entrants: Sequence[Candidate], params: MatchParams
) -> tuple[Tally, list[str], bool]:
    """Tally, calls counted, and whether it ended before the last vote."""
    orders = display_orders(len(entrants), params.votes, params.display_order, run.random(match, "display order"))
    tally: Tally = {candidate.id: 0.0 for candidate in entrants}
    calls: list[str] = []
    votes = [
        asyncio.ensure_future(_vote(run, problem, match, number, [entrants[i] for i in order], params))
        for number, order in enumerate(orders, 1)
    ]
    try:
        for number, vote in enumerate(votes, 1):
            _tell(run, match, number, await vote, tally, calls)
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


async def _break_tie(
    run: Run,
    problem: Problem,
    match: str,
    entrants: Sequence[Candidate],
    params: MatchParams,
    tally: Tally,
    calls: list[str],
) -> How:
    """Ask again about those in front, one vote at a time; draw by seed if that does not settle it."""
    for extra in range(1, params.tie_votes + 1):
        tied = [candidate for candidate in entrants if candidate.id in front(tally)] or list(entrants)
        order = display_orders(len(tied), extra, params.display_order, run.random(match, "tie order"))[-1]
        number = params.votes + extra
        ballot = await _vote(run, problem, match, number, [tied[i] for i in order], params, after=calls)
        _tell(run, match, number, ballot, tally, calls, extra=True)
        if len(front(tally)) == 1:
            return "tie_vote"
    drawn = run.random(match, "tie").choice(sorted(front(tally) or tally))
    tally[drawn] += 0.5  # the draw, visible in the tally as half a vote
    return "tie_draw"


async def _vote(
    run: Run,
    problem: Problem,
    match: str,
    number: int,
    shown: Sequence[Candidate],
    params: MatchParams,
    *,
    after: Sequence[str] = (),
) -> Ballot:
    """One vote: an unreadable one is asked once more, then abstains; a failed call abstains.

    `after` are calls that it had to wait for, besides those of its candidates.
    """
    order = tuple(candidate.id for candidate in shown)
    for again in ("", "b"):
        name = f"vote{number}{again}"
        texts = [material(c) if params.judge_sees == "summaries" else cut(c.text, 8000) for c in shown]
        solutions = fenced(texts, run.random(match, "delimiter"))
        try:
            reply = await run.ask(
                "compare",
                match,
                partial(compare_prompt, problem, solutions, len(shown)),
                name=name,
                sample=number,
                shown=shown,
                after=(*_ready(shown), *after),
                temperature=params.judge_temperature,
                max_tokens=params.judge_max_tokens,
            )
        except CallFailed:
            return Ballot(None, "failed", f"{match}/{name}", order)
        choice = read_choices(reply.text, len(shown))
        if choice is not None:
            return Ballot(order[choice[0]], "", f"{match}/{name}", order)
        after = (f"{match}/{name}",)
    return Ballot(None, "unreadable", f"{match}/{name}", order)


def _tell(
    run: Run, match: str, number: int, ballot: Ballot, tally: Tally, calls: list[str], *, extra: bool = False
) -> None:
    if ballot.choice is not None:
        tally[ballot.choice] += 1
    calls.append(ballot.call)
    run.tell(
        Voted(
            match=match,
            number=number,
            call=ballot.call,
            order=ballot.order,
            choice=ballot.choice,
            why=ballot.why,
            extra=extra,
        )
    )


def _ready(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(call for candidate in candidates for call in candidate.ready))
