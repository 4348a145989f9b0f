"""Which nodes are drawn, what they hang on, and in which columns they stand. Knows nothing of places and colours."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

import networkx as nx

from ttc_core.events.graph import ANSWER, PROBLEM, Graph, Node
from ttc_core.events.kinds import Layout

INNER = ("step", "passage")
"""Shapes that are drawn only inside the candidate they belong to."""


@dataclass(frozen=True)
class Structure:
    """The graph as it is drawn."""

    nodes: tuple[Node, ...]
    parents: dict[str, tuple[str, ...]]
    """Of every drawn node, the drawn nodes its lines come from."""
    columns: tuple[tuple[str, ...], ...]
    """Node ids from left to right, each column in the order of opening."""
    inside: bool = False
    """The steps of one candidate, which comes last, and not the whole."""

    def same_places(self, other: Structure) -> bool:
        """Whether everything stands where it stood."""
        return self.parents == other.parents and self.columns == other.columns


def structure(graph: Graph, kind: Layout, inside: str | None = None) -> Structure:
    """The drawn part of a graph. The problem is drawn in trees only: elsewhere it would be a fan of idle lines.

    Args:
        graph: All of it.
        kind: How it is arranged.
        inside: A candidate whose steps are to be drawn, and nothing else; without one, no steps are.
    """
    if inside in graph.nodes:
        nodes, parents = _steps(graph, graph.nodes[inside])
        return Structure(nodes, parents, _columns(nodes, parents), inside=True)
    drawn = (node for node in graph.nodes.values() if node.shape not in INNER)
    nodes = tuple(node for node in drawn if node.id != PROBLEM or kind == "tree")
    parents = _drawn_parents(nodes)
    return Structure(nodes, parents, _columns(nodes, parents))


def _steps(graph: Graph, whole: Node) -> tuple[tuple[Node, ...], dict[str, tuple[str, ...]]]:
    """What a candidate started from, its steps with what they found, and last the candidate that came of them."""
    start = [graph.nodes[name] for name in whole.parents if name in graph.nodes and name != PROBLEM]
    parents: dict[str, tuple[str, ...]] = {node.id: () for node in start}
    last = tuple(parents)
    for node in graph.nodes.values():
        above = node.parents[0] if node.shape in INNER and node.parents else ""
        if above == whole.id:
            parents[node.id] = last
        elif above in parents:
            parents[node.id] = (above,)
        else:
            continue
        last = (node.id,) if node.shape == "step" else last
    return (*(graph.nodes[name] for name in parents), whole), parents | {whole.id: last}


def _drawn_parents(nodes: Iterable[Node]) -> dict[str, tuple[str, ...]]:
    """Parents that are drawn; a candidate that went through matches comes out of the last one it won before."""
    decided: dict[str, str] = {}
    parents: dict[str, tuple[str, ...]] = {}
    known = {node.id for node in nodes}
    for node in nodes:
        through = [decided.get(p, p) if node.shape != "match" else p for p in node.parents]
        parents[node.id] = tuple(dict.fromkeys(p for p in through if p in known and p != node.id))
        if node.shape == "match" and node.winner is not None:
            decided[node.winner] = node.id
    return parents


def _columns(nodes: tuple[Node, ...], parents: dict[str, tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Nodes of one stage share a column. Where stages do not line up from left to right, depth decides instead."""
    laps = _laps(nodes)
    depth = _depths(nodes, parents)
    keys: tuple[Callable[[Node], Hashable], ...] = (
        _stage,
        lambda node: (_stage(node), laps[node.id]),
        lambda node: depth[node.id],
    )
    for key in keys:
        columns = _lined_up(nodes, parents, key)
        if columns is not None:
            return columns
    return tuple((node.id,) for node in nodes)  # a damaged log with a cycle: still drawn


def _stage(node: Node) -> Hashable:
    return (node.shape, node.stage, node.round)


def _laps(nodes: tuple[Node, ...]) -> dict[str, int]:
    """How often a node's stage had been left for another when the node was opened."""
    laps: dict[str, int] = {}
    left: dict[Hashable, int] = {}
    before: Hashable = None
    for node in nodes:
        stage = _stage(node)
        if stage != before:
            left[stage] = left.get(stage, -1) + 1
        laps[node.id], before = left[stage], stage
    return laps


def _depths(nodes: tuple[Node, ...], parents: dict[str, tuple[str, ...]]) -> dict[str, int]:
    """Longest way from a source; a workspace that knows no sources yet stands behind all that was opened before it."""
    depth: dict[str, int] = {}
    deepest = 0
    for node in nodes:
        above = [depth[p] for p in parents[node.id] if p in depth]
        if not above and node.shape == "workspace":
            peers = [depth[n.id] for n in nodes if n.id in depth and _stage(n) == _stage(node)]
            depth[node.id] = peers[0] if peers else deepest + 1
        else:
            depth[node.id] = max(above, default=-1) + 1
        deepest = max(deepest, depth[node.id])
    return depth


def _lined_up(
    nodes: tuple[Node, ...], parents: dict[str, tuple[str, ...]], key: Callable[[Node], Hashable]
) -> tuple[tuple[str, ...], ...] | None:
    """Columns by key in an order in which every line goes right, or None where there is none."""
    members: dict[Hashable, list[str]] = {}
    column_of: dict[str, Hashable] = {}
    for node in nodes:
        column_of[node.id] = key(node)
        members.setdefault(column_of[node.id], []).append(node.id)
    graph: nx.DiGraph = nx.DiGraph()
    graph.add_nodes_from(members)
    graph.add_edges_from((column_of[p], column_of[name]) for name, ps in parents.items() for p in ps)
    if not nx.is_directed_acyclic_graph(graph):
        return None
    first = {column: place for place, column in enumerate(members)}
    if ANSWER in column_of:
        first[column_of[ANSWER]] = len(first)
    ordered = nx.lexicographical_topological_sort(graph, key=lambda column: first[column])
    return tuple(tuple(members[column]) for column in ordered)
