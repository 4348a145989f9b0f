"""Begin runs, go on with runs that were cut off, and save them: the engine joined to a store."""

from __future__ import annotations

import asyncio
import os
import platform
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from ttc_core.choice import ModelChoice, Team
from ttc_core.engine import Spec, check_budget, execute
from ttc_core.errors import BadInput
from ttc_core.estimate import expected
from ttc_core.events import Fold, Logged
from ttc_core.models import key_from, open_model
from ttc_core.models.secrets import secrets_of
from ttc_core.problems import equivalent
from ttc_core.run import Limits, Log, Roster, Seat
from ttc_core.run.log import Sink
from ttc_core.sandbox import Sandbox
from ttc_core.store.store import Store
from ttc_core.store.values import RunSettings, summary_of
from ttc_core.strategies import find


@dataclass(frozen=True)
class Ready:
    """A run that has its place in the store and its model, and only needs to be conducted."""

    run_id: str
    session_id: str
    spec: Spec
    roster: Roster
    log: Log


async def begin(
    store: Store,
    spec: Spec,
    team: Team,
    *,
    keys: Mapping[str, str] | None = None,
    session_id: str | None = None,
    sinks: Iterable[Sink] = (),
    limits: Limits | None = None,
) -> Ready:
    """A new run, in a new session or in one that exists. Nothing is saved if a model cannot be opened.

    Args:
        store: Where it is saved.
        spec: What to do.
        team: Who answers.
        keys: Keys by the place they belong to (`ModelChoice.place`); without one, the choice's variable is read.
        session_id: A session to add the run to.
        sinks: Who else hears of its events.
        limits: Queues shared with other runs.

    Raises:
        BadInput: the model, the budget or the session cannot be used.
    """
    roster, secrets = await _open(spec, team, keys or {}, limits or Limits())
    plan = find(spec.strategy).planned(spec.problem, spec.params)
    spec = replace(
        spec,
        estimate=expected(plan, spec.problem, spec.params, roster),
        local=all(choice.local for choice in team.members),
    )
    first = team.proposers[0]
    if session_id is None:
        session_id = store.create_session(spec.problem, spec.reference).id
    settings = RunSettings(
        strategy=spec.strategy,
        params=spec.params.model_dump(),
        model=first.name,
        api_base=first.api_base,
        key_env=first.key_env,
        team=team,
        seed=spec.seed,
        budget=spec.budget,
    )
    run_id = store.create_run(session_id, settings, this_process())
    return Ready(run_id, session_id, spec, roster, _log(store, run_id, secrets, sinks))


async def reopen(
    store: Store,
    run_id: str,
    *,
    keys: Mapping[str, str] | None = None,
    sinks: Iterable[Sink] = (),
    limits: Limits | None = None,
) -> Ready:
    """A run that was cut off, ready to go on from its log. Arguments as `begin`.

    Raises:
        NotFound: there is no such run.
        BadInput: it has ended, is still going on elsewhere, or its log does not begin.
    """
    info = store.run(store.find_run(run_id))
    session = store.session(info.session_id)
    if info.summary.status in ("finished", "failed"):
        raise BadInput(f"Run {info.id} has ended ({info.summary.status}); there is nothing to resume.")
    if owner_alive(info.owner):
        raise BadInput(f"Run {info.id} is still going on in process {info.owner}; stop it there first.")
    before = store.events(info.id)
    started = before[0].event if before else None
    settings = info.settings
    spec = Spec(
        problem=session.problem,
        reference=session.reference,
        strategy=settings.strategy,
        params=find(settings.strategy).settings(values=settings.params),
        seed=settings.seed,
        budget=settings.budget,
        concurrency=started.concurrency if started and started.kind == "run_started" else 64,
        local=bool(settings.team and all(choice.local for choice in settings.team.members)),
    )
    roster, secrets = await _open(spec, settings.answering, keys or {}, limits or Limits())
    if not store.take_over(info.id, this_process(), info.owner):
        raise BadInput(f"Run {info.id} was just taken up by another process.")
    return Ready(info.id, session.id, spec, roster, _log(store, info.id, secrets, sinks, before))


async def conduct(store: Store, ready: Ready, sandbox: Sandbox | None = None) -> Fold:
    """Execute a run and save what it came to. Cancelling stops it; what was done is kept.

    Args:
        store: Where it is saved.
        ready: The run.
        sandbox: Shared with the other runs of this process, so that they take turns; one of its own if not given.
    """
    state = await execute(ready.run_id, ready.spec, ready.roster, ready.log, sandbox)
    await asyncio.to_thread(_save, store, ready.run_id, state)
    return state


def this_process() -> str:
    """``host:pid``: who writes a run's log."""
    return f"{platform.node()}:{os.getpid()}"


def owner_alive(owner: str) -> bool:
    """Whether the process that wrote a run, as ``host:pid``, is another one on this machine and still alive."""
    host, _, pid = owner.rpartition(":")
    if host != platform.node() or not pid.isdecimal() or int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _save(store: Store, run_id: str, state: Fold) -> None:
    store.log.flush(30)
    store.save_summary(run_id, summary_of(state))


async def _open(spec: Spec, team: Team, keys: Mapping[str, str], limits: Limits) -> tuple[Roster, list[str]]:
    """Everybody who answers, and what must never show."""
    same: Callable[[str, str], bool] = partial(equivalent, problem=spec.problem)
    seats: dict[ModelChoice, Seat] = {}
    secrets = secrets_of(os.environ) | set(keys.values())
    for choice in team.members:
        key = keys.get(choice.place) or key_from(choice)
        model = await open_model(choice, key=key, reference=spec.reference, same=same, seed=spec.seed)
        seats[choice] = Seat(model, limits.of(choice, spec.concurrency))
        secrets |= {key} if key else set()
    roster = Roster(tuple(seats[choice] for choice in team.proposers), seats[team.judge or team.proposers[0]])
    check_budget(spec.budget, roster)
    return roster, sorted(secrets)


def _log(
    store: Store, run_id: str, secrets: list[str], sinks: Iterable[Sink], before: list[Logged] | None = None
) -> Log:
    save: Sink = partial(store.log.put, run_id)
    return Log((save, *sinks), before=before or (), secrets=secrets)
