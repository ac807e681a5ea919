"""Following a hub that fails, lies, or goes on as it should."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
import pytest

from custom_components.clip_consent.base.portal_keys import sign_as_hub
from custom_components.clip_consent.core.errors import (
    ConflictError,
    NotFoundError,
    StoreError,
)
from custom_components.clip_consent.core.geo import Point
from custom_components.clip_consent.core.models import (
    CaseState,
    Choice,
    ClosedReason,
    RequesterKind,
    Trust,
    Viewpoint,
)
from custom_components.clip_consent.core.portal_feed import (
    HEAD_TYPE,
    Listed,
    head_payload,
)
from custom_components.clip_consent.core.portal_items import item_text
from custom_components.clip_consent.core.portal_log import Beside, EntryKind, Head
from custom_components.clip_consent.home.hub_requests import OPEN_MAX
from custom_components.clip_consent.home.portals import http, hub_follower
from tests.guarantees.following import PORTAL, Follow, Following, follow, hub
from tests.manager.world import ANNA, GARDEN, NOON, World

from .standin import StandInHub, public_request

__all__ = ["follow", "hub"]  # fixtures, used by name


async def only_case(home: Following) -> CaseState:
    """Return how the one case stands."""
    [case] = await home.cases()
    return case.state


async def test_a_published_request_is_offered(follow: Follow, hub: StandInHub) -> None:
    """With what the hub says of who asks, and where the answer goes."""
    item = public_request()
    n = hub.publish(item)
    hub.add(EntryKind.NOTE, '{"text":"still"}', id=item.id, target=n)
    home = await follow()
    assert home.world.manager.hubs.reachable(PORTAL) is None
    told: list[bool] = []
    home.world.manager.hubs.on_change(lambda: told.append(True))
    await home.poll()
    await home.poll()
    [case] = await home.cases()
    request = case.request
    assert case.state is CaseState.WAITING
    assert (request.trust, request.label) == (Trust.VERIFIED, "Lindenstraße")
    assert (request.name, request.case_number) == ("PC Meier", "2026-1187")
    assert request.text == "Car scratched\n\nA blue van."
    assert request.expires_at == item.expires_at
    assert str(request.destination.url).endswith(
        f"/api/clip_consent/portal/v1/drops/{item.id}"
    )
    assert len(home.world.prompter.asked) == 1
    assert home.world.manager.hubs.reachable(PORTAL) is True
    assert told == [True]
    [line] = [
        entry
        for entry in await home.world.bench.store.async_whole_ledger()
        if entry.kind == "received"
    ]
    assert (line.data["hub"], line.data["item"]) == (hub.hub, item.id)


async def test_a_neighbour_whom_the_hub_does_not_know_is_not_verified(
    follow: Follow, hub: StandInHub
) -> None:
    """The hub vouches for nobody there."""
    hub.publish(
        public_request(
            kind=RequesterKind.NEIGHBOUR, name="", organisation="", case_number=""
        )
    )
    home = await follow()
    await home.poll()
    [case] = await home.cases()
    assert case.request.trust is Trust.UNVERIFIED


@pytest.mark.parametrize(
    "kind", [EntryKind.WITHDRAWN, EntryKind.RESOLVED, EntryKind.REDACTED]
)
async def test_what_is_over_is_closed(
    follow: Follow, hub: StandInHub, kind: EntryKind
) -> None:
    """Nobody is asked about it any more; a note that was redacted ends nothing."""
    item = public_request()
    n = hub.publish(item)
    note = hub.add(EntryKind.NOTE, '{"text":"still"}', id=item.id, target=n)
    home = await follow()
    await home.poll()
    hub.add(EntryKind.REDACTED, "{}", id=item.id, target=note)
    await home.poll()
    assert await only_case(home) is CaseState.WAITING
    if kind is EntryKind.REDACTED:
        hub.redact(n)
    else:
        hub.close(n, kind)
    await home.poll()
    [case] = await home.cases()
    assert case.closed is ClosedReason.WITHDRAWN
    await home.poll()
    await home.restart()
    assert await only_case(home) is CaseState.CLOSED


async def approved(home: Following) -> None:
    """Choose a minute and approve it."""
    [case] = await home.cases()
    window = case.request.window
    minute = replace(window, end=window.start + timedelta(minutes=1))
    choice = Choice(camera_id=GARDEN, window=minute)
    await home.world.manager.async_choose(case.case_id, choice, ANNA)
    await home.world.settle()
    [case] = await home.cases()
    await home.world.approve(case)
    await home.world.settle()


async def test_what_was_approved_goes_to_the_hub_after_a_while_of_chance(
    follow: Follow, hub: StandInHub
) -> None:
    """Settled when it is sealed: a restart neither draws anew nor hurries."""
    hub.publish(public_request())
    home = await follow()
    await home.poll()
    await approved(home)
    home.world.chance.falls = 1.0  # the longest
    await home.world.pass_undo()
    assert await only_case(home) is CaseState.SEALED
    home.world.chance.falls = 0.0
    await home.restart()
    home.world.clock.go_on(timedelta(seconds=299))
    home.world.manager.look_again()
    await home.world.settle()
    assert home.world.oracle.arrived == []
    home.world.clock.go_on(timedelta(seconds=2))
    home.world.manager.look_again()
    await home.world.settle()
    assert len(home.world.oracle.arrived) == 1
    assert await only_case(home) is CaseState.SHARED


@pytest.mark.parametrize("late", [False, True])
async def test_what_is_withdrawn_on_its_way_is_stopped(
    follow: Follow, hub: StandInHub, late: bool
) -> None:
    """In the undo window and after it: nothing goes where nobody wants it."""
    n = hub.publish(public_request())
    home = await follow()
    await home.poll()
    await approved(home)
    if late:
        await home.world.pass_undo()
        assert await only_case(home) is CaseState.SEALED
    hub.close(n, EntryKind.WITHDRAWN)
    await home.poll()
    [case] = await home.cases()
    assert case.closed is ClosedReason.WITHDRAWN
    home.world.clock.go_on(timedelta(hours=1))
    home.world.manager.look_again()
    await home.world.settle()
    assert home.world.oracle.arrived == []


# --- a hub that contradicts itself


def forks(hub: StandInHub) -> None:
    """Tell another story from the first entry on."""
    hub.lines.clear()
    hub.items.clear()
    hub.publish(public_request())
    hub.publish(public_request())


def rolls_back(hub: StandInHub) -> None:
    """Forget the newest entry."""
    hub.items.pop(hub.lines.pop().entry.n)


def leaves_out(hub: StandInHub) -> None:
    """Leave an entry out."""
    hub.publish(public_request())
    hub.publish(public_request())
    hub.change_page = lambda lines: lines[1:]


def keeps_back(hub: StandInHub) -> None:
    """Say that there are more entries, and send none."""
    hub.publish(public_request())
    hub.change_page = lambda lines: []


def lists_beside(hub: StandInHub) -> None:
    """Put an item in the feed that entry 1 of the log is not."""
    text = item_text(public_request())
    hub.beside_the_log = [Listed(n=1, beside=Beside(salt=b"\0" * 16, text=text))]


def feeds_of_another_log(hub: StandInHub) -> None:
    """Sign feeds over another head."""
    hub.ahead = Head(n=1, hash="ab" * 32)


@pytest.mark.parametrize(
    ("lie", "code"),
    [
        (forks, "portal_fork"),
        (rolls_back, "portal_rollback"),
        (leaves_out, "portal_gap"),
        (keeps_back, "portal_gap"),
        (lists_beside, "portal_unlisted"),
        (feeds_of_another_log, "portal_fork"),
    ],
)
async def test_a_contradiction_alarms_and_nothing_is_offered(
    follow: Follow, hub: StandInHub, lie: object, code: str
) -> None:
    """Until the owner, who was told, believes the hub again."""
    hub.publish(public_request(expires_at=NOON + timedelta(hours=1)))
    hub.publish(public_request())
    home = await follow()
    await home.poll()
    assert len(await home.cases()) == 2
    lie(hub)  # type: ignore[operator]
    await home.poll()
    assert home.alarms() == {code}
    assert home.world.alarm.raised[f"{code}_{PORTAL}"] == {"portal": "Lindenstraße"}
    assert len(await home.cases()) == 2
    assert home.world.manager.hubs.reachable(PORTAL) is False
    # it goes on standing: after a restart, and when the hub is as it was
    home.world.alarm.raised.clear()
    await home.restart()
    assert home.alarms() == {code}
    hub.publish(public_request())
    await home.poll()
    assert len(await home.cases()) == 2
    # until the owner says so
    hub.change_page, hub.ahead, hub.beside_the_log = lambda lines: lines, None, []
    hub.feeds.clear()
    await home.world.manager.hubs.async_trust_anew(PORTAL)
    assert home.alarms() == set()
    await home.poll()
    assert home.alarms() == set()
    assert len(await home.cases()) > 2
    kinds = await home.world.ledger()
    assert kinds.count("portal_alarm") == kinds.count("portal_trusted_anew") == 1


async def test_nobody_is_trusted_who_is_not_followed(follow: Follow) -> None:
    """What a repair issue of a removed hub asks for."""
    home = await follow()
    with pytest.raises(NotFoundError):
        await home.world.manager.hubs.async_trust_anew("other")


async def test_an_item_beyond_the_log_is_offered_to_nobody(
    follow: Follow, hub: StandInHub
) -> None:
    """It waits for the log; if that never comes, it is a gap."""
    hub.publish(public_request())
    home = await follow()
    await home.poll()
    text = item_text(public_request())
    hub.beside_the_log = [Listed(n=9, beside=Beside(salt=b"\0" * 16, text=text))]
    hub.ahead = Head(n=9, hash="cd" * 32)
    await home.poll()
    assert home.alarms() == set()
    assert len(await home.cases()) == 1
    home.world.clock.go_on(timedelta(minutes=15))
    await home.poll()
    assert home.alarms() == {"portal_gap"}


async def test_a_feed_that_is_newer_than_the_log_that_came_is_no_lie(
    follow: Follow, hub: StandInHub
) -> None:
    """Something was published in between: the next slot has both."""
    home = await follow()
    await home.poll()
    whole = hub.log
    hub.publish(public_request())
    hub.log = lambda start: {  # type: ignore[method-assign]
        "version": 1,
        "entries": [],
        "head": earlier,
    }
    lines, hub.lines = hub.lines, []
    earlier = hub.signed_head()
    hub.lines = lines
    await home.poll()
    assert await home.cases() == []
    assert home.alarms() == set()
    hub.log = whole  # type: ignore[method-assign]
    await home.poll()
    assert home.alarms() == set()
    assert len(await home.cases()) == 1


async def test_another_hub_at_the_address_is_not_believed(
    follow: Follow, hub: StandInHub
) -> None:
    """Its name is the key that the owner compared; the alarm ends with it."""
    home = await follow()
    await home.poll()
    impostor = StandInHub()
    impostor.publish(public_request())
    honest = hub.info, hub.log, hub.feed
    hub.info, hub.log, hub.feed = (  # type: ignore[method-assign]
        impostor.info,
        impostor.log,
        impostor.feed,
    )
    await home.poll()
    assert home.alarms() == {"portal_other_hub"}
    assert await home.cases() == []
    hub.info, hub.log, hub.feed = honest  # type: ignore[method-assign]
    hub.publish(public_request())
    await home.poll()
    assert home.alarms() == set()
    assert len(await home.cases()) == 1


async def test_a_key_that_follows_is_believed(follow: Follow, hub: StandInHub) -> None:
    """The hub's name stays; the key before is good for a while."""
    home = await follow()
    await home.poll()
    hub.rotate(NOON)
    hub.publish(public_request())
    await home.poll()
    assert home.alarms() == set()
    assert len(await home.cases()) == 1
    assert home.world.manager.hubs.reachable(PORTAL) is True


# --- a hub that fails


async def test_a_hub_that_was_down_for_a_week_lost_nothing(
    follow: Follow, hub: StandInHub
) -> None:
    """What it published meanwhile comes when it is back, and what was before stays."""

    def now() -> datetime:
        return home.world.clock.now()

    hub.now = now
    home = await follow()
    hub.publish(public_request())
    await home.poll()
    hub.down = True
    for day in range(6):
        home.world.clock.go_on(timedelta(days=1))
        await home.poll()
        if day == 3:
            await home.restart()
    assert home.world.manager.hubs.reachable(PORTAL) is False
    assert await only_case(home) is CaseState.WAITING
    hub.publish(public_request(now=home.world.clock.now()))
    home.world.clock.go_on(timedelta(days=1))
    hub.down = False
    await home.poll()
    assert len(await home.cases()) == 2
    assert home.alarms() == set()
    assert home.world.manager.hubs.reachable(PORTAL) is True


@pytest.mark.parametrize("days", [3, 10, 40, 4000])
@pytest.mark.parametrize("away", [False, True])
@pytest.mark.parametrize("news", [False, True])
async def test_a_clock_that_was_ahead_for_a_moment_accuses_nobody(
    follow: Follow, hub: StandInHub, days: int, away: bool, news: bool
) -> None:
    """Of an honest hub everything is offered again, and what it publishes next too."""
    home = await follow()
    for _ in range(3):
        hub.publish(public_request())
    await home.poll()
    home.world.clock.wall += timedelta(days=days)
    hub.down = away
    if news:
        hub.publish(public_request())
    await home.poll()
    home.world.clock.wall -= timedelta(days=days)
    hub.down = False
    await home.poll()
    assert home.alarms() == set()
    assert home.world.manager.hubs.reachable(PORTAL) is True
    assert len(home.follower.known.items) == len(hub.items)
    before = len(await home.cases())
    hub.publish(public_request())
    await home.poll()
    assert home.alarms() == set()
    assert len(await home.cases()) == before + 1


@pytest.mark.parametrize("silent", ["/info", "/log", "/feed/u33d9"])
async def test_a_part_that_fails_costs_a_slot(
    follow: Follow, hub: StandInHub, silent: str
) -> None:
    """Nothing that came is forgotten, nothing is taken twice."""
    hub.publish(public_request())
    home = await follow()
    hub.silent = frozenset({silent})
    await home.poll()
    hub.silent = frozenset()
    await home.poll()
    await home.poll()
    assert len(await home.cases()) == 1
    assert home.alarms() == set()


async def test_a_long_log_is_read_page_by_page(follow: Follow, hub: StandInHub) -> None:
    """And in another slot, if it is longer than one poll reads."""
    for _ in range(45):
        n = hub.publish(public_request())
        hub.close(n)
    hub.publish(public_request())
    hub.page = 3
    home = await follow()
    await home.poll()
    assert hub.paths()[1:4] == ["/log?from=1", "/log?from=4", "/log?from=7"]
    assert await home.cases() == []
    await home.poll()
    assert len(await home.cases()) == 1
    assert home.alarms() == set()


async def test_a_feed_that_never_changes_is_not_believed_for_good(
    follow: Follow, hub: StandInHub
) -> None:
    """It says itself for how long it holds: then it is asked for whole."""
    home = await follow()
    home.world.clock.go_on(timedelta(days=1, hours=23))
    await home.poll()
    hub.always_304 = True
    seen = await home.seen()
    assert [path for _, path, headers, _ in seen if "If-None-Match" in dict(headers)]
    assert home.world.manager.hubs.reachable(PORTAL) is True
    home.world.clock.go_on(timedelta(hours=2))  # on the same day: it is asked so again
    seen = await home.seen()
    assert [path for _, path, headers, _ in seen if "If-None-Match" in dict(headers)]
    assert home.world.manager.hubs.reachable(PORTAL) is False
    seen = await home.seen()
    assert all("If-None-Match" not in dict(headers) for _, _, headers, _ in seen)


async def test_the_head_of_what_a_hub_says_of_itself_is_held_to_its_log(
    follow: Follow, hub: StandInHub
) -> None:
    """Who is told another head there than the log has was told of another log."""
    home = await follow()
    hub.publish(public_request())
    await home.poll()
    assert len(await home.cases()) == 1
    other = head_payload(Head(n=1, hash="ab" * 32), hub=hub.hub, at=hub.now())
    hub.change_info = {"head": sign_as_hub(other, hub.key, typ=HEAD_TYPE).decode()}
    await home.poll()
    assert home.alarms() == {"portal_fork"}


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"head": "no.token.here"},
        {"cells": []},
        {"cells": ["u33db", "u33"]},
        {"cells": ["u33db", "u33d"]},
        {"cells": [17]},
        {"rotations": ["no.token.here"]},
        {"slot_seconds": "soon"},
    ],
)
async def test_what_cannot_be_read_is_not_believed(
    follow: Follow, hub: StandInHub, change: dict[str, object]
) -> None:
    """The rest is asked for as always, and the next slot is a new one."""
    home = await follow()
    await home.poll()
    hub.publish(public_request())
    honest, hub.change_info = len(hub.seen), change
    await home.poll()
    assert len(hub.seen) == 2 * honest
    assert await home.cases() == []
    assert home.world.manager.hubs.reachable(PORTAL) is False
    hub.change_info = {}
    await home.poll()
    assert len(await home.cases()) == 1


# --- this home


async def test_a_camera_that_comes_later_is_asked_about_later(
    follow: Follow, hub: StandInHub
) -> None:
    """What did not concern this home does when it has a camera there: no poll needed."""

    def elsewhere(world: World) -> None:
        far = Viewpoint(place=Point(lat=52.56, lon=13.42))
        world.settings = replace(
            world.settings,
            cameras={
                key: replace(camera, viewpoint=far)
                for key, camera in world.settings.cameras.items()
            },
        )

    hub.publish(public_request())
    home = await follow(prepare=elsewhere)
    await home.poll()
    assert await home.cases() == []
    home.world.settings = replace(
        home.world.settings,
        cameras={
            key: replace(camera, viewpoint=None)
            for key, camera in home.world.settings.cameras.items()
        },
    )
    hub.seen.clear()
    await home.restart()
    assert len(await home.cases()) == 1
    assert hub.seen == []


async def test_a_camera_that_went_meanwhile_ends_it_in_silence(
    follow: Follow, hub: StandInHub
) -> None:
    """Between being taken in and being screened the home may change."""
    hub.publish(public_request())
    home = await follow()
    screener = home.world.manager._runner.screener
    answers = iter([True])
    screener.concerns = lambda request: next(answers, False)  # type: ignore[method-assign]
    await home.poll()
    [case] = await home.cases()
    assert case.closed is ClosedReason.SCREENED_OUT
    assert home.world.events == []


async def test_a_home_without_a_place_asks_nobody(
    follow: Follow, hub: StandInHub
) -> None:
    """It does not know which cell it is in."""

    def lost(world: World) -> None:
        world.settings = replace(world.settings, home=lambda: None)

    home = await follow(prepare=lost)
    await home.poll()
    assert hub.seen == []


async def test_a_flood_from_a_hub_waits(follow: Follow, hub: StandInHub) -> None:
    """No more cases of one hub at a time than somebody can read."""
    for _ in range(OPEN_MAX + 2):
        hub.publish(public_request())
    home = await follow()
    await home.poll()
    cases = await home.cases()
    assert len(cases) == OPEN_MAX
    await home.world.manager.async_decline(cases[0].case_id, ANNA)
    await home.poll()
    assert len(await home.cases()) == OPEN_MAX + 1


async def test_state_is_written_only_when_there_is_news(
    follow: Follow, hub: StandInHub
) -> None:
    """A slot in which nothing happened costs the disk nothing."""
    hub.publish(public_request())
    home = await follow()
    await home.poll()
    store = home.world.bench.store
    written: list[str] = []
    before = store.async_set

    async def noting(key: str, *rest: object) -> None:
        written.append(key)
        await before(key, *rest)  # type: ignore[arg-type]

    store.async_set = noting  # type: ignore[method-assign, assignment]
    await home.poll()
    await home.poll()
    assert written == []
    hub.publish(public_request())
    await home.poll()
    assert written == [f"portal_{hub.hub}"]
    kept = json.loads(await store.async_setting(f"portal_{hub.hub}", ""))
    assert kept["head"]["n"] == 2


async def test_a_case_that_moves_on_just_now_is_looked_at_the_next_time(
    follow: Follow, hub: StandInHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log says it again in the next slot."""
    n = hub.publish(public_request())
    home = await follow()
    await home.poll()
    hub.close(n)
    deciding = home.world.manager._deciding

    async def refuse(case_id: str) -> None:
        raise ConflictError("case_moved_on")

    with monkeypatch.context() as patch:
        patch.setattr(deciding, "async_end", refuse)
        await home.poll()
    assert await only_case(home) is CaseState.WAITING
    await home.poll()
    assert await only_case(home) is CaseState.CLOSED


async def test_a_disk_that_refuses_costs_nothing_but_time(
    follow: Follow, hub: StandInHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub is asked as always; what came is offered once it was written down."""
    home = await follow()
    await home.poll()
    hub.publish(public_request())

    async def refuse(*_: object) -> None:
        raise StoreError("store_failed")

    with monkeypatch.context() as patch:
        patch.setattr(home.world.bench.store, "async_set", refuse)
        await home.poll()
    assert await home.cases() == []
    await home.poll()
    assert await only_case(home) is CaseState.WAITING


async def test_a_start_waits_for_the_disk_and_a_fault_for_the_next_slot(
    follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither ends the following for good."""
    home = await follow()
    follower = home.follower
    await follower.begun.wait()
    went: list[str] = []

    async def begin() -> None:
        went.append("begin")
        if len(went) == 1:
            raise StoreError("store_failed")

    async def go_on() -> None:
        went.append("follow")
        if len(went) == 3:
            raise ValueError("a fault of ours")
        raise asyncio.CancelledError

    monkeypatch.setattr(http, "RETRY", 0)
    monkeypatch.setattr(follower, "async_begin", begin)
    monkeypatch.setattr(follower, "async_follow", go_on)
    with pytest.raises(asyncio.CancelledError):
        await http._follow(follower)
    assert went == ["begin", "begin", "follow", "follow"]


async def test_a_clock_that_is_set_while_it_waits_begins_a_slot_anew(
    follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was hours ahead: nobody waits for a moment of then."""
    home = await follow()
    await home.follower.begun.wait()
    await home.world.manager.hubs.async_stop()
    clock, asked = home.world.clock, 0
    sets = iter([timedelta(hours=-5), timedelta(hours=-5)])

    async def skip(seconds: float) -> None:
        clock.go_on(next(sets, timedelta(seconds=seconds)))

    async def note() -> None:
        nonlocal asked
        asked += 1
        if asked == 2:
            raise asyncio.CancelledError

    monkeypatch.setattr(hub_follower, "nap", skip)
    monkeypatch.setattr(home.follower, "async_poll", note)
    with pytest.raises(asyncio.CancelledError):
        await home.follower.async_follow()
    assert clock.now() < NOON - timedelta(hours=8)


async def test_a_hub_that_drips_costs_its_time_alone(
    follow: Follow, hub: StandInHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slot's asking ends after a while, whatever comes."""
    hub.publish(public_request())
    home = await follow()
    monkeypatch.setattr(hub_follower, "POLL_MAX", 0.0)
    await home.poll()
    assert home.world.manager.hubs.reachable(PORTAL) is False
    monkeypatch.undo()
    await home.poll()
    assert await only_case(home) is CaseState.WAITING


async def test_what_is_signed_by_nobody_is_not_believed(
    follow: Follow, hub: StandInHub
) -> None:
    """Another key, though it says the hub's name."""
    home = await follow()
    await home.poll()
    hub.publish(public_request())
    honest, hub.key = hub.key, Ed25519PrivateKey.generate()
    await home.poll()
    assert await home.cases() == []
    assert home.alarms() == set()
    assert home.world.manager.hubs.reachable(PORTAL) is False
    hub.key = honest
    for cell in hub.feeds.values():
        cell.shown = b""  # a new issue
    await home.poll()
    assert await only_case(home) is CaseState.WAITING
