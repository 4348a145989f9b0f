"""Score: a judge looks at one candidate alone and gives it 0 to 10."""

from __future__ import annotations

from functools import partial

from ttc_core.errors import CallFailed
from ttc_core.events.kinds import Scored
from ttc_core.operators.asking import asking
from ttc_core.operators.reading import read_score
from ttc_core.operators.words import attempted, fenced, problem_words, shortened
from ttc_core.run import Run
from ttc_core.types import Candidate, Problem

MAX_TOKENS = 512


def score_prompt(problem: Problem, solution: str, share: float = 1.0) -> str:
    """Asks how likely one solution is right."""
    asked = asking(problem)
    return (
        f"{problem_words(problem)}\n\n{shortened(solution, share)}\n\n"
        f"{asked.likely} First say in one or two sentences what you found. Then write one last line: "
        f'"Score: " followed by a whole number from 0 ({asked.scale[0]}) to 10 ({asked.scale[1]}).'
    )


async def score(run: Run, problem: Problem, candidate: Candidate, *, sample: int = 1) -> float | None:
    """One judge's score; None where it could not be had or read, after asking once more. Raises BudgetSpent."""
    value: float | None = None
    after: tuple[str, ...] = ()
    for again in ("", "b"):
        name = f"score{sample}{again}"
        solution = fenced([attempted(candidate, 8000)], run.random(candidate.id, "delimiter"))
        try:
            reply = await run.ask(
                "score",
                candidate.id,
                partial(score_prompt, problem, solution),
                name=name,
                sample=sample,
                shown=[candidate],
                after=(*candidate.ready, *after),
                max_tokens=MAX_TOKENS,
            )
        except CallFailed:
            break
        value = read_score(reply.text)
        if value is not None:
            break
        after = (f"{candidate.id}/{name}",)
    run.tell(Scored(node=candidate.id, score=value, call=f"{candidate.id}/{name}"))
    return value
