"""The tables of `hub.db`. Each version is a step that is never changed again."""

import sqlite3
from typing import Final

from ..base.db import Migration

_LOG: Final = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    """CREATE TABLE log (
        n INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        kind TEXT NOT NULL,
        id TEXT,
        target INTEGER,
        digest TEXT NOT NULL,
        previous TEXT NOT NULL,
        hash TEXT NOT NULL,
        salt BLOB,
        text TEXT
    ) STRICT""",
    "CREATE INDEX log_by_id ON log (id)",
    # What is published stays: not even a mistake of ours may change it.
    """CREATE TRIGGER log_stays BEFORE DELETE ON log
        BEGIN SELECT RAISE(ABORT, 'the log only grows'); END""",
    """CREATE TRIGGER log_follows BEFORE INSERT ON log
        WHEN NEW.n IS NOT (SELECT coalesce(max(n), 0) + 1 FROM log)
        BEGIN SELECT RAISE(ABORT, 'the log only grows'); END""",
    # A text can be taken away with its salt, and nothing else be changed.
    """CREATE TRIGGER log_is_fixed BEFORE UPDATE ON log
        WHEN NEW.text IS NOT NULL OR NEW.salt IS NOT NULL
        OR (NEW.n, NEW.at, NEW.kind, NEW.digest, NEW.previous, NEW.hash)
        <> (OLD.n, OLD.at, OLD.kind, OLD.digest, OLD.previous, OLD.hash)
        OR NEW.id IS NOT OLD.id OR NEW.target IS NOT OLD.target
        BEGIN SELECT RAISE(ABORT, 'the log only grows'); END""",
)
_ITEMS: Final = (
    """CREATE TABLE items (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        state TEXT NOT NULL,
        requester_id TEXT,
        recipient TEXT,
        case_number TEXT,
        inbox TEXT,
        counts_until REAL NOT NULL,
        expires REAL,
        n INTEGER,
        refused TEXT,
        decided_by TEXT,
        body TEXT
    ) STRICT""",
    "CREATE INDEX items_by_state ON items (state)",
    "CREATE INDEX items_by_requester ON items (requester_id)",
    "CREATE INDEX items_by_recipient ON items (recipient)",
    """CREATE TABLE notes (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        item_id TEXT NOT NULL,
        state TEXT NOT NULL,
        submitted REAL NOT NULL,
        counts_until REAL NOT NULL,
        n INTEGER,
        refused TEXT,
        decided_by TEXT,
        text TEXT
    ) STRICT""",
    "CREATE INDEX notes_by_item ON notes (item_id)",
    "CREATE INDEX notes_by_state ON notes (state)",
    """CREATE TABLE refusals (
        reason TEXT PRIMARY KEY,
        count INTEGER NOT NULL
    ) STRICT""",
    "CREATE TABLE issued (name TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT",
    "CREATE TABLE visits (purpose TEXT, address TEXT, until REAL NOT NULL) STRICT",
    "CREATE INDEX visits_by_address ON visits (purpose, address)",
    """CREATE TABLE homes (
        month TEXT NOT NULL,
        cell TEXT NOT NULL,
        mark TEXT NOT NULL,
        PRIMARY KEY (month, cell, mark)
    ) STRICT, WITHOUT ROWID""",
)
_COMMENTS: Final = (
    # What opens comments on notices of the operator's own.
    """CREATE TABLE notice_keys (
        id TEXT PRIMARY KEY,
        secret BLOB NOT NULL
    ) STRICT""",
)


def _version_1(connection: sqlite3.Connection) -> None:
    for statement in (*_LOG, *_ITEMS):
        connection.execute(statement)


def _version_2(connection: sqlite3.Connection) -> None:
    for statement in _COMMENTS:
        connection.execute(statement)


MIGRATIONS: tuple[Migration, ...] = (_version_1, _version_2)
