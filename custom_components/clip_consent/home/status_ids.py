"""Ids of status pages that have no row: each says itself until when it holds.

A flood must not leave a row for each of its requests, and its status pages must answer
as all others do. So such an id is one block of AES, under a key that only this database
knows: to everybody else it is 128 random bits, as any other id.
"""

import base64
import binascii
from datetime import UTC, datetime
import secrets
import sqlite3
import struct
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from .meta_rows import read_key

_KEY: Final = "status_key"  # a key of `meta`
_KEY_BYTES: Final = 16
_MARK: Final = bytes(6)  # what tells an id of ours from one that was guessed
_BLOCK: Final = struct.Struct(">I6s6s")  # seconds since 1970, mark, chance
_CHARACTERS: Final = 26


class StatusIds:
    """Makes such ids, and reads them again; `enter` brings the key."""

    def __init__(self) -> None:
        """Begin with a key that made none."""
        self._cipher = _cipher(secrets.token_bytes(_KEY_BYTES))

    def enter(self, connection: sqlite3.Connection) -> None:
        """Read the key of this database; the first start makes it."""
        self._cipher = _cipher(read_key(connection, _KEY, _KEY_BYTES))

    def make(self, look_again: datetime) -> str:
        """Return an id that says until when to look again, to the second."""
        block = _BLOCK.pack(int(look_again.timestamp()), _MARK, secrets.token_bytes(6))
        return _text(self._cipher.encryptor().update(block))

    def read(self, request_id: str) -> datetime | None:
        """Return what an id says, None if it is not one that was made here.

        Only one spelling of an id counts, as it is with those that are looked up.
        """
        try:
            block = base64.b32decode(request_id.upper() + "======")
            seconds, mark, _ = _BLOCK.unpack(self._cipher.decryptor().update(block))
        except ValueError, binascii.Error, struct.error:
            return None
        if mark != _MARK or _text(block) != request_id:
            return None
        return datetime.fromtimestamp(seconds, UTC)


def _cipher(key: bytes) -> Cipher[modes.ECB]:
    # a single block, never twice the same: there is no pattern that would show
    return Cipher(algorithms.AES(key), modes.ECB())


def _text(block: bytes) -> str:
    return base64.b32encode(block).decode()[:_CHARACTERS].lower()
