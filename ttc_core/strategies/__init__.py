"""The strategies: every module in this folder is one, found by being here.

A strategy module has a docstring whose first line is its plain sentence, a `TITLE`, a `LAYOUT`, a class `Params`, a
function `plan(params) -> Cost`, and `async def solve(problem, run, params) -> Candidate`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

from pydantic import ValidationError

from ttc_core.errors import BadInput, NotFound
from ttc_core.events.kinds import Layout
from ttc_core.operators.lengths import with_turns
from ttc_core.operators.params import Params
from ttc_core.run import Run
from ttc_core.types import Candidate, Cost, Problem


@dataclass(frozen=True)
class Strategy:
    """One way to spend compute, as its module describes it."""

    name: str
    title: str
    sentence: str
    notes: str
    """What its docstring says beyond the first line: sources, and what is our own choice."""
    layout: Layout
    params: type[Params]
    plan: Callable[[Any], Cost]
    solve: Callable[[Problem, Run, Any], Awaitable[Candidate]]

    def planned(self, problem: Problem, params: Params) -> Cost:
        """The plan for one problem: without what has no meaning for it, with all the turns its attempts may take."""
        return with_turns(self.plan(params.fitted(problem)), problem, params)

    def settings(self, preset: str = "quick", values: dict[str, Any] | None = None) -> Params:
        """A preset's settings with some values changed.

        Raises:
            BadInput: no such preset or setting, or a value out of its range; says which, and what is allowed.
        """
        presets = self.params.presets
        if preset not in presets:
            raise BadInput(f"{self.name} has no preset {preset!r}; there are: {', '.join(presets)}.")
        unknown = set(values or {}) - set(self.params.model_fields)
        if unknown:
            allowed = ", ".join(self.params.model_fields)
            raise BadInput(f"{self.name} has no setting {', '.join(sorted(unknown))}; it has: {allowed}.")
        try:
            return self.params.model_validate({**presets[preset], **(values or {})})
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "settings"
            raise BadInput(f"{self.name}: {where}: {first['msg'].removeprefix('Value error, ')}.") from error


@cache
def strategies() -> dict[str, Strategy]:
    """All strategies by name, the heart of the app first."""
    found = [_load(module.name) for module in pkgutil.iter_modules(__path__)]
    return {strategy.name: strategy for strategy in sorted(found, key=lambda s: (_ORDER.get(s.name, 99), s.name))}


def find(name: str) -> Strategy:
    """The strategy of that name. Raises NotFound with the nearest names."""
    known = strategies()
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f" Did you mean {near[0]}?" if near else f" There are: {', '.join(known)}."
        raise NotFound(f"There is no strategy {name!r}.{hint}")
    return known[name]


_ORDER = {"tournament": 0, "distill_refine": 1, "tournament_refine": 2, "single": 3, "majority_vote": 4, "best_of_n": 5}


def _load(name: str) -> Strategy:
    module = importlib.import_module(f"{__name__}.{name}")
    sentence, _, notes = (module.__doc__ or "").strip().partition("\n")
    return Strategy(
        name, module.TITLE, sentence, notes.strip(), module.LAYOUT, module.Params, module.plan, module.solve
    )
