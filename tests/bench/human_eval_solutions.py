"""Judges the right solutions of all HumanEval problems, by their tests and by cases, and says what passed and how fast.

python -m tests.bench.human_eval_solutions
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable

from ttc_core.problems.humaneval import entries
from ttc_core.problems.shelf import ShelfEntry
from ttc_core.sandbox import Checked, Sandbox, check_with_tests, evaluate

Judge = Callable[[Sandbox, ShelfEntry], Awaitable[Checked]]


async def by_tests(sandbox: Sandbox, entry: ShelfEntry) -> Checked:
    return await check_with_tests(sandbox, entry.reference.answer, entry.problem.entry, entry.reference.tests)


async def by_cases(sandbox: Sandbox, entry: ShelfEntry) -> Checked:
    return await evaluate(sandbox, entry.reference.answer, entry.problem.cases)


async def timed(judge: Judge) -> None:
    """One problem after another: how long each takes."""
    sandbox, took, failed = Sandbox(), [], []
    await sandbox.ready()
    judged = [entry for entry in entries() if judge is by_tests or entry.problem.cases]
    for entry in judged:
        began = time.perf_counter()
        checked = await judge(sandbox, entry)
        took.append(1000 * (time.perf_counter() - began))
        if checked.passed < checked.total or checked.trouble or not checked.total:
            failed.append((entry.problem.id, checked.trouble, [case for case in checked.results if not case.ok]))
    print(
        f"{judge.__name__}: {len(judged) - len(failed)}/{len(judged)} passed, median {statistics.median(took):.0f} ms"
    )
    for problem, trouble, cases in failed:
        print(f"  {problem}: {trouble or cases[0].got}")


async def at_once(judge: Judge, count: int = 100) -> None:
    """Many at once: how long they take together, and what the event loop did meanwhile."""
    sandbox = Sandbox()
    await sandbox.ready()
    chosen = [entry for entry in entries() if entry.problem.cases][:count]
    began, gaps = time.perf_counter(), list[float]()
    beating = asyncio.create_task(heartbeat(gaps))
    await asyncio.gather(*(judge(sandbox, entry) for entry in chosen))
    beating.cancel()
    took = time.perf_counter() - began
    print(f"{judge.__name__}, {count} at once: {1000 * took / count:.0f} ms each; ", end="")
    print(f"{len(gaps)} heartbeats of 1 ms, the longest gap {1000 * max(gaps):.0f} ms")


async def heartbeat(gaps: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.001)
        gaps.append(time.perf_counter() - began)


if __name__ == "__main__":
    for judge in (by_tests, by_cases):
        asyncio.run(timed(judge))
        asyncio.run(at_once(judge))
