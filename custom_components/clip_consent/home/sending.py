"""From a consent to a receipt: seal, deliver, share, or try again."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from functools import partial
import logging
from typing import Any, Final

from ..core import flow, outgoing, remaking
from ..core.errors import (
    ClipConsentError,
    ConflictError,
    DeliveryError,
    SealError,
    StoreError,
)
from ..core.limits import CIPHERTEXT_KEPT, UPLOAD_WAIT_MAX, UPLOAD_WAIT_MIN
from ..core.models import (
    Case,
    CaseEventType,
    CaseState,
    ClosedReason,
    Delivery,
    PortalKind,
    Way,
)
from ..core.ports import Progress
from ..core.protocol import retry_delay
from ..core.public_status import Drop
from ..core.serial import Json, utc_text
from .screener import Screener
from .workbench import Workbench, line

_LOGGER = logging.getLogger(__name__)

HANDED_OVER_KEPT: Final = timedelta(days=1)  # the approver downloads the draft


type Abortable = Callable[[Case, Coroutine[Any, Any, None]], Coroutine[Any, Any, None]]


class Sending:
    """The steps after the undo window."""

    def __init__(
        self, bench: Workbench, screener: Screener, *, abortable: Abortable
    ) -> None:
        """Keep the tools. `abortable` runs an upload that a decline may stop."""
        self._bench = bench
        self._screener = screener
        self._abortable = abortable
        # the approved cases that wait for the disk; None: nobody has looked yet
        self._stuck: set[str] | None = None
        bench.caseload.on_case(self._look_at_stuck)

    def _waiting(self) -> set[str]:
        """Return the cases that wait for the disk, those of before a restart too."""
        if self._stuck is None:
            self._stuck = {
                case.case_id
                for case in self._bench.caseload.all_open()
                if case.state is CaseState.CONSENTED and case.problem
            }
        return self._stuck

    def _look_at_stuck(self, changed: Case) -> None:
        """Take the trouble away with the last case that waits for the disk."""
        unread = self._stuck is None
        stuck = self._waiting()
        gone = changed.case_id in stuck and changed.state != CaseState.CONSENTED
        if gone:
            stuck.discard(changed.case_id)
        if (gone or unread) and not stuck:
            self._bench.alarm.clear_alarm("spool_failed")

    async def async_seal(self, case: Case) -> None:
        """Seal what was approved: nothing has left yet."""
        if await self._outdated(case):
            return
        if case.request.destination.way is Way.HAND_OVER:
            await self._hand_over(case)
            return
        try:
            delivery = await self._bench.sealer.async_seal(
                case, progress=self._progress(case, "seal")
            )
        except SealError as err:
            await self._void(case, err.code)
            return
        except StoreError as err:
            await self._hold_up(case, err)
            return
        delivery = self._held(case, delivery)
        await self._bench.caseload.async_save(
            case,
            flow.sealed(case, delivery),
            [
                line(
                    "sealed",
                    case,
                    delivery_id=delivery.delivery_id,
                    sha256=delivery.draft.sha256,
                    package_sha256=delivery.package_sha256,
                    manifest_sha256=delivery.manifest_sha256,
                    signing_key=delivery.signing_key,
                    **_original(delivery),
                )
            ],
        )

    def _held(self, case: Case, delivery: Delivery) -> Delivery:
        """Settle when an upload to a hub begins: not so that it shows when who tapped.

        It is saved with the case, so a restart neither draws anew nor hurries.
        """
        if case.request.portal not in (PortalKind.HTTP, PortalKind.NOTICE):
            return delivery
        wait = self._bench.chance.between(UPLOAD_WAIT_MIN, UPLOAD_WAIT_MAX)
        later = self._bench.now() + timedelta(seconds=wait)
        return replace(delivery, next_attempt_at=later)

    async def _outdated(self, case: Case) -> bool:
        """Void a consent to what lacks its camera's masks, set since; tell if it did.

        Or whose times were found to be wrong, or that a rule of now wants a region
        filled in. A yes is to exactly those bytes and times, and they may not leave
        any more. What is right is something else, which nobody has seen: it is made
        and asked about anew.
        """
        delivery = case.delivery
        problem = self._screener.held_back(case, delivery.draft) if delivery else None
        if delivery is None or problem is None:
            return False
        left = outgoing.may_have_left(case)
        after = await self._bench.caseload.async_save(
            case,
            remaking.consent_outdated(case, problem),
            [line("voided", case, problem=problem, may_have_left=left)],
        )
        after = await self._screener.async_rescreen(after)
        await self._bench.sealer.async_remove(delivery.delivery_id)
        await self._bench.async_settle(CaseEventType.FAILED, after)
        return True

    async def _hold_up(self, case: Case, err: StoreError) -> None:
        """Try again later what the disk did not let be read or written."""
        self._waiting().add(case.case_id)
        self._bench.alarm.raise_alarm("spool_failed")
        await self._retry(case, err)

    async def _hand_over(self, case: Case) -> None:
        """Let the approver download the draft, if it is still what was approved."""
        delivery = case.delivery
        if delivery is None:
            raise ConflictError("case_moved_on")
        drafter = self._bench.drafter
        try:
            digest = await drafter.async_digest(case.case_id, delivery.draft)
        except StoreError as err:
            await self._hold_up(case, err)
            return
        if digest == delivery.consent.sha256:
            await self._share(case, None)
        else:
            await self._void(case, "draft_changed")

    async def _void(self, case: Case, problem: str) -> None:
        after = await self._bench.caseload.async_save(
            case,
            flow.seal_voided(case, problem),
            [line("voided", case, problem=problem)],
        )
        self._bench.alarm.raise_alarm(problem)
        await self._bench.async_settle(CaseEventType.FAILED, after)

    async def async_deliver(self, case: Case) -> None:
        """Take the sealed package to where it was approved for."""
        if await self._outdated(case):
            return
        delivery = case.delivery
        if delivery is None:
            raise ConflictError("case_moved_on")
        way = case.request.destination.way
        if way is Way.DROP:
            await self._share(case, delivery)
            return
        try:
            upload = self._bench.deliverers[way].async_deliver(
                delivery,
                self._bench.sealer.path(delivery.delivery_id),
                save=lambda url: self._save_upload(case.case_id, url),
                progress=self._progress(case, "send"),
            )
            await self._abortable(case, upload)
        except DeliveryError as err:
            await self._delivery_failed(case.case_id, err)
            return
        except ClipConsentError:
            raise
        except Exception:
            _LOGGER.exception("A delivery ended in a fault; it is tried again")
            fault = DeliveryError("delivery_failed", permanent=False)
            await self._delivery_failed(case.case_id, fault)
            return
        current = await self._bench.caseload.async_get(case.case_id)
        if current.delivery and current.delivery.delivery_id == delivery.delivery_id:
            await self._share(current, delivery)
        else:
            await self._arrived_late(current, delivery)
        await self._bench.sealer.async_remove(delivery.delivery_id)

    async def _arrived_late(self, case: Case, delivery: Delivery) -> None:
        """Say of a delivery that was withdrawn as its last byte went: it is shared."""
        after = await self._bench.caseload.async_save(
            case,
            flow.arrived_late(case, delivery, self._bench.now()),
            [line("shared", case, **_receipt(delivery), withdrawn_too_late=True)],
        )
        await self._bench.async_settle(CaseEventType.SHARED, after)

    def _progress(self, case: Case, doing: str) -> Progress:
        return partial(self._bench.caseload.tell_progress, case.case_id, doing)

    async def _save_upload(self, case_id: str, url: str | None) -> None:
        case = self._bench.current(case_id)
        await self._bench.caseload.async_save(case, flow.uploading(case, url), [])

    async def _delivery_failed(self, case_id: str, err: DeliveryError) -> None:
        case = self._bench.current(case_id)
        if err.permanent:
            await self._refuse(case, err, given_up=False)
        else:
            await self._retry(case, err)

    async def _refuse(
        self, case: Case, err: ClipConsentError, *, given_up: bool
    ) -> None:
        """End a delivery that failed for good; what phones say of it is left there."""
        delivery_id = case.delivery.delivery_id if case.delivery else ""
        after = flow.delivery_refused(case, err.code, self._bench.now())
        lines = [
            line(
                "delivery_refused",
                case,
                problem=err.code,
                given_up=given_up,
                may_have_left=outgoing.may_have_left(case),
            )
        ]
        if after.state in flow.ENDS:
            expired = ClosedReason.EXPIRED.value
            lines.append(line("closed", case, reason=expired, user_id=None))
        after = await self._bench.caseload.async_save(case, after, lines)
        await self._bench.sealer.async_remove(delivery_id)
        await self._bench.async_settle(CaseEventType.FAILED, after)
        if after.state in flow.ENDS:
            await self._bench.async_forget_drafts(after)
        if after.state is CaseState.CLOSED:
            self._bench.caseload.tell(CaseEventType.CLOSED, after)

    async def _retry(self, case: Case, err: ClipConsentError) -> None:
        """Plan another attempt, unless it has been tried for long enough."""
        if outgoing.is_given_up(case, self._bench.now()):
            await self._refuse(case, err, given_up=True)
            return
        attempts = case.delivery.attempts if case.delivery else 0
        later = self._bench.now() + timedelta(seconds=retry_delay(attempts))
        await self._bench.caseload.async_save(
            case,
            flow.retried(case, err.code, later),
            [line("delivery_delayed", case, problem=err.code)],
        )

    async def _share(self, case: Case, delivery: Delivery | None) -> None:
        now = self._bench.now()
        drop, until = None, None
        if delivery is None:
            until = now + HANDED_OVER_KEPT
        elif case.request.destination.way is Way.DROP:
            until = now + CIPHERTEXT_KEPT
            drop = Drop(
                delivery_id=delivery.delivery_id,
                case_id=case.case_id,
                size=delivery.package_size or 0,
                until=until,
                once=case.pickup,
            )
        after = await self._bench.caseload.async_save(
            case,
            flow.delivered(case, now, until),
            [line("shared", case, **_receipt(case.delivery))],
            drop=drop,
        )
        await self._bench.async_settle(CaseEventType.SHARED, after)


def _original(delivery: Delivery) -> dict[str, Json]:
    """Return what opens the manifest's commitment to an original, if there is one."""
    salt, digest = delivery.original_salt, delivery.draft.original
    return {"original_sha256": digest, "original_salt": salt} if salt else {}


def _receipt(delivery: Delivery | None) -> dict[str, Json]:
    if delivery is None:
        return {}
    return {
        "delivery_id": delivery.delivery_id,
        "consent_id": delivery.consent.consent_id,
        "sha256": delivery.draft.sha256,
        "package_sha256": delivery.package_sha256,
        "package_size": delivery.package_size,
        "way": delivery.consent.destination.way.value,
        "approved_at": utc_text(delivery.consent.at),
    }
