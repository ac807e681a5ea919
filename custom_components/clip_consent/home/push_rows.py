"""Rows of pushes: how often a new request was pushed to an approver."""

from datetime import UTC, datetime, timedelta
import sqlite3
from typing import Final

KEPT: Final = timedelta(days=2)


def read_pushes(
    connection: sqlite3.Connection, user_id: str, since: datetime
) -> tuple[datetime, ...]:
    """Return when new requests were pushed to an approver since then."""
    rows = connection.execute(
        "SELECT at FROM pushes WHERE user_id = ? AND at > ? ORDER BY at",
        (user_id, since.timestamp()),
    )
    return tuple(datetime.fromtimestamp(row[0], UTC) for row in rows)


def count_push(connection: sqlite3.Connection, user_id: str, now: datetime) -> None:
    """Count a push to an approver."""
    connection.execute("DELETE FROM pushes WHERE at < ?", ((now - KEPT).timestamp(),))
    connection.execute("INSERT INTO pushes VALUES (?, ?)", (user_id, now.timestamp()))
