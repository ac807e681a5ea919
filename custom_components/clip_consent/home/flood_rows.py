"""Rows of a flood: from outside as any other, inside as little as can be.

What comes in over an invite's limit is a case that nobody is told of. Far beyond it not
even that is kept: its status page has an id that needs no row, and the ledger a count.
"""

from datetime import datetime, timedelta
import json
import sqlite3
from typing import Final

from ..core.ledger import Line
from ..core.limits import FLOOD_PER_INVITE_AND_DAY
from ..core.models import ClosedReason, Request
from .ledger_rows import write_lines
from .status_ids import StatusIds

FORGOTTEN_AT_ONCE: Final = 500
TOLD_EVERY: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_COUNT: Final = "flooded "  # and the invite's id: a key of `meta`


def _is_flooded(connection: sqlite3.Connection, request: Request) -> bool:
    """Tell whether so many came in by this invite that no more cases are kept."""
    [kept] = connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM cases WHERE received > ?"
        " AND received < ? AND invite_id = ? LIMIT ?)",
        (
            (request.received_at - _DAY).timestamp(),
            # what lies further ahead came in while the clock was wrong
            (request.received_at + _DAY).timestamp(),
            request.invite_id,
            FLOOD_PER_INVITE_AND_DAY,
        ),
    ).fetchone()
    return bool(kept >= FLOOD_PER_INVITE_AND_DAY)


def take_flooded(
    connection: sqlite3.Connection, request: Request, ids: StatusIds
) -> str | None:
    """Count a request of a flood and return its id; None if it is of none."""
    if not _is_flooded(connection, request):
        return None
    connection.execute(
        "INSERT INTO meta VALUES (?, '1')"
        " ON CONFLICT (key) DO UPDATE SET value = CAST(value + 1 AS TEXT)",
        (f"{_COUNT}{request.invite_id}",),
    )
    return ids.make(request.expires_at)


class Counts:
    """Tells the ledger how many came in by each invite, once an hour at most."""

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
