"""Event entity: what happens to requests, without a word of the requester's."""

from typing import override

from homeassistant.components.event import EventEntity
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .core.disclosure import event_view
from .core.models import CaseEvent, CaseEventType
from .entity import ClipConsentConfigEntry, ClipConsentEntity

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ClipConsentConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the event entity."""
    async_add_entities([RequestsEvent(entry)])


class RequestsEvent(ClipConsentEntity, EventEntity):
    """Tells what happens to requests, by the types of CaseEventType."""

    def __init__(self, entry: ClipConsentConfigEntry) -> None:
        """Name it."""
        super().__init__(entry, "requests")
        self._attr_event_types = [kind.value for kind in CaseEventType]

    @override
    async def async_added_to_hass(self) -> None:
        """Follow what happens."""
        self.async_on_remove(self.manager.on_event(self._tell))

    @callback
    def _tell(self, event: CaseEvent) -> None:
        self.async_set_context(Context(user_id=event.user_id))
        self._trigger_event(
            event.type.value,
            dict(event_view(event, self.manager.cameras, self.manager.waiting)),
        )
        self.async_write_ha_state()
