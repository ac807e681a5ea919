"""The ledger's chain: each entry holds the digest of the one before.

Editing, removing, reordering or inserting an entry breaks the chain at the first bad
place; a truncation shows against a head that was kept elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
import hashlib
from typing import Final

from .serial import Json, canonical

GENESIS: Final = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is to be recorded, before it has a place in the chain."""

    kind: str
    case_id: str | None
    data: dict[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last entry's place and digest."""

    seq: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line in its place. `at` is RFC 3339 text, exactly as digested."""

    seq: int
    at: str
    kind: str
    case_id: str | None
    data: dict[str, Json]
    previous: str
    digest: str

    def as_json(self) -> dict[str, Json]:
        """Return the exported form."""
        return {**_body(self), "digest": self.digest}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which entries somebody looks for; what is None or empty does not narrow."""

    kinds: frozenset[str] = frozenset()
    case_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None  # entries of that moment are left out


EVERYTHING: Final = Sought()
EMPTY: Final = Head(seq=0, digest=GENESIS)


def timestamp(now: datetime) -> str:
    """Return the text form of a ledger time: UTC, milliseconds."""
    return now.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def append(head: Head, line: Line, at: str) -> Entry:
    """Return the entry that follows `head`."""
    draft = Entry(
        seq=head.seq + 1,
        at=at,
        kind=line.kind,
        case_id=line.case_id,
        data=line.data,
        previous=head.digest,
        digest="",
    )
    return Entry(
        seq=draft.seq,
        at=at,
        kind=line.kind,
        case_id=line.case_id,
        data=line.data,
        previous=head.digest,
        digest=digest(draft),
    )


def digest(entry: Entry) -> str:
    """Return SHA-256 (hex) over the canonical JSON of the entry without its digest."""
    return hashlib.sha256(canonical(_body(entry))).hexdigest()


def first_fault(
    entries: Iterable[Entry], *, after: Head = EMPTY, head: Head | None = None
) -> int | None:
    """Return the number of the first entry that does not fit, or None.

    `head` is a head kept apart: entries that end before it, or that say something else
    at its place, are faulty there.
    """
    last = after
    for entry in entries:
        if (
            entry.seq != last.seq + 1
            or entry.previous != last.digest
            or digest(entry) != entry.digest
        ):
            return last.seq + 1
        last = Head(seq=entry.seq, digest=entry.digest)
        if head and last.seq == head.seq and last.digest != head.digest:
            return last.seq
    if head and last.seq < head.seq:
        return last.seq + 1
    return None


def salted_digest(salt: bytes, data: Json) -> str:
    """Return what stands for a requester's words; void once the salt is gone."""
    return hashlib.sha256(salt + canonical(data)).hexdigest()


def _body(entry: Entry) -> dict[str, Json]:
    return {
        "seq": entry.seq,
        "at": entry.at,
        "kind": entry.kind,
        "case_id": entry.case_id,
        "data": entry.data,
        "previous": entry.previous,
    }
