"""Judging code by two processes: one holds the code and answers calls, the other holds what is right."""

from __future__ import annotations

from collections.abc import Sequence

from ttc_core.sandbox.base import Limits
from ttc_core.sandbox.sandbox import Sandbox
from ttc_core.types import Case, CaseRan, File, Value


class Checked(Value):
    """What checks of code came to."""

    results: tuple[CaseRan, ...] = ()
    """By case; for tests that are one program, a single one."""
    passed: int = 0
    total: int = 0
    trouble: str = ""
    """Why nothing could be checked, such as a program that does not load."""


async def evaluate(
    sandbox: Sandbox, code: str, cases: Sequence[Case], *, files: Sequence[File] = (), limits: Limits = Limits()
) -> Checked:
    """Evaluate the cases where the code stands, each for itself, and compare outside with what they expect.

    Args:
        sandbox: Where.
        code: A Python program; may be empty where `files` hold what the cases import.
        cases: What to evaluate.
        files: What lies in the work folder.
        limits: Of the whole evaluation.

    Raises:
        NoSandbox: Nothing can be run here.
    """
    return Checked(trouble=await sandbox.ready())


async def check_with_tests(
    sandbox: Sandbox, code: str, entry: str, tests: str, *, limits: Limits = Limits()
) -> Checked:
    """Run tests that define ``check(candidate)`` in one process, while another holds the code and answers its calls.

    Raises:
        NoSandbox: Nothing can be run here.
    """
    return Checked(trouble=await sandbox.ready())
