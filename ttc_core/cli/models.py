"""The commands about models: what is here, fetching and removing weights, and looking through the price table."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

from ttc_core.cli.look import say
from ttc_core.errors import BadInput
from ttc_core.models.catalogue import Weights, catalogue, entry
from ttc_core.models.reach import providers_ready
from ttc_core.models.servers import FoundServer, find_servers, usual_places
from ttc_core.models.sources import Cancelled, Progress
from ttc_core.models.table import KnownModel, find_models
from ttc_core.models.weights import begun, fetch, fetched, folder, remove
from ttc_core.ready import best_ready, remembered_team
from ttc_core.store.database import default_url
from ttc_core.store.store import Store

STOPPED = 130
"""Exit code after Ctrl-C."""


def list_models(options: argparse.Namespace) -> int:
    """Local models, servers that answer, providers whose key is set, and what is asked where no model is named."""
    with Store(options.db or default_url()) as store:
        remembered = remembered_team(store.preferences)
    team, why = asyncio.run(best_ready(remembered, os.environ))
    report = {
        "default": {"model": team.name, "why": why},
        "local": [local_row(weights) for weights in catalogue()],
        "servers": [server.model_dump() for server in asyncio.run(find_servers())],
        "complaints": list(usual_places(os.environ).complaints),
        "providers": [provider.model_dump() for provider in providers_ready(os.environ)],
    }
    if options.json:
        print(json.dumps(report, ensure_ascii=False))
        return 0
    print(f"Asked unless another is named: {team.name}. {why}")
    print("\n".join(lines_of(report)))
    return 0


def fetch_model(options: argparse.Namespace) -> int:
    """Bring weights here. Ctrl-C stops it and keeps what came, for the next time."""
    weights = entry(options.name)
    bar = _Bar(enabled=sys.stderr.isatty() and not options.json)
    with _interruptible() as stopped:
        try:
            path = fetch(weights, folder(), hear=bar, cancelled=stopped)
        except (Cancelled, BadInput):
            if not stopped():  # Ctrl-C ends a helper program, too, and so looks like a failure
                raise
            print("Stopped; what came so far is kept.", file=sys.stderr)
            return STOPPED
        finally:
            bar.end()
    say(options, {"model": weights.name, "file": str(path), "bytes": weights.size}, f"{weights.name} is here: {path}")
    return 0


def remove_model(options: argparse.Namespace) -> int:
    """Delete weights, whole or in part."""
    weights = entry(options.name)
    freed = local_row(weights)["bytes"]
    remove(weights)
    words = f"Removed {weights.name}: {_size(freed)} freed." if freed else f"There was nothing here of {weights.name}."
    say(options, {"model": weights.name, "bytes": freed}, words)
    return 0


def search(options: argparse.Namespace) -> int:
    """Models of all providers whose names hold every word. Asks nobody."""
    found = find_models(" ".join(options.words))
    if options.json:
        print(json.dumps([model.model_dump(mode="json") for model in found], ensure_ascii=False))
        return 0
    if not found:
        raise BadInput(f"No model is known whose name holds {' and '.join(options.words)[:100]}; try fewer words.")
    print(f"{'model':<56} {'context':>9}  dollars per million tokens: in, out, cached")
    print("\n".join(map(_known, found)))
    return 0


def local_row(weights: Weights) -> dict[str, Any]:
    """A model of the catalogue and how much of it is here."""
    place = folder()
    there = place / weights.file
    state, here = "not fetched", begun(weights, place)
    if fetched(weights, place):
        state, here = "fetched", weights.size
    elif there.exists():
        state, here = "damaged", there.stat().st_size
    elif here:
        state = "begun"
    row = {"name": weights.name, "title": weights.title, "state": state, "bytes": here, "size": weights.size}
    return {**row, "licence": weights.licence, "file": str(there)}


def lines_of(report: dict[str, Any]) -> Iterator[str]:
    """Local models, servers and providers, for people."""
    yield "Local models:"
    for row in report["local"]:
        part = f"{row['bytes'] / row['size']:.0%} of " if row["state"] == "begun" else ""
        yield f"  {row['name']:<28} {row['state']}, {part}{_size(row['size'])}, {row['licence']}"
    yield "Servers:"
    yield from map(_server, map(FoundServer.model_validate, report["servers"]))
    if not report["servers"]:
        yield "  none found"
    yield from (f"  {complaint}" for complaint in report["complaints"])
    yield "Providers with a key:"
    for row in report["providers"]:
        yield f"  {row['provider']:<28} {row['variable']} is set; for example {row['model']}"
    if not report["providers"]:
        yield "  none"


class _Bar:
    """One line that says how far a fetch is, redrawn in place; silent where nobody watches."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled

    def __call__(self, progress: Progress) -> None:
        """Show how far it is."""
        if self._enabled:
            sys.stderr.write(f"\r\x1b[2K{_progress(progress)}"[:110])
            sys.stderr.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._enabled:
            sys.stderr.write("\r\x1b[2K")


def _progress(progress: Progress) -> str:
    what = "Checking" if progress.phase == "checking" else f"From the {progress.phase}"
    line = f"{what}: {progress.done / progress.total:4.0%} of {_size(progress.total)}"
    if progress.bytes_per_second:
        left = (progress.total - progress.done) / progress.bytes_per_second
        line += f" · {progress.bytes_per_second / 1e6:.1f} MB/s · {left:.0f} s left"
    return line


@contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed; a second one ends the program at once."""
    pressed = Event()

    def press(number: int, frame: object) -> None:
        pressed.set()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, press)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def _server(server: FoundServer) -> str:
    names = ", ".join(model.name for model in server.models[:4]) or "no model"
    more = f" and {len(server.models) - 4} more" if len(server.models) > 4 else ""
    return f"  {server.kind:<18} {server.base}: {names}{more}"


def _known(model: KnownModel) -> str:
    context = f"{model.context:,}" if model.context else "unknown"
    prices = [model.input, model.output, model.cached]
    price = ", ".join("unknown" if each is None else f"{each * 1e6:.4g}" for each in prices)
    notes = " · thinks" * model.reasoning + f" · ends {model.deprecated}" * (model.deprecated is not None)
    return f"{model.name:<56} {context:>9}  {price}{notes}"


def _size(count: int) -> str:
    return f"{count / 1e6:,.0f} MB"
