"""What the owner chose and wants to find again: JSON under a name. Knows nothing of its meaning; never holds a key."""

from __future__ import annotations

import json

from ttc_core.errors import BadInput
from ttc_core.store.database import Database
from ttc_core.store.tables import PreferenceRow

MAX_BYTES = 64_000


class Preferences:
    """The preferences of one database. Every method raises BadInput where the database fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> object | None:
        """What was kept under that name; None where there is nothing, or nothing that can be read."""
        with self._database.read() as session:
            row = session.get(PreferenceRow, name)
            body = row.body if row else "null"
        try:
            kept: object = json.loads(body)
        except (ValueError, RecursionError):
            return None
        return kept

    def set(self, name: str, value: object) -> None:
        """Keep a value in place of the one before. Raises BadInput where it is no JSON, or longer than `MAX_BYTES`."""
        try:
            body = json.dumps(value, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise BadInput(f"The preference {name} cannot be kept: it is not JSON.") from error
        if len(body) > MAX_BYTES:
            raise BadInput(f"The preference {name} cannot be kept: it is longer than {MAX_BYTES // 1000} kB.")
        with self._database.write() as session:
            session.merge(PreferenceRow(name=name, body=body))

    def remove(self, name: str) -> None:
        """Forget what was kept under that name, if there is anything."""
        with self._database.write() as session:
            if row := session.get(PreferenceRow, name):
                session.delete(row)
