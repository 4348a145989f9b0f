"""What a node shows: its letter, colour, words, votes and marks. Knows nothing of where it stands."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from ttc_core.events import Fold
from ttc_core.events.graph import Graph, Node
from ttc_core.events.kinds import Shape, StepTaken

PALETTE = 8
"""Colours there are; the ninth answer shares the first one's colour, and its letter tells them apart."""

LONGEST_NAME = 48
"""Characters of a model's name that are shown."""

Color = int | Literal["none", "unreadable", "failed", "refused", "workspace"]

HOW = {
    "majority_early": "early",
    "equivalent": "same answer",
    "bye": "bye",
    "readable": "only readable",
    "tie_vote": "extra votes",
    "tie_draw": "drawn",
    "tests": "by tests",
}
"""Decisions worth a word; an ordinary majority is not."""

OUTCOME = {"judged": "judged, not verified", "not_run": "not run"}
"""Verdicts that are called otherwise than they are written down."""


@dataclass(frozen=True, slots=True)
class Pip:
    """One vote, in the order asked."""

    state: Literal["vote", "abstain", "failed", "pending", "unasked"] = "vote"
    letter: str = ""
    color: Color = "none"
    against: bool = False
    """Cast for someone else than the winner."""
    extra: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """How many candidates give one answer."""

    letter: str
    color: Color
    count: int


@dataclass(frozen=True, slots=True)
class Face:
    """All that a node shows."""

    id: str
    kind: Shape
    status: str
    label: str
    sub: str = ""
    mark: str = ""
    letter: str = ""
    color: Color = "none"
    pips: tuple[Pip, ...] = ()
    shares: tuple[Share, ...] = ()
    leader: bool = False
    by: str = ""
    """The model that was asked, cut; only in runs that ask several."""


def face(node: Node, fold: Fold) -> Face:
    """What a node shows at this moment of its run."""
    match node.shape:
        case "candidate":
            return _candidate(node, fold)
        case "match":
            return _match(node, fold)
        case "workspace":
            return _workspace(node, fold)
        case "tally":
            return _tally(node, fold)
        case "answer":
            return _answer(node, fold)
        case "step":
            return _step(node, fold)
        case "passage":
            return _passage(node, fold)
        case "problem":
            return Face(node.id, "problem", "done", "problem")


def tile(node: Node | None, graph: Graph) -> tuple[str, Color]:
    """Letter and colour of the answer at a node."""
    if node is None:
        return "", "none"
    if node.status != "done":
        return "", node.status if node.status in ("failed", "refused") else "none"
    letter = graph.letter(node.key)
    return (letter, color_of(letter)) if letter else ("?", "unreadable")


def color_of(letter: str) -> int:
    """The place of a letter on the scale: A is 0, H is 7, I is 0 again; A2 goes on after Z."""
    lap = int(letter[1:] or 1) - 1
    return (lap * 26 + ord(letter[0]) - ord("A")) % PALETTE


def amount(tokens: int) -> str:
    """A count of tokens in at most four characters."""
    if tokens < 1000:
        return str(tokens) if tokens else ""
    return f"{tokens / 1000:.1f}k" if tokens < 9950 else f"{tokens / 1000:.0f}k"


def asked(node: Node, fold: Fold) -> str:
    """The model that this node's calls went to, by its name; of several the first. Empty before any call."""
    calls = (fold.timeline.calls.get(name) for name in node.calls)
    return next((call.model for call in calls if call), "")


def _by(node: Node, fold: Fold) -> str:
    several = fold.started is not None and len(fold.started.models) > 1
    name = asked(node, fold) if several else ""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def _short(text: str) -> str:
    return text if len(text) <= 12 else text[:11] + "…"


def _status(node: Node, fold: Fold) -> str:
    """As the node says; but when the run is over, nothing waits any more."""
    return "idle" if node.status == "waiting" and fold.status else node.status


def leading(fold: Fold) -> str | None:
    """The candidate that has won, or leads while the run goes on."""
    if fold.finished is not None:
        return fold.finished.candidate
    return fold.leader.node if fold.leader else None


def _candidate(node: Node, fold: Fold) -> Face:
    letter, color = tile(node, fold.graph)
    scores = [score for score in node.scores if score is not None]
    if node.scores:
        sub = f"★ {sum(scores) / len(scores):.1f}" if scores else "★ –"
    elif tests := tests_of(node):
        sub = tests
    elif node.steps and node.status == "done":
        sub = f"{len(node.steps)} st"
    else:
        ends = {"failed": "failed", "refused": "refused", "done": amount(node.tokens)}
        sub = ends.get(node.status, "")
    mark = "retried" if node.retries else ""
    return Face(
        node.id,
        "candidate",
        _status(node, fold),
        _short(node.id),
        sub,
        mark,
        letter,
        color,
        leader=leading(fold) == node.id,
        by=_by(node, fold),
    )


def tests_of(node: Node) -> str:
    """How many of the problem's examples a candidate's program passed, such as 3/4; else of tests that models wrote."""
    for what in ("examples", "written tests"):
        ran = next((ran for ran in reversed(node.executed) if ran.what == what), None)
        if ran and ran.total:
            return f"{ran.passed}/{ran.total}"
    return ""


def _step(node: Node, fold: Fold) -> Face:
    if node.step is None:
        return Face(node.id, "step", _status(node, fold), "…")
    taken = node.step
    changed = sum(line[:1] in "+-" and line[:3] not in ("+++", "---") for line in taken.diff.splitlines())
    came = f"{changed} lines" if changed else f"{len(node.steps)} found" if node.steps else ""
    status = "done" if taken.status == "ok" else "failed"
    return Face(node.id, "step", status, f"{taken.number} {_done(taken)}", came if status == "done" else taken.status)


def _done(taken: StepTaken) -> str:
    """What a step did in one word of ours: nothing of what was typed is shown."""
    if taken.tool != "bash":
        return {"submit": "hand in", "none": "nothing"}.get(taken.tool, _short(taken.tool))
    if taken.diff:
        return "edit"
    if re.search(r"\b(unittest|pytest)\b", taken.input):
        return "test"
    return (
        "look"
        if re.match(r"\s*(cd [^;&|]* && *)?(cat|ls|head|tail|grep|find|sed -n|git|nl|wc|tree)\b", taken.input)
        else "run"
    )


def _passage(node: Node, fold: Fold) -> Face:
    cited = any(node.id in other.cites for other in fold.graph.nodes.values())
    number, page = (node.passage.number, node.passage.page) if node.passage else (0, 0)
    sub = f"cited, p. {page}" if cited else f"p. {page}"
    return Face(node.id, "passage", "done", f"[{number}]", sub, leader=cited, color="workspace")


def _match(node: Node, fold: Fold) -> Face:
    letter, color = tile(node, fold.graph)
    pips = _pips(node, fold)
    if node.status == "done":
        label, sub, mark = _short(node.winner or ""), margin(node), HOW.get(node.how, "")
        return Face(node.id, "match", "done", label, sub, mark, letter, color, pips, by=_by(node, fold))
    status = _status(node, fold)
    label = {"running": "voting", "failed": "cut off", "idle": "not played"}.get(status, "waiting")
    shown = pips if node.votes else pips[: node.seats]
    return Face(node.id, "match", status, label, margin(node), pips=shown, by=_by(node, fold))


def margin(node: Node) -> str:
    """The votes of a match, winner first, such as 6–2; of many entrants the winner's share, such as 5 of 8."""
    counts = Counter(vote.choice for vote in node.votes if vote.choice)
    if not counts:
        return ""
    ids = [parent for parent in dict.fromkeys(name for vote in node.votes for name in vote.order)]
    most = sorted((counts[name] for name in ids), reverse=True)
    return "–".join(map(str, most)) if len(most) <= 3 else f"{most[0]} of {sum(most)}"


def _pips(node: Node, fold: Fold) -> tuple[Pip, ...]:
    """One pip a vote, in the order asked, and one for each that is still to come."""
    if node.how in ("bye", "equivalent", "readable", "tests") or (node.status == "waiting" and not node.votes):
        return ()
    graph = fold.graph
    pips: list[Pip] = []
    heard = {vote.number: vote for vote in node.votes}
    for number in range(1, max([node.seats, *heard]) + 1):
        vote = heard.get(number)
        if vote is None:
            pips.append(Pip("pending" if node.status == "running" else "unasked"))
        elif vote.choice is None:
            pips.append(Pip("failed" if vote.why == "failed" else "abstain", extra=vote.extra))
        else:
            letter, color = tile(graph.nodes.get(vote.choice), graph)
            pips.append(Pip("vote", letter, color, node.winner not in (None, vote.choice), vote.extra))
    return tuple(pips)


def _workspace(node: Node, fold: Fold) -> Face:
    alone = sum(n.shape == "workspace" and n.round == node.round for n in fold.graph.nodes.values()) == 1
    label = node.stage if alone and node.stage else f"workspace {node.id.rpartition('.')[2]}"
    if label == "workspaces":
        label = "workspace"
    if node.status != "done":
        return Face(node.id, "workspace", _status(node, fold), label, color="workspace")
    sources = ", ".join(map(_short, node.parents)) if len(node.parents) <= 2 else f"{len(node.parents)} sources"
    size = f" · {amount(node.tokens_out)} tok" if node.tokens_out else ""
    return Face(node.id, "workspace", "done", label, f"from {sources}{size}", color="workspace")


def _tally(node: Node, fold: Fold) -> Face:
    if node.status != "done":
        label = "waiting" if node.status == "waiting" and not fold.status else "not counted"
        return Face(node.id, "tally", _status(node, fold), label)
    letter, color = tile(node, fold.graph)
    best = node.tally.get(node.winner or "", 0.0)
    scored = node.how == "best_score"
    sub = f"★ {best:.1f}" if scored else f"{best:.0f} of {sum(node.tally.values()):.0f}"
    shares = () if scored else _shares(node, fold.graph)
    return Face(
        node.id, "tally", "done", _short(node.winner or ""), sub, HOW.get(node.how, ""), letter, color, shares=shares
    )


def _shares(node: Node, graph: Graph) -> tuple[Share, ...]:
    found = [(*tile(graph.nodes.get(name), graph), int(count)) for name, count in node.tally.items()]
    return tuple(Share(letter, color, count) for letter, color, count in sorted(found, key=lambda row: -row[2]))


def _answer(node: Node, fold: Fold) -> Face:
    letter, color = tile(node, fold.graph)
    mark = OUTCOME.get(fold.verdict.outcome, fold.verdict.outcome) if fold.verdict else ""
    won = fold.graph.nodes.get(node.winner or "")
    agree, of = agreement(won, fold.graph) if won else (0, 0)
    sub = f"{agree} of {of} agree" if of > 1 else "answer"
    return Face(node.id, "answer", "done", _short(node.winner or "none"), sub, mark, letter, color)


def agreement(node: Node, graph: Graph) -> tuple[int, int]:
    """How many candidates of a candidate's own population give its answer, and how many there are."""
    peers = [n for n in graph.nodes.values() if n.shape == "candidate" and n.round == node.round and n.status == "done"]
    return sum(peer.key is not None and peer.key == node.key for peer in peers), len(peers)
