"""From a submission to the feed, and to its end."""

from datetime import timedelta
import json

import pytest

from custom_components.clip_consent.core.errors import ConflictError, NotFoundError
from custom_components.clip_consent.core.hub_models import RefusalReason, WaitingKind
from custom_components.clip_consent.core.limits import LATE_MAX
from custom_components.clip_consent.core.portal_items import PublicRequest, read_item

from .world import CELL, INSURER, MODERATOR, POLICE, HubWorld


async def test_a_new_hub_says_who_it_is(hub: HubWorld) -> None:
    """Its terms are the first entry of its log; its feeds are there and empty."""
    info = await hub.manager.async_info()
    assert info["version"] == 1
    assert info["hub"] == hub.manager.hub
    assert info["name"] == "Lindenstraße"
    assert info["counts"] == {"published": 0, "refused": {}}
    (line,) = await hub.log()
    assert line.entry.kind == "terms"
    assert line.beside
    assert json.loads(line.beside.text)["rules"] == hub.settings.rules
    assert await hub.listed(CELL) == await hub.listed("u33dc") == []
    with pytest.raises(NotFoundError):
        hub.manager.feed("u33dd")


async def test_nothing_is_public_before_it_is_published(hub: HubWorld) -> None:
    """A submission waits, and only moderators and its requester see it."""
    item_id = await hub.police_asks()
    assert hub.manager.waiting == 1
    (waiting,) = await hub.manager.async_waiting()
    assert (waiting.id, waiting.kind) == (item_id, WaitingKind.REQUEST)
    assert waiting.requester == POLICE
    assert waiting.case_number == "2026-1187"
    assert await hub.listed() == []
    assert await hub.kinds() == ["terms"]
    with pytest.raises(NotFoundError):
        await hub.manager.async_public(item_id)
    assert await hub.manager.async_room(item_id) is None


async def test_what_is_published_is_in_log_and_feed_at_once(hub: HubWorld) -> None:
    """The log's text is the feed's, and says what the requester and the hub said."""
    item_id = await hub.police_asks()
    n = await hub.publish(item_id)
    (line,) = [line for line in await hub.log() if line.entry.n == n]
    (listed,) = (await hub.feed()).items
    assert line.entry.kind == "published"
    assert (listed.n, listed.beside) == (n, line.beside)
    item = read_item(listed.beside.text)
    assert isinstance(item, PublicRequest)
    assert (item.name, item.verified_how) == (POLICE.name, POLICE.verified_how)
    assert item.expires_at == item.published_at + timedelta(days=7)
    assert (await hub.feed()).head == await hub.head()
    assert (hub.manager.waiting, hub.manager.open_requests) == (0, 1)
    said = await hub.manager.async_public(item_id)
    assert said["state"] == "open"
    assert said["item"] == json.loads(listed.beside.text)
    assert (await hub.manager.async_info())["counts"] == {"published": 1, "refused": {}}
    room = await hub.manager.async_room(item_id)
    assert room and room.until == item.expires_at + LATE_MAX


async def test_it_is_listed_where_its_area_is(hub: HubWorld) -> None:
    """And in no other cell."""
    await hub.publish(await hub.police_asks())
    assert await hub.listed(CELL) == ["Car scratched"]
    assert await hub.listed("u33dc") == []


async def test_a_neighbour_has_no_name(hub: HubWorld) -> None:
    """The hub knows none, and says so."""
    n = await hub.publish(await hub.neighbour_asks())
    line = (await hub.log())[n - 1]
    assert line.beside
    item = json.loads(line.beside.text)
    assert item["kind"] == "neighbour"
    assert (item["name"], item["organisation"], item["contact"]) == ("", "", "")
    assert "no name" in item["verified_how"]


@pytest.mark.parametrize("end", ["withdraw", "resolve"])
async def test_what_ends_leaves_the_feed_and_stays_in_the_log(
    hub: HubWorld, end: str
) -> None:
    """Doing it again changes nothing more."""
    item_id = await hub.police_asks()
    n = await hub.publish(item_id)
    act = getattr(hub.manager, f"async_{end}")
    for _ in range(2):
        await act(POLICE, item_id)
    assert await hub.listed() == []
    last = (await hub.log())[-1]
    ended = {"withdraw": "withdrawn", "resolve": "resolved"}[end]
    assert (last.entry.kind, last.entry.id, last.entry.target) == (ended, item_id, n)
    assert await hub.kinds() == ["terms", "published", ended]
    assert (await hub.manager.async_public(item_id))["state"] == ended
    assert (await hub.manager.async_public(item_id))["item"] is not None
    assert hub.manager.open_requests == 0
    assert await hub.manager.async_room(item_id) is None


async def test_what_waits_can_be_taken_back_without_a_trace(hub: HubWorld) -> None:
    """It was never public, so the log says nothing of it; resolving makes no sense."""
    item_id = await hub.police_asks()
    with pytest.raises(NotFoundError):
        await hub.manager.async_resolve(POLICE, item_id)
    await hub.manager.async_withdraw(POLICE, item_id)
    assert await hub.kinds() == ["terms"]
    assert hub.manager.waiting == 0
    with pytest.raises(ConflictError):
        await hub.manager.async_publish(item_id, MODERATOR)
    with pytest.raises(NotFoundError):
        await hub.manager.async_public(item_id)


async def test_nobody_ends_what_is_not_theirs(hub: HubWorld) -> None:
    """Another requester, no token, a wrong secret: there is no such request."""
    item_id = await hub.police_asks()
    await hub.publish(item_id)
    for requester, secret in ((INSURER, ""), (None, ""), (None, "inbox secret")):
        for act in (hub.manager.async_withdraw, hub.manager.async_resolve):
            with pytest.raises(NotFoundError):
                await act(requester, item_id, secret=secret)
    with pytest.raises(NotFoundError):
        await hub.manager.async_withdraw(POLICE, "a" * 26)
    assert await hub.listed() == ["Car scratched"]


async def test_a_neighbour_ends_theirs_with_the_secret_of_the_inbox(
    hub: HubWorld,
) -> None:
    """They have no other token."""
    item_id = await hub.neighbour_asks()
    await hub.publish(item_id)
    await hub.manager.async_withdraw(None, item_id, secret="inbox secret")
    assert (await hub.manager.async_public(item_id))["state"] == "withdrawn"


async def test_its_time_ends_it(hub: HubWorld) -> None:
    """The feed is made anew without it, by the clock alone."""
    item_id = await hub.police_asks()
    await hub.publish(item_id)
    before = await hub.head()
    hub.clock.go_on(timedelta(days=7))
    await hub.manager._sweep.async_round()
    assert await hub.listed() == []
    assert (await hub.manager.async_public(item_id))["state"] == "expired"
    room = await hub.manager.async_room(item_id)
    assert room and room.until == hub.clock.now() + LATE_MAX  # for what was approved
    assert await hub.head() == before  # the log need not say it: the item did
    assert hub.manager.open_requests == 0
    with pytest.raises(NotFoundError):
        await hub.manager.async_withdraw(POLICE, item_id)


async def test_what_is_refused_is_counted_and_nothing_more(hub: HubWorld) -> None:
    """By its reason; its requester is told the reason."""
    item_id = await hub.police_asks()
    await hub.manager.async_refuse(item_id, RefusalReason.TOO_BROAD, MODERATOR)
    assert hub.manager.waiting == 0
    assert await hub.kinds() == ["terms"]
    info = await hub.manager.async_info()
    assert info["counts"] == {"published": 0, "refused": {"too_broad": 1}}
    with pytest.raises(NotFoundError):
        await hub.manager.async_public(item_id)
    with pytest.raises(ConflictError):
        await hub.manager.async_publish(item_id, MODERATOR)
    with pytest.raises(ConflictError):
        await hub.manager.async_refuse(item_id, RefusalReason.ABUSIVE, MODERATOR)
    (row,) = (await hub.manager.async_desk(POLICE))["requests"]
    assert (row["state"], row["refused"]) == ("refused", "too_broad")


async def test_nobody_vouches_for_who_is_gone(hub: HubWorld) -> None:
    """What a removed requester sent can be refused, and not be published."""
    item_id = await hub.police_asks()
    await hub.reboot(requesters={})
    with pytest.raises(ConflictError, match="requester_gone"):
        await hub.manager.async_publish(item_id, MODERATOR)
    await hub.manager.async_refuse(item_id, RefusalReason.AGAINST_RULES, MODERATOR)
    assert await hub.kinds() == ["terms"]


async def test_listeners_hear_of_every_change(hub: HubWorld) -> None:
    """And of the drop box's; until they end it."""
    heard: list[tuple[int, int, int]] = []
    manager = hub.manager
    end = manager.on_change(
        lambda: heard.append((manager.waiting, manager.open_requests, manager.drop_use))
    )
    item_id = await hub.police_asks()
    await hub.publish(item_id)
    hub.drops.put(item_id, 1000)
    assert heard == [(1, 0, 0), (0, 1, 0), (0, 1, 1000)]
    end()
    await hub.manager.async_withdraw(POLICE, item_id)
    assert len(heard) == 3
