"""The home's database, version by version. A version that shipped never changes."""

import hashlib
import sqlite3

from ..base.db import Migration


def _version_1(connection: sqlite3.Connection) -> None:
    """Cases, what the public sees of them, tokens, pushes, the ledger."""
    for statement in (
        """CREATE TABLE cases (
            number INTEGER PRIMARY KEY,
            case_id TEXT NOT NULL UNIQUE,
            request_id TEXT NOT NULL UNIQUE,
            invite_id TEXT,
            recipient TEXT,
            state TEXT NOT NULL,
            received REAL NOT NULL,
            closed REAL,
            version INTEGER NOT NULL,
            salt BLOB,
            body TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX cases_by_state ON cases (state)",
        "CREATE INDEX cases_by_time ON cases (received)",
        """CREATE UNIQUE INDEX cases_by_sender ON cases (invite_id, recipient)
            WHERE invite_id IS NOT NULL AND recipient IS NOT NULL""",
        """CREATE TABLE status (
            request_id TEXT PRIMARY KEY,
            look_again REAL NOT NULL,
            until REAL NOT NULL
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE drops (
            delivery_id TEXT PRIMARY KEY,
            request_id TEXT NOT NULL,
            case_id TEXT NOT NULL,
            size INTEGER NOT NULL,
            until REAL NOT NULL,
            once INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX drops_by_request ON drops (request_id)",
        """CREATE TABLE tokens (
            digest TEXT PRIMARY KEY,
            case_id TEXT NOT NULL,
            offer_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            phone TEXT NOT NULL,
            decision TEXT NOT NULL,
            spent INTEGER NOT NULL DEFAULT 0,
            void INTEGER NOT NULL DEFAULT 0
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX tokens_by_case ON tokens (case_id)",
        "CREATE TABLE pushes (user_id TEXT NOT NULL, at REAL NOT NULL) STRICT",
        """CREATE TABLE ledger (
            seq INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            kind TEXT NOT NULL,
            case_id TEXT,
            data TEXT NOT NULL,
            previous TEXT NOT NULL,
            digest TEXT NOT NULL
        ) STRICT""",
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    ):
        connection.execute(statement)


def _version_2(connection: sqlite3.Connection) -> None:
    """Public status without a case, by who sent it: what a flood leaves."""
    for statement in (
        "ALTER TABLE status ADD COLUMN sender TEXT",
        """CREATE UNIQUE INDEX status_by_sender ON status (sender)
            WHERE sender IS NOT NULL""",
        "CREATE INDEX status_by_end ON status (until)",
    ):
        connection.execute(statement)


def _version_3(connection: sqlite3.Connection) -> None:
    """Who sent what lately, a case or not: a flood leaves no public status any more."""
    connection.create_function("sender_of", 2, _sender_of, deterministic=True)
    for statement in (
        """CREATE TABLE senders (
            number INTEGER PRIMARY KEY,
            sender TEXT NOT NULL UNIQUE,
            request_id TEXT NOT NULL,
            until REAL NOT NULL
        ) STRICT""",
        """INSERT OR IGNORE INTO senders (sender, request_id, until)
            SELECT * FROM (
                SELECT sender_of(invite_id, recipient) AS sender, request_id, until
                FROM cases JOIN status USING (request_id)
                WHERE invite_id IS NOT NULL AND recipient IS NOT NULL
                UNION ALL
                SELECT sender, request_id, until FROM status WHERE sender IS NOT NULL
                ORDER BY until DESC LIMIT 20000
            ) ORDER BY until""",
        "DROP INDEX status_by_sender",
        "ALTER TABLE status DROP COLUMN sender",
        "DROP INDEX cases_by_sender",
        "ALTER TABLE cases DROP COLUMN recipient",
    ):
        connection.execute(statement)


def _version_4(connection: sqlite3.Connection) -> None:
    """Which keys a phone may show; which cases have a pick-up link."""
    for statement in (
        "ALTER TABLE tokens ADD COLUMN shown INTEGER NOT NULL DEFAULT 0",
        """UPDATE cases SET body = json_set(body, '$.pickup', json('true'))
            WHERE case_id IN (SELECT case_id FROM ledger WHERE kind = 'key_set')""",
    ):
        connection.execute(statement)


def _version_5(connection: sqlite3.Connection) -> None:
    """Keep what this home asks its neighbours, with the keys that open the answers."""
    connection.execute(
        """CREATE TABLE own_requests (
            request_id TEXT PRIMARY KEY,
            asked REAL NOT NULL,
            body TEXT NOT NULL
        ) STRICT, WITHOUT ROWID"""
    )


def _sender_of(invite_id: str, recipient: str) -> str:
    return hashlib.sha256(f"{invite_id} {recipient}".encode()).hexdigest()


MIGRATIONS: tuple[Migration, ...] = (
    _version_1,
    _version_2,
    _version_3,
    _version_4,
    _version_5,
)
