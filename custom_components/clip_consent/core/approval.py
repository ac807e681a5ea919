"""The approval predicate: who may approve what, clause by clause.

A push action proves little by itself: any user can fire the event, and code in the same
process can claim any user. So a tap counts only if every clause here holds, and the
first that fails is the one that the ledger names. Evaluated within the transaction that
spends the token.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .masks import Region, are_covered
from .models import Case, CaseState, Draft, FirstTap, Offer

TAP_EVENT = "mobile_app_notification_action"
# a wall clock this far behind the offer's own time is not to be trusted
CLOCK_LEEWAY = timedelta(seconds=60)


class Decision(StrEnum):
    """What an action key of a push stands for."""

    APPROVE = "approve"
    DECLINE = "decline"
    UNDO = "undo"


class Rejection(StrEnum):
    """The clause that failed."""

    EVENT_TYPE = "event_type"
    ORIGIN = "origin"
    PARENT = "parent"
    UNKNOWN_TOKEN = "unknown_token"
    SPENT_TOKEN = "spent_token"
    VOID_TOKEN = "void_token"
    OTHER_ANSWER = "other_answer"
    OTHER_CASE = "other_case"
    RECIPIENT = "recipient"
    NOT_APPROVER = "not_approver"
    INACTIVE_USER = "inactive_user"
    SYSTEM_USER = "system_user"
    LOCAL_ONLY_USER = "local_only_user"
    UNENCRYPTED_PHONE = "unencrypted_phone"
    CONFIRM_IN_APP = "confirm_in_app"
    SESSION = "session"
    NO_OFFER = "no_offer"
    EXPIRED = "expired"
    CLOCK = "clock"
    RECIPIENT_KEY = "recipient_key"
    DESTINATION = "destination"
    POLICY = "policy"
    DRAFT = "draft"
    DRAFT_FILE = "draft_file"
    CAMERA_MASKS = "camera_masks"
    UNMASKED = "unmasked"
    IDENTITY = "identity"
    SAME_APPROVER = "same_approver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """What Home Assistant says of the event that claims to be a tap."""

    event_type: str
    remote: bool  # event.origin is REMOTE
    parent_id: str | None
    user_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A one-time token as kept: minted for one approver, phone, offer and decision."""

    digest: str
    case_id: str
    offer_id: str
    user_id: str
    phone: str
    decision: Decision
    spent: bool
    void: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A token to be kept: only its digest is."""

    token: str
    offer_id: str  # empty where there is no offer yet
    user_id: str
    phone: str
    decision: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A Home Assistant user at this moment, as far as approving goes."""

    user_id: str
    name: str
    listed: bool  # is among the approvers
    active: bool
    system_generated: bool
    local_only: bool
    admin: bool
    exposed: frozenset[str]  # their registrations whose webhook is not encrypted
    one_tap: frozenset[str]  # phones for which the owner said "a tap is enough"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The login behind a WebSocket command."""

    own_login: bool  # a normal refresh token: neither long-lived nor a service user's


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is true at the moment of the decision."""

    now: datetime
    seconds_left: float | None  # on the monotonic clock; None: never minted this boot
    policy: str  # what the rules of now say of the case
    file_sha256: str | None  # of the draft file, just hashed; None: it is gone
    masks: tuple[Region, ...]  # what the draft's camera always hides, as set now
    first: FirstTap | None = None  # an earlier yes to the offer
    first_stands: bool = False  # whoever gave it may still approve


def check_tap_event(tap: Tap) -> Rejection | None:
    """Check what needs no store: event type, origin, parent."""
    if tap.event_type != TAP_EVENT:
        return Rejection.EVENT_TYPE
    if not tap.remote:
        return Rejection.ORIGIN
    if tap.parent_id is not None:
        return Rejection.PARENT
    return None


def check_token(tap: Tap, token: Token | None) -> Rejection | None:
    """Check that the token is known, unspent, live and this user's."""
    if token is None:
        return Rejection.UNKNOWN_TOKEN
    if token.spent:
        return Rejection.SPENT_TOKEN
    if token.void:
        return Rejection.VOID_TOKEN
    if tap.user_id != token.user_id:
        return Rejection.RECIPIENT
    return None


def check_person(person: Person | None) -> Rejection | None:
    """Check that the user is still an approver in good standing."""
    if person is None or not person.listed:
        return Rejection.NOT_APPROVER
    if not person.active:
        return Rejection.INACTIVE_USER
    if person.system_generated:
        return Rejection.SYSTEM_USER
    return None


def check_offer(offer: Offer | None, case: Case, world: World) -> Rejection | None:
    """Check that the offer stands and that nothing it binds has changed."""
    if offer is None or case.state is not CaseState.WAITING:
        return Rejection.NO_OFFER
    if (
        world.now >= offer.expires_at
        or world.seconds_left is None
        or world.seconds_left <= 0
    ):
        return Rejection.EXPIRED
    if world.now < offer.offered_at - CLOCK_LEEWAY:
        return Rejection.CLOCK
    if offer.recipient != case.request.recipient:
        return Rejection.RECIPIENT_KEY
    if offer.destination != case.request.destination:
        return Rejection.DESTINATION
    if world.policy != offer.policy:
        return Rejection.POLICY
    if case.draft is None or case.draft.sha256 != offer.sha256:
        return Rejection.DRAFT
    if case.draft.choice.identity != offer.identity:
        return Rejection.IDENTITY
    if world.file_sha256 != offer.sha256:
        return Rejection.DRAFT_FILE
    return check_masks(case.draft, case, world)


def check_masks(draft: Draft, case: Case, world: World) -> Rejection | None:
    """Check that all is filled that the camera hides and that the rules want."""
    if not are_covered(world.masks, draft.masks):
        return Rejection.CAMERA_MASKS
    wanted = case.screening is None or case.screening.constraints.masked
    if wanted and not draft.masks and draft.choice.text is None:
        return Rejection.UNMASKED
    return None


def check_second(person: Person, world: World) -> Rejection | None:
    """Check that nobody who has said yes says the second yes too."""
    if world.first and world.first.user_id == person.user_id:
        return Rejection.SAME_APPROVER
    return None


def wants_another(case: Case, world: World) -> bool:
    """Tell whether a yes that counts is only the first of two."""
    wanted = case.screening is None or case.screening.constraints.two_approvers
    return wanted and not (world.first and world.first_stands)


def check_push_approval(
    tap: Tap, token: Token | None, person: Person | None, case: Case, world: World
) -> Rejection | None:
    """Return the first clause that fails for Approve in a push, or None: it counts."""
    rejection = check_push_answer(tap, token, person)
    if rejection or token is None or person is None:
        return rejection
    if token.decision is not Decision.APPROVE:
        return Rejection.OTHER_ANSWER
    if token.case_id != case.case_id:
        return Rejection.OTHER_CASE
    if person.local_only:
        return Rejection.LOCAL_ONLY_USER
    if not may_tap(person, token.phone):
        return Rejection.UNENCRYPTED_PHONE
    if case.screening is None or case.screening.constraints.confirm_in_app:
        return Rejection.CONFIRM_IN_APP
    if case.offer is None or case.offer.offer_id != token.offer_id:
        return Rejection.NO_OFFER
    if case.offer.identity:
        return Rejection.CONFIRM_IN_APP  # a push does not show it
    if case.draft and case.draft.choice.text is not None:
        return Rejection.CONFIRM_IN_APP  # nor an answer in words
    return check_offer(case.offer, case, world) or check_second(person, world)


def check_push_answer(
    tap: Tap, token: Token | None, person: Person | None
) -> Rejection | None:
    """Return the first clause that fails for any answer in a push (decline, undo)."""
    return check_tap_event(tap) or check_token(tap, token) or check_person(person)


def check_panel_approval(
    *,
    person: Person | None,
    session: Session,
    offer_id: str,
    sha256: str,
    case: Case,
    world: World,
) -> Rejection | None:
    """Return the first clause that fails for Approve in the panel, or None."""
    rejection = check_person(person)
    if rejection or person is None:
        return rejection
    if not session.own_login:
        return Rejection.SESSION
    if case.offer is None or case.offer.offer_id != offer_id:
        return Rejection.NO_OFFER
    if case.offer.sha256 != sha256:
        return Rejection.DRAFT
    return check_offer(case.offer, case, world) or check_second(person, world)


def may_tap(person: Person, phone: str) -> bool:
    """Tell whether a tap on this phone is enough.

    Any registration of the user can answer for any other. So where one of them is not
    encrypted, whose taps the push relay could forge, the owner must have said of that
    one too that a tap on it is enough.
    """
    return phone in person.one_tap and person.exposed <= person.one_tap
