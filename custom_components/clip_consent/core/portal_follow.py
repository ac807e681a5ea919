"""What a home believes of what a hub says; docs/portal-protocol.md, sections 3 and 4.

The hub's signatures were checked before: this is about whether it says today what it
said before, and to this home what it says to all. Whoever is told something else than
the others could be found out by who answers, and whoever is told less misses something.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from .errors import InvalidGeometryError, PortalError
from .geo import check_area
from .limits import AREA, HUB
from .portal_feed import Feed, Listed
from .portal_items import Item, Notice, PublicRequest, read_item
from .portal_key_line import check_told, listed, told
from .portal_known import FeedMark, Followed, OpenItem, Promise
from .portal_log import EMPTY, Entry, EntryKind, Head, LogLine, check_chain, text_digest
from .portal_notes import noted, without_strays
from .portal_published import published
from .portal_storage import told_storage

# Entries of the log that are kept: what is open was published later than that.
RECENT: Final = timedelta(days=30)
RECENT_MAX: Final = 5000
ITEMS_MAX: Final = 300  # open ones that are kept; more wait in the feed
# A feed may tell of an entry before the log does, if something between holds a copy.
PROMISE_KEPT: Final = timedelta(minutes=10)
UNTOLD_MAX: Final = 5000  # texts that are gone before the log said why
_CLOSING: Final = (EntryKind.RESOLVED, EntryKind.WITHDRAWN)


def follow_log(
    known: Followed, lines: Sequence[LogLine], head: Head, now: datetime
) -> Followed:
    """Go on with the log's next entries; `head` is that of the hub when it sent them.

    They may be a part of what is there. Raises PortalError, one of `ALARMS`.
    """
    if head.n < max(known.head.n, known.passes.n):
        raise PortalError("portal_rollback")
    reached = check_chain(known.head, lines)
    if reached.n > head.n or (reached.n == head.n and reached != head):
        raise PortalError("portal_fork")
    if not lines and reached.n < head.n:
        raise PortalError("portal_gap")
    untold = _untold(known.untold, lines)
    # a page and its head are of one moment: at the end every reason has been read
    if len(untold) > (0 if reached == head else UNTOLD_MAX):
        raise PortalError("portal_fork")
    recent = (*known.recent, *(line.entry for line in lines))
    said = published(known.published, lines)
    known = replace(
        known,
        head=reached,
        untold=untold,
        keys=listed(known.keys, lines),
        recent=recent,
        notes=noted(known.notes, lines),
        storage=told_storage(known.storage, lines),
    )
    known = _held_to_promise(_passed(known), head, now)
    recent = _recent(recent)
    said = tuple(one for one in said if one.n >= recent[0].n)
    return _without_closed(replace(known, recent=recent, published=said))


def follow_info(
    known: Followed, rotations: Sequence[str], head: Head, now: datetime
) -> Followed:
    """Hold the keys and the head that a hub says beside its log to what is known.

    The log may not be read that far: `check_info` is for after it was. Raises
    PortalError, one of `ALARMS`.
    """
    known = replace(known, keys=told(known.keys, rotations))
    return _promised(known, head, now)


def check_info(known: Followed, rotations: Sequence[str], head: Head) -> None:
    """Hold keys and head to the log that was read since. Raises PortalError."""
    check_told(known.keys, rotations, head, known.head)


def follow_feed(known: Followed, feed: Feed, digest: str, now: datetime) -> Followed:
    """Take the items of a cell's feed that the log has.

    `digest` is the SHA-256 of the feed's bytes, in hex, `now` when it was asked for.
    What is newer than the known log waits for the next time. Raises PortalError, one
    of `ALARMS`.
    """
    before = known.mark(feed.cell)
    if before and feed.seq < before.seq:
        return known  # a copy that something between held for too long
    if before and feed.seq == before.seq and digest != before.digest:
        raise PortalError("portal_fork")
    known = _promised(known, feed.head, now)
    items = {item.n: item for item in known.items}
    listed = [
        (one, _entry(known, one)) for one in feed.items if not _is_past(known, one)
    ]
    for one, entry in listed:
        if entry and (item := _readable(one, entry)):
            items[item.n] = item
    mark = FeedMark(
        cell=feed.cell,
        seq=feed.seq,
        digest=digest,
        expires=feed.expires,
        asked=now,
        settled=all(entry for _, entry in listed) and len(items) <= ITEMS_MAX,
    )
    others = [one for one in known.feeds if one.cell != feed.cell]
    return _without_closed(
        replace(
            known,
            items=tuple(items[n] for n in sorted(items)[:ITEMS_MAX]),
            feeds=tuple(sorted([*others, mark], key=lambda one: one.cell)),
        )
    )


def unchanged(known: Followed, cell: str, now: datetime) -> Followed:
    """Hold a feed that is said not to have changed to how long it was to hold.

    One that is over has to be sent whole the next time.
    """
    mark = known.mark(cell)
    return known if mark and now < mark.expires else unsettled(known, cell)


def unsettled(known: Followed, cell: str) -> Followed:
    """Have a cell's feed sent whole the next time."""
    feeds = tuple(
        replace(mark, settled=False) if mark.cell == cell else mark
        for mark in known.feeds
    )
    return replace(known, feeds=feeds)


def tidied(known: Followed, now: datetime) -> Followed:
    """Return what is kept once items that are over are gone, and cells that were left.

    A home that moved asks for other cells: of the old ones nothing has to be known. An
    item that was open by another clock has to come again, so feeds are sent whole then.
    """
    items = tuple(item for item in known.items if _is_open(item, now))
    feeds = tuple(mark for mark in known.feeds if now < mark.expires + RECENT)
    if len(items) < len(known.items):
        feeds = tuple(replace(mark, settled=False) for mark in feeds)
    notes = without_strays(known.notes, {item.id for item in items}, now)
    return replace(known, items=items, feeds=feeds, notes=notes)


def open_requests(known: Followed, now: datetime) -> tuple[PublicRequest, ...]:
    """Return the requests that may be offered: none while an alarm stands.

    What breaks the limits of the protocol is none, whatever the hub's own are: small
    areas and short windows would tell who answers.
    """
    return tuple(
        item
        for item in _open_items(known, now)
        if isinstance(item, PublicRequest) and _within_limits(item)
    )


def open_notices(known: Followed, cell: str, now: datetime) -> tuple[Notice, ...]:
    """Return the notices to a cell, oldest first: none while an alarm stands."""
    return tuple(
        item
        for item in _open_items(known, now)
        if isinstance(item, Notice) and cell in item.cells
    )


def _open_items(known: Followed, now: datetime) -> list[Item]:
    if known.alarm:
        return []
    items = [read_item(item.text) for item in known.items]
    return [item for item in items if item and now < item.expires_at]


def ended(known: Followed) -> frozenset[str]:
    """Return the ids of items that the log says are resolved, withdrawn or redacted."""
    published = {one.n for one in known.recent if one.kind == _PUBLISHED}
    published |= {item.n for item in known.items}
    return frozenset(
        entry.id
        for entry in known.recent
        if entry.id
        and (
            entry.kind in _CLOSING
            # of a request itself, not of a note to it
            or (entry.kind == _REDACTED and entry.target in published)
        )
    )


_PUBLISHED: Final = EntryKind.PUBLISHED
_REDACTED: Final = EntryKind.REDACTED
_REDACTABLE: Final = (EntryKind.PUBLISHED, EntryKind.NOTE)


def _untold(untold: tuple[int, ...], lines: Sequence[LogLine]) -> tuple[int, ...]:
    """Return whose text is gone without a reason, after further lines of a log.

    Only what somebody wrote may go: of the rest a missing text hides something.
    """
    left = dict.fromkeys(untold)
    for line in lines:
        entry = line.entry
        if line.beside is None:
            if entry.kind not in _REDACTABLE:
                raise PortalError("portal_fork")
            left[entry.n] = None
        elif entry.kind == _REDACTED and entry.target is not None:
            left.pop(entry.target, None)
    return tuple(left)


def _recent(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Keep the newest entries, and the one before them: a feed's head may be that.

    How old they are is told by themselves: a clock of this home's that is ahead for a
    moment would have it forget what the hub then was accused of not to have.
    """
    first = next(
        (at for at, one in enumerate(entries) if entries[-1].at - one.at <= RECENT), 0
    )
    return entries[max(0, first - 1) :][-RECENT_MAX:]


def _passed(known: Followed) -> Followed:
    """Hold a log that is read again to what was read of it before."""
    if known.passes.n > known.head.n:
        return known
    _check_head(known, known.passes)
    return replace(known, passes=EMPTY)


def _held_to_promise(known: Followed, head: Head, now: datetime) -> Followed:
    """Hold the log to what was told of it elsewhere."""
    promise = known.promise
    if promise is None:
        return known
    if promise.head.n <= known.head.n:
        _check_head(known, promise.head)
        return replace(known, promise=None)
    if head.n < promise.head.n and now >= promise.since + PROMISE_KEPT:
        raise PortalError("portal_gap")
    return known


def _promised(known: Followed, head: Head, now: datetime) -> Followed:
    """Hold a head to the known log, or the log of the next time to it."""
    if head.n <= known.head.n:
        _check_head(known, head)
        return known
    if known.promise and head.n <= known.promise.head.n:
        if head.n == known.promise.head.n and head != known.promise.head:
            raise PortalError("portal_fork")
        return known
    since = known.promise.since if known.promise else now
    return replace(known, promise=Promise(head=head, since=since))


def _check_head(known: Followed, head: Head) -> None:
    """Hold a head of before to the log. Of what is long past nothing is known."""
    hashes = {entry.n - 1: entry.previous for entry in known.recent}
    hashes[known.head.n] = known.head.hash
    hashes[0] = EMPTY.hash
    if hashes.get(head.n, head.hash) != head.hash:
        raise PortalError("portal_fork")


def _is_past(known: Followed, one: Listed) -> bool:
    """Tell whether an item is older than what is kept of the log.

    So it cannot be held to that, and is taken from no feed. If it was taken when it
    could be, it may say nothing else now. Raises PortalError `portal_unlisted`.
    """
    if not known.recent or not 1 <= one.n < known.recent[0].n:
        return False
    taken = next((item for item in known.items if item.n == one.n), None)
    if taken and taken.text != one.beside.text:
        raise PortalError("portal_unlisted")
    return True


def _entry(known: Followed, one: Listed) -> Entry | None:
    """Return the entry of the log that lists an item; None if it is still to come."""
    if one.n > known.head.n:
        return None
    for entry in known.recent:
        if entry.n == one.n:
            if entry.kind != _PUBLISHED or text_digest(one.beside) != entry.digest:
                break
            return entry
    raise PortalError("portal_unlisted")


def _readable(one: Listed, entry: Entry) -> OpenItem | None:
    """Return an item; None for one that nobody could read, here or elsewhere."""
    try:
        item = read_item(one.beside.text)
    except PortalError:
        return None
    if item is None:
        return None
    if item.id != entry.id:
        raise PortalError("portal_unlisted")
    return OpenItem(n=one.n, id=item.id, text=one.beside.text)


def _without_closed(known: Followed) -> Followed:
    over = ended(known)
    items = tuple(item for item in known.items if item.id not in over)
    return replace(known, items=items)


def _is_open(item: OpenItem, now: datetime) -> bool:
    read = read_item(item.text)
    return read is not None and now < read.expires_at


def _within_limits(request: PublicRequest) -> bool:
    window = request.window
    length = window.end - window.start
    try:
        check_area(request.area, AREA)
    except InvalidGeometryError:
        return False
    fits = HUB.window_min <= length <= HUB.window_max
    return fits and window.end <= request.published_at
