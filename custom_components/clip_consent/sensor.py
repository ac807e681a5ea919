"""Sensors: how many wait, when a clip was last shared, how many this month.

Of a hub: how many wait for a moderator, how many are open, how full the drop box is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import UnitOfInformation
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.event import async_track_time_change

from .entity import (
    ClipConsentConfigEntry,
    ClipConsentEntity,
    HubConfigEntry,
    HubEntity,
    is_hub,
)
from .home.manager import HomeManager
from .hub.manager import HubManager

PARALLEL_UPDATES = 0
MIDNIGHT: Final = {"hour": 0, "minute": 0, "second": 0}


@dataclass(frozen=True, kw_only=True)
class ClipConsentSensorDescription(SensorEntityDescription):
    """A sensor and where its value comes from."""

    value_fn: Callable[[HomeManager], int | datetime | None]


SENSORS: Final = (
    ClipConsentSensorDescription(
        key="waiting",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda manager: manager.waiting,
    ),
    ClipConsentSensorDescription(
        key="last_shared",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda manager: manager.shared.last,
    ),
    ClipConsentSensorDescription(
        key="shared_this_month",
        state_class=SensorStateClass.TOTAL_INCREASING,  # each month anew
        value_fn=lambda manager: manager.shared.this_month,
    ),
)


@dataclass(frozen=True, kw_only=True)
class HubSensorDescription(SensorEntityDescription):
    """A sensor of a hub and where its value comes from."""

    value_fn: Callable[[HubManager], int]


HUB_SENSORS: Final = (
    HubSensorDescription(
        key="to_moderate",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda hub: hub.waiting,
    ),
    HubSensorDescription(
        key="open_requests",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda hub: hub.open_requests,
    ),
    HubSensorDescription(
        key="drop_use",
        device_class=SensorDeviceClass.DATA_SIZE,
        native_unit_of_measurement=UnitOfInformation.BYTES,
        suggested_unit_of_measurement=UnitOfInformation.MEBIBYTES,
        suggested_display_precision=0,
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda hub: hub.drop_use,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ClipConsentConfigEntry | HubConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors."""
    if is_hub(entry):
        async_add_entities(HubSensor(entry, each) for each in HUB_SENSORS)
    else:
        async_add_entities(ClipConsentSensor(entry, each) for each in SENSORS)


class ClipConsentSensor(ClipConsentEntity, SensorEntity):
    """A number that the manager knows."""

    entity_description: ClipConsentSensorDescription

    def __init__(
        self, entry: ClipConsentConfigEntry, description: ClipConsentSensorDescription
    ) -> None:
        """Name it."""
        super().__init__(entry, description.key)
        self.entity_description = description

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the cases, and the turn of the month."""
        await super().async_added_to_hass()
        self.async_on_remove(
            async_track_time_change(self.hass, self._day_began, **MIDNIGHT)
        )

    @callback
    def _day_began(self, now: datetime) -> None:
        """Count anew: a month may be over."""
        self.async_write_ha_state()

    @property
    @override
    def native_value(self) -> int | datetime | None:
        """Return the value of now."""
        return self.entity_description.value_fn(self.manager)


class HubSensor(HubEntity, SensorEntity):
    """A number that a hub's manager knows."""

    entity_description: HubSensorDescription

    def __init__(
        self, entry: HubConfigEntry, description: HubSensorDescription
    ) -> None:
        """Name it."""
        super().__init__(entry, description.key)
        self.entity_description = description

    @property
    @override
    def native_value(self) -> int:
        """Return the value of now."""
        return self.entity_description.value_fn(self.hub)
