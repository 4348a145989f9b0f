"""The values that flow through the house: frozen, comparable, and knowing nothing of models, storage or screens."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Role = Literal[
    "propose",
    "act",  # a further turn of an attempt that uses tools or works in a repository
    "summarize",
    "compare",
    "distill",
    "select",
    "refine",
    "score",
    "critique",
    "write_tests",
    "distinguish",  # write an input on which two programs differ
]
"""What a model call is for. A real model reads the messages; a simulated one reads this."""

AnswerKind = Literal["auto", "number", "choice", "text", "set", "math", "code", "patch", "open"]
"""How answers to a problem are read and compared.

``auto``: as numbers where they are numbers, else as text. ``code``: a Python program, the reply's last fenced block.
``patch``: a change to the problem's files. ``open``: the whole reply; there is no single right one.
"""

Outcome = Literal["correct", "incorrect", "unverified", "judged", "not_run"]
"""``judged``: there is no right answer to compare with, only the opinion of a judge."""
Status = Literal["finished", "cut_by_budget", "stopped", "failed"]


class Value(BaseModel):
    """Base of everything that is passed around or written down: immutable, unknown fields ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Case(Value):
    """One check of code: an expression, and what it must give.

    ``call`` is evaluated where the code stands, such as ``add(2, 3)``. ``expected`` is a Python literal, or
    ``raises ValueError``; empty where only the outcome is asked for.
    """

    call: str
    expected: str = ""


class File(Value):
    """A text file of a repository; ``path`` is relative, with forward slashes."""

    path: str
    text: str


class Document(Value):
    """What a person gave to read; one page where the format has none."""

    name: str
    pages: tuple[str, ...]


class Problem(Value):
    """What is asked. Holds only what a solver may see; what is right is in a `Reference`."""

    id: str
    text: str
    title: str = ""
    kind: AnswerKind = "auto"
    choices: tuple[str, ...] = ()
    topic: str = ""
    entry: str = ""
    """Of code: the function that is asked for."""
    cases: tuple[Case, ...] = ()
    """Of code: the examples that the problem shows, which may steer a strategy."""
    files: tuple[File, ...] = ()
    """Of a patch: the repository that is to be changed."""
    command: str = ""
    """Of a patch: what runs the repository's own tests."""
    documents: tuple[Document, ...] = ()
    """What attempts may search."""
    rubric: str = ""
    """By what answers are judged where none is right."""

    @property
    def asked(self) -> Problem:
        """The problem without what is too long to travel with every call."""
        return self.model_copy(update={"files": (), "documents": ()}) if self.files or self.documents else self


class Scorer(Value):
    """Who says whether an answer to a generated problem is right: a family of reasoning-gym, with what it made."""

    family: str
    entry: dict[str, object] = Field(default_factory=dict)


class Reference(Value):
    """What is right. Only the verdict after a run, and the simulated model, ever see it."""

    answer: str = ""
    """Of code and patches: one that is right; empty where only checks are known."""
    aliases: tuple[str, ...] = ()
    misconceptions: tuple[str, ...] = ()
    """Plausible wrong answers: what the simulated model says when it errs."""
    cases: tuple[Case, ...] = ()
    """Hidden checks of code or of a changed repository."""
    tests: str = ""
    """Hidden checks of code, as Python source that defines ``check(candidate)``."""
    scorer: Scorer | None = None


class Message(Value):
    """One chat message."""

    role: Literal["system", "user", "assistant"]
    content: str


class Shown(Value):
    """A candidate as a request shows it: its id, and its answer as it was read (None: unreadable)."""

    id: str
    answer: str | None


class Request(Value):
    """One model call: the words for a real model, and the meaning for a simulated or scripted one."""

    call: str
    """Where the call stands, such as ``c03/propose`` or ``m1.2/vote5``: fixed by place, not by arrival."""
    role: Role
    node: str
    """The node of the graph this call works for."""
    messages: tuple[Message, ...]
    problem: Problem
    sample: int = 1
    """Tells calls with equal words apart."""
    shown: tuple[Shown, ...] = ()
    """The candidates in the order in which the messages show them."""
    take: int = 1
    """How many of the shown candidates a ``select`` call may name."""
    turn: int = 0
    """Of an attempt that takes several turns: which one this is, from 1."""
    after: tuple[str, ...] = ()
    """The calls whose replies this one rests on: the edges of the critical path."""
    temperature: float = 1.0
    max_tokens: int = 1024
    seed: int = 0


class Usage(Value):
    """Tokens of one call or attempt. ``estimated`` where the provider did not say."""

    tokens_in: int = 0
    tokens_out: int = 0
    cached_in: int = 0
    """Of `tokens_in`, those the provider had in its cache."""
    reasoning_out: int = 0
    """Of `tokens_out`, those that went into hidden thinking; split by length where the provider shows it uncounted."""
    estimated: bool = False

    @property
    def total(self) -> int:
        """Prompt and completion tokens together."""
        return self.tokens_in + self.tokens_out


class Reply(Value):
    """What a model answered. ``cost`` is in US dollars, None where no price is known."""

    text: str
    usage: Usage = Usage()
    cost: float | None = None
    finish: Literal["stop", "length", "filter", "unknown"] = "stop"
    model: str = ""
    simulated: bool = False
    thinking: str = ""
    """What a reasoning model thought before it answered, where the provider shows it."""


class CaseRan(Value):
    """What came of one case. ``got`` is the value as Python writes it, ``raised ...``, or ``no answer: ...``."""

    call: str
    expected: str = ""
    got: str = ""
    ok: bool | None = None
    """None where nothing was expected."""


class Tested(Value):
    """What tests said of a candidate, as strategies and judges use it."""

    __test__ = False  # not a test of ours

    passed: int
    total: int
    words: str = ""
    """What ran and what came of it, for a judge to read."""


class Candidate(Value):
    """One attempt at the problem, as strategies hand it around."""

    id: str
    text: str
    answer: str | None = None
    """The answer as the candidate wrote it; None where none could be read."""
    key: str | None = None
    """The answer's canonical form: equivalent answers have equal keys."""
    round: int = 0
    parents: tuple[str, ...] = ()
    summary: str = ""
    ready: tuple[str, ...] = ()
    """The calls that had to end before this candidate could be used here."""
    cites: tuple[str, ...] = ()
    """The passages (their nodes) that the text names as its sources."""
    tested: Tested | None = None
    """None where nothing was run."""

    def shown(self) -> Shown:
        """This candidate as a request names it."""
        return Shown(id=self.id, answer=self.answer)


class Verdict(Value):
    """What checking the final answer against the reference gave."""

    outcome: Outcome
    detail: str = ""
    passed: int | None = None
    """Of hidden checks; None where there are none, or none was run."""
    total: int | None = None


class Budget(Value):
    """How much a run may spend, judges and retries included. None leaves that side open."""

    calls: Annotated[int, Field(gt=0)] | None = None
    tokens: Annotated[int, Field(gt=0)] | None = None
    dollars: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    seconds: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None


class Cost(Value):
    """A plan before the run: at most this many calls by role, and how many must wait for one another."""

    calls: dict[Role, int]
    depth: int
    attempts: int = 1
    """Of `depth`, the attempts that wait for one another; each may take several turns."""

    @property
    def total(self) -> int:
        """All planned calls."""
        return sum(self.calls.values())


class Range(Value):
    """Where a figure will mostly lie."""

    low: float
    high: float


class Estimate(Value):
    """What a run is expected to come to, said before it starts. `dollars` is None where a price is unknown."""

    calls: Range
    tokens: Range
    dollars: Range | None = None
