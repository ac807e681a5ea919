"""The epoch: tells a database that went on from one that came back from a backup.

Its file lies where no backup looks. A restored database meets another epoch, or none:
then no token of before can be matched any more.
"""

from collections.abc import Callable
import hashlib
from pathlib import Path
import secrets
import sqlite3
from typing import Final

from ..base.durable import durable_file, make_folder
from ..core.errors import StoreError
from .meta_rows import read_meta, write_meta

RESTORED: Final = "restored"  # a key of `meta`; the store notes when it is over
_EPOCH: Final = "epoch"  # a key of `meta`


class Epoch:
    """The random bytes that all token digests of this life are made with."""

    def __init__(self, path: Path) -> None:
        """Keep where the file is."""
        self._path = path
        self._bytes = b""

    def enter(
        self,
        connection: sqlite3.Connection,
        is_older: Callable[[sqlite3.Connection], bool],
    ) -> bool:
        """Compare file and database; True if the database is from a backup.

        `is_older` tells an older copy of this very epoch; it is asked only where file
        and database agree and no restore is unfinished. A new epoch is begun then, and
        at the first start. The file is on disk before the transaction is: a crash
        between the two only voids once more. That it is from a backup stands in the
        database until all that was open is void. Raises StoreError.
        """
        kept = read_meta(connection, _EPOCH)
        if kept is not None and kept == self._read():
            unfinished = read_meta(connection, RESTORED) == "yes"
            if unfinished or not is_older(connection):
                self._bytes = bytes.fromhex(kept)
                return unfinished
        self._bytes = secrets.token_bytes(16)
        self._write(self._bytes.hex())
        write_meta(connection, _EPOCH, self._bytes.hex())
        connection.execute("UPDATE tokens SET void = 1")
        if kept is None:
            return False
        write_meta(connection, RESTORED, "yes")
        return True

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
