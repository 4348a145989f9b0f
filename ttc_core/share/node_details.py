"""What a reader may want to know of every node of a run, as plain data for the stand-alone page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ttc_core.events import Fold, Logged
from ttc_core.events.graph import Node
from ttc_core.events.kinds import CallFinished, Voted
from ttc_core.events.timeline import Call
from ttc_core.types import Case
from ttc_core.views.faces import HOW, asked, margin, tile


def node_details(whole: Fold, log: Sequence[Logged]) -> dict[str, dict[str, Any]]:
    """Details by node id, as they are at the end of the log."""
    replies = {logged.event.call: logged.event.text for logged in log if isinstance(logged.event, CallFinished)}
    return {node.id: _details(node, whole, replies) for node in whole.graph.nodes.values()}


def _details(node: Node, whole: Fold, replies: dict[str, str]) -> dict[str, Any]:
    letter, color = tile(node, whole.graph)
    details: dict[str, Any] = {
        "title": _title(node),
        "line": " · ".join(_line(node, whole)),
        "letter": letter,
        "color": color,
        "note": ". ".join(node.notes),
        "trouble": _trouble(node),
        "parents": [parent for parent in node.parents if parent in whole.graph.nodes],
        "votes": [_vote(vote, whole, replies) for vote in node.votes],
        "steps": [step for step in node.steps if step in whole.graph.nodes],
        "cites": [passage for passage in node.cites if passage in whole.graph.nodes],
        "facts": _facts(node),
        "summary": node.summary,
        "text": node.text,
        "calls": [_call(whole.timeline.calls[call]) for call in node.calls if call in whole.timeline.calls],
    }
    if node.answer is not None:
        details["answer"] = node.answer
    return details


def _facts(node: Node) -> list[dict[str, str]]:
    """What was done and run at a node, each with a heading."""
    facts: list[tuple[str, str]] = []
    if node.step:
        taken = node.step
        facts += [("Command", taken.input), ("Output", taken.output), ("What it changed", taken.diff)]
    if node.passage:
        facts.append((f"{node.passage.document}, page {node.passage.page}", node.passage.text))
    for tests in node.written:
        facts.append(("Tests that a model wrote", _cases(tests.cases) or tests.trouble))
    for inputs in node.distinguished:
        facts.append(("Inputs on which the programs may differ", _cases(inputs.cases) or inputs.trouble))
    for ran in node.executed:
        passed = f", {ran.passed} of {ran.total} passed" if ran.total else ""
        lines = (f"{case.call} → {case.got or 'no answer'}" for case in ran.results)
        where = f" in {ran.match}" if ran.match else ""
        facts.append((f"Ran: {ran.what}{where}{passed}", ran.trouble or "\n".join(lines)))
    return [{"title": title, "text": text} for title, text in facts if text]


def _cases(cases: Sequence[Case]) -> str:
    return "\n".join(f"{case.call} → {case.expected}" if case.expected else case.call for case in cases)


def _title(node: Node) -> str:
    return node.shape.capitalize() if node.id == node.shape else f"{node.shape.capitalize()} {node.id}"


def _trouble(node: Node) -> str:
    """What went wrong, in the words of whoever said so; empty where nothing did, or it did not matter in the end."""
    return node.trouble if node.status in ("failed", "refused") else ""


def _line(node: Node, whole: Fold) -> list[str]:
    """The node's figures, those that there are."""
    started = whole.started
    line: list[str] = [node.status]
    if node.winner and node.shape in ("match", "tally"):
        how = HOW.get(node.how, node.how.replace("_", " "))
        line = [f"{node.winner} won {margin(node)}".strip(), how]
    if any(score is not None for score in node.scores):
        line.append("scored " + ", ".join(f"{score:g}" for score in node.scores if score is not None))
    if node.tokens:
        line.append(f"{node.tokens:,} tokens")
    if node.cost:
        line.append(f"${node.cost:.4f}")
    if node.cost is None and not (started and started.local):
        line.append("cost unknown")
    if started and len(started.models) > 1 and (model := asked(node, whole)):
        line.append(f"by {model}")
    if node.retries:
        line.append(f"{node.retries} retried")
    return [*line, *dict.fromkeys(node.failures)]


def _vote(vote: Voted, whole: Fold, replies: dict[str, str]) -> dict[str, Any]:
    chosen = whole.graph.nodes.get(vote.choice) if vote.choice else None
    letter, color = tile(chosen, whole.graph) if chosen else ("–", "unreadable")
    said = vote.choice or f"abstained: {vote.why or 'no choice'}"
    extra = " · extra vote" if vote.extra else ""
    return {
        "letter": letter,
        "color": color,
        "line": f"{said} · shown {', '.join(vote.order)}{extra}",
        "text": replies.get(vote.call, ""),
    }


def _call(call: Call) -> dict[str, str]:
    seconds = f"{call.end - call.start:.1f} s" if call.end is not None else "in flight"
    cached = f" ({call.cached_in:,} cached)" if call.cached_in else ""
    thought = f" ({call.reasoning_out:,} thinking)" if call.reasoning_out else ""
    line = [call.status, call.model, seconds, f"{call.tokens_in:,}{cached} in, {call.tokens_out:,}{thought} out"]
    if call.attempts > 1:
        line.append(f"{call.attempts} attempts")
    if call.shortened:
        line.append(call.shortened.message)
    line.extend(f"{lost.error}: {lost.message}" for lost in call.lost)
    return {"name": call.id, "line": " · ".join(filter(None, line)), "thinking": call.thinking}
