"""Rows of who sent something lately: who sends it twice gets the same answer.

They are kept of all senders alike, whether what they sent is a case or one of a flood,
and of no more than the last ones: so they neither tell what became of a request nor
grow with a flood.
"""

from datetime import datetime
import hashlib
import sqlite3
from typing import Final

from ..core.limits import SENDERS_KEPT
from ..core.models import Request

_LET_GO_AT_ONCE: Final = 100


def find_sender(
    connection: sqlite3.Connection, request: Request, now: datetime
) -> str | None:
    """Return the id of the same sender's request that can still be reached."""
    row = connection.execute(
        "SELECT request_id FROM senders WHERE sender = ? AND until > ?",
        (_sender(request), now.timestamp()),
    ).fetchone()
    return str(row["request_id"]) if row else None


def insert_sender(
    connection: sqlite3.Connection, request: Request, request_id: str
) -> None:
    """Keep under which id a request was taken in, and let go of the oldest."""
    sender = _sender(request)
    if sender is None:
        return
    number = connection.execute(
        "INSERT OR REPLACE INTO senders (sender, request_id, until) VALUES (?, ?, ?)",
        (sender, request_id, request.reachable_until.timestamp()),
    ).lastrowid
    if number and number % _LET_GO_AT_ONCE == 0:
        connection.execute(
            "DELETE FROM senders WHERE number <= ?", (number - SENDERS_KEPT,)
        )


def forget_senders(connection: sqlite3.Connection, now: datetime) -> None:
    """Forget whose requests cannot be reached any more."""
    connection.execute("DELETE FROM senders WHERE until <= ?", (now.timestamp(),))


def _sender(request: Request) -> str | None:
    """Return what stands for a sender: one key by one invite. Others have no row."""
    if request.invite_id is None or request.recipient is None:
        return None
    return hashlib.sha256(
        f"{request.invite_id} {request.recipient}".encode()
    ).hexdigest()
