"""The life of a case: every state's next step, every transition, and no other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.clip_consent.core import flow, outgoing, rematch
from custom_components.clip_consent.core.errors import ConflictError
from custom_components.clip_consent.core.flow import Step
from custom_components.clip_consent.core.models import (
    Case,
    CaseState,
    ClosedReason,
    Destination,
    Finding,
    FirstTap,
    Means,
    VerdictKind,
    Way,
)
from custom_components.clip_consent.core.serial import dump, load

from .cases import (
    CHOICE,
    GARDEN,
    NOW,
    SPAN,
    case,
    consented,
    delivery,
    draft,
    offer,
    request,
    screening,
    waiting,
)

LATE = NOW + timedelta(days=7)
AFTER_UNDO = NOW + timedelta(seconds=10)
RETRY = timedelta(minutes=30)
FIRST = FirstTap(user_id="anna", means=Means.PANEL, at=NOW)
SEALED = consented(state=CaseState.SEALED)
SHARED = flow.delivered(SEALED, NOW, LATE)
FOUND = Finding(camera_id=GARDEN, runs=(SPAN,))
SOUGHT = flow.prompted(
    rematch.matched(case(CaseState.SCREENED, screening=screening()), [], None, NOW)
)
SENT_TO_ONE = replace(
    SHARED, request=request(destination=Destination(way=Way.PUT, url="https://a.b/c"))
)


@pytest.mark.parametrize(
    ("state", "now", "step"),
    [
        (case(), NOW, Step.SCREEN),
        (case(CaseState.SCREENED), NOW, Step.MATCH),
        (case(CaseState.DRAFTING), NOW, Step.DRAFT),
        (case(CaseState.DRAFTED), NOW, Step.OFFER),
        (waiting(prompt_due=True), NOW, Step.PROMPT),
        (waiting(), NOW, None),
        (SOUGHT, NOW, None),
        (SOUGHT, NOW + timedelta(minutes=2), Step.LOOK),
        (replace(SOUGHT, prompt_due=True), NOW + timedelta(hours=1), Step.PROMPT),
        (replace(SOUGHT, problem="folder_gone"), LATE, Step.EXPIRE),
        (waiting(), LATE, Step.EXPIRE),
        (case(), LATE, Step.EXPIRE),
        (consented(), NOW, None),
        (consented(), AFTER_UNDO, Step.SEAL),
        (consented(), LATE, Step.SEAL),
        (SEALED, AFTER_UNDO, Step.DELIVER),
        (flow.retried(SEALED, "x", AFTER_UNDO + RETRY), AFTER_UNDO, None),
        (
            flow.retried(SEALED, "x", AFTER_UNDO + RETRY),
            AFTER_UNDO + RETRY,
            Step.DELIVER,
        ),
        # planned by a clock that was wrong
        (flow.retried(SEALED, "x", LATE), AFTER_UNDO, Step.DELIVER),
        (flow.retried(SEALED, "x", LATE), LATE, Step.DELIVER),
        (SHARED, LATE, None),
        (case(CaseState.CLOSED), LATE, None),
    ],
)
def test_next_step(state: Case, now: object, step: Step | None) -> None:
    """The saved case and the time decide."""
    assert flow.next_step(state, now) is step  # type: ignore[arg-type]


def test_when_to_look_again() -> None:
    """Only what is on its way out has a time of its own."""
    assert flow.due_at(consented()) == AFTER_UNDO
    assert flow.due_at(flow.retried(SEALED, "x", LATE)) == LATE
    assert flow.due_at(waiting()) is None


@pytest.mark.parametrize(
    ("accepting", "over", "verdict", "reason"),
    [
        (True, False, VerdictKind.ASK, None),
        (True, False, VerdictKind.LIST, None),
        (True, False, VerdictKind.IGNORE, ClosedReason.SCREENED_OUT),
        (True, True, VerdictKind.ASK, ClosedReason.OVER_LIMIT),
        (False, True, VerdictKind.ASK, ClosedReason.OVER_LIMIT),
        (False, False, VerdictKind.ASK, ClosedReason.SWITCHED_OFF),
    ],
)
def test_screened(
    accepting: bool, over: bool, verdict: VerdictKind, reason: ClosedReason | None
) -> None:
    """Limits, switch and verdict, in this order: of a flood little is kept, always."""
    after = flow.screened(
        case(), screening(verdict), accepting=accepting, over_limit=over, now=NOW
    )
    assert after.closed is reason
    assert after.state is (CaseState.CLOSED if reason else CaseState.SCREENED)


WRONG: list[tuple[Callable[[], Case], str]] = [
    (
        lambda: flow.screened(
            waiting(), screening(), accepting=True, over_limit=False, now=NOW
        ),
        "case_moved_on",
    ),
    (lambda: flow.chosen(case(), CHOICE, NOW), "case_moved_on"),
    (lambda: flow.chosen(waiting(), CHOICE, LATE), "case_expired"),
    (lambda: flow.chosen(consented(), CHOICE, NOW), "case_moved_on"),
    (lambda: flow.drafted(waiting(), draft()), "case_moved_on"),
    (
        lambda: flow.drafted(
            case(CaseState.DRAFTING, choice=replace(CHOICE, audio=True)), draft()
        ),
        "case_moved_on",
    ),
    (lambda: flow.draft_failed(waiting(), "x"), "case_moved_on"),
    (lambda: flow.offered(waiting(), offer()), "case_moved_on"),
    (lambda: flow.prompted(case()), "case_moved_on"),
    (lambda: flow.keyed(waiting(), "age1y"), "key_already_set"),
    (lambda: flow.consented(case(CaseState.DRAFTED), delivery()), "case_moved_on"),
    (lambda: flow.consented(waiting(offer=None), delivery()), "offer_void"),
    (lambda: flow.consented(waiting(), delivery(offer_id="p")), "offer_void"),
    (lambda: flow.undone(consented(), AFTER_UNDO), "undo_too_late"),
    (lambda: flow.undone(waiting(), NOW), "case_moved_on"),
    (lambda: flow.first_approved(consented(), FIRST), "case_moved_on"),
    (lambda: flow.first_approved(waiting(offer=None), FIRST), "offer_void"),
    (lambda: flow.undone(consented(delivery=None), NOW), "case_moved_on"),
    (lambda: flow.sealed(waiting(), delivery()), "case_moved_on"),
    (lambda: flow.seal_voided(SEALED, "x"), "case_moved_on"),
    (lambda: flow.retried(waiting(), "x", NOW), "case_moved_on"),
    (lambda: flow.uploading(consented(), "u"), "case_moved_on"),
    (lambda: flow.delivered(waiting(), NOW, None), "case_moved_on"),
    (lambda: flow.delivery_refused(waiting(), "x", NOW), "case_moved_on"),
    (lambda: flow.withdrawn(waiting(), AFTER_UNDO), "case_moved_on"),
    (lambda: flow.withdrawn(consented(), NOW), "case_moved_on"),
    (lambda: flow.chosen(SENT_TO_ONE, CHOICE, NOW), "one_address_one_clip"),
    (lambda: flow.draft_lost(consented(), "x"), "case_moved_on"),
    (lambda: flow.rescreened(case(), screening(), keep_draft=True), "case_moved_on"),
    (lambda: flow.revoked(SHARED, "another", NOW), "nothing_to_revoke"),
    (lambda: flow.closed(consented(), ClosedReason.DECLINED, NOW), "case_moved_on"),
    (lambda: flow.closed(SHARED, ClosedReason.EXPIRED, NOW), "case_moved_on"),
]


@pytest.mark.parametrize(("change", "code"), WRONG)
def test_what_does_not_fit_is_refused(change: Callable[[], Case], code: str) -> None:
    """A transition out of the wrong state changes nothing."""
    with pytest.raises(ConflictError, match=f"^{code}$"):
        change()


@pytest.mark.parametrize("before", [consented(), SEALED])
def test_what_is_on_its_way_can_be_stopped(before: Case) -> None:
    """Once it is too late to undo it; before that there is Undo."""
    after = flow.withdrawn(before, AFTER_UNDO)
    assert (after.state, after.closed) == (CaseState.CLOSED, ClosedReason.WITHDRAWN)
    assert (after.delivery, after.draft) == (None, None)


def test_what_arrived_as_it_was_stopped_is_shared() -> None:
    """Its last byte was out: the record says so, whatever the case is by then."""
    assert SEALED.delivery
    stopped = flow.withdrawn(SEALED, AFTER_UNDO)
    after = flow.arrived_late(stopped, SEALED.delivery, AFTER_UNDO)
    assert (after.state, after.closed, after.closed_at) == (
        CaseState.SHARED,
        None,
        None,
    )
    assert [d.delivered_at for d in after.delivered] == [AFTER_UNDO]
    reopened = flow.chosen(SHARED, CHOICE, NOW)
    late = flow.arrived_late(reopened, SEALED.delivery, AFTER_UNDO)
    assert late.state is CaseState.DRAFTING
    assert len(late.delivered) == 2


@pytest.mark.parametrize("reason", [ClosedReason.DECLINED, ClosedReason.EXPIRED])
def test_what_was_shared_before_is_shared_again(reason: ClosedReason) -> None:
    """Another clip was looked at and nothing came of it."""
    reopened = flow.drafted(flow.chosen(SHARED, CHOICE, NOW), draft("cd" * 32))
    after = flow.closed(reopened, reason, LATE)
    assert after == SHARED


def test_restored_keeps_the_undecided_and_the_ended() -> None:
    """Only offers and consents of before are void."""
    for kept in (case(), case(CaseState.SCREENED), SHARED, case(CaseState.CLOSED)):
        assert flow.restored(kept) == kept
    for voided in (waiting(), consented(), SEALED, case(CaseState.DRAFTING)):
        after = flow.restored(voided)
        assert after.state is CaseState.WAITING
        assert (after.draft, after.offer, after.delivery) == (None, None, None)


def test_rescreened_keeps_a_draft_that_fits() -> None:
    """The offer goes in either case."""
    assert flow.rescreened(waiting(), screening(), keep_draft=True).state is (
        CaseState.DRAFTED
    )
    lost = flow.rescreened(waiting(), screening(), keep_draft=False)
    assert lost.state is CaseState.WAITING
    assert lost.draft is None
    assert lost.offer is None


def test_rescreened_before_there_is_a_draft() -> None:
    """Nothing was looked for yet, or what is being made may no longer be offered."""
    said = screening(VerdictKind.LIST)
    screened = flow.rescreened(case(CaseState.SCREENED), said, keep_draft=True)
    assert (screened.state, screened.screening) == (CaseState.SCREENED, said)
    making = case(CaseState.DRAFTING, choice=CHOICE)
    assert flow.rescreened(making, said, keep_draft=True).choice == CHOICE
    dropped = flow.rescreened(making, said, keep_draft=False)
    assert (dropped.state, dropped.choice) == (CaseState.WAITING, None)


def test_key_is_set_once() -> None:
    """A pick-up link's key brings the draft to an offer."""
    unkeyed = waiting(request=request(recipient=None), offer=None)
    assert outgoing.needs_key(unkeyed)
    keyed = flow.keyed(unkeyed, "age1y")
    assert keyed.request.recipient == "age1y"
    assert keyed.state is CaseState.DRAFTED
    by_hand = request(recipient=None, destination=Destination(way=Way.HAND_OVER))
    assert not outgoing.needs_key(case(request=by_hand))


def test_the_first_yes_of_two_stands_with_its_offer() -> None:
    """It changes nothing else; taken back, or with another draft, it is gone."""
    half = flow.first_approved(waiting(), FIRST)
    assert half.offer
    assert half.offer.first == FIRST
    assert replace(half, offer=replace(half.offer, first=None)) == waiting()
    assert flow.next_step(half, NOW) is None
    back = flow.undone(half, NOW)
    assert (back.state, back.offer, back.draft) == (
        CaseState.DRAFTED,
        None,
        half.draft,
    )
    assert flow.chosen(half, CHOICE, NOW).offer is None
    assert load(Case, dump(half)) == half
