"""What a home does by itself: each step of the loop, and what may befall it."""

from dataclasses import replace
from datetime import timedelta
import hashlib

from custom_components.clip_consent.core import flow, outgoing, remaking, rematch
from custom_components.clip_consent.core.approval import Decision
from custom_components.clip_consent.core.flow import Step
from custom_components.clip_consent.core.limits import CIPHERTEXT_KEPT
from custom_components.clip_consent.core.models import (
    Case,
    CaseState,
    Choice,
    ClosedReason,
    Delivery,
    Draft,
    Finding,
    Offer,
    VerdictKind,
    Way,
)
from custom_components.clip_consent.core.protocol import retry_delay

from .cases import GARDEN, draft
from .life_home import DOOR, LifeHome, Shown

FAULTS = ("later", "void", "both", "stop", "stopped")
# of the next steps of a case: all go well, or one of them does not
FATES = [
    *(("ok",) * count for count in range(1, 8)),
    *((*("ok",) * place, fault, "ok") for fault in FAULTS for place in range(4)),
]
# of its last two, to seal and to deliver it
LAST_FATES = [("ok",), ("ok", "ok"), *(("ok", fault) for fault in FAULTS), ("later",)]


def _draft(case: Case, choice: Choice, home: LifeHome) -> Draft:
    """Return a draft: the same choice and masks make the same bytes."""
    masks = home.masks_for(draft(choice=choice))
    said = f"{case.case_id} {choice.camera_id} {choice.window} {choice.text} {masks}"
    made = draft(hashlib.sha256(said.encode()).hexdigest(), choice)
    return replace(made, seconds=choice.window.seconds, masks=masks)


class Work:
    """Takes the steps of a home's cases."""

    def __init__(self, home: LifeHome) -> None:
        """Keep the home."""
        self._home = home
        self.told: set[str] = set()  # cases whose approvers know that none was found
        self.told_found: set[str] = set()

    def take(self, case: Case, fate: str) -> bool:
        """Do what is next for a case; False if it waits or is over."""
        step = flow.next_step(case, self._home.now)
        if case.state in flow.UNDECIDED:
            over = self._home.now >= case.request.expires_at
            assert (step is Step.EXPIRE) is over
        if step is None:
            return False
        match step:
            case Step.SCREEN:
                self._screen(case)
            case Step.MATCH | Step.LOOK:
                self._match(case, step, fate)
            case Step.DRAFT:
                self._make_draft(case, fate)
            case Step.OFFER:
                self._offer(case)
            case Step.PROMPT:
                self._prompt(case)
            case Step.EXPIRE:
                self._expire(case)
            case Step.SEAL | Step.DELIVER:
                self._send(case, step, fate)
        return True

    def _screen(self, case: Case) -> None:
        """Apply switch, limits and rules: no reason to close is passed over."""
        home = self._home
        said, over = home.screening(case.request), home.is_over_limit(case)
        after = flow.screened(
            case, said, accepting=home.accepting, over_limit=over, now=home.now
        )
        ignored = said.verdict is VerdictKind.IGNORE
        assert bool(after.closed) is (over or ignored or not home.accepting)
        home.apply(
            "screened",
            case,
            lambda: after,
            line="screened",
            policy=said.policy,
            closed=after.closed and after.closed.value,
        )

    def _match(self, case: Case, step: Step, fate: str) -> None:
        """Look for recordings; of `both` cameras there are some, or of neither."""
        found = {"later": (), "void": (), "both": (GARDEN, DOOR)}.get(fate, (GARDEN,))
        problem = "folder_gone" if fate == "later" else None
        run = case.request.window
        findings = [Finding(camera_id=each, runs=(run,)) for each in found]
        if step is Step.MATCH:
            self._home.apply(
                "matched",
                case,
                lambda: rematch.matched(case, findings, problem, self._home.now),
                line="matched",
            )
            return
        assert not (case.choice or case.draft or case.offer or case.delivered)
        self._home.apply(
            "matched_again",
            case,
            lambda: rematch.matched_again(case, findings, problem, self._home.now),
            line="matched",
        )

    def _make_draft(self, case: Case, fate: str) -> None:
        home = self._home
        assert case.choice
        if fate == "void":
            home.apply(
                "draft_failed",
                case,
                lambda: flow.draft_failed(case, "x"),
                line="failed",
            )
            return
        made = _draft(case, case.choice, home)
        home.files[case.case_id] = made.sha256
        home.apply(
            "drafted",
            case,
            lambda: flow.drafted(case, made),
            line="drafted",
            sha256=made.sha256,
        )

    def _offer(self, case: Case) -> None:
        home = self._home
        if home.rescreen(case) is not case:
            return
        if outgoing.needs_key(case):
            home.apply("offered", case, lambda: flow.offered(case, None))
            return
        assert case.draft
        assert case.screening
        offer = Offer(
            offer_id=home.new_id("o"),
            sha256=case.draft.sha256,
            recipient=case.request.recipient,
            destination=case.request.destination,
            policy=case.screening.policy,
            offered_at=home.now,
            expires_at=case.request.expires_at,
            identity=case.draft.choice.identity,
        )
        home.shown[offer.offer_id] = Shown(
            case_id=case.case_id,
            sha256=offer.sha256,
            recipient=offer.recipient,
            destination=offer.destination,
            verdict=case.screening.verdict,
            constraints=case.screening.constraints,
            two=home.rule_says(case.request, "two_approvers"),
            in_app=home.rule_says(case.request, "confirm_in_app"),
            identity=case.draft.choice.identity,
            offered_at=offer.offered_at,
            expires_at=offer.expires_at,
            deadline=0.0,
        )
        home.hold_deadline(offer)
        after = home.apply(
            "offered",
            case,
            lambda: flow.offered(case, offer),
            line="offered",
            offer_id=offer.offer_id,
            sha256=offer.sha256,
        )
        home.mint(after, offer.offer_id, Decision.APPROVE, Decision.DECLINE)

    def _prompt(self, case: Case) -> None:
        """Tell the approvers: once that nothing was found, once of what was."""
        told = self.told_found if case.findings else self.told
        assert case.case_id not in told
        told.add(case.case_id)
        kind = None if case.asked else "asked"
        self._home.apply("prompted", case, lambda: flow.prompted(case), line=kind)

    def _expire(self, case: Case) -> None:
        self._home.apply(
            "closed",
            case,
            lambda: flow.closed(case, ClosedReason.EXPIRED, self._home.now),
            line="closed",
        )

    # --- after the undo window

    def _send(self, case: Case, step: Step, fate: str) -> None:
        """Seal or deliver, try again, or find that it can never arrive."""
        home, delivery = self._home, case.delivery
        assert delivery
        assert home.now >= home.books.agreed[delivery.consent.consent_id].undo_until
        if home.lacks_masks(delivery.draft):
            home.apply(
                "consent_outdated",
                case,
                lambda: remaking.consent_outdated(case, "masks_changed"),
                line="voided",
            )
        elif step is Step.SEAL and home.files[case.case_id] != delivery.consent.sha256:
            home.apply(
                "seal_voided",
                case,
                lambda: flow.seal_voided(case, "draft_changed"),
                line="voided",
            )
        elif fate == "later":
            self._fail(case)
        elif step is Step.SEAL and case.request.destination.way is Way.HAND_OVER:
            self._share(case, timedelta(days=1))
        elif step is Step.SEAL:
            sealed = replace(delivery, package_sha256="5" * 64, package_size=64)
            home.apply("sealed", case, lambda: flow.sealed(case, sealed), line="sealed")
        elif case.request.destination.way is Way.DROP:
            self._share(case, CIPHERTEXT_KEPT)
        elif fate == "void" or (fate == "both" and delivery.upload_url):
            self._refuse(case)
        else:
            self._upload(case, delivery, fate)

    def _upload(self, case: Case, delivery: Delivery, fate: str) -> None:
        """Send it; what is not sent whole goes on from there the next time.

        Somebody may stop it meanwhile, and it may be too late for that.
        """
        home = self._home
        if case.request.destination.way is Way.TUS:
            url = delivery.upload_url or f"https://hub/{home.new_id('u')}"
            case = home.apply("uploading", case, lambda: flow.uploading(case, url))
        if fate == "ok":
            self._share(case, None)
        elif fate in ("stop", "stopped"):
            self.withdraw(case)
            if fate == "stopped":
                self.arrive_late(delivery.delivery_id)

    def _share(self, case: Case, kept: timedelta | None) -> None:
        home, delivery = self._home, case.delivery
        assert delivery
        until = home.now + kept if kept else None
        home.sent(case, delivery.consent, delivery.delivery_id)
        home.apply(
            "delivered",
            case,
            lambda: flow.delivered(case, home.now, until),
            line="shared",
            consent_id=delivery.consent.consent_id,
        )

    def _fail(self, case: Case) -> None:
        """Plan another attempt, unless it has been tried for long enough."""
        home = self._home
        if outgoing.is_given_up(case, home.now):
            self._refuse(case)
            return
        assert case.delivery
        later = home.now + timedelta(seconds=retry_delay(case.delivery.attempts))
        home.apply(
            "retried",
            case,
            lambda: flow.retried(case, "x", later),
            line="delivery_delayed",
        )

    def _refuse(self, case: Case) -> None:
        home = self._home
        after = home.apply(
            "delivery_refused",
            case,
            lambda: flow.delivery_refused(case, "x", home.now),
            line="delivery_refused",
        )
        if after.state in flow.ENDS:
            home.write("closed", case.case_id, reason="expired")

    def withdraw(self, case: Case) -> None:
        """Stop what is on its way; its last byte may be out all the same."""
        home = self._home
        after = home.attempt(
            "withdrawn", case, lambda: flow.withdrawn(case, home.now), line="closed"
        )
        assert case.delivery
        agreed = home.books.agreed[case.delivery.consent.consent_id]
        assert bool(after) is (home.now >= agreed.undo_until)  # before, there is Undo
        if after and outgoing.may_have_left(case):
            assert case.state is CaseState.SEALED
            home.leaving[case.delivery.delivery_id] = (case.case_id, case.delivery)

    def arrive_late(self, delivery_id: str) -> None:
        """Learn that it had arrived when it was stopped."""
        home = self._home
        case_id, delivery = home.leaving.pop(delivery_id)
        case = home.books.cases[case_id]
        home.sent(case, delivery.consent, delivery_id)
        home.apply(
            "arrived_late",
            case,
            lambda: flow.arrived_late(case, delivery, home.now),
            line="shared",
            consent_id=delivery.consent.consent_id,
            withdrawn_too_late=True,
        )
