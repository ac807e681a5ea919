"""The life of a case: which step comes next, and what each step makes of it.

`next_step` looks at the saved case and the time alone, so a restart just asks again.
Every transition is a function from one case to the next; one that does not fit the
state raises ConflictError and changes nothing.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from . import rematch
from .errors import ConflictError
from .models import (
    Case,
    CaseState,
    Choice,
    ClosedReason,
    Delivery,
    Draft,
    FirstTap,
    Offer,
    Screening,
    VerdictKind,
    Way,
)
from .outgoing import needs_key
from .protocol import RETRY_MAX


class Step(StrEnum):
    """What the manager's loop can do with a case."""

    SCREEN = "screen"
    MATCH = "match"
    DRAFT = "draft"
    OFFER = "offer"
    PROMPT = "prompt"
    LOOK = "look"
    SEAL = "seal"
    DELIVER = "deliver"
    EXPIRE = "expire"


ENDS = frozenset({CaseState.SHARED, CaseState.CLOSED})
# before a tap: what expiry and a decline still end
UNDECIDED = frozenset(
    {
        CaseState.RECEIVED,
        CaseState.SCREENED,
        CaseState.DRAFTING,
        CaseState.DRAFTED,
        CaseState.WAITING,
    }
)
# after a tap: what a decline stops once the undo window is over
ON_ITS_WAY = frozenset({CaseState.CONSENTED, CaseState.SEALED})
# what rules and cameras that changed are applied to
RESCREENED = UNDECIDED - {CaseState.RECEIVED}
_CHOOSABLE = frozenset(
    {CaseState.DRAFTING, CaseState.DRAFTED, CaseState.WAITING, CaseState.SHARED}
)
_LONGEST_WAIT = timedelta(seconds=RETRY_MAX)
_STEPS = {
    CaseState.RECEIVED: Step.SCREEN,
    CaseState.SCREENED: Step.MATCH,
    CaseState.DRAFTING: Step.DRAFT,
    CaseState.DRAFTED: Step.OFFER,
}


def next_step(case: Case, now: datetime) -> Step | None:
    """Return what to do next, or None while the case waits for somebody or is over."""
    if case.state in UNDECIDED and now >= case.request.expires_at:
        return Step.EXPIRE
    if case.state is CaseState.WAITING:
        look = Step.LOOK if rematch.is_due(case, now) else None
        return Step.PROMPT if case.prompt_due else look
    if case.state is CaseState.CONSENTED:
        return Step.SEAL if _is_due(case, now) else None
    if case.state is CaseState.SEALED:
        return Step.DELIVER if _is_due(case, now) else None
    return _STEPS.get(case.state)


def due_at(case: Case) -> datetime | None:
    """Return when a case that is on its way out has its next step, else None."""
    return _due(case) if case.state in ON_ITS_WAY else None


def _is_due(case: Case, now: datetime) -> bool:
    """Tell whether the next try is due: one too far ahead was set by a wrong clock."""
    delivery = _delivery(case)
    if now < delivery.consent.undo_until:
        return False
    planned = delivery.next_attempt_at
    return planned is None or not now < planned <= now + _LONGEST_WAIT


def _due(case: Case) -> datetime:
    delivery = _delivery(case)
    return max(
        delivery.consent.undo_until,
        delivery.next_attempt_at or delivery.consent.undo_until,
    )


def _delivery(case: Case) -> Delivery:
    if case.delivery is None:
        raise ConflictError("case_moved_on")
    return case.delivery


def _expect(case: Case, *states: CaseState) -> None:
    if case.state not in states:
        raise ConflictError("case_moved_on")


def screened(
    case: Case,
    screening: Screening,
    *,
    accepting: bool,
    over_limit: bool,
    now: datetime,
) -> Case:
    """Apply what switch, limits and rules said."""
    _expect(case, CaseState.RECEIVED)
    case = replace(case, screening=screening)
    if over_limit:  # first: of a flood little is kept, also by a home that is off
        return closed(case, ClosedReason.OVER_LIMIT, now)
    if not accepting:
        return closed(case, ClosedReason.SWITCHED_OFF, now)
    if screening.verdict is VerdictKind.IGNORE:
        return closed(case, ClosedReason.SCREENED_OUT, now)
    return replace(case, state=CaseState.SCREENED)


def chosen(case: Case, choice: Choice, now: datetime) -> Case:
    """Start over with what an approver picked; the offer before is void."""
    _expect(case, *_CHOOSABLE)
    if now >= case.request.expires_at:
        raise ConflictError("case_expired")
    if case.delivered and case.request.destination.way is Way.PUT:
        raise ConflictError("one_address_one_clip")  # it would replace the first
    return replace(
        case,
        state=CaseState.DRAFTING,
        choice=choice,
        draft=None,
        offer=None,
        problem=None,
        prompt_due=False,
        looked_at=None,
    )


def drafted(case: Case, draft: Draft) -> Case:
    """Keep the draft that was made of the choice."""
    _expect(case, CaseState.DRAFTING)
    if draft.choice != case.choice:
        raise ConflictError("case_moved_on")
    return replace(case, state=CaseState.DRAFTED, draft=draft)


def draft_failed(case: Case, code: str) -> Case:
    """Hand the case back to the approver with the reason."""
    _expect(case, CaseState.DRAFTING)
    return replace(case, state=CaseState.WAITING, draft=None, choice=None, problem=code)


def offered(case: Case, offer: Offer | None) -> Case:
    """Put the draft before the approvers; without a recipient's key, no offer."""
    _expect(case, CaseState.DRAFTED)
    return replace(case, state=CaseState.WAITING, offer=offer)


def prompted(case: Case) -> Case:
    """Note that the approvers were told, or that the limits left it to the digest."""
    _expect(case, CaseState.WAITING)
    return replace(case, prompt_due=False, asked=True)


def keyed(case: Case, recipient: str) -> Case:
    """Set the key made in the owner's browser, once; the draft is offered anew."""
    _expect(case, CaseState.WAITING)
    if not needs_key(case):
        raise ConflictError("key_already_set")
    request = replace(case.request, recipient=recipient)
    return reoffered(replace(case, request=request, pickup=True), case.problem)


def rescreened(case: Case, screening: Screening, *, keep_draft: bool) -> Case:
    """Apply changed rules to an undecided case: another policy voids the offer.

    Without `keep_draft`, what was made or is being made falls short of the rules.
    """
    _expect(case, *RESCREENED)
    case = replace(case, screening=screening, offer=None)
    if case.state is CaseState.SCREENED:
        return case
    if case.state is CaseState.DRAFTING:
        return (
            case if keep_draft else replace(case, state=CaseState.WAITING, choice=None)
        )
    return reoffered(case if keep_draft else replace(case, draft=None), case.problem)


def draft_lost(case: Case, problem: str) -> Case:
    """Void offer and draft: the file is not the one that was shown any more."""
    _expect(case, CaseState.WAITING, CaseState.DRAFTED)
    return replace(
        case, state=CaseState.WAITING, draft=None, offer=None, problem=problem
    )


def first_approved(case: Case, first: FirstTap) -> Case:
    """Note the first yes of two on the offer: with the offer it is void."""
    _expect(case, CaseState.WAITING)
    if case.offer is None:
        raise ConflictError("offer_void")
    return replace(case, offer=replace(case.offer, first=first))


def consented(case: Case, delivery: Delivery) -> Case:
    """Apply an accepted tap: the undo window begins."""
    _expect(case, CaseState.WAITING)
    if case.offer is None or case.offer.offer_id != delivery.consent.offer_id:
        raise ConflictError("offer_void")
    return replace(
        case,
        state=CaseState.CONSENTED,
        offer=None,
        prompt_due=False,
        delivery=delivery,
        problem=None,
    )


def undone(case: Case, now: datetime) -> Case:
    """Take a consent back within its window, or the first yes of two.

    The draft is offered anew.
    """
    if case.state is CaseState.WAITING and case.offer and case.offer.first:
        return reoffered(case, case.problem)
    _expect(case, CaseState.CONSENTED)
    if now >= _delivery(case).consent.undo_until:
        raise ConflictError("undo_too_late")
    return reoffered(case, None)


def sealed(case: Case, delivery: Delivery) -> Case:
    """Keep what the sealed, spooled package is."""
    _expect(case, CaseState.CONSENTED)
    return replace(case, state=CaseState.SEALED, delivery=delivery, problem=None)


def seal_voided(case: Case, problem: str) -> Case:
    """Void a consent whose draft is not the approved bytes: nothing has left."""
    _expect(case, CaseState.CONSENTED)
    return replace(
        case,
        state=CaseState.WAITING,
        draft=None,
        offer=None,
        delivery=None,
        problem=problem,
    )


def retried(case: Case, problem: str, next_attempt_at: datetime) -> Case:
    """Plan another attempt of what is on its way out."""
    _expect(case, *ON_ITS_WAY)
    delivery = _delivery(case)
    return replace(
        case,
        problem=problem,
        delivery=replace(
            delivery, attempts=delivery.attempts + 1, next_attempt_at=next_attempt_at
        ),
    )


def uploading(case: Case, upload_url: str | None) -> Case:
    """Remember where a resumable upload lives, before its first byte."""
    _expect(case, CaseState.SEALED)
    return replace(case, delivery=replace(_delivery(case), upload_url=upload_url))


def delivered(case: Case, now: datetime, available_until: datetime | None) -> Case:
    """Keep the delivery: the case is shared."""
    _expect(case, *ON_ITS_WAY)
    done = replace(_delivery(case), delivered_at=now, available_until=available_until)
    return replace(
        case,
        state=CaseState.SHARED,
        delivery=None,
        delivered=(*case.delivered, done),
        problem=None,
    )


def delivery_refused(case: Case, problem: str, now: datetime) -> Case:
    """End a delivery that can never arrive; the approver may decide anew.

    Once its request is over there is nothing to decide: then the case is over too, and
    goes on saying what became of it.
    """
    _expect(case, *ON_ITS_WAY)
    if now >= case.request.expires_at:
        return replace(_ended(case, ClosedReason.EXPIRED, now), problem=problem)
    return reoffered(case, problem)


def withdrawn(case: Case, now: datetime) -> Case:
    """Stop what is on its way out, when it is too late to undo it."""
    _expect(case, *ON_ITS_WAY)
    if now < _delivery(case).consent.undo_until:
        raise ConflictError("case_moved_on")
    return _ended(case, ClosedReason.WITHDRAWN, now)


def arrived_late(case: Case, delivery: Delivery, now: datetime) -> Case:
    """Keep a delivery whose last byte was out as it was withdrawn: it is shared."""
    done = replace(delivery, delivered_at=now)
    case = replace(case, delivered=(*case.delivered, done))
    if case.state not in ENDS:
        return case
    return _shared_again(replace(case, closed=None, closed_at=None))


def restored(case: Case) -> Case:
    """Void every offer and consent after the home was restored from a backup."""
    if case.state in (CaseState.RECEIVED, CaseState.SCREENED) or case.state in ENDS:
        return case
    return replace(
        case,
        state=CaseState.WAITING,
        choice=None,
        draft=None,
        offer=None,
        delivery=None,
        problem="restored",
        looked_at=None,
    )


def revoked(case: Case, delivery_id: str, now: datetime) -> Case:
    """Mark a finished delivery as taken back."""
    if all(d.delivery_id != delivery_id or d.revoked_at for d in case.delivered):
        raise ConflictError("nothing_to_revoke")
    return replace(
        case,
        delivered=tuple(
            replace(d, revoked_at=now) if d.delivery_id == delivery_id else d
            for d in case.delivered
        ),
    )


def closed(case: Case, reason: ClosedReason, now: datetime) -> Case:
    """End a case without a share: every reason looks the same from outside.

    One that was shared before and looked at again is what it was: shared.
    """
    if case.state not in UNDECIDED:
        raise ConflictError("case_moved_on")
    return _ended(case, reason, now)


def _ended(case: Case, reason: ClosedReason, now: datetime) -> Case:
    case = replace(
        case,
        choice=None,
        draft=None,
        offer=None,
        delivery=None,
        prompt_due=False,
        problem=None,
    )
    if case.delivered:
        return _shared_again(case)
    return replace(case, state=CaseState.CLOSED, closed=reason, closed_at=now)


def _shared_again(case: Case) -> Case:
    draft = case.delivered[-1].draft
    return replace(case, state=CaseState.SHARED, choice=draft.choice, draft=draft)


def reoffered(case: Case, problem: str | None) -> Case:
    """Void what was offered or approved; the same draft is offered anew."""
    return replace(
        case,
        state=CaseState.DRAFTED if case.draft else CaseState.WAITING,
        offer=None,
        delivery=None,
        problem=problem,
    )
