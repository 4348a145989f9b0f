"""The verdict at the end of a run: it survives stops and errors, and the sandbox it uses is the one it was lent."""

from __future__ import annotations

import asyncio

import pytest

from tests.conftest import sensible
from ttc_core.engine import Spec, execute
from ttc_core.events import Fold, Logged
from ttc_core.models.scripted import ScriptedModel
from ttc_core.run import Log
from ttc_core.sandbox import Sandbox
from ttc_core.strategies import find
from ttc_core.types import Budget, Case, Problem, Reference, Request

PROBLEM = Problem(id="t", text="Write one().", kind="code", entry="one")
REFERENCE = Reference(answer="def one():\n    return 1", cases=(Case(call="one()", expected="1"),))


def programs(request: Request) -> str:
    return "```python\ndef one():\n    return 1\n```" if request.role == "propose" else sensible(request)


class Slow(Sandbox):
    """Takes its time to say that it does not hold."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.go_on = asyncio.Event(), asyncio.Event()

    async def ready(self) -> str:
        self.asked.set()
        await self.go_on.wait()
        return "It does not hold."


class Broken(Sandbox):
    """Fails as no sandbox should."""

    async def ready(self) -> str:
        raise RuntimeError("the probe fell over")


async def run(sandbox: Sandbox, strategy: str = "single", **more: object) -> Fold:
    params = find(strategy).settings("quick", {})
    spec = Spec(PROBLEM, strategy, params, REFERENCE, **more)  # type: ignore[arg-type]
    return await execute("r", spec, ScriptedModel(programs), Log(), sandbox)


async def test_a_stop_during_the_check_waits_for_the_verdict() -> None:
    sandbox = Slow()
    task = asyncio.ensure_future(run(sandbox))
    await sandbox.asked.wait()
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0)
    sandbox.go_on.set()
    state = await task
    assert state.status == "finished"
    assert state.verdict.outcome == "not_run"
    assert state.verdict.detail == "not run: It does not hold."


async def test_an_error_in_the_check_is_a_sentence() -> None:
    state = await run(Broken())
    assert state.status == "finished"
    assert state.verdict.outcome == "not_run"
    assert "the probe fell over" in state.verdict.detail


@pytest.mark.parametrize("calls", [1, 3])
async def test_a_run_that_was_cut_is_still_checked(calls: int) -> None:
    sandbox = Sandbox()
    holds = not await sandbox.ready()
    state = await run(sandbox, "tournament", budget=Budget(calls=calls))
    assert state.status == "cut_by_budget"
    assert state.verdict.outcome == ("correct" if holds else "not_run")


async def test_a_run_that_was_stopped_is_still_checked() -> None:
    def slow_judges(request: Request) -> float:
        return 0.0 if request.role == "propose" else 30.0

    sandbox, led = Sandbox(), asyncio.Event()
    holds = not await sandbox.ready()

    def hear(logged: Logged) -> None:
        if logged.event.kind == "leader":
            led.set()

    spec = Spec(PROBLEM, "tournament", find("tournament").settings("quick", {}), REFERENCE)
    task = asyncio.ensure_future(execute("r", spec, ScriptedModel(programs, delay=slow_judges), Log([hear]), sandbox))
    await led.wait()
    task.cancel()
    state = await task
    assert state.status == "stopped"
    assert state.verdict.outcome == ("correct" if holds else "not_run")
