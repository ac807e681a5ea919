"""Without an address that works from outside the owner is told, until there is one."""

from collections.abc import Collection
from typing import Final
from unittest.mock import Mock

from homeassistant.components.cloud import (
    SIGNAL_CLOUD_CONNECTION_STATE,
    CloudConnectionState,
)
from homeassistant.components.cloud.const import DATA_CLOUD
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE, EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.dispatcher import async_dispatcher_send
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.clip_consent.reach import watch_reach

from .acting import state_of

PORTAL: Final = ("binary_sensor", "portal_direct")


def _is_told(hass: HomeAssistant) -> bool:
    issues = ir.async_get(hass).issues
    return ("clip_consent", "no_external_url") in issues


class _Alarm:
    """Repair issues, without the rest of a home."""

    def __init__(self) -> None:
        self.raised: set[str] = set()

    def raise_alarm(self, code: str, *, about: str = "", **placeholders: str) -> None:
        self.raised.add(code)

    def clear_alarm(self, code: str, *, about: str = "") -> None:
        self.raised.discard(code)

    def clear_others(self, code: str, about: Collection[str]) -> None:
        raise AssertionError("an address is about nothing else")


async def test_told_until_there_is_an_address(
    hass: HomeAssistant, entry: object
) -> None:
    """The repair issue of a home with an invite follows the settings."""
    assert _is_told(hass)
    await hass.config.async_update(external_url="https://home.example")
    await hass.async_block_till_done()
    assert not _is_told(hass)
    await hass.config.async_update(external_url=None)
    await hass.async_block_till_done()
    assert _is_told(hass)


async def test_the_portal_shows_it_at_once(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The sensor of the portal follows the settings, as long as the home is loaded."""
    assert state_of(hass, entry, *PORTAL) == "off"
    await hass.config.async_update(external_url="https://home.example")
    await hass.async_block_till_done()
    assert state_of(hass, entry, *PORTAL) == "on"
    await hass.config.async_update(external_url=None)
    await hass.async_block_till_done()
    assert state_of(hass, entry, *PORTAL) == "off"
    listening = hass.bus.async_listeners()[EVENT_CORE_CONFIG_UPDATE]
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert hass.bus.async_listeners()[EVENT_CORE_CONFIG_UPDATE] == listening
    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.config.async_update(external_url="https://home.example")
    await hass.async_block_till_done()
    assert state_of(hass, entry, *PORTAL) == "unavailable"


async def test_the_portal_shows_the_cloud(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """On once the cloud is connected, off once it is not any more."""
    cloud = _cloud(hass)
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert state_of(hass, entry, *PORTAL) == "off"
    for domain, connection, shown in (
        ("abc.ui.nabu.casa", CloudConnectionState.CLOUD_CONNECTED, "on"),
        (None, CloudConnectionState.CLOUD_DISCONNECTED, "off"),
    ):
        cloud.remote.instance_domain = domain
        async_dispatcher_send(hass, SIGNAL_CLOUD_CONNECTION_STATE, connection)
        await hass.async_block_till_done()
        assert state_of(hass, entry, *PORTAL) == shown


async def test_the_portal_is_unknown_until_the_start_is_over(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Before, an address may still come: nobody is told of a trouble that is none."""
    hass.set_state(CoreState.starting)
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert state_of(hass, entry, *PORTAL) == "unknown"
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await hass.async_block_till_done()
    assert state_of(hass, entry, *PORTAL) == "off"


def _cloud(hass: HomeAssistant) -> Mock:
    """Set up a cloud that is not connected yet."""
    cloud = Mock(is_logged_in=True)
    cloud.client.prefs.remote_enabled = True
    cloud.client.prefs.remote_domain = cloud.remote.instance_domain = None
    hass.data[DATA_CLOUD] = cloud
    hass.config.components.add("cloud")
    return cloud


async def test_cloud_counts_once_it_is_connected(hass: HomeAssistant) -> None:
    """Home Assistant Cloud connects later than we start."""
    cloud = _cloud(hass)
    alarm = _Alarm()
    stop = watch_reach(hass, alarm, has_invites=lambda: True)
    await hass.async_block_till_done()
    assert alarm.raised == {"no_external_url"}

    cloud.remote.instance_domain = "abc.ui.nabu.casa"
    async_dispatcher_send(
        hass, SIGNAL_CLOUD_CONNECTION_STATE, CloudConnectionState.CLOUD_CONNECTED
    )
    await hass.async_block_till_done()
    assert alarm.raised == set()

    stop()
    cloud.remote.instance_domain = None
    await hass.config.async_update(location_name="Home")
    await hass.async_block_till_done()
    assert alarm.raised == set()


async def test_without_invites_no_address_is_needed(hass: HomeAssistant) -> None:
    """Nobody was given a link."""
    alarm = _Alarm()
    stop = watch_reach(hass, alarm, has_invites=lambda: False)
    await hass.async_block_till_done()
    assert alarm.raised == set()
    stop()
