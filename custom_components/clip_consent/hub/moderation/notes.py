"""Rows of follow-ups: they wait for a moderator too."""

from dataclasses import dataclass
from datetime import UTC, datetime
import sqlite3

from ...core.errors import ConflictError, LimitError
from ...core.hub_flow import COUNTS
from ...core.hub_models import RefusalReason, Waiting, WaitingKind
from ...core.limits import HUB_NOTES_MAX
from .items import count_refusal, find, redact_item


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskNote:
    """A follow-up as its requester sees it."""

    state: str
    submitted_at: datetime
    text: str
    refused: str | None


def add_note(
    connection: sqlite3.Connection, *, id: str, item_id: str, text: str, now: datetime
) -> None:
    """Keep a follow-up for a moderator; the same one twice is one.

    Raises LimitError where there are too many.
    """
    rows = connection.execute(
        "SELECT state, text FROM notes WHERE item_id = ?", (item_id,)
    ).fetchall()
    if any((row["state"], row["text"]) == ("moderation", text) for row in rows):
        return
    if len(rows) >= HUB_NOTES_MAX:
        raise LimitError("too_many_notes")
    connection.execute(
        "INSERT INTO notes (id, item_id, state, submitted, counts_until, text)"
        " VALUES (?, ?, 'moderation', ?, ?, ?)",
        (id, item_id, now.timestamp(), (now + COUNTS).timestamp(), text),
    )


def claim_note(
    connection: sqlite3.Connection, id: str, now: datetime
) -> tuple[str, str] | None:
    """Return item and text of a follow-up that waits, None if there is no such one.

    Raises ConflictError if it waits no more.
    """
    row = connection.execute("SELECT * FROM notes WHERE id = ?", (id,)).fetchone()
    if row is None:
        return None
    if row["state"] != "moderation" or row["counts_until"] <= now.timestamp():
        raise ConflictError("not_waiting")
    return row["item_id"], row["text"]


def publish_note(connection: sqlite3.Connection, id: str, *, n: int) -> None:
    """Note that a follow-up is public from now on, as entry `n` of the log."""
    connection.execute(
        "UPDATE notes SET state = 'published', n = ? WHERE id = ?", (n, id)
    )


def refuse_note(connection: sqlite3.Connection, id: str, reason: RefusalReason) -> None:
    """Note that a follow-up is not published, and count why."""
    connection.execute(
        "UPDATE notes SET state = 'refused', refused = ? WHERE id = ?",
        (reason.value, id),
    )
    count_refusal(connection, reason)


def redact(connection: sqlite3.Connection, n: int) -> None:
    """Forget here too what entry `n` of the log said: an item's text or a follow-up."""
    redact_item(connection, n)
    connection.execute(
        "UPDATE notes SET state = 'redacted', text = '' WHERE n = ?", (n,)
    )


def notes_of(connection: sqlite3.Connection, item_id: str) -> list[DeskNote]:
    """Return the follow-ups of an item, oldest first."""
    rows = connection.execute(
        "SELECT * FROM notes WHERE item_id = ? ORDER BY number", (item_id,)
    )
    return [
        DeskNote(
            state=row["state"],
            submitted_at=datetime.fromtimestamp(row["submitted"], UTC),
            text=row["text"],
            refused=row["refused"],
        )
        for row in rows
    ]


def waiting_notes(connection: sqlite3.Connection, now: datetime) -> list[Waiting]:
    """Return the follow-ups that wait for a moderator, oldest first."""
    rows = connection.execute(
        "SELECT * FROM notes WHERE state = 'moderation' AND counts_until > ?"
        " ORDER BY number",
        (now.timestamp(),),
    ).fetchall()
    return [_waiting(connection, row) for row in rows]


def _waiting(connection: sqlite3.Connection, row: sqlite3.Row) -> Waiting:
    about = find(connection, row["item_id"]).submitted
    return Waiting(
        id=row["id"],
        kind=WaitingKind.NOTE,
        submitted_at=datetime.fromtimestamp(row["submitted"], UTC),
        title=about.said.title if about else "",
        text=row["text"],
        requester=about.requester if about else None,
        about=row["item_id"],
    )
