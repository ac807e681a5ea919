"""The manager of a home: the only writer, and all that its edges may ask for."""

from collections.abc import Callable
from datetime import datetime
import logging
from typing import Final, override
from zoneinfo import ZoneInfo

from ..base.marks import Marks
from ..base.wholly import wholly
from ..core.approval import Session, Tap
from ..core.geo import Point
from ..core.ledger import Line
from ..core.models import Camera, Case, Choice, Destination, Invite, Request
from ..core.ports import Decisions, Intake
from ..core.requests import Ask
from .approving import Approving
from .caseload import CaseListener, EventListener, ProgressListener
from .deciding import Deciding
from .entering import Entering
from .hub_requests import HubRequests
from .mask_record import MaskRecord
from .neighbour_desk import NeighbourDesk
from .notice_desk import NoticeDesk
from .portals.direct import DirectPortal
from .portals.http import HttpPortals
from .reading import Reading
from .recovery import (
    async_enter_restored,
    async_open_store,
    async_tell_again,
    async_withdraw_lost,
)
from .runner import CaseRunner
from .sweep import Sweep
from .tally import SharedTally
from .watching import Watching
from .workbench import Workbench

_LOGGER = logging.getLogger(__name__)

ACCEPTING: Final = "accepting"


class HomeManager(Intake, Decisions):
    """Everything a home does. Errors are ClipConsentErrors with a code."""

    def __init__(self, bench: Workbench) -> None:
        """Put the parts together; `async_start` begins."""
        self._bench = bench
        self._runner = CaseRunner(bench)
        self._approving = Approving(bench, self._runner)
        self._deciding = Deciding(bench, self._runner)
        self._entering = Entering(bench, self._runner)
        self.reading = Reading(bench, self._runner, self._deciding)
        self.shared = SharedTally(bench.clock, bench.settings.time_zone)
        self.watching = Watching(bench)
        self.masks = MaskRecord(bench)
        self.neighbours = NeighbourDesk(bench, self.reading, self._deciding)
        asked = self.neighbours.asked
        self._sweep = Sweep(bench, self.reading, self.look_again, tidy=asked.async_tidy)
        self.notices = NoticeDesk(bench, self._runner, self._deciding, asked)
        self.direct = DirectPortal(
            intake=self,
            records=bench.store,
            clock=bench.clock,
            ids=bench.ids,
            invites=bench.settings.invites,
            package=bench.sealer.path,
        )
        self.hubs = HttpPortals(
            bench.settings.portals,
            door=bench.hubs,
            intake=HubRequests(
                bench,
                self._runner.screener,
                self._deciding,
                keep=self._entering.async_keep,
                is_own=asked.asked_with,
                board=self.notices.board,
            ),
            book=bench.store,
            alarm=bench.alarm,
            clock=bench.clock,
            ids=bench.ids,
            place=bench.settings.home,
            polled=asked.async_polled,
            held=asked.held,
        )
        asked.follow(self.hubs.followers)
        self.notices.follow(self.hubs.followers)

    # --- life

    async def async_start(self) -> None:
        """Open the store and go on where the last run stopped. Raises StoreError."""
        self._bench.watch_store()
        await async_open_store(self._bench)
        accepting = await self._bench.store.async_setting(ACCEPTING, "yes")
        self._runner.asking.accepting = accepting == "yes"
        cases = await self._bench.caseload.async_load()
        self.shared.begin(await self._bench.store.async_deliveries())
        self._bench.caseload.on_event(self.shared.follow)
        if self._bench.store.restored:
            await async_enter_restored(self._bench, cases)
        await self.masks.async_write()
        await async_withdraw_lost(self._bench)
        for case in self._bench.caseload.all_open():
            if case.offer:
                self._runner.asking.hold_deadline(case.offer)
            self._runner.hold_undo(case)
            await self._runner.screener.async_rescreen(case)
        await self._sweep.async_clean()
        await async_tell_again(self._bench)
        self.look_again()
        await self.neighbours.asked.async_begin()
        await self.notices.async_begin()
        self._sweep.start()
        self.watching.start()
        self.hubs.start()

    async def async_stop(self) -> None:
        """Stop all work and close the store; nothing is lost."""
        await self.hubs.async_stop()
        await self.neighbours.asked.async_stop()
        await self.notices.async_stop()
        await self.watching.async_stop()
        await self._sweep.async_stop()
        await self._runner.async_stop()
        await self._bench.prompter.async_finish()
        await self._bench.store.async_close()

    def look_again(self) -> None:
        """Go on with every open case: its time may have come."""
        for case in self._bench.caseload.all_open():
            self._runner.kick(case.case_id)

    async def async_pause(self) -> None:
        """Hold all writing for a backup."""
        await self._bench.store.async_pause()

    def resume(self) -> None:
        """Write again."""
        self._bench.store.resume()

    # --- requests

    async def async_submit(self, request: Request) -> str:
        """Keep a request and begin to work on it. Raises StoreError."""
        return (await self._entering.async_keep(request))[0]

    @override
    async def async_take(self, request: Request) -> tuple[str, str | None]:
        """Keep a request; `look_at` or the next sweep goes on. Raises StoreError."""
        request_id, case_id, is_new = await self._entering.async_add(request)
        return request_id, case_id if is_new else None

    @override
    async def async_fetched(self, delivery_id: str, until: datetime) -> None:
        """Let a pick-up link that was read whole end at `until`."""
        await self._bench.caseload.async_fetched(delivery_id, until)

    @override
    def look_at(self, case_id: str) -> None:
        """Begin to work on a case."""
        self._runner.kick(case_id)

    async def async_enter(
        self, ask: Ask, *, label: str, destination: Destination, user_id: str | None
    ) -> tuple[str, str | None]:
        """Enter a request that came by phone or at the door.

        Return its case id and, if the one who asks can look there, its status id.
        """
        await self._deciding.async_require_approver(user_id)
        return await self._entering.async_enter(
            ask, label=label, destination=destination
        )

    async def async_test_request(
        self, user_id: str, *, name: str, recipient: str
    ) -> tuple[str, str]:
        """Ask this home for its newest footage; return case id and status id."""
        await self._deciding.async_require_approver(user_id)
        return await self._entering.async_test(name=name, recipient=recipient)

    # --- decisions

    async def async_approve(
        self, *, offer_id: str, sha256: str, user_id: str, session: Session
    ) -> Case:
        """Approve exactly this draft, in the panel."""
        return await self._approving.async_approve(
            offer_id=offer_id, sha256=sha256, user_id=user_id, session=session
        )

    @override
    async def async_tap(self, tap: Tap, token: str) -> bool:
        """Judge an answer from a push; True if it counted."""
        return await self._approving.async_tap(tap, token)

    async def async_undo(self, case_id: str, user_id: str) -> Case:
        """Take a consent back within its window."""
        await self._deciding.async_require_approver(user_id)
        return await self._deciding.async_undo(case_id, user_id)

    async def async_decline(self, case_id: str, user_id: str | None) -> Case:
        """Say no; nobody outside can tell."""
        await self._deciding.async_require_approver(user_id)
        return await self._deciding.async_decline(case_id, user_id)

    async def async_choose(self, case_id: str, choice: Choice, user_id: str) -> Case:
        """Draft and offer another camera or span."""
        await self._deciding.async_require_approver(user_id)
        return await self._deciding.async_choose(case_id, choice, user_id)

    async def async_answer(
        self, case_id: str, text: str, user_id: str, *, identity: str = ""
    ) -> Case:
        """Draft and offer an answer in words."""
        await self._deciding.async_require_approver(user_id)
        return await self._deciding.async_answer(
            case_id, text, user_id, identity=identity
        )

    async def async_set_key(
        self, case_id: str, recipient: str, user_id: str
    ) -> tuple[Case, str]:
        """Set a pick-up link's key; return the case and the status id of the link."""
        await self._deciding.async_require_approver(user_id)
        case = await self._deciding.async_set_key(case_id, recipient, user_id)
        return case, case.request.request_id

    async def async_revoke(self, delivery_id: str, user_id: str | None) -> Case:
        """Take back what still lies in the home's own drop."""
        await self._deciding.async_require_approver(user_id)
        return await self._deciding.async_revoke(delivery_id, user_id)

    @wholly
    async def async_set_accepting(self, accepting: bool, user_id: str | None) -> None:
        """Turn requests on or off: a setting. From outside it looks the same."""
        await self.reading.async_require_standing(user_id)
        said = Line(
            kind="accepting",
            case_id=None,
            data={"accepting": accepting, "user_id": user_id},
        )
        await self._bench.store.async_set(
            ACCEPTING, "yes" if accepting else "no", [said], self._bench.now()
        )
        self._runner.asking.accepting = accepting

    # --- what shows

    @property
    def accepting(self) -> bool:
        """Whether requests are looked at."""
        return self._runner.asking.accepting

    @property
    def busy(self) -> bool:
        """Whether some case is being worked on just now."""
        return self._runner.busy

    @property
    def waiting(self) -> int:
        """How many cases an approver can answer now."""
        return self._bench.caseload.waiting

    @property
    def cameras(self) -> dict[str, Camera]:
        """The cameras by id."""
        return dict(self._bench.settings.cameras)

    @property
    def invites(self) -> tuple[Invite, ...]:
        """The invites."""
        return tuple(self._bench.settings.invites.values())

    @property
    def time_zone(self) -> ZoneInfo:
        """The home's time zone."""
        return self._bench.settings.time_zone

    @property
    def place(self) -> Point | None:
        """Where the home stands, None if that is not known."""
        return self._bench.settings.home()

    @property
    def marks(self) -> Marks:
        """What tells the home's own events from what others fire."""
        return self._bench.store.marks

    def user_name(self, user_id: str) -> str:
        """Return an approver's name as the owner gave it, empty if they are none."""
        return self._bench.settings.names.get(user_id, "")

    def on_event(self, listener: EventListener) -> Callable[[], None]:
        """Hear of events; the answer ends it."""
        return self._bench.caseload.on_event(listener)

    def on_case(self, listener: CaseListener) -> Callable[[], None]:
        """Hear of every change of a case; the answer ends it."""
        return self._bench.caseload.on_case(listener)

    def on_progress(self, listener: ProgressListener) -> Callable[[], None]:
        """Hear of progress of long work; the answer ends it."""
        return self._bench.caseload.on_progress(listener)
