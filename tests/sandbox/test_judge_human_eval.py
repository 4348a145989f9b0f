"""The HumanEval solutions pass their own tests; the sample holds all whose tests use the prompt's helpers."""

from __future__ import annotations

import pytest

from ttc_core.problems.humaneval import entries
from ttc_core.sandbox import Sandbox, check_with_tests, evaluate

SAMPLE = (0, 1, 4, 22, 32, 33, 38, 50, 64, 95, 107, 115, 129, 148, 163)


@pytest.mark.parametrize("number", SAMPLE)
async def test_right_passes_and_wrong_does_not(number: int):
    sandbox = Sandbox()
    if trouble := await sandbox.ready():
        pytest.skip(trouble)
    problem, reference = entries()[number].problem, entries()[number].reference
    right = await check_with_tests(sandbox, reference.answer, problem.entry, reference.tests)
    assert (right.passed, right.total, right.trouble) == (1, 1, "")
    wrong = f"{reference.answer}\n\ndef {problem.entry}(*given):\n    return None\n"
    assert (await check_with_tests(sandbox, wrong, problem.entry, reference.tests)).passed == 0
    shown = await evaluate(sandbox, reference.answer, problem.cases)
    assert shown.passed == shown.total == len(problem.cases)
