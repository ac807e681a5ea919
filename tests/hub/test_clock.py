"""A hub whose clock is wrong for a moment: nothing is lost by it."""

from datetime import timedelta

import pytest

from .world import HubWorld


@pytest.mark.parametrize("by", [timedelta(hours=12), timedelta(days=20)])
async def test_a_clock_that_was_ahead_for_a_minute_empties_no_feed(
    hub: HubWorld, by: timedelta
) -> None:
    """What was signed for a time to come is signed anew as soon as it goes right."""
    await hub.publish(await hub.police_asks())
    wall = hub.clock.wall
    hub.clock.wall += by
    hub.clock.stopwatch += 60
    await hub.manager._sweep.async_round()
    hub.clock.wall = wall + timedelta(minutes=1)
    await hub.manager._sweep.async_round()
    feed = await hub.feed()
    assert feed.issued <= hub.clock.now()
    assert await hub.listed() == ["Car scratched"]


async def test_a_hub_that_starts_with_its_clock_right_again_signs_anew(
    hub: HubWorld,
) -> None:
    """What it signed for a time to come is not what it begins with."""
    await hub.publish(await hub.police_asks())
    wall = hub.clock.wall
    hub.clock.wall += timedelta(days=20)
    await hub.manager._sweep.async_round()
    assert await hub.listed() == []
    hub.clock.wall = wall
    await hub.reboot()
    assert await hub.listed() == ["Car scratched"]


async def test_a_clock_that_was_ahead_for_a_minute_deletes_nothing(
    hub: HubWorld,
) -> None:
    """An hour later it is believed, if it still says so."""
    item = await hub.police_asks()
    await hub.publish(item)
    hub.drops.put(item, 5)
    await hub.manager._sweep.async_round()
    swept = len(hub.drops.swept)
    wall = hub.clock.wall
    hub.clock.wall += timedelta(days=400)
    hub.clock.stopwatch += 3600
    await hub.manager._sweep.async_round()
    hub.clock.wall = wall + timedelta(hours=1)
    hub.clock.stopwatch += 3600
    await hub.manager._sweep.async_round()
    assert hub.drops.forgotten == []
    assert len(hub.drops.swept) == swept
    hub.clock.wall += timedelta(days=400)
    for _ in range(2):
        hub.clock.go_on(timedelta(hours=1))
        await hub.manager._sweep.async_round()
    assert hub.drops.forgotten == [item]
