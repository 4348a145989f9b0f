"""Share links: whoever has the token may read one session. Knows only the tokens' hashes, and no rule of access."""

from __future__ import annotations

import hashlib
import math
import secrets
from collections.abc import Callable

from sqlmodel import col, select, update

from ttc_core.errors import BadInput, NotFound
from ttc_core.store.database import Database
from ttc_core.store.tables import SessionRow, ShareRow
from ttc_core.store.values import ShareInfo


class Shares:
    """The share links of one database."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._database = database
        self._now = now

    def share(self, session_id: str, label: str = "", expires_at: float | None = None) -> str:
        """Make a link to a session.

        Args:
            session_id: The session that may be read.
            label: Whom the link is for, in the owner's words.
            expires_at: Seconds since the epoch; None for a link that holds until it is revoked.

        Returns:
            The token, of 256 random bits. It is shown this once; nobody can look it up later.

        Raises:
            NotFound: There is no such session.
            BadInput: The link would have expired already.
        """
        now = self._now()
        if expires_at is not None and not (math.isfinite(expires_at) and expires_at > now):
            raise BadInput("A share link must expire at a time in the future, or not at all.")
        token = secrets.token_urlsafe(32)
        with self._database.write() as session:
            if session.get(SessionRow, session_id) is None:
                raise NotFound(f"There is no session {session_id}.")
            session.add(
                ShareRow(
                    token_hash=hash_of(token), session_id=session_id, label=label, created_at=now, expires_at=expires_at
                )
            )
        return token

    def resolve(self, token: str) -> str | None:
        """The session that a token opens; None for one that is unknown, expired or revoked."""
        with self._database.read() as session:
            row = session.get(ShareRow, hash_of(token))
            if row is None or row.revoked_at is not None:
                return None
            return row.session_id if row.expires_at is None or self._now() < row.expires_at else None

    def revoke(self, session_id: str, token_hash: str | None = None) -> int:
        """Close one link of a session, or all of them; how many were open."""
        change = update(ShareRow).where(col(ShareRow.session_id) == session_id, col(ShareRow.revoked_at).is_(None))
        if token_hash is not None:
            change = change.where(col(ShareRow.token_hash) == token_hash)
        with self._database.write() as session:
            return session.exec(change.values(revoked_at=self._now())).rowcount

    def shares(self, session_id: str) -> list[ShareInfo]:
        """All links ever made to a session, oldest first."""
        wanted = select(ShareRow).where(ShareRow.session_id == session_id)
        with self._database.read() as session:
            rows = session.exec(wanted.order_by(col(ShareRow.created_at), col(ShareRow.token_hash)))
            return [ShareInfo.model_validate(row.model_dump()) for row in rows]


def hash_of(token: str) -> str:
    """SHA-256 of a token in hexadecimal. Looking up a hash takes a time that says nothing of the token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
