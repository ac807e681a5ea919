"""The epoch: tells a database that went on from one that came back from a backup.

Its file lies where no backup looks. A restored database meets another epoch, or none:
then no token of before can be matched any more.
"""

import hashlib
from pathlib import Path
import secrets
import sqlite3
from typing import Final

from ..base.durable import durable_file, make_folder
from ..core.errors import StoreError

RESTORED: Final = "restored"  # a key of `meta`; home/recovery says when it is over


class Epoch:
    """The random bytes that all token digests of this life are made with."""

    def __init__(self, path: Path) -> None:
        """Keep where the file is."""
        self._path = path
        self._bytes = b""

    def enter(self, connection: sqlite3.Connection) -> bool:
        """Compare file and database; True if the database is from a backup.

        A new epoch is begun then, and at the first start. The file is on disk before
        the transaction is: a crash between the two only voids once more. That it is
        from a backup stands in the database until all that was open is void.
        """
        row = connection.execute(
            "SELECT value FROM meta WHERE key = 'epoch'"
        ).fetchone()
        kept = str(row["value"]) if row else None
        if kept is not None and kept == self._read():
            self._bytes = bytes.fromhex(kept)
            return self._is_half_entered(connection)
        self._bytes = secrets.token_bytes(16)
        self._write(self._bytes.hex())
        connection.execute(
            "INSERT OR REPLACE INTO meta VALUES ('epoch', ?)", (self._bytes.hex(),)
        )
        connection.execute("UPDATE tokens SET void = 1")
        if kept is None:
            return False
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?, 'yes')", (RESTORED,))
        return True

    def _is_half_entered(self, connection: sqlite3.Connection) -> bool:
        row = connection.execute(
            "SELECT value FROM meta WHERE key = ?", (RESTORED,)
        ).fetchone()
        return row is not None and row["value"] == "yes"

    def digest(self, token: str) -> str:
        """Return the digest under which a token of this epoch is kept."""
        return hashlib.sha256(self._bytes + token.encode()).hexdigest()

    def _read(self) -> str | None:
        """Return what the file says, None if there is none that says anything.

        A disk that cannot be read just now is no restored backup: that would void
        consents which stand. Raises StoreError.
        """
        try:
            return self._path.read_text(encoding="ascii").strip()
        except FileNotFoundError, UnicodeDecodeError:
            return None
        except OSError as err:
            raise StoreError("store_failed") from err

    def _write(self, text: str) -> None:
        try:
            make_folder(self._path.parent)
        except OSError as err:
            raise StoreError("store_failed") from err
        with durable_file(self._path) as write:
            write(text.encode())
