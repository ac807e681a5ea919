"""The rows of the public log. It only grows; a text can be taken away, once."""

from datetime import datetime
import json
import secrets
import sqlite3
from typing import Final

from ..core.errors import ConflictError, NotFoundError
from ..core.limits import FEED_MAX, LOG_PAGE
from ..core.portal_json import read_time
from ..core.portal_log import (
    EMPTY,
    SALT_BYTES,
    Beside,
    Entry,
    EntryKind,
    Head,
    LogLine,
    line_json,
    next_entry,
)
from ..core.serial import Json, canonical, utc_text

# What may name people: somebody's words. All else is the hub's own.
_REDACTABLE: Final = frozenset({EntryKind.PUBLISHED.value, EntryKind.NOTE.value})


def head(connection: sqlite3.Connection) -> Head:
    """Return the newest entry's number and hash."""
    row = connection.execute(
        "SELECT n, hash FROM log ORDER BY n DESC LIMIT 1"
    ).fetchone()
    return Head(n=row["n"], hash=row["hash"]) if row else EMPTY


def append(
    connection: sqlite3.Connection,
    *,
    at: datetime,
    kind: EntryKind,
    text: str,
    id: str | None = None,
    target: int | None = None,
) -> Entry:
    """Write the next entry, with a text of JSON beside it."""
    beside = Beside(salt=secrets.token_bytes(SALT_BYTES), text=text)
    entry = next_entry(
        head(connection), at=at, kind=kind, id=id, target=target, beside=beside
    )
    connection.execute(
        "INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(entry.n, utc_text(entry.at), entry.kind, entry.id, entry.target),
            *(entry.digest, entry.previous, entry.hash, beside.salt, beside.text),
        ),
    )
    return entry


def append_said(
    connection: sqlite3.Connection,
    *,
    at: datetime,
    kind: EntryKind,
    said: dict[str, Json],
    id: str | None = None,
    target: int | None = None,
) -> Entry:
    """Write the next entry, with an object beside it."""
    text = canonical(said).decode()
    return append(connection, at=at, kind=kind, text=text, id=id, target=target)


def redact(
    connection: sqlite3.Connection, n: int, *, at: datetime, who: str, why: str
) -> None:
    """Take an entry's text away and say so in a new entry.

    Raises NotFoundError, and ConflictError if there is no such text (any more).
    """
    found = read(connection, n)
    if found.beside is None:
        raise ConflictError("already_redacted")
    if found.entry.kind not in _REDACTABLE:
        raise ConflictError("not_redactable")
    connection.execute("UPDATE log SET salt = NULL, text = NULL WHERE n = ?", (n,))
    append_said(
        connection,
        at=at,
        kind=EntryKind.REDACTED,
        id=found.entry.id,
        target=n,
        said={"who": who, "why": why},
    )


def read(connection: sqlite3.Connection, n: int) -> LogLine:
    """Return an entry with its text. Raises NotFoundError."""
    row = connection.execute("SELECT * FROM log WHERE n = ?", (n,)).fetchone()
    if row is None:
        raise NotFoundError("entry_not_found")
    return _line(row)


def page(connection: sqlite3.Connection, start: int) -> bytes:
    """Return entries from `start` on, in order, as a list in JSON.

    So many as a page has, fewer where their bytes would be too many: but always one.
    """
    rows = connection.execute(
        "SELECT * FROM log WHERE n >= ? ORDER BY n LIMIT ?",
        (start, LOG_PAGE),
    )
    said: list[bytes] = []
    room = FEED_MAX - 4096  # what else a page says
    for row in rows:
        one = canonical(line_json(_line(row)))
        room -= len(one) + 1
        if said and room < 0:
            break
        said.append(one)
    return b"[" + b",".join(said) + b"]"


def texts(connection: sqlite3.Connection, kind: EntryKind) -> list[dict[str, Json]]:
    """Return what is said in all entries of a kind, oldest first."""
    rows = connection.execute(
        "SELECT text FROM log WHERE kind = ? AND text IS NOT NULL ORDER BY n",
        (kind.value,),
    )
    return [json.loads(row["text"]) for row in rows]


def notes(connection: sqlite3.Connection, id: str) -> list[LogLine]:
    """Return the published follow-ups of an item that still have their text."""
    rows = connection.execute(
        "SELECT * FROM log WHERE id = ? AND kind = ? AND text IS NOT NULL ORDER BY n",
        (id, EntryKind.NOTE.value),
    )
    return [_line(row) for row in rows]


def count(connection: sqlite3.Connection, kind: EntryKind) -> int:
    """Return how many entries there are of a kind."""
    found: int = connection.execute(
        "SELECT count(*) FROM log WHERE kind = ?", (kind.value,)
    ).fetchone()[0]
    return found


def _line(row: sqlite3.Row) -> LogLine:
    entry = Entry(
        n=row["n"],
        at=read_time(row["at"], "portal_log_invalid"),
        kind=row["kind"],
        id=row["id"],
        target=row["target"],
        digest=row["digest"],
        previous=row["previous"],
        hash=row["hash"],
    )
    text = row["text"]
    beside = None if text is None else Beside(salt=row["salt"], text=text)
    return LogLine(entry=entry, beside=beside)
