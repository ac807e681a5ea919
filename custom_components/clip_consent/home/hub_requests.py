"""Requests that hubs publish: which of them become cases, and when they end."""

from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import suppress
from typing import Final, override

from ..core.errors import ConflictError, NotFoundError
from ..core.models import Case, Request
from ..core.portal_items import Notice
from ..core.portal_notes import followed_up
from ..core.ports import HubIntake
from ..core.vouching import FollowUp, Voucher
from .deciding import Deciding
from .notice_board import NoticeBoard
from .screener import Screener
from .workbench import Workbench, line, published

OPEN_MAX: Final = 50  # cases of one hub at a time; what else it publishes waits

type Keep = Callable[[Request], Awaitable[object]]


class HubRequests(HubIntake):
    """Takes in what concerns this home. Of the rest nothing is kept or told.

    Most of what a hub publishes is about somebody else's street. Listed here, it would
    bury what is not, and a ledger that had a line of each would grow with the hub.
    """

    def __init__(
        self,
        bench: Workbench,
        screener: Screener,
        deciding: Deciding,
        *,
        keep: Keep,
        is_own: Callable[[str | None], bool],
        board: NoticeBoard,
    ) -> None:
        """Keep the tools; `keep` begins a case, `board` shows notices.

        What this home asks itself is none here.
        """
        self._bench = bench
        self._screener = screener
        self._deciding = deciding
        self._keep = keep
        self._is_own = is_own
        self._board = board

    @override
    async def async_offer(self, request: Request) -> None:
        """Take a request in, if it concerns this home and is not here yet.

        One that is here learns what its requester said since.
        """
        voucher = request.voucher
        if voucher is None or self._is_own(request.recipient):
            return
        if not self._screener.concerns(request):
            return
        if known := await self._bench.store.async_case_of_request(request.request_id):
            await self._follow_up(known, voucher)
        elif len(self._open_of(voucher.hub)) < OPEN_MAX:
            await self._keep(request)

    async def _follow_up(self, case: Case, voucher: Voucher) -> None:
        """Keep what a requester said since, and forget what the hub redacted."""
        case = self._bench.caseload.open(case.case_id) or case
        after = followed_up(case, voucher.notes)
        if after is None:
            return
        before = case.request.voucher.notes if case.request.voucher else ()
        lines = [
            line("follow_up", case, **published(voucher), n=note.n, redacted=redacted)
            for note, redacted in _changes(before, voucher.notes)
        ]
        with suppress(ConflictError):  # it moved on just now: the next slot says so too
            await self._bench.caseload.async_save(case, after, lines)

    @override
    async def async_end(self, hub: str, item_ids: Collection[str]) -> None:
        """Close what its requester needs no more."""
        for item_id, case_id in self._open_of(hub):
            if item_id not in item_ids:
                continue
            try:
                await self._deciding.async_end(case_id)
            except ConflictError, NotFoundError:
                continue  # it moved on just now; the next time says so again

    @override
    async def async_reroute(self, hub: str, base: str, storage: str | None) -> None:
        """Void what was offered or approved for where the hub, or its store, was."""
        for _, case_id in self._open_of(hub):
            with suppress(ConflictError, NotFoundError):  # the next slot says so again
                await self._deciding.async_reroute(case_id, base, storage)

    @override
    async def async_show(self, portal_id: str, notices: Sequence[Notice]) -> None:
        """Show these notices of a hub, and no others of it."""
        await self._board.async_show(portal_id, notices)

    def _open_of(self, hub: str) -> list[tuple[str, str]]:
        """Return the open cases of a hub: the ids of item and case."""
        return [
            (case.request.voucher.item_id, case.case_id)
            for case in self._bench.caseload.all_open()
            if case.request.voucher and case.request.voucher.hub == hub
        ]


def _changes(
    before: Sequence[FollowUp], after: Sequence[FollowUp]
) -> Iterator[tuple[FollowUp, bool]]:
    """Yield what came, and what was taken away: the second says so."""
    yield from ((note, False) for note in after if note not in before)
    yield from ((note, True) for note in before if note not in after)
