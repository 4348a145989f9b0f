"""Colours of charts in light and dark, and one scale for answers. Knows nothing of what is drawn with them."""

from __future__ import annotations

from dataclasses import dataclass

ANSWERS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6bb1", "#8a7a00")
"""A, B, C ... in Okabe and Ito's colours, safe for colour-blind eyes; violet and olive stand in for their yellow and
black, which one theme or the other would swallow. The graph's own module paints with the same scale."""


@dataclass(frozen=True)
class Theme:
    """What a chart needs to know of the page around it. Grounds stay transparent."""

    ground: str
    text: str
    muted: str
    line: str
    accent: str
    critical: str
    """Of the critical path."""


LIGHT = Theme("#ffffff", "#1f2937", "#6b7280", "#e5e7eb", "#2563eb", "#b7791f")
DARK = Theme("#171e26", "#e6e9ed", "#98a2ae", "#2a323c", "#6ea0f8", "#f2cc60")


def mixed(color: str, other: str, share: float) -> str:
    """A colour with a share (0 to 1) of another mixed in; both as #rrggbb."""
    parts = ((int(color[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)
