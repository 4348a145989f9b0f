"""Execute a run from its start to its last event, whatever happens on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ttc_core import __version__
from ttc_core.errors import BadInput, BudgetSpent, CallFailed, NothingLeft, TTCError
from ttc_core.events import Fold, Logged, fold
from ttc_core.events.kinds import BudgetCut, CallFinished, CallStarted, Judged, RunFinished, RunResumed, RunStarted
from ttc_core.events.kinds import CallFailed as CallFailedEvent
from ttc_core.models.base import Model
from ttc_core.operators.params import Params
from ttc_core.problems import verdict
from ttc_core.run import Log, Meter, Roster, Run
from ttc_core.sandbox import Sandbox
from ttc_core.strategies import find
from ttc_core.types import Budget, Candidate, Estimate, Problem, Reference, Reply, Status, Verdict


@dataclass(frozen=True)
class Spec:
    """Everything a run is determined by, besides the model's replies."""

    problem: Problem
    strategy: str
    params: Params
    reference: Reference | None = None
    seed: int = 0
    budget: Budget = field(default_factory=Budget)
    concurrency: int = 64
    retries: int = 3
    estimate: Estimate | None = None
    local: bool = False
    """Everybody who answers runs in this machine."""


async def execute(run_id: str, spec: Spec, answering: Model | Roster, log: Log, sandbox: Sandbox | None = None) -> Fold:
    """Run a strategy, and state how it ended. A log that holds entries already is gone on with.

    Never raises for what goes wrong inside: failures, a spent budget and a stop (cancelling this task) each end the
    log with a `RunFinished` that says so. The final answer is checked against the reference only after that is settled.

    Args:
        run_id: The run's id.
        spec: What to do.
        answering: Who answers: one model, or several with their parts.
        log: Where facts go; with entries, of the run's former life.
        sandbox: Where programs are run, during the run and for the verdict; one of its own if not given.

    Returns:
        The fold of the whole log.
    """
    roster = answering if isinstance(answering, Roster) else Roster.of(answering, spec.concurrency)
    before = fold(log.entries)
    strategy = find(spec.strategy)
    _begin(run_id, spec, roster, log, resumed=before.seq > 0)
    meter = Meter(
        spec.budget,
        calls=before.totals.calls,
        tokens=before.totals.tokens,
        dollars=before.totals.cost or 0.0,
    )
    run = Run(
        problem=spec.problem,
        roster=roster,
        log=log,
        meter=meter,
        seed=spec.seed,
        retries=spec.retries,
        known=known_replies(log.entries),
        sandbox=sandbox,
    )
    work = strategy.solve(spec.problem, run, spec.params)
    seconds = None if spec.budget.seconds is None else max(0.0, spec.budget.seconds - before.time)
    ending = await _guard(run, log, work, seconds, spec.budget)
    await _end(run, log, spec, *ending)
    return fold(log.entries)


def check_budget(budget: Budget, roster: Roster) -> None:
    """A budget in money needs prices. Raises BadInput where nobody knows that of a model."""
    unknown = [model.name for model in roster.models if model.price is None]
    if budget.dollars is not None and unknown:
        raise BadInput(
            f"The price of {unknown[0]} is not known, so a budget in dollars cannot be kept; "
            "enter its price, or give a budget in tokens or calls instead."
        )


def known_replies(log: Sequence[Logged]) -> Mapping[str, tuple[str, Reply | CallFailed]]:
    """What a former life of a run was answered, by call, each with its request's key."""
    keys: dict[str, str] = {}
    known: dict[str, tuple[str, Reply | CallFailed]] = {}
    for entry in log:
        match entry.event:
            case CallStarted() as event:
                keys[event.call] = event.key
            case CallFinished() as event:
                reply = Reply.model_validate(event.model_dump(exclude={"kind", "call"}))
                known[event.call] = (keys.get(event.call, ""), reply)
            case CallFailedEvent() as event:
                known[event.call] = (keys.get(event.call, ""), CallFailed(event.call, event.message))
    return known


Ending = tuple[Status, Candidate | None, str]
"""How a run ended, with which candidate, and one sentence where there is something to say."""


async def _guard(run: Run, log: Log, work: object, seconds: float | None, budget: Budget) -> Ending:
    """The outermost frame: whatever ends the work ends it in words."""
    try:
        async with asyncio.timeout(seconds) as clock:
            return "finished", await work, ""  # type: ignore[misc]
    except TimeoutError:
        if not clock.expired() or budget.seconds is None:
            return "failed", run.leader.candidate, "The run failed: an operation timed out inside."
        log.append(BudgetCut(axis="seconds", limit=budget.seconds, spent=budget.seconds))
        return "cut_by_budget", run.leader.candidate, f"The budget of {budget.seconds:g} seconds is spent."
    except asyncio.CancelledError:
        return "stopped", run.leader.candidate, "Stopped; what was done is kept."
    except BaseExceptionGroup as group:
        return _failed(run, log, _first(group))
    except Exception as error:
        return _failed(run, log, error)


def _failed(run: Run, log: Log, error: BaseException) -> Ending:
    leader = run.leader.candidate
    match error:
        case BudgetSpent():
            log.append(BudgetCut(axis=error.axis, limit=error.limit, spent=error.spent))
            return "cut_by_budget", leader, str(error)
        case asyncio.CancelledError():
            return "stopped", leader, "Stopped; what was done is kept."
        case NothingLeft() | CallFailed() | TTCError():
            return "failed", leader, f"The run failed: {error}"
        case _:
            return "failed", leader, f"The run failed by an error of this program: {type(error).__name__}: {error}"


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first error of a group of groups; errors of the program before a spent budget."""
    leaves: list[BaseException] = []
    stack: list[BaseException] = [group]
    while stack:
        error = stack.pop(0)
        if isinstance(error, BaseExceptionGroup):
            stack.extend(error.exceptions)
        else:
            leaves.append(error)
    return next((leaf for leaf in leaves if not isinstance(leaf, BudgetSpent)), leaves[0])


def _begin(run_id: str, spec: Spec, roster: Roster, log: Log, *, resumed: bool) -> None:
    if resumed:
        log.append(RunResumed())
        return
    strategy = find(spec.strategy)
    first, judge = roster.proposers[0].model, roster.judge.model
    log.append(
        RunStarted(
            run=run_id,
            problem=spec.problem,
            strategy=spec.strategy,
            params=spec.params.model_dump(),
            model=first.name,
            seed=spec.seed,
            budget=spec.budget,
            planned=strategy.planned(spec.problem, spec.params),
            concurrency=spec.concurrency,
            simulated=roster.simulated,
            layout=strategy.layout,
            version=__version__,
            models=tuple(dict.fromkeys(model.name for model in roster.models)),
            answering=roster.name,
            judge="" if judge is first else judge.name,
            local=spec.local,
            estimate=spec.estimate,
        )
    )


async def _end(run: Run, log: Log, spec: Spec, status: Status, candidate: Candidate | None, message: str) -> None:
    if candidate is None:
        log.append(Judged(node="", verdict=Verdict(outcome="not_run", detail="There is no answer to check.")))
        log.append(RunFinished(status=status, message=message))
        return
    log.append(Judged(node=candidate.id, verdict=await _verdict(run, spec, candidate)))
    log.append(
        RunFinished(
            status=status,
            candidate=candidate.id,
            answer=candidate.answer,
            node=run.decider.get(candidate.id, candidate.id),
            after=candidate.ready,
            message=message,
        )
    )


async def _verdict(run: Run, spec: Spec, candidate: Candidate) -> Verdict:
    """The check of the final answer. A stop does not end it: checks are short, and what is right stays to be said."""
    checking = asyncio.ensure_future(verdict(candidate.answer, spec.problem, spec.reference, run.sandbox))
    while not checking.done():
        try:
            await asyncio.wait([checking])
        except asyncio.CancelledError:
            continue
    if checking.cancelled():
        return Verdict(outcome="not_run", detail="not run: this program was ended during the check.")
    if error := checking.exception():
        return Verdict(outcome="not_run", detail=f"not run: the check failed: {type(error).__name__}: {error}")
    return checking.result()
