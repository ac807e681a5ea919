"""The hub's database: one transaction for each change, log and state together."""

from collections.abc import Callable
from pathlib import Path
import secrets
import sqlite3

from ..base.db import Database
from ..base.hold import Hold
from .schema import MIGRATIONS


class HubStore:
    """Everything of a hub but ciphertext. Raises StoreError when the disk refuses.

    `folder` is in Home Assistant's backups.
    """

    def __init__(
        self,
        folder: Path,
        *,
        after_commit: Callable[[sqlite3.Connection], None] | None = None,
        hold: Hold | None = None,
    ) -> None:
        """Keep where it is; `async_open` opens it. For the rest see Database."""
        self._db = Database(
            folder / "hub.db", MIGRATIONS, after_commit=after_commit, hold=hold
        )

    async def async_open(self) -> None:
        """Open the database, once no backup is made."""
        await self._db.async_open()

    def watch(self, told: Callable[[bool], None]) -> None:
        """Have it told, after each transaction, whether the disk took it."""
        self._db.told = told

    async def async_close(self) -> None:
        """Close the database."""
        await self._db.async_close()

    async def async_pause(self) -> None:
        """Hold all writing for a backup."""
        await self._db.hold.async_begin()

    def resume(self) -> None:
        """Write again."""
        self._db.hold.end()

    async def async_change[T](
        self, job: Callable[[sqlite3.Connection], T], *, behind: int | None = None
    ) -> T:
        """Run a job in one transaction; it is on disk when this returns."""
        return await self._db.async_run(job, behind=behind)

    async def async_fold(self) -> None:
        """Leave nothing on the disk of what was deleted, unless a backup is made."""
        await self._db.async_fold()

    async def async_read[T](self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Run a short query that waits for no write."""
        return await self._db.async_read_aside(query)


def read_meta(connection: sqlite3.Connection, key: str) -> str | None:
    """Return what the database says of itself under a key, None if nothing."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(row["value"]) if row else None


def write_meta(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Keep a text under a key, whatever was there before."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def secret_of(connection: sqlite3.Connection, key: str) -> bytes:
    """Return 32 random bytes that only this database knows; once made, they stay."""
    kept = read_meta(connection, key)
    if kept is None:
        kept = secrets.token_bytes(32).hex()
        write_meta(connection, key, kept)
    return bytes.fromhex(kept)
