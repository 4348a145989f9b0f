"""A tournament: matches that start as soon as their own entrants are there, round by round down to the survivors.

Recursive Tournament Voting, arXiv 2604.16529; with groups of two it is the knockout of arXiv 2411.19477.
"""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any

from ttc_core.errors import CallFailed
from ttc_core.operators.compare import compare
from ttc_core.operators.rules import MatchParams, groups
from ttc_core.run import Run
from ttc_core.types import Candidate, Problem

Entrant = Coroutine[Any, Any, Candidate]
"""Work that ends with a candidate, or with CallFailed where it was lost."""


async def tournament(
    run: Run,
    problem: Problem,
    field: dict[str, Entrant],
    params: MatchParams,
    *,
    survivors: int = 1,
    prefix: str = "m",
    heading: str = "round",
) -> list[Candidate]:
    """The survivors of a field of candidates that are still in the making.

    The whole bracket is known before the first call: which seats meet depends on the seed alone. So it is laid out
    first, as works that wait for works; a match needs nothing but its own entrants. Someone who was lost on the way
    leaves the seat empty.

    Args:
        run: The run.
        problem: What is asked.
        field: By node id, the work that makes each candidate ready to compete.
        params: The rules of the matches.
        survivors: How many are wanted.
        prefix: Begins the ids of the matches, as in ``m1.3``: round 1, match 3.
        heading: Begins the headings of the rounds.

    Raises:
        BudgetSpent: after the calls in flight have ended.
    """
    seats = list(field.items())
    round = 0
    while len(seats) > survivors:
        round += 1
        rng = run.random(prefix, "pairing", round) if params.pairing == "shuffled each round" else None
        split = groups(seats, params.group_size, survivors, rng)
        seats = [
            _match(run, problem, f"{prefix}{round}.{place}", group, params, round, heading)
            for place, group in enumerate(split, 1)
        ]
    return await run.together(work for _, work in seats)


def _match(
    run: Run,
    problem: Problem,
    node: str,
    group: Sequence[tuple[str, Entrant]],
    params: MatchParams,
    round: int,
    heading: str,
) -> tuple[str, Entrant]:
    """Open a match and return its seat in the next round: its id, and the work that ends with its winner."""
    seats = params.votes if len(group) > 1 else 0
    run.open(node, "match", stage=f"{heading} {round}", round=round, parents=[name for name, _ in group], seats=seats)

    async def play() -> Candidate:
        entrants = await run.together(work for _, work in group)
        if not entrants:
            raise CallFailed(node, "Every candidate of this match was lost.")
        return await compare(run, problem, node, entrants, params)

    return node, play()
