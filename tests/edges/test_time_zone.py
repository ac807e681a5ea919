"""The home goes by Home Assistant's time zone and place, also by those of today."""

import asyncio
from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.clip_consent.core.geo import Point
from custom_components.clip_consent.home.manager import HomeManager

from .acting import Panel

ELSEWHERE: Final = "Asia/Tokyo"


async def test_another_time_zone_counts_at_once(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Chosen in the settings: rules, file names and the panel go by it, once started."""
    assert str(manager.time_zone) != ELSEWHERE
    await hass.config.async_update(time_zone=ELSEWHERE)
    await hass.async_block_till_done()
    home: HomeManager = entry.runtime_data
    assert home is not manager
    assert str(home.time_zone) == ELSEWHERE
    panel = Panel(await hass_ws_client(hass))
    await panel.result("subscribe")
    assert (await panel.event("snapshot"))["time_zone"] == ELSEWHERE
    await hass.config.async_update(time_zone=str(manager.time_zone))
    await hass.async_block_till_done()
    assert entry.runtime_data.time_zone == manager.time_zone


async def test_another_place_counts_at_once(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Rules go by the distance from there, and the panel draws it; 0, 0 is none."""
    for latitude, longitude, place in (
        (52.1, 4.3, Point(lat=52.1, lon=4.3)),
        (52.1, 0, Point(lat=52.1, lon=0)),
        (0, 0, None),
        (0, 4.3, Point(lat=0, lon=4.3)),
    ):
        await hass.config.async_update(latitude=latitude, longitude=longitude)
        await hass.async_block_till_done()
        # a boat tells its place all day: nothing is broken off for that
        assert entry.runtime_data is manager
        assert manager.place == place
        panel = Panel(await hass_ws_client(hass))
        await panel.result("subscribe")
        shown = {"latitude": latitude, "longitude": longitude} if place else None
        assert (await panel.event("snapshot"))["home"] == shown


async def test_any_other_setting_starts_nothing_anew(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager
) -> None:
    """The same time zone saved again, and a new name: the home just goes on."""
    await hass.config.async_update(time_zone=hass.config.time_zone)
    await hass.config.async_update(latitude=hass.config.latitude, elevation=12)
    await hass.config.async_update(location_name="Our house")
    await hass.async_block_till_done()
    assert entry.runtime_data is manager


async def test_a_change_during_the_start_is_not_lost(
    hass: HomeAssistant, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The start is not broken off: it ends, and then begins anew, once."""
    begun, go_on, starts = asyncio.Event(), asyncio.Event(), 0
    start = HomeManager.async_start

    async def slow(self: HomeManager) -> None:
        nonlocal starts
        starts += 1
        begun.set()
        await go_on.wait()
        await start(self)

    monkeypatch.setattr(HomeManager, "async_start", slow)
    assert await hass.config_entries.async_unload(entry.entry_id)
    starting = hass.async_create_task(hass.config_entries.async_setup(entry.entry_id))
    await begun.wait()
    await hass.config.async_update(time_zone=ELSEWHERE)
    assert (entry.state, starts) == (ConfigEntryState.SETUP_IN_PROGRESS, 1)
    go_on.set()
    assert await starting
    await hass.async_block_till_done()
    assert str(entry.runtime_data.time_zone) == ELSEWHERE
    assert (entry.state, starts) == (ConfigEntryState.LOADED, 2)
