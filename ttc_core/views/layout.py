"""Where everything stands: pure geometry over a structure. Knows nothing of what the boxes show.

Places depend on the structure only, never on what has happened in it, so boxes stay where they are while a run fills
them. Bracket: a match stands at the middle of those that meet in it, and candidates stand in the order of the bracket,
so that no lines cross. Rounds: every column is spread evenly. Tree: children stand around the middle of their parents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from ttc_core.events.graph import ANSWER, Node
from ttc_core.events.kinds import Layout, Shape
from ttc_core.views.steps import INDENT, columns_of, stand
from ttc_core.views.steps import ROW as ROW_OF_STEPS
from ttc_core.views.structure import Structure

SIZES: dict[Shape, tuple[float, float]] = {
    "problem": (82, 28),
    "candidate": (94, 21),
    "match": (112, 33),
    "workspace": (156, 41),
    "tally": (124, 41),
    "answer": (130, 56),
    "step": (112, 33),
    "passage": (112, 21),
}
GAP = 62.0
"""Between columns, for the lines."""
AT_EASE = ((4, 52.0), (8, 42.0), (12, 33.0))
"""Up to so many candidates in a column stand so far apart."""
FIELD = 24
"""More candidates than this in one column of a tree stand as a field of several rows."""
ROW = 6
"""A chain of more columns than this goes on in the next row, like text."""
ROW_HEIGHT = 96.0
TURN = 30.0
"""Room at both ends of such a row, for the line to the next."""


@dataclass(frozen=True, slots=True)
class Place:
    """The middle and the size of a box. `mini`: there is no room for more than letter and id."""

    x: float
    y: float
    width: float
    height: float
    mini: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A heading; `y` is its base line."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Plan:
    """Places of all boxes, of fields of many candidates, and of headings."""

    places: dict[str, Place]
    fields: dict[str, Place]
    member_of: dict[str, str]
    """Candidate to the field it stands in."""
    headings: tuple[Words, ...]
    bounds: tuple[float, float, float, float]


def lay_out(shape: Structure, kind: Layout) -> Plan:
    """Places for a structure."""
    by_id = {node.id: node for node in shape.nodes}
    if shape.inside:
        return _inside(shape, by_id)
    if len(shape.columns) > ROW and all(len(column) == 1 for column in shape.columns):
        return _chain([by_id[column[0]] for column in shape.columns])
    heights = _heights(shape, kind, by_id)
    places: dict[str, Place] = {}
    fields: dict[str, Place] = {}
    member_of: dict[str, str] = {}
    middles: list[float] = []
    left = 0.0
    for column in shape.columns:
        if kind == "tree" and len(column) > FIELD and by_id[column[0]].shape == "candidate":
            name = f"field:{column[0]}"
            stand = _grid(column, left)
            fields[name] = _around(list(stand.values()), 12)
            member_of |= dict.fromkeys(column, name)
        else:
            stand = _stacked(column, left, heights, by_id)
        places |= stand
        width = fields[member_of[column[0]]].width if column[0] in member_of else max(p.width for p in stand.values())
        middles.append(left + width / 2)
        left += width + GAP
    room = [*places.values(), *fields.values()]
    headings = _headings(shape, middles, room, by_id, kind)
    if ANSWER not in places and room:  # the answer will come: keep its place, so that nothing moves when it does
        width, height = SIZES["answer"]
        room.append(Place(left + width / 2, 0, width, height))
    return Plan(places, fields, member_of, headings, _bounds(room, headings))


def spread(wanted: Sequence[float], gap: float) -> list[float]:
    """Positions nearest to the wanted ones (which rise) that are at least `gap` apart: isotonic regression."""
    blocks: list[tuple[float, int]] = []
    for index, value in enumerate(wanted):
        total, count = value - index * gap, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            total, count = total + blocks[-1][0], count + blocks[-1][1]
            blocks.pop()
        blocks.append((total, count))
    level = [total / count for total, count in blocks for _ in range(count)]
    return [value + index * gap for index, value in enumerate(level)]


def _heights(shape: Structure, kind: Layout, by_id: dict[str, Node]) -> dict[str, float]:
    """The y of every node, columns from left to right."""
    heights: dict[str, float] = {}
    order = {name: place for place, name in enumerate(_bracket_order(shape, by_id))} if kind == "bracket" else {}
    tallest = max((len(column) * _pitch(by_id[column[0]], len(column)) for column in shape.columns), default=0)
    for column in shape.columns:
        first = by_id[column[0]]
        if kind == "bracket" and first.shape == "candidate":
            stand = sorted(column, key=lambda name: order[name])
            slots = _slots(len(stand), _pitch(first, len(stand)))
        elif first.shape == "workspace" or (kind == "rounds" and first.shape == "candidate"):
            # What a workspace draws on is known late, so its place does not depend on that.
            stand, slots = list(column), _slots(len(column), tallest / len(column))
        else:
            wanted = {name: _middle([heights[p] for p in shape.parents[name] if p in heights]) for name in column}
            stand = sorted(column, key=lambda name: wanted[name])
            gap = max(_pitch(by_id[name], len(column)) for name in column)
            slots = spread([wanted[name] for name in stand], gap)
        heights |= zip(stand, slots, strict=True)
    return heights


def _bracket_order(shape: Structure, by_id: dict[str, Node]) -> list[str]:
    """Candidates as one meets them going back from the last matches; those in no match come after."""
    feeds = {p for name, parents in shape.parents.items() if by_id[name].shape == "match" for p in parents}
    waiting = [node.id for node in reversed(shape.nodes) if node.shape == "match" and node.id not in feeds]
    found: dict[str, None] = {}
    while waiting:
        name = waiting.pop()
        if by_id[name].shape == "match":
            waiting.extend(reversed(shape.parents[name]))
        else:
            found.setdefault(name)
    return [*found, *(node.id for node in shape.nodes if node.id not in found)]


def _size(node: Node, crowd: int) -> tuple[float, float]:
    """Width and height of a box among `crowd` others in its column."""
    width, height = SIZES[node.shape]
    return (width, 18) if node.shape == "candidate" and crowd > 20 else (width, height)


def _pitch(node: Node, crowd: int) -> float:
    """From one box of a column to the next: a few candidates stand at ease, many stand close."""
    height = _size(node, crowd)[1]
    if node.shape != "candidate":
        return height + 10
    return next((pitch for most, pitch in AT_EASE if crowd <= most), height + (4 if crowd > 20 else 6))


def _slots(count: int, pitch: float) -> list[float]:
    return [(index - (count - 1) / 2) * pitch for index in range(count)]


def _middle(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 1) if values else 0.0


def _grid(column: Sequence[str], left: float) -> dict[str, Place]:
    """Rows and columns of small boxes, filled column by column, about twice as wide as high."""
    width, height, step_x, step_y = (60, 18, 66, 23) if len(column) > 64 else (94, 20, 102, 26)
    rows = ceil(sqrt(len(column) * step_x / step_y / 1.9))
    slots = _slots(rows, step_y)
    mini = len(column) > 64
    return {
        name: Place(left + 12 + width / 2 + index // rows * step_x, slots[index % rows], width, height, mini)
        for index, name in enumerate(column)
    }


def _stacked(column: Sequence[str], left: float, heights: dict[str, float], by_id: dict[str, Node]) -> dict[str, Place]:
    """One box under the other."""
    sizes = {name: _size(by_id[name], len(column)) for name in column}
    middle = left + max(width for width, _ in sizes.values()) / 2
    return {name: Place(middle, round(heights[name], 1), *sizes[name]) for name in column}


def _around(places: Sequence[Place], margin: float) -> Place:
    left, top, right, bottom = _bounds(places, ())
    return Place((left + right) / 2, (top + bottom) / 2, right - left + 2 * margin, bottom - top + 2 * margin)


def _chain(nodes: Sequence[Node]) -> Plan:
    """A long chain, row by row; every box has its own heading."""
    width = max(SIZES[node.shape][0] for node in nodes) + GAP
    places: dict[str, Place] = {}
    headings: list[Words] = []
    for index, node in enumerate(nodes):
        x, y = index % ROW * width, index // ROW * ROW_HEIGHT
        places[node.id] = Place(x, y, *SIZES[node.shape])
        headings.append(Words(x, y - SIZES[node.shape][1] / 2 - 9, _named(node)))
    left, top, right, bottom = _bounds(list(places.values()), headings)
    return Plan(places, {}, {}, tuple(headings), (left - TURN, top, right + TURN, bottom))


def _inside(shape: Structure, by_id: dict[str, Node]) -> Plan:
    """The steps of one attempt; a heading over where each kind of box begins."""
    columns = columns_of(shape)
    places: dict[str, Place] = {}
    for name, (x, y) in stand(columns).items():
        width, height = SIZES[by_id[name].shape]
        inset = INDENT if by_id[name].shape == "passage" else 0.0
        beyond = max(0.0, width - SIZES["step"][0]) / 2  # what is wider than a step begins further left
        places[name] = Place(x + inset - beyond, y, width - 2 * inset, height)
    titles = {
        columns[-1][0]: "attempt",
        **({columns[0][0]: "starts from"} if by_id[columns[0][0]].shape != "step" else {}),
    }
    first = next((name for name, *_ in columns if by_id[name].shape == "step"), None)
    titles |= {first: "steps"} if first else {}
    headings = tuple(Words(places[n].x, places[n].y - places[n].height / 2 - 9, text) for n, text in titles.items())
    left, top, right, bottom = _bounds(list(places.values()), headings)
    turns = TURN if len(columns) > ROW_OF_STEPS else 0.0
    return Plan(places, {}, {}, headings, (left - turns, top, right + turns, bottom))


def _bounds(places: Sequence[Place], headings: Sequence[Words]) -> tuple[float, float, float, float]:
    if not places:
        return (0, 0, 0, 0)
    return (
        min(place.x - place.width / 2 for place in places),
        min([*(place.y - place.height / 2 for place in places), *(words.y - 10 for words in headings)]),
        max(place.x + place.width / 2 for place in places),
        max(place.y + place.height / 2 for place in places),
    )


def _headings(
    shape: Structure, middles: Sequence[float], room: Sequence[Place], by_id: dict[str, Node], kind: Layout
) -> tuple[Words, ...]:
    """The columns' names, in one line over everything."""
    top = min((place.y - place.height / 2 for place in room), default=0) - 16
    matches = [column for column in shape.columns if by_id[column[0]].shape == "match"]
    final = matches[-1] if matches and len(matches[-1]) == 1 else None
    return tuple(
        Words(x, top, "final" if column == final else _heading(by_id[column[0]], len(column), kind))
        for x, column in zip(middles, shape.columns, strict=True)
    )


def _heading(node: Node, count: int, kind: Layout) -> str:
    """A stage's own name; with the number of candidates where that is a figure of the strategy."""
    if node.shape != "candidate" or count == 1 or (kind != "rounds" and count <= FIELD):
        return _named(node)
    return f"{_named(node)} · {count} drafts" if kind == "rounds" else f"{_named(node)} · {count}"


def _named(node: Node) -> str:
    return (node.stage or {"problem": "", "candidate": "candidates"}.get(node.shape, node.shape))[:32]
