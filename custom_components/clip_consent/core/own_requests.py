"""What this home asks its neighbours through a hub, and what becomes of it.

A neighbour has no desk at a hub: whether one that waits was refused, nobody says. What
was published, and how it ended, the public log tells, which this home reads anyway.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
import hashlib
import math
from typing import Final

from .errors import InvalidGeometryError, InvalidRequestError
from .geo import Circle, Point
from .limits import CIPHERTEXT_KEPT, LATE_MAX, OPEN_MAX, Limits
from .models import Window
from .own_answers import ANSWER_MAX, WORDS_SEALED_MAX, Listed, OwnAnswer, with_listed
from .own_notes import OwnNote, followed_notes
from .portal_items import area_json, read_item
from .portal_json import Said
from .portal_known import Followed
from .portal_log import EntryKind
from .portal_notes import notes_to
from .portal_submission import Submission, snap, validate_submission
from .serial import utc_text
from .text import tidy

RADIUS: Final = 400.0  # metres: the home lies in it, wherever its point of the grid
WAITING_FOR: Final = timedelta(days=14)  # for a moderator: nobody tells of a refusal
OWN_OPEN_MAX: Final = 10  # requests of this home that are not over
OWN_KEPT: Final = timedelta(days=90)  # from when it was asked


class OwnState(StrEnum):
    """How a request of this home stands."""

    SENDING = "sending"  # kept here; the hub has not said yet that it has it
    WAITING = "waiting"  # for a moderator, or refused by one
    OPEN = "open"
    EXPIRED = "expired"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"
    REDACTED = "redacted"
    REFUSED = "refused"  # the hub did not take it
    UNPUBLISHED = "unpublished"  # nobody published it in all that time


ALIVE: Final = frozenset({OwnState.SENDING, OwnState.WAITING, OwnState.OPEN})
# What can be taken back, and what can be said to be done.
ENDS: Final = {
    OwnState.WITHDRAWN: ALIVE,
    OwnState.RESOLVED: frozenset({OwnState.OPEN}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What somebody wants to ask."""

    window: Window
    area: Circle
    title: str
    text: str
    portal: str | None = None  # which hub, by id or name; None where there is one


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRequest:
    """A request of this home, or a notice that takes comments.

    Its secrets leave the home to nobody.
    `secret` is the age key that opens the answers, `inbox` what the hub asks for before
    it gives them out. The hub has the public half of the one and a digest of the other.
    """

    request_id: str
    hub: str
    user_id: str | None  # None: an automation
    asked_at: datetime
    title: str
    text: str
    window: Window | None  # None, as the area: a notice, which asks for nothing
    area: Circle | None
    recipient: str
    secret: str = field(repr=False)  # 32 bytes in hex
    inbox: str = field(repr=False)
    # how often it was sent and may have arrived; of an earlier version nobody knows
    attempts: int = 1
    item_id: str | None = None  # what the hub calls it, once it has it
    published_at: datetime | None = None
    expires_at: datetime | None = None
    ended: OwnState | None = None
    owed: OwnState | None = None  # an end that the hub was not told of yet
    problem: str | None = None  # why the hub did not take it
    altered: bool = False  # whether the hub published something else as it
    settled: bool = False  # it is over, and what came was fetched
    answers: tuple[OwnAnswer, ...] = ()
    passed: tuple[str, ...] = ()  # deliveries that nobody could read, no answers
    # answers, by delivery: of which automations, phones were not told, nobody looked at
    untold: tuple[str, ...] = ()
    unpushed: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    notes: tuple[OwnNote, ...] = ()  # follow-ups, oldest first

    @property
    def is_notice(self) -> bool:
        """Whether it is a notice: what comes for it are comments, words alone."""
        return self.area is None

    @property
    def answer_max(self) -> int:
        """How many bytes, sealed, an answer may have to be fetched at all."""
        return WORDS_SEALED_MAX if self.is_notice else ANSWER_MAX


def area_around(place: Point, radius: float) -> Circle:
    """Return what is asked about: a circle around the nearest point of the grid.

    The radius says no more of a place than whole metres. Raises InvalidRequestError.
    """
    try:
        if math.isfinite(radius):
            radius = float(round(radius))
        return Circle(center=snap(place), radius=radius)
    except InvalidGeometryError as err:
        raise InvalidRequestError(err.code, "area", **err.placeholders) from err


def check_own(
    request: OwnRequest, *, now: datetime, limits: Limits, cells: Collection[str]
) -> None:
    """Hold a request to what its hub takes from neighbours.

    Raises InvalidRequestError, with the field to mend.
    """
    validate_submission(
        _submission(request), kind=None, now=now, limits=limits, cells=cells
    )


def tidied_words(title: str, text: str) -> tuple[str, str]:
    """Return title and text as they are sent: whoever reads them sees no more."""
    return tidy(title), tidy(text, lines=True)


def asked_about(request: OwnRequest) -> tuple[Window, Circle]:
    """Return when and where a request is about. A notice has neither."""
    assert request.window and request.area
    return request.window, request.area


def submission_json(request: OwnRequest) -> Said:
    """Return the body of `POST /requests`: no name, and no place but the area's."""
    window, area = asked_about(request)
    return {
        "version": 1,
        "title": request.title,
        "text": request.text,
        "start": utc_text(window.start),
        "end": utc_text(window.end),
        "area": area_json(area),
        "contact": "",
        "case_number": "",
        "recipient": request.recipient,
        "key_hint": "",
        "inbox": inbox_digest(request.inbox),
    }


def own_state(request: OwnRequest, now: datetime) -> OwnState:
    """Return how a request stands."""
    if request.ended:
        return request.ended
    if request.item_id is None:
        return OwnState.REFUSED if request.problem else OwnState.SENDING
    if request.published_at is None or request.expires_at is None:
        late = now >= request.asked_at + WAITING_FOR
        return OwnState.UNPUBLISHED if late else OwnState.WAITING
    return OwnState.OPEN if now < request.expires_at else OwnState.EXPIRED


def is_awaited(request: OwnRequest, now: datetime) -> bool:
    """Tell whether answers may still be there to be fetched."""
    if request.published_at is None or request.settled:
        return False
    over = request.expires_at or request.published_at
    return now < over + LATE_MAX + CIPHERTEXT_KEPT


def may_get_more(request: OwnRequest, now: datetime) -> bool:
    """Tell whether a hub still takes answers: those that were approved in time too."""
    if own_state(request, now) is OwnState.EXPIRED and request.expires_at:
        return now < request.expires_at + LATE_MAX
    return own_state(request, now) in ALIVE


def trying(request: OwnRequest) -> OwnRequest:
    """Return a request as it is kept before it is sent: from then on it may arrive.

    One that was taken back, and is owed to no hub, is not sent: nothing changes.
    """
    if request.ended and not request.owed:
        return request
    return replace(request, attempts=request.attempts + 1)


def unsent(request: OwnRequest) -> OwnRequest:
    """Return a request after an attempt of which nothing can have arrived."""
    attempts = request.attempts - 1
    owed = request.owed if attempts or request.item_id else None
    return replace(request, attempts=attempts, owed=owed)


def taken_back(request: OwnRequest, how: OwnState) -> OwnRequest:
    """Return a request that was ended here; a hub that cannot have it is not told."""
    owed = how if request.attempts or request.item_id else None
    return replace(request, ended=how, owed=owed)


def followed_log(request: OwnRequest, known: Followed) -> OwnRequest:
    """Return a request after the hub's log was read: published, or over."""
    published: dict[int, datetime] = {}
    for entry in known.recent:
        if request.item_id is None or entry.id != request.item_id:
            continue
        match entry.kind:
            case EntryKind.PUBLISHED:
                published[entry.n] = entry.at
                if request.published_at is None:
                    request = _published(request, known, entry.at)
            case EntryKind.RESOLVED:
                request = _ended(request, OwnState.RESOLVED)
            case EntryKind.WITHDRAWN:
                request = _ended(request, OwnState.WITHDRAWN)
            case EntryKind.REDACTED if entry.target in published:
                request = _ended(request, OwnState.REDACTED)
            case _:
                pass
    said = notes_to(known.notes, request.item_id or "")
    notes = followed_notes(request.notes, said, known.recent)
    return replace(request, notes=notes)


def listed_own(request: OwnRequest, listed: tuple[Listed, ...]) -> OwnRequest:
    """Return a request after its inbox was read."""
    answers, passed = with_listed(request.answers, request.passed, listed)
    return replace(request, answers=answers, passed=passed)


def _published(request: OwnRequest, known: Followed, at: datetime) -> OwnRequest:
    item = next((one for one in known.items if one.id == request.item_id), None)
    read = read_item(item.text) if item else None
    # of a cell that this home does not read, only the longest there is is known
    expires = read.expires_at if read else at + OPEN_MAX
    return replace(
        request, published_at=at, expires_at=min(expires, at + OPEN_MAX), settled=False
    )


def _ended(request: OwnRequest, how: OwnState) -> OwnRequest:
    return replace(request, ended=request.ended or how)


def _submission(request: OwnRequest) -> Submission:
    window, area = asked_about(request)
    return Submission(
        title=request.title,
        text=request.text,
        window=window,
        area=area,
        contact="",
        case_number="",
        recipient=request.recipient,
        key_hint="",
        inbox=inbox_digest(request.inbox),
    )


def inbox_digest(secret: str) -> str:
    """Return what a hub is told of the secret that opens an inbox."""
    return hashlib.sha256(secret.encode()).hexdigest()
