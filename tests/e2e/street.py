"""A thousand homes that ask a hub in their slots, each over a line of its own."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
import hashlib
import json
import random
from typing import Final

from custom_components.clip_consent.base.portal_keys import read_signed
from custom_components.clip_consent.core.geo import Point
from custom_components.clip_consent.core.geohash import around
from custom_components.clip_consent.core.portal_feed import FEED_TYPE, read_feed
from custom_components.clip_consent.core.portal_slots import next_moment
from custom_components.clip_consent.home.portals.hub_client import HubInfo, read_info
from script.demo_world.home_assistant import PLACE
from script.demo_world.hub import BASE
from script.demo_world.line import Line

SLOT: Final = 7  # seconds
_BESIDE: Final = 0.01  # degrees that a home is from the hub's middle, at the most


@dataclass(slots=True, kw_only=True)
class Street:
    """What all homes have in common: where the hub is, and what it has signed.

    A signature is checked once for the same bytes. `late` is how long after its moment
    the last home had all its answers, in seconds.
    """

    port: int
    hub: str
    checked: dict[str, frozenset[str]] = field(default_factory=dict)
    asked: int = 0
    unchanged: int = 0
    late: float = 0

    def ids_in(
        self, cell: str, body: bytes, etag: str, info: HubInfo
    ) -> frozenset[str]:
        """Return what requests a feed holds; its signature and its ETag have to hold."""
        assert etag == f'"{hashlib.sha256(body).hexdigest()}"'
        if etag not in self.checked:
            now = datetime.now(UTC)
            payload = read_signed(body, info.ring, typ=FEED_TYPE, now=now)
            feed = read_feed(payload, hub=self.hub, cell=cell, now=now)
            self.checked[etag] = frozenset(
                json.loads(item.beside.text)["id"] for item in feed.items
            )
        return self.checked[etag]


@dataclass(slots=True, kw_only=True)
class Home:
    """A home: its seed settles when it asks, its place what it asks for."""

    street: Street
    seed: bytes
    place: Point
    etags: dict[str, str] = field(default_factory=dict)
    logged: int = 0
    asked: int | None = None
    heard: dict[str, int] = field(default_factory=dict)  # the slot, by request

    async def follow(self, last: int) -> None:
        """Ask in each slot, up to and with the last."""
        while True:
            now = datetime.now(UTC)
            slot, moment = next_moment(self.seed, now, SLOT, asked=self.asked)
            if slot > last:
                return
            await asyncio.sleep((moment - now).total_seconds())
            self.asked = slot
            await self._ask(slot)
            late = (datetime.now(UTC) - moment).total_seconds()
            self.street.late = max(self.street.late, late)

    async def _ask(self, slot: int) -> None:
        """Ask for what a home asks for, and note which requests are new."""
        line = await Line.to(self.street.port)
        said = await line.get(f"{BASE}/info")
        info = await asyncio.to_thread(read_info, said.body, self.street.hub)
        said = await line.get(f"{BASE}/log?from={self.logged + 1}")
        self.logged += len(json.loads(said.body)["entries"])
        for cell in around(self.place, len(info.cells[0])):
            if cell not in info.cells:
                continue
            said = await line.get(f"{BASE}/feed/{cell}", self.etags.get(cell, ""))
            self.street.asked += 1
            if said.status == 304:
                self.street.unchanged += 1
                assert said.etag == self.etags[cell]
                continue
            assert said.status == 200
            self.etags[cell] = said.etag
            for one in self.street.ids_in(cell, said.body, said.etag, info):
                self.heard.setdefault(one, slot)
        await line.close()


def homes(street: Street, count: int) -> list[Home]:
    """Return so many homes around the hub's middle, the same ones each time."""
    chance = random.Random(count)
    latitude, longitude = PLACE
    return [
        Home(
            street=street,
            seed=chance.randbytes(16),
            place=Point(
                lat=latitude + chance.uniform(-_BESIDE, _BESIDE),
                lon=longitude + chance.uniform(-_BESIDE, _BESIDE),
            ),
        )
        for _ in range(count)
    ]
