"""Rows of `meta`: what this database says of itself, one text by key."""

import secrets
import sqlite3


def read_meta(connection: sqlite3.Connection, key: str) -> str | None:
    """Return the text under a key, None if there is none."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(row["value"]) if row else None


def write_meta(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Keep a text under a key, whatever was there before."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def read_key(connection: sqlite3.Connection, key: str, size: int) -> bytes:
    """Return random bytes that only this database knows; once made, they stay."""
    kept = read_meta(connection, key)
    if kept is not None:
        return bytes.fromhex(kept)
    made = secrets.token_bytes(size)
    write_meta(connection, key, made.hex())
    return made
