"""A street: a real hub, homes that follow it, and every byte that the hub was sent."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from custom_components.clip_consent.base.outbound import Outbound, origin_of
from custom_components.clip_consent.core.geo import Point
from custom_components.clip_consent.core.models import Window
from custom_components.clip_consent.core.own_requests import Asking, OwnRequest
from custom_components.clip_consent.core.settings import Portal
from custom_components.clip_consent.home.portals.hub_client import hub_door
from custom_components.clip_consent.home.portals.hub_follower import HubFollower
from custom_components.clip_consent.home.portals.upload import Uploader
from tests.manager.world import ANNA, World, settings

from .web import WebHub

PORTAL = "portal1"
# in no way on the grid
HOME_A = Point(lat=52.53617, lon=13.40123)
HOME_B = Point(lat=52.53591, lon=13.40071)


@dataclass
class Home:
    """One that follows the hub."""

    world: World
    hub: WebHub
    outbound: Outbound
    named: list[str] = field(default_factory=list)

    @property
    def follower(self) -> HubFollower:
        """Who follows the hub: another one after each start."""
        return self.world.manager.hubs.followers[PORTAL]

    async def poll(self) -> None:
        """Ask once, as in a slot, and let the home do what follows."""
        await self.follower.begun.wait()
        await self.follower.async_poll()
        await self.follower.async_settled()
        await self.world.manager.neighbours.asked.fetching.async_idle()
        await self.world.settle()

    async def restart(self) -> None:
        """Stop and start again."""
        await self.world.reboot()
        await self.follower.begun.wait()

    async def ask(self, user_id: str | None = ANNA, **changes: Any) -> OwnRequest:
        """Ask about the twenty minutes from an hour ago."""
        now = self.world.clock.now()
        desk = self.world.manager.neighbours
        asking = Asking(
            window=Window(
                start=now - timedelta(hours=1), end=now - timedelta(minutes=40)
            ),
            area=await desk.async_area(None, 400, None),
            title="Bicycle gone",
            text="A red one,\nfrom the rack.",
        )
        return await desk.async_ask(replace(asking, **changes), user_id)

    def own(self, request: OwnRequest) -> OwnRequest:
        """Return a request as it is now."""
        return self.world.manager.neighbours.asked.get(request.request_id)

    async def ledger(self) -> list[str]:
        """Return the kinds of lines about neighbours."""
        kinds = await self.world.ledger()
        return [kind for kind in kinds if kind.startswith("neighbours_")]


@asynccontextmanager
async def home_at(hub: WebHub, folder: Path, place: Point) -> AsyncIterator[Home]:
    """Start a home at a place, which goes by the hub's clock."""
    origins = frozenset({origin_of(hub.origin)})
    door = hub_door(origins)
    outbound = Outbound(allowed_fetch=frozenset(), allowed_send=origins)
    public: Any = await hub.manager.async_info()
    portal = Portal(portal_id=PORTAL, title="Ours", url=hub.origin, hub=public["hub"])
    made = replace(settings(), portals=(portal,), home=lambda: place)
    world = World(folder=folder, settings=made, hubs=door)
    world.clock.wall = hub.clock.now()
    world.oracle = Uploader(outbound.send)  # type: ignore[assignment]
    await world.boot()
    home = Home(world=world, hub=hub, outbound=outbound)
    await home.follower.begun.wait()
    yield home
    await world.manager.async_stop()
    await door.async_close()
    await outbound.async_close()
