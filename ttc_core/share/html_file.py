"""A session as one HTML file that needs no server and no network: the graph, how it came about, and what stands behind.

What people and models wrote travels as JSON and reaches the page as text only. The page may run the scripts that are
written here, known by their hashes, and load nothing.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ttc_core.events import Fold, Logged, fold
from ttc_core.events.kinds import RunStarted
from ttc_core.share.node_details import node_details
from ttc_core.views.assets import graph_js, vis_network_js
from ttc_core.views.faces import OUTCOME, tile
from ttc_core.views.picture import picture, plain
from ttc_core.views.short import in_short
from ttc_core.views.stream import Message, changes, snapshot
from ttc_core.views.vis_data import network

MOMENTS = 90
"""The picture can be wound back to about this many moments; more would make the file large."""
HERE = Path(__file__).parent / "page"


def session_html(title: str, runs: Sequence[tuple[str, Sequence[Logged]]]) -> str:
    """The whole page.

    Args:
        title: The session's name.
        runs: Each run's name and its log; a log may end anywhere.
    """
    data = {"title": title, "runs": [_run(name, log) for name, log in runs]}
    vis = vis_network_js().decode()
    code = graph_js().decode().replace("\nexport ", "\n") + (HERE / "page.js").read_text("utf-8")
    parts = {
        "hashes": f"{_hash(vis)} {_hash(code)}",
        "title": html.escape(title),
        "style": (HERE / "page.css").read_text("utf-8"),
        "data": embedded(data),
        "vis": vis,
        "code": code,
    }
    page = (HERE / "page.html").read_text("utf-8")
    # Cut at the placeholders, so that nothing filled in is ever searched for the next one.
    head, *rest = page.split("{")
    return head + "".join(parts[name] + after for name, after in (piece.split("}", 1) for piece in rest))


def embedded(data: object) -> str:
    """JSON that stays inside its script element, whatever its strings say."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _run(name: str, log: Sequence[Logged]) -> dict[str, Any]:
    whole = fold(log)
    started, graph = whole.started, whole.graph
    letter, color = tile(graph.nodes.get("answer"), graph)
    outcome = whole.verdict.outcome if whole.verdict else "unverified"
    return {
        "name": name,
        "what": _what(started) if started else "",
        "problem": started.problem.text if started else "",
        "answer": in_short(whole.answer, started.problem.kind, 300) if whole.answer and started else whole.answer,
        "letter": letter,
        "color": color,
        "verdict": outcome,
        "outcome": " · ".join(filter(None, [OUTCOME.get(outcome, outcome), _ending(whole)])),
        "facts": _facts(whole),
        "events": whole.seq,
        "frames": _frames(log),
        "first": "answer" if "answer" in graph.nodes else next(iter(graph.nodes), None),
        "nodes": node_details(whole, log),
    }


def _what(started: RunStarted) -> str:
    models = started.answering or started.model
    parts = [started.strategy, models, "simulated answers" if started.simulated else "", f"seed {started.seed}"]
    return " · ".join(filter(None, [*parts, ", ".join(f"{key} {value}" for key, value in started.params.items())]))


def _ending(whole: Fold) -> str:
    """How the run ended, where that is worth saying."""
    if whole.status == "finished":
        return ""
    words = (whole.status or "still running").replace("_", " ")
    return f"{words}: {whole.finished.message}" if whole.finished and whole.finished.message else words


def _facts(whole: Fold) -> list[tuple[str, str]]:
    totals, timeline, started = whole.totals, whole.timeline, whole.started
    cached = f" ({totals.cached_in:,} cached)" if totals.cached_in else ""
    thought = f" ({totals.reasoning_out:,} thinking)" if totals.reasoning_out else ""
    tokens = f"{totals.tokens_in:,}{cached} in, {totals.tokens_out:,}{thought} out"
    local = started is not None and started.local
    fast = f"{totals.tokens_per_second(whole.time):.1f} tokens/s"
    cost = ("speed", fast) if local else ("cost", "unknown" if totals.cost is None else f"${totals.cost:.4f}")
    facts = [("calls", f"{totals.calls:,}"), ("tokens", f"{tokens}{' (estimated)' if totals.estimated else ''}"), cost]
    if started and started.estimate:
        said = started.estimate.tokens
        facts.append(("expected", f"{said.low:,.0f} to {said.high:,.0f} tokens"))
    return [
        *facts,
        ("time", f"{timeline.wall_s:.1f} s"),
        ("critical path", f"{timeline.critical_path_s:.1f} s"),
        ("B_seq", f"{timeline.b_seq:,}"),
        ("B_total", f"{timeline.b_total:,}"),
    ]


def _frames(log: Sequence[Logged]) -> list[dict[str, Any]]:
    """The first picture whole, assembled by pyvis, and what changed up to each moment after it."""
    step = max(1, -(-len(log) // MOMENTS))
    state, before, frames = Fold(), None, list[dict[str, Any]]()
    for place, logged in enumerate(log, start=1):
        state.apply(logged)
        if place % step and place != len(log):
            continue
        now = picture(state)
        if before is None:
            made = network(now)
            message: Message = {
                **snapshot(now),
                "nodes": made.nodes,
                "edges": made.edges,
                "columns": plain(now.columns),
            }
        else:
            message = changes(before, now)
        frames.append({"time": round(state.time, 2), "message": message})
        before = now
    return frames
