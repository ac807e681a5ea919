"""What strangers and requesters send in: kept for a moderator, within the limits."""

from collections.abc import Callable, Coroutine
from datetime import datetime
import hashlib
import hmac
import logging
import sqlite3

from ..core.drop_box import address_key
from ..core.errors import NotFoundError, StoreError
from ..core.hub_flow import Submitted, check_quota, submit
from ..core.hub_settings import HubRequester
from ..core.limits import HUB_PER_ADDRESS_AND_DAY, WAITING_MAX
from ..core.portal_bodies import parse_notice, parse_presence, validate_notice
from ..core.portal_submission import parse_submission, validate_submission
from . import moderation, presence
from .bench import HubBench
from .book import Book
from .store import secret_of

_LOGGER = logging.getLogger(__name__)

type Counting = Callable[[], Coroutine[None, None, None]]


class Intake:
    """Takes requests, notices and presences.

    Everything raises InvalidRequestError, LimitError and StoreError, and NotFoundError
    for what this hub does not take.
    """

    def __init__(self, bench: HubBench, book: Book) -> None:
        """Keep the tools."""
        self._bench = bench
        self._book = book
        self._callers = presence.Callers(bench.clock)

    async def async_submit(
        self, body: bytes, requester: HubRequester | None, address: str
    ) -> str:
        """Keep a request and return its id; the same one again is the first."""
        settings = self._bench.settings
        if requester is None and not settings.neighbours_may_ask:
            raise NotFoundError("request_not_found")
        request = parse_submission(body)
        now = self._bench.now()
        validate_submission(
            request,
            kind=requester.kind if requester else None,
            now=now,
            limits=settings.limits.request,
            cells=settings.cells,
        )
        submitted = submit(
            id=self._bench.ids.new_id(), now=now, requester=requester, said=request
        )
        return await self._async_keep(submitted, address)

    async def async_take_notice(self, body: bytes, address: str) -> str:
        """Keep a neighbour's notice and return its id."""
        settings = self._bench.settings
        if not settings.neighbours_may_ask:
            raise NotFoundError("request_not_found")
        notice = parse_notice(body)
        validate_notice(notice, settings.cells)
        submitted = submit(
            id=self._bench.ids.new_id(), now=self._bench.now(), said=notice
        )
        return await self._async_keep(submitted, address)

    def take_coverage(self, body: bytes, address: str) -> Counting:
        """Take in that a home opted in; what is returned counts it, once answered.

        So neither the answer nor its time tells whether there is room for it.
        """
        here = parse_presence(body, self._bench.settings.cells)
        may_come = self._callers.may_come(address_key(address))

        def work(connection: sqlite3.Connection, now: datetime) -> None:
            presence.take(connection, here, now)

        async def count() -> None:
            if not may_come:
                return
            try:
                await self._book.async_change(work, behind=WAITING_MAX)
            except StoreError as err:  # an estimate can do without it for a day
                _LOGGER.debug("A home was not counted: %s", err)

        return count

    async def _async_keep(self, submitted: Submitted, address: str) -> str:
        def work(connection: sqlite3.Connection, now: datetime) -> str:
            if before := moderation.same_before(connection, submitted):
                return before
            counted = moderation.submissions_counted(connection, submitted, now)
            check_quota(submitted, counted, self._bench.settings.limits)
            if submitted.requester is None:
                most = HUB_PER_ADDRESS_AND_DAY
                _visit(connection, "submission", address, now, most)
            moderation.add(connection, submitted)
            return submitted.id

        return await self._book.async_change(work, behind=WAITING_MAX)


def _visit(
    connection: sqlite3.Connection,
    purpose: str,
    address: str,
    now: datetime,
    most: int,
) -> None:
    """Count what an address sends, by a keyed digest: so nobody can try them all.

    What is not of the open Internet has no limit of its own: see `address_key`.
    """
    if (place := address_key(address)) is None:
        return
    key = secret_of(connection, "addresses_key")
    digest = hmac.new(key, place.encode(), hashlib.sha256).hexdigest()
    moderation.count_visit(
        connection, purpose=purpose, address=digest, now=now, most=most
    )
