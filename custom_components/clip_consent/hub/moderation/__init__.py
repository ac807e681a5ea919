"""What is submitted, what waits for a moderator, and what became of it: the rows.

Nothing here writes to the log: the manager does, in the same transaction.
"""

from .items import (
    Item,
    add,
    claim,
    close,
    decided,
    find,
    find_notice,
    forget,
    keep_key,
    key_of,
    of_operator,
    of_requester,
    open_of_requesters,
    publish,
    refusals,
    refuse,
    same_before,
    submissions_counted,
    waiting_items,
    week_count,
)
from .notes import (
    DeskNote,
    add_note,
    claim_note,
    notes_of,
    publish_note,
    redact,
    refuse_note,
    waiting_notes,
)
from .tallies import Tally, read_tally
from .visits import count_visit, forget_visits

__all__ = [
    "DeskNote",
    "Item",
    "Tally",
    "add",
    "add_note",
    "claim",
    "claim_note",
    "close",
    "count_visit",
    "decided",
    "find",
    "find_notice",
    "forget",
    "forget_visits",
    "keep_key",
    "key_of",
    "notes_of",
    "of_operator",
    "of_requester",
    "open_of_requesters",
    "publish",
    "publish_note",
    "read_tally",
    "redact",
    "refusals",
    "refuse",
    "refuse_note",
    "same_before",
    "submissions_counted",
    "waiting_items",
    "waiting_notes",
    "week_count",
]
