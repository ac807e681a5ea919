"""A hub of its own: real store, clock by hand, a drop box that only remembers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import sqlite3
from typing import Any

from pyrage import x25519

from custom_components.clip_consent.base.portal_keys import check_rotations, read_signed
from custom_components.clip_consent.core.drop_box import HeldDelivery
from custom_components.clip_consent.core.errors import NotFoundError
from custom_components.clip_consent.core.hub_settings import (
    HubRequester,
    HubSettings,
    token_digest,
)
from custom_components.clip_consent.core.models import RequesterKind
from custom_components.clip_consent.core.portal_feed import (
    FEED_TYPE,
    HEAD_TYPE,
    Feed,
    read_feed,
    read_head,
)
from custom_components.clip_consent.core.portal_log import (
    EMPTY,
    Head,
    LogLine,
    check_chain,
    read_line,
)
from custom_components.clip_consent.core.ports_hub import DropGate
from custom_components.clip_consent.home.world import RandomIds
from custom_components.clip_consent.hub.head_file import HeadFile
from custom_components.clip_consent.hub.manager import HubBench, HubManager
from custom_components.clip_consent.hub.store import HubStore

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
CELL = "u33db"
MODERATOR = "mo"
POLICE = HubRequester(
    requester_id="meier",
    name="PC Meier",
    organisation="Police station 12",
    kind=RequesterKind.POLICE,
    verified_how="Met in person, badge seen",
)
INSURER = HubRequester(
    requester_id="lamm",
    name="Lamm",
    organisation="Lamm & Sons",
    kind=RequesterKind.INSURER,
    verified_how="By letter",
)
POLICE_TOKEN = "police-token"
INSURER_TOKEN = "insurer-token"
SETTINGS = HubSettings(
    name="Lindenstraße",
    operator="Residents' association",
    contact="hub@lindenstrasse.example",
    cells=(CELL, "u33dc"),
    rules="We publish what names a time, a place and a reason.",
    neighbours_may_ask=True,
    requesters={
        token_digest(POLICE_TOKEN): POLICE,
        token_digest(INSURER_TOKEN): INSURER,
    },
    moderators={MODERATOR: "Mo of number 5"},
)
# the middle of u33db, on the neighbours' grid
PLACE = {"kind": "circle", "latitude": 52.535, "longitude": 13.4, "radius": 200}


class HandClock:
    """A clock that goes on only when told to."""

    def __init__(self) -> None:
        self.wall = NOON
        self.stopwatch = 1000.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.stopwatch

    def go_on(self, by: timedelta) -> None:
        self.wall += by
        self.stopwatch += by.total_seconds()


class RememberedDrops:
    """A drop box that holds what a test puts into it."""

    def __init__(self) -> None:
        self.gate: DropGate | None = None
        self.held: dict[str, tuple[HeldDelivery, ...]] = {}
        self.forgotten: list[str] = []
        self.swept: list[datetime] = []
        self.stopped = False
        self.is_short = False
        self._listeners: list[Callable[[], None]] = []

    @property
    def used_bytes(self) -> int:
        return sum(one.size for held in self.held.values() for one in held)

    async def async_start(self, gate: DropGate) -> None:
        self.gate = gate

    async def async_stop(self) -> None:
        self.stopped = True

    async def async_deliveries(self, request_id: str) -> tuple[HeldDelivery, ...]:
        return self.held.get(request_id, ())

    async def async_file(self, request_id: str, delivery_id: str) -> Path:
        raise NotFoundError("delivery_not_found")

    async def async_forget(self, request_id: str) -> None:
        self.forgotten.append(request_id)
        self.held.pop(request_id, None)

    async def async_sweep(self, now: datetime) -> None:
        self.swept.append(now)

    def on_change(self, listener: Callable[[], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def put(self, request_id: str, size: int) -> None:
        held = HeldDelivery(
            delivery_id=RandomIds().new_id(), size=size, available_until=NOON
        )
        self.held[request_id] = (*self.held.get(request_id, ()), held)
        for listener in self._listeners:
            listener()


class HubWorld:
    """A hub, and what anybody can find out from its answers."""

    def __init__(self, folder: Path, settings: HubSettings = SETTINGS) -> None:
        self.folder = folder
        self.settings = settings
        self.clock = HandClock()
        self.drops = RememberedDrops()
        self.manager = self._made()

    @property
    def head_file(self) -> Path:
        """Where what was signed last stands, apart from the database."""
        return self.folder.with_name(f"{self.folder.name}_cache") / "hub_log_head"

    def _made(self) -> HubManager:
        head = HeadFile(self.head_file)
        return HubManager(
            HubBench(
                store=HubStore(self.folder, after_commit=head.follow),
                head=head,
                clock=self.clock,
                ids=RandomIds(),
                settings=self.settings,
                drops=self.drops,
            )
        )

    async def boot(self) -> None:
        self.drops = RememberedDrops()
        self.manager = self._made()
        await self.manager.async_start()

    async def reboot(self, **changed: Any) -> None:
        """Start anew, with other settings if some are given."""
        await self.manager.async_stop()
        self.settings = replace(self.settings, **changed)
        await self.boot()

    # --- what somebody sends

    async def police_asks(self, **changed: Any) -> str:
        return await self.manager.async_submit(
            body(case_number="2026-1187", **changed), POLICE, "8.8.8.1"
        )

    async def insurer_asks(self, **changed: Any) -> str:
        return await self.manager.async_submit(body(**changed), INSURER, "8.8.8.1")

    async def neighbour_asks(self, address: str = "8.8.8.7", **changed: Any) -> str:
        asked = body(contact="", inbox=token_digest("inbox secret"), **changed)
        return await self.manager.async_submit(asked, None, address)

    async def publish(self, id: str) -> int:
        """Publish what waits; return its entry in the log."""
        await self.manager.async_publish(id, MODERATOR)
        return int(str((await self.manager.async_public(id))["log"]))

    # --- what anybody makes of the answers

    async def log(self) -> list[LogLine]:
        """Return the whole log, its chain and its signed head checked."""
        lines: list[LogLine] = []
        while True:
            page = json.loads(await page_of(self.manager, len(lines) + 1))
            entries: Any = page["entries"]
            if not entries:
                break
            lines += map(read_line, entries)
        assert check_chain(EMPTY, lines) == await self.head()
        return lines

    async def kinds(self) -> list[str]:
        return [line.entry.kind for line in await self.log()]

    async def head(self) -> Head:
        """Return the head as it is signed."""
        info = await self.manager.async_info()
        payload = await self._signed(str(info["head"]).encode(), HEAD_TYPE)
        return read_head(payload, hub=self.manager.hub)

    async def feed(self, cell: str = CELL) -> Feed:
        """Return a feed, its signature checked."""
        signed = self.manager.feed(cell)
        payload = await self._signed(signed.body, FEED_TYPE)
        now = self.clock.now()
        return read_feed(payload, hub=self.manager.hub, cell=cell, now=now)

    async def listed(self, cell: str = CELL) -> list[str]:
        """Return the titles in a feed."""
        feed = await self.feed(cell)
        return [json.loads(item.beside.text)["title"] for item in feed.items]

    async def _signed(self, token: bytes, typ: str) -> bytes:
        info: Any = await self.manager.async_info()
        ring = check_rotations(info["hub"], info["first_key"], info["rotations"])
        return read_signed(token, ring, typ=typ, now=self.clock.now())

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Return rows as they are on disk."""
        with sqlite3.connect(self.folder / "hub.db") as connection:
            connection.row_factory = sqlite3.Row
            found = [dict(row) for row in connection.execute(query)]
        connection.close()
        return found


async def page_of(hub: HubManager, start: int = 1) -> bytes:
    """Return a page of the log."""
    page = await hub.async_lend_log(start, "")
    page.give_back()
    return page.body


def body(**changed: Any) -> bytes:
    """Return the body of a submission."""
    said = {
        "version": 1,
        "title": "Car scratched",
        "text": "A blue van, Tuesday evening.",
        "start": "2026-11-23T18:00:00Z",
        "end": "2026-11-23T19:00:00Z",
        "area": PLACE,
        "contact": "station12@police.example",
        "case_number": "",
        "recipient": new_recipient(),
        "key_hint": "3",
        "inbox": None,
    }
    return json.dumps({**said, **changed}).encode()


def new_recipient() -> str:
    """Return a fresh age public key."""
    return str(x25519.Identity.generate().to_public())
