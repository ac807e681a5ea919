"""How many there are: what entities and `/info` show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
import sqlite3

from .items import refusals


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts of one moment; `refused` by reason, or not looked at in time."""

    waiting: int = 0
    open: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)


def read_tally(connection: sqlite3.Connection, now: datetime) -> Tally:
    """Count what there is now."""
    moment = now.timestamp()
    return Tally(
        waiting=_count(
            connection,
            "SELECT (SELECT count(*) FROM items"
            " WHERE state = 'moderation' AND counts_until > :now)"
            " + (SELECT count(*) FROM notes"
            " WHERE state = 'moderation' AND counts_until > :now)",
            moment,
        ),
        open=_count(
            connection,
            "SELECT count(*) FROM items WHERE state = 'open' AND expires > :now",
            moment,
        ),
        refused=refusals(connection, now),
    )


def _count(connection: sqlite3.Connection, query: str, moment: float) -> int:
    found: int = connection.execute(query, {"now": moment}).fetchone()[0]
    return found
