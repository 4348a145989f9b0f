"""What the store hands out: frozen values of sessions, runs and share links. Knows no database."""

from __future__ import annotations

import base64
import secrets

from pydantic import Field

from ttc_core.choice import ModelChoice, Team, public_name
from ttc_core.events import Fold
from ttc_core.types import Budget, Outcome, Problem, Reference, Status, Value


class RunSettings(Value):
    """What a run was started with. A key is never here, only the name of the environment variable that holds it."""

    strategy: str
    params: dict[str, object] = Field(default_factory=dict)
    model: str
    api_base: str | None = None
    """Base URL of the provider; saved without user, password and query."""
    key_env: str | None = None
    """Name of an environment variable, in capitals."""
    seed: int = 0
    budget: Budget = Budget()
    team: Team | None = None
    """Everybody who answers, whole; None in runs saved before there were teams, where `model` alone does."""

    @property
    def answering(self) -> Team:
        """Everybody who answers, also in runs saved before there were teams."""
        alone = ModelChoice(name=self.model, api_base=self.api_base, key_env=self.key_env)
        return self.team or Team(proposers=(alone,))

    @property
    def public(self) -> RunSettings:
        """These settings without what tells of machines and accounts: for everybody but the owner."""
        team = self.team and Team(
            proposers=tuple(map(_public, self.team.proposers)),
            judge=_public(self.team.judge) if self.team.judge else None,
        )
        return self.model_copy(
            update={"model": public_name(self.model), "api_base": None, "key_env": None, "team": team}
        )


def _public(choice: ModelChoice) -> ModelChoice:
    return choice.model_copy(update={"name": public_name(choice.name), "api_base": None, "key_env": None})


class RunSummary(Value):
    """What a list shows of a run. Every field is None until it is known; `status` is None while the run goes on."""

    status: Status | None = None
    answer: str | None = None
    verdict: Outcome | None = None
    candidate: str | None = None
    calls: int | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: float | None = None
    """US dollars; None where a price is unknown, too."""
    wall_s: float | None = None
    critical_path_s: float | None = None
    events: int | None = None
    simulated: bool | None = None


class RunInfo(Value):
    """One run of a session, without its events."""

    id: str
    session_id: str
    place: int
    """1 for the session's first run, and so on."""
    settings: RunSettings
    created_at: float
    """Seconds since the epoch, as all times of the store."""
    owner: str = ""
    """``host:pid`` of the process that writes the run's log."""
    summary: RunSummary = RunSummary()


class SessionInfo(Value):
    """What is saved and shared: a problem and its runs, in order."""

    id: str
    title: str
    problem: Problem
    reference: Reference | None = None
    created_at: float
    updated_at: float
    runs: tuple[RunInfo, ...] = ()


class ShareInfo(Value):
    """A share link as its owner sees it. The token itself was shown once and is not known any more."""

    token_hash: str
    """SHA-256 of the token, in hexadecimal."""
    session_id: str
    label: str = ""
    created_at: float
    expires_at: float | None = None
    revoked_at: float | None = None


def new_id(prefix: str) -> str:
    """A random id such as ``s_4k2jq7mzvw3a``: the prefix and 60 bits in lower-case base32."""
    return prefix + base64.b32encode(secrets.token_bytes(8))[:12].decode().lower()


def summary_of(state: Fold) -> RunSummary:
    """What a run's fold comes to."""
    return RunSummary(
        status=state.status,
        answer=state.answer,
        verdict=state.verdict.outcome if state.verdict else None,
        candidate=state.finished.candidate if state.finished else None,
        calls=state.totals.calls,
        tokens_in=state.totals.tokens_in,
        tokens_out=state.totals.tokens_out,
        cost=state.totals.cost,
        wall_s=state.timeline.wall_s,
        critical_path_s=state.timeline.critical_path_s,
        events=state.seq,
        simulated=state.totals.simulated or bool(state.started and state.started.simulated),
    )
