"""The life of what is submitted to a hub: pure, from intake to its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from .errors import LimitError
from .hub_models import Waiting, WaitingKind
from .hub_settings import HubLimits, HubRequester
from .limits import CIPHERTEXT_KEPT, HUB_PER_ADDRESS_AND_DAY, HUB_WAITING_MAX, LATE_MAX
from .models import RequesterKind
from .portal_bodies import NoticeDraft
from .portal_items import Item, Notice, NoticeAuthor, PublicRequest
from .portal_submission import Submission
from .serial import stated

COUNTS: Final = timedelta(days=7)  # how long a submission counts, from when it came
DAY: Final = timedelta(days=1)
# A requester finds it on their desk so long after its end: until what came is gone.
DESK_KEPT: Final = LATE_MAX + CIPHERTEXT_KEPT + DAY
# There is no name to show: what the hub knows of who asks.
NEIGHBOUR_CHECKED: Final = "A neighbour, through their own home; the hub knows no name"
COUNTED_BY: Final = 5  # homes: fewer are not told of, more only in such steps


class ItemState(StrEnum):
    """Where a submission stands. That it is over by its time is told from its times."""

    MODERATION = "moderation"
    REFUSED = "refused"
    OPEN = "open"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"
    REDACTED = "redacted"


EXPIRED: Final = "expired"
# What the log says of a withdrawal that was the hub's own, and not the requester's.
UNVOUCHED: Final = {"by": "hub", "reason": "requester_gone"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """What came in: a request or a notice.

    `requester` is None for a neighbour. `counts_until` is fixed when it comes in: so
    long it counts for the limits, whatever becomes of it.
    """

    id: str
    submitted_at: datetime
    counts_until: datetime
    said: Submission | NoticeDraft
    requester: HubRequester | None = None
    author: NoticeAuthor = NoticeAuthor.NEIGHBOUR

    @property
    def recipient(self) -> str | None:
        """To whom answers are sealed, None if none are wanted."""
        return self.said.recipient

    @property
    def inbox(self) -> str | None:
        """The SHA-256 of what opens the answers, beside a requester's own token."""
        return self.said.inbox

    @property
    def case_number(self) -> str | None:
        """The case number as it is counted, None if there is none."""
        if isinstance(self.said, NoticeDraft):
            return None
        return "".join(self.said.case_number.casefold().split()) or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many submissions of before still count."""

    of_requester: int = 0
    of_case_number: int = 0
    of_neighbours_waiting: int = 0


def submit(
    *,
    id: str,
    now: datetime,
    said: Submission | NoticeDraft,
    requester: HubRequester | None = None,
) -> Submitted:
    """Return what came in just now."""
    now = stated(now)
    return Submitted(
        id=id,
        submitted_at=now,
        counts_until=now + COUNTS,
        said=said,
        requester=requester,
    )


def check_quota(submitted: Submitted, counted: Counted, limits: HubLimits) -> None:
    """Hold one more submission to the published limits. Raises LimitError."""
    if submitted.requester is None:
        if counted.of_neighbours_waiting >= HUB_WAITING_MAX:
            raise LimitError("too_many_waiting")
        return
    if counted.of_requester >= limits.per_week:
        raise LimitError("too_many_week")
    if submitted.case_number and counted.of_case_number >= limits.per_case_number:
        raise LimitError("too_many_case_number")


def check_address(today: int, most: int = HUB_PER_ADDRESS_AND_DAY) -> None:
    """Hold one more submission of an address to a day's limit. Raises LimitError."""
    if today >= most:
        raise LimitError("too_many_today")


def published(submitted: Submitted, *, now: datetime, limits: HubLimits) -> Item:
    """Return what everybody may read of a submission that is published now."""
    now = stated(now)
    until = now + limits.open
    if isinstance(submitted.said, NoticeDraft):
        notice = submitted.said
        return Notice(
            id=submitted.id,
            published_at=now,
            expires_at=until,
            title=notice.title,
            text=notice.text,
            cells=notice.cells,
            author=submitted.author,
            recipient=notice.recipient,
        )
    request, who = submitted.said, submitted.requester
    return PublicRequest(
        id=submitted.id,
        published_at=now,
        expires_at=until,
        kind=who.kind if who else RequesterKind.NEIGHBOUR,
        name=who.name if who else "",
        organisation=who.organisation if who else "",
        verified_how=who.verified_how if who else NEIGHBOUR_CHECKED,
        contact=request.contact,
        case_number=request.case_number,
        title=request.title,
        text=request.text,
        window=request.window,
        area=request.area,
        recipient=request.recipient,
    )


def waiting(submitted: Submitted) -> Waiting:
    """Return a submission as a moderator sees it."""
    said = submitted.said
    if isinstance(said, NoticeDraft):
        return Waiting(
            id=submitted.id,
            kind=WaitingKind.NOTICE,
            submitted_at=submitted.submitted_at,
            title=said.title,
            text=said.text,
            cells=said.cells,
        )
    return Waiting(
        id=submitted.id,
        kind=WaitingKind.REQUEST,
        submitted_at=submitted.submitted_at,
        requester=submitted.requester,
        title=said.title,
        text=said.text,
        contact=said.contact,
        case_number=said.case_number,
        window=said.window,
        area=said.area,
    )


def shown_state(state: ItemState, until: datetime, now: datetime) -> str:
    """Return a state as it is told: what nobody ended is over by its time."""
    if state in {ItemState.MODERATION, ItemState.OPEN} and until <= now:
        return EXPIRED
    return state.value


def months(now: datetime) -> tuple[str, str]:
    """Return this month and the one before (UTC), as coverage is counted by."""
    first = now.replace(day=1)
    return f"{now:%Y-%m}", f"{first - DAY:%Y-%m}"


def told_coverage(counts: Mapping[str, int]) -> dict[str, int]:
    """Return how many homes are told of, by cell, of so many that were counted.

    Rounded down; nothing of a cell with too few.
    """
    return {
        cell: homes // COUNTED_BY * COUNTED_BY
        for cell, homes in sorted(counts.items())
        if homes >= COUNTED_BY
    }
