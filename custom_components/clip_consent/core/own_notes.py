"""What this home adds to a request of its own: a follow-up, for moderation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from .portal_log import Entry, EntryKind
from .serial import Json, utc_text
from .vouching import FollowUp

OVER: Final = "own_request_over"


class NoteState(StrEnum):
    """How a follow-up stands. A hub tells nobody that it refused one."""

    SENDING = "sending"  # it is sent in a slot to come
    WAITING = "waiting"  # for a moderator, or refused by one
    PUBLISHED = "published"
    REDACTED = "redacted"
    REFUSED = "refused"  # the hub did not take it


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNote:
    """A follow-up of this home."""

    note_id: str
    text: str
    written_at: datetime
    sent: bool = False  # the hub said that it has it
    n: int | None = None  # its entry of the log
    redacted: bool = False
    problem: str | None = None  # why the hub did not take it

    @property
    def state(self) -> NoteState:
        """How it stands."""
        if self.redacted:
            return NoteState.REDACTED
        if self.n is not None:
            return NoteState.PUBLISHED
        if self.problem:
            return NoteState.REFUSED
        return NoteState.WAITING if self.sent else NoteState.SENDING


def to_send(notes: Sequence[OwnNote]) -> tuple[OwnNote, ...]:
    """Return what the hub did not say that it has, oldest first."""
    return tuple(note for note in notes if note.state is NoteState.SENDING)


def waits_already(notes: Sequence[OwnNote], text: str) -> bool:
    """Tell whether the same words are on their way: said twice, they are said once."""
    return any(
        note.text == text and note.state in (NoteState.SENDING, NoteState.WAITING)
        for note in notes
    )


def sent(notes: Sequence[OwnNote], note_id: str) -> tuple[OwnNote, ...]:
    """Return the notes once the hub has one of them."""
    return tuple(
        replace(one, sent=True) if one.note_id == note_id else one for one in notes
    )


def not_taken(
    notes: Sequence[OwnNote], note_id: str, problem: str
) -> tuple[OwnNote, ...]:
    """Return the notes once the hub did not take one of them."""
    return tuple(
        replace(one, problem=problem) if one.note_id == note_id else one
        for one in notes
    )


def followed_notes(
    notes: tuple[OwnNote, ...], published: Sequence[FollowUp], recent: Sequence[Entry]
) -> tuple[OwnNote, ...]:
    """Return the notes after the hub's log was read.

    Which of them an entry is, its words tell: the log has no other sign of it. So one
    whose answer was lost, and which was published since, is not sent again.
    """
    known = {note.n for note in notes}
    for said in published:
        if said.n not in known:
            notes = _published(notes, said)
    gone = {one.target for one in recent if one.kind == EntryKind.REDACTED}
    return tuple(
        replace(one, redacted=True) if one.n is not None and one.n in gone else one
        for one in notes
    )


def _published(notes: tuple[OwnNote, ...], said: FollowUp) -> tuple[OwnNote, ...]:
    for index, note in enumerate(notes):
        if note.n is None and note.text == said.text:
            found = replace(note, n=said.n, sent=True, problem=None)
            return (*notes[:index], found, *notes[index + 1 :])
    return notes


def note_view(note: OwnNote) -> dict[str, Json]:
    """Return a note as JSON, without what its problem means."""
    return {
        "note_id": note.note_id,
        "state": note.state.value,
        "text": note.text,
        "written_at": utc_text(note.written_at),
        "problem": note.problem,
    }
