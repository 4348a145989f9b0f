"""Write tests: a model says what calls should give, and candidates are run on that.

CodeMonkeys, arXiv 2501.14723, counts how many of all written tests each candidate passes. Its writer is an agent that
sees what runs; ours writes them in one call, knowing only the problem, so some will be wrong. A wrong test that nobody
passes changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ttc_core.errors import CallFailed
from ttc_core.events.graph import PROBLEM
from ttc_core.events.kinds import TestsWritten
from ttc_core.operators.cases import read_tests
from ttc_core.operators.execute import ran
from ttc_core.operators.words import problem_words
from ttc_core.run import Run
from ttc_core.sandbox import Checked
from ttc_core.types import Candidate, Case, Problem, Tested

TOKENS_PER_TEST = 64
"""The most that a reply may have for each test asked for."""


def write_tests_prompt(problem: Problem, count: int) -> str:
    """Asks for tests in the one form that is read."""
    name = problem.entry
    return (
        f"{problem_words(problem)}\n\nDo not solve this problem. Write {count} tests for a function `{name}` that "
        "solves it: ordinary inputs, small ones, and inputs at the edge of what the problem allows. Work out each "
        f"result with care. Write each test as one line that begins with `assert {name}(` and compares the result with "
        "== , all in one block that begins with ```python and ends with ```."
    )


async def write_tests(
    run: Run, problem: Problem, node: str, count: int, *, after: Iterable[str] = ()
) -> tuple[Case, ...]:
    """Tests that a model wrote; none where they could not be had or read, or where nothing can be run.

    Raises:
        BudgetSpent: as `Run.ask`.
    """
    if problem.kind != "code" or await run.sandbox.ready():
        return ()
    run.open(node, "workspace", stage="written tests", parents=[PROBLEM])
    call, trouble = f"{node}/write_tests", "The call failed."
    cases: tuple[Case, ...] = ()
    try:
        reply = await run.ask(
            "write_tests", node, write_tests_prompt(problem, count), after=after, max_tokens=most_tokens(count)
        )
    except CallFailed:
        pass
    else:
        cases = read_tests(reply.text, problem.entry, count)
        trouble = "" if cases else f"No test of {problem.entry or 'the function'} could be read in the reply."
    run.tell(TestsWritten(node=node, call=call, cases=cases, trouble=trouble))
    return cases


async def on_written_tests(run: Run, node: str, cases: Sequence[Case], field: Sequence[Candidate]) -> list[Candidate]:
    """The candidates with what the written tests said of them added to what is known."""
    if not cases:
        return list(field)
    found = await run.together(ran(run, candidate, cases, "written tests") for candidate in field)
    somebody = sum(any(passes) for passes in zip(*(_passes(checked, len(cases)) for checked in found), strict=True))
    call = f"{node}/write_tests"
    return [_with(candidate, checked, somebody, call) for candidate, checked in zip(field, found, strict=True)]


def most_tokens(count: int) -> int:
    """How long the reply with that many tests may be."""
    return 128 + TOKENS_PER_TEST * count


def _passes(checked: Checked | None, count: int) -> list[bool]:
    """By test, whether it was passed."""
    results = checked.results if checked else ()
    return [result.ok is True for result in results] if len(results) == count else [False] * count


def _with(candidate: Candidate, checked: Checked | None, kept: int, call: str) -> Candidate:
    """The candidate with its passes among the tests that anybody passed; the others are taken to be wrong."""
    before, passed = candidate.tested or Tested(passed=0, total=0), checked.passed if checked else 0
    words = f"Of {kept} tests that a model wrote, some of which may be wrong, it passed {passed}."
    tested = Tested(passed=before.passed + passed, total=before.total + kept, words=f"{before.words}\n{words}".strip())
    return candidate.model_copy(update={"tested": tested, "ready": (*candidate.ready, call)})
