"""Follow-ups of this home: how each stands, and which of them the log has."""

from dataclasses import replace
from datetime import UTC, datetime

from custom_components.clip_consent.core.own_notes import (
    NoteState,
    OwnNote,
    followed_notes,
    not_taken,
    sent,
    to_send,
    waits_already,
)
from custom_components.clip_consent.core.portal_log import Entry, EntryKind
from custom_components.clip_consent.core.vouching import FollowUp

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
FIRST = OwnNote(note_id="a", text="It was a blue van", written_at=NOW)
SECOND = OwnNote(note_id="b", text="It was found", written_at=NOW)


def said(n: int, text: str) -> FollowUp:
    """Return what the log has."""
    return FollowUp(n=n, at=NOW, text=text)


def gone(n: int) -> Entry:
    """Return the tombstone of an entry."""
    return Entry(
        n=n + 1,
        at=NOW,
        kind=EntryKind.REDACTED,
        id="r" * 26,
        target=n,
        digest="0" * 64,
        previous="0" * 64,
        hash="1" * 64,
    )


def test_how_a_note_stands() -> None:
    """From sending on; what the hub refuses is not sent again."""
    notes = (FIRST, SECOND)
    assert to_send(notes) == notes
    notes = sent(notes, "a")
    assert [note.state for note in notes] == [NoteState.WAITING, NoteState.SENDING]
    notes = not_taken(notes, "b", "too_many_notes")
    assert notes[1].state is NoteState.REFUSED
    assert to_send(notes) == ()
    assert waits_already(notes, FIRST.text)
    assert not waits_already(notes, SECOND.text)


def test_the_log_tells_by_the_words_which_were_published() -> None:
    """Also one whose answer was lost; words that nobody here wrote are nobody's."""
    notes = followed_notes((FIRST, SECOND), [said(7, SECOND.text)], [])
    assert [note.state for note in notes] == [NoteState.SENDING, NoteState.PUBLISHED]
    assert notes[1].n == 7
    assert followed_notes(notes, [said(7, SECOND.text), said(8, "Other")], []) == notes


def test_the_same_words_twice_are_two_entries() -> None:
    """Each entry is one note; a third entry is none of ours."""
    twice = (FIRST, replace(FIRST, note_id="c"))
    notes = followed_notes(twice, [said(n, FIRST.text) for n in (3, 4, 5)], [])
    assert [note.n for note in notes] == [3, 4]


def test_what_was_redacted_says_so() -> None:
    """By the tombstone of its entry, and of no other."""
    notes = followed_notes((replace(FIRST, n=3), SECOND), [], [gone(3), gone(9)])
    assert [note.state for note in notes] == [NoteState.REDACTED, NoteState.SENDING]
