"""The lines between nodes: who won, who lost, what fed what, what is still to come. Knows nothing of places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ttc_core.events import Fold
from ttc_core.events.graph import Node
from ttc_core.views.faces import Color, leading, tile
from ttc_core.views.layout import Plan
from ttc_core.views.structure import Structure

LineKind = Literal["win", "lose", "feed", "pending"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line from the right side of a box to the left side of another."""

    start: str
    end: str
    kind: LineKind
    color: Color = "none"
    lit: bool = False
    """On the way of the candidate that leads, or has won."""

    @property
    def key(self) -> str:
        """What tells it from all others."""
        return f"{self.start}>{self.end}"


def lines(fold: Fold, shape: Structure, plan: Plan) -> list[Line]:
    """All lines of a picture; those of a field of many candidates are drawn as one."""
    found: dict[str, Line] = {}
    for node in shape.nodes:
        for line in lines_into(node, fold, shape, plan):
            found.setdefault(line.key, line)
    return list(found.values())


def lines_into(node: Node, fold: Fold, shape: Structure, plan: Plan) -> Iterator[Line]:
    """The lines that end at one node, or at the field it stands in."""
    nodes = fold.graph.nodes
    for parent in shape.parents[node.id]:
        kind, color, lit = _looks(nodes[parent], node, fold)
        start, end = plan.member_of.get(parent, parent), plan.member_of.get(node.id, node.id)
        if end != node.id:
            yield Line(start, end, "feed")
        elif start != parent:
            yield Line(start, end, "pending" if kind == "pending" else "feed", tile(node, fold.graph)[1])
        else:
            yield Line(start, end, kind, color, lit)


def _looks(source: Node, target: Node, fold: Fold) -> tuple[LineKind, Color, bool]:
    carried = source.carries
    color = tile(source, fold.graph)[1]
    lit = carried is not None and carried == leading(fold)
    if target.status == "waiting":
        return "pending", "none", False
    if target.shape == "match":
        won = target.status == "done" and carried is not None and carried == target.winner
        return ("win", color, lit) if won else ("lose", "none", False)
    if target.shape == "tally":
        return _into_tally(source, target, color, lit)
    if target.shape == "answer":
        return "win", color, lit
    if source.shape == "workspace":
        return "feed", "workspace", False
    return ("feed", "none", False) if source.shape == "problem" else ("feed", color, lit)


def _into_tally(source: Node, target: Node, color: Color, lit: bool) -> tuple[LineKind, Color, bool]:
    """The winner's line leads; those that agree with it keep its colour."""
    if target.status != "done":
        return "lose", "none", False
    if source.carries == target.winner:
        return "win", color, lit
    agrees = target.how != "best_score" and source.key is not None and source.key == target.key
    return ("feed", color, False) if agrees else ("lose", "none", False)
