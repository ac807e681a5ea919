"""What entities and the other edges share: the entry's type, the way to the manager."""

from typing import Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.signal_type import SignalType

from .base.hold import Hold
from .const import DOMAIN, NAME
from .core.models import CaseEvent
from .home.manager import HomeManager

# something happened to a case: what triggers listen to, whether a home is set up or not
SIGNAL_EVENT: Final[SignalType[CaseEvent]] = SignalType(f"{DOMAIN}_event")

_HOLD: Final[HassKey[Hold]] = HassKey(f"{DOMAIN}_hold")

type ClipConsentConfigEntry = ConfigEntry[HomeManager]


@callback
def loaded_manager(hass: HomeAssistant) -> HomeManager | None:
    """Return the home's manager, None while it is not set up."""
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        manager: HomeManager = entry.runtime_data
        return manager
    return None


@callback
def backup_hold(hass: HomeAssistant) -> Hold:
    """Return what holds all writing for a backup, whatever starts or stops then."""
    return hass.data.setdefault(_HOLD, Hold())


@callback
def is_set_up(hass: HomeAssistant) -> bool:
    """Tell whether the owner has a home here, even one that is just starting."""
    return bool(
        hass.config_entries.async_entries(
            DOMAIN, include_ignore=False, include_disabled=False
        )
    )


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
