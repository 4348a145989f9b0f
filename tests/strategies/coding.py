"""What tests of strategies on programs share: a problem, programs right and wrong, a scripted coder, and a run."""

from __future__ import annotations

import pytest

from tests.conftest import chance
from ttc_core.engine import Spec, execute
from ttc_core.events import Fold
from ttc_core.models.base import Model
from ttc_core.models.scripted import ScriptedModel
from ttc_core.run import Log
from ttc_core.sandbox import Sandbox
from ttc_core.strategies import find
from ttc_core.types import Budget, Case, Problem, Reference, Request

HIDDEN = ("7391648", "8846251", "5512397")
"""Stand in hidden checks only."""

PROBLEM = Problem(
    id="test/clamp",
    kind="code",
    text="Write clamp(x, low, high): x where it lies between low and high, else the nearer bound.",
    entry="clamp",
    cases=(Case(call="clamp(5, 0, 3)", expected="3"), Case(call="clamp(-1, 0, 3)", expected="0")),
)
RIGHT = "def clamp(x, low, high):\n    return min(max(x, low), high)"
RIGHT_TOO = "def clamp(x, low, high):\n    if x < low:\n        return low\n    return high if x > high else x"
SUBTLE = "def clamp(x, low, high):\n    return high if x > low else low"
"""Passes both examples, and is wrong in between."""
HALF = "def clamp(x, low, high):\n    return max(x, low)"
NAMELESS = "def clam(x, low, high):\n    return min(max(x, low), high)"
BROKEN = "def clamp(x, low, high:\n    return low"
REFERENCE = Reference(
    answer=RIGHT,
    misconceptions=(SUBTLE, HALF),
    cases=(Case(call="clamp(2, 0, 3)", expected="2"), Case(call="clamp(7391648, 0, 8846251)", expected="7391648")),
    tests="def check(candidate):\n    assert candidate(5512397, 0, 1) == 1\n    assert candidate(1, 0, 2) == 1\n",
)
WRITTEN = ["assert clamp(1, 0, 3) == 1", "assert clamp(9, 0, 3) == 9", "assert clamp(0, 0, 4) == 0"]
"""Tests as a model writes them; the second is wrong, and nobody passes it but `HALF`."""
INPUTS = ["clamp(2, 0, 3)", "clamp(0, 0, 0)"]


def block(*lines: str) -> str:
    """Lines of code as a reply gives them."""
    return "Here it is.\n```python\n" + "\n".join(lines) + "\n```"


def coder(request: Request) -> str:
    """Answers as a middling model of code would."""
    match request.role:
        case "propose" | "refine":
            programs = (RIGHT, RIGHT_TOO, SUBTLE, HALF, BROKEN)
            return block(programs[int(chance(request) * len(programs))])
        case "compare" | "select":
            right = [i for i, shown in enumerate(request.shown, 1) if shown.answer in (RIGHT, RIGHT_TOO)]
            wrong = [i for i, shown in enumerate(request.shown, 1) if i not in right]
            ranked = (right + wrong) if chance(request) < 0.8 else (wrong + right)
            return "I looked.\nFinal verdict: " + ", ".join(f"Solution {i}" for i in ranked[: request.take])
        case "score":
            return f"Fine.\nScore: {8 if request.shown[0].answer in (RIGHT, RIGHT_TOO) else 3}"
        case "write_tests":
            return block(*WRITTEN)
        case "distinguish":
            return block(*INPUTS)
        case _:
            return "Notes: it compares with both bounds."


def writes(*programs: str, then: object = coder) -> ScriptedModel:
    """A model whose n-th attempt is the n-th of these programs; whatever else it is asked, `then` answers."""

    def answer(request: Request) -> str:
        if request.role in ("propose", "refine"):
            return block(programs[(request.sample - 1) % len(programs)])
        return then(request)

    return ScriptedModel(answer)


async def holding() -> Sandbox:
    """A sandbox that holds; without one the test is skipped, aloud."""
    sandbox = Sandbox()
    if reason := await sandbox.ready():
        pytest.skip(f"NOT RUN, programs cannot be run here: {reason}")
    return sandbox


async def solve(
    strategy: str,
    model: Model | None = None,
    *,
    sandbox: Sandbox | None = None,
    problem: Problem = PROBLEM,
    reference: Reference = REFERENCE,
    log: Log | None = None,
    budget: Budget | None = None,
    seed: int = 7,
    **values: object,
) -> tuple[Log, Fold]:
    """Run a strategy on the problem to its end."""
    log = log or Log()
    params = find(strategy).settings("quick", values)
    spec = Spec(problem, strategy, params, reference, seed=seed, budget=budget or Budget())
    state = await execute("r_code", spec, model or ScriptedModel(coder), log, sandbox or await holding())
    return log, state
