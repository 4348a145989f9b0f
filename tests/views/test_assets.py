from __future__ import annotations

import subprocess
import sys

import pytest

from tests.views import sample_logs
from ttc_core.events import fold
from ttc_core.views.assets import chart_js, graph_js, plotly_js, vis_network_js
from ttc_core.views.picture import picture
from ttc_core.views.stream import snapshot
from ttc_core.views.vis_data import network


@pytest.mark.parametrize("script", [vis_network_js, plotly_js, graph_js, chart_js])
def test_scripts_can_stand_inside_a_page(script: object) -> None:
    text = script()  # type: ignore[operator]
    assert len(text) > 1000
    assert b"</script" not in text.lower()
    assert b"<!--" not in text


def test_the_graph_module_needs_no_other_file() -> None:
    lines = graph_js().decode().splitlines()
    assert not [line for line in lines if line.startswith("import ")]
    assert [line for line in lines if line.startswith("export ")] == ["export function mount(root, options) {"]


def test_scripts_carry_no_carriage_returns_which_would_change_their_hash() -> None:
    assert b"\r" not in vis_network_js()
    assert b"sourceMappingURL" not in vis_network_js()


def test_live_pictures_do_without_pyvis_and_plotly() -> None:
    code = (
        "import sys; import ttc_core.views.stream, ttc_core.views.gantt, ttc_core.views.vis_data\n"
        "from ttc_core.views.assets import vis_network_js, plotly_js; vis_network_js(); plotly_js()\n"
        "print([name for name in ('pyvis', 'IPython', 'plotly') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_pyvis_carries_the_same_picture() -> None:
    seen = picture(fold(sample_logs.tournament(4)))
    made, whole = network(seen), snapshot(seen)
    extra = {"shape": "custom", "physics": False}
    for got, wanted in zip(made.nodes, whole["nodes"], strict=True):
        assert got == {"color": "none", **wanted, **extra}
    assert made.edges == [{**edge, "arrows": "to"} for edge in whole["edges"]]
    assert not any("title" in node for node in made.nodes)
    assert made.heading == ""
