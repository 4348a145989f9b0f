"""A session as a JSON file, out and in. Trusts nothing of what comes in, and knows nothing of pages.

What is written: the problem, what is right, and of each run its settings and every event. Never written, and never
read from a file: where models are reached or kept, and whose key is used, or a file could send a key to a stranger's
server.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Literal, NoReturn, Protocol

from pydantic import Field, ValidationError
from pydantic_core import from_json

from ttc_core.errors import BadInput
from ttc_core.events import Event, Logged, fold
from ttc_core.events.kinds import CallFailed, CallFinished, CallStarted, NodeOpened, RunStarted, Voted, WorkspaceMade
from ttc_core.store.rows import MAX_NUMBER, clean_title, json_of
from ttc_core.store.values import RunInfo, RunSettings, RunSummary, SessionInfo, new_id, summary_of
from ttc_core.types import Problem, Reference, Value

FORMAT, VERSION = "ttc-session", 1
MAX_BYTES = 64_000_000
MAX_PARTS = 4_000_000
"""Commas and opening brackets: what each value in memory costs at least one of."""
MAX_DEPTH = 32
MAX_RUNS = 200
MAX_EVENTS = 250_000
"""All runs together."""
MAX_PER_NODE = 1_000
"""Calls and votes of one node."""
MAX_TIME = 1e11
"""Seconds since the epoch: some year after 5000."""


class Source(Protocol):
    """Where a session is read from: a store, or a library."""

    def session(self, session_id: str, /) -> SessionInfo:
        """One session with its runs."""
        ...

    def events(self, run_id: str, /) -> list[Logged]:
        """The whole log of a run."""
        ...


class Target(Protocol):
    """Where a session is written to: a store, or a library."""

    def add_session(self, info: SessionInfo, logs: Mapping[str, Sequence[Logged]], /) -> None:
        """Write all of it or nothing."""
        ...


class _Run(Value):
    id: str
    created_at: float = Field(ge=0, le=MAX_TIME)
    settings: RunSettings
    events: tuple[Logged, ...]


class _Session(Value):
    id: str
    title: str
    created_at: float = Field(ge=0, le=MAX_TIME)
    problem: Problem
    reference: Reference | None = None


class _File(Value):
    format: Literal["ttc-session"] = "ttc-session"
    version: Literal[1] = 1
    session: _Session
    runs: tuple[_Run, ...]


def export_session(source: Source, session_id: str) -> bytes:
    """A session as JSON in UTF-8. Raises NotFound, and NotAllowed where this reader may not see it."""
    info = source.session(session_id)
    runs = [
        _Run(id=run.id, created_at=run.created_at, settings=run.settings.public, events=tuple(source.events(run.id)))
        for run in info.runs
    ]
    session = _Session.model_validate(info.model_dump())
    return json_of(_File(session=session, runs=tuple(runs))).encode()


def import_session(target: Target, data: bytes) -> str:
    """Keep the session of such a file, under new ids; its id.

    Raises:
        BadInput: The file is not one of ours, is damaged, too large, or made to do harm. Nothing was changed then.
        NotAllowed: The target is somebody else's.
    """
    _check_form(data)
    try:
        file = _File.model_validate_json(data, strict=True)
    except ValidationError as error:
        where = ".".join(str(step) for step in error.errors(include_url=False, include_input=False)[0]["loc"][:6])
        raise BadInput(f"The file was not imported: it is damaged at {clean_title(where) or 'its top'}.") from error
    session_id, now = new_id("s_"), time.time()
    kept = [_adopted(session_id, place, run) for place, run in enumerate(file.runs, 1)]
    info = SessionInfo(
        id=session_id,
        title=clean_title(file.session.title) or "Untitled",
        problem=file.session.problem,
        reference=file.session.reference,
        created_at=min(file.session.created_at, now),
        updated_at=now,
        runs=tuple(run for run, _ in kept),
    )
    target.add_session(info, {run.id: log for run, log in kept})
    return session_id


def _adopted(session_id: str, place: int, run: _Run) -> tuple[RunInfo, list[Logged]]:
    """A run and its log under a new id. A run that had not ended is kept as a stopped one: nobody goes on with it."""
    _check_log(run.events)
    run_id = new_id("r_")
    log = [_renamed(logged, run_id) for logged in run.events]
    summary = summary_of(fold(log))
    _check_summary(summary)
    info = RunInfo(
        id=run_id,
        session_id=session_id,
        place=place,
        settings=run.settings.public,
        created_at=run.created_at,
        summary=summary.model_copy(update={"status": summary.status or "stopped"}),
    )
    return info, log


def _renamed(logged: Logged, run_id: str) -> Logged:
    if not isinstance(logged.event, RunStarted):
        return logged
    return logged.model_copy(update={"event": logged.event.model_copy(update={"run": run_id})})


def _check_form(data: bytes) -> None:
    """What can be said of a file before its meaning is looked at: size, shape, format and version, counts."""
    if len(data) > MAX_BYTES:
        _refuse(f"it is larger than {MAX_BYTES // 1_000_000} MB")
    if data.count(b",") + data.count(b"[") + data.count(b"{") > MAX_PARTS:
        _refuse("it has too many parts")
    try:
        content = from_json(data, allow_inf_nan=False)
    except (ValueError, RecursionError) as error:
        raise BadInput("The file cannot be read as JSON: it is damaged, nested too deeply, or another kind.") from error
    _check_values(content)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        _refuse("it is not a session of this app")
    if content.get("version") != VERSION:
        _refuse("it is of a version that this app does not know; update the app")
    runs = content.get("runs")
    if not isinstance(runs, list) or len(runs) > MAX_RUNS:
        _refuse(f"its runs are missing, or more than {MAX_RUNS}")
    logs = [run.get("events") for run in runs if isinstance(run, dict)]
    if sum(len(log) for log in logs if isinstance(log, list)) > MAX_EVENTS:
        _refuse(f"it has more than {MAX_EVENTS} events")


def _check_values(content: object) -> None:
    """Level by level, not by recursion: depth, and numbers that no program could keep."""
    level, depth = [content], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            _refuse("it is nested too deeply")
        for value in level:
            if isinstance(value, int) and abs(value) > MAX_NUMBER:
                _refuse("a whole number in it is too large")
            if isinstance(value, float) and not math.isfinite(value):
                _refuse("a number in it is too large")
        level = [child for value in level for child in _children(value)]


def _children(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _check_log(log: Sequence[Logged]) -> None:
    """What every log of ours keeps to, and what whoever folds or draws one rests on."""
    if [logged.seq for logged in log] != list(range(1, len(log) + 1)):
        _refuse("its events are not numbered one by one")
    if not all(0 <= logged.at <= MAX_TIME for logged in log):
        _refuse("an event in it has no possible time")
    if log and not isinstance(log[0].event, RunStarted):
        _refuse("a run in it does not begin with its start")
    _check_order([logged.event for logged in log])


def _check_order(events: Sequence[Event]) -> None:
    """Nothing may come of itself, be answered before it was asked, or be asked without end."""
    nodes: dict[str, set[str]] = {}
    calls: dict[str, set[str]] = {}
    busy: dict[str, int] = {}
    for event in events:
        match event:
            case NodeOpened():
                nodes.setdefault(event.node, set()).update(event.parents)
            case WorkspaceMade():
                nodes.setdefault(event.node, set()).update(event.sources)
            case CallStarted():
                calls.setdefault(event.call, set()).update(event.after)
                busy[event.node] = busy.get(event.node, 0) + 1
            case Voted():
                busy[event.match] = busy.get(event.match, 0) + 1
            case CallFinished() | CallFailed() if event.call not in calls:
                _refuse("a call in it is answered before it was asked")
    if max(busy.values(), default=0) > MAX_PER_NODE:
        _refuse(f"a node in it has more than {MAX_PER_NODE} calls and votes")
    try:
        TopologicalSorter(nodes).prepare()
        TopologicalSorter(calls).prepare()
    except CycleError as error:
        raise BadInput("The file was not imported: something in it comes of itself.") from error


def _check_summary(summary: RunSummary) -> None:
    """Sums of numbers that are each possible need not be."""
    sums = (summary.tokens_in, summary.tokens_out, summary.cost, summary.wall_s)
    if not all(value is None or 0 <= value <= MAX_NUMBER for value in sums):
        _refuse("its tokens or its cost cannot be")


def _refuse(why: str) -> NoReturn:
    raise BadInput(f"The file was not imported: {why}.")
