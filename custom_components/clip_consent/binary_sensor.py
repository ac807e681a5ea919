"""Binary sensor: whether a case waits for an answer."""

from typing import override

from homeassistant.components.binary_sensor import BinarySensorEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import ClipConsentConfigEntry, ClipConsentEntity

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ClipConsentConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensor."""
    async_add_entities([WaitingBinarySensor(entry)])


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
