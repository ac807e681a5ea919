"""What may be looked at, and by whom: nothing here changes a case."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from ..core.approval import check_person
from ..core.clips import joined, runs
from ..core.detections import Detection, shown
from ..core.disclosure import owner_view
from ..core.errors import ConflictError, NotAllowedError, NotFoundError, SourceError
from ..core.flow import ENDS
from ..core.ledger import EMPTY, EVERYTHING, Entry, Head, Sought
from ..core.limits import PUSH_DAY, WINDOW_MAX
from ..core.models import (
    Camera,
    Case,
    CaseState,
    Choice,
    Draft,
    PortalKind,
    Request,
    Screening,
    Way,
    Window,
)
from ..core.outgoing import is_handed_over
from ..core.quiet import ask_wait
from ..core.rules import Rule, reading_order, screen
from ..core.search import Search
from ..core.serial import Json
from .deciding import Deciding
from .runner import CaseRunner
from .timeline import THUMBNAILS, Timeline
from .workbench import Workbench

TRIED_CASES: Final = 50
KEY_REACH: Final = timedelta(seconds=30)
SEEN_WITHIN: Final = 5.0  # seconds
_MOMENT: Final = timedelta(milliseconds=1)


class Reading:
    """The manager's answers to questions."""

    def __init__(
        self, bench: Workbench, runner: CaseRunner, deciding: Deciding
    ) -> None:
        """Keep the tools."""
        self._bench = bench
        self._runner = runner
        self._deciding = deciding
        self._recordings = runner.asking.recordings
        self._timeline = Timeline(self._recordings, bench.drafter, bench.caseload)

    async def async_stop(self) -> None:
        """End the pictures that are being made."""
        await self._timeline.async_stop()

    async def async_pushed_from(self, user_id: str) -> datetime | None:
        """Return from when the phones of an approver may be pushed; None if now."""
        await self._deciding.async_require_approver(user_id)
        now = self._bench.now()
        pushed = await self._bench.store.async_pushes(user_id, now - PUSH_DAY)
        settings = self._bench.settings
        quiet = settings.quiet.get(user_id)
        wait = ask_wait(pushed, quiet, now, settings.time_zone)
        return now + wait if wait else None

    # --- cases

    async def async_is_approver(self, user_id: str) -> bool:
        """Tell whether a user may answer now."""
        return not check_person(await self._bench.people.async_person(user_id))

    def open_cases(self) -> tuple[Case, ...]:
        """Return the open cases, oldest first."""
        return self._bench.caseload.all_open()

    async def async_case(self, case_id: str, user_id: str | None) -> Case:
        """Return any case. Raises NotFoundError, NotAllowedError."""
        await self._deciding.async_require_approver(user_id)
        return await self._bench.caseload.async_get(case_id)

    def keeps_draft(self, case: Case) -> bool:
        """Return whether the draft is still here: once it is sent, it goes."""
        return case.state not in ENDS or is_handed_over(case, self._bench.now())

    async def async_history(
        self,
        before: int | None,
        limit: int,
        user_id: str | None,
        *,
        states: frozenset[CaseState] = frozenset(),
    ) -> tuple[tuple[Case, ...], int | None]:
        """Return a page of all cases, newest first, and the next cursor.

        `states` narrows them; none named means all. What came in over a limit is not
        among them: a flood must not bury the rest, and the ledger has it.
        """
        await self._deciding.async_require_approver(user_id)
        return await self._bench.store.async_history(before, limit, states, flood=False)

    async def async_search(
        self, search: Search, before: int | None, limit: int, user_id: str | None
    ) -> tuple[tuple[Case, ...], int | None]:
        """Return cases that a search fits, newest first, and where to go on.

        A page may hold fewer than there are, or none: only so many cases are looked
        through at once.
        """
        if search.everything:
            return await self.async_history(before, limit, user_id)
        await self._deciding.async_require_approver(user_id)
        return await self._bench.store.async_search(search, before, limit)

    def view(
        self,
        case: Case,
        *,
        user_name: Callable[[str], str],
        problem_text: Callable[[str], str],
        sentence: Callable[[Screening], str],
    ) -> dict[str, Json]:
        """Return a case as approvers see it."""
        return owner_view(
            case,
            cameras=self._bench.settings.cameras,
            user_name=user_name,
            problem_text=problem_text,
            sentence=sentence,
        )

    async def async_draft_file(
        self, case_id: str, sha256: str, kind: str, user_id: str
    ) -> tuple[Path, str]:
        """Return a draft's file (`video`, `still`, `sheet`, `file`) and media type.

        Raises NotFoundError for everybody and everything else.
        """
        if not await self.async_is_approver(user_id):
            raise NotFoundError("draft_not_found")
        case = await self._bench.caseload.async_get(case_id)
        draft = self._handed_over(case, sha256) if kind == "file" else case.draft
        if draft is None or draft.sha256 != sha256:
            raise NotFoundError("draft_not_found")
        name = {"still": draft.still, "sheet": draft.sheet}.get(kind, draft.file)
        if name is None or (kind == "file" and not await self._intact(case_id, draft)):
            raise NotFoundError("draft_not_found")
        media_type = "image/jpeg" if kind in ("still", "sheet") else draft.media_type
        return self._bench.drafter.path(case_id, name), media_type

    async def _intact(self, case_id: str, draft: Draft) -> bool:
        """Tell whether the file is still, to the byte, the one that was approved."""
        return await self._bench.drafter.async_digest(case_id, draft) == draft.sha256

    def _handed_over(self, case: Case, sha256: str) -> Draft | None:
        now = self._bench.now()
        return next(
            (
                delivery.draft
                for delivery in case.delivered
                if delivery.consent.destination.way is Way.HAND_OVER
                and delivery.draft.sha256 == sha256
                and delivery.is_available(now)
            ),
            None,
        )

    # --- recordings

    def _camera(self, camera_id: str) -> Camera:
        camera = self._bench.settings.cameras.get(camera_id)
        if camera is None:
            raise NotFoundError("camera_not_found")
        if not camera.offered:
            raise ConflictError("camera_not_offered")
        return camera

    async def async_camera_id(self, named: str, user_id: str | None) -> str:
        """Return the id of a camera that is named by it, or by its name.

        Raises NotFoundError, ConflictError.
        """
        await self._deciding.async_require_approver(user_id)
        return self._bench.settings.camera_id(named)

    async def async_find_clips(
        self, camera_id: str, window: Window, user_id: str | None
    ) -> tuple[Window, ...]:
        """Return what a camera has of a window: runs without a gap."""
        await self._deciding.async_require_approver(user_id)
        if not 0 < window.seconds <= WINDOW_MAX.total_seconds():
            raise ConflictError("window_out_of_range")
        pieces = await self._recordings.async_pieces(self._camera(camera_id), window)
        return runs(pieces, window)

    async def async_seen(
        self, camera_id: str, window: Window, user_id: str
    ) -> tuple[Detection, ...]:
        """Return what a camera's recorder recognised in a window, in order.

        It is shown beside the recordings: a recorder that fails or takes its time to
        tell costs no more than that.
        """
        await self._deciding.async_require_approver(user_id)
        try:
            async with asyncio.timeout(SEEN_WITHIN):
                seen = await self._recordings.async_detections(
                    self._camera(camera_id), window
                )
        except SourceError, TimeoutError:
            return ()
        return shown(seen, window)

    async def async_thumbnails(
        self, case_id: str, camera_id: str, times: Sequence[datetime], user_id: str
    ) -> list[tuple[datetime, bytes | None]]:
        """Return small JPEGs of moments, None where there is no picture.

        Raises ConflictError, `case_moved_on` if the case ends meanwhile, SourceError.
        """
        case = await self.async_case(case_id, user_id)
        camera = self._offered(case, camera_id)
        wanted = list(times)[:THUMBNAILS]
        if not wanted:
            return []
        window = Window(start=min(wanted), end=max(wanted) + _MOMENT)
        if window.seconds > WINDOW_MAX.total_seconds() + 1:
            raise ConflictError("window_out_of_range")
        pieces = await self._recordings.async_pieces(camera, window)
        return await self._timeline.async_pictures(case, camera, pieces, wanted)

    async def async_key_times(
        self, case_id: str, camera_id: str, at: datetime, user_id: str
    ) -> tuple[datetime, ...]:
        """Return when, near a moment, a copy of a camera's recordings can begin.

        None where recordings are not here: only their bytes would tell.
        Raises SourceError, MediaError.
        """
        camera = await self._async_offered(case_id, camera_id, user_id)
        try:
            window = Window(start=at - KEY_REACH, end=at + KEY_REACH)
        except OverflowError as err:
            raise ConflictError("window_out_of_range") from err
        pieces = [
            piece
            for piece in joined(await self._recordings.async_pieces(camera, window))
            if piece.window.overlap(window)
        ]
        if any(piece.remote for piece in pieces):
            return ()
        return await self._bench.drafter.async_key_times(
            case_id=case_id, pieces=pieces, window=window
        )

    async def _async_offered(
        self, case_id: str, camera_id: str, user_id: str
    ) -> Camera:
        """Return a camera that may be offered for a case. Raises ConflictError."""
        return self._offered(await self.async_case(case_id, user_id), camera_id)

    def _offered(self, case: Case, camera_id: str) -> Camera:
        allowed = {c.camera_id: c for c in self._runner.screener.cameras_for(case)}
        if camera_id not in allowed:
            raise ConflictError("camera_not_offered")
        return allowed[camera_id]

    async def async_spare_draft(
        self, case_id: str, choice: Choice, user_id: str | None
    ) -> Draft:
        """Make a draft that touches no offer. Raises MediaError, SourceError."""
        case = await self.async_case(case_id, user_id)
        if case.state is CaseState.CLOSED:
            raise ConflictError("case_moved_on")
        allowed = self._runner.screener.check_choice(
            self._runner.screener.fresh(case), choice
        )
        camera = self._camera(choice.camera_id)
        asking = self._runner.asking
        async with asking.kept.async_making(case_id):
            draft = await asking.async_film(
                case_id,
                camera,
                choice,
                max_seconds=allowed.max_seconds,
                progress=lambda _: None,
            )
            asking.kept.add_spare(case_id, draft)
        await asking.kept.async_tidy(case_id)
        return draft

    async def async_tidy_drafts(self) -> None:
        """Remove of each open case what a crash kept from being removed."""
        for case in self._bench.caseload.all_open():
            if case.draft:
                await self._runner.asking.kept.async_tidy(case.case_id)

    # --- ledger and rules

    async def async_require_standing(self, user_id: str | None) -> None:
        """Let automations, approvers and admins through. Raises NotAllowedError."""
        if user_id is None:
            return
        person = await self._bench.people.async_person(user_id)
        if person is None or not person.active or not (person.listed or person.admin):
            raise NotAllowedError("not_approver")

    async def async_ledger(
        self,
        before: int | None,
        limit: int,
        user_id: str | None,
        sought: Sought = EVERYTHING,
    ) -> tuple[tuple[Entry, ...], int | None, Head, int | None]:
        """Return a page, where to go on, the head, and the first entry at fault."""
        await self.async_require_standing(user_id)
        page = await self._bench.store.async_ledger(before, limit, sought)
        # whoever opens the ledger wants all of it verified; who turns a page or sets
        # a filter does not wait for that
        whole = before is None and sought == EVERYTHING
        fault = await self.async_check_ledger(whole=whole)
        return *page, fault

    async def async_check_ledger(self, *, whole: bool = True) -> int | None:
        """Verify the chain; a fault is shown until it is looked into."""
        fault = await self._bench.store.async_ledger_fault(whole=whole)
        if fault is not None:
            self._bench.alarm.raise_alarm("ledger_fault", seq=str(fault))
        return fault

    async def async_export_ledger(
        self, user_id: str | None
    ) -> tuple[tuple[Entry, ...], Head]:
        """Return the whole ledger, oldest first, and its head."""
        await self.async_require_standing(user_id)
        entries = await self._bench.store.async_whole_ledger()
        last = entries[-1] if entries else None
        return entries, Head(seq=last.seq, digest=last.digest) if last else EMPTY

    @property
    def rules(self) -> list[Rule]:
        """The sharing rules, in the order that they are read in."""
        return sorted(self._bench.settings.rules, key=reading_order)

    async def async_try_rules(
        self, request: Request | None, user_id: str
    ) -> list[tuple[str | None, Screening]]:
        """Return what the rules say: of a made-up request, or of the last ones.

        The last ones are cases, so of approvers only. Whoever may write rules could
        learn word by word what is in a request, by what a rule says of it.
        """
        await self.async_require_standing(user_id)
        if request:
            return [(None, self._screen(request))]
        if not await self.async_is_approver(user_id):
            return []
        cases, _ = await self._bench.store.async_history(None, TRIED_CASES, flood=False)
        return [
            (case.case_id, self._screen(case.request))
            for case in cases
            if case.request.portal is not PortalKind.NOTICE  # nobody asked for it
        ]

    def _screen(self, request: Request) -> Screening:
        return screen(
            request,
            self._bench.settings.rules,
            now=request.received_at,
            time_zone=self._bench.settings.time_zone,
            home=self._bench.settings.home(),
        )
