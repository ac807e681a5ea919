"""G3 place: being counted is the owner's choice, tells a cell, and nothing of what is inside.

A home that did not choose it sends nothing; one that did sends the same words once a
day, whatever became of any request.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
from typing import Any

import pytest

from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.geo import Point
from custom_components.clip_consent.core.portal_slots import is_days_slot
from tests.manager.world import World
from tests.portal.standin import API, CELL, Seen, StandInHub, public_request

from .following import SEED, Follow, Following, follow, hub
from .test_g3_place import LIVES, Change, nothing

__all__ = ["follow", "hub"]  # fixtures, used by name

LENGTH = 900
SLOTS = 86_400 // LENGTH


def counted(then: Change = nothing) -> Change:
    """Have a home opt in, and be as another change makes it."""

    def prepare(world: World) -> object:
        portals = [replace(one, counted=True) for one in world.settings.portals]
        world.settings = replace(world.settings, portals=tuple(portals))
        return then(world)

    return prepare


def the_slot(day: int) -> datetime:
    """Return a time in the slot of November 2026 (and on) in which homes of SEED tell."""
    begin = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=day - 1)
    first = int(begin.timestamp()) // LENGTH
    [slot] = [
        slot
        for slot in range(first, first + SLOTS)
        if is_days_slot(SEED.encode(), slot, LENGTH)
    ]
    return datetime.fromtimestamp(slot * LENGTH + 1, UTC)


def told(seen: list[Seen]) -> list[dict[str, Any]]:
    """Return what was sent to be counted."""
    return [
        json.loads(body)
        for method, path, _, body in seen
        if (method, path) == ("POST", f"{API}/coverage")
    ]


async def at(home: Following, now: datetime) -> list[Seen]:
    """Return what a home sends at a time."""
    home.world.clock.wall = now
    return await home.seen()


def test_chance_chooses_one_slot_of_each_day() -> None:
    """Any of them, and the same one after a restart."""
    places = {
        the_slot(day) - the_slot(day).replace(hour=0, minute=0) for day in range(1, 200)
    }
    assert len(places) > 70
    for length in (60, 300, 600, 900, 1800, 3600):
        chosen = [
            slot
            for slot in range(40 * 86_400 // length)
            if is_days_slot(b"seed", slot, length)
        ]
        days = [slot * length // 86_400 for slot in chosen]
        assert days == list(range(40))


async def test_who_did_not_choose_it_is_not_counted(
    follow: Follow, hub: StandInHub
) -> None:
    """In no slot of a whole day is anything sent."""
    hub.slot_seconds = 3600
    home = await follow()
    for hour in range(24):
        seen = await at(home, datetime(2026, 11, 24, hour, tzinfo=UTC))
        assert {method for method, _, _, _ in seen} == {"GET"}


async def test_a_counted_home_tells_its_cell_once_a_day(
    follow: Follow, hub: StandInHub
) -> None:
    """With an id that another month replaces, and that a restart does not."""
    home = await follow(prepare=counted())
    ids = []
    for day in (24, 25, 30, 31, 32):  # the last two are in December
        now = the_slot(day)
        assert told(await at(home, now - timedelta(seconds=LENGTH))) == []
        [said] = told(await at(home, now))
        assert said == {"version": 1, "cell": CELL, "id": said["id"]}
        assert told(await at(home, now + timedelta(seconds=LENGTH))) == []
        ids.append(said["id"])
        await home.restart()
    november, december = {*ids[:3]}, {*ids[3:]}
    assert len(november) == len(december) == 1
    assert november != december
    kept = await home.world.bench.store.async_setting(f"portal_presence_{hub.hub}", "")
    assert november.isdisjoint({json.loads(kept)["id"]})  # nothing links the months


async def test_being_counted_says_nothing_of_what_happened(
    follow: Follow, hub: StandInHub
) -> None:
    """Whoever declines, is elsewhere, has nothing or is off sends the same bytes."""
    homes = {
        name: await follow(name, counted(change)) for name, (change, _) in LIVES.items()
    }
    mark = json.dumps({"month": "2026-11", "id": "a" * 26})
    sent: dict[str, list[list[Seen]]] = {name: [] for name in homes}
    hub.publish(public_request())
    for home in homes.values():
        store, now = home.world.bench.store, home.world.clock.now()
        await store.async_set(f"portal_presence_{hub.hub}", mark, [], now)
    for now in (the_slot(24) - timedelta(seconds=LENGTH), the_slot(24)):
        for name, home in homes.items():
            sent[name].append(await at(home, now))
            await LIVES[name][1](home)
    for name, transcript in sent.items():
        assert transcript == sent["silent"], name
    assert [len(told(seen)) for seen in sent["silent"]] == [0, 1]


async def test_an_alarm_does_not_show_in_being_counted(
    follow: Follow, hub: StandInHub
) -> None:
    """A hub does not find out by it that a home saw through it."""
    hub.publish(public_request())
    home = await follow(prepare=counted())
    await at(home, the_slot(24) - timedelta(seconds=LENGTH))
    hub.lines.clear()
    hub.items.clear()
    for day in (24, 25):  # as it is raised, and while it stands
        assert len(told(await at(home, the_slot(day)))) == 1
        assert home.alarms() == {"portal_rollback"}


async def test_after_opting_out_nothing_is_sent(
    follow: Follow, hub: StandInHub
) -> None:
    """From the next start on, which a changed setting brings."""
    home = await follow(prepare=counted())
    assert len(told(await at(home, the_slot(24)))) == 1
    portals = [replace(one, counted=False) for one in home.world.settings.portals]
    home.world.settings = replace(home.world.settings, portals=tuple(portals))
    await home.restart()
    assert told(await at(home, the_slot(25))) == []


async def test_another_hub_is_told_nothing(follow: Follow, hub: StandInHub) -> None:
    """Nor one whose cells this home is not in itself."""
    home = await follow(prepare=counted())
    honest = hub.info
    hub.info = StandInHub().info  # type: ignore[method-assign]
    assert told(await at(home, the_slot(24))) == []
    hub.info = honest  # type: ignore[method-assign]
    hub.cells = ("u33d8",)
    assert told(await at(home, the_slot(25))) == []
    hub.cells = (CELL,)
    assert len(told(await at(home, the_slot(26)))) == 1


async def test_a_hub_that_does_not_count_is_followed_all_the_same(
    follow: Follow, hub: StandInHub
) -> None:
    """What comes of being counted is no news of the hub."""
    hub.silent = frozenset({"/coverage"})
    home = await follow(prepare=counted())
    assert len(told(await at(home, the_slot(24)))) == 1
    assert home.follower.reachable is True


async def test_an_id_that_cannot_be_kept_is_not_sent(
    follow: Follow, hub: StandInHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a restart there would be another one, and the home would count twice."""
    home = await follow(prepare=counted())
    await at(home, the_slot(24) - timedelta(seconds=LENGTH))

    async def full(*_: object) -> None:
        raise StoreError("disk_full")

    with monkeypatch.context() as broken:
        broken.setattr(home.follower._presence._book, "async_set", full)  # type: ignore[union-attr]
        assert told(await at(home, the_slot(24))) == []
    assert len(told(await at(home, the_slot(25)))) == 1


async def test_the_cell_is_as_coarse_as_the_hub_has_them(
    follow: Follow, hub: StandInHub
) -> None:
    """Two homes of a cell say the same."""

    def move(world: World) -> None:
        place = Point(lat=52.5201, lon=13.4003)
        world.settings = replace(world.settings, home=lambda: place)

    hub.cells = ("u33d",)
    one = told(await at(await follow("one", counted()), the_slot(24)))
    other = told(await at(await follow("other", counted(move)), the_slot(24)))
    assert [said["cell"] for said in (*one, *other)] == ["u33d", "u33d"]
    assert one[0]["id"] != other[0]["id"]
