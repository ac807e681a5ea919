"""The end of a home: what its database keeps is the record, and nobody's words."""

from dataclasses import replace
from datetime import datetime
import json
import sqlite3

from ..core.flow import ENDS
from ..core.ledger import Line
from ..core.models import Case, CaseState, ClosedReason
from ..core.serial import dump, load
from .case_rows import forget_words
from .ledger_rows import write_lines


def retire(connection: sqlite3.Connection, now: datetime) -> None:
    """Close what is open, forget all words, links and tokens; the ledger stays.

    A home that is set up anew later begins a life of its own: it is not taken for one
    that was restored from a backup.
    """
    rows = connection.execute("SELECT body FROM cases").fetchall()
    cases = [load(Case, json.loads(row["body"])) for row in rows]
    lines = [Line(kind="removed", case_id=None, data={})]
    for case in cases:
        if case.state not in ENDS:
            case = _ended(case, now)
            connection.execute(
                "UPDATE cases SET state = ?, closed = ?, body = ? WHERE case_id = ?",
                (
                    CaseState.CLOSED.value,
                    now.timestamp(),
                    json.dumps(dump(case)),
                    case.case_id,
                ),
            )
            lines.append(
                Line(
                    kind="closed",
                    case_id=case.case_id,
                    data={"reason": ClosedReason.WITHDRAWN.value, "user_id": None},
                )
            )
        forget_words(connection, case)
    for statement in (
        "DELETE FROM status",
        "DELETE FROM senders",
        "DELETE FROM drops",
        "DELETE FROM tokens",
        "DELETE FROM pushes",
        "DELETE FROM meta",
        "DELETE FROM own_requests",
    ):
        connection.execute(statement)
    write_lines(connection, lines, now)


def _ended(case: Case, now: datetime) -> Case:
    return replace(
        case,
        state=CaseState.CLOSED,
        closed=ClosedReason.WITHDRAWN,
        closed_at=now,
        choice=None,
        draft=None,
        offer=None,
        delivery=None,
        prompt_due=False,
        problem=None,
    )
