"""Where the steps of one attempt stand: row by row like text, what a step found below it. Knows no run."""

from __future__ import annotations

from collections.abc import Sequence

from ttc_core.views.structure import Structure

ROW = 4
"""Steps in one row."""
ACROSS, DOWN, BETWEEN = 142.0, 27.0, 80.0
"""From step to step, from passage to passage, and between rows, in pixels."""
INDENT = 7.0
"""How far a passage stands in from the step that found it; its line comes down that margin."""


def columns_of(shape: Structure) -> list[tuple[str, ...]]:
    """What stands one below the other, from the start to the attempt itself: a step with all that it found."""
    whole = shape.nodes[-1]
    steps = [node.id for node in shape.nodes if node.shape == "step"]
    start = tuple(n.id for n in shape.nodes if n.shape not in ("step", "passage") and n.id != whole.id)
    found = {step: [n for n in shape.nodes if n.shape == "passage" and step in shape.parents[n.id]] for step in steps}
    with_found = [(step, *(node.id for node in found[step])) for step in steps]
    return [*([start] if start else []), *with_found, (whole.id,)]


def stand(columns: Sequence[Sequence[str]]) -> dict[str, tuple[float, float]]:
    """Middles by id; boxes of a column under its first. A row is as high as its fullest column."""
    places: dict[str, tuple[float, float]] = {}
    top = 0.0
    for begin in range(0, len(columns), ROW):
        row = columns[begin : begin + ROW]
        for index, column in enumerate(row):
            for below, name in enumerate(column):
                places[name] = (index * ACROSS, top + (below and 7.0 + below * DOWN))
        top += BETWEEN + (max(map(len, row)) - 1) * DOWN
    return places
