"""G3: bytes of its own that a hub serves one home come back for a day at most (T28).

A home says which feed it has by the digest of that feed's bytes, and a hub may put
something into them that nobody reads. So at the first slot of each day (UTC), after a
start and at another address a home says nothing of what it has.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
import hashlib
import json

import pytest

from custom_components.clip_consent.base.jws import decode
from custom_components.clip_consent.base.outbound import origin_of
from custom_components.clip_consent.base.portal_keys import sign_as_hub
from custom_components.clip_consent.core.portal_feed import FEED_TYPE
from custom_components.clip_consent.core.serial import canonical, utc_text
from custom_components.clip_consent.home.portals.hub_client import hub_door
from tests.manager.world import NOON
from tests.portal.standin import Seen, StandInHub, public_request

from .following import PORTAL, Follow, Following, follow, hub
from .test_g3_place import decline

__all__ = ["follow", "hub"]  # fixtures, used by name


def marks(hub: StandInHub, mark: str, *, lasting: bool = True) -> None:
    """Serve feeds that say who they are for; `lasting` ones do so for weeks."""
    honest = hub.feed
    kept: dict[str, bytes] = {}

    def feed(cell: str) -> bytes:
        said = json.loads(decode(honest(cell).split(b".")[1]))
        said["yours"] = mark
        if lasting:
            said["expires"] = utc_text(NOON + timedelta(days=60))
        body = sign_as_hub(canonical(said), hub.key, typ=FEED_TYPE)
        return kept.setdefault(cell, body) if lasting else body

    hub.feed = feed  # type: ignore[method-assign]


def tags(seen: list[Seen]) -> list[str | None]:
    """Return what a home says that it has, feed by feed."""
    return [
        dict(headers).get("If-None-Match")
        for _, path, headers, _ in seen
        if "/feed/" in path
    ]


async def begun(follow: Follow, hub: StandInHub, at: datetime = NOON) -> Following:
    """Return a home that has read what is open, both by the home's clock."""
    home = await follow()
    home.world.clock.wall = at
    hub.now = home.world.clock.now
    hub.publish(public_request(now=at))
    await home.poll()
    return home


@pytest.mark.parametrize("lasting", [False, True])
async def test_what_a_home_was_marked_by_does_not_come_back_on_another_day(
    follow: Follow, hub: StandInHub, lasting: bool
) -> None:
    """Within the day it does, as its address does: so much is said in the papers."""
    marks(hub, "17", lasting=lasting)
    home = await begun(follow, hub)
    assert all(tags(await home.seen()))
    for _ in range(3):
        home.world.clock.go_on(timedelta(days=1))
        first, second, third = [tags(await home.seen()) for _ in range(3)]
        assert len(first) == 4
        assert set(first) == {None}
        now = [f'"{hashlib.sha256(hub.feed(cell)).hexdigest()}"' for cell in hub.cells]
        assert second == third == now


async def test_no_tag_outlives_a_day_whenever_it_is_asked(
    follow: Follow, hub: StandInHub
) -> None:
    """Whatever is published meanwhile: each tag is of bytes of the same day."""
    marks(hub, "17", lasting=False)
    home = await begun(follow, hub)
    served: dict[str, datetime] = {}
    answered = hub.feed

    def feed(cell: str) -> bytes:
        body = answered(cell)
        digest = hashlib.sha256(body).hexdigest()
        served.setdefault(f'"{digest}"', home.world.clock.now())
        return body

    hub.feed = feed  # type: ignore[method-assign]
    came_back = 0
    for step in range(40):
        home.world.clock.go_on(timedelta(hours=2, minutes=7))
        if step % 7 == 0:
            hub.publish(public_request(now=home.world.clock.now()))
        if step % 11 == 0:
            await home.restart()
        known = dict(served)
        for tag in tags(await home.seen()):
            if tag and tag in known:
                came_back += 1
                assert known[tag].date() == home.world.clock.now().date()
    assert came_back > 20


async def test_a_slot_over_midnight_carries_nothing_over(
    follow: Follow, hub: StandInHub
) -> None:
    """Each question goes by the day it is asked on."""
    marks(hub, "17")
    home = await begun(follow, hub, NOON.replace(hour=23, minute=45))
    home.world.clock.wall = NOON.replace(hour=23, minute=59)
    answered: Callable[[str], bytes] = hub.feed

    def feed(cell: str) -> bytes:
        if cell == hub.cells[1]:
            home.world.clock.go_on(timedelta(minutes=2))
        return answered(cell)

    hub.feed = feed  # type: ignore[method-assign]
    over = tags(await home.seen())
    assert [bool(tag) for tag in over] == [True, True, False, False]
    hub.feed = answered  # type: ignore[method-assign]
    after = tags(await home.seen())
    # the second was asked on the day before, and that it had not changed was said then
    assert [bool(tag) for tag in after] == [False, False, True, True]


async def test_a_start_begins_without_marks(follow: Follow, hub: StandInHub) -> None:
    """It may have come to another place, or another address."""
    marks(hub, "17")
    home = await begun(follow, hub)
    assert all(tags(await home.seen()))
    await home.restart()
    assert set(tags(await home.seen())) == {None}
    assert all(tags(await home.seen()))


async def test_another_address_of_the_hub_gets_no_marks_of_the_old_one(
    follow: Follow, hub: StandInHub
) -> None:
    """The hub is the same, and knows the bytes that it served there."""
    marks(hub, "17")
    home = await begun(follow, hub)
    assert all(tags(await home.seen()))
    async with hub.serving():
        await home.world.manager.async_stop()
        await home.door.async_close()
        home.door = home.world.hubs = hub_door(frozenset({origin_of(hub.url)}))
        portal = replace(home.world.settings.portals[0], url=hub.url)
        home.world.settings = replace(home.world.settings, portals=(portal,))
        await home.world.boot()
        assert set(tags(await home.seen())) == {None}
        assert home.alarms() == set()


async def test_a_day_begins_alike_for_every_home(
    follow: Follow, hub: StandInHub
) -> None:
    """Whatever happened in it: nothing but the day has it ask for all."""
    homes = [await follow("one"), await follow("declines"), await follow("alarmed")]
    hub.now = homes[0].world.clock.now
    hub.publish(public_request())
    for home in homes:
        await home.poll()
    await decline(homes[1])
    homes[2].follower._known = replace(homes[2].follower.known, alarm="portal_gap")
    for hours in (1, 12, 1, 23, 1):
        for home in homes:
            home.world.clock.go_on(timedelta(hours=hours))
        one, *others = [await home.seen() for home in homes]
        assert all(other == one for other in others)
    assert homes[0].world.manager.hubs.reachable(PORTAL) is True
