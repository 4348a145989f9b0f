"""Propose and refine: the calls that make candidates, fresh ones or ones that rest on earlier work."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ttc_core.operators.asking import asking
from ttc_core.operators.execute import made
from ttc_core.operators.params import Params
from ttc_core.operators.turns import Beginning, turns
from ttc_core.operators.words import attempted, cut, fenced, problem_words, shortened
from ttc_core.problems import canonical, read_answer_of
from ttc_core.run import Run
from ttc_core.types import Candidate, Problem, Reply


def propose_prompt(problem: Problem) -> str:
    """Asks for one worked solution."""
    return f"{problem_words(problem)}\n\n{asking(problem).solve}"


def refine_prompt(problem: Problem, context: str, share: float = 1.0) -> str:
    """Asks for a better solution, given earlier work."""
    return (
        f"{problem_words(problem)}\n\n{shortened(context, share)}\n\n"
        "The material above comes from earlier attempts and may be wrong. Check it, keep what holds, mend what does "
        f"not, and {asking(problem).anew}"
    )


async def propose(
    run: Run, problem: Problem, node: str, params: Params, *, sample: int, stage: str = "candidates"
) -> Candidate:
    """One attempt that sees only the problem. Raises CallFailed, BudgetSpent."""
    run.open(node, "candidate", stage=stage)
    if params.takes_turns(problem):
        return await turns(run, problem, node, params, Beginning(sample=sample))
    reply = await run.ask(
        "propose",
        node,
        propose_prompt(problem),
        sample=sample,
        temperature=params.temperature,
        max_tokens=params.max_tokens,
    )
    return await made(run, problem, _candidate(problem, node, reply, "propose", 0, ()))


async def refine(
    run: Run,
    problem: Problem,
    node: str,
    params: Params,
    *,
    context: str,
    rests_on: Sequence[Candidate],
    after: Sequence[str],
    parents: Sequence[str],
    round: int,
    sample: int,
    stage: str = "refinements",
) -> Candidate:
    """One attempt that sees the problem and a context drawn from earlier candidates.

    Args:
        run: The run.
        problem: What is asked.
        node: The new candidate's id.
        params: Temperature and length.
        context: The words of the context, such as a workspace.
        rests_on: The candidates whose content is in the context.
        after: The calls that made the context.
        parents: The nodes the context comes from.
        round: The population the candidate belongs to; later ones outrank earlier ones.
        sample: Tells refinements of one context apart.
        stage: The heading of its column.

    Raises:
        CallFailed, BudgetSpent: as `Run.ask`.
    """
    run.open(node, "candidate", stage=stage, round=round, parents=parents)
    if params.takes_turns(problem):
        begun = Beginning(sample, context, tuple(rests_on), tuple(after), tuple(parents), round)
        return await turns(run, problem, node, params, begun)
    reply = await run.ask(
        "refine",
        node,
        partial(refine_prompt, problem, context),
        sample=sample,
        shown=rests_on,
        after=after,
        temperature=params.temperature,
        max_tokens=params.max_tokens,
    )
    return await made(run, problem, _candidate(problem, node, reply, "refine", round, tuple(parents)))


def previous_attempt(run: Run, candidate: Candidate, critique: str, place: str) -> str:
    """The context of a sequential refinement: the last attempt, and what a critic said of it, if one was asked."""
    texts = [attempted(candidate, 8000), *([cut(critique, 4000)] if critique else [])]
    title = "Part" if critique else "Attempt"
    heading = "Part 1 is an earlier attempt, part 2 a critique of it.\n" if critique else ""
    return heading + fenced(texts, run.random(place, "delimiter"), title)


def _candidate(problem: Problem, node: str, reply: Reply, role: str, round: int, parents: tuple[str, ...]) -> Candidate:
    answer = read_answer_of(reply.text, problem)
    key = canonical(answer, problem) if answer is not None else None
    return Candidate(
        id=node, text=reply.text, answer=answer, key=key, round=round, parents=parents, ready=(f"{node}/{role}",)
    )
