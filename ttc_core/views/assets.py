"""The browser's libraries as bytes, each from the wheel that carries it. Knows nothing of what they will draw."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def vis_network_js() -> bytes:
    """vis-network 9.1.2, minified, as the pyvis wheel carries it. As a plain script it sets one global, `vis`."""
    return _carried("pyvis", "lib/vis-9.1.2/vis-network.min.js")


@cache
def plotly_js() -> bytes:
    """plotly.js, minified, as the plotly wheel carries it. As a plain script it sets one global, `Plotly`."""
    return _carried("plotly", "package_data/plotly.min.js")


def _carried(package: str, path: str) -> bytes:
    """A file of an installed package, without importing the package: pyvis alone would pull in IPython."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{package} is not installed", name=package)
    return (Path(spec.origin).parent / path).read_bytes()
