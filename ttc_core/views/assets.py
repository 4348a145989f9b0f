"""The browser's libraries as bytes, each from the wheel that carries it. Knows nothing of what they will draw."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def vis_network_js() -> bytes:
    """vis-network 9.1.2, minified, as the pyvis wheel carries it. As a plain script it sets one global, `vis`.

    Its line ends are made plain, because browsers hash an inline script that way; the source map is not there to load.
    """
    script = _carried("pyvis", "lib/vis-9.1.2/vis-network.min.js").replace(b"\r\n", b"\n")
    return script.partition(b"\n//# sourceMappingURL=")[0]


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


@cache
def graph_js() -> bytes:
    """Our graph module with all it imports in one text, so that one request, or one script element, is enough."""
    imported = [_own(name).replace(b"\nexport ", b"\n") for name in ("paint.js", "frame.js")]
    own = b"".join(line for line in _own("graph.js").splitlines(keepends=True) if not line.startswith(b"import "))
    return b"\n".join([*imported, own])


@cache
def chart_js() -> bytes:
    """Our module around Plotly."""
    return _own("chart.js")


def _own(name: str) -> bytes:
    return (Path(__file__).parents[2] / "pages" / "_parts" / "assets" / name).read_bytes()
