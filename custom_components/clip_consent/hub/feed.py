"""The signed feeds: made when something changes, the same bytes for everybody.

They are issued with the change itself, in its transaction, and anew each day: never
because somebody asked. So nothing in them tells who asks, or that anybody does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import hashlib
import json
import sqlite3
from typing import Final

from ..core.errors import ConflictError
from ..core.geohash import touched
from ..core.limits import FEED_MAX
from ..core.portal_feed import (
    FEED_TYPE,
    HEAD_TYPE,
    Feed,
    Listed,
    feed_payload,
    head_payload,
)
from ..core.portal_items import read_area
from ..core.portal_log import Beside, Head
from ..core.serial import stated

ANEW: Final = timedelta(days=1)
GOOD: Final = timedelta(days=2)
_LOG_HEAD: Final = ""  # its name among what is issued; cells have others

type Sign = Callable[[bytes, str], bytes]  # payload and type to a compact JWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A body with the digest that is its ETag."""

    body: bytes
    etag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """All that is signed of one moment, `at`. At `due` it has to be made anew."""

    seq: int
    at: datetime
    due: datetime
    head: str
    feeds: Mapping[str, Signed]

    def is_good(self, now: datetime) -> bool:
        """Tell whether it is of today; of tomorrow it is where a clock went back."""
        return self.at <= now < self.due


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    listed: Listed
    cells: frozenset[str]
    expires: datetime


def issue(
    connection: sqlite3.Connection,
    *,
    hub: str,
    sign: Sign,
    cells: tuple[str, ...],
    head: Head,
    now: datetime,
) -> Issued:
    """Sign the log's head and the feed of every cell, and keep them.

    Raises ConflictError if a feed would be larger than a home reads: then whatever
    was to be published is not.
    """
    now = stated(now)
    found = _open_items(connection, cells, now)
    seq = _next_seq(connection)
    due = min([now + ANEW, *(item.expires for item in found)])
    bodies = {_LOG_HEAD: sign(head_payload(head, hub=hub, at=now), HEAD_TYPE)}
    for cell in cells:
        feed = Feed(
            hub=hub,
            cell=cell,
            seq=seq,
            issued=now,
            expires=now + GOOD,
            head=head,
            items=tuple(item.listed for item in found if cell in item.cells),
        )
        if len(payload := feed_payload(feed)) > FEED_MAX:
            raise ConflictError("feed_full")
        bodies[cell] = sign(payload, FEED_TYPE)
    issued = _issued(seq, now, due, bodies)
    _keep(connection, issued, bodies)
    return issued


def read_issued(connection: sqlite3.Connection) -> Issued:
    """Return what was issued last: a hub begins by doing so."""
    times = dict(
        connection.execute(
            "SELECT key, value FROM meta WHERE key IN ('issued_at', 'issued_due')"
        ).fetchall()
    )
    bodies = {
        one["name"]: one["body"]
        for one in connection.execute("SELECT name, body FROM issued")
    }
    at, due = (
        datetime.fromtimestamp(float(times.get(key, 0)), UTC)
        for key in ("issued_at", "issued_due")
    )
    return _issued(read_seq(connection), at, due, bodies)


def read_log_head(connection: sqlite3.Connection) -> str:
    """Return the signed head of the log as it is in the database."""
    row = connection.execute(
        "SELECT body FROM issued WHERE name = ?", (_LOG_HEAD,)
    ).fetchone()
    signed: bytes = row["body"]
    return signed.decode()


def _issued(
    seq: int, at: datetime, due: datetime, bodies: Mapping[str, bytes]
) -> Issued:
    feeds = {
        name: Signed(body=body, etag=hashlib.sha256(body).hexdigest())
        for name, body in bodies.items()
        if name != _LOG_HEAD
    }
    return Issued(seq=seq, at=at, due=due, head=bodies[_LOG_HEAD].decode(), feeds=feeds)


def _open_items(
    connection: sqlite3.Connection, cells: tuple[str, ...], now: datetime
) -> list[_Open]:
    rows = connection.execute(
        "SELECT items.n, salt, text, expires FROM items JOIN log USING (n)"
        " WHERE state = 'open' AND expires > ? ORDER BY items.n",
        (now.timestamp(),),
    )
    precision = len(next(iter(cells), ""))
    return [
        _Open(
            listed=Listed(
                n=row["n"], beside=Beside(salt=row["salt"], text=row["text"])
            ),
            cells=_cells_of(row["text"], precision),
            expires=datetime.fromtimestamp(row["expires"], UTC),
        )
        for row in rows
    ]


def _cells_of(text: str, precision: int) -> frozenset[str]:
    """Return the cells that an item of ours is for: it was checked when it came in."""
    said = json.loads(text)
    if said["type"] == "notice":
        return frozenset(said["cells"])
    return touched(read_area(said["area"]), precision)


def read_seq(connection: sqlite3.Connection) -> int:
    """Return the number of the newest issue, 0 before the first."""
    row = connection.execute(
        "SELECT value FROM meta WHERE key = 'issued_seq'"
    ).fetchone()
    return int(row["value"]) if row else 0


def outdate(connection: sqlite3.Connection, seq: int) -> None:
    """Have the feeds issued anew, with numbers above `seq`."""
    connection.executemany(
        "INSERT OR REPLACE INTO meta VALUES (?, ?)",
        [("issued_seq", str(seq)), ("issued_due", "0")],
    )


def _next_seq(connection: sqlite3.Connection) -> int:
    return read_seq(connection) + 1


def _keep(
    connection: sqlite3.Connection, issued: Issued, bodies: Mapping[str, bytes]
) -> None:
    connection.execute("DELETE FROM issued")
    connection.executemany("INSERT INTO issued VALUES (?, ?)", bodies.items())
    connection.executemany(
        "INSERT OR REPLACE INTO meta VALUES (?, ?)",
        [
            ("issued_seq", str(issued.seq)),
            ("issued_at", str(issued.at.timestamp())),
            ("issued_due", str(issued.due.timestamp())),
        ],
    )
