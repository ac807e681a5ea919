"""The chain: whatever is done to it shows at the first bad place."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, strategies as st

from custom_components.clip_consent.core.ledger import (
    EMPTY,
    GENESIS,
    Entry,
    Head,
    Line,
    append,
    first_fault,
    salted_digest,
    timestamp,
)

AT = timestamp(datetime(2026, 11, 23, 12, tzinfo=UTC))


def chain(length: int) -> list[Entry]:
    """Return a chain of entries."""
    entries: list[Entry] = []
    head = EMPTY
    for number in range(length):
        line = Line(kind="kind", case_id=None, data={"number": number})
        entries.append(append(head, line, AT))
        head = Head(seq=entries[-1].seq, digest=entries[-1].digest)
    return entries


def test_whole_chain_has_no_fault() -> None:
    """As written."""
    entries = chain(5)
    assert entries[0].previous == GENESIS
    assert AT == "2026-11-23T12:00:00.000Z"
    assert first_fault(entries) is None
    assert first_fault([]) is None
    head = Head(seq=5, digest=entries[-1].digest)
    assert first_fault(entries, head=head) is None
    behind = Head(seq=3, digest=entries[2].digest)
    assert first_fault(entries, head=behind) is None


@given(st.integers(1, 8), st.data())
def test_any_tampering_is_named(length: int, data: st.DataObject) -> None:
    """Edit, delete, swap, insert, truncate."""
    entries = chain(length)
    head = Head(seq=length, digest=entries[-1].digest)
    at = data.draw(st.integers(0, length - 1))
    edited = [*entries]
    edited[at] = replace(edited[at], data={"number": -1})
    assert first_fault(edited) == at + 1
    deleted = entries[:at] + entries[at + 1 :]
    assert first_fault(deleted, head=head) == at + 1
    inserted = [*entries[:at], entries[at], *entries[at:]]
    assert first_fault(inserted) == at + 2
    if at + 1 < length:
        swapped = [*entries]
        swapped[at], swapped[at + 1] = swapped[at + 1], swapped[at]
        assert first_fault(swapped) == at + 1
    assert first_fault(entries[:at], head=head) == at + 1


def test_rewritten_chain_shows_against_the_head() -> None:
    """A whole chain made anew fits itself, and not the head kept apart."""
    entries = chain(3)
    head = Head(seq=3, digest="0" * 64)
    assert first_fault(entries, head=head) == 3


def test_exported_entry_has_its_digest() -> None:
    """What is exported is what was digested, and the digest."""
    entry = chain(1)[0]
    exported = entry.as_json()
    assert exported["digest"] == entry.digest
    assert set(exported) == {
        *("seq", "at", "kind", "case_id", "data", "previous", "digest")
    }


def test_digest_of_words_needs_the_salt() -> None:
    """Another salt, another digest."""
    assert salted_digest(b"a", "words") != salted_digest(b"b", "words")
    assert salted_digest(b"a", "words") == salted_digest(b"a", "words")
