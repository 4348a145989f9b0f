"""Time as a chart: every call a bar, the critical path in its own colour. Shows ids and figures, no model text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from typing import Any

from ttc_core.events import Fold
from ttc_core.events.timeline import Call
from ttc_core.views.charts import answers_chart, spend_chart
from ttc_core.views.colors import DARK, LIGHT, Theme, mixed
from ttc_core.views.figure import ROLES, Figure, figure, safe

__all__ = ["answers_chart", "gantt", "lanes", "spend_chart"]

MARKS = {"failed": "x", "cancelled": "/", "retried": "."}
"""Patterns, because colour alone would not do."""
FEWEST_LANES = 8
"""Room for this many is kept, so that a single call is not as thick as the chart."""


@dataclass(frozen=True)
class Bar:
    """One call on its lane."""

    call: Call
    lane: int
    end: float
    critical: bool

    @property
    def mark(self) -> str:
        """What became of it, where that is worth a pattern."""
        if self.call.status in MARKS:
            return self.call.status
        return "retried" if self.call.attempts > 1 else ""


def gantt(fold: Fold, *, dark: bool = False) -> Figure:
    """Every call from start to end; those in flight up to now.

    One trace a role, whatever the number of calls. A bar's id is that of its call.
    """
    theme = DARK if dark else LIGHT
    bars = _bars(fold)
    path = [bar for bar in bars if bar.critical]
    traces = [_trace(ROLES.get(role, (role, 0.5)), of_role, theme) for role, of_role in _by_role(bars)]
    traces += [_way(path, theme), _drawn("critical path", path, theme.critical, theme)]
    traces += [_key(mark, theme) for mark in MARKS if any(bar.mark == mark for bar in bars)]
    made = figure(traces, theme, barmode="overlay", barcornerradius=2, hovermode="closest")
    made["layout"]["xaxis"] |= {"range": [0, max(fold.timeline.wall_s * 1.01, 1.0)], "ticksuffix": " s"}
    deep = max([FEWEST_LANES, *(bar.lane + 1 for bar in bars)])
    made["layout"]["yaxis"] |= {"range": [deep - 0.4, -0.6], "visible": False, "fixedrange": True}
    return made


def lanes(calls: Iterable[Call]) -> dict[str, int]:
    """A lane for every call: that of the call it rests on if it is free, else the topmost free one.

    What a call's lane is depends on calls that started before it only, so bars stay where they are as the run goes on.
    """
    lane_of: dict[str, int] = {}
    free: set[int] = set()
    busy: list[tuple[float, int]] = []
    for call in sorted(calls, key=lambda c: c.start):
        while busy and busy[0][0] <= call.start:
            free.add(heappop(busy)[1])
        wished = (lane_of[a] for a in reversed(call.after) if a in lane_of and lane_of[a] in free)
        lane = next(wished, min(free, default=len(busy)))
        free.discard(lane)
        lane_of[call.id] = lane
        heappush(busy, (float("inf") if call.end is None else call.end, lane))
    return lane_of


def _bars(fold: Fold) -> list[Bar]:
    timeline = fold.timeline
    lane_of = lanes(timeline.calls.values())
    critical = set(timeline.critical_path())
    now = timeline.wall_s
    return [
        Bar(call, lane_of[call.id], now if call.end is None else call.end, call.id in critical)
        for call in timeline.calls.values()
    ]


def _by_role(bars: Sequence[Bar]) -> list[tuple[str, list[Bar]]]:
    found: dict[str, list[Bar]] = {}
    for bar in bars:
        if not bar.critical:
            found.setdefault(bar.call.role, []).append(bar)
    order = list(ROLES)
    return sorted(found.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order))


def _trace(role: tuple[str, float], bars: Sequence[Bar], theme: Theme) -> dict[str, Any]:
    name, share = role
    return _drawn(name, bars, mixed(theme.accent, theme.ground, share), theme)


def _way(path: Sequence[Bar], theme: Theme) -> dict[str, Any]:
    """A thin line from the end of each critical call to the start of the next, so that the eye can follow."""
    ordered = sorted(path, key=lambda bar: bar.call.start)
    steps = [[(one.end, one.lane), (two.call.start, two.lane)] for one, two in pairwise(ordered)]
    points = [point for step in steps for point in [*step, (None, None)]]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for x, _ in points],
        "y": [y for _, y in points],
        "line": {"color": theme.critical, "width": 1.5},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _drawn(name: str, bars: Sequence[Bar], color: str, theme: Theme) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "base": [round(bar.call.start, 3) for bar in bars],
        "x": [round(max(bar.end - bar.call.start, 0.02), 3) for bar in bars],
        "y": [bar.lane for bar in bars],
        "width": 0.78,
        "ids": [bar.call.id for bar in bars],
        "customdata": [_told(bar) for bar in bars],
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {
            "color": color,
            "opacity": [0.55 if bar.call.end is None else 1 for bar in bars],
            "pattern": {
                "shape": [MARKS.get(bar.mark, "") for bar in bars],
                "fgcolor": theme.text,
                "fillmode": "overlay",
                "size": 5,
                "solidity": 0.25,
            },
            "line": {"width": 0.5, "color": theme.ground},
        },
    }


def _told(bar: Bar) -> str:
    call = bar.call
    parts = [ROLES.get(call.role, (call.role,))[0], f"{bar.end - call.start:.1f} s"]
    parts.append("running" if call.end is None else f"{call.tokens_in:,} tokens in, {call.tokens_out:,} out")
    if call.attempts > 1:
        parts.append(f"{call.attempts} attempts")
    if call.status in MARKS:
        parts.append(f"{call.status} {call.error}".strip())
    return f"<b>{safe(call.id)}</b><br>{safe(' · '.join(parts), 160)}"


def _key(mark: str, theme: Theme) -> dict[str, Any]:
    """An entry of the legend for a pattern."""
    return {
        "type": "bar",
        "orientation": "h",
        "name": mark,
        "x": [None],
        "y": [0],
        "hoverinfo": "skip",
        "marker": {
            "color": mixed(theme.accent, theme.ground, 0.72),
            "pattern": {
                "shape": MARKS[mark],
                "fgcolor": theme.text,
                "fillmode": "overlay",
                "size": 5,
                "solidity": 0.25,
            },
        },
    }
