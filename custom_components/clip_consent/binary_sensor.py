"""Binary sensors: whether a case waits for an answer, whether requests can come in."""

from typing import Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
)
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .base.links import watch_links
from .const import SUBENTRY_PORTAL
from .entity import ClipConsentConfigEntry, ClipConsentEntity, remove_hubs_gone

PARALLEL_UPDATES = 0
HUB: Final = "portal"


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ClipConsentConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensors."""
    hubs = [
        HubBinarySensor(entry, hub)
        for hub in entry.get_subentries_of_type(SUBENTRY_PORTAL)
    ]
    remove_hubs_gone(hass, entry, HUB, {hub.unique_id for hub in hubs})
    async_add_entities(
        [WaitingBinarySensor(entry), DirectPortalBinarySensor(entry), *hubs]
    )


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


class HubBinarySensor(ClipConsentEntity, BinarySensorEntity):
    """On while a hub is reached and believed; unknown until it was asked once."""

    _attr_device_class = BinarySensorDeviceClass.CONNECTIVITY
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    def __init__(self, entry: ClipConsentConfigEntry, hub: ConfigSubentry) -> None:
        """Name it after the hub."""
        super().__init__(entry, HUB)
        self._portal_id = hub.subentry_id
        self._attr_unique_id = f"{entry.entry_id}_portal_{hub.subentry_id}"
        self._attr_translation_placeholders = {"portal": hub.title}

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether the last slot brought what it should."""
        return self.manager.hubs.reachable(self._portal_id)

    @override
    async def async_added_to_hass(self) -> None:
        """Follow what each slot brings: no case changes it."""
        self.async_on_remove(self.manager.hubs.on_change(self.async_write_ha_state))
