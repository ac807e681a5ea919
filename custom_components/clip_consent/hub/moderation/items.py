"""Rows of requests and notices, from intake to their end."""

from dataclasses import dataclass
from datetime import UTC, datetime
import json
import sqlite3

from ...core.errors import ConflictError, NotFoundError
from ...core.hub_flow import DESK_KEPT, Counted, ItemState, Submitted
from ...core.hub_models import NOT_LOOKED_AT, RefusalReason
from ...core.portal_items import NoticeAuthor
from ...core.serial import dump, load


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A row. `submitted` is None once what only its requester saw is forgotten.

    `until` is when it is over by its time; `n` its entry in the log, once published.
    """

    id: str
    state: ItemState
    until: datetime
    requester_id: str | None
    inbox: str | None
    n: int | None
    refused: str | None
    submitted: Submitted | None


def add(connection: sqlite3.Connection, submitted: Submitted) -> None:
    """Keep what came in, for a moderator."""
    who = submitted.requester
    connection.execute(
        "INSERT INTO items (id, state, requester_id, recipient, case_number, inbox,"
        " counts_until, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            submitted.id,
            ItemState.MODERATION.value,
            who.requester_id if who else None,
            submitted.recipient,
            submitted.case_number,
            submitted.inbox,
            submitted.counts_until.timestamp(),
            json.dumps(dump(submitted)),
        ),
    )


def same_before(connection: sqlite3.Connection, submitted: Submitted) -> str | None:
    """Return what the same one submitted before for the same key, None if nothing.

    A notice without a key is the same while one with these words waits: so whoever lost
    the answer may send it again.
    """
    if submitted.recipient is None:
        return _same_words(connection, submitted)
    who = submitted.requester
    row = connection.execute(
        "SELECT id FROM items WHERE recipient = ? AND requester_id IS ?",
        (submitted.recipient, who.requester_id if who else None),
    ).fetchone()
    return str(row["id"]) if row else None


def _same_words(connection: sqlite3.Connection, submitted: Submitted) -> str | None:
    row = connection.execute(
        "SELECT id FROM items WHERE state = ? AND requester_id IS NULL"
        " AND recipient IS NULL AND json_extract(body, '$.said') = json(?)",
        (ItemState.MODERATION.value, json.dumps(dump(submitted.said))),
    ).fetchone()
    return str(row["id"]) if row else None


def submissions_counted(
    connection: sqlite3.Connection, submitted: Submitted, now: datetime
) -> Counted:
    """Return how many submissions of before still count, now."""
    who = submitted.requester
    moment = now.timestamp()
    of_case_number: int = connection.execute(
        "SELECT count(*) FROM items WHERE case_number = ? AND counts_until > ?",
        (submitted.case_number, moment),
    ).fetchone()[0]
    waiting: int = connection.execute(
        "SELECT count(*) FROM items"
        " WHERE state = 'moderation' AND requester_id IS NULL AND counts_until > ?",
        (moment,),
    ).fetchone()[0]
    return Counted(
        of_requester=week_count(connection, who.requester_id, now) if who else 0,
        of_case_number=of_case_number,
        of_neighbours_waiting=waiting,
    )


def week_count(connection: sqlite3.Connection, requester_id: str, now: datetime) -> int:
    """Return how many submissions of a requester still count."""
    count: int = connection.execute(
        "SELECT count(*) FROM items WHERE requester_id = ? AND counts_until > ?",
        (requester_id, now.timestamp()),
    ).fetchone()[0]
    return count


def claim(connection: sqlite3.Connection, id: str, now: datetime) -> Submitted:
    """Return what waits under an id. Raises ConflictError if nothing does any more."""
    row = connection.execute(
        "SELECT * FROM items WHERE id = ? AND state = 'moderation'", (id,)
    ).fetchone()
    item = _item(row) if row else None
    if item is None or item.submitted is None or item.until <= now:
        raise ConflictError("not_waiting")
    return item.submitted


def publish(
    connection: sqlite3.Connection, id: str, *, n: int, expires: datetime
) -> None:
    """Note that an item is public from now on, as entry `n` of the log."""
    connection.execute(
        "UPDATE items SET state = 'open', n = ?, expires = ? WHERE id = ?",
        (n, expires.timestamp(), id),
    )


def refuse(connection: sqlite3.Connection, id: str, reason: RefusalReason) -> None:
    """Note that an item is not published, and count why."""
    connection.execute(
        "UPDATE items SET state = 'refused', refused = ? WHERE id = ?",
        (reason.value, id),
    )
    count_refusal(connection, reason)


def count_refusal(connection: sqlite3.Connection, reason: str, count: int = 1) -> None:
    """Count a refusal; the count is public, and nothing else of it is."""
    connection.execute(
        "INSERT INTO refusals VALUES (?, ?)"
        " ON CONFLICT (reason) DO UPDATE SET count = count + excluded.count",
        (reason, count),
    )


def refusals(connection: sqlite3.Connection, now: datetime) -> dict[str, int]:
    """Return how often something was refused, by reason, or not looked at in time."""
    rows = connection.execute("SELECT reason, count FROM refusals")
    counts: dict[str, int] = {row["reason"]: row["count"] for row in rows}
    late: int = connection.execute(
        "SELECT (SELECT count(*) FROM items"
        " WHERE state = 'moderation' AND counts_until <= :now)"
        " + (SELECT count(*) FROM notes"
        " WHERE state = 'moderation' AND counts_until <= :now)",
        {"now": now.timestamp()},
    ).fetchone()[0]
    if late:
        counts[NOT_LOOKED_AT] = counts.get(NOT_LOOKED_AT, 0) + late
    return dict(sorted(counts.items()))


def close(connection: sqlite3.Connection, id: str, state: ItemState) -> None:
    """Note that an item has ended."""
    connection.execute("UPDATE items SET state = ? WHERE id = ?", (state.value, id))


def redact_item(connection: sqlite3.Connection, n: int) -> None:
    """End what was published as entry `n`, if something was, and forget its text.

    The desk shows that it was there.
    """
    connection.execute(
        "UPDATE items SET state = 'redacted',"
        " body = json_set(body, '$.said.title', '', '$.said.text', '') WHERE n = ?",
        (n,),
    )


def decided(connection: sqlite3.Connection, id: str, user_id: str) -> None:
    """Note which moderator decided about an item or a note; it is told to nobody."""
    for statement in (
        "UPDATE items SET decided_by = ? WHERE id = ?",
        "UPDATE notes SET decided_by = ? WHERE id = ?",
    ):
        connection.execute(statement, (user_id, id))


def find(connection: sqlite3.Connection, id: str) -> Item:
    """Return an item. Raises NotFoundError."""
    row = connection.execute("SELECT * FROM items WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise NotFoundError("request_not_found")
    return _item(row)


def find_notice(connection: sqlite3.Connection, id: str) -> Item:
    """Return a notice of the operator's own. Raises NotFoundError for all else."""
    try:
        item = find(connection, id)
    except NotFoundError as err:
        raise NotFoundError("notice_not_found") from err
    if not item.submitted or item.submitted.author is not NoticeAuthor.OPERATOR:
        raise NotFoundError("notice_not_found")
    return item


def open_of_requesters(connection: sqlite3.Connection, now: datetime) -> list[Item]:
    """Return what requesters have open now, oldest first: nothing of neighbours."""
    rows = connection.execute(
        "SELECT * FROM items WHERE state = 'open' AND expires > ?"
        " AND requester_id IS NOT NULL ORDER BY number",
        (now.timestamp(),),
    )
    return list(map(_item, rows))


def of_operator(connection: sqlite3.Connection, most: int) -> list[Item]:
    """Return the operator's notices that are not long over, newest first."""
    rows = connection.execute(
        "SELECT * FROM items WHERE body IS NOT NULL AND n IS NOT NULL"
        " AND json_extract(body, '$.author') = 'operator'"
        " ORDER BY number DESC LIMIT ?",
        (most,),
    )
    return list(map(_item, rows))


def waiting_items(connection: sqlite3.Connection, now: datetime) -> list[Submitted]:
    """Return what waits for a moderator, oldest first."""
    rows = connection.execute(
        "SELECT * FROM items WHERE state = 'moderation' AND counts_until > ?"
        " ORDER BY number",
        (now.timestamp(),),
    )
    return [item.submitted for item in map(_item, rows) if item.submitted]


def of_requester(connection: sqlite3.Connection, requester_id: str) -> list[Item]:
    """Return what is on a requester's desk, newest first."""
    rows = connection.execute(
        "SELECT * FROM items WHERE requester_id = ? AND body IS NOT NULL"
        " ORDER BY number DESC",
        (requester_id,),
    )
    return [_item(row) for row in rows]


def forget(connection: sqlite3.Connection, now: datetime) -> list[str]:
    """Forget what only requesters saw of what is long over; return whose it was.

    What was published stays in the log; what never was is gone.
    """
    past = (now - DESK_KEPT).timestamp()
    gone = connection.execute(
        "DELETE FROM items WHERE n IS NULL AND counts_until <= ? RETURNING id, state",
        (past,),
    ).fetchall()
    over = connection.execute(
        "UPDATE items SET requester_id = NULL, recipient = NULL, case_number = NULL,"
        " inbox = NULL, body = NULL"
        " WHERE n IS NOT NULL AND body IS NOT NULL"
        " AND max(expires, counts_until) <= ? RETURNING id",
        (past,),
    ).fetchall()
    ids = [str(row["id"]) for row in (*gone, *over)]
    late = [row["state"] for row in gone]
    for one in ids:
        found = connection.execute(
            "DELETE FROM notes WHERE item_id = ? RETURNING state", (one,)
        ).fetchall()
        late += [row["state"] for row in found]
        connection.execute("DELETE FROM notice_keys WHERE id = ?", (one,))
    if count := late.count(ItemState.MODERATION):  # the count outlasts what it is of
        count_refusal(connection, NOT_LOOKED_AT, count)
    return ids


def keep_key(connection: sqlite3.Connection, id: str, secret: bytes) -> None:
    """Keep the key that opens comments on a notice of the operator's."""
    connection.execute("INSERT INTO notice_keys VALUES (?, ?)", (id, secret))


def key_of(connection: sqlite3.Connection, id: str) -> bytes | None:
    """Return what opens comments on a notice; None if nobody here waits for them."""
    row = connection.execute(
        "SELECT secret FROM notice_keys WHERE id = ?", (id,)
    ).fetchone()
    return bytes(row["secret"]) if row else None


def _item(row: sqlite3.Row) -> Item:
    body = row["body"]
    until = row["counts_until"] if row["expires"] is None else row["expires"]
    return Item(
        id=row["id"],
        state=ItemState(row["state"]),
        until=datetime.fromtimestamp(until, UTC),
        requester_id=row["requester_id"],
        inbox=row["inbox"],
        n=row["n"],
        refused=row["refused"],
        submitted=None if body is None else load(Submitted, json.loads(body)),
    )
