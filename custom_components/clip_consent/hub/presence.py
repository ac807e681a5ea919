"""How many homes opted in to be counted: marks of a month, and nothing else."""

from datetime import datetime
import hashlib
import sqlite3
from typing import Final

from ..core.errors import LimitError
from ..core.hub_flow import months
from ..core.portal_bodies import Presence

MARKS_MAX: Final = 20_000  # of a month: more than a neighbourhood has homes
DAILY_MAX: Final = 20  # of one address: homes may share one


def take(connection: sqlite3.Connection, presence: Presence, now: datetime) -> None:
    """Count a home in this month, once. Raises LimitError where there are too many."""
    month, _ = months(now)
    mark = hashlib.sha256(f"{month} {presence.id}".encode()).hexdigest()
    known = connection.execute(
        "SELECT 1 FROM homes WHERE (month, cell, mark) = (?, ?, ?)",
        (month, presence.cell, mark),
    ).fetchone()
    if known:
        return
    count: int = connection.execute(
        "SELECT count(*) FROM homes WHERE month = ?", (month,)
    ).fetchone()[0]
    if count >= MARKS_MAX:
        raise LimitError("too_many_homes")
    connection.execute(
        "INSERT INTO homes VALUES (?, ?, ?)", (month, presence.cell, mark)
    )


def count(connection: sqlite3.Connection, now: datetime) -> list[dict[str, int]]:
    """Return how many homes there are by cell, in this month and in the last."""
    return [
        {
            row["cell"]: row["homes"]
            for row in connection.execute(
                "SELECT cell, count(*) AS homes FROM homes WHERE month = ?"
                " GROUP BY cell",
                (month,),
            )
        }
        for month in months(now)
    ]


def forget(connection: sqlite3.Connection, now: datetime) -> None:
    """Forget the marks of months that count no more."""
    connection.execute("DELETE FROM homes WHERE month < ?", (months(now)[1],))
