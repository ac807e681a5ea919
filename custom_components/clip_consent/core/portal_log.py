"""A hub's log: a chain of salted digests; docs/portal-protocol.md, section 3.

The texts lie beside the chain, so that one can be taken away and the chain still holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
import hashlib
import re
from typing import Final

from .errors import PortalError
from .portal_json import Fields, Said
from .serial import Json, canonical, utc_text

_CODE: Final = "portal_log_invalid"
SALT_BYTES: Final = 16
_SALT: Final = re.compile(r"[0-9a-f]{32}")


class EntryKind(StrEnum):
    """What an entry says."""

    PUBLISHED = "published"
    NOTE = "note"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"
    REDACTED = "redacted"
    KEY = "key"
    TERMS = "terms"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The newest entry: its number and hash."""

    n: int
    hash: str


EMPTY: Final = Head(n=0, hash="0" * 64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The text of an entry and what keeps its digest from being guessed."""

    salt: bytes
    text: str  # JSON of an object


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One link of the chain. A kind that is not known here is kept as it is."""

    n: int
    at: datetime
    kind: str
    id: str | None
    target: int | None
    digest: str
    previous: str
    hash: str

    @property
    def head(self) -> Head:
        """The head that it makes."""
        return Head(n=self.n, hash=self.hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """An entry and its text; None once that was redacted."""

    entry: Entry
    beside: Beside | None


def text_digest(beside: Beside) -> str:
    """Return SHA-256 of salt and text, in hex."""
    return hashlib.sha256(beside.salt + beside.text.encode()).hexdigest()


def next_entry(
    head: Head,
    *,
    at: datetime,
    kind: EntryKind,
    id: str | None,
    target: int | None,
    beside: Beside,
) -> Entry:
    """Return the entry that follows a head."""
    said = _said(
        n=head.n + 1,
        at=utc_text(at),
        kind=kind.value,
        id=id,
        target=target,
        digest=text_digest(beside),
        previous=head.hash,
    )
    return read_entry({**said, "hash": _hash(said)})


def entry_json(entry: Entry) -> Said:
    """Return an entry as JSON."""
    said = _said(
        n=entry.n,
        at=utc_text(entry.at),
        kind=entry.kind,
        id=entry.id,
        target=entry.target,
        digest=entry.digest,
        previous=entry.previous,
    )
    return {**said, "hash": entry.hash}


def line_json(line: LogLine) -> Said:
    """Return an entry and its text as a page of the log has them."""
    beside = line.beside
    return {
        "entry": entry_json(line.entry),
        "beside": {"salt": beside.salt.hex(), "text": beside.text} if beside else None,
    }


def read_line(said: Json) -> LogLine:
    """Read an entry and its text. Raises PortalError `portal_log_invalid`."""
    fields = Fields(said, _CODE)
    return LogLine(
        entry=read_entry(fields.json("entry")), beside=_beside(fields.json("beside"))
    )


def read_entry(said: Json) -> Entry:
    """Read an entry. Raises PortalError `portal_log_invalid`."""
    fields = Fields(said, _CODE)
    named, target = fields.json("id"), fields.json("target")
    return Entry(
        n=fields.number("n"),
        at=fields.time("at"),
        kind=fields.text("kind"),
        id=None if named is None else fields.id("id"),
        target=None if target is None else fields.number("target"),
        digest=fields.digest("digest"),
        previous=fields.digest("previous"),
        hash=fields.digest("hash"),
    )


def check_chain(head: Head, lines: Iterable[LogLine]) -> Head:
    """Return the head after lines that follow one; each text is what it was.

    Raises PortalError `portal_gap` where an entry is missing and `portal_fork` where
    one does not follow, or is or says something else than its digest.
    """
    for line in lines:
        entry = line.entry
        if entry.n != head.n + 1:
            raise PortalError("portal_gap")
        said = entry_json(entry)
        del said["hash"]
        fits = entry.previous == head.hash and entry.hash == _hash(said)
        if not fits or (line.beside and text_digest(line.beside) != entry.digest):
            raise PortalError("portal_fork")
        head = entry.head
    return head


def _said(**said: Json) -> Said:
    return said


def _hash(said: Said) -> str:
    return hashlib.sha256(canonical(said)).hexdigest()


def _beside(said: Json) -> Beside | None:
    if said is None:
        return None
    fields = Fields(said, _CODE)
    salt = fields.text("salt")
    if not _SALT.fullmatch(salt):
        raise PortalError(_CODE)
    return Beside(salt=bytes.fromhex(salt), text=fields.text("text"))
