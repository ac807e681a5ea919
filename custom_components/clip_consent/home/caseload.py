"""The open cases in memory, as the store has them, and who is told of changes."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

from ..core.errors import NotFoundError
from ..core.flow import ENDS
from ..core.ledger import Line
from ..core.models import Case, CaseEvent, CaseEventType, CaseState
from ..core.ports import Clock
from ..core.public_status import Drop
from ..core.verdict import Judge, Verdict
from .store import HomeStore

type EventListener = Callable[[CaseEvent], None]
type CaseListener = Callable[[Case], None]
type ProgressListener = Callable[[str, str, float], None]


class Caseload:
    """Every change of a case goes through here: store, then memory, then telling."""

    def __init__(self, store: HomeStore, clock: Clock) -> None:
        """Begin empty; `async_load` reads the store."""
        self._store = store
        self._clock = clock
        self._open: dict[str, Case] = {}
        self._events: list[EventListener] = []
        self._cases: list[CaseListener] = []
        self._progress: list[ProgressListener] = []

    async def async_load(self) -> tuple[Case, ...]:
        """Read the open cases."""
        cases = await self._store.async_open_cases()
        self._open = {case.case_id: case for case in cases}
        return cases

    @property
    def waiting(self) -> int:
        """How many cases an approver can answer now."""
        return sum(case.state is CaseState.WAITING for case in self._open.values())

    def all_open(self) -> tuple[Case, ...]:
        """Return the open cases, oldest first."""
        return tuple(self._open.values())

    def open(self, case_id: str) -> Case | None:
        """Return an open case, None if it is over or unknown."""
        return self._open.get(case_id)

    def of_offer(self, offer_id: str) -> Case | None:
        """Return the case that stands behind an offer."""
        return next(
            (
                case
                for case in self._open.values()
                if case.offer and case.offer.offer_id == offer_id
            ),
            None,
        )

    async def async_get(self, case_id: str) -> Case:
        """Return any case. Raises NotFoundError."""
        return self._open.get(case_id) or await self._store.async_case(case_id)

    async def async_add(
        self, case: Case, lines: Sequence[Line], data: dict[str, object]
    ) -> tuple[str, bool]:
        """Keep a new case; return its request id and whether it is new."""
        request_id, is_new = await self._store.async_add(
            case, lines, data, self._clock.now()
        )
        if is_new:
            self._open[case.case_id] = case
        return request_id, is_new

    async def async_save(
        self,
        before: Case,
        after: Case,
        lines: Sequence[Line],
        *,
        drop: Drop | None = None,
    ) -> Case:
        """Save a change and tell those who show cases.

        Raises ConflictError, StoreError.
        """
        saved = await self._store.async_save(
            before, after, lines, self._clock.now(), drop=drop
        )
        self._keep(saved)
        return saved

    async def async_fetched(self, delivery_id: str, until: datetime) -> None:
        """Let a drop that was read once end at `until`. Raises StoreError."""
        now = self._clock.now()
        if case := await self._store.async_fetched(delivery_id, until, now):
            self._keep(case)

    def note(self, before: Case, after: Case) -> None:
        """Keep in memory alone what a restart may forget, unless the case moved on."""
        if self._open.get(before.case_id) is before:
            self._open[before.case_id] = after

    async def async_judge(
        self, digest: str | None, case_id: str, judge: Judge
    ) -> Verdict:
        """Let the predicate judge within the transaction that saves."""
        verdict = await self._store.async_judge(
            digest, case_id, judge, self._clock.now()
        )
        if verdict.case:
            self._keep(verdict.case)
        return verdict

    async def async_refresh(self, case_id: str) -> None:
        """Read a case again: after a failed write only the disk knows."""
        with suppress(NotFoundError):
            self._keep(await self._store.async_case(case_id))

    def tell(
        self, kind: CaseEventType, case: Case, user_id: str | None = None
    ) -> CaseEvent:
        """Tell what happened to everybody who listens for events."""
        event = CaseEvent(type=kind, case=case, user_id=user_id, at=self._clock.now())
        for listener in tuple(self._events):
            listener(event)
        return event

    def tell_progress(self, case_id: str, doing: str, done: float) -> None:
        """Tell how far a long work is, from 0 to 1."""
        for listener in tuple(self._progress):
            listener(case_id, doing, done)

    def on_event(self, listener: EventListener) -> Callable[[], None]:
        """Hear of events; the answer ends it."""
        return _add(self._events, listener)

    def on_case(self, listener: CaseListener) -> Callable[[], None]:
        """Hear of every change of a case; the answer ends it."""
        return _add(self._cases, listener)

    def on_progress(self, listener: ProgressListener) -> Callable[[], None]:
        """Hear of progress; the answer ends it."""
        return _add(self._progress, listener)

    def _keep(self, case: Case) -> None:
        if case.state in ENDS:
            self._open.pop(case.case_id, None)
        else:
            self._open[case.case_id] = case
        for listener in tuple(self._cases):
            listener(case)


def _add[T](listeners: list[T], listener: T) -> Callable[[], None]:
    listeners.append(listener)

    def remove() -> None:
        listeners.remove(listener)

    return remove
