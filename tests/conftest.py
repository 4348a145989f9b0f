"""What tests of several rooms share: a problem, scripted answers, and a way to run a strategy to its end."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable

from tests import real_weights  # noqa: F401  # it looks up the user's folder before that is hidden
from ttc_core.engine import Spec, execute
from ttc_core.events import Fold
from ttc_core.models.base import Model
from ttc_core.models.scripted import ScriptedModel
from ttc_core.run import Log
from ttc_core.strategies import find
from ttc_core.types import Budget, Problem, Reference, Request

os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")  # some tests import LiteLLM themselves

# Whatever models the person who runs the tests has at hand, the tests must not find them.
os.environ["TTC_MODELS_DIR"] = os.path.join(tempfile.gettempdir(), "ttc-no-models")
os.environ["TTC_SERVERS"] = "none"
os.environ.pop("TTC_MODEL", None)

PROBLEM = Problem(id="test/sheep", text="17 sheep and 3 pens with 6 each: how many?", kind="number")
REFERENCE = Reference(answer="35")


def chance(request: Request, *more: object) -> float:
    """A number in [0, 1) that depends on the request alone."""
    words = f"{request.call}|{request.seed}|{more}"
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:4], "big") / 2**32


def sensible(request: Request) -> str:
    """Answers as a middling model would: mostly right, judges better than chance."""
    match request.role:
        case "compare" | "select":
            right = [i for i, shown in enumerate(request.shown, 1) if shown.answer == "35"]
            wrong = [i for i, shown in enumerate(request.shown, 1) if shown.answer != "35"]
            ranked = (right + wrong) if chance(request) < 0.8 else (wrong + right)
            return "I looked.\nFinal verdict: " + ", ".join(f"Solution {i}" for i in ranked[: request.take])
        case "score":
            return f"Fine.\nScore: {8 if request.shown[0].answer == '35' else 3}"
        case "distill" | "critique":
            return "Notes: the drafts disagree."
        case "summarize":
            return f"It adds up.\nAnswer: {request.shown[0].answer}"
        case _:
            return f"Working.\nAnswer: {35 if chance(request) < 0.6 else (18 if chance(request, 1) < 0.5 else 26)}"


def shuffled(salt: int) -> Callable[[Request], float]:
    """Delays that change the order of arrival."""
    return lambda request: chance(request, salt) * 0.01


async def finish(
    strategy: str,
    model: Model | None = None,
    *,
    log: Log | None = None,
    budget: Budget | None = None,
    seed: int = 7,
    preset: str = "quick",
    concurrency: int = 64,
    retries: int = 2,
    **values: object,
) -> tuple[Log, Fold]:
    """Run a strategy on the test problem to its end."""
    log = log or Log()
    spec = Spec(
        problem=PROBLEM,
        reference=REFERENCE,
        strategy=strategy,
        params=find(strategy).settings(preset, values),
        seed=seed,
        budget=budget or Budget(),
        concurrency=concurrency,
        retries=retries,
    )
    state = await execute("r_test", spec, model or ScriptedModel(sensible), log)
    return log, state
