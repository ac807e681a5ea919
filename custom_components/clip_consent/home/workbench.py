"""The tools of the manager, in one place, and what all its parts do with them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ..base.outbound import Door
from ..core.errors import ConflictError
from ..core.ledger import Line
from ..core.models import Case, CaseEventType, Way
from ..core.outgoing import is_handed_over
from ..core.ports import (
    Alarm,
    AnswerPusher,
    Chance,
    Clock,
    Deliverer,
    Drafter,
    Ids,
    NoticePusher,
    People,
    Prompter,
    Sealer,
    Source,
)
from ..core.serial import Json
from ..core.settings import HomeSettings
from ..core.vouching import Voucher
from .answer_files import AnswerFiles
from .caseload import Caseload
from .store import HomeStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """Everything that reaches the world, handed in from outside."""

    store: HomeStore
    caseload: Caseload
    clock: Clock
    ids: Ids
    chance: Chance
    settings: HomeSettings
    sources: Mapping[str, Source]
    drafter: Drafter
    sealer: Sealer
    deliverers: Mapping[Way, Deliverer]
    people: People
    prompter: Prompter
    alarm: Alarm
    answers: AnswerFiles  # clips that neighbours sent
    check_address: Callable[[str], None]
    hubs: Door | None = None  # the way to the hubs that are followed
    notice_pushes: NoticePusher | None = None
    answer_pushes: AnswerPusher | None = None

    def watch_store(self) -> None:
        """Show that the store refuses writes, as long as it does."""
        self.store.watch(self._store_works)

    def _store_works(self, works: bool) -> None:
        if works:
            self.alarm.clear_alarm("store_failed")
        else:
            self.alarm.raise_alarm("store_failed")

    def now(self) -> datetime:
        """Return the time in UTC."""
        return self.clock.now()

    def current(self, case_id: str) -> Case:
        """Return an open case as it is now. Raises ConflictError if it is over."""
        case = self.caseload.open(case_id)
        if case is None:
            raise ConflictError("case_moved_on")
        return case

    async def async_forget_drafts(self, case: Case) -> None:
        """Remove the drafts of a case that is over, unless one can be downloaded."""
        if not is_handed_over(case, self.now()):
            await self.drafter.async_remove_case(case.case_id)

    async def async_settle(
        self, kind: CaseEventType, case: Case, user_id: str | None = None
    ) -> None:
        """Tell what happened, on the phones too."""
        await self.prompter.async_settle(self.caseload.tell(kind, case, user_id))


def published(voucher: Voucher | None) -> dict[str, Json]:
    """Return what a ledger line says of where a request was published, if it was."""
    return {"hub": voucher.hub, "item": voucher.item_id} if voucher else {}


def line(kind: str, case: Case, **data: Json) -> Line:
    """Return a ledger line about a case."""
    return Line(kind=kind, case_id=case.case_id, data=dict(data))
