"""Backups: the store is whole in them, because writing waits while they copy."""

from homeassistant.core import HomeAssistant

from .entity import backup_hold


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Hold all writing and fold the log into the database file.

    It outlives a change of settings: a home that stops meanwhile writes nothing more,
    and one that starts waits for the end.
    """
    await backup_hold(hass).async_begin()


async def async_post_backup(hass: HomeAssistant) -> None:
    """Write again."""
    backup_hold(hass).end()
