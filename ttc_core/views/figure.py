"""What all charts have in common: a transparent figure in the page's colours, as the plain data that Plotly takes."""

from __future__ import annotations

from typing import Any

from ttc_core.views.colors import Theme

Figure = dict[str, Any]
"""`data` and `layout`, JSON-able."""

ROLES = {
    "propose": ("propose", 0.0),
    "act": ("act", 0.1),
    "refine": ("refine", 0.2),
    "write_tests": ("write tests", 0.36),
    "distill": ("distill", 0.36),
    "select": ("select", 0.36),
    "critique": ("critique", 0.36),
    "summarize": ("summarize", 0.5),
    "score": ("score", 0.72),
    "distinguish": ("distinguish", 0.6),
    "compare": ("vote", 0.72),
}
"""What a role is called, and how much of the ground is mixed into its colour."""


def figure(traces: list[dict[str, Any]], theme: Theme, **layout: Any) -> Figure:
    """A compact figure without title; the legend stands in one row under it."""
    axis = {
        "gridcolor": theme.line,
        "zeroline": False,
        "color": theme.muted,
        "automargin": True,
        "tickfont": {"size": 11},
    }
    return {
        "data": traces,
        "layout": {
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"color": theme.text, "size": 12},
            "margin": {"l": 8, "r": 8, "t": 6, "b": 8},
            "xaxis": dict(axis),
            "yaxis": dict(axis),
            "showlegend": True,
            "legend": {
                "orientation": "h",
                "x": 1,
                "xanchor": "right",
                "y": -0.08,
                "yanchor": "top",
                "traceorder": "normal",
                "font": {"size": 11},
            },
            "hoverlabel": {
                "bgcolor": theme.ground,
                "bordercolor": theme.line,
                "font": {"color": theme.text, "size": 12},
            },
            "dragmode": False,
            "uirevision": "kept",
            **layout,
        },
    }


def safe(text: str, longest: int = 40) -> str:
    """Text that Plotly will show as it is: on one line, cut, and with nothing in it that reads as a tag or entity."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    cut = line if len(line) <= longest else line[: longest - 1] + "…"
    # Plotly hands text between dollar signs to MathJax where a page has it; a zero-width space after each one prevents.
    return cut.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("$", "$\u200b")
