"""The one loop: ask the flow for the next step, do it, save it, go on.

The next step is a function of the saved case, so a restart just runs the loop again.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import nullcontext
from datetime import datetime, timedelta
import logging
from typing import Any, Final

from ..core import flow, outgoing
from ..core.errors import ConflictError, StoreError
from ..core.models import Case, CaseEvent, CaseEventType, CaseState, ClosedReason
from .asking import Asking
from .screener import Screener
from .sending import Sending
from .workbench import Workbench, line

_LOGGER = logging.getLogger(__name__)

STORE_RETRY: Final = 30.0  # seconds
LONGEST_NAP: Final = 60.0  # seconds; the wall clock may jump meanwhile
_INSTANT: Final = timedelta(microseconds=1)
AT_ONCE: Final = 8  # cases that are matched or drafted, or screened, at the same time
LOOKS_AT_ONCE: Final = 1  # cases that are looked for again: they have waited anyway


class CaseRunner:
    """Drives every open case as far as it can go without somebody's decision."""

    def __init__(self, bench: Workbench) -> None:
        """Keep the tools; `kick` starts the work on a case."""
        self._bench = bench
        self._drives: dict[str, asyncio.Task[None]] = {}
        self._works: dict[str, asyncio.Task[Any]] = {}
        self._naps: dict[str, asyncio.Event] = {}
        self._stopped = False
        self._undo_ends: dict[str, float] = {}  # consent id: monotonic seconds
        # what may take long, or come as a flood; nothing else waits for its turn
        making = asyncio.Semaphore(AT_ONCE)
        self._gates = {
            flow.Step.SCREEN: asyncio.Semaphore(AT_ONCE),
            flow.Step.MATCH: making,
            flow.Step.DRAFT: making,
            flow.Step.LOOK: asyncio.Semaphore(LOOKS_AT_ONCE),
        }
        self.screener = Screener(bench)
        self.asking = Asking(bench, self.screener, abortable=self._abortable)
        sending = Sending(bench, self.screener, abortable=self._abortable)
        self._steps = {
            flow.Step.SCREEN: self.asking.async_screen,
            flow.Step.MATCH: self.asking.async_match,
            flow.Step.DRAFT: self.asking.async_draft,
            flow.Step.OFFER: self.asking.async_offer,
            flow.Step.PROMPT: self.asking.async_prompt,
            flow.Step.LOOK: self.asking.async_look,
            flow.Step.SEAL: sending.async_seal,
            flow.Step.DELIVER: sending.async_deliver,
            flow.Step.EXPIRE: self._expire,
        }

    def kick(self, case_id: str) -> None:
        """Look at a case again: its work is dropped if the case has moved on.

        A home that stops begins nothing more; what is left is for the next start.
        """
        if self._stopped:
            return
        case = self._bench.caseload.open(case_id)
        work = self._works.get(case_id)
        if work and (case is None or not self._goes_on(case)):
            work.cancel()
        if nap := self._naps.get(case_id):
            nap.set()
        drive = self._drives.get(case_id)
        if case and (drive is None or drive.done()):
            drive = asyncio.create_task(self._drive(case_id))
            drive.add_done_callback(_tell_fault)
            self._drives[case_id] = drive

    def _goes_on(self, case: Case) -> bool:
        """Tell whether what is being made is still wanted, whatever the wall clock."""
        on_its_way = case.state in flow.ON_ITS_WAY
        return on_its_way or flow.next_step(case, self.now(case)) is not None

    def hold_undo(self, case: Case) -> None:
        """Start the stopwatch of an undo window: a jump of the wall clock ends none."""
        if case.delivery:
            consent = case.delivery.consent
            # a clock that is behind, as before it is set after a start, adds nothing
            left = min(
                consent.undo_until - self._bench.now(), consent.undo_until - consent.at
            )
            ends = self._bench.clock.monotonic() + left.total_seconds()
            self._forget_undo()
            self._undo_ends[consent.consent_id] = ends

    def _forget_undo(self) -> None:
        """Put away the stopwatches of what is no longer on its way."""
        deliveries = (case.delivery for case in self._bench.caseload.all_open())
        held = {one.consent.consent_id for one in deliveries if one}
        self._undo_ends = {
            each: ends for each, ends in self._undo_ends.items() if each in held
        }

    def now(self, case: Case) -> datetime:
        """Return a case's time: its undo window lasts as long as it was said to.

        The stopwatch decides: a wall clock set forth ends no window, and one set back
        holds nothing up.
        """
        now = self._bench.now()
        if case.delivery is None or case.state not in flow.ON_ITS_WAY:
            return now
        consent = case.delivery.consent
        if case.state is CaseState.CONSENTED:
            if consent.consent_id not in self._undo_ends:
                return now  # just approved: the stopwatch is about to be started
            if self._undo_left(case) > 0:
                return min(now, consent.undo_until - _INSTANT)
        return max(now, consent.undo_until)

    def _undo_left(self, case: Case) -> float:
        if case.state is not CaseState.CONSENTED or case.delivery is None:
            return 0.0
        ends = self._undo_ends.get(case.delivery.consent.consent_id, 0.0)
        return ends - self._bench.clock.monotonic()

    @property
    def busy(self) -> bool:
        """Whether some case is worked on: not at an end, waiting, or napping."""
        return any(
            not drive.done() and case_id not in self._naps
            for case_id, drive in self._drives.items()
        )

    def abandon_work(self, case_id: str) -> None:
        """Cancel what is being made for a case: it was replaced by another choice."""
        if work := self._works.get(case_id):
            work.cancel()

    async def async_stop(self) -> None:
        """Stop all work; what was saved goes on after the next start."""
        self._stopped = True
        tasks = [*self._drives.values(), *self._works.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _drive(self, case_id: str) -> None:
        while case := self._bench.caseload.open(case_id):
            if step := flow.next_step(case, self.now(case)):
                await self._take(step, case)
            elif due := flow.due_at(case):
                left = (due - self._bench.now()).total_seconds()
                await self._nap(case_id, max(left, self._undo_left(case)))
            else:
                break
        self._drives.pop(case_id, None)

    async def _take(self, step: flow.Step, case: Case) -> None:
        try:
            async with self._gates.get(step) or nullcontext():
                current = self._bench.caseload.open(case.case_id)
                if current is case:
                    await self._steps[step](case)
        except ConflictError:
            await self._catch_up(case)
        except StoreError as err:
            _LOGGER.warning("The store refused a write: %s", err)
            await self._nap(case.case_id, STORE_RETRY)
            await self._reread(case.case_id)

    async def _catch_up(self, case: Case) -> None:
        """Go on from where a case is: it moved on, and if not here, then on disk."""
        await asyncio.sleep(0)
        caseload = self._bench.caseload
        if caseload.open(case.case_id) is not case:
            return
        await self._reread(case.case_id)
        if caseload.open(case.case_id) == case:
            await self._nap(case.case_id, STORE_RETRY)

    async def _reread(self, case_id: str) -> None:
        try:
            await self._bench.caseload.async_refresh(case_id)
        except StoreError as err:
            _LOGGER.warning("The store cannot be read: %s", err)

    async def _nap(self, case_id: str, seconds: float) -> None:
        nap = self._naps.setdefault(case_id, asyncio.Event())
        nap.clear()
        try:
            await asyncio.wait_for(nap.wait(), min(max(seconds, 0.01), LONGEST_NAP))
        except TimeoutError:
            pass
        finally:
            self._naps.pop(case_id, None)

    async def _abortable[T](self, case: Case, work: Coroutine[Any, Any, T]) -> T:
        """Run work that a decision may cancel; then the case has moved on."""
        task = asyncio.create_task(work)
        self._works[case.case_id] = task
        try:
            return await task
        except asyncio.CancelledError:
            current = asyncio.current_task()
            if current is None or current.cancelling():
                task.cancel()
                raise
            raise ConflictError("case_moved_on") from None
        finally:
            self._works.pop(case.case_id, None)

    async def _expire(self, case: Case) -> None:
        await self.async_close(case, ClosedReason.EXPIRED, None)

    async def async_close(
        self, case: Case, reason: ClosedReason, user_id: str | None
    ) -> Case:
        """Close a case and tidy up after it."""
        after = await self._bench.caseload.async_save(
            case,
            flow.closed(case, reason, self._bench.now()),
            [line("closed", case, reason=reason.value, user_id=user_id)],
        )
        await self.async_tidy(after, user_id)
        return after

    async def async_withdraw(self, case: Case, user_id: str | None) -> Case:
        """Stop a delivery that is past its undo window; tell what may be out."""
        after = await self._bench.caseload.async_save(
            case,
            flow.withdrawn(case, self.now(case)),
            [
                line(
                    "closed",
                    case,
                    reason=ClosedReason.WITHDRAWN.value,
                    user_id=user_id,
                    delivery_id=case.delivery.delivery_id if case.delivery else None,
                    may_have_left=outgoing.may_have_left(case),
                )
            ],
        )
        await self.async_tidy(after, user_id)
        if case.delivery:
            await self._bench.sealer.async_remove(case.delivery.delivery_id)
        return after

    async def async_tidy(self, case: Case, user_id: str | None) -> None:
        """Clear up after a case that was just ended.

        One that is shared again, as it was before, is no news: only phones are told.
        """
        self.kick(case.case_id)
        await self._bench.async_forget_drafts(case)
        if case.state is CaseState.CLOSED:
            await self._bench.async_settle(CaseEventType.CLOSED, case, user_id)
            return
        await self._bench.prompter.async_settle(
            CaseEvent(
                type=CaseEventType.CLOSED,
                case=case,
                user_id=user_id,
                at=self._bench.now(),
            )
        )

    async def async_undone(self, case: Case, user_id: str) -> None:
        """Offer anew what was just taken back."""
        self.kick(case.case_id)
        await self._bench.async_settle(CaseEventType.UNDONE, case, user_id)


def _tell_fault(drive: asyncio.Task[None]) -> None:
    """Log what no step may raise; the next sweep tries that case again."""
    if not drive.cancelled() and (fault := drive.exception()):
        _LOGGER.error("The work on a case ended in a fault", exc_info=fault)
