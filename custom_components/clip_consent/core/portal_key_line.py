"""Which keys a hub named one after the other; docs/portal-protocol.md, section 1.

A rotation was signed by the key before it, which a thief may have taken long ago: so it
counts only as one of those that the log has, in its order, and never less than before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
import hashlib
from typing import Final

from .errors import PortalError
from .portal_json import Fields, read_json
from .portal_log import EntryKind, Head, LogLine

_CODE: Final = "portal_fork"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedKey:
    """A rotation that was seen, by the SHA-256 of its text, in hex."""

    digest: str
    n: int | None  # of its entry in the log; None while that was not read


def told(known: Sequence[NamedKey], rotations: Sequence[str]) -> tuple[NamedKey, ...]:
    """Return the keys there are where `/info` says these rotations.

    It may name more than are known, in the end. Raises PortalError `portal_rollback`
    where it names less, and `portal_fork` where it names others.
    """
    digests = [_digest(rotation) for rotation in rotations]
    before = [key.digest for key in known]
    if digests[: len(before)] != before[: len(digests)]:
        raise PortalError(_CODE)
    if len(digests) < len(before):
        raise PortalError("portal_rollback")
    more = (NamedKey(digest=one, n=None) for one in digests[len(before) :])
    return (*known, *more)


def listed(known: Sequence[NamedKey], lines: Iterable[LogLine]) -> tuple[NamedKey, ...]:
    """Return the keys there are after further lines of a log.

    Raises PortalError `portal_fork` where the log names others than were told of, or
    says in an entry of that kind something else than a rotation.
    """
    keys = list(known)
    place = count_listed(known)
    for line in lines:
        if line.entry.kind != EntryKind.KEY:
            continue
        key = NamedKey(digest=_digest(_rotation(line)), n=line.entry.n)
        if place < len(keys) and keys[place].digest != key.digest:
            raise PortalError(_CODE)
        keys[place : place + 1] = [key]
        place += 1
    return tuple(keys)


def count_listed(known: Iterable[NamedKey]) -> int:
    """Return how many of the keys the log has, as far as it was read."""
    return sum(key.n is not None for key in known)


def named_in(lines: Iterable[LogLine]) -> tuple[str, ...]:
    """Return the rotations in lines of a log. Raises PortalError `portal_fork`."""
    return tuple(_rotation(line) for line in lines if line.entry.kind == EntryKind.KEY)


def check_told(
    known: Iterable[NamedKey], rotations: Sequence[str], head: Head, read: Head
) -> None:
    """Hold what `/info` says, with its head, to the log that was read up to `read`.

    Its rotations are exactly those of the log up to that head. Raises PortalError
    `portal_fork`. While the log was not read that far, nothing is known of it.
    """
    if head.n > read.n:
        return
    had = [key.digest for key in known if key.n is not None and key.n <= head.n]
    if had != [_digest(rotation) for rotation in rotations]:
        raise PortalError(_CODE)


def _rotation(line: LogLine) -> str:
    if line.beside is None:
        raise PortalError(_CODE)
    said = read_json(line.beside.text.encode(), _CODE)
    return Fields(said, _CODE).text("rotation")


def _digest(rotation: str) -> str:
    return hashlib.sha256(rotation.encode()).hexdigest()
