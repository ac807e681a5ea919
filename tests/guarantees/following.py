"""A home that follows a hub which keeps every byte that the home sends."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from custom_components.clip_consent.base.outbound import Door, origin_of
from custom_components.clip_consent.core.models import Case, RequesterKind
from custom_components.clip_consent.core.own_requests import OwnRequest
from custom_components.clip_consent.core.portal_items import PublicRequest, read_area
from custom_components.clip_consent.core.settings import Portal
from custom_components.clip_consent.home.portals.hub_client import hub_door
from custom_components.clip_consent.home.portals.hub_follower import HubFollower
from tests.manager.world import GARDEN, NOON, World, settings
from tests.portal.standin import HERE, Seen, StandInHub, public_request

PORTAL = "portal1"
SEED = "s" * 26

type Prepare = Callable[[World], object]
type Follow = Callable[..., Awaitable[Following]]


@dataclass
class Following:
    """A home, the hub it follows, and the way between them."""

    world: World
    hub: StandInHub
    door: Door

    @property
    def follower(self) -> HubFollower:
        """Who follows the hub: another one after each start."""
        return self.world.manager.hubs.followers[PORTAL]

    async def poll(self) -> None:
        """Ask once, as in a slot, and let the home do what follows."""
        await self.follower.begun.wait()
        await self.follower.async_poll()
        await self.follower.async_settled()
        await self.world.settle()

    async def seen(self) -> list[Seen]:
        """Ask once, and return every byte that the hub got but its own address."""
        self.hub.seen.clear()
        await self.poll()
        return list(self.hub.seen)

    async def restart(self) -> None:
        """Stop the home and start it again."""
        await self.world.reboot()
        await self.follower.begun.wait()
        await self.world.settle()

    async def cases(self) -> list[Case]:
        """Return all cases, newest first."""
        cases, _ = await self.world.bench.store.async_history(None, 500)
        return list(cases)

    async def stop(self) -> None:
        """Stop the home and close its ways out."""
        await self.world.manager.async_stop()
        await self.door.async_close()

    def alarms(self) -> set[str]:
        """Return the alarms that stand, without what they are about."""
        return {code.removesuffix(f"_{PORTAL}") for code in self.world.alarm.raised}


async def _begin(folder: Path, hub: StandInHub, prepare: Prepare | None) -> Following:
    door = hub_door(frozenset({origin_of(hub.url)}))
    portal = Portal(portal_id=PORTAL, title="Lindenstraße", url=hub.url, hub=hub.hub)
    made = replace(settings(), portals=(portal,), home=lambda: HERE)
    world = World(folder=folder, settings=made, hubs=door)
    world.source.add(GARDEN, NOON - timedelta(hours=2), 7200)
    # the home's dice, as they fell: another start finds them again
    world.settings = replace(made, portals=())
    await world.boot()
    await world.bench.store.async_set(f"portal_seed_{hub.hub}", SEED, [], NOON)
    await world.manager.async_stop()
    world.settings = made
    following = Following(world=world, hub=hub, door=door)
    if prepare:
        made_ready: Any = prepare(world)
        if made_ready is not None:
            await made_ready
    await world.boot()
    return following


def as_sent(home: Following, own: OwnRequest, **changes: Any) -> PublicRequest:
    """Return what an honest hub publishes, but for these changes."""
    said = home.hub.submitted[-1]
    honest: dict[str, Any] = {
        "id": own.item_id,
        "kind": RequesterKind.NEIGHBOUR,
        "name": "",
        "organisation": "",
        "verified_how": "A neighbour",
        "contact": "",
        "case_number": "",
        "title": said["title"],
        "text": said["text"],
        "window": own.window,
        "area": read_area(said["area"]),
        "recipient": said["recipient"],
    }
    return public_request(**honest | changes)


@pytest.fixture
async def hub(socket_enabled: None) -> AsyncIterator[StandInHub]:
    """Return a hub that is honest until it is told otherwise."""
    async with StandInHub().serving() as serving:
        yield serving


@pytest.fixture
async def follow(tmp_path: Path, hub: StandInHub) -> AsyncIterator[Follow]:
    """Return how a home begins to follow the hub."""
    made: list[Following] = []

    async def begin(
        name: str = "home",
        prepare: Prepare | None = None,
        at: StandInHub | None = None,
    ) -> Following:
        following = await _begin(tmp_path / name, at or hub, prepare)
        made.append(following)
        return following

    yield begin
    for following in made:
        await following.stop()
