"""Without an address that works from outside the owner is told, until there is one."""

from unittest.mock import Mock

from homeassistant.components.cloud import (
    SIGNAL_CLOUD_CONNECTION_STATE,
    CloudConnectionState,
)
from homeassistant.components.cloud.const import DATA_CLOUD
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.dispatcher import async_dispatcher_send

from custom_components.clip_consent.reach import watch_reach


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


async def test_cloud_counts_once_it_is_connected(hass: HomeAssistant) -> None:
    """Home Assistant Cloud connects later than we start."""
    cloud = Mock(is_logged_in=True)
    cloud.client.prefs.remote_enabled = True
    cloud.client.prefs.remote_domain = cloud.remote.instance_domain = None
    hass.data[DATA_CLOUD] = cloud
    hass.config.components.add("cloud")
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
