"""What this home asks its neighbours, in the database: with keys and ledger lines."""

from collections.abc import Sequence
from datetime import datetime
import json
import sqlite3

from ..base.db import Database
from ..core.ledger import Line
from ..core.own_requests import OwnRequest
from ..core.serial import dump, load
from .ledger_rows import write_lines


class OwnBook:
    """Keeps requests of this home. Raises StoreError when the disk refuses."""

    def __init__(self, db: Database) -> None:
        """Take the home's database."""
        self._db = db

    async def async_all(self) -> tuple[OwnRequest, ...]:
        """Return all that are kept, oldest first."""

        def read(connection: sqlite3.Connection) -> tuple[OwnRequest, ...]:
            rows = connection.execute("SELECT body FROM own_requests ORDER BY asked")
            return tuple(load(OwnRequest, json.loads(row["body"])) for row in rows)

        return await self._db.async_read(read)

    async def async_save(
        self, request: OwnRequest, lines: Sequence[Line], now: datetime
    ) -> None:
        """Keep a request as it is now, with its ledger lines."""

        def save(connection: sqlite3.Connection) -> None:
            connection.execute(
                "INSERT OR REPLACE INTO own_requests VALUES (?, ?, ?)",
                (
                    request.request_id,
                    request.asked_at.timestamp(),
                    json.dumps(dump(request), separators=(",", ":")),
                ),
            )
            write_lines(connection, lines, now)

        await self._db.async_run(save)

    async def async_remove(
        self, request_id: str, lines: Sequence[Line], now: datetime
    ) -> None:
        """Forget a request and its keys."""

        def remove(connection: sqlite3.Connection) -> None:
            connection.execute(
                "DELETE FROM own_requests WHERE request_id = ?", (request_id,)
            )
            write_lines(connection, lines, now)

        await self._db.async_run(remove)
