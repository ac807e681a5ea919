"""What entities and the other edges share: the entry's type, the way to the manager."""

import asyncio
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any, Final, TypeIs, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.signal_type import SignalType

from .base.hold import Hold
from .const import DOMAIN, ENTRY_HUB, HUB_PANEL_PATH, NAME, PANEL_PATH
from .core.errors import NotFoundError
from .core.models import CaseEvent
from .home.manager import HomeManager
from .hub.manager import HubManager

RELOAD_MAX: Final = 10.0  # seconds that a call waits for an entry that reloads

# something happened to a case: what triggers listen to, whether a home is set up or not
SIGNAL_EVENT: Final[SignalType[CaseEvent]] = SignalType(f"{DOMAIN}_event")
# what a user decided: the logbook tells of it
EVENT_DECIDED: Final = f"{DOMAIN}_decided"
MARK: Final = "mark"  # its field that shows that it is of the home
_MARKED: Final = (
    *("decision", "case_id", "label", "trust", "camera", "start", "end", "entity_id"),
)

_HOLD: Final[HassKey[Hold]] = HassKey(f"{DOMAIN}_hold")
_GO_ON: Final[HassKey[bool]] = HassKey(f"{DOMAIN}_hub_go_on")

type ClipConsentConfigEntry = ConfigEntry[HomeManager]
type HubConfigEntry = ConfigEntry[HubManager]


@callback
def is_hub(
    entry: ClipConsentConfigEntry | HubConfigEntry | ConfigEntry,
) -> TypeIs[HubConfigEntry]:
    """Tell a hub's entry from that of the home beside it."""
    return entry.unique_id == ENTRY_HUB


@callback
def loaded_manager(hass: HomeAssistant) -> HomeManager | None:
    """Return the home's manager, None while it is not set up."""
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        if not is_hub(entry):
            manager: HomeManager = entry.runtime_data
            return manager
    return None


@callback
def loaded_hub(hass: HomeAssistant) -> HubManager | None:
    """Return the hub's manager, None while there is none or it is not set up."""
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        if is_hub(entry):
            manager: HubManager = entry.runtime_data
            return manager
    return None


async def async_home(hass: HomeAssistant) -> HomeManager:
    """Return the home's manager, once it is there again if its entry reloads.

    Every saved setting starts it anew: who calls just then waits, for `RELOAD_MAX` at
    most. Raises NotFoundError `not_loaded`.
    """
    await _async_reloaded(hass, hub=False)
    if (manager := loaded_manager(hass)) is None:
        raise NotFoundError("not_loaded")
    return manager


async def async_hub(hass: HomeAssistant) -> HubManager:
    """Return the hub's manager in the same way. Raises NotFoundError."""
    await _async_reloaded(hass, hub=True)
    if (manager := loaded_hub(hass)) is None:
        raise NotFoundError("hub_not_loaded")
    return manager


async def _async_reloaded(hass: HomeAssistant, *, hub: bool) -> None:
    """Wait for the end of what Home Assistant does with an entry just now."""
    for entry in hass.config_entries.async_entries(DOMAIN, include_disabled=False):
        if is_hub(entry) is hub and entry.setup_lock.locked():
            with suppress(TimeoutError):
                async with asyncio.timeout(RELOAD_MAX), entry.setup_lock:
                    pass


def marked_fields(data: Mapping[str, Any]) -> dict[str, str | None] | None:
    """Return what a mark stands for, None if that is not what the home says."""
    fields = {key: data.get(key) for key in _MARKED}
    plain = all(value is None or isinstance(value, str) for value in fields.values())
    return fields if plain else None


@callback
def backup_hold(hass: HomeAssistant) -> Hold:
    """Return what holds all writing for a backup, whatever starts or stops then."""
    return hass.data.setdefault(_HOLD, Hold())


async def async_let_hub_go_on(hass: HomeAssistant) -> bool:
    """Start a hub whose log lacks what it signed; tell whether it did start.

    An admin said so, to this very start: after another restore it is asked again.
    """
    hass.data[_GO_ON] = True
    try:
        for entry in hass.config_entries.async_entries(DOMAIN, include_disabled=False):
            if is_hub(entry):
                await hass.config_entries.async_reload(entry.entry_id)
        return loaded_hub(hass) is not None
    finally:
        hass.data.pop(_GO_ON)


@callback
def hub_goes_on(hass: HomeAssistant) -> bool:
    """Tell whether a hub is to start though its log lacks what it signed."""
    return hass.data.get(_GO_ON, False)


@callback
def is_set_up(hass: HomeAssistant, *, hub: bool = False) -> bool:
    """Tell whether there is a home, or a hub, here: even one that is just starting."""
    return any(
        is_hub(entry) is hub
        for entry in hass.config_entries.async_entries(
            DOMAIN, include_ignore=False, include_disabled=False
        )
    )


@callback
def remove_hubs_gone(
    hass: HomeAssistant,
    entry: ClipConsentConfigEntry,
    key: str,
    followed: Collection[str | None],
) -> None:
    """Remove the entities of a kind of hubs that are followed no more.

    They are of the home's own device, so they do not go with their subentry.
    """
    registry = er.async_get(hass)
    for one in er.async_entries_for_config_entry(registry, entry.entry_id):
        if one.translation_key == key and one.unique_id not in followed:
            registry.async_remove(one.entity_id)


class ClipConsentEntity(Entity):
    """A mirror of the manager: it is pushed, never polled."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, entry: ClipConsentConfigEntry, key: str) -> None:
        """Set up name, id and device."""
        self.manager = entry.runtime_data
        self._attr_translation_key = key
        self._attr_unique_id = f"{entry.entry_id}_{key}"
        self._attr_device_info = DeviceInfo(
            entry_type=DeviceEntryType.SERVICE,
            identifiers={(DOMAIN, entry.entry_id)},
            name=NAME,
            # Home Assistant ends the set-up on the device's page: one tap leads on.
            configuration_url=f"homeassistant://{PANEL_PATH}",
        )

    @override
    async def async_added_to_hass(self) -> None:
        """Follow every change of a case, and what it counts for."""
        self.async_on_remove(
            self.manager.on_case(lambda _: self.async_write_ha_state())
        )
        self.async_on_remove(
            self.manager.on_event(lambda _: self.async_write_ha_state())
        )


class HubEntity(Entity):
    """A mirror of a hub's manager: it is pushed, never polled."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, entry: HubConfigEntry, key: str) -> None:
        """Set up name, id and device."""
        self.hub = entry.runtime_data
        self._attr_translation_key = key
        self._attr_unique_id = f"{entry.entry_id}_{key}"
        self._attr_device_info = DeviceInfo(
            entry_type=DeviceEntryType.SERVICE,
            identifiers={(DOMAIN, entry.entry_id)},
            name=entry.title,
            configuration_url=f"homeassistant://{HUB_PANEL_PATH}",
        )

    @override
    async def async_added_to_hass(self) -> None:
        """Follow every change."""
        self.async_on_remove(self.hub.on_change(self._changed))

    @callback
    def _changed(self) -> None:
        self.async_write_ha_state()
