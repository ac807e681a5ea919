"""A real hub, a real home and nothing between them but the protocol."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
import io
from pathlib import Path
import tarfile
from typing import Any

import aiohttp
import pyrage
from pyrage import x25519
import pytest

from custom_components.clip_consent.base.outbound import Outbound, origin_of
from custom_components.clip_consent.core.errors import NotFoundError
from custom_components.clip_consent.core.geo import Point
from custom_components.clip_consent.core.hub_settings import SLOT, token_digest
from custom_components.clip_consent.core.models import (
    CaseState,
    Choice,
    ClosedReason,
    Way,
)
from custom_components.clip_consent.core.portal_slots import is_days_slot, slot_at
from custom_components.clip_consent.core.settings import Portal
from custom_components.clip_consent.home.portals.hub_client import hub_door
from custom_components.clip_consent.home.portals.upload import Uploader
from tests.edges.acting import until
from tests.manager.world import ANNA, GARDEN, World, settings

from .drop_world import body
from .test_notices import notice
from .web import WebHub
from .world import CELL, POLICE, POLICE_TOKEN

HERE = Point(lat=52.535, lon=13.4)
PORTAL = "portal1"

type Home = World


@pytest.fixture
async def home(web_hub: WebHub, tmp_path: Path) -> AsyncIterator[Home]:
    """Return a home in the middle of the hub's cell, which goes by the hub's clock."""
    origins = frozenset({origin_of(web_hub.origin)})
    door = hub_door(origins)
    outbound = Outbound(allowed_fetch=frozenset(), allowed_send=origins)
    public: Any = await web_hub.manager.async_info()
    portal = Portal(
        portal_id=PORTAL, title="Ours", url=web_hub.origin, hub=public["hub"]
    )
    made = replace(settings(), portals=(portal,), home=lambda: HERE)
    world = World(folder=tmp_path / "home", settings=made, hubs=door)
    world.clock.wall = web_hub.clock.now()
    world.oracle = Uploader(outbound.send)  # type: ignore[assignment]
    await world.boot()
    await world.manager.hubs.followers[PORTAL].begun.wait()
    yield world
    await world.manager.async_stop()
    await door.async_close()
    await outbound.async_close()


async def poll(home: Home) -> None:
    """Ask once, as in a slot."""
    follower = home.manager.hubs.followers[PORTAL]
    await follower.async_poll()
    await follower.async_settled()
    await home.settle()


async def pass_time(home: Home, hub: WebHub, by: timedelta) -> None:
    """Let time pass for both."""
    home.clock.go_on(by)
    hub.clock.wall = home.clock.now()
    home.manager.look_again()
    await home.settle()


def window_of(now: datetime) -> dict[str, str]:
    """Return the twenty minutes from an hour ago."""
    start = now - timedelta(hours=1)
    end = start + timedelta(minutes=20)
    return {"start": f"{start:%Y-%m-%dT%H:%M:%SZ}", "end": f"{end:%Y-%m-%dT%H:%M:%SZ}"}


async def test_from_a_desk_to_a_home_and_back_to_the_desk(
    web_hub: WebHub, home: Home
) -> None:
    """Submitted, published, matched, approved, sealed, uploaded, opened."""
    key = x25519.Identity.generate()
    now = web_hub.clock.now()
    home.source.add(GARDEN, now - timedelta(hours=2), 7200)
    item = await web_hub.police_asks(recipient=str(key.to_public()), **window_of(now))
    await poll(home)
    assert home.manager.reading.open_cases() == ()
    await web_hub.publish(item)
    await poll(home)
    [case] = home.manager.reading.open_cases()
    assert case.request.name == POLICE.name
    assert case.request.destination.way is Way.TUS
    assert home.manager.hubs.reachable(PORTAL) is True
    minute = replace(
        case.request.window, end=case.request.window.start + timedelta(minutes=1)
    )
    choice = Choice(camera_id=GARDEN, window=minute)
    await home.manager.async_choose(case.case_id, choice, ANNA)
    await home.settle()
    await home.approve(await home.case(case.request.request_id))
    await home.settle()
    await pass_time(home, web_hub, timedelta(seconds=31))
    desk: Any = await web_hub.manager.async_desk(POLICE)
    assert desk["requests"][0]["deliveries"] == []  # it waits for its moment of chance
    await pass_time(home, web_hub, timedelta(seconds=301))
    assert (await home.case(case.request.request_id)).state is CaseState.SHARED
    desk = await web_hub.manager.async_desk(POLICE)
    [delivery] = desk["requests"][0]["deliveries"]
    async with (
        aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {POLICE_TOKEN}"}
        ) as session,
        session.get(f"{web_hub.base}/inbox/{item}/{delivery['id']}") as response,
    ):
        assert response.status == 200
        plain = pyrage.decrypt(await response.read(), [key])
    with tarfile.open(fileobj=io.BytesIO(plain)) as package:
        assert "clip.mp4" in package.getnames()
    await poll(home)
    assert home.alarm.raised == {}


async def test_what_is_withdrawn_at_the_desk_closes_at_home(
    web_hub: WebHub, home: Home
) -> None:
    """Through the public log, and a restart of the hub in between alarms nobody."""
    now = web_hub.clock.now()
    home.source.add(GARDEN, now - timedelta(hours=2), 7200)
    item = await web_hub.police_asks(**window_of(now))
    await web_hub.publish(item)
    await poll(home)
    [case] = home.manager.reading.open_cases()
    await web_hub.reboot()
    await poll(home)
    assert home.manager.reading.open_cases() != ()
    await web_hub.manager.async_withdraw(POLICE, item)
    await poll(home)
    after = await home.case(case.request.request_id)
    assert after.closed is ClosedReason.WITHDRAWN
    assert home.alarm.raised == {}
    assert home.manager.hubs.reachable(PORTAL) is True


async def test_a_comment_reaches_its_author_and_nobody_else(
    web_hub: WebHub, home: Home
) -> None:
    """From a neighbour's notice to their inbox, through approval at another home."""
    key, secret = x25519.Identity.generate(), "s" * 32
    said = notice(recipient=str(key.to_public()), inbox=token_digest(secret))
    item = await web_hub.manager.async_take_notice(said, "8.8.8.1")
    await web_hub.publish(item)
    await poll(home)
    desk = home.manager.notices
    [(portal, shown)] = desk.board.listed()
    assert shown.title == "Ice on the steps"
    await desk.async_comment(portal.portal_id, item, "Salt is by the door.", ANNA)
    await home.settle()
    [case] = home.manager.reading.open_cases()
    await home.approve(case)
    await home.settle()
    await pass_time(home, web_hub, timedelta(seconds=31))
    await pass_time(home, web_hub, timedelta(seconds=301))
    bearer = {"Authorization": f"Bearer {secret}"}
    inbox = f"{web_hub.base}/inbox/{item}"
    async with aiohttp.ClientSession(headers=bearer) as session:
        async with session.get(inbox) as response:
            [delivery] = (await response.json())["deliveries"]
        async with session.get(f"{inbox}/{delivery['id']}") as response:
            plain = pyrage.decrypt(await response.read(), [key])
    with tarfile.open(fileobj=io.BytesIO(plain)) as package:
        words = package.extractfile("answer.txt")
        assert words
        assert words.read() == b"Salt is by the door."
    assert home.alarm.raised == {}


async def test_a_notice_of_a_home_waits_for_a_moderator(
    web_hub: WebHub, home: Home
) -> None:
    """And then every home of the cell shows it, the one that wrote it too."""
    await poll(home)
    desk = home.manager.notices
    await desk.async_send(PORTAL, "Lost cat", "Grey.", ANNA)
    await pass_time(home, web_hub, timedelta(seconds=11))
    desk.outbox.look()
    await until(lambda: desk.outbox.written[0][1].item_id)
    [waiting] = await web_hub.manager.async_waiting()
    assert (waiting.title, waiting.text) == ("Lost cat", "Grey.")
    await web_hub.publish(waiting.id)
    await poll(home)
    assert [shown.title for _, shown in desk.board.listed()] == ["Lost cat"]


async def test_a_day_without_news_is_no_alarm(web_hub: WebHub, home: Home) -> None:
    """Feeds are issued anew each day; a home that was asleep finds them so."""
    await poll(home)
    for _ in range(4):
        await pass_time(home, web_hub, timedelta(days=1))
        await web_hub.manager._sweep.async_round()
        await poll(home)
        assert home.manager.hubs.reachable(PORTAL) is True
    assert home.alarm.raised == {}


async def test_a_home_that_chose_it_is_counted(web_hub: WebHub, home: Home) -> None:
    """As one, however many days it says so; one that did not choose it is not there."""

    async def on(day: datetime) -> int:
        """Ask in the slot of a day that is the home's; return how often it was told."""
        seed = home.manager.hubs.followers[PORTAL]._seed.encode()
        first = slot_at(day, 900)
        [slot] = [n for n in range(first, first + 96) if is_days_slot(seed, n, 900)]
        home.clock.wall = web_hub.clock.wall = day + (slot - first) * SLOT
        web_hub.answered.clear()
        await poll(home)
        return web_hub.answered["POST", 202]

    today = datetime(2026, 11, 25, tzinfo=UTC)
    assert await on(today) == 0
    portals = tuple(replace(one, counted=True) for one in home.settings.portals)
    home.settings = replace(home.settings, portals=portals)
    await home.reboot()
    await home.manager.hubs.followers[PORTAL].begun.wait()
    for day in range(1, 4):
        assert await on(today + timedelta(days=day)) == 1
    [row] = web_hub.rows("SELECT month, cell FROM homes")
    assert row == {"month": "2026-11", "cell": CELL}


async def _chosen(web_hub: WebHub, home: Home) -> tuple[str, str, x25519.Identity]:
    """Publish a request that a camera of the home has a minute for, and choose that."""
    key, now = x25519.Identity.generate(), web_hub.clock.now()
    home.source.add(GARDEN, now - timedelta(hours=2), 7200)
    item = await web_hub.police_asks(recipient=str(key.to_public()), **window_of(now))
    await web_hub.publish(item)
    await poll(home)
    [case] = home.manager.reading.open_cases()
    start = case.request.window.start
    minute = replace(case.request.window, end=start + timedelta(minutes=1))
    await home.manager.async_choose(
        case.case_id, Choice(camera_id=GARDEN, window=minute), ANNA
    )
    await home.settle()
    return item, case.request.request_id, key


async def test_a_clip_approved_before_a_hub_was_away_for_a_week_arrives(
    web_hub: WebHub, home: Home
) -> None:
    """The request is over by then; what was approved in time is taken late."""
    item, ours, key = await _chosen(web_hub, home)
    await home.approve(await home.case(ours))
    await home.settle()
    web_hub.down = HTTPStatus.SERVICE_UNAVAILABLE
    for _ in range(7):
        await pass_time(home, web_hub, timedelta(days=1))
    assert (await home.case(ours)).state is CaseState.SEALED
    web_hub.down = None
    for _ in range(8):
        await pass_time(home, web_hub, timedelta(hours=6))
    assert (await home.case(ours)).state is CaseState.SHARED
    desk: Any = await web_hub.manager.async_desk(POLICE)
    assert desk["requests"][0]["state"] == "expired"
    [delivery] = desk["requests"][0]["deliveries"]
    found = await web_hub.box.async_delivery(item, delivery["id"], POLICE_TOKEN)
    assert pyrage.decrypt(found.read_bytes(), [key])


async def test_a_week_and_a_day_later_nothing_is_taken(
    web_hub: WebHub, home: Home
) -> None:
    """Nothing of it lies about for ever: the box stays shut for what is long over."""
    item, _, _ = await _chosen(web_hub, home)
    web_hub.clock.go_on(timedelta(days=14, minutes=-1))
    upload = await web_hub.box.async_create(item, 100, None)
    await web_hub.box.async_terminate(item, upload.upload_id)
    web_hub.clock.go_on(timedelta(minutes=2))
    with pytest.raises(NotFoundError):
        await web_hub.box.async_create(item, 100, None)


async def test_a_box_that_is_full_is_tried_again_until_it_has_room(
    web_hub: WebHub, home: Home
) -> None:
    """A quota is no refusal: an approved clip waits for room."""
    item, ours, _ = await _chosen(web_hub, home)
    web_hub.box._book._limits = replace(web_hub.box._limits, request_uploads=1)
    other = await web_hub.box.async_create(item, 1, None)
    await web_hub.box.async_append(
        item, other.upload_id, offset=0, length=1, read=body([b"x"]), address=None
    )
    await home.approve(await home.case(ours))
    await home.settle()
    await pass_time(home, web_hub, timedelta(seconds=31))
    await pass_time(home, web_hub, timedelta(seconds=301))
    case = await home.case(ours)
    assert (case.state, case.problem) == (CaseState.SEALED, "upload_busy")
    await web_hub.box.async_terminate(item, other.upload_id)
    await pass_time(home, web_hub, timedelta(hours=1))
    assert (await home.case(ours)).state is CaseState.SHARED
