"""G3 place, and G2 towards a hub: what is sent tells neither where nor what happened.

All bytes that a home sends to a hub, and when it does, follow from its coarse cell, from
chance, and from what the hub itself published. A hub that tries to mark homes marks
none, but for a day by bytes of its own: `test_g3_marks.py`.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from custom_components.clip_consent.core.geo import Circle, Point
from custom_components.clip_consent.core.models import (
    CaseState,
    Choice,
    ClosedReason,
    Viewpoint,
    Window,
)
from custom_components.clip_consent.core.own_requests import Asking, OwnRequest
from custom_components.clip_consent.core.portal_log import EntryKind
from custom_components.clip_consent.core.rules import parse_rule
from custom_components.clip_consent.home.portals import hub_follower
from tests.manager.world import ANNA, GARDEN, GATE, World
from tests.portal.standin import API, CELL, HERE, Seen, StandInHub, public_request

from .following import Follow, Following, as_sent, follow, hub

__all__ = ["follow", "hub"]  # fixtures, used by name

FAR = Point(lat=52.56, lon=13.42)  # some kilometres off
NEAR = Point(lat=52.5201, lon=13.4003)

type Change = Callable[[World], object]


def set_cameras(world: World, **changes: Any) -> None:
    """Change every camera of a home."""
    cameras = {
        key: replace(camera, **changes)
        for key, camera in world.settings.cameras.items()
    }
    world.settings = replace(world.settings, cameras=cameras)


def nothing(world: World) -> None:
    """Leave a home as it is: it lists the request, and nobody answers."""


def outside(world: World) -> None:
    """Hang the cameras elsewhere, the home stays."""
    set_cameras(world, viewpoint=Viewpoint(place=FAR))


def no_footage(world: World) -> None:
    """Record nothing."""
    world.source.pieces.clear()


def no_cameras(world: World) -> None:
    """Have no camera."""
    world.settings = replace(world.settings, cameras={})


def ignoring(world: World) -> None:
    """Ignore everybody."""
    data = {"order": 1, "verdict": "ignore"}
    rules = (parse_rule("never", "Never", data), *world.settings.rules)
    world.settings = replace(world.settings, rules=rules)


async def decline(home: Following) -> None:
    """Say no to everything that waits."""
    for case in home.world.manager.reading.open_cases():
        await home.world.manager.async_decline(case.case_id, ANNA)


async def switch_off(home: Following) -> None:
    """Take no requests."""
    await home.world.manager.async_set_accepting(False, ANNA)


async def approve(home: Following) -> None:
    """Share the newest request."""
    for case in home.world.manager.reading.open_cases():
        if case.state is not CaseState.WAITING:
            continue
        choice = first_minute(case.request.window, GARDEN)
        await home.world.manager.async_choose(case.case_id, choice, ANNA)
        await home.world.settle()
        offered = await home.world.case(case.request.request_id)
        await home.world.approve(offered)


def first_minute(window: Window, camera_id: str) -> Choice:
    """Choose the first minute of what is asked for."""
    end = window.start + timedelta(minutes=1)
    return Choice(camera_id=camera_id, window=replace(window, end=end))


async def idle(home: Following) -> None:
    """Do nothing."""


async def ask(home: Following) -> None:
    """Ask the neighbours for something, once."""
    if not home.world.manager.neighbours.asked.all():
        await own_request(home)


LIVES: dict[str, tuple[Change, Any]] = {
    "silent": (nothing, idle),
    "outside": (outside, idle),
    "no footage": (no_footage, idle),
    "no cameras": (no_cameras, idle),
    "ignoring": (ignoring, idle),
    "declines": (nothing, decline),
    "switched off": (nothing, switch_off),
    "approves": (nothing, approve),
    "asks": (nothing, ask),
}


async def test_a_hub_cannot_tell_what_became_of_a_request(
    follow: Follow, hub: StandInHub
) -> None:
    """Whoever declines, is elsewhere, has nothing or is off sends the same bytes."""
    homes = {name: await follow(name, change) for name, (change, _) in LIVES.items()}
    sent: dict[str, list[list[Seen]]] = {name: [] for name in homes}
    for step in range(4):
        if step == 1:
            publish_own(homes["asks"])
            published = hub.publish(public_request())
        if step == 3:
            hub.close(published, EntryKind.WITHDRAWN)
        for name, home in homes.items():
            sent[name].append(await home.seen())
            await LIVES[name][1](home)
    own = [take_out_own(seen) for seen in sent["asks"]]
    for name, transcript in sent.items():
        assert transcript == sent["silent"], name
    # who asked looks what came, once in each slot, and says no more by it
    [asked] = homes["asks"].world.manager.neighbours.asked.all()
    bearer = ("Authorization", f"Bearer {asked.inbox}")
    headers = (bearer, *sent["asks"][0][0][2])
    inbox = f"{API}/inbox/{asked.item_id}"
    for step, seen in enumerate(own):
        calls = [(method, path, sorted(h), body) for method, path, h, body in seen]
        assert calls == ([("GET", inbox, sorted(headers), b"")] if step else []), step
    # the test can tell: each home did come to something else
    ends = {name: (await home.cases())[:1] for name, home in homes.items()}
    assert ends["outside"] == ends["no cameras"] == []
    assert {case.closed for case in ends["declines"]} == {ClosedReason.DECLINED}
    assert {case.closed for case in ends["silent"]} == {ClosedReason.WITHDRAWN}
    assert {case.closed for case in ends["ignoring"]} == {ClosedReason.SCREENED_OUT}


async def test_a_hub_learns_the_coarse_cell_alone(
    follow: Follow, hub: StandInHub
) -> None:
    """Two homes of a cell are one to it; one of another cell asks for other feeds."""

    def at(place: Point) -> Change:
        def move(world: World) -> None:
            world.settings = replace(world.settings, home=lambda: place)

        return move

    hub.publish(public_request())
    one = await (await follow("one", at(HERE))).seen()
    other = await (await follow("other", at(NEAR))).seen()
    assert one == other
    moved = await (await follow("moved", at(Point(lat=52.6, lon=13.4)))).seen()
    assert [path for _, path, _, _ in moved if "feed" not in path] == [
        path for _, path, _, _ in one if "feed" not in path
    ]
    assert moved != one
    for _, _, headers, body in one:
        assert body == b""
        assert dict(headers) == {
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            "Connection": "close",
            "User-Agent": "clip-consent",
        }


async def test_of_a_home_that_asks_a_hub_learns_the_area_alone(
    follow: Follow, hub: StandInHub
) -> None:
    """Wherever it stands around a point of the grid, and its camera: the same bytes."""

    def at(place: Point) -> Change:
        def move(world: World) -> None:
            world.settings = replace(world.settings, home=lambda: place)
            set_cameras(world, viewpoint=Viewpoint(place=place))

        return move

    sent: list[list[Seen]] = []
    keys: set[str] = set()
    for place, camera_id in ((HERE, None), (NEAR, None), (NEAR, GARDEN)):
        home = await follow(f"{place} {camera_id}", at(place))
        await home.poll()
        hub.seen.clear()
        await own_request(home, camera_id)
        said = hub.submitted[-1]
        assert said["area"] == {
            "kind": "circle",
            "latitude": 52.52,
            "longitude": 13.4,
            "radius": 400.0,
        }
        [(method, path, headers, body)] = hub.seen
        for secret in ("recipient", "inbox"):
            keys.add(said[secret])
            body = body.replace(said[secret].encode(), secret.encode())
        sent.append([(method, path, headers, body), *await home.seen()])
    assert sent[1] == sent[2] == sent[0]
    assert len(keys) == 6  # nothing that links two requests


async def test_only_feeds_of_the_hub_around_the_cell_are_asked_for(
    follow: Follow, hub: StandInHub
) -> None:
    """In the order of their names."""
    home = await follow()
    await home.poll()
    assert hub.paths() == [
        "/info",
        "/log?from=1",
        *(f"/feed/{cell}" for cell in sorted(hub.cells)),
    ]
    assert CELL in hub.cells


async def test_a_tracking_hub_gets_nothing_of_its_own_back(
    follow: Follow, hub: StandInHub
) -> None:
    """Cookies, tags, links and hints of its own: the next poll is a fresh home's."""
    marks = iter(range(1000))
    hub.etag = lambda digest: f"{digest[:-4]}{next(marks):04d}"
    hub.extra = {
        "Set-Cookie": "home=17; Path=/; Max-Age=9999999",
        "Link": '</api/clip_consent/portal/v1/feed/u33db?home=17>; rel="next"',
        "Retry-After": "1717",
        "Location": "/elsewhere?home=17",
        "Last-Modified": "Mon, 23 Nov 2026 11:17:17 GMT",
        "Alt-Svc": 'h2="home17.example:443"',
    }
    marked = await follow("marked")
    await marked.poll()
    await marked.poll()
    again = await marked.seen()
    fresh = await (await follow("fresh")).seen()
    assert again == fresh


async def test_an_honest_tag_is_the_same_for_everybody(
    follow: Follow, hub: StandInHub
) -> None:
    """It is the digest of what all of them got: it says what is known, not by whom."""
    hub.publish(public_request())
    homes = [await follow("one"), await follow("declines")]
    for home in homes:
        await home.poll()
    await decline(homes[1])
    one, other = [await home.seen() for home in homes]
    assert one == other
    tags = [dict(headers).get("If-None-Match") for _, _, headers, _ in one]
    assert tags[:2] == [None, None]
    assert all(tags[2:])


async def test_what_each_home_is_told_of_slots_marks_none(
    follow: Follow, hub: StandInHub
) -> None:
    """Of all lengths that a hub may say, only a few are taken."""
    home = await follow()
    for said, taken in ((1, 60), (899, 900), (901, 1800), (2**50, 3600)):
        hub.slot_seconds = said
        await home.poll()
        assert home.follower._known.slot == taken


# --- when


async def moments(
    home: Following, monkeypatch: pytest.MonkeyPatch, slots: int, *, restart_at: int = 0
) -> list[datetime]:
    """Return when a home asks in so many slots, its clock driven by hand.

    Right after it has asked `restart_at` times it begins anew.
    """
    asked: list[datetime] = []
    clock = home.world.clock
    end = clock.now() + timedelta(seconds=900 * slots)
    await home.follower.begun.wait()
    await home.world.manager.hubs.async_stop()

    async def skip(seconds: float) -> None:
        clock.go_on(timedelta(seconds=seconds))
        if clock.now() >= end:
            raise asyncio.CancelledError

    async def note() -> None:
        asked.append(clock.now())
        if len(asked) == restart_at:
            raise asyncio.CancelledError

    monkeypatch.setattr(hub_follower, "nap", skip)
    monkeypatch.setattr(home.follower, "async_poll", note)
    while clock.now() < end:
        with pytest.raises(asyncio.CancelledError):
            await home.follower.async_follow()
    return asked


async def test_it_is_asked_once_in_each_slot_at_a_moment_of_chance(
    follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same dice, the same moments, whatever happens in the home."""
    one, other = await follow("one"), await follow("other", outside)
    await switch_off(other)
    asked = await moments(one, monkeypatch, 40)
    assert asked == await moments(other, monkeypatch, 40)
    slots = [int(moment.timestamp() // 900) for moment in asked]
    assert slots == sorted(set(slots))
    assert len(slots) in (39, 40)
    places = {round(moment.timestamp() % 900) for moment in asked}
    assert len(places) > 30


async def test_a_restart_asks_no_second_time_in_a_slot(
    follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Right after it was asked it starts anew: the next time is in the next slot."""
    one, other = await follow("one"), await follow("other")
    asked = await moments(one, monkeypatch, 12, restart_at=5)
    assert asked == await moments(other, monkeypatch, 12)


# --- nobody finds a case by what is public


async def test_the_public_id_finds_no_case(follow: Follow, hub: StandInHub) -> None:
    """The id that everybody can read is not that of the home's own status page."""
    item = public_request()
    hub.publish(item)
    home = await follow()
    await home.poll()
    [case] = await home.cases()
    assert case.request.voucher
    assert case.request.voucher.item_id == item.id
    assert await home.world.manager.direct.async_status(item.id) is None


async def test_what_concerns_others_leaves_no_trace(
    follow: Follow, hub: StandInHub
) -> None:
    """No case, no event, no ledger line: only what the hub says to everybody is kept."""
    home = await follow(prepare=outside)
    before = await home.world.ledger()
    hub.publish(public_request())
    await home.poll()
    assert await home.cases() == []
    assert home.world.events == []
    assert home.world.prompter.asked == []
    assert await home.world.ledger() == before


async def test_areas_too_small_or_windows_too_short_are_not_offered(
    follow: Follow, hub: StandInHub
) -> None:
    """A hub that narrows down finds nobody: the limits hold here, whatever it says."""
    item = public_request()
    hub.publish(replace(item, area=Circle(center=HERE, radius=20)))
    hub.publish(replace(item, id="b" * 26, area=Circle(center=HERE, radius=2000)))
    short = replace(item.window, end=item.window.start + timedelta(minutes=2))
    hub.publish(replace(item, id="c" * 26, window=short))
    long = replace(item.window, start=item.window.end - timedelta(hours=13))
    hub.publish(replace(item, id="d" * 26, window=long))
    ahead = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
    hub.publish(replace(item, id="e" * 26, published_at=ahead - timedelta(hours=1)))
    home = await follow()
    await home.poll()
    assert await home.cases() == []
    hub.publish(replace(item, id="f" * 26))
    await home.poll()
    [case] = await home.cases()
    assert case.request.voucher
    assert case.request.voucher.item_id == "f" * 26
    assert case.state is CaseState.WAITING


async def test_only_cameras_in_the_area_are_looked_at(
    follow: Follow, hub: StandInHub
) -> None:
    """A camera that hangs elsewhere is not offered, though it has recordings."""

    def one_elsewhere(world: World) -> None:
        cameras = dict(world.settings.cameras)
        cameras[GARDEN] = replace(cameras[GARDEN], viewpoint=Viewpoint(place=FAR))
        cameras[GATE] = replace(cameras[GATE], viewpoint=Viewpoint(place=NEAR))
        world.settings = replace(world.settings, cameras=cameras)
        world.source.add(GATE, world.clock.now() - timedelta(hours=2), 7200)

    hub.publish(public_request())
    home = await follow(prepare=one_elsewhere)
    await home.poll()
    [case] = await home.cases()
    assert [found.camera_id for found in case.findings or ()] == [GATE]
    choice = first_minute(case.request.window, GARDEN)
    with pytest.raises(Exception, match="camera_not_offered"):
        await home.world.manager.async_choose(case.case_id, choice, ANNA)


async def own_request(home: Following, camera_id: str | None = None) -> OwnRequest:
    """Ask for something through the hub, as the owner of this home."""
    desk = home.world.manager.neighbours
    now = home.world.clock.now()
    asking = Asking(
        window=Window(start=now - timedelta(hours=1), end=now - timedelta(minutes=40)),
        area=await desk.async_area(camera_id, 400, None),
        title="Bicycle gone",
        text="A red one.",
    )
    return await desk.async_ask(asking, ANNA)


def publish_own(home: Following) -> None:
    """Publish what a home asked last."""
    [own, *_] = home.world.manager.neighbours.asked.all()
    home.hub.publish(as_sent(home, own))


def take_out_own(seen: list[Seen]) -> list[Seen]:
    """Take what concerns a home's own requests out of what it sent, and return it."""
    own = [one for one in seen if one[1].startswith((f"{API}/inbox", f"{API}/req"))]
    seen[:] = [one for one in seen if one not in own]
    return own


async def asks(home: Following) -> None:
    """Ask for something, have it published, and wait for two answers to it."""
    await home.poll()
    await own_request(home)
    publish_own(home)
    await home.poll()


def held_up(
    home: Following, monkeypatch: pytest.MonkeyPatch, asked: Callable[[], bool]
) -> list[str]:
    """Have the database write one after the other, and of cases only once `asked` says.

    Return what was held up, and whether it was let go in time.
    """
    order: list[str] = []
    one_by_one = asyncio.Lock()
    store = home.world.bench.store

    def queued(write: Callable[..., Any], *, held: bool) -> Callable[..., Any]:
        async def written(*args: Any, **more: Any) -> Any:
            async with one_by_one:
                if held:
                    order.append("held")
                    with suppress(TimeoutError):
                        async with asyncio.timeout(5):
                            while not asked():
                                await asyncio.sleep(0.01)
                    order.append("in time" if asked() else "too late")
                return await write(*args, **more)

        return written

    for name in ("async_add", "async_save", "async_set"):
        monkeypatch.setattr(store, name, queued(getattr(store, name), held=True))
    save = queued(store.own.async_save, held=False)
    monkeypatch.setattr(store.own, "async_save", save)
    return order


@pytest.mark.parametrize("what", ["published", "withdrawn"])
async def test_a_hub_cannot_time_what_became_of_a_request(
    follow: Follow, hub: StandInHub, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """A home that fetches answers waits for nothing that it writes of other requests."""
    home = await follow()
    await asks(home)
    published = hub.publish(public_request())
    if what == "withdrawn":
        await home.poll()
        hub.close(published, EntryKind.WITHDRAWN)
    for letter in "ab":
        hub.delivered[letter * 26] = b"sealed" * 2**18
    hub.seen.clear()
    last = f"/{'b' * 26}"
    order = held_up(
        home, monkeypatch, lambda: any(path.endswith(last) for path in hub.paths())
    )
    await home.poll()
    await home.world.manager.neighbours.asked.fetching.async_idle()
    await home.world.settle()
    assert order
    assert set(order) == {"held", "in time"}
    [case] = await home.cases()
    assert (case.closed is ClosedReason.WITHDRAWN) is (what == "withdrawn")
