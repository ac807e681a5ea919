"""What a home keeps of a hub that it follows, and what a hub is accused of."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from .hub_terms import USUAL, AskTerms
from .portal_key_line import NamedKey
from .portal_log import EMPTY, Entry, Head
from .portal_notes import Note
from .portal_published import Published
from .portal_slots import SLOT

# Nothing of a hub is offered until the owner has seen which of these it was.
ALARMS: Final = (
    "portal_altered",
    "portal_fork",
    "portal_gap",
    "portal_rollback",
    "portal_unlisted",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A head that was told of elsewhere, and the log had not yet, and since when."""

    head: Head
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedMark:
    """The newest issue of a cell's feed that was read; `digest` is of its bytes.

    `asked` is when those bytes were asked for (None: not since the start). `settled`
    says that there is nothing left in it to wait for.
    """

    cell: str
    seq: int
    digest: str
    expires: datetime
    settled: bool
    asked: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """An item that the log has: its entry and its text."""

    n: int
    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """All that a home keeps of a hub."""

    cells: tuple[str, ...] = ()  # that it covers
    slot: int = SLOT  # seconds, as taken
    may_ask: bool = False  # whether it takes requests of neighbours
    terms: AskTerms = USUAL
    head: Head = EMPTY
    passes: Head = EMPTY  # that the log had before it was read again from its begin
    recent: tuple[Entry, ...] = ()  # of the log, the last ones without a gap
    # entries whose text is gone, and of which no later one that was read says why
    untold: tuple[int, ...] = ()
    keys: tuple[NamedKey, ...] = ()  # all that followed the first one, in order
    promise: Promise | None = None
    feeds: tuple[FeedMark, ...] = ()
    items: tuple[OpenItem, ...] = ()
    notes: tuple[Note, ...] = ()
    published: tuple[Published, ...] = ()  # by the entries in `recent`
    altered: tuple[str, ...] = ()  # items of this home that the hub was accused of
    alarm: str | None = None
    storage: str | None = None  # where its newest terms say that answers are kept

    def mark(self, cell: str) -> FeedMark | None:
        """Return what was read last of a cell's feed."""
        return next((mark for mark in self.feeds if mark.cell == cell), None)

    def etag(self, cell: str, now: datetime) -> str | None:
        """Return the digest of a feed that need not be sent again today.

        A hub may have made its bytes for this home alone: so what came on one day (UTC)
        is not spoken of on another.
        """
        mark = self.mark(cell)
        if mark is None or not mark.settled or mark.asked is None:
            return None
        same = mark.asked.astimezone(UTC).date() == now.astimezone(UTC).date()
        return mark.digest if same else None


def alarmed(known: Followed, code: str) -> Followed:
    """Note that a hub contradicts itself. The first alarm stands."""
    return replace(known, alarm=known.alarm or code)


def anew(known: Followed) -> Followed:
    """Forget what a hub said, so that what it says now is believed."""
    return Followed(
        cells=known.cells,
        slot=known.slot,
        may_ask=known.may_ask,
        terms=known.terms,
        altered=known.altered,
        storage=known.storage,
    )


def begun(known: Followed) -> Followed:
    """Return what to go on with after a start: feeds are sent whole, to whoever asks.

    It may ask at another address, where nobody can have seen it before.
    """
    feeds = tuple(replace(mark, asked=None) for mark in known.feeds)
    return replace(known, feeds=feeds)


def read_again(known: Followed) -> Followed:
    """Return what to go on with where an earlier version kept no keys.

    The log is read from its first entry on, and has to come by the head of before.
    """
    return replace(
        known,
        head=EMPTY,
        passes=known.head,
        recent=(),
        published=(),
        untold=(),
    )
