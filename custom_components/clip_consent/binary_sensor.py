"""Binary sensors: whether a case waits for an answer, whether requests can come in."""

from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .base.links import watch_links
from .entity import ClipConsentConfigEntry, ClipConsentEntity

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ClipConsentConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensors."""
    async_add_entities([WaitingBinarySensor(entry), DirectPortalBinarySensor(entry)])


class WaitingBinarySensor(ClipConsentEntity, BinarySensorEntity):
    """On while an approver has something to decide."""

    def __init__(self, entry: ClipConsentConfigEntry) -> None:
        """Name it."""
        super().__init__(entry, "waiting")

    @property
    @override
    def is_on(self) -> bool:
        """Return whether a case waits."""
        return self.manager.waiting > 0


class DirectPortalBinarySensor(ClipConsentEntity, BinarySensorEntity):
    """On while invite links can be opened from outside; unknown during the start."""

    _attr_device_class = BinarySensorDeviceClass.CONNECTIVITY
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    def __init__(self, entry: ClipConsentConfigEntry) -> None:
        """Name it."""
        super().__init__(entry, "portal_direct")

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the addresses of this Home Assistant: no case changes them."""
        self.async_on_remove(watch_links(self.hass, self._tell))

    @callback
    def _tell(self, reachable: bool) -> None:
        self._attr_is_on = reachable
        self.async_write_ha_state()
