"""The words of the project as values: frozen, compared by content, without behaviour.

Times are aware, in UTC, lengths seconds, sizes bytes; users, cameras, phones: opaque.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from .explanation import Explanation
from .geo import Circle, Point, Polygon
from .masks import Region
from .vouching import Voucher


class Trust(StrEnum):
    """How well the requester is known, weakest first."""

    UNVERIFIED = "unverified"
    INVITED = "invited"
    VERIFIED = "verified"


class RequesterKind(StrEnum):
    """What the requester says they are."""

    NEIGHBOUR = "neighbour"
    POLICE = "police"
    INSURER = "insurer"
    OTHER = "other"


class PortalKind(StrEnum):
    """Where a request came in."""

    DIRECT = "direct"
    HTTP = "http"
    SERVICE = "service"
    TEST = "test"
    NOTICE = "notice"  # none: a comment on a hub's notice, as its answer


class Way(StrEnum):
    """How a sealed clip goes out."""

    DROP = "drop"  # fetched from this home's own status page
    TUS = "tus"  # https://tus.io/protocols/resumable-upload, version 1.0.0
    PUT = "put"  # one HTTP PUT to a presigned address
    HAND_OVER = "hand_over"  # the approver downloads the draft and hands it over


class VerdictKind(StrEnum):
    """What a rule says of a request, strictest first. None approves."""

    IGNORE = "ignore"
    LIST = "list"
    ASK = "ask"


class CaseState(StrEnum):
    """Where a case stands. CLOSED and SHARED are ends; SHARED can be reopened."""

    RECEIVED = "received"
    SCREENED = "screened"
    DRAFTING = "drafting"
    DRAFTED = "drafted"
    WAITING = "waiting"
    CONSENTED = "consented"
    SEALED = "sealed"
    SHARED = "shared"
    CLOSED = "closed"


class ClosedReason(StrEnum):
    """Why a case closed. It never leaves the home."""

    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SCREENED_OUT = "screened_out"
    SWITCHED_OFF = "switched_off"
    OVER_LIMIT = "over_limit"


class Means(StrEnum):
    """How an approver answered."""

    PANEL = "panel"
    PUSH = "push"


class CaseEventType(StrEnum):
    """What the event entity and the triggers tell."""

    RECEIVED = "received"
    ASKED = "asked"
    CLOSED = "closed"
    APPROVED = "approved"
    FIRST_APPROVED = "first_approved"
    UNDONE = "undone"
    SHARED = "shared"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A half-open span of time, UTC."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return (self.end - self.start).total_seconds()

    def overlap(self, other: Window) -> Window | None:
        """Return the common part, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Window(start=start, end=end) if start < end else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where the answer goes. `url` is None for DROP and HAND_OVER."""

    way: Way
    url: str | None = None
    storage: str | None = None  # the origin where a hub keeps answers: bytes go there


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request for footage. Name, contact, text, number: a stranger's words."""

    request_id: str
    portal: PortalKind
    trust: Trust
    label: str  # the owner's own name for the invite, or empty
    kind: RequesterKind
    name: str
    contact: str
    text: str
    case_number: str
    window: Window
    received_at: datetime
    expires_at: datetime  # the owner may answer until then
    recipient: str | None  # age X25519 public key ("age1…"); None only for HAND_OVER
    destination: Destination
    invite_id: str | None = None
    cameras: tuple[str, ...] | None = None  # the invite's choice; None means all
    reachable_until: datetime  # the status page answers until then, whatever happens
    area: Circle | Polygon | None = None  # what they ask about, on the map
    voucher: Voucher | None = None  # the hub that vouches for them, if one does


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewpoint:
    """Where a camera hangs, and where it looks: whole degrees clockwise from north."""

    place: Point
    bearing: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """A camera as the owner set it up. `source` keys are the source's own."""

    camera_id: str
    name: str
    indoor: bool
    offered: bool  # indoor cameras only when the owner turned them on
    source_kind: str
    source: dict[str, str] = field(repr=False)  # it may hold a password
    entity_id: str | None = None
    viewpoint: Viewpoint | None = None  # for approvers' eyes only
    masks: tuple[Region, ...] = ()  # filled in every draft
    clock_ahead: float = 0.0  # seconds that its recorder's clock is ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraints:
    """What may at most be offered. Adding two gives the stricter of each."""

    max_seconds: int = 600
    audio: bool = True  # may the approver choose sound
    cameras: tuple[str, ...] | None = None  # None means all
    confirm_in_app: bool = False  # no Approve button in the push
    two_approvers: bool = False  # two of them have to approve the same draft
    masked: bool = False  # only what has a region filled


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """What the rules said. `policy` is the digest of verdict and constraints."""

    verdict: VerdictKind
    constraints: Constraints
    rule_id: str | None
    sentence: str  # which rule and why, in English
    policy: str
    explanation: Explanation | None = None  # None: a version before it screened


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A recorded file, as a source names it. A `remote` one has to be brought first.

    Its first frame was at `start`, or up to `unsure` seconds later: see core/joints.py.
    """

    path: str
    start: datetime  # UTC of its first frame
    seconds: float
    remote: bool = False
    unsure: float = 1.0

    @property
    def window(self) -> Window:
        """The span it covers."""
        end = self.start + timedelta(seconds=self.seconds)
        return Window(start=self.start, end=end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one camera has of the window: runs without a gap, in order."""

    camera_id: str
    runs: tuple[Window, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is to be drafted: one camera, one span."""

    camera_id: str
    window: Window
    audio: bool = False
    playable: bool = False  # re-encode so that any browser plays it
    text: str | None = None  # an answer in words: no camera, no film
    may_end_early: bool = False  # nobody chose it: see home/media/job.py
    identity: str = ""  # what the owner says of themselves; nothing by default
    exact: bool = False  # begins where it was asked to, not at a key frame
    masks: tuple[Region, ...] = ()  # drawn for this draft, beside the camera's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The exact file that would be sent, named by its digest.

    `file` is relative to the draft folder. `window` is the true span of the film: a
    stream copy begins at a key frame, so it can begin before the choice. `changes`
    are codes (see docs/interfaces.md, manifest.transformations).
    """

    sha256: str
    size: int
    file: str
    media_type: str
    window: Window
    seconds: float
    frames: int
    width: int
    height: int
    video_codec: str
    audio: bool
    changes: tuple[str, ...]
    still: str | None
    sheet: str | None
    choice: Choice
    masks: tuple[Region, ...] = ()  # all that is filled
    original: str | None = None  # SHA-256 of the same without masks, kept at home
    clock_ahead: float = 0.0  # of the camera's, as it was corrected in `window`


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstTap:
    """One approver's yes to an offer that two have to approve."""

    user_id: str
    means: Means
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A draft put before the approvers: what a tap would be bound to."""

    offer_id: str
    sha256: str
    recipient: str | None
    destination: Destination
    policy: str
    offered_at: datetime
    expires_at: datetime
    first: FirstTap | None = None
    identity: str = ""  # shown with the draft, goes along with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The record of the tap that decided on one offer. Spent once."""

    consent_id: str
    offer_id: str
    sha256: str
    recipient: str | None
    destination: Destination
    user_id: str
    means: Means
    at: datetime
    undo_until: datetime
    first: FirstTap | None = None  # the other's, where the rules want two
    identity: str = ""  # as offered


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One consented draft on its way out; its sealed bytes are spooled by its id."""

    delivery_id: str
    consent: Consent
    draft: Draft
    camera_number: int  # neutral: cameras of one case in the order they were shared
    package_sha256: str | None = None
    package_size: int | None = None
    manifest_sha256: str | None = None
    signing_key: str | None = None
    original_salt: str | None = None  # 32 bytes, hex: see core/protocol.commitment
    upload_url: str | None = None  # tus: where this upload lives
    attempts: int = 0
    next_attempt_at: datetime | None = None
    delivered_at: datetime | None = None
    available_until: datetime | None = None
    revoked_at: datetime | None = None

    def is_available(self, now: datetime) -> bool:
        """Tell whether it can still be fetched from this home."""
        until = None if self.revoked_at else self.available_until
        return until is not None and now < until


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One request's life in this home."""

    case_id: str
    request: Request
    state: CaseState
    screening: Screening | None = None
    findings: tuple[Finding, ...] | None = None
    choice: Choice | None = None
    draft: Draft | None = None
    offer: Offer | None = None
    prompt_due: bool = False
    asked: bool = False  # the approvers were told of it once
    pickup: bool = False  # its key was made in the owner's browser
    looked_at: datetime | None = None  # for recordings, while they are still sought
    delivery: Delivery | None = None  # the one on its way
    delivered: tuple[Delivery, ...] = ()
    closed: ClosedReason | None = None
    closed_at: datetime | None = None
    problem: str | None = None  # error code of what went wrong last
    version: int = 0  # counts the saves: a change made on an older one is refused


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent:
    """A change worth telling: no word of the requester's in it."""

    type: CaseEventType
    case: Case
    user_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """A link to ask this home, as the owner set it up."""

    invite_id: str
    token: str  # what stands in the link
    label: str
    trust: Trust
    cameras: tuple[str, ...] | None
    expires_at: datetime | None
    per_day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Approver:
    """A Home Assistant user who may approve; phones are `mobile_app` entries."""

    user_id: str
    name: str
    phones: tuple[str, ...]
    one_tap: frozenset[str]
    hide_details: frozenset[str]
    notices: frozenset[str] = frozenset()  # on which notices of hubs are shown
