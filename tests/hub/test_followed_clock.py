"""C-03: a hub's clock and a home's differ, as those of houses do."""

from datetime import timedelta

import pytest

from tests.manager.world import GARDEN

from .test_followed import PORTAL, Home, home, poll, window_of
from .web import WebHub

__all__ = ["home"]  # a fixture, used by name
MINUTES = [-10, 10]


async def ask(hub: WebHub) -> None:
    """Publish a request of an hour ago."""
    item = await hub.police_asks(**window_of(hub.clock.now() - timedelta(hours=1)))
    await hub.publish(item)


@pytest.mark.parametrize("minutes", MINUTES)
async def test_ten_minutes_apart_nothing_is_lost(
    web_hub: WebHub, home: Home, minutes: int
) -> None:
    """Neither is told, and neither has to be right."""
    home.clock.wall = web_hub.clock.now() + timedelta(minutes=minutes)
    home.source.add(GARDEN, web_hub.clock.now() - timedelta(hours=4), 4 * 3600)
    await ask(web_hub)
    await poll(home)
    assert len(home.manager.reading.open_cases()) == 1
    assert home.alarm.raised == {}
    assert home.manager.hubs.reachable(PORTAL) is True


@pytest.mark.parametrize("minutes", MINUTES)
async def test_a_new_key_of_ten_minutes_ahead_raises_no_alarm(
    web_hub: WebHub, home: Home, minutes: int
) -> None:
    """It may have to wait until its time has come here too; nothing is lost."""
    home.clock.wall = web_hub.clock.now() + timedelta(minutes=minutes)
    home.source.add(GARDEN, web_hub.clock.now() - timedelta(hours=4), 4 * 3600)
    await web_hub.manager.async_rotate_key()
    await ask(web_hub)
    await poll(home)
    assert home.alarm.raised == {}
    home.clock.go_on(timedelta(minutes=11))
    await poll(home)
    assert len(home.manager.reading.open_cases()) == 1
    assert home.alarm.raised == {}


async def test_days_apart_nothing_is_believed_and_that_shows(
    web_hub: WebHub, home: Home
) -> None:
    """A feed whose time is over may be held back; the hub counts as not reached."""
    home.clock.wall = web_hub.clock.now() + timedelta(days=3)
    await ask(web_hub)
    await poll(home)
    assert home.manager.reading.open_cases() == ()
    assert home.manager.hubs.reachable(PORTAL) is False
