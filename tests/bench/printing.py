"""How benchmarks print: the machine, and figures as a table. Knows nothing of what is measured."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Sequence

Row = dict[str, object]


def machine() -> str:
    """What the figures were measured on; `load` tells how busy it was with other things just before."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}, load {load:.1f}"


def table(rows: Sequence[Row]) -> str:
    """Rows of one shape, with their keys as heading; the first column to the left, the others to the right."""
    cells = [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [line[:1] + [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)] for line in cells]
    ruled = [lines[0], ["-" * width for width in widths], *lines[1:]]
    return "\n".join("  ".join([line[0].ljust(widths[0]), *line[1:]]) for line in ruled)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least so many percent of the values do not exceed."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(len(ranked) * percent / 100) - 1)]
