"""The commands that call models: run and resume."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Coroutine
from typing import Any

from ttc_core.cli.outcome import in_words, result
from ttc_core.cli.posed import posed
from ttc_core.cli.team import chosen_team, keys_for
from ttc_core.conduct import Ready, begin, conduct, reopen
from ttc_core.engine import Spec
from ttc_core.errors import BadInput
from ttc_core.events import Fold, Logged
from ttc_core.store.database import default_url
from ttc_core.store.store import Store
from ttc_core.strategies import find as find_strategy
from ttc_core.types import Budget


def run(options: argparse.Namespace) -> int:
    """Run a strategy on a problem, with a progress line on a terminal."""
    with Store(options.db or default_url()) as store:
        spec = _spec(options, store)
        team, why = chosen_team(options, store)
        if why and not options.json:
            print(f"Asking {team.name}. {why}", file=sys.stderr)
        watch = Progress(enabled=sys.stderr.isatty() and not options.json)
        return _conduct(store, begin(store, spec, team, sinks=[watch]), watch, options.json)


def resume(options: argparse.Namespace) -> int:
    """Go on with a run that was cut off, repeating no call that was answered."""
    with Store(options.db or default_url()) as store:
        watch = Progress(enabled=sys.stderr.isatty() and not options.json)
        return _conduct(
            store, reopen(store, options.run, keys=keys_for(store, options), sinks=[watch]), watch, options.json
        )


class Progress:
    """One line that says how far a run is, redrawn in place; silent where nobody watches."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._fold = Fold()

    def __call__(self, logged: Logged) -> None:
        """Take in one event."""
        if not self._enabled:
            return
        self._fold.apply(logged)
        if logged.event.kind != "call_text":
            sys.stderr.write(f"\r\x1b[2K{self._line()[:100]}")
            sys.stderr.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._enabled:
            sys.stderr.write("\r\x1b[2K")

    def _line(self) -> str:
        state = self._fold
        planned = state.started.planned.total if state.started else 0
        answer = f" · best so far: {state.answer}" if state.answer else ""
        return f"{state.time:.0f} s · {state.totals.calls} of at most {planned} calls{answer}"


def _conduct(store: Store, preparing: Coroutine[Any, Any, Ready], watch: Progress, as_json: bool) -> int:
    async def work() -> tuple[Ready, Fold]:
        ready = await preparing
        task = asyncio.ensure_future(conduct(store, ready))
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, task.cancel)
        return ready, await task

    ready, state = asyncio.run(work())
    watch.end()
    answering = store.run(ready.run_id).settings.public.answering
    outcome = result(ready.session_id, ready.run_id, state, answering.name)
    print(json.dumps(outcome, ensure_ascii=False) if as_json else in_words(outcome, local=ready.spec.local))
    trouble = store.log.error(ready.run_id)
    if trouble:
        print(f"The run could not be saved whole: {trouble}", file=sys.stderr)
        return 1
    return {"failed": 1, "stopped": 130}.get(state.status or "", 0)


def _spec(options: argparse.Namespace, store: Store) -> Spec:
    strategy = find_strategy(options.strategy)
    problem, reference = posed(options, store)
    budget = Budget(
        calls=options.budget_calls,
        tokens=options.budget_tokens,
        dollars=options.budget_dollars,
        seconds=options.budget_seconds,
    )
    return Spec(
        problem=problem,
        reference=reference,
        strategy=strategy.name,
        params=strategy.settings(options.preset, _settings(options.set)),
        seed=options.seed,
        budget=budget,
        concurrency=min(options.concurrency, 4096),
    )


def _settings(pairs: list[str]) -> dict[str, Any]:
    """KEY=VALUE pairs; what a value means is for the strategy's settings to say."""
    settings: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise BadInput(f"--set takes KEY=VALUE, such as candidates=8; got {pair[:60]!r}.")
        settings[name.strip()] = value.strip()
    return settings
