"""System health: a few numbers on the system information page."""

from typing import Any

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.core import HomeAssistant, callback

from .const import VERSION
from .entity import loaded_hub, loaded_manager


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Register what is shown."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, Any]:
    manager, hub = loaded_manager(hass), loaded_hub(hass)
    return {
        "version": VERSION,
        "accepting": manager.accepting if manager else None,
        "waiting": manager.waiting if manager else None,
        "to_moderate": hub.waiting if hub else None,
    }
