"""Rows of cases, tokens and public status: what each statement means, and no more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
import sqlite3

from ..core.errors import ConflictError, NotFoundError
from ..core.ledger import Line
from ..core.limits import CIPHERTEXT_KEPT
from ..core.models import Case, CaseState, Choice, ClosedReason, Draft, Request
from ..core.outgoing import fetched
from ..core.public_status import Drop, PublicStatus
from ..core.requests import without_words
from ..core.search import SCAN_MAX, Search
from ..core.serial import Json, dump, load, utc_text
from .ledger_rows import write_lines


def insert_case(connection: sqlite3.Connection, case: Case, salt: bytes) -> None:
    """Add a case and its public status."""
    request = case.request
    connection.execute(
        "INSERT INTO cases VALUES (NULL, ?, ?, ?, ?, ?, NULL, ?, ?, ?)",
        (
            case.case_id,
            request.request_id,
            request.invite_id,
            case.state.value,
            request.received_at.timestamp(),
            case.version,
            salt,
            _body(case),
        ),
    )
    connection.execute(
        "INSERT INTO status (request_id, look_again, until) VALUES (?, ?, ?)",
        (
            request.request_id,
            request.expires_at.timestamp(),
            request.reachable_until.timestamp(),
        ),
    )


def _body(case: Case) -> str:
    return json.dumps(dump(case), separators=(",", ":"))


def update_case(connection: sqlite3.Connection, before: Case, after: Case) -> None:
    """Replace a case, unless it has changed since. Raises ConflictError.

    One of a flood, whose words are gone, moves to the end: else the room that its
    words took would stay empty.
    """
    changed = connection.execute(
        "UPDATE cases SET state = ?, closed = ?, version = ?, body = ?, number ="
        " iif(?, (SELECT max(number) + 1 FROM cases), number)"
        " WHERE case_id = ? AND version = ?",
        (
            after.state.value,
            after.closed_at.timestamp() if after.closed_at else None,
            after.version,
            _body(after),
            after.closed is ClosedReason.OVER_LIMIT,
            before.case_id,
            before.version,
        ),
    )
    if changed.rowcount != 1:
        raise ConflictError("case_moved_on")


def read_case(connection: sqlite3.Connection, case_id: str) -> Case:
    """Return a case. Raises NotFoundError."""
    row = connection.execute(
        "SELECT body FROM cases WHERE case_id = ?", (case_id,)
    ).fetchone()
    if row is None:
        raise NotFoundError("case_not_found")
    return load(Case, json.loads(row["body"]))


def find_case_of_request(
    connection: sqlite3.Connection, request_id: str
) -> Case | None:
    """Return the case of a request, None if there is none."""
    row = connection.execute(
        "SELECT body FROM cases WHERE request_id = ?", (request_id,)
    ).fetchone()
    return load(Case, json.loads(row["body"])) if row else None


def read_page(
    connection: sqlite3.Connection,
    before: int | None,
    limit: int,
    states: frozenset[CaseState],
    *,
    flood: bool,
) -> list[sqlite3.Row]:
    """Return number and body of cases in some states, the newest first."""
    return connection.execute(
        "SELECT number, body FROM cases WHERE number < ?"
        " AND state IN (SELECT value FROM json_each(?))"
        " AND (? OR json_extract(body, '$.closed') IS NOT ?)"
        " ORDER BY number DESC LIMIT ?",
        (
            before if before is not None else 2**62,
            json.dumps(sorted(states)),
            flood,
            ClosedReason.OVER_LIMIT.value,
            limit,
        ),
    ).fetchall()


def search_page(
    connection: sqlite3.Connection, search: Search, before: int | None, limit: int
) -> tuple[tuple[Case, ...], int | None]:
    """Return cases that fit, the newest first, and the number to go on from.

    No more than SCAN_MAX are looked through. None: there is nothing behind them.
    """
    states = frozenset(CaseState)
    rows = read_page(connection, before, SCAN_MAX + 1, states, flood=False)
    found: list[Case] = []
    seen = 0
    while seen < min(len(rows), SCAN_MAX) and len(found) < limit:
        case = load(Case, json.loads(rows[seen]["body"]))
        if search.fits(case):
            found.append(case)
        seen += 1
    return tuple(found), int(rows[seen - 1]["number"]) if seen < len(rows) else None


def count_before(
    connection: sqlite3.Connection, request: Request, within: timedelta
) -> dict[str, int]:
    """Return how many requests came in before one, by invite.

    The order is that of the rows, so a clock that was set back starts no new day. But
    what lies ahead by more than `within` came in while the clock was wrong.
    """
    rows = connection.execute(
        "SELECT invite_id, count(*) FROM cases WHERE invite_id IS NOT NULL"
        " AND received > ? AND received < ? AND number <"
        " (SELECT number FROM cases WHERE request_id = ?) GROUP BY invite_id",
        (
            (request.received_at - within).timestamp(),
            (request.received_at + within).timestamp(),
            request.request_id,
        ),
    )
    return {row[0]: row[1] for row in rows}


def insert_drop(connection: sqlite3.Connection, request: Request, drop: Drop) -> None:
    """Let a requester fetch a sealed package, and see for as long that it is there.

    After a long outage their status page may have ended: it is opened again.
    """
    connection.execute(
        "INSERT INTO status (request_id, look_again, until) VALUES (?, ?, ?)"
        " ON CONFLICT (request_id)"
        " DO UPDATE SET until = max(until, excluded.until)",
        (
            request.request_id,
            request.expires_at.timestamp(),
            drop.until.timestamp(),
        ),
    )
    connection.execute(
        "INSERT OR REPLACE INTO drops VALUES (?, ?, ?, ?, ?, ?)",
        (
            drop.delivery_id,
            request.request_id,
            drop.case_id,
            drop.size,
            drop.until.timestamp(),
            drop.once,
        ),
    )


def end_drop(
    connection: sqlite3.Connection, delivery_id: str, until: datetime, now: datetime
) -> Case | None:
    """End a one-time drop at `until`, its case says so too; None if it is none."""
    row = connection.execute(
        "UPDATE drops SET until = ? WHERE delivery_id = ? AND once AND until > ?"
        " RETURNING case_id",
        (until.timestamp(), delivery_id, until.timestamp()),
    ).fetchone()
    if row is None:
        return None
    before = read_case(connection, row["case_id"])
    after = replace(fetched(before, delivery_id, until), version=before.version + 1)
    update_case(connection, before, after)
    words: dict[str, Json] = {"delivery_id": delivery_id, "until": utc_text(until)}
    line = Line(kind="fetched", case_id=after.case_id, data=words)
    write_lines(connection, [line], now)
    return after


def withdraw_drops(connection: sqlite3.Connection, case: Case) -> None:
    """Take back the drops of revoked deliveries."""
    for delivery in case.delivered:
        if delivery.revoked_at:
            connection.execute(
                "DELETE FROM drops WHERE delivery_id = ?", (delivery.delivery_id,)
            )


def read_status(
    connection: sqlite3.Connection,
    request_id: str,
    now: datetime,
    told: datetime | None,
) -> PublicStatus | None:
    """Return the public status of a request.

    `told` is what an id that needs no row says itself of when to look again.
    """
    row = connection.execute(
        "SELECT look_again FROM status WHERE request_id = ? AND until > ?",
        (request_id, now.timestamp()),
    ).fetchone()
    drops = connection.execute(
        "SELECT * FROM drops WHERE request_id = ? AND until > ?",
        (request_id, now.timestamp()),
    ).fetchall()
    if told is not None and now >= told + CIPHERTEXT_KEPT:
        told = None
    look_again = datetime.fromtimestamp(row["look_again"], UTC) if row else told
    if look_again is None:
        return None
    return PublicStatus(
        look_again_until=look_again,
        drops=tuple(
            Drop(
                delivery_id=drop["delivery_id"],
                case_id=drop["case_id"],
                size=drop["size"],
                until=datetime.fromtimestamp(drop["until"], UTC),
                once=bool(drop["once"]),
            )
            for drop in drops
        ),
    )


def find_case_of_delivery(
    connection: sqlite3.Connection, delivery_id: str
) -> Case | None:
    """Return the case that a finished delivery belongs to."""
    rows = connection.execute(
        "SELECT body FROM cases WHERE instr(body, ?) > 0", (delivery_id,)
    )
    for row in rows:
        case = load(Case, json.loads(row["body"]))
        if any(d.delivery_id == delivery_id for d in case.delivered):
            return case
    return None


def read_wordy(connection: sqlite3.Connection, closed_by: datetime) -> list[Case]:
    """Return unshared cases, closed by then, whose words are still kept."""
    rows = connection.execute(
        "SELECT body FROM cases WHERE state = ? AND closed <= ? AND salt IS NOT NULL"
        " AND json_array_length(body, '$.delivered') = 0 LIMIT 100",
        (CaseState.CLOSED.value, closed_by.timestamp()),
    )
    return [load(Case, json.loads(row["body"])) for row in rows]


def forget_words(connection: sqlite3.Connection, case: Case) -> None:
    """Blank all words, and with the salt what the digest of a requester's would prove.

    Of what was sent, what the owner said of themselves and answered goes too.
    """
    blank = replace(without_words(case.request), recipient=None)
    connection.execute(
        "UPDATE cases SET body = ?, salt = NULL WHERE case_id = ?",
        (json.dumps(dump(_speechless(replace(case, request=blank)))), case.case_id),
    )


def _speechless(case: Case) -> Case:
    """Return a case that is over without the owner's words."""
    return replace(
        case,
        choice=_unsaid(case.choice) if case.choice else None,
        draft=_unsaid_in(case.draft) if case.draft else None,
        delivered=tuple(
            replace(
                delivery,
                draft=_unsaid_in(delivery.draft),
                consent=replace(delivery.consent, identity=""),
            )
            for delivery in case.delivered
        ),
    )


def _unsaid_in(draft: Draft) -> Draft:
    return replace(draft, choice=_unsaid(draft.choice))


def _unsaid(choice: Choice) -> Choice:
    return replace(choice, identity="", text=None if choice.text is None else "")
