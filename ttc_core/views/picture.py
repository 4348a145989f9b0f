"""A picture of a run's graph: boxes, lines and headings with their places, as plain values that a browser can draw.

It holds ids, numbers, our own short labels and models' names only: nothing that a problem or a reply says enters it.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from typing import Any, Literal

from ttc_core.events import Fold
from ttc_core.events.kinds import Layout, Shape
from ttc_core.views.faces import Color, Face, Pip, Share, face
from ttc_core.views.layout import Place, Plan, lay_out
from ttc_core.views.lines import Line, lines
from ttc_core.views.structure import Structure, structure


@dataclass(frozen=True, slots=True)
class Node:
    """One box. `x` and `y` are its middle, in pixels at a zoom of one."""

    id: str
    kind: Shape | Literal["field"]
    """A `field` is a light ground behind many candidates, and stands for all of them where lines begin."""
    x: float
    y: float
    width: float
    height: float
    status: str = "done"
    label: str = ""
    sub: str = ""
    mark: str = ""
    """How it was decided, or what became of it, in a word or two."""
    letter: str = ""
    color: Color = "none"
    pips: tuple[Pip, ...] = ()
    shares: tuple[Share, ...] = ()
    leader: bool = False
    by: str = ""
    """The model that was asked, in runs that ask several."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a column; `y` is the base line of its words."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Picture:
    """Everything to be drawn after `seq` events. Nodes by id, lines by ``from>to``."""

    seq: int
    status: str
    layout: Layout
    nodes: dict[str, Node]
    edges: dict[str, Line]
    columns: tuple[Heading, ...]
    bounds: tuple[float, float, float, float]
    """Left, top, right, bottom, headings included."""


def picture(fold: Fold, layout: Layout | None = None, inside: str | None = None) -> Picture:
    """The picture of a fold.

    Args:
        fold: The run, as far as it is told. It is not changed.
        layout: How to arrange it; as its strategy says, if None.
        inside: The candidate whose steps are to be seen instead of the whole.
    """
    kind = layout or (fold.started.layout if fold.started else "tree")
    shape = structure(fold.graph, kind, inside)
    plan = lay_out(shape, kind)
    return assemble(fold, kind, shape, plan)


def assemble(fold: Fold, kind: Layout, shape: Structure, plan: Plan) -> Picture:
    """The picture of a fold whose places are known."""
    nodes = {name: _ground(name, place) for name, place in plan.fields.items()}
    nodes |= {node.id: boxed(plan.places[node.id], face(node, fold)) for node in shape.nodes}
    columns = tuple(Heading(h.x, h.y, h.text) for h in plan.headings)
    edges = {line.key: line for line in lines(fold, shape, plan)}
    return Picture(fold.seq, fold.status or "running", kind, nodes, edges, columns, plan.bounds)


def boxed(place: Place, seen: Face) -> Node:
    """A face at its place."""
    sub = "" if place.mini else seen.sub
    return Node(
        seen.id, seen.kind, place.x, place.y, place.width, place.height, seen.status, seen.label, sub, seen.mark,
        seen.letter, seen.color, seen.pips, seen.shares, seen.leader, seen.by,
    )  # fmt: skip


def plain(value: Any) -> Any:
    """Our frozen values as JSON-able ones; fields that have their default are left out."""
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, Node | Line | Heading | Pip | Share):
        return {
            NAMES.get(name, name): plain(item)
            for name, default in DEFAULTS[type(value)]
            if (item := getattr(value, name)) != default
        }
    return value


NAMES = {"start": "from", "end": "to"}
"""What vis-network calls them; Python may not."""
DEFAULTS = {
    kind: [(field.name, None if field.default is MISSING else field.default) for field in fields(kind)]
    for kind in (Node, Line, Heading, Pip, Share)
}
"""Names of fields and what they are if nothing is said; a field without a default is never None."""


def _ground(name: str, place: Place) -> Node:
    return Node(name, "field", place.x, place.y, place.width, place.height)
