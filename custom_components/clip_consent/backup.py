"""Backups: the store is whole in them, because writing waits while they copy."""

from homeassistant.core import HomeAssistant

from .entity import loaded_manager


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Hold all writing and fold the log into the database file."""
    if manager := loaded_manager(hass):
        await manager.async_pause()


async def async_post_backup(hass: HomeAssistant) -> None:
    """Write again."""
    if manager := loaded_manager(hass):
        manager.resume()
