"""Troubles that stay until they are mended, as Home Assistant's repair issues."""

from collections.abc import Collection
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN

# What can wait: nothing was lost, and nothing is about to be.
_WARNINGS: Final = frozenset(
    {
        *("folder_gone", "no_external_url", "too_few_approvers"),
        *(
            "hub_disk_short",
            "hub_drops_full",
            "hub_no_external_url",
            "hub_no_moderator",
        ),
    }
)
# What lasts, and goes by itself once it is mended. All else has happened: it goes when
# the owner says that they have read it.
_LASTING: Final = _WARNINGS | {
    "no_phone",
    "hub_feed_full",
    "hub_store_failed",
    "portal_other_hub",
    "push_misaddressed",
    "spool_failed",
    "store_failed",
    "store_too_new",
}
# What has happened and keeps a hub from starting: the next start finds it anew.
_ASKED: Final = frozenset({"hub_log_behind", "hub_log_unsure"})


class RepairAlarm:
    """Raises and clears repair issues; the code is the translation key.

    A home and a hub beside it have their own: `room` names the hub's.
    """

    def __init__(self, hass: HomeAssistant, room: str = "") -> None:
        """Keep where issues are shown."""
        self._hass = hass
        self._prefix = f"{room}:" if room else ""

    def raise_alarm(self, code: str, *, about: str = "", **placeholders: str) -> None:
        """Show a trouble, of one thing if `about` names it; again changes nothing."""
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._issue_id(code, about),
            is_fixable=code not in _LASTING,
            severity=ir.IssueSeverity.WARNING
            if code in _WARNINGS
            else ir.IssueSeverity.ERROR,
            translation_key=code,
            translation_placeholders=placeholders or None,
        )

    def clear_alarm(self, code: str, *, about: str = "") -> None:
        """Say that it is over."""
        ir.async_delete_issue(self._hass, DOMAIN, self._issue_id(code, about))

    def clear_others(self, code: str, about: Collection[str]) -> None:
        """Say that it is over for all things but these: the others are no more."""
        kept = {self._issue_id(code, one) for one in about}
        for issue_id in self._all():
            if issue_id.startswith(f"{self._prefix}{code}_") and issue_id not in kept:
                ir.async_delete_issue(self._hass, DOMAIN, issue_id)

    def clear_lasting(self) -> None:
        """Take away what the next start raises anew; what has happened stays."""
        for issue_id in self._all(_LASTING | _ASKED):
            ir.async_delete_issue(self._hass, DOMAIN, issue_id)

    def clear_all(self) -> None:
        """Take every trouble away: the home, or the hub, itself is gone."""
        for issue_id in self._all():
            ir.async_delete_issue(self._hass, DOMAIN, issue_id)

    def _all(self, codes: Collection[str] | None = None) -> list[str]:
        """Return the ids of our issues, or of those with one of these codes."""
        return [
            issue.issue_id
            for issue in ir.async_get(self._hass).issues.values()
            if issue.domain == DOMAIN
            and issue.issue_id.startswith(self._prefix)
            and (self._prefix or ":" not in issue.issue_id)
            and (codes is None or issue.translation_key in codes)
        ]

    def _issue_id(self, code: str, about: str) -> str:
        return f"{self._prefix}{code}_{about}" if about else f"{self._prefix}{code}"
