"""Limits: they count submissions until the moment that was fixed when those came in."""

import asyncio
from datetime import timedelta

import pytest

from custom_components.clip_consent.core.errors import (
    InvalidRequestError,
    LimitError,
    NotFoundError,
)
from custom_components.clip_consent.core.hub_models import RefusalReason
from custom_components.clip_consent.core.hub_settings import HubLimits
from custom_components.clip_consent.core.limits import (
    HUB_PER_ADDRESS_AND_DAY,
    HUB_WAITING_MAX,
)

from .world import INSURER, MODERATOR, POLICE, HubWorld, body, new_recipient

WEEK = timedelta(days=7)
INSTANT = timedelta(milliseconds=1)


async def left(hub: HubWorld) -> object:
    """Return how many the insurer has left."""
    return (await hub.manager.async_desk(INSURER))["left_this_week"]


async def test_three_a_week_for_each_requester(hub: HubWorld) -> None:
    """Whatever became of them; until a week after each came in, and not longer."""
    first = await hub.insurer_asks()
    hub.clock.go_on(timedelta(days=1))
    for _ in range(2):
        await hub.insurer_asks()
    assert await left(hub) == 0
    await hub.manager.async_refuse(first, RefusalReason.ABUSIVE, MODERATOR)
    for _ in range(2):
        with pytest.raises(LimitError, match="too_many_week"):
            await hub.insurer_asks()
    await hub.police_asks()  # others have their own
    hub.clock.go_on(WEEK - timedelta(days=1) - INSTANT)
    with pytest.raises(LimitError, match="too_many_week"):
        await hub.insurer_asks()
    await hub.reboot()
    hub.clock.go_on(INSTANT)
    assert await left(hub) == 1
    await hub.insurer_asks(start="2026-11-30T18:00:00Z", end="2026-11-30T19:00:00Z")
    assert await left(hub) == 0


async def test_the_operator_can_raise_it(hub: HubWorld) -> None:
    """What came in before is counted as before."""
    for _ in range(3):
        await hub.insurer_asks()
    await hub.reboot(limits=HubLimits(per_week=4))
    assert await left(hub) == 1
    await hub.insurer_asks()
    await hub.reboot(limits=HubLimits(per_week=2))
    assert await left(hub) == 0


async def test_publishing_later_makes_it_count_no_longer(hub: HubWorld) -> None:
    """It counts from when it came in, and is open from when it was published."""
    first = await hub.insurer_asks()
    for _ in range(2):
        await hub.insurer_asks()
    hub.clock.go_on(timedelta(days=6))
    await hub.publish(first)
    hub.clock.go_on(timedelta(days=1))
    assert (await hub.manager.async_public(first))["state"] == "open"
    assert await left(hub) == 3


async def test_two_for_each_case_number(hub: HubWorld) -> None:
    """However it is spelt."""
    await hub.police_asks()
    await hub.manager.async_submit(body(case_number=" 2026 - 1187"), POLICE, "")
    with pytest.raises(LimitError, match="too_many_case_number"):
        await hub.police_asks()
    await hub.manager.async_submit(body(case_number="2026-1188"), POLICE, "")


async def test_the_same_recipient_twice_is_the_same_request(hub: HubWorld) -> None:
    """Sent again after an answer that was lost, it is the first; it counts once."""
    key = new_recipient()
    first = await hub.insurer_asks(recipient=key)
    assert await hub.insurer_asks(recipient=key, title="Other words") == first
    assert hub.manager.waiting == 1
    assert await left(hub) == 2
    assert await hub.police_asks(recipient=key) != first  # somebody else's is not
    neighbours = await hub.neighbour_asks(recipient=key)
    assert await hub.neighbour_asks(recipient=key) == neighbours != first


async def test_an_address_has_its_day(hub: HubWorld) -> None:
    """For what comes from strangers: a network of IPv6 is one of them."""
    for _ in range(HUB_PER_ADDRESS_AND_DAY):
        await hub.neighbour_asks("2a00:1450:1:2::1")
    for address in ("2a00:1450:1:2::2", "2a00:1450:1:2:ffff::2%eth0"):
        with pytest.raises(LimitError, match="too_many_today"):
            await hub.neighbour_asks(address)
    for other in ("2a00:1450:2:3::1", "8.8.8.9"):
        await hub.neighbour_asks(other)
    for _ in range(HUB_PER_ADDRESS_AND_DAY - 1):
        await hub.neighbour_asks("::ffff:8.8.8.9")
    with pytest.raises(LimitError, match="too_many_today"):
        await hub.neighbour_asks("8.8.8.9")
    await hub.insurer_asks()  # it comes from an address too, and with a name
    hub.clock.go_on(timedelta(days=1) - INSTANT)
    await hub.reboot()
    with pytest.raises(LimitError, match="too_many_today"):
        await hub.neighbour_asks("8.8.8.9")
    hub.clock.go_on(INSTANT)
    await hub.neighbour_asks("8.8.8.9")


async def test_whom_a_proxy_stands_for_is_not_told_by_its_address(
    hub: HubWorld,
) -> None:
    """So there is no limit for it alone: all the neighbourhood may be behind it."""
    for _ in range(HUB_PER_ADDRESS_AND_DAY + 1):
        await hub.neighbour_asks("192.168.1.1")
        await hub.neighbour_asks("somewhere")


async def test_no_address_is_written_down(hub: HubWorld) -> None:
    """A keyed digest of it is, for a day."""
    await hub.neighbour_asks("8.8.8.77")
    (row,) = hub.rows("SELECT * FROM visits")
    assert len(row["address"]) == 64
    assert b"8.8.8.77" not in (hub.folder / "hub.db-wal").read_bytes()
    hub.clock.go_on(timedelta(days=1))
    await hub.manager._sweep.async_round()
    assert hub.rows("SELECT * FROM visits") == []


async def test_a_flood_of_strangers_fills_no_disk_and_keeps_no_requester_out(
    hub: HubWorld,
) -> None:
    """So many wait at most; requesters whom the hub knows come in all the same."""
    for number in range(HUB_WAITING_MAX):
        await hub.neighbour_asks(f"8.8.8.{number}")
    with pytest.raises(LimitError, match="too_many_waiting"):
        await hub.neighbour_asks("9.9.9.9")
    await hub.police_asks()
    (first, *_) = await hub.manager.async_waiting()
    await hub.manager.async_refuse(first.id, RefusalReason.ABUSIVE, MODERATOR)
    await hub.neighbour_asks("9.9.9.9")


async def test_what_no_moderator_looked_at_is_over_after_a_week(hub: HubWorld) -> None:
    """Then it waits no more, and cannot be published by surprise."""
    item_id = await hub.insurer_asks()
    hub.clock.go_on(WEEK)
    assert await hub.manager.async_waiting() == []
    (row,) = (await hub.manager.async_desk(INSURER))["requests"]
    assert row["state"] == "expired"
    with pytest.raises(Exception, match="not_waiting"):
        await hub.manager.async_publish(item_id, MODERATOR)


async def test_a_refused_body_is_kept_nowhere_and_counts_for_nothing(
    hub: HubWorld,
) -> None:
    """A mistake costs nobody their week."""
    with pytest.raises(InvalidRequestError, match="window_too_long"):
        await hub.insurer_asks(end="2026-11-24T18:00:00Z")
    with pytest.raises(InvalidRequestError, match="area_outside_hub"):
        await hub.insurer_asks(
            area={"kind": "circle", "latitude": 40, "longitude": 13.4, "radius": 200}
        )
    assert await left(hub) == 3
    assert hub.rows("SELECT * FROM items") == []


async def test_neighbours_ask_only_where_they_may(hub: HubWorld) -> None:
    """Where they may not, it looks as if there were no such thing."""
    await hub.reboot(neighbours_may_ask=False)
    with pytest.raises(NotFoundError):
        await hub.neighbour_asks()
    with pytest.raises(NotFoundError):
        await hub.manager.async_take_notice(b"{}", "8.8.8.1")
    await hub.insurer_asks()


async def test_strangers_who_withdraw_fill_no_queue(hub: HubWorld) -> None:
    """While a backup is made a requester waits for its end, and is not refused."""
    await hub.manager.async_pause()
    strangers = [
        asyncio.create_task(hub.manager.async_withdraw(None, "a" * 26, secret="nobody"))
        for _ in range(300)
    ]
    said = await asyncio.gather(*strangers, return_exceptions=True)
    assert {type(each) for each in said} == {NotFoundError}
    asked = asyncio.create_task(hub.insurer_asks())
    await asyncio.sleep(0.05)
    assert not asked.done()
    hub.manager.resume()
    assert await asked
