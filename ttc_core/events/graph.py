"""The fold of events to a graph: what came from what, with everything a reader may ask of a node."""

from __future__ import annotations

import hashlib
import json
from bisect import insort
from typing import TYPE_CHECKING

from ttc_core.errors import RefusedByModel
from ttc_core.events.kinds import (
    CallCancelled,
    CallFailed,
    CallFinished,
    CallRetried,
    CallShortened,
    CallStarted,
    CandidateMade,
    Decided,
    Distinguished,
    Event,
    Executed,
    NodeOpened,
    PassageFound,
    RunFinished,
    RunResumed,
    RunStarted,
    Scored,
    StepTaken,
    Summarized,
    TestsWritten,
    Voted,
    WorkspaceMade,
)
from ttc_core.events.node import Node, NodeStatus

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["ANSWER", "PROBLEM", "REFUSED", "Graph", "Node", "NodeStatus"]

PROBLEM, ANSWER = "problem", "answer"
"""The ids of the first and the last node of every graph."""

MAKING = ("propose", "act", "refine", "distill", "select", "critique")
"""The roles of calls without which their node does not come to be."""
REFUSED = RefusedByModel.kind
"""The kind of error of a call that a content filter declined."""
FILTERED = "The provider's content filter cut this reply; rephrase the problem or use another model."


class Graph:
    """Nodes by id in the order they were opened, fed one event at a time."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.letters: dict[str, str] = {}
        """Answer key to letter, in order of appearance: A, B, ... Z, A2, ..."""
        self._node_of: dict[str, str] = {}
        self._role_of: dict[str, str] = {}
        self._filtered: set[str] = set()
        self.changed: set[str] = set()
        """Ids touched since somebody last cleared this set; a live picture sends only those."""

    def apply(self, event: Event) -> None:
        """Take in one event; those that say nothing of nodes change nothing."""
        match event:
            case RunStarted():
                self._open(Node(PROBLEM, "problem", status="done", text=event.problem.text))
            case NodeOpened():
                self._opened(event)
            case CallStarted():
                self._call_started(event)
            case CallRetried() | CallCancelled() | CallFailed() | CallFinished():
                self._call_moved(event)
            case CallShortened():
                self._touch(self._node(event.call)).kept[event.call] = event.kept
            case CandidateMade():
                self._candidate_made(event)
            case Summarized():
                self._touch(event.node).summary = event.text
            case Voted():
                self._voted(event)
            case Decided():
                self._decided(event)
            case WorkspaceMade():
                self._workspace_made(event)
            case Scored():
                self._touch(event.node).scores.append(event.score)
            case StepTaken():
                node = self._touch(event.node)
                node.step, node.status = event, "done" if event.status == "ok" else "failed"
                self._touch(event.of).steps.append(event.node)
            case PassageFound():
                node = self._touch(event.node)
                node.passage, node.text, node.status = event, event.text, "done"
                self._touch(event.step).steps.append(event.node)
            case Executed():
                self._touch(event.node).executed.append(event)
            case TestsWritten():
                node = self._touch(event.node)
                node.status = "done"
                node.written.append(event)
            case Distinguished():
                self._touch(event.match).distinguished.append(event)
            case RunFinished():
                self._finished(event)
            case RunResumed():
                self.nodes.pop(ANSWER, None)

    def letter(self, key: str | None) -> str:
        """The letter of an answer; empty for an unreadable one."""
        return self.letters.get(key, "") if key is not None else ""

    def edges(self) -> list[tuple[str, str]]:
        """(from, to) pairs of nodes that exist, in the order of the nodes."""
        return [(p, node.id) for node in self.nodes.values() for p in node.parents if p in self.nodes]

    def networkx(self) -> nx.DiGraph:
        """The same graph for algorithms: ids only."""
        import networkx as nx  # heavy, and most readers of a fold never need it

        graph: nx.DiGraph = nx.DiGraph()
        graph.add_nodes_from(self.nodes)
        graph.add_edges_from(self.edges())
        return graph

    def digest(self) -> str:
        """SHA-256 of what the graph says, whatever order and time its events came in."""
        rows = sorted((_meaning(node) for node in self.nodes.values()), key=lambda row: str(row["id"]))
        return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()

    def _open(self, node: Node) -> None:
        self.nodes.setdefault(node.id, node)
        self.changed.add(node.id)

    def _touch(self, node_id: str) -> Node:
        """The node, made on the spot where an old or damaged log never opened it."""
        if node_id not in self.nodes:
            self._open(Node(node_id, "candidate", parents=(PROBLEM,)))
        self.changed.add(node_id)
        return self.nodes[node_id]

    def _opened(self, event: NodeOpened) -> None:
        parents = event.parents or (() if event.shape == "workspace" else (PROBLEM,))
        self._open(Node(event.node, event.shape, event.round, event.stage, parents, seats=event.seats))

    def _node(self, call: str) -> str:
        return self._node_of.get(call, call.split("/")[0])

    def _call_started(self, event: CallStarted) -> None:
        self._node_of[event.call], self._role_of[event.call] = event.node, event.role
        node = self._touch(event.node)
        if event.call not in node.calls:
            node.calls.append(event.call)
        if node.status != "done":
            node.status = "running"

    def _call_moved(self, event: CallRetried | CallCancelled | CallFailed | CallFinished) -> None:
        node = self._touch(self._node(event.call))
        node.tokens += event.usage.total
        node.tokens_out += event.usage.tokens_out
        node.cost = None if node.cost is None or event.cost is None else node.cost + event.cost
        match event:
            case CallRetried():
                node.retries += 1
                node.failures.append(event.error)
                node.trouble = event.message
            case CallFailed():
                node.failures.append(event.error)
                node.trouble = event.message
                self._settle(node, event.call, "refused" if event.error == REFUSED else "failed")
            case CallCancelled():
                self._settle(node, event.call, "failed")
            case CallFinished() if event.finish == "filter":
                self._filtered.add(event.call)
                node.trouble = FILTERED

    def _settle(self, node: Node, call: str, status: NodeStatus) -> None:
        """A node whose making failed is lost; one that lost only a vote, a score or a summary is not."""
        if node.status != "done" and self._role_of.get(call) in MAKING:
            node.status = status

    def _candidate_made(self, event: CandidateMade) -> None:
        made = event.candidate
        node = self._touch(made.id)
        node.text, node.answer, node.key, node.cites = made.text, made.answer, made.key, made.cites
        filtered = made.key is None and any(call in self._filtered for call in made.ready)
        node.status = "refused" if filtered else "done"
        if made.key is not None and made.key not in self.letters:
            self.letters[made.key] = _letter(len(self.letters))

    def _voted(self, event: Voted) -> None:
        node = self._touch(event.match)
        insort(node.votes, event, key=lambda vote: vote.number)

    def _decided(self, event: Decided) -> None:
        node = self._touch(event.node)
        node.status, node.winner, node.how, node.tally = "done", event.winner, event.how, dict(event.tally)
        won = self.nodes.get(event.winner)
        if won:
            node.answer, node.key = won.answer, won.key

    def _workspace_made(self, event: WorkspaceMade) -> None:
        node = self._touch(event.node)
        node.status, node.text, node.parents, node.note = "done", event.text, event.sources, event.note

    def _finished(self, event: RunFinished) -> None:
        for node in self.nodes.values():
            if node.status == "running":  # in flight when the run ended, and given up
                node.status = "failed"
                self.changed.add(node.id)
        if event.node is None:
            return
        won = self.nodes.get(event.candidate or "")
        key = won.key if won else None
        self._open(
            Node(
                ANSWER,
                "answer",
                0,
                "answer",
                (event.node,),
                "done",
                answer=event.answer,
                key=key,
                winner=event.candidate,
            )
        )


def _letter(index: int) -> str:
    """A to Z, then A2 to Z2, and so on."""
    lap, place = divmod(index, 26)
    return chr(ord("A") + place) + (str(lap + 1) if lap else "")


def _told(node: Node) -> dict[str, object]:
    """What was done and run at a node, but not how long it took; nothing at all where nothing was."""
    facts = [node.step, node.passage, *node.executed, *node.written, *node.distinguished]
    told = sorted(fact.model_dump_json(exclude={"seconds", "call"}) for fact in facts if fact)
    return {"told": told} if told else {}


def _standing(node: Node) -> NodeStatus:
    """As the digest has always had it: before refusals had a status of their own."""
    return ("done" if node.text else "failed") if node.status == "refused" else node.status


def _meaning(node: Node) -> dict[str, object]:
    """What of a node counts for the digest: no tokens, times or letters, which depend on the day."""
    return _told(node) | {
        "id": node.id,
        "shape": node.shape,
        "round": node.round,
        "parents": sorted(node.parents),
        "status": _standing(node),
        "text": node.text,
        "answer": node.answer,
        "key": node.key,
        "summary": node.summary,
        "votes": [(vote.number, vote.order, vote.choice, vote.why) for vote in node.votes],
        "winner": node.winner,
        "how": node.how,
        "tally": sorted(node.tally.items()),
        "scores": sorted(str(score) for score in node.scores),
    }
