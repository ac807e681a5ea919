"""Following a hub: asked in slots, believed as far as it agrees with itself.

What goes out depends on the cell this home is in, on chance, and on what the hub itself
published; on nothing that was found, decided or switched here.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
import json
import logging
from typing import Final

from ...base.outbound import Door
from ...base.portal_keys import KeyRing
from ...base.threads import async_in_thread
from ...core.errors import PortalError, StoreError
from ...core.geo import Point
from ...core.geohash import around, encode
from ...core.ledger import Line
from ...core.portal_follow import (
    check_info,
    ended,
    follow_feed,
    follow_info,
    follow_log,
    open_notices,
    open_requests,
    tidied,
    unchanged,
    unsettled,
)
from ...core.portal_key_line import count_listed
from ...core.portal_known import ALARMS, Followed, alarmed, anew, begun, read_again
from ...core.portal_log import EMPTY
from ...core.portal_notes import notes_to
from ...core.portal_slots import next_moment, slot_at
from ...core.ports import Alarm, Clock, HubIntake, Ids, PortalBook
from ...core.serial import Json, dump, load
from ...core.settings import Portal
from .hub_afterwards import Afterwards
from .hub_asker import HubAsker
from .hub_client import (
    HubClient,
    HubInfo,
    LogPage,
    read_feed_of,
    read_head_of,
    read_info,
    read_log,
)
from .hub_items import request_of
from .hub_presence import Presence

_LOGGER = logging.getLogger(__name__)

PAGES_MAX: Final = 20  # of the log, in one slot
POLL_MAX: Final = 240.0  # seconds for all of it
LONGEST_NAP: Final = 60.0  # seconds; the wall clock may jump meanwhile
OTHER_HUB: Final = "portal_other_hub"

type Listener = Callable[[], None]
type Polled = Callable[[HubFollower], Awaitable[None]]
type Held = Callable[[str, Followed], Followed]


async def nap(seconds: float) -> None:
    """Wait for the next moment to ask."""
    await asyncio.sleep(seconds)


class HubFollower:
    """Follows one hub."""

    def __init__(
        self,
        portal: Portal,
        *,
        door: Door,
        intake: HubIntake,
        book: PortalBook,
        alarm: Alarm,
        clock: Clock,
        ids: Ids,
        place: Callable[[], Point | None],
        told: Listener,
        polled: Polled,
        held: Held,
    ) -> None:
        """Keep the tools; `told` hears when the hub is reached or not any more.

        `polled` goes on, in each slot, with what this home itself asks of the hub,
        and `held` holds what that hub published to it.
        """
        self.portal = portal
        self.reachable: bool | None = None  # None: not asked yet
        self.begun = asyncio.Event()
        self._client = HubClient(door, portal.url)
        self._presence = (
            Presence(portal.hub, self._client, book=book, clock=clock, ids=ids)
            if portal.counted
            else None
        )
        self._intake = intake
        self._book = book
        self._alarm = alarm
        self._clock = clock
        self._ids = ids
        self._place = place
        self._told = told
        self._held = held
        self.asker = HubAsker(door, self._client.base)
        self._seed = ""
        self._known = Followed(slot=portal.slot)
        self._saved = ""
        self._errors: list[str] = []
        self._after = Afterwards(lambda: polled(self), self._async_settle)

    @property
    def known(self) -> Followed:
        """What is known of the hub by now."""
        return self._known

    # --- life

    async def async_begin(self) -> None:
        """Read what is known, and go on with it: nobody is asked. Raises StoreError."""
        hub = self.portal.hub
        self._seed = await self._book.async_setting(f"portal_seed_{hub}", "")
        if not self._seed:
            self._seed = self._ids.new_id()
            await self._keep(f"portal_seed_{hub}", self._seed, ())
        self._saved = await self._book.async_setting(f"portal_{hub}", "")
        if self._saved:
            self._known = self._loaded(json.loads(self._saved))
        if self._known.alarm:
            self._show(self._known.alarm)
        await self._async_apply(self._known)
        self.begun.set()

    def _loaded(self, saved: dict[str, Json]) -> Followed:
        known = begun(load(Followed, saved))
        return known if "keys" in saved else read_again(known)

    async def async_follow(self) -> None:
        """Ask in every slot, for as long as nobody cancels it."""
        asked: int | None = None
        while True:
            now, length = self._clock.now(), self._known.slot
            slot, moment = next_moment(self._seed.encode(), now, length, asked=asked)
            while (now := self._clock.now()) < moment:
                if not slot - 1 <= slot_at(now, length) <= slot:
                    break  # the clock was set
                await nap(min((moment - now).total_seconds(), LONGEST_NAP))
            if slot_at(self._clock.now(), length) == slot:
                asked = slot
                await self.async_poll()

    async def async_poll(self) -> None:
        """Ask once for everything, and judge it; what comes of it is done after."""
        place = self._place()
        if place is None:
            return  # nobody knows which cell this home is in
        self._errors = []
        before = self._known
        reached = False
        try:
            async with asyncio.timeout(POLL_MAX):
                await self._async_ask(place)
            reached = True
        except TimeoutError, PortalError:
            pass
        self._known = tidied(self._known, self._clock.now())
        for code in self._errors:
            if code in ALARMS:
                self._known = alarmed(self._known, code)
        self._known = self._held(self.portal.hub, self._known)
        self._tell(before, reached=reached and not self._errors)
        lines = self._alarm_lines(before)
        self._after.begin(self._known, lines, reached=reached)

    async def async_settled(self) -> None:
        """Wait until all that was read is settled."""
        await self._after.async_idle()

    async def async_stop(self) -> None:
        """Stop what is done afterwards; what was saved goes on after the next start."""
        await self._after.async_stop()

    async def async_trust_anew(self) -> None:
        """Believe what the hub says from now on: the owner has seen the alarm."""
        before, self._known = self._known, anew(self._known)
        try:
            said = self._about(before)
            line = Line(kind="portal_trusted_anew", case_id=None, data=said)
            await self._async_save(self._known, [line])
        except StoreError:
            self._known = before
            raise
        if before.alarm:
            self._alarm.clear_alarm(before.alarm, about=self.portal.portal_id)

    # --- asking

    async def _async_ask(self, place: Point) -> None:
        """Fetch all that is fetched in a slot, whatever comes of each part."""
        length = self._known.slot
        slot = slot_at(self._clock.now(), length)
        fetched = await self._client.async_get("/info")
        info: HubInfo | None = None
        head = EMPTY
        with self._noted():
            said = await async_in_thread(read_info, fetched.body, self.portal.hub)
            now = self._clock.now()
            head = await async_in_thread(read_head_of, said, now)
            self._known = replace(
                follow_info(self._known, said.rotations, head, now),
                cells=said.cells,
                slot=said.slot,
                may_ask=said.may_ask,
                terms=said.terms,
            )
            info = said
        ring = await self._async_ask_log(info.ring if info else None)
        if info:
            with self._noted():
                check_info(self._known, info.rotations, head)
        cells = self._known.cells
        mine = around(place, len(cells[0])) if cells else ()
        for cell in mine:
            if cell in cells:
                await self._async_ask_feed(cell, ring)
        if self._presence and ring:
            await self._async_tell(self._presence, place, slot=slot, length=length)

    async def _async_tell(
        self, presence: Presence, place: Point, *, slot: int, length: int
    ) -> None:
        """Be counted, if the hub covers this home's own cell; its fault is no news."""
        cells = self._known.cells
        cell = encode(place, len(cells[0]))
        if cell in cells:
            seed = self._seed.encode()
            with suppress(PortalError):
                await presence.async_tell(cell, seed=seed, slot=slot, size=length)

    async def _async_ask_log(self, ring: KeyRing | None) -> KeyRing | None:
        """Fetch what is new in the log, by pages; return the keys there are then."""
        for _ in range(PAGES_MAX):
            start = self._known.head.n + 1
            fetched = await self._client.async_get(f"/log?from={start}")
            page: LogPage | None = None
            if ring:
                with self._noted():
                    page = await self._async_read_log(fetched.body, ring)
            if page is None:
                return ring
            ring = page.ring
            if self._known.head.n >= page.head.n:
                return ring
        return ring

    async def _async_read_log(self, body: bytes, ring: KeyRing) -> LogPage:
        """Go on with a page of the log."""
        now = self._clock.now()
        known = count_listed(self._known.keys)
        page = await async_in_thread(read_log, body, ring, known, now)
        self._known = follow_log(self._known, page.lines, page.head, now)
        return page

    async def _async_ask_feed(self, cell: str, ring: KeyRing | None) -> None:
        """Fetch a cell's feed, unless it has not changed."""
        now = self._clock.now()
        fetched = await self._client.async_get(
            f"/feed/{cell}", etag=self._known.etag(cell, now)
        )
        if ring is None:
            return
        with self._noted():
            if fetched.status == 304:
                self._known = unchanged(self._known, cell, now)
                if self._known.etag(cell, now) is None:
                    raise PortalError("portal_feed_expired")
                return
            feed = await async_in_thread(read_feed_of, fetched.body, ring, cell, now)
            self._known = follow_feed(self._known, feed, fetched.digest, now)
            if not fetched.tagged:
                self._known = unsettled(self._known, cell)

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """Note why something was not believed; the rest is asked for all the same."""
        try:
            yield
        except PortalError as err:
            self._errors.append(err.code)

    # --- what came of it

    def _tell(self, before: Followed, *, reached: bool) -> None:
        """Show alarms, and whether the hub can be reached and believed."""
        about = self.portal.portal_id
        if OTHER_HUB in self._errors:
            self._show(OTHER_HUB)
        elif reached:
            self._alarm.clear_alarm(OTHER_HUB, about=about)
        if self._known.alarm and self._known.alarm != before.alarm:
            self._show(self._known.alarm)
        if self._errors and reached is not self.reachable:
            _LOGGER.warning("A hub was not believed: %s", ", ".join(self._errors))
        if reached is not self.reachable:
            self.reachable = reached
            self._told()

    def _show(self, code: str) -> None:
        self._alarm.raise_alarm(
            code, about=self.portal.portal_id, portal=self.portal.title
        )

    def _alarm_lines(self, before: Followed) -> list[Line]:
        """Return what the ledger is told of an alarm that is new."""
        if not self._known.alarm or self._known.alarm == before.alarm:
            return []
        return [Line(kind="portal_alarm", case_id=None, data=self._about(self._known))]

    async def _async_settle(self, known: Followed, lines: Sequence[Line]) -> bool:
        """Keep what is known, then go on with it: so nothing is lost in between.

        It is what a slot left: by now the next one may be half read. Return whether the
        lines are kept; if the disk refuses, a later slot tries again.
        """
        if known.alarm and not self._known.alarm:
            known = anew(known)  # the owner has seen it meanwhile
        try:
            await self._async_save(known, lines)
        except StoreError:
            return False
        with suppress(StoreError):
            await self._async_apply(known)
        return True

    async def _async_apply(self, known: Followed) -> None:
        """Offer what is open and close what is over: done twice, it is done once."""
        await self._intake.async_end(self.portal.hub, ended(known))
        base = self._client.base
        await self._intake.async_reroute(self.portal.hub, base, known.storage)
        now = self._clock.now()
        for item in open_requests(known, now):
            await self._intake.async_offer(
                request_of(
                    item,
                    notes_to(known.notes, item.id),
                    portal=self.portal,
                    base=base,
                    storage=known.storage,
                    seed=self._seed,
                    now=now,
                )
            )
        await self._intake.async_show(
            self.portal.portal_id, open_notices(known, self.cell or "", now)
        )

    @property
    def cell(self) -> str | None:
        """The hub's cell that this home is in, None while neither is known."""
        place, cells = self._place(), self._known.cells
        return encode(place, len(cells[0])) if place and cells else None

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells that the hub covers, none while it was not asked yet."""
        return self._known.cells

    async def _async_save(self, known: Followed, lines: Sequence[Line]) -> None:
        text = json.dumps(dump(known), separators=(",", ":"))
        if lines or text != self._saved:
            await self._keep(f"portal_{self.portal.hub}", text, lines)
            self._saved = text

    async def _keep(self, key: str, value: str, lines: Sequence[Line]) -> None:
        await self._book.async_set(key, value, lines, self._clock.now())

    def _about(self, known: Followed) -> dict[str, Json]:
        return {"hub": self.portal.hub, "alarm": known.alarm}
