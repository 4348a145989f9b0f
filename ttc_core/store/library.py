"""The only door from pages to the store: it knows who is asking, and what they may see and do. Knows no page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ttc_core.errors import NotAllowed, NotFound
from ttc_core.events import Logged
from ttc_core.store.problems import OwnProblem
from ttc_core.store.store import Store
from ttc_core.store.values import RunInfo, RunSettings, RunSummary, SessionInfo, ShareInfo
from ttc_core.types import Problem, Reference, Value


class Access(Value):
    """Who is asking: the owner, who may do everything, or a viewer, who may read one session."""

    session_id: str | None
    """The one session; None for the owner."""

    @classmethod
    def owner(cls) -> Access:
        """May read and change everything."""
        return cls(session_id=None)

    @classmethod
    def viewer(cls, session_id: str) -> Access:
        """May read this session and its runs, and change nothing."""
        return cls(session_id=session_id)


class Library:
    """A store as one person may use it. The methods are the store's; each also raises NotAllowed.

    A viewer does not learn where models were reached, with whose key, and on which machine.
    """

    def __init__(self, store: Store, access: Access) -> None:
        self._store = store
        self._access = access

    @classmethod
    def shared(cls, store: Store, token: str) -> Library:
        """The library as a share link shows it. Ask again for each page view, so that a revoked link closes at once.

        Raises:
            NotFound: The link is unknown, expired or revoked.
        """
        session_id = store.shares.resolve(token)
        if session_id is None:
            raise NotFound("This link is not valid, or not any more; ask whoever sent it for a new one.")
        return cls(store, Access.viewer(session_id))

    @property
    def may_change(self) -> bool:
        """True for the owner: whether to show what a viewer would be refused."""
        return self._access.session_id is None

    def session(self, session_id: str) -> SessionInfo:
        """One session with its runs."""
        self._must_see(session_id)
        return self._seen(self._store.session(session_id))

    def runs(self, session_id: str) -> tuple[RunInfo, ...]:
        """The runs of a session, in order."""
        return self.session(session_id).runs

    def run(self, run_id: str) -> RunInfo:
        """One run, without its events."""
        mine = self._access.session_id
        return self._store.run(run_id) if mine is None else self._run_of(mine, run_id)

    def events(self, run_id: str, after: int = 0, upto: int | None = None) -> list[Logged]:
        """What is on disk of a run's log: the events numbered above `after`, up to and with `upto`."""
        self.run(run_id)
        return self._store.events(run_id, after, upto)

    def sessions(self, search: str = "", limit: int = 50, offset: int = 0) -> list[SessionInfo]:
        """Sessions with their runs, newest first; the owner's alone."""
        return self._owners().sessions(search, limit, offset)

    def shares(self, session_id: str) -> list[ShareInfo]:
        """All links ever made to a session; the owner's alone."""
        return self._owners().shares.shares(session_id)

    def find_session(self, prefix: str) -> str:
        """The id of the one session whose id begins like this; the owner's alone."""
        return self._owners().find_session(prefix)

    def find_run(self, prefix: str) -> str:
        """The id of the one run whose id begins like this; the owner's alone."""
        return self._owners().find_run(prefix)

    def unfinished_runs(self) -> list[RunInfo]:
        """Runs of which no end is known; the owner's alone."""
        return self._owners().unfinished_runs()

    def create_session(self, problem: Problem, reference: Reference | None, title: str | None = None) -> SessionInfo:
        """Keep a problem, so far without runs."""
        return self._owners().create_session(problem, reference, title)

    def add_session(self, info: SessionInfo, logs: Mapping[str, Sequence[Logged]]) -> None:
        """Write a whole session with the logs of its runs."""
        self._owners().add_session(info, logs)

    def create_run(self, session_id: str, settings: RunSettings, owner: str = "") -> str:
        """Add a run to a session; its id."""
        return self._owners().create_run(session_id, settings, owner)

    def take_over(self, run_id: str, owner: str, former: str) -> bool:
        """Make `owner` the writer of a run's log."""
        return self._owners().take_over(run_id, owner, former)

    def save_summary(self, run_id: str, summary: RunSummary) -> None:
        """Keep what lists show of a run."""
        self._owners().save_summary(run_id, summary)

    def rename(self, session_id: str, title: str) -> None:
        """Give a session another title."""
        self._owners().rename(session_id, title)

    def delete_session(self, session_id: str) -> None:
        """Remove a session with its runs, logs and links."""
        self._owners().delete_session(session_id)

    def share(self, session_id: str, label: str = "", expires_at: float | None = None) -> str:
        """Make a link to a session; the token, which is shown this once."""
        return self._owners().shares.share(session_id, label, expires_at)

    def revoke(self, session_id: str, token_hash: str | None = None) -> int:
        """Close one link of a session, or all of them; how many were open."""
        return self._owners().shares.revoke(session_id, token_hash)

    def problems(self) -> list[OwnProblem]:
        """The owner's own problems, the one saved last first; the owner's alone."""
        return self._owners().problems.all()

    def save_problems(self, entries: Sequence[tuple[Problem, Reference | None]]) -> None:
        """Keep problems, all or none."""
        self._owners().problems.save(entries)

    def remove_problem(self, problem_id: str) -> None:
        """Delete one of the owner's problems; sessions keep theirs."""
        self._owners().problems.remove(problem_id)

    def _owners(self) -> Store:
        """The store, for the owner."""
        if not self.may_change:
            raise NotAllowed(
                "A shared session can be looked at, but not changed, and nothing else can be seen with it."
            )
        return self._store

    def _must_see(self, session_id: str) -> None:
        if self._access.session_id not in (None, session_id):
            raise NotAllowed("This link shows one session, and that is another one.")

    def _run_of(self, session_id: str, run_id: str) -> RunInfo:
        """A run of the viewer's session; whether others exist is not told."""
        for run in self.session(session_id).runs:
            if run.id == run_id:
                return run
        raise NotAllowed("This link shows one session, and that run is not in it.")

    def _seen(self, info: SessionInfo) -> SessionInfo:
        """What of a session this person may see."""
        if self.may_change:
            return info
        return info.model_copy(update={"runs": tuple(_without_place(run) for run in info.runs)})


def _without_place(run: RunInfo) -> RunInfo:
    """A run without what tells of machines and accounts."""
    return run.model_copy(update={"settings": run.settings.public, "owner": ""})
