"""Clip Consent: the owner's answer to requests for camera footage."""

from functools import partial

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryError, ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import (
    async_dispatcher_connect,
    async_dispatcher_send,
)
from homeassistant.helpers.typing import ConfigType

from .const import DOMAIN, SIGNAL_HUB_STARTED, SIGNAL_STARTED
from .core.errors import ClipConsentError, StoreError
from .entity import ClipConsentConfigEntry, HubConfigEntry, is_hub
from .frontend import async_serve_panel, read_public_files
from .http import register_views
from .services import register_actions
from .setup_home import (
    async_remove_home,
    async_set_up_home,
    async_unload_home,
    hide_home,
)
from .setup_hub import (
    async_remove_hub,
    async_set_up_hub,
    async_unload_hub,
    find_drops,
    hide_hub,
)
from .websocket import register_commands

type Entry = ClipConsentConfigEntry | HubConfigEntry

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register once what Home Assistant cannot take back: views, commands, actions."""
    files = await hass.async_add_executor_job(read_public_files)
    register_views(hass, files, find_drops)
    register_commands(hass)
    register_actions(hass)
    await async_serve_panel(hass, files)
    hass.data[DOMAIN] = files
    async_dispatcher_connect(
        hass, SIGNAL_CONFIG_ENTRY_CHANGED, partial(_hide_disabled, hass)
    )
    return True


@callback
def _hide_disabled(
    hass: HomeAssistant, _: ConfigEntryChange, entry: ConfigEntry
) -> None:
    """Take away what is of no use, and what nobody mends, while the home is disabled.

    Heard from Home Assistant: a home that could not start is never unloaded.
    """
    stopped = entry.state is ConfigEntryState.NOT_LOADED
    if entry.domain == DOMAIN and entry.disabled_by and stopped:
        (hide_hub if is_hub(entry) else hide_home)(hass)


async def async_setup_entry(hass: HomeAssistant, entry: Entry) -> bool:
    """Put a home, or a hub, together and start it."""
    # before anything is read: what is saved meanwhile counts too
    entry.async_on_unload(entry.add_update_listener(_async_reload))
    try:
        if is_hub(entry):
            await async_set_up_hub(hass, entry)
        else:
            await async_set_up_home(hass, entry)
    except ClipConsentError as err:
        # a disk may recover, and what is open ends; a rule or a database of another
        # version will not
        recovers = isinstance(err, StoreError) and err.code != "store_too_new"
        passing = recovers or err.code == "feed_full"
        kind = ConfigEntryNotReady if passing else ConfigEntryError
        raise kind(
            translation_domain=DOMAIN,
            translation_key=err.code,
            translation_placeholders=err.placeholders or None,
        ) from err
    # not before the entry counts as loaded
    entry.async_on_unload(
        entry.async_on_state_change(partial(_tell_started, hass, entry))
    )
    return True


@callback
def _tell_started(hass: HomeAssistant, entry: Entry) -> None:
    if entry.state is ConfigEntryState.LOADED:
        signal = SIGNAL_HUB_STARTED if is_hub(entry) else SIGNAL_STARTED
        async_dispatcher_send(hass, signal)


async def async_unload_entry(hass: HomeAssistant, entry: Entry) -> bool:
    """Stop what was started; what was saved goes on after the next start."""
    if is_hub(entry):
        return await async_unload_hub(hass, entry)
    return await async_unload_home(hass, entry)


async def async_remove_entry(hass: HomeAssistant, entry: Entry) -> None:
    """Remove what is kept for it; a home's ledger stays with the owner."""
    await (async_remove_hub if is_hub(entry) else async_remove_home)(hass)


async def _async_reload(hass: HomeAssistant, entry: Entry) -> None:
    """Start anew with changed settings."""
    hass.config_entries.async_schedule_reload(entry.entry_id)
