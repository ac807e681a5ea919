"""How many homes opted in to be counted: marks of a month, and nothing else.

Told is the month that is over. So what is told stays the same for a month, and nobody
who looks each day sees a home begin. Over a limit nothing is counted and nothing said:
neither how many there are, nor whether an address was here before.
"""

from datetime import datetime
import hashlib
import sqlite3
from typing import Final

from ..core.drop_box import DAY
from ..core.hub_flow import months
from ..core.portal_bodies import Presence
from ..core.ports import Clock

MARKS_MAX: Final = 20_000  # of a month: more than a neighbourhood has homes
DAILY_MAX: Final = 20  # of one address: homes may share one
_ADDRESSES_MAX: Final = 20_000  # of more the oldest are forgotten


class Callers:
    """How often an address came in a day, in memory alone.

    On disk it would say of an address that a home there opted in.
    """

    def __init__(self, clock: Clock) -> None:
        """Begin with nobody."""
        self._clock = clock
        self._came: dict[str, tuple[float, ...]] = {}

    def may_come(self, address: str | None) -> bool:
        """Note that an address came; None stands for one that others hide behind."""
        if address is None:
            return True
        now = self._clock.monotonic()
        since = now - DAY.total_seconds()
        came = tuple(at for at in self._came.pop(address, ()) if at > since)
        room = len(came) < DAILY_MAX
        self._came[address] = (*came, now) if room else came
        if len(self._came) > _ADDRESSES_MAX:
            del self._came[next(iter(self._came))]
        return room


def take(connection: sqlite3.Connection, presence: Presence, now: datetime) -> None:
    """Count a home in this month, once, unless there are too many."""
    month, _ = months(now)
    mark = hashlib.sha256(f"{month} {presence.id}".encode()).hexdigest()
    count: int = connection.execute(
        "SELECT count(*) FROM homes WHERE month = ?", (month,)
    ).fetchone()[0]
    if count < MARKS_MAX:
        connection.execute(
            "INSERT OR IGNORE INTO homes VALUES (?, ?, ?)",
            (month, presence.cell, mark),
        )


def count(connection: sqlite3.Connection, now: datetime) -> dict[str, int]:
    """Return how many homes there were by cell, in the month before this one."""
    rows = connection.execute(
        "SELECT cell, count(*) AS homes FROM homes WHERE month = ? GROUP BY cell",
        (months(now)[1],),
    )
    return {row["cell"]: row["homes"] for row in rows}


def forget(connection: sqlite3.Connection, now: datetime) -> None:
    """Forget the marks of months that count no more."""
    connection.execute("DELETE FROM homes WHERE month < ?", (months(now)[1],))
