"""A requester's follow-ups, which only a hub's log has; docs/portal-protocol.md, 3."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from .errors import PortalError
from .limits import TEXT_MAX
from .models import Case, CaseState
from .portal_json import Fields, read_json
from .portal_log import EntryKind, LogLine
from .text import fault
from .vouching import FollowUp

_CODE: Final = "portal_log_invalid"
NOTES_MAX: Final = 200  # of one hub, the newest
# A feed that a cache kept, or that failed, brings a note's request in a later slot.
STRAY_KEPT: Final = timedelta(days=2)
# where a case stands still: nothing that is being made or sent is disturbed
_NOTED: Final = (CaseState.WAITING, CaseState.SHARED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A follow-up and the item that it is to."""

    item_id: str
    said: FollowUp


def noted(known: Sequence[Note], lines: Iterable[LogLine]) -> tuple[Note, ...]:
    """Return the follow-ups there are after further lines of a log.

    One that was redacted, before or since, is none; nor is one that nobody could read.
    """
    notes = {note.said.n: note for note in known}
    for line in lines:
        entry = line.entry
        if entry.kind == EntryKind.REDACTED and entry.target is not None:
            notes.pop(entry.target, None)
        elif entry.kind == EntryKind.NOTE and (note := _note(line)):
            notes[entry.n] = note
    return tuple(notes[n] for n in sorted(notes)[-NOTES_MAX:])


def without_strays(
    notes: Sequence[Note], items: Collection[str], now: datetime
) -> tuple[Note, ...]:
    """Return the follow-ups to these items, and those whose item may still come."""
    return tuple(
        note
        for note in notes
        if note.item_id in items or now < note.said.at + STRAY_KEPT
    )


def notes_to(notes: Sequence[Note], item_id: str) -> tuple[FollowUp, ...]:
    """Return what was said after an item, oldest first."""
    return tuple(note.said for note in notes if note.item_id == item_id)


def followed_up(case: Case, notes: tuple[FollowUp, ...]) -> Case | None:
    """Return a case with what its requester has said by now; None if that is no news.

    A case that is worked on is none's turn: the next slot finds it at rest.
    """
    voucher = case.request.voucher
    if voucher is None or case.state not in _NOTED or voucher.notes == notes:
        return None
    request = replace(case.request, voucher=replace(voucher, notes=notes))
    return replace(case, request=request)


def _note(line: LogLine) -> Note | None:
    entry, beside = line.entry, line.beside
    if entry.id is None or beside is None:
        return None
    try:
        text = Fields(read_json(beside.text.encode(), _CODE), _CODE).text("text")
    except PortalError:
        return None
    if not text or len(text) > TEXT_MAX or fault(text, lines=True):
        return None
    return Note(item_id=entry.id, said=FollowUp(n=entry.n, at=entry.at, text=text))
