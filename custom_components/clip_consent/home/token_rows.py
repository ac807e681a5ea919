"""Rows of tokens: what a push's buttons are worth, and for how long they are kept."""

from collections.abc import Iterable
from datetime import datetime
import json
import sqlite3
from typing import Final

from ..core.approval import Decision, NewToken, Token
from ..core.flow import ENDS
from ..core.models import Case, CaseState
from ..core.serial import load

FORGOTTEN_AT_ONCE: Final = 500


def insert_tokens(
    connection: sqlite3.Connection,
    case_id: str,
    minted: Iterable[tuple[str, NewToken]],
) -> None:
    """Keep new tokens by digest; those of before for the same phone are void."""
    minted = tuple(minted)
    for _, token in minted:
        connection.execute(
            "UPDATE tokens SET void = 1"
            " WHERE case_id = ? AND user_id = ? AND phone = ?",
            (case_id, token.user_id, token.phone),
        )
    for digest, token in minted:
        connection.execute(
            "INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, 0, 0, 1)",
            (
                digest,
                case_id,
                token.offer_id,
                token.user_id,
                token.phone,
                token.decision.value,
            ),
        )


def void_tokens(connection: sqlite3.Connection, case: Case) -> None:
    """Void the answers to any other offer; what undoes a consent stays."""
    connection.execute(
        "UPDATE tokens SET void = 1 WHERE case_id = ? AND offer_id != ?"
        " AND NOT (decision = ? AND ?)",
        (
            case.case_id,
            case.offer.offer_id if case.offer else "",
            Decision.UNDO.value,
            case.state is CaseState.CONSENTED,
        ),
    )


def read_token(connection: sqlite3.Connection, digest: str) -> Token | None:
    """Return a token by its digest."""
    row = connection.execute(
        "SELECT * FROM tokens WHERE digest = ?", (digest,)
    ).fetchone()
    if row is None:
        return None
    return Token(
        digest=row["digest"],
        case_id=row["case_id"],
        offer_id=row["offer_id"],
        user_id=row["user_id"],
        phone=row["phone"],
        decision=Decision(row["decision"]),
        spent=bool(row["spent"]),
        void=bool(row["void"]),
    )


def read_asked(connection: sqlite3.Connection, case_id: str) -> set[str]:
    """Return the phones that were asked about a case and told of no consent since.

    One that was taken back, or that led to nothing, is none any more.
    """
    rows = connection.execute(
        "SELECT phone FROM tokens WHERE case_id = ?1 AND decision = ?2 EXCEPT"
        " SELECT phone FROM tokens WHERE case_id = ?1 AND decision = ?3"
        " AND offer_id IN (SELECT value FROM json_each(?4))",
        (
            case_id,
            Decision.DECLINE.value,
            Decision.UNDO.value,
            json.dumps(_standing_offers(connection, case_id)),
        ),
    )
    return {row["phone"] for row in rows}


def _standing_offers(connection: sqlite3.Connection, case_id: str) -> list[str]:
    """Return the offers that were consented to, for good so far."""
    row = connection.execute(
        "SELECT body FROM cases WHERE case_id = ?", (case_id,)
    ).fetchone()
    if row is None:
        return []
    case = load(Case, json.loads(row["body"]))
    consented = [*case.delivered, *filter(None, [case.delivery])]
    return [delivery.consent.offer_id for delivery in consented]


def read_shown(connection: sqlite3.Connection, case_id: str) -> set[str]:
    """Return the phones that were ever sent anything with an answer about a case."""
    rows = connection.execute(
        "SELECT DISTINCT phone FROM tokens WHERE case_id = ?", (case_id,)
    )
    return {row["phone"] for row in rows}


def hide_tokens(
    connection: sqlite3.Connection, case_id: str, phones: Iterable[str]
) -> None:
    """Note that these phones show no keys of a case that count no more."""
    connection.execute(
        "UPDATE tokens SET shown = 0 WHERE case_id = ? AND (void OR spent)"
        " AND phone IN (SELECT value FROM json_each(?))",
        (case_id, json.dumps(sorted(phones))),
    )


def read_stale(connection: sqlite3.Connection) -> dict[str, set[str]]:
    """Return, by case, the phones that may show keys that count no more.

    Those that undo what is on its way ran out, as their push said they would.
    """
    stale: dict[str, set[str]] = {}
    for row in connection.execute(
        "SELECT DISTINCT case_id, phone FROM tokens JOIN cases USING (case_id)"
        " WHERE shown AND (void OR spent) AND NOT (decision = ? AND state = ?)",
        (Decision.UNDO.value, CaseState.SEALED.value),
    ):
        stale.setdefault(row["case_id"], set()).add(row["phone"])
    return stale


def forget_tokens(connection: sqlite3.Connection, received_by: datetime) -> None:
    """Forget tokens of cases that are over and came in by then: none can count again.

    A push that is answered later still is one of an unknown token.
    """
    connection.execute(
        "DELETE FROM tokens WHERE digest IN (SELECT digest FROM tokens"
        " CROSS JOIN cases USING (case_id)"
        " WHERE received <= ? AND state IN (SELECT value FROM json_each(?)) LIMIT ?)",
        (received_by.timestamp(), json.dumps(sorted(ENDS)), FORGOTTEN_AT_ONCE),
    )
