"""Requests that hubs publish: which of them become cases, and when they end."""

from collections.abc import Awaitable, Callable, Collection
from typing import Final, override

from ..core.errors import ConflictError, NotFoundError
from ..core.models import Request
from ..core.ports import HubIntake
from .deciding import Deciding
from .screener import Screener
from .workbench import Workbench

OPEN_MAX: Final = 50  # cases of one hub at a time; what else it publishes waits

type Keep = Callable[[Request], Awaitable[object]]


class HubRequests(HubIntake):
    """Takes in what concerns this home. Of the rest nothing is kept or told.

    Most of what a hub publishes is about somebody else's street. Listed here, it would
    bury what is not, and a ledger that had a line of each would grow with the hub.
    """

    def __init__(
        self, bench: Workbench, screener: Screener, deciding: Deciding, *, keep: Keep
    ) -> None:
        """Keep the tools; `keep` begins a case."""
        self._bench = bench
        self._screener = screener
        self._deciding = deciding
        self._keep = keep

    @override
    async def async_offer(self, request: Request) -> None:
        """Take a request in, if it concerns this home and is not here yet."""
        if not self._screener.concerns(request):
            return
        if await self._bench.store.async_knows(request.request_id):
            return
        hub = request.voucher.hub if request.voucher else ""
        if len(self._open_of(hub)) < OPEN_MAX:
            await self._keep(request)

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

    def _open_of(self, hub: str) -> list[tuple[str, str]]:
        """Return the open cases of a hub: the ids of item and case."""
        return [
            (case.request.voucher.item_id, case.case_id)
            for case in self._bench.caseload.all_open()
            if case.request.voucher and case.request.voucher.hub == hub
        ]
