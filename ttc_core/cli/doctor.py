"""The doctor: what is installed, what can answer, whether fetched weights are whole, and where the database is."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ttc_core import __version__
from ttc_core.cli.models import lines_of, local_row
from ttc_core.errors import BadInput
from ttc_core.models.catalogue import Weights, catalogue
from ttc_core.models.reach import providers_ready, reachable
from ttc_core.models.servers import find_servers, usual_places
from ttc_core.models.weights import verify
from ttc_core.ready import runs_local_models
from ttc_core.sandbox import Sandbox
from ttc_core.store.database import default_url
from ttc_core.store.store import Store

PACKAGES = ("streamlit", "plotly", "networkx", "litellm", "sqlmodel", "pyvis", "pydantic", "xllamacpp", "reasoning-gym")


def doctor(options: argparse.Namespace) -> int:
    """What is installed and what can answer. With `--verify`, fetched weights are read and checked; that takes a while.

    Returns 1 where weights are damaged.
    """
    local = [_checked(weights, verify_it=options.verify) for weights in catalogue()]
    report = {
        "ttc_core": __version__,
        "python": platform.python_version(),
        "packages": {name: _installed(name) for name in PACKAGES},
        "database": _database(options.db or default_url()),
        "runs_local_models": runs_local_models(),
        "sandbox": asyncio.run(_sandbox()),
        "local": local,
        "servers": [server.model_dump() for server in asyncio.run(find_servers())],
        "complaints": list(usual_places(os.environ).complaints),
        "providers": [provider.model_dump() for provider in providers_ready(os.environ)],
        "models": reachable(),
    }
    print(json.dumps(report, ensure_ascii=False) if options.json else "\n".join(_words(report)))
    return int(any(row["state"] == "damaged" for row in local))


def _words(report: dict[str, Any]) -> list[str]:
    return [
        f"TTC Explorer {report['ttc_core']} on Python {report['python']}",
        *(f"  {name:<12} {number}" for name, number in report["packages"].items()),
        f"Database: {report['database']}",
        f"Code of models: {report['sandbox']}",
        *lines_of(report),
        "Models to begin with:",
        *(f"  {row['name']:<28} {row['state']}" for row in report["models"]),
    ]


def _checked(weights: Weights, *, verify_it: bool) -> dict[str, Any]:
    """A local model's row, its state proved where that is wanted."""
    row = local_row(weights)
    if not verify_it or row["state"] != "fetched":
        return row
    try:
        sound = verify(weights, Path(row["file"]))
    except OSError:
        sound = False
    return row | {"state": "verified" if sound else "damaged"}


def _database(url: str) -> str:
    try:
        with Store(url) as store:
            return f"{store.name}, {len(store.sessions(limit=100_000))} sessions"
    except BadInput as error:
        return str(error)


async def _sandbox() -> str:
    """What runs code that a model wrote, or why nothing does."""
    sandbox = Sandbox()
    return await sandbox.ready() or sandbox.name


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing: run `pip install -r requirements.txt`"
