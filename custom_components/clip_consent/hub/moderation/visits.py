"""How often an address sent something in a day: only its keyed digest is kept."""

from datetime import datetime
import sqlite3

from ...core.hub_flow import DAY, check_address


def count_visit(
    connection: sqlite3.Connection,
    *,
    purpose: str,
    address: str,
    now: datetime,
    most: int,
) -> None:
    """Count one more submission. Raises LimitError over a day's limit."""
    today: int = connection.execute(
        "SELECT count(*) FROM visits WHERE purpose = ? AND address = ? AND until > ?",
        (purpose, address, now.timestamp()),
    ).fetchone()[0]
    check_address(today, most)
    connection.execute(
        "INSERT INTO visits VALUES (?, ?, ?)",
        (purpose, address, (now + DAY).timestamp()),
    )


def forget_visits(connection: sqlite3.Connection, now: datetime) -> None:
    """Forget who sent something more than a day ago."""
    connection.execute("DELETE FROM visits WHERE until <= ?", (now.timestamp(),))
