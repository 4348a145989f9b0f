"""Answers and spending as bars."""

from __future__ import annotations

from collections import Counter

from ttc_core.events import Fold
from ttc_core.views.colors import ANSWERS, DARK, LIGHT, mixed
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
    """Tokens by role, prompt and completion apart; retries and lost calls included."""
    theme = DARK if dark else LIGHT
    spends = fold.totals.by_role
    order = [*(role for role in ROLES if role in spends), *sorted(set(spends) - set(ROLES))]
    names = [ROLES.get(role, (role,))[0] for role in order]
    sides = {
        "prompt": ([spends[role].tokens_in for role in order], mixed(theme.accent, theme.ground, 0.6)),
        "completion": ([spends[role].tokens_out for role in order], theme.accent),
    }
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": side,
            "x": values,
            "y": list(range(len(names))),
            "ids": order,
            "customdata": [[name, spends[role].calls] for role, name in zip(order, names, strict=True)],
            "hovertemplate": "%{customdata[0]}: %{x:,} " + side + " tokens<br>%{customdata[1]} calls<extra></extra>",
            "marker": {"color": color, "line": {"width": 0}},
        }
        for side, (values, color) in sides.items()
    ]
    chart = figure(traces, theme, barmode="stack", bargap=0.35, barcornerradius=3)
    chart["layout"]["xaxis"] |= {"fixedrange": True, "rangemode": "tozero", "tickformat": ",d", "nticks": 6}
    chart["layout"]["yaxis"] |= {
        "range": [max(len(names), FEWEST) - 0.4, -0.6],
        "tickmode": "array",
        "tickvals": list(range(len(names))),
        "ticktext": names,
        "color": theme.text,
        "showgrid": False,
        "fixedrange": True,
    }
    return chart
