"""How a request comes into the home: kept as a case, whoever brought it."""

import asyncio
from datetime import datetime

from ..base.wholly import wholly
from ..core.bech32 import public_key
from ..core.limits import CIPHERTEXT_KEPT, OPEN_MAX
from ..core.models import (
    Case,
    CaseState,
    Destination,
    PortalKind,
    Request,
    RequesterKind,
    Trust,
    Way,
)
from ..core.outgoing import has_status_page
from ..core.requests import Ask
from ..core.serial import dump
from .newest import async_newest_footage
from .runner import CaseRunner
from .workbench import Workbench, line, published


class Entering:
    """Keeps what portals bring, and what the home itself enters. Raises StoreError.

    Who may enter one is asked before.
    """

    def __init__(self, bench: Workbench, runner: CaseRunner) -> None:
        """Keep requests here; the runner goes on with them."""
        self._bench = bench
        self._runner = runner

    @wholly
    async def async_keep(self, request: Request) -> tuple[str, str]:
        """Keep a request and begin to work on it; return its id and its case's."""
        request_id, case_id, is_new = await self.async_add(request)
        if is_new:
            asyncio.get_running_loop().call_soon(self._runner.kick, case_id)
        return request_id, case_id

    async def async_add(self, request: Request) -> tuple[str, str, bool]:
        """Keep a request; return its id, its case's, and whether it is a new one."""
        case = Case(
            case_id=self._bench.ids.new_id(), request=request, state=CaseState.RECEIVED
        )
        words: dict[str, object] = {"request": dump(request)}
        received = line(
            "received",
            case,
            portal=request.portal.value,
            trust=request.trust.value,
            invite_id=request.invite_id,
            **published(request.voucher),
        )
        request_id, is_new = await self._bench.caseload.async_add(
            case, [received], words
        )
        return request_id, case.case_id, is_new

    async def async_enter(
        self, ask: Ask, *, label: str, destination: Destination
    ) -> tuple[str, str | None]:
        """Enter a request that came by phone or at the door.

        Return its case id and, if the one who asks can look there, its status id.
        """
        if destination.url is not None:
            self._bench.check_address(destination.url)
        if ask.recipient is not None:
            public_key(ask.recipient)
        now = self._bench.now()
        request = self._own_request(ask, PortalKind.SERVICE, now, label, destination)
        request_id, case_id = await self.async_keep(request)
        return case_id, request_id if has_status_page(request) else None

    async def async_test(self, *, name: str, recipient: str) -> tuple[str, str]:
        """Ask this home for its newest footage; return case id and status id."""
        public_key(recipient)
        now = self._bench.now()
        ask = Ask(
            window=await async_newest_footage(
                self._bench.settings.cameras.values(),
                self._runner.asking.recordings.async_pieces,
                now,
            ),
            text="Test",
            name=name,
            kind=RequesterKind.OTHER,
            contact="",
            case_number="",
            recipient=recipient,
        )
        request = self._own_request(
            ask, PortalKind.TEST, now, name, Destination(way=Way.DROP)
        )
        request_id, case_id = await self.async_keep(request)
        return case_id, request_id

    def _own_request(
        self,
        ask: Ask,
        portal: PortalKind,
        now: datetime,
        label: str,
        destination: Destination,
    ) -> Request:
        return Request(
            request_id=self._bench.ids.new_id(),
            portal=portal,
            trust=Trust.INVITED,
            label=label,
            kind=ask.kind,
            name=ask.name,
            contact=ask.contact,
            text=ask.text,
            case_number=ask.case_number,
            window=ask.window,
            received_at=now,
            expires_at=now + OPEN_MAX,
            recipient=ask.recipient,
            destination=destination,
            reachable_until=now + OPEN_MAX + CIPHERTEXT_KEPT,
            area=ask.area,
        )
