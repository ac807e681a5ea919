"""The life of a case: every state's next step, every transition, and no other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
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


FATES = ["ok", "ok", "ok", "ok", "later", "void"]
SELDOM = st.sampled_from([False] * 9 + [True])  # what few lives outlast


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


class Life(RuleBasedStateMachine):
    """H-01: any order of decisions, faults and restarts; the bytes that leave count."""

    def __init__(self) -> None:
        """Begin with a request."""
        super().__init__()
        self.now = NOW
        self.number = 0
        self.begin()

    def begin(self) -> None:
        """Let a request come in."""
        asked = request(
            received_at=self.now, expires_at=self.now + timedelta(days=7), window=SPAN
        )
        self.case = flow.screened(
            case(request=asked),
            screening(),
            accepting=True,
            over_limit=False,
            now=self.now,
        )
        self.approved: set[str] = set()  # deliveries consented and not undone
        self.out: list[tuple[str, str]] = []  # delivery, digest
        self.chosen = False  # an approver picked something at some time
        self.told = 0  # that nothing was found
        self.told_found = 0  # what was found

    def attempt(self, change: Callable[[], Case]) -> bool:
        """Apply a change, if the flow lets it; say whether it did."""
        before = self.case
        try:
            self.case = change()
        except ConflictError:
            assert self.case is before
            return False
        return True

    @rule(seconds=st.integers(0, 200) | st.integers(-3600, 86400))
    def time_passes(self, seconds: int) -> None:
        """The wall clock goes on, or back."""
        self.now += timedelta(seconds=seconds)

    @precondition(lambda self: self.case.state is CaseState.CLOSED)
    @rule()
    def another(self) -> None:
        """The next request comes in."""
        self.begin()

    @rule(fates=st.lists(st.sampled_from(FATES), min_size=1, max_size=8))
    def work(self, fates: list[str]) -> None:
        """The loop goes on as far as it can, with what may befall it."""
        for fate in fates:
            self.take(fate)

    def take(self, fate: str) -> None:
        """Do what is next."""
        step = flow.next_step(self.case, self.now)
        found, problem = fate != "void", "folder_gone" if fate == "later" else None
        match step:
            case Step.MATCH:
                self.match(found, problem)
            case Step.LOOK:
                self.look(found, problem)
            case Step.DRAFT:
                self.draft(fate != "void")
            case Step.OFFER:
                self.offer()
            case Step.PROMPT:
                self.prompt()
            case Step.EXPIRE:
                self.close(ClosedReason.EXPIRED, really=True)
            case Step.SEAL | Step.DELIVER:
                self.send(step, fate)

    def match(self, found: bool, problem: str | None) -> None:
        """Footage is found, or none, or cannot be looked at."""
        findings = [FOUND] if found else []
        self.attempt(lambda: rematch.matched(self.case, findings, problem, self.now))

    @rule(found=st.booleans(), problem=st.sampled_from([None, "folder_gone"]))
    def look(self, found: bool, problem: str | None) -> None:
        """It is looked for again, due or not: what was decided on is not touched."""
        before, findings = self.case, [FOUND] if found else []
        if self.attempt(
            lambda: rematch.matched_again(self.case, findings, problem, self.now)
        ):
            assert before.state is CaseState.WAITING
            assert not (before.choice or before.draft or before.offer)
            assert not (before.delivery or before.delivered or self.chosen)
        elif flow.next_step(before, self.now) is Step.LOOK:
            raise AssertionError("what is due is refused")

    def prompt(self) -> None:
        """The approvers are told."""
        self.told += not self.case.findings
        self.told_found += bool(self.case.findings)
        assert self.attempt(lambda: flow.prompted(self.case))

    def draft(self, ok: bool) -> None:
        """A draft is made, or fails."""
        self.number += 1
        made = draft(f"{self.number:064x}", self.case.choice or CHOICE)
        self.attempt(
            lambda: (
                flow.drafted(self.case, made)
                if ok
                else flow.draft_failed(self.case, "x")
            )
        )

    def offer(self) -> None:
        """The draft is offered."""
        self.number += 1
        if self.case.draft:
            made = offer(self.case.draft.sha256, f"o{self.number}")
            self.attempt(lambda: flow.offered(self.case, made))

    @rule(good=st.booleans())
    def tap(self, good: bool) -> None:
        """An approver taps, on this offer or an older one."""
        if self.case.draft is None:
            return
        self.number += 1
        offer_id = self.case.offer.offer_id if self.case.offer and good else "old"
        made = replace(
            delivery(self.case.draft, offer_id, self.now),
            delivery_id=f"d{self.number}",
        )
        if self.attempt(lambda: flow.consented(self.case, made)):
            assert good
            self.approved.add(made.delivery_id)

    @rule()
    def undo(self) -> None:
        """An approver takes it back."""
        on_its_way = self.case.delivery
        if self.attempt(lambda: flow.undone(self.case, self.now)):
            assert on_its_way
            self.approved.discard(on_its_way.delivery_id)

    @rule(really=SELDOM)
    def choose(self, really: bool) -> None:
        """An approver picks anew."""
        if really and self.attempt(lambda: flow.chosen(self.case, CHOICE, self.now)):
            self.chosen = True

    @rule(reason=st.sampled_from(ClosedReason), really=SELDOM)
    def close(self, reason: ClosedReason, really: bool) -> None:
        """The case closes."""
        if really:
            self.attempt(lambda: flow.closed(self.case, reason, self.now))

    @rule()
    def withdraw(self) -> None:
        """An approver stops what is on its way."""
        on_its_way = self.case.delivery
        if self.attempt(lambda: flow.withdrawn(self.case, self.now)):
            assert on_its_way
            self.approved.discard(on_its_way.delivery_id)

    def send(self, step: Step, fate: str) -> None:
        """It is sealed or delivered, tried again, or can never arrive."""
        on_its_way = self.case.delivery
        assert on_its_way
        if step is Step.SEAL and fate == "void":
            self.attempt(lambda: flow.seal_voided(self.case, "draft_changed"))
        elif step is Step.DELIVER and fate == "void":
            self.attempt(lambda: flow.delivery_refused(self.case, "x", self.now))
        elif fate == "later":
            self.attempt(lambda: flow.retried(self.case, "x", self.now))
        elif step is Step.SEAL:
            self.attempt(lambda: flow.sealed(self.case, on_its_way))
        else:
            self.out.append((on_its_way.delivery_id, on_its_way.draft.sha256))
            assert self.attempt(lambda: flow.delivered(self.case, self.now, None))

    @rule()
    def restart(self) -> None:
        """The case is read back from the disk."""
        self.case = load(Case, dump(self.case))

    @rule(really=SELDOM)
    def restore(self, really: bool) -> None:
        """The home comes back from a backup: consents of before are void."""
        if really:
            self.case = flow.restored(self.case)

    @invariant()
    def only_approved_bytes_left_and_each_once(self) -> None:
        """Bytes out are approved bytes; nothing goes out twice."""
        assert all(delivery_id in self.approved for delivery_id, _ in self.out)
        assert len({delivery_id for delivery_id, _ in self.out}) == len(self.out)
        assert [(d.delivery_id, d.consent.sha256) for d in self.case.delivered] == (
            self.out
        )

    @invariant()
    def nobody_is_told_twice(self) -> None:
        """Once that nothing was found, and once of what was found after all."""
        assert self.told <= 1
        assert self.told_found <= 1

    @invariant()
    def offer_and_draft_belong_together(self) -> None:
        """What can be tapped is what was drafted."""
        if self.case.offer:
            assert self.case.state is CaseState.WAITING
            assert self.case.draft
            assert self.case.offer.sha256 == self.case.draft.sha256
        if self.case.state is CaseState.CLOSED:
            assert self.case.delivery is None


def test_any_life() -> None:
    """H-01."""
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Life,
        settings=settings(
            max_examples=300, stateful_step_count=50, deadline=None, database=None
        ),
    )
