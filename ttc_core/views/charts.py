"""Answers and spending as bars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ttc_core.events import Fold
from ttc_core.events.totals import Spend
from ttc_core.views.colors import ANSWERS, DARK, LIGHT, Theme, mixed
from ttc_core.views.faces import color_of
from ttc_core.views.figure import ROLES, Figure, figure, safe

MOST = 12
"""Classes shown one by one; the others are one bar."""
FEWEST = 3
"""Room for this many bars is kept, so that a single one is not as thick as the chart."""


def answers_chart(fold: Fold, *, dark: bool = False) -> Figure:
    """How many candidates give each answer, equivalent ones counted together, the most frequent on top.

    The answer's own words appear, cut and escaped, in axis labels and hover only.
    """
    theme = DARK if dark else LIGHT
    made = [node for node in fold.graph.nodes.values() if node.shape == "candidate" and node.status == "done"]
    counts = Counter(fold.graph.letter(node.key) for node in made)
    words = {fold.graph.letter(node.key): node.answer or "" for node in reversed(made)}
    words[""] = "unreadable"
    ranked = sorted((letter for letter in counts if letter), key=lambda letter: -counts[letter])
    shown = [*ranked[:MOST], *([""] if counts[""] else [])]
    labels = [f"<b>{letter or '?'}</b>  {safe(words[letter], 24)}" for letter in shown]
    colors = [ANSWERS[color_of(letter)] if letter else theme.muted for letter in shown]
    values = [counts[letter] for letter in shown]
    hover = [safe(words[letter]) for letter in shown]
    if rest := ranked[MOST:]:
        labels.append(f"{len(rest)} others")
        colors.append(theme.line)
        values.append(sum(counts[letter] for letter in rest))
        hover.append("answers given less often")
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": values,
        "y": list(range(len(values))),
        "ids": [letter or "?" for letter in shown] + ["others"] * bool(rest),
        "text": [str(value) for value in values],
        "textposition": "outside",
        "cliponaxis": False,
        "customdata": hover,
        "hovertemplate": "%{customdata}<br>%{x} of " + str(len(made)) + "<extra></extra>",
        "marker": {"color": colors, "line": {"width": 0}},
    }
    chart = figure([trace], theme, showlegend=False, bargap=0.35, barcornerradius=3)
    chart["layout"]["xaxis"] |= {"visible": False, "fixedrange": True, "range": [0, max(values, default=1) * 1.12]}
    chart["layout"]["yaxis"] |= {
        "range": [max(len(values), FEWEST) - 0.4, -0.6],
        "tickmode": "array",
        "tickvals": list(range(len(labels))),
        "ticktext": labels,
        "color": theme.text,
        "showgrid": False,
        "fixedrange": True,
    }
    return chart


def spend_chart(fold: Fold, *, dark: bool = False) -> Figure:
    """Tokens by role, and by model where there are several: prompt, of which cached, thinking and answer apart.

    Retries and lost calls are included.
    """
    theme = DARK if dark else LIGHT
    rows = spend_rows(fold)
    sides = _sides(rows, theme)
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": side,
            "x": values,
            "y": list(range(len(rows))),
            "ids": [row.id for row in rows],
            "customdata": [[safe(row.name), row.spend.calls] for row in rows],
            "hovertemplate": "%{customdata[0]}: %{x:,} " + side + " tokens<br>%{customdata[1]} calls<extra></extra>",
            "marker": {"color": color, "line": {"width": 0}},
        }
        for side, (values, color) in sides.items()
        if side in ALWAYS or any(values)
    ]
    chart = figure(traces, theme, barmode="stack", bargap=0.35, barcornerradius=3)
    chart["layout"]["xaxis"] |= {"fixedrange": True, "rangemode": "tozero", "tickformat": ",d", "nticks": 6}
    chart["layout"]["yaxis"] |= {
        "range": [max(len(rows), FEWEST) - 0.4, -0.6],
        "tickmode": "array",
        "tickvals": list(range(len(rows))),
        "ticktext": [safe(row.name, 24) for row in rows],
        "color": theme.text,
        "showgrid": False,
        "fixedrange": True,
    }
    return chart


@dataclass(frozen=True)
class SpendRow:
    """What one role, or one model, has used."""

    id: str
    name: str
    spend: Spend
    of_model: bool = False


def spend_rows(fold: Fold) -> list[SpendRow]:
    """Roles in the order in which they come, then models where there are several."""
    spends, models = fold.totals.by_role, fold.totals.by_model
    order = [*(role for role in ROLES if role in spends), *sorted(set(spends) - set(ROLES))]
    roles = [SpendRow(role, ROLES.get(role, (role,))[0], spends[role]) for role in order]
    own = [SpendRow(f"model {n}", name, models[name], True) for n, name in enumerate(models, 1)]
    return [*roles, *(own if len(own) > 1 else [])]


ALWAYS = ("prompt", "answer")
"""Sides that the legend names in every run; the others only where there is something of them."""


def _sides(rows: Sequence[SpendRow], theme: Theme) -> dict[str, tuple[list[int], str]]:
    """Tokens of each kind, and their colour. Cached ones are part of the prompt, thinking is part of the reply."""
    spends = [row.spend for row in rows]
    cached = [min(spend.cached_in, spend.tokens_in) for spend in spends]
    thought = [min(spend.reasoning_out, spend.tokens_out) for spend in spends]
    return {
        "cached prompt": (cached, mixed(theme.accent, theme.ground, 0.8)),
        "prompt": (
            [s.tokens_in - c for s, c in zip(spends, cached, strict=True)],
            mixed(theme.accent, theme.ground, 0.6),
        ),
        "thinking": (thought, mixed(theme.accent, theme.ground, 0.3)),
        "answer": ([s.tokens_out - t for s, t in zip(spends, thought, strict=True)], theme.accent),
    }
