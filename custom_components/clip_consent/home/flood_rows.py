"""Rows of a flood: from outside as any other, inside as little as can be.

What comes in over an invite's limit is a case that nobody is told of. Far beyond it not
even that is kept: the status page has its row, and the ledger a count.
"""

from datetime import datetime, timedelta
import hashlib
import json
import sqlite3
from typing import Final

from ..core.ledger import Line
from ..core.limits import FLOOD_PER_INVITE_AND_DAY
from ..core.models import ClosedReason, Request
from .ledger_rows import write_lines

FORGOTTEN_AT_ONCE: Final = 500
TOLD_EVERY: Final = timedelta(minutes=1)
_DAY: Final = timedelta(days=1)
_COUNT: Final = "flooded "  # and the invite's id: a key of `meta`


def is_flooded(connection: sqlite3.Connection, request: Request) -> bool:
    """Tell whether so many came in by this invite that no more cases are kept."""
    [kept] = connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM cases WHERE received > ?"
        " AND invite_id = ? LIMIT ?)",
        (
            (request.received_at - _DAY).timestamp(),
            request.invite_id,
            FLOOD_PER_INVITE_AND_DAY,
        ),
    ).fetchone()
    return bool(kept >= FLOOD_PER_INVITE_AND_DAY)


def insert_flooded(connection: sqlite3.Connection, request: Request) -> None:
    """Keep a public status without a case, and count it for the ledger."""
    connection.execute(
        "INSERT OR REPLACE INTO status (request_id, look_again, until, sender)"
        " VALUES (?, ?, ?, ?)",
        (
            request.request_id,
            request.expires_at.timestamp(),
            request.reachable_until.timestamp(),
            _sender(request),
        ),
    )
    connection.execute(
        "INSERT INTO meta VALUES (?, '1')"
        " ON CONFLICT (key) DO UPDATE SET value = CAST(value + 1 AS TEXT)",
        (f"{_COUNT}{request.invite_id}",),
    )


def find_flooded(
    connection: sqlite3.Connection, request: Request, now: datetime
) -> str | None:
    """Return the id of the same sender's request, as for one that is a case."""
    row = connection.execute(
        "SELECT request_id FROM status WHERE sender = ? AND until > ?",
        (_sender(request), now.timestamp()),
    ).fetchone()
    return str(row["request_id"]) if row else None


class Counts:
    """Tells the ledger how many came in by each invite, once a minute at most."""

    def __init__(self) -> None:
        """Begin with nothing told."""
        self._told: datetime | None = None

    def write(self, connection: sqlite3.Connection, now: datetime) -> None:
        """Write what was counted since the last time."""
        if self._told and abs(now - self._told) < TOLD_EVERY:
            return
        rows = connection.execute(
            "DELETE FROM meta WHERE key GLOB ? RETURNING key, value", (f"{_COUNT}*",)
        ).fetchall()
        counts = {row["key"].removeprefix(_COUNT): int(row["value"]) for row in rows}
        lines = [
            Line(kind="flooded", case_id=None, data={"invite_id": each, "count": count})
            for each, count in sorted(counts.items())
        ]
        if lines:
            write_lines(connection, lines, now)
            self._told = now


def forget_status(connection: sqlite3.Connection, now: datetime) -> None:
    """Forget what the public may see no more, and of a flood the cases with it."""
    rows = connection.execute(
        "DELETE FROM status WHERE request_id IN"
        " (SELECT request_id FROM status WHERE until <= ? LIMIT ?)"
        " RETURNING request_id",
        (now.timestamp(), FORGOTTEN_AT_ONCE),
    ).fetchall()
    connection.execute(
        "DELETE FROM cases WHERE request_id IN (SELECT value FROM json_each(?))"
        " AND json_extract(body, '$.closed') = ?",
        (json.dumps([row[0] for row in rows]), ClosedReason.OVER_LIMIT.value),
    )


def _sender(request: Request) -> str:
    return hashlib.sha256(
        f"{request.invite_id} {request.recipient}".encode()
    ).hexdigest()
