"""A picture as vis-network data, assembled by pyvis. Ids, numbers and our own labels only, as in the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ttc_core.views.picture import Picture, plain

if TYPE_CHECKING:
    from pyvis.network import Network


def network(picture: Picture) -> Network:
    """The picture as a pyvis network: every box where it stands, every line directed, nothing left to physics.

    `title` and `heading` stay unused: pyvis and vis-network may take them for HTML.
    """
    from pyvis.network import Network  # here, because it pulls in IPython

    made = Network(directed=True)
    for node in picture.nodes.values():
        rest: dict[str, Any] = {**plain(node), "shape": "custom", "physics": False, "color": node.color}
        made.add_node(rest.pop("id"), **rest)
    for line in picture.edges.values():
        rest = plain(line)
        made.add_edge(rest.pop("from"), rest.pop("to"), **rest)
    return made
