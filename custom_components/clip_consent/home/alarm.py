"""Troubles that stay until they are mended, as Home Assistant's repair issues."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN


class RepairAlarm:
    """Raises and clears repair issues; the code is the translation key."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Keep where issues are shown."""
        self._hass = hass

    def raise_alarm(self, code: str, **placeholders: str) -> None:
        """Show a trouble; showing it again changes nothing."""
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            code,
            is_fixable=False,
            severity=ir.IssueSeverity.ERROR,
            translation_key=code,
            translation_placeholders=placeholders or None,
        )

    def clear_alarm(self, code: str) -> None:
        """Say that it is over."""
        ir.async_delete_issue(self._hass, DOMAIN, code)
