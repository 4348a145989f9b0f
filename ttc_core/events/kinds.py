"""The union of what can happen in a run: frozen facts, without clock or sequence of their own; the log stamps them.

Fields are never renamed or removed; new ones get defaults, so that every old log goes on folding.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from ttc_core.types import (
    Budget,
    Candidate,
    Case,
    CaseRan,
    Cost,
    Estimate,
    Message,
    Problem,
    Role,
    Status,
    Usage,
    Value,
    Verdict,
)

Shape = Literal["problem", "candidate", "match", "workspace", "tally", "answer", "step", "passage"]
Layout = Literal["bracket", "rounds", "tree"]
How = Literal[
    "majority",  # more votes than any other
    "majority_early",  # the rest of the votes could not change it
    "equivalent",  # all entrants give equivalent answers: nothing to vote on
    "bye",  # the only entrant of its group
    "readable",  # the only entrant whose answer could be read
    "tie_vote",  # a tie, broken by extra votes
    "tie_draw",  # a tie, broken by a seeded draw
    "plurality",  # the most frequent answer
    "best_score",  # the highest score
    "tests",  # passed more tests than any other
    "last",  # the latest refinement
]


class RunStarted(Value):
    """The run's settings, whole: with the replies, they determine everything that follows."""

    kind: Literal["run_started"] = "run_started"
    run: str
    problem: Problem
    strategy: str
    params: dict[str, object]
    model: str
    seed: int
    budget: Budget = Budget()
    planned: Cost = Cost(calls={}, depth=0)
    concurrency: int = 16
    simulated: bool = False
    layout: Layout = "tree"
    version: str = ""
    models: tuple[str, ...] = ()
    """Everybody who answers, the proposers first; empty in logs where `model` alone does."""
    answering: str = ""
    """Everybody in few words."""
    judge: str = ""
    """Who judges, where that is not the first proposer."""
    local: bool = False
    """All models run in the app's own machine, so that time is what a call costs."""
    estimate: Estimate | None = None


class RunResumed(Value):
    """A run that was cut off goes on; the time in between does not count."""

    kind: Literal["run_resumed"] = "run_resumed"


class NodeOpened(Value):
    """A place in the graph is known, though nothing may have come of it yet."""

    kind: Literal["node_opened"] = "node_opened"
    node: str
    shape: Shape
    round: int = 0
    stage: str = ""
    """The heading of the column this node stands in."""
    parents: tuple[str, ...] = ()
    seats: int = 0
    """How many votes a match means to ask."""


class CallStarted(Value):
    """A model call was sent, with its exact words."""

    kind: Literal["call_started"] = "call_started"
    call: str
    node: str
    role: Role
    model: str
    key: str
    """Hash of the whole request: what a recorded model looks replies up by."""
    messages: tuple[Message, ...] = ()
    shown: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    sample: int = 1
    max_tokens: int = 0
    temperature: float = 1.0


class CallText(Value):
    """More text of a call in flight, several tokens at a time."""

    kind: Literal["call_text"] = "call_text"
    call: str
    text: str


class CallRetried(Value):
    """An attempt failed and another follows after `wait_s` seconds."""

    kind: Literal["call_retried"] = "call_retried"
    call: str
    attempt: int
    error: str
    message: str
    wait_s: float = 0.0
    usage: Usage = Usage()
    cost: float | None = None


class CallShortened(Value):
    """The words of a call did not fit into the model's context, so it is asked with less material."""

    kind: Literal["call_shortened"] = "call_shortened"
    call: str
    kept: float
    """Share of the material that is still shown, 0 to 1."""
    message: str
    """What the model or its provider said, and what was done: one sentence."""
    messages: tuple[Message, ...] = ()
    """The words as they are sent now."""


class Slowed(Value):
    """A provider asked to wait; from here on fewer calls go to this model at once, or later."""

    kind: Literal["slowed"] = "slowed"
    model: str
    at_once: int
    """The most calls in flight now."""
    per_minute: float | None = None
    """The most requests a minute now; None: no bound."""
    wait_s: float = 0.0
    """Seconds in which no new call starts."""


class CallFinished(Value):
    """A reply, whole."""

    kind: Literal["call_finished"] = "call_finished"
    call: str
    text: str
    usage: Usage = Usage()
    cost: float | None = None
    finish: Literal["stop", "length", "filter", "unknown"] = "stop"
    simulated: bool = False
    model: str = ""
    thinking: str = ""


class CallFailed(Value):
    """A call failed for good; what it was for is dropped."""

    kind: Literal["call_failed"] = "call_failed"
    call: str
    attempt: int
    error: str
    message: str
    usage: Usage = Usage()
    cost: float | None = None


class CallCancelled(Value):
    """A call in flight was given up: no longer needed, stopped, or out of time."""

    kind: Literal["call_cancelled"] = "call_cancelled"
    call: str
    why: str
    usage: Usage = Usage()
    cost: float | None = None


class CandidateMade(Value):
    """An attempt at the problem is there, with its answer as it was read."""

    kind: Literal["candidate"] = "candidate"
    candidate: Candidate


class Summarized(Value):
    """A candidate's summary; `call` is None where the summary could not be had and its own text, cut, stands in."""

    kind: Literal["summary"] = "summary"
    node: str
    text: str
    call: str | None = None


class Voted(Value):
    """One vote of a match: a choice, or an abstention (choice None) with its reason."""

    kind: Literal["vote"] = "vote"
    match: str
    number: int
    call: str
    order: tuple[str, ...]
    """The candidates in the order shown."""
    choice: str | None
    why: Literal["", "unreadable", "failed"] = ""
    extra: bool = False
    """Asked beyond the planned votes, to break a tie."""


class Decided(Value):
    """A match or a tally has its winner."""

    kind: Literal["decided"] = "decided"
    node: str
    winner: str
    how: How
    tally: dict[str, float] = Field(default_factory=dict)
    """Votes, agreeing candidates, tests passed or score by candidate id, as `how` says."""


class WorkspaceMade(Value):
    """A bounded digest of candidates that later candidates are refined from."""

    kind: Literal["workspace"] = "workspace"
    node: str
    text: str
    sources: tuple[str, ...]
    call: str | None = None
    note: str = ""
    """What a reader should know, such as that it was cut to its bound."""


class Scored(Value):
    """A judge's score of one candidate, 0 to 10; None where it could not be read."""

    kind: Literal["score"] = "score"
    node: str
    score: float | None
    call: str


class StepTaken(Value):
    """One step of an attempt that uses tools: what was done, and what came of it. Its node hangs on the attempt's."""

    kind: Literal["step"] = "step"
    node: str
    of: str
    """The candidate that takes it."""
    number: int
    tool: str
    """``bash``, ``python``, ``search``, ``submit``, ``tests``, or ``none`` where nothing was asked that can be done."""
    input: str = ""
    output: str = ""
    """What the model was shown of it; long outputs are cut."""
    status: Literal["ok", "failed", "timeout", "refused"] = "ok"
    diff: str = ""
    """Of a repository: what this step changed, as a unified diff."""
    call: str = ""
    """The call whose reply asked for it; empty where the app did it by itself."""
    seconds: float = 0.0


class PassageFound(Value):
    """A passage of a document that a search brought up."""

    kind: Literal["passage"] = "passage"
    node: str
    step: str
    """The node of the search."""
    number: int
    """As the attempt may cite it: [1], [2], ..."""
    document: str
    page: int
    """From 1."""
    text: str
    score: float


class Executed(Value):
    """A candidate's program was run."""

    kind: Literal["executed"] = "executed"
    node: str
    what: Literal["examples", "written tests", "distinguishing input"]
    results: tuple[CaseRan, ...] = ()
    passed: int = 0
    total: int = 0
    """Cases that expected something."""
    trouble: str = ""
    """Why nothing ran: the program does not load, or there is no sandbox that holds."""
    match: str = ""
    """The match it was run for, if any."""
    seconds: float = 0.0


class TestsWritten(Value):
    """A model wrote tests for the problem, without knowing what is right."""

    __test__ = False  # not a test of ours

    kind: Literal["tests_written"] = "tests_written"
    node: str
    call: str
    cases: tuple[Case, ...] = ()
    trouble: str = ""
    """Why none could be read."""


class Distinguished(Value):
    """A model wrote calls on which the programs of a match may differ; what they gave follows as `Executed`."""

    kind: Literal["distinguished"] = "distinguished"
    match: str
    call: str
    cases: tuple[Case, ...] = ()
    trouble: str = ""


class LeaderChanged(Value):
    """The best candidate so far, and how many of those at hand agree with it."""

    kind: Literal["leader"] = "leader"
    node: str
    agree: int = 0
    of: int = 0
    why: str = ""


class BudgetCut(Value):
    """The budget is spent on one side; no new call starts."""

    kind: Literal["budget_cut"] = "budget_cut"
    axis: str
    limit: float
    spent: float


class Judged(Value):
    """The final answer was checked against the reference, after the run."""

    kind: Literal["verdict"] = "verdict"
    node: str
    verdict: Verdict


class RunFinished(Value):
    """How the run ended; always the last fact."""

    kind: Literal["run_finished"] = "run_finished"
    status: Status
    candidate: str | None = None
    answer: str | None = None
    node: str | None = None
    """The node that decided: a match, a tally, or the candidate itself."""
    after: tuple[str, ...] = ()
    """The calls that the answer rests on last."""
    message: str = ""
    """What was cut, or why it failed: one sentence."""


Event = Annotated[
    RunStarted
    | RunResumed
    | NodeOpened
    | CallStarted
    | CallText
    | CallShortened
    | Slowed
    | CallRetried
    | CallFinished
    | CallFailed
    | CallCancelled
    | CandidateMade
    | Summarized
    | Voted
    | Decided
    | WorkspaceMade
    | Scored
    | StepTaken
    | PassageFound
    | Executed
    | TestsWritten
    | Distinguished
    | LeaderChanged
    | BudgetCut
    | Judged
    | RunFinished,
    Field(discriminator="kind"),
]

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
"""Reads and writes any event as JSON."""


class Logged(Value):
    """An event as its run's log holds it: numbered from 1, stamped with seconds since the epoch."""

    seq: int
    at: float
    event: Event
