"""The ledger in the database, and its head kept apart from it."""

from collections.abc import Iterable, Iterator
import contextlib
from datetime import datetime
import json
from pathlib import Path
import sqlite3

from ..core.ledger import EMPTY, Entry, Head, Line, append, first_fault, timestamp
from ..core.serial import Json, canonical


def read_head(connection: sqlite3.Connection) -> Head:
    """Return the last entry's place and digest."""
    row = connection.execute(
        "SELECT seq, digest FROM ledger ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    return Head(seq=row["seq"], digest=row["digest"]) if row else EMPTY


def write_lines(
    connection: sqlite3.Connection, lines: Iterable[Line], now: datetime
) -> None:
    """Append lines to the chain."""
    head = read_head(connection)
    for line in lines:
        entry = append(head, line, timestamp(now))
        connection.execute(
            "INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                entry.seq,
                entry.at,
                entry.kind,
                entry.case_id,
                canonical(entry.data).decode(),
                entry.previous,
                entry.digest,
            ),
        )
        head = Head(seq=entry.seq, digest=entry.digest)


def read_entries(
    connection: sqlite3.Connection, *, before: int | None, limit: int
) -> tuple[Entry, ...]:
    """Return up to `limit` entries, newest first, from before a place."""
    rows = connection.execute(
        "SELECT * FROM ledger WHERE seq < ? ORDER BY seq DESC LIMIT ?",
        (before if before is not None else 2**62, limit),
    )
    return tuple(map(_entry, rows))


def all_entries(connection: sqlite3.Connection) -> Iterator[Entry]:
    """Return every entry, oldest first."""
    return map(_entry, connection.execute("SELECT * FROM ledger ORDER BY seq"))


def find_fault(connection: sqlite3.Connection, apart: Head | None) -> int | None:
    """Return the first entry that does not fit the chain or the head kept apart."""
    return first_fault(all_entries(connection), head=apart)


class HeadFile:
    """The head beside the database: a truncated ledger shows against it.

    It may lag behind after a power cut, which only makes it less strict; so it costs
    no fsync.
    """

    def __init__(self, path: Path) -> None:
        """Keep where the file is."""
        self._path = path
        self._written = EMPTY

    def read(self) -> Head | None:
        """Return the head kept apart, None if there is none that can be read."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            data: dict[str, Json] = json.loads(self._path.read_bytes())
            seq, digest = data["seq"], data["digest"]
            if isinstance(seq, int) and isinstance(digest, str):
                return Head(seq=seq, digest=digest)
        return None

    def follow(self, connection: sqlite3.Connection) -> None:
        """Write the head of the database, if it moved."""
        head = read_head(connection)
        if head == self._written:
            return
        with contextlib.suppress(OSError):
            fresh = self._path.with_suffix(".new")
            fresh.write_bytes(canonical({"seq": head.seq, "digest": head.digest}))
            fresh.replace(self._path)
            self._written = head


def _entry(row: sqlite3.Row) -> Entry:
    return Entry(
        seq=row["seq"],
        at=row["at"],
        kind=row["kind"],
        case_id=row["case_id"],
        data=json.loads(row["data"]),
        previous=row["previous"],
        digest=row["digest"],
    )
