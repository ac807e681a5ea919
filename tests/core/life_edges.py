"""The transitions that the design allows, written down once more, and all of them tried.

`EDGES` is kept by hand: a step of the flow that is not in it is a fault, whatever the
flow says. An end is left in two ways only: a shared case is looked at again, and what
was stopped too late turns out to have arrived.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import product

from custom_components.clip_consent.core import flow, remaking, rematch
from custom_components.clip_consent.core.errors import ConflictError
from custom_components.clip_consent.core.models import (
    Case,
    CaseState,
    ClosedReason,
    FirstTap,
    Means,
    VerdictKind,
    Way,
)

from .cases import CHOICE, delivery, draft, offer, screening

RECEIVED, SCREENED = CaseState.RECEIVED, CaseState.SCREENED
DRAFTING, DRAFTED, WAITING = CaseState.DRAFTING, CaseState.DRAFTED, CaseState.WAITING
CONSENTED, SEALED = CaseState.CONSENTED, CaseState.SEALED
SHARED, CLOSED = CaseState.SHARED, CaseState.CLOSED

type Edge = tuple[CaseState, CaseState]


def _edges(before: str, after: str) -> frozenset[Edge]:
    """Return every way from one of some states to one of others."""
    return frozenset(
        (CaseState(one), CaseState(other))
        for one, other in product(before.split(), after.split())
    )


_STAY = frozenset((state, state) for state in CaseState)
EDGES: dict[str, frozenset[Edge]] = {
    "screened": _edges("received", "screened closed"),
    "matched": _edges("screened", "drafting waiting"),
    "matched_again": _edges("waiting", "drafting waiting"),
    "chosen": _edges("drafting drafted waiting shared", "drafting"),
    "drafted": _edges("drafting", "drafted"),
    "draft_failed": _edges("drafting", "waiting"),
    "offered": _edges("drafted", "waiting"),
    "prompted": _edges("waiting", "waiting"),
    "keyed": _edges("waiting", "drafted waiting"),
    "rescreened": _edges("drafting drafted waiting", "waiting")
    | _edges("drafted waiting", "drafted")
    | {(SCREENED, SCREENED), (DRAFTING, DRAFTING)},
    "draft_lost": _edges("drafted waiting", "waiting"),
    "redrafted": _edges("drafted waiting", "drafting"),
    "first_approved": _edges("waiting", "waiting"),
    "consented": _edges("waiting", "consented"),
    "undone": _edges("waiting consented", "drafted"),
    "sealed": _edges("consented", "sealed"),
    "seal_voided": _edges("consented", "waiting"),
    "consent_outdated": _edges("consented sealed", "drafting"),
    "retried": frozenset({(CONSENTED, CONSENTED), (SEALED, SEALED)}),
    "uploading": _edges("sealed", "sealed"),
    "delivered": _edges("consented sealed", "shared"),
    "delivery_refused": _edges("consented sealed", "drafted closed shared"),
    "withdrawn": _edges("consented sealed", "closed shared"),
    "arrived_late": (_STAY - {(CLOSED, CLOSED)}) | {(CLOSED, SHARED)},
    "restored": _edges("drafting drafted waiting consented sealed", "waiting")
    | {(state, state) for state in (RECEIVED, SCREENED, SHARED, CLOSED)},
    "revoked": _STAY,
    "closed": _edges("received screened drafting drafted waiting", "closed")
    | _edges("drafting drafted waiting", "shared"),
}
# with the offer before: it, its tokens and the first yes on it are void from then on
VOIDS_OFFER = frozenset(
    {"chosen", "keyed", "rescreened", "draft_lost", "consented", "undone", "closed"}
    | {"restored", "redrafted"}
)
# with the consent before: it is never used from then on
VOIDS_CONSENT = frozenset(
    {"undone", "seal_voided", "delivery_refused", "withdrawn", "restored"}
    | {"consent_outdated"}
)


def tries(case: Case, now: datetime) -> Iterator[tuple[str, Callable[[], Case]]]:
    """Yield every transition, tried on a case as it is.

    One that is over is tried with a past delivery too: an end lets nothing out, even if
    it still held something.
    """
    past = case.delivered[-1] if case.delivered else delivery()
    made = draft(choice=case.choice or CHOICE)
    first = FirstTap(user_id="anna", means=Means.PANEL, at=now)
    agreed = delivery(made, case.offer.offer_id if case.offer else "tried", now)
    said = screening(VerdictKind.LIST)
    late = now + timedelta(hours=1)
    yield (
        "screened",
        partial(flow.screened, case, said, accepting=True, over_limit=False, now=now),
    )
    yield "matched", partial(rematch.matched, case, [], None, now)
    yield "matched_again", partial(rematch.matched_again, case, [], None, now)
    yield "chosen", partial(flow.chosen, case, CHOICE, now)
    yield "drafted", partial(flow.drafted, case, made)
    yield "draft_failed", partial(flow.draft_failed, case, "x")
    yield "offered", partial(flow.offered, case, offer(made.sha256, "tried"))
    yield "prompted", partial(flow.prompted, case)
    yield "keyed", partial(flow.keyed, case, "age1tried")
    for keep in (True, False):
        yield "rescreened", partial(flow.rescreened, case, said, keep_draft=keep)
    yield "draft_lost", partial(flow.draft_lost, case, "x")
    yield "redrafted", partial(remaking.redrafted, case, CHOICE, None)
    yield "consent_outdated", partial(remaking.consent_outdated, case, "x")
    yield "first_approved", partial(flow.first_approved, case, first)
    yield "consented", partial(flow.consented, case, agreed)
    yield "undone", partial(flow.undone, case, now)
    yield "seal_voided", partial(flow.seal_voided, case, "x")
    yield "withdrawn", partial(flow.withdrawn, case, now)
    yield "closed", partial(flow.closed, case, ClosedReason.DECLINED, now)
    yield "restored", partial(flow.restored, case)
    yield "arrived_late", partial(flow.arrived_late, case, past, now)
    yield "revoked", partial(flow.revoked, case, past.delivery_id, now)
    # a yes to another offer, a draft of another choice, a key where there is one
    elsewhere = replace(agreed, consent=replace(agreed.consent, offer_id="another"))
    unwanted = draft(choice=replace(CHOICE, text="unwanted"))
    yield "never", partial(flow.consented, case, elsewhere)
    yield "never", partial(flow.drafted, case, unwanted)
    if case.request.recipient:
        yield "never", partial(flow.keyed, case, "age1tried")
    if case.choice or case.draft or case.delivered:  # somebody has decided
        yield "never", partial(rematch.matched_again, case, [], None, now)
    if case.delivered and case.request.destination.way is Way.PUT:
        yield "never", partial(flow.chosen, case, CHOICE, now)
    over = case.state in flow.ENDS
    for held in (case, replace(case, delivery=past)) if over else (case,):
        yield "sealed", partial(flow.sealed, held, held.delivery or agreed)
        yield "retried", partial(flow.retried, held, "x", late)
        yield "uploading", partial(flow.uploading, held, "u")
        yield "delivered", partial(flow.delivered, held, now, late)
        yield "delivery_refused", partial(flow.delivery_refused, held, "x", now)


def check_tries(case: Case, now: datetime) -> None:
    """Try all on a case: what is not in the table is refused."""
    for name, change in tries(case, now):
        try:
            after = change()
        except ConflictError:
            continue
        edge = (case.state, after.state)
        assert edge in EDGES.get(name, ()), (name, *edge)
        # what was shared stays that
        assert not (case.delivered and after.state is CLOSED), name
