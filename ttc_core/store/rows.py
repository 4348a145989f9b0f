"""Between rows and values: what is cleaned on the way in, and put together on the way out. Knows no transaction."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from pydantic_core import PydanticSerializationError
from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, exists, select

from ttc_core.choice import ModelChoice, Team
from ttc_core.errors import BadInput
from ttc_core.events import Logged
from ttc_core.store.tables import RunRow, SessionRow
from ttc_core.store.values import RunInfo, RunSettings, SessionInfo
from ttc_core.types import Value

MAX_TITLE = 200
MAX_NUMBER = 2**53
"""Whole numbers beyond this are not the same in every program that reads JSON."""


def clean_title(text: str) -> str:
    """The first line with anything in it, without control characters, cut to `MAX_TITLE` characters."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    seen = " ".join("".join(c if c.isprintable() else " " for c in first).split())
    return seen if len(seen) <= MAX_TITLE else seen[: MAX_TITLE - 1] + "…"


def safe_settings(settings: RunSettings) -> RunSettings:
    """Settings as they may be saved. The messages do not repeat what was given: it may be a key."""
    if abs(settings.seed) > MAX_NUMBER:
        raise BadInput(f"A seed must lie between -{MAX_NUMBER} and {MAX_NUMBER}.")
    _check_variable(settings.key_env)
    team = safe_team(settings.team) if settings.team else None
    return settings.model_copy(update={"api_base": _safe_base(settings.api_base), "team": team})


def safe_team(team: Team) -> Team:
    """Models as they may be saved: no key in a base URL, nor in place of a variable's name. Raises BadInput."""
    judge = _safe_choice(team.judge) if team.judge else None
    return team.model_copy(update={"proposers": tuple(map(_safe_choice, team.proposers)), "judge": judge})


def _safe_choice(choice: ModelChoice) -> ModelChoice:
    _check_variable(choice.key_env)
    return choice.model_copy(update={"api_base": _safe_base(choice.api_base)})


def _check_variable(name: str | None) -> None:
    if name is not None and not re.fullmatch(r"[A-Z_][A-Z0-9_]{0,99}", name):
        raise BadInput("A key is named by its environment variable, in capitals, such as OPENAI_API_KEY.")


def _safe_base(base: str | None) -> str | None:
    """A base URL without user, password and query."""
    if base is None:
        return None
    try:
        url = urlsplit(base)
    except ValueError as error:
        raise BadInput("The base URL of the model cannot be read.") from error
    if url.scheme not in ("http", "https") or not url.netloc:
        raise BadInput("The base URL of the model must begin with http:// or https:// and name a host.")
    return url._replace(netloc=url.netloc.rpartition("@")[2], query="", fragment="").geturl()


def mentions(word: str) -> ColumnElement[bool]:
    """Does a session, or one of its runs, have this word somewhere?"""
    run_has = or_(*(col(c).icontains(word, autoescape=True) for c in (RunRow.answer, RunRow.strategy, RunRow.model)))
    return or_(
        col(SessionRow.title).icontains(word, autoescape=True),
        col(SessionRow.problem)["text"].as_string().icontains(word, autoescape=True),
        exists().where(col(RunRow.session_id) == col(SessionRow.id), run_has),
    )


def session_infos(session: Session, rows: Sequence[SessionRow]) -> list[SessionInfo]:
    """These sessions with their runs, which are fetched all at once."""
    runs: dict[str, list[RunInfo]] = {row.id: [] for row in rows}
    wanted = select(RunRow).where(col(RunRow.session_id).in_(runs)).order_by(col(RunRow.session_id), col(RunRow.place))
    for run in session.exec(wanted):
        runs[run.session_id].append(run_info(run))
    return [SessionInfo.model_validate(row.model_dump() | {"runs": runs[row.id]}) for row in rows]


def run_info(row: RunRow) -> RunInfo:
    """Columns are named as the fields, so each value picks its own."""
    columns = row.model_dump()
    return RunInfo.model_validate(columns | {"settings": columns, "summary": columns})


def run_row(run: RunInfo) -> RunRow:
    """A run as its row."""
    own = run.model_dump(mode="json", exclude={"settings", "summary"})
    return RunRow(**own, **run.settings.model_dump(mode="json"), **run.summary.model_dump())


def session_row(info: SessionInfo) -> SessionRow:
    """A session as its row, without its runs."""
    return SessionRow(**info.model_dump(mode="json", exclude={"runs"}))


def event_row(run_id: str, logged: Logged) -> dict[str, object]:
    """An event as the columns of its row."""
    return {
        "run_id": run_id,
        "seq": logged.seq,
        "at": logged.at,
        "kind": logged.event.kind,
        "body": json_of(logged.event),
    }


def json_of(value: Value) -> str:
    """A value as JSON. Half characters, which a cut stream leaves behind and UTF-8 cannot hold, become ``?``."""
    try:
        return value.model_dump_json()
    except PydanticSerializationError:
        text = json.dumps(value.model_dump(), ensure_ascii=False)
        return text.encode("utf-8", "replace").decode()
