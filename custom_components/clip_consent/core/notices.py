"""Notices of hubs in a home: which are shown, which are news, and a comment on one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from .limits import CIPHERTEXT_KEPT, OPEN_MAX, PUSH_DAY
from .models import (
    Case,
    CaseState,
    Choice,
    PortalKind,
    Request,
    RequesterKind,
    Screening,
    Trust,
    Window,
)
from .portal_items import Notice, NoticeAuthor
from .portal_storage import drop_of
from .serial import Json, utc_text
from .settings import Portal
from .vouching import Voucher

# An open notice comes in each slot: what is known of one is kept a while longer.
SEEN_KEPT: Final = timedelta(days=2)
PUSHES_PER_DAY: Final = 3  # that tell an approver of notices, whatever hubs post


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A notice that was told of once; `put_away` says that nobody wants to see it."""

    hub: str
    id: str
    expires_at: datetime
    put_away: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What is known of notices that were told of."""

    seen: tuple[Seen, ...] = ()

    def knows(self, hub: str, id: str) -> bool:
        """Tell whether a notice is no news."""
        return any((one.hub, one.id) == (hub, id) for one in self.seen)

    def has_away(self, hub: str, id: str) -> bool:
        """Tell whether a notice was put away."""
        return any((one.hub, one.id) == (hub, id) and one.put_away for one in self.seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A notice that is news: no word of its author's in it."""

    portal_id: str
    label: str  # the owner's own name for the hub
    notice_id: str
    author: NoticeAuthor


def news(board: Board, hub: str, notices: Sequence[Notice]) -> tuple[Notice, ...]:
    """Return those of a hub's open notices that nobody was told of."""
    return tuple(one for one in notices if not board.knows(hub, one.id))


def seen(board: Board, hub: str, notices: Sequence[Notice], now: datetime) -> Board:
    """Return the board once these were told of; what is long over is forgotten."""
    kept = [one for one in board.seen if now < one.expires_at + SEEN_KEPT]
    more = [
        Seen(hub=hub, id=one.id, expires_at=one.expires_at)
        for one in news(board, hub, notices)
    ]
    return replace(board, seen=(*kept, *more))


def put_away(board: Board, hub: str, id: str) -> Board:
    """Return the board once a notice that was told of was put away."""
    return replace(
        board,
        seen=tuple(
            replace(one, put_away=True) if (one.hub, one.id) == (hub, id) else one
            for one in board.seen
        ),
    )


def of_hubs(board: Board, hubs: Collection[str]) -> Board:
    """Return the board without hubs that are followed no more."""
    return replace(board, seen=tuple(one for one in board.seen if one.hub in hubs))


def pushes_of(pushed: Sequence[datetime], now: datetime) -> list[datetime]:
    """Return which pushes count: those of a day.

    What lies ahead was pushed before the clock was set back: it counts no more.
    """
    return [when for when in pushed if now - PUSH_DAY < when <= now]


def may_push(pushed: Sequence[datetime], now: datetime) -> bool:
    """Tell whether an approver may be told on their phones, after these pushes."""
    return len(pushes_of(pushed, now)) < PUSHES_PER_DAY


def posted_view(posted: Posted) -> dict[str, Json]:
    """Return the attributes of the event entity."""
    return {
        "label": posted.label,
        "notice_id": posted.notice_id,
        "author": posted.author.value,
    }


def notice_view(notice: Notice, portal: Portal, *, comments: bool) -> dict[str, Json]:
    """Return a notice as approvers see it: title and text are a stranger's words.

    `comments` tells whether somebody else waits for some.
    """
    return {
        "notice_id": notice.id,
        "portal_id": portal.portal_id,
        "label": portal.title,
        "title": notice.title,
        "text": notice.text,
        "author": notice.author.value,
        "published_at": utc_text(notice.published_at),
        "expires_at": utc_text(notice.expires_at),
        "comments": comments,
    }


# --- a comment: an answer in words to the author, and never anything else


def comment_request(
    notice: Notice,
    *,
    portal: Portal,
    base: str,
    storage: str | None,
    request_id: str,
    now: datetime,
) -> Request:
    """Return what a comment answers: the notice, as something that was asked.

    A comment has no window of footage; what stands for it is how long the notice is
    out. The hub knows its operator, and of a neighbour nothing.
    """
    operator = notice.author is NoticeAuthor.OPERATOR
    expires = min(notice.expires_at, now + OPEN_MAX)
    return Request(
        request_id=request_id,
        portal=PortalKind.NOTICE,
        trust=Trust.VERIFIED if operator else Trust.UNVERIFIED,
        label=portal.title,
        kind=RequesterKind.OTHER if operator else RequesterKind.NEIGHBOUR,
        name="",
        contact="",
        text=f"{notice.title}\n\n{notice.text}".strip(),
        case_number="",
        window=Window(
            start=min(notice.published_at, notice.expires_at), end=notice.expires_at
        ),
        received_at=now,
        expires_at=expires,
        recipient=notice.recipient,
        destination=drop_of(base, notice.id, storage),
        reachable_until=expires + CIPHERTEXT_KEPT,
        voucher=Voucher(
            hub=portal.hub, item_id=notice.id, organisation="", verified_how=""
        ),
    )


def comment_case(
    case_id: str, request: Request, screening: Screening, choice: Choice
) -> Case:
    """Return the case of a comment that was just written: it is about to be drafted.

    Nobody asked this home, so nothing is screened out, looked for or pushed.
    """
    return Case(
        case_id=case_id,
        request=request,
        state=CaseState.DRAFTING,
        screening=screening,
        findings=(),
        choice=choice,
    )
