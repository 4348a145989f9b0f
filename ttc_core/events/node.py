"""One node of a run's graph, with everything a reader may ask of it. Knows no event but the votes it keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ttc_core.events.kinds import Distinguished, Executed, PassageFound, Shape, StepTaken, TestsWritten, Voted

NodeStatus = Literal["waiting", "running", "done", "failed", "refused"]
"""`refused`: the provider's content filter declined, or left nothing of the reply that could be read."""


@dataclass
class Node:
    """One node, as far as the log has come. Tokens, cost and calls are those spent on this node."""

    id: str
    shape: Shape
    round: int = 0
    stage: str = ""
    parents: tuple[str, ...] = ()
    status: NodeStatus = "waiting"
    seats: int = 0
    text: str = ""
    answer: str | None = None
    key: str | None = None
    summary: str = ""
    calls: list[str] = field(default_factory=list)
    tokens: int = 0
    """Prompt and completion tokens."""
    tokens_out: int = 0
    cost: float | None = 0.0
    retries: int = 0
    failures: list[str] = field(default_factory=list)
    """The kinds of what went wrong, in order."""
    trouble: str = ""
    """The last of it in a sentence, as the provider's words were understood."""
    votes: list[Voted] = field(default_factory=list)
    winner: str | None = None
    how: str = ""
    tally: dict[str, float] = field(default_factory=dict)
    scores: list[float | None] = field(default_factory=list)
    note: str = ""
    step: StepTaken | None = None
    passage: PassageFound | None = None
    steps: list[str] = field(default_factory=list)
    """Of a candidate: the nodes of its steps, in order; of a search: those of the passages it brought up."""
    executed: list[Executed] = field(default_factory=list)
    """What was run of a candidate's program, in order."""
    written: list[TestsWritten] = field(default_factory=list)
    distinguished: list[Distinguished] = field(default_factory=list)
    cites: tuple[str, ...] = ()
    """The passages that a candidate names as its sources."""
    kept: dict[str, float] = field(default_factory=dict)
    """What share of its material each call was still shown, where it did not fit into the model's context."""

    @property
    def notes(self) -> list[str]:
        """What a reader should know of it, each in a few words."""
        shares = list(self.kept.values())
        cut = [f"material cut to {min(shares):.0%}"] if shares else []
        if len(shares) > 1:
            cut = [f"{cut[0]} or more in {len(shares)} calls"]
        return [*([self.note] if self.note else []), *cut]

    @property
    def carries(self) -> str | None:
        """The candidate that comes out of this node: itself, or the winner it decided on."""
        return self.id if self.shape == "candidate" else self.winner
