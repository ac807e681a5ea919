"""The ledger in the database, and its head kept apart from it."""

from collections.abc import Iterable, Iterator
import contextlib
from datetime import datetime
import json
from pathlib import Path
import sqlite3
from typing import Final

from ..core.ledger import (
    EMPTY,
    EVERYTHING,
    Entry,
    Head,
    Line,
    Sought,
    append,
    first_fault,
    timestamp,
)
from ..core.serial import Json, canonical, utc_time


def read_head(connection: sqlite3.Connection) -> Head:
    """Return the last entry's place and digest."""
    row = connection.execute(
        "SELECT seq, CAST(digest AS BLOB) FROM ledger ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    return Head(seq=row[0], digest=_text(row[1])) if row else EMPTY


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


_ENTRIES: Final = (
    "SELECT seq, CAST(at AS BLOB), CAST(kind AS BLOB), CAST(case_id AS BLOB),"
    " CAST(data AS BLOB), CAST(previous AS BLOB), CAST(digest AS BLOB) FROM ledger"
)


def read_entries(
    connection: sqlite3.Connection,
    *,
    before: int | None,
    limit: int,
    sought: Sought = EVERYTHING,
) -> tuple[tuple[Entry, ...], int | None]:
    """Return up to `limit` entries, newest first, from before a place.

    With them comes the place that the next page is before, None if there is none.
    """
    where, values = _where(sought)
    rows = connection.execute(
        f"{_ENTRIES} WHERE seq < ?{where} ORDER BY seq DESC LIMIT ?",
        (before if before is not None else 2**62, *values, limit + 1),
    )
    found = tuple(map(_entry, rows))
    return found[:limit], found[limit - 1].seq if len(found) > limit else None


def _where(sought: Sought) -> tuple[str, list[str]]:
    """Return a condition in SQL, and the values for its places."""
    where, values = "", list[str]()
    if sought.kinds:
        where += f" AND kind IN ({', '.join('?' * len(sought.kinds))})"
        values += sorted(sought.kinds)
    if sought.case_id is not None:
        where += " AND case_id = ?"
        values.append(sought.case_id)
    # times are text of one length, in UTC: what sorts first was first
    if sought.since is not None:
        where += " AND at >= ?"
        values.append(timestamp(sought.since))
    if sought.until is not None:
        where += " AND at < ?"
        values.append(timestamp(sought.until))
    return where, values


def entries_after(connection: sqlite3.Connection, head: Head) -> Iterator[Entry]:
    """Return every entry behind a place, oldest first."""
    rows = connection.execute(f"{_ENTRIES} WHERE seq > ? ORDER BY seq", (head.seq,))
    return map(_entry, rows)


def read_shares(connection: sqlite3.Connection) -> tuple[datetime, ...]:
    """Return when clips were shared, oldest first."""
    query = "SELECT at FROM ledger WHERE kind = 'shared' ORDER BY seq"
    return tuple(utc_time(row["at"]) for row in connection.execute(query))


class HeadFile:
    """The head beside the database: a truncated ledger shows against it.

    It may lag behind after a power cut, which only makes it less strict; so it costs
    no fsync.
    """

    def __init__(self, path: Path) -> None:
        """Keep where the file is; what was set aside lies beside it."""
        self._path = path
        self._lost = path.with_name(f"{path.name}_lost")
        self._written: Head | None = None

    def read(self) -> Head | None:
        """Return the head kept apart, None if there is none that can be read."""
        return _read_head_file(self._path)

    def read_lost(self) -> Head | None:
        """Return the head that was set aside, None if none was."""
        return _read_head_file(self._lost)

    def follow(self, connection: sqlite3.Connection) -> None:
        """Write the head of the database, if it moved on.

        A head that the database does not hold any more stays: it is what shows that
        the ledger was cut.
        """
        head = read_head(connection)
        if head == self._written:
            return
        before = self._written or self.read()
        if before is None or _holds(connection, before):
            self._write(head)

    def set_aside(self, connection: sqlite3.Connection) -> bool:
        """Keep the head for good if the database lacks it, and return whether it does.

        It is older then, or was cut, and the head shows what it has lost.
        """
        head = self.read()
        if head is None or _holds(connection, head):
            return False
        with contextlib.suppress(OSError):
            fresh = self._lost.with_suffix(".new")
            fresh.write_bytes(self._path.read_bytes())
            fresh.replace(self._lost)
        return True

    def begin_anew(self, connection: sqlite3.Connection) -> None:
        """Write the head of a database that came back from a backup."""
        self._write(read_head(connection))

    def _write(self, head: Head) -> None:
        with contextlib.suppress(OSError):
            fresh = self._path.with_suffix(".new")
            fresh.write_bytes(canonical({"seq": head.seq, "digest": head.digest}))
            fresh.replace(self._path)
            self._written = head


class Chain:
    """Verifies the ledger, and remembers up to where it held.

    Each check wants a connection whose view does not change meanwhile.
    """

    def __init__(self, head: HeadFile) -> None:
        """Begin with nothing verified."""
        self._head = head
        self._held = EMPTY

    def find_fault(self, connection: sqlite3.Connection) -> int | None:
        """Return the first entry that does not fit the chain or the head kept apart."""
        return self._find(connection, EMPTY)

    def find_new_fault(self, connection: sqlite3.Connection) -> int | None:
        """Look at what came since the last check alone, if that found no fault."""
        return self._find(connection, self._held)

    def _find(self, connection: sqlite3.Connection, after: Head) -> int | None:
        # The files come before the first query: that fixes what is seen of the
        # database, and a head of later than that would look like a cut.
        apart, lost = self._head.read(), self._head.read_lost()
        if not _holds(connection, after):
            after = EMPTY
        head = read_head(connection)
        fault = first_fault(entries_after(connection, after), after=after, head=apart)
        if lost and not _holds(connection, lost):
            first = min(lost.seq, head.seq + 1)
            fault = min(fault or first, first)
        self._held = EMPTY if fault else head
        return fault


def _read_head_file(path: Path) -> Head | None:
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        data: dict[str, Json] = json.loads(path.read_bytes())
        seq, digest = data["seq"], data["digest"]
        if isinstance(seq, int) and isinstance(digest, str):
            return Head(seq=seq, digest=digest)
    return None


def _holds(connection: sqlite3.Connection, head: Head) -> bool:
    row = connection.execute(
        "SELECT CAST(digest AS BLOB) FROM ledger WHERE seq = ?", (head.seq,)
    ).fetchone()
    return head == EMPTY or (row is not None and _text(row[0]) == head.digest)


def _entry(row: sqlite3.Row) -> Entry:
    """Return what a row says, as bytes: what others wrote there need not be text."""
    seq, at, kind, case_id, data, previous, digest = tuple(row)
    return Entry(
        seq=seq,
        at=_text(at),
        kind=_text(kind),
        case_id=None if case_id is None else _text(case_id),
        data=_data(_text(data)),
        previous=_text(previous),
        digest=_text(digest),
    )


def _text(value: bytes) -> str:
    return value.decode(errors="replace")


def _data(text: str) -> dict[str, Json]:
    """Return an entry's data; in any spelling but ours it is no entry of ours."""
    with contextlib.suppress(ValueError, RecursionError):
        data = json.loads(text)
        if isinstance(data, dict) and canonical(data).decode() == text:
            return data
    return {"unreadable": text}
