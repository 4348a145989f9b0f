"""The commands that call no model: replay, lists and files."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from ttc_core.errors import BadInput
from ttc_core.events import Fold, fold
from ttc_core.store.database import default_url
from ttc_core.store.store import Store
from ttc_core.strategies import Strategy, strategies


def replay(options: argparse.Namespace) -> int:
    """The graph of a saved run after its first N events. Makes no call."""
    with Store(options.db or default_url()) as store:
        run_id = store.find_run(options.run) if options.run else _first_run(store, options.session)
        log = store.events(run_id)
        state = fold(islice(log, options.at))
    graph = _graph(state)
    if options.json:
        print(json.dumps({"run": run_id, "at": state.seq, "of": len(log), **graph, "calls": 0}, ensure_ascii=False))
    else:
        for node in graph["nodes"]:
            print(f"{node['id']:<10} {node['shape']:<10} {node['status']:<8} {node['answer'] or ''}"[:120])
        print(f"Event {state.seq} of {len(log)}; {len(graph['nodes'])} nodes; digest {graph['digest']}")
    return 0


def list_strategies(options: argparse.Namespace) -> int:
    """The strategies with their settings, presets and planned calls."""
    known = [_strategy(strategy) for strategy in strategies().values()]
    if options.json:
        print(json.dumps(known, ensure_ascii=False))
        return 0
    for strategy in known:
        print(f"{strategy['name']:<18} {strategy['sentence']}")
        for name, setting in strategy["settings"].items():
            print(f"    {name:<18} {setting['default']!s:<22} {setting['description']}")
    return 0


def list_sessions(options: argparse.Namespace) -> int:
    """Saved sessions, newest first."""
    with Store(options.db or default_url()) as store:
        found = store.sessions(options.search, limit=1000)
    rows: list[dict[str, Any]] = [
        {
            "session": session.id,
            "title": session.title,
            "created_at": session.created_at,
            "runs": [
                {
                    "run": run.id,
                    "strategy": run.settings.strategy,
                    "model": run.settings.model,
                    "status": run.summary.status,
                    "answer": run.summary.answer,
                    "cost": run.summary.cost,
                }
                for run in session.runs
            ],
        }
        for session in found
    ]
    if options.json:
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    for row in rows:
        runs = ", ".join(f"{run['strategy']}: {run['answer']}" for run in row["runs"])
        print(f"{row['session']}  {row['title'][:48]:<48}  {runs}"[:160])
    if not rows:
        print("No sessions yet; `python -m ttc_core run --help` says how to make one.")
    return 0


def export(options: argparse.Namespace) -> int:
    """Save a session as JSON, or as one HTML file that needs neither server nor network."""
    from ttc_core.share.json_file import export_session
    from ttc_core.share.session_page import export_html

    path = Path(options.file)
    writers: dict[str, Callable[[Store, str], bytes]] = {".json": export_session, ".html": export_html}
    if path.suffix.lower() not in writers:
        raise BadInput(f"{path.name}: the file's name must end in .json or .html.")
    with Store(options.db or default_url()) as store:
        data = writers[path.suffix.lower()](store, store.find_session(options.session))
    try:
        path.write_bytes(data)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.") from error
    say(options, {"file": str(path), "bytes": len(data)}, f"{path}: {len(data):,} bytes")
    return 0


def load(options: argparse.Namespace) -> int:
    """Read a session from a JSON file; it gets ids of its own."""
    from ttc_core.share.json_file import import_session

    path = Path(options.file)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from error
    with Store(options.db or default_url()) as store:
        session_id = import_session(store, data)
    say(options, {"session": session_id}, f"Imported as session {session_id}.")
    return 0


def _first_run(store: Store, session: str) -> str:
    runs = store.runs(store.find_session(session))
    if not runs:
        raise BadInput(f"Session {session} has no runs.")
    return runs[0].id


def _graph(state: Fold) -> dict[str, Any]:
    graph = state.graph
    nodes = [
        {
            "id": node.id,
            "shape": node.shape,
            "round": node.round,
            "status": node.status,
            "answer": node.answer,
            "winner": node.winner,
            "how": node.how,
            "tokens": node.tokens,
        }
        for node in graph.nodes.values()
    ]
    edges = [{"from": start, "to": end} for start, end in graph.edges()]
    return {"status": state.status, "answer": state.answer, "nodes": nodes, "edges": edges, "digest": graph.digest()}


def _strategy(strategy: Strategy) -> dict[str, Any]:
    return {
        "name": strategy.name,
        "title": strategy.title,
        "sentence": strategy.sentence,
        "presets": {
            preset: strategy.plan(strategy.settings(preset)).model_dump() for preset in strategy.params.presets
        },
        "settings": {
            name: {"default": field.default, "description": field.description}
            for name, field in strategy.params.model_fields.items()
        },
    }


def say(options: argparse.Namespace, value: dict[str, Any], words: str) -> None:
    """Print the value as JSON where that is wanted, else the words."""
    print(json.dumps(value, ensure_ascii=False) if options.json else words)
