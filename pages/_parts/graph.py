"""The graph and the live charts as Streamlit components: small loaders that fetch their scripts from our own routes.

A library never travels inside a component's own script: Streamlit would send it again with every rerun. And data travel
as a list of one: in a dictionary Streamlit would look for data frames, and load pandas for it, a second and more.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages._parts.routes import asset_url

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

LOADER = """
const mounted = new WeakMap();

function script(url, name) {
  const known = globalThis[name];
  if (known) return Promise.resolve(known);
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = new URL(url, document.baseURI);
    element.onload = () => resolve(globalThis[name]);
    element.onerror = () => reject(new Error(`${url} could not be loaded`));
    document.head.append(element);
  });
}

// The graph is what people wait for: a chart, whose library is large, lets it go first.
const afterGraph = () => new Promise((resolve) => {
  document.addEventListener("ttc-drawn", resolve, { once: true });
  setTimeout(resolve, 1500);
});

async function begin(parent, data, held) {
  const root = document.createElement("div");
  parent.append(root);
  root.style.height = `${data.height}px`;
  try {
    if (data.patient) await afterGraph();
    const [ours, library] = await Promise.all([
      import(new URL(data.module, document.baseURI)), script(data.library, data.global)]);
    const options = { [data.option]: library, height: data.height, label: data.label, onOpen: (id) => held.open(id) };
    return { root, ...ours.mount(root, options) };
  } catch (error) {
    root.textContent = `This picture cannot be drawn: ${error.message}.`;
    throw error;
  }
}

export default function ({ data: [data], parentElement, setTriggerValue }) {
  let held = mounted.get(parentElement);
  if (!held) {
    held = { before: {} };
    mounted.set(parentElement, held);
    held.handle = begin(parentElement, data, held);
  }
  held.data = data;
  held.open = (id) => setTriggerValue("opened", id);
  held.handle.then((handle) => {
    if (held.data !== data) return;
    take(handle, data, held.before);
    held.before = data;
  });
  // The clean-up may run while the component stays: look again when the page has settled.
  return () => setTimeout(() => held.handle.then((handle) => {
    if (handle.root.isConnected) return;
    handle.destroy();
    mounted.delete(parentElement);
  }), 1000);
}
"""

TAKE_GRAPH = """
function take(handle, data, before) {
  if (data.height !== before.height) handle.setHeight(data.height);
  handle.connect(data.stream);
  handle.update(data.message);
  const look = (frames) => {
    if (frames && !(handle.root.dataset.seq >= data.message.seq)) requestAnimationFrame(() => look(frames - 1));
    else setTimeout(() => document.dispatchEvent(new Event("ttc-drawn")), 250);  // let it reach the screen
  };
  look(60);
  if (data.selected !== before.selected) handle.select(data.selected);
}
"""

TAKE_CHART = """
function take(handle, data, before) {
  if (data.height !== before.height) handle.setHeight(data.height);
  handle.update(data.figure);
}
"""


def graph(
    message: dict[str, Any],
    *,
    stream_url: str | None = None,
    selected: str | None = None,
    height: int = 520,
    key: str,
    label: str = "Graph of the run",
) -> str | None:
    """Show a picture, live where a stream is given; return the node that was just clicked.

    Args:
        message: A whole picture, as `ttc_core.views.stream.snapshot` makes it: all there is to show without a stream,
            and the first sight and the fallback with one.
        stream_url: Where the browser finds the event stream, relative to the page, such as ``ttc/stream/<token>``.
        selected: The node to mark.
        height: In pixels.
        key: Tells the graphs of a page apart, and keeps one alive from rerun to rerun.
        label: What a screen reader calls it.
    """
    data = {
        "module": asset_url("graph.js"),
        "library": asset_url("vis-network.min.js"),
        "global": "vis",
        "option": "vis",
        "message": message,
        "stream": stream_url,
        "selected": selected,
        "height": height,
        "label": label,
    }
    return _opened(_graph()(key=key, data=[data], on_opened_change=_heard))


def chart(figure: dict[str, Any], *, key: str, height: int = 240, label: str = "Chart") -> str | None:
    """Show a chart that changes without flicker; return the id of the bar that was just clicked.

    Args:
        figure: `data` and `layout`, as `ttc_core.views.gantt` makes them.
        key: Tells the charts of a page apart.
        height: In pixels.
        label: What a screen reader calls it.
    """
    data = {
        "module": asset_url("chart.js"),
        "library": asset_url("plotly.min.js"),
        "patient": True,
        "global": "Plotly",
        "option": "plotly",
        "figure": figure,
        "height": height,
        "label": label,
    }
    return _opened(_chart()(key=key, data=[data], on_opened_change=_heard))


@cache
def _graph() -> ComponentRenderer:
    return st.components.v2.component("ttc_graph", js=LOADER + TAKE_GRAPH)


@cache
def _chart() -> ComponentRenderer:
    # Plotly keeps its styles in the page's head, where a shadow root would not see them.
    return st.components.v2.component("ttc_chart", js=LOADER + TAKE_CHART, isolate_styles=False)


def _opened(result: Any) -> str | None:
    clicked = result.opened
    return clicked if isinstance(clicked, str) else None


def _heard() -> None:
    """The component's value is read where it is drawn; Streamlit only wants to know that somebody listens."""
