"""Switch: whether requests are looked at. From outside both look the same."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .core.errors import ClipConsentError
from .entity import ClipConsentConfigEntry, ClipConsentEntity
from .messages import as_action_error

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ClipConsentConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the switch."""
    async_add_entities([AcceptRequestsSwitch(entry)])


class AcceptRequestsSwitch(ClipConsentEntity, SwitchEntity):
    """Off: requests are answered "received" as ever, and closed unseen."""

    _attr_entity_category = EntityCategory.CONFIG

    def __init__(self, entry: ClipConsentConfigEntry) -> None:
        """Name it."""
        super().__init__(entry, "accept_requests")

    @property
    @override
    def is_on(self) -> bool:
        """Return whether requests are looked at."""
        return self.manager.accepting

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Look at requests."""
        await self._set(True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Look at none."""
        await self._set(False)

    async def _set(self, accepting: bool) -> None:
        user_id = self._context.user_id if self._context else None
        try:
            await self.manager.async_set_accepting(accepting, user_id)
        except ClipConsentError as err:
            raise as_action_error(err) from err
        self.async_write_ha_state()
