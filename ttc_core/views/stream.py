"""A picture that grows: of a fold that goes on, each message holds only what has changed since the one before."""

from __future__ import annotations

from typing import Any

from ttc_core.events import Fold
from ttc_core.events.kinds import Layout
from ttc_core.views.layout import Plan, lay_out
from ttc_core.views.picture import Picture, assemble, plain
from ttc_core.views.structure import Structure, structure

Message = dict[str, Any]


class PictureStream:
    """The messages of one viewer. Keeps the last picture, and the places for as long as the structure stays."""

    def __init__(self, layout: Layout | None = None) -> None:
        """`layout` overrides the one that the run's strategy names."""
        self._layout = layout
        self._shape: Structure | None = None
        self._plan: Plan | None = None
        self._seen: Picture | None = None

    def advance(self, fold: Fold) -> Message | None:
        """What to send for the fold as it is now: everything the first time, then changes; None if no event came."""
        if self._seen is not None and fold.seq == self._seen.seq:
            return None
        before, self._seen = self._seen, self._picture(fold)
        return snapshot(self._seen) if before is None else changes(before, self._seen)

    def _picture(self, fold: Fold) -> Picture:
        kind = self._layout or (fold.started.layout if fold.started else "tree")
        shape = structure(fold.graph, kind)
        if self._plan is None or self._shape is None or not shape.same_places(self._shape):
            self._plan = lay_out(shape, kind)
        self._shape = shape
        return assemble(fold, kind, shape, self._plan)


def snapshot(whole: Picture) -> Message:
    """A whole picture as one JSON-able message."""
    return {
        "seq": whole.seq,
        "full": True,
        "status": whole.status,
        "layout": whole.layout,
        "nodes": [plain(node) for node in whole.nodes.values()],
        "edges": [plain(line) for line in whole.edges.values()],
        "columns": plain(whole.columns),
        "bounds": list(whole.bounds),
    }


def changes(before: Picture, after: Picture) -> Message:
    """What makes the second picture from the first: changed nodes and lines whole, and the names of those gone."""
    message: Message = {
        "seq": after.seq,
        "full": False,
        "nodes": [plain(node) for name, node in after.nodes.items() if before.nodes.get(name) != node],
        "edges": [plain(line) for key, line in after.edges.items() if before.edges.get(key) != line],
        "gone": [name for name in before.nodes if name not in after.nodes],
        "cut": [key for key in before.edges if key not in after.edges],
    }
    if before.status != after.status:
        message["status"] = after.status
    if before.columns != after.columns:
        message["columns"] = plain(after.columns)
    if before.bounds != after.bounds:
        message["bounds"] = list(after.bounds)
    return {name: value for name, value in message.items() if value != [] or name in ("columns", "bounds")}
