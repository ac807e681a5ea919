"""Pushes through `mobile_app`, addressed by registration, never by device name.

Anybody may register a phone under another phone's name and so take over its notify
action. So each push asks which action belongs to this registration's webhook just now,
and goes nowhere if there is none.
"""

from dataclasses import dataclass
from enum import StrEnum
import logging
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util import slugify

_LOGGER = logging.getLogger(__name__)
MOBILE_APP = "mobile_app"
NOTIFY = "notify"


class PhoneSystem(StrEnum):
    """Which forms of notification a phone understands."""

    IOS = "ios"
    ANDROID = "android"


class Outcome(StrEnum):
    """What became of a push."""

    SENT = "sent"
    UNREACHABLE = "unreachable"
    MISADDRESSED = "misaddressed"  # its action would reach another phone: not sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A registered companion app."""

    entry_id: str
    user_id: str
    name: str
    system: PhoneSystem
    encrypted: bool  # what it sends to this home is sealed with a key of its own
    live: bool = False  # a push can start a Live Activity on it (iOS)


def phones(hass: HomeAssistant) -> tuple[Phone, ...]:
    """Return all registered companion apps."""
    return tuple(
        Phone(
            entry_id=entry.entry_id,
            user_id=entry.data.get("user_id", ""),
            name=entry.data.get("device_name", entry.title),
            system=PhoneSystem.IOS
            if entry.data.get("os_name", "").lower() in ("ios", "ipados")
            or entry.data.get("manufacturer", "") == "Apple"
            else PhoneSystem.ANDROID,
            encrypted=bool(
                entry.data.get("supports_encryption") and entry.data.get("secret")
            ),
            live=bool(entry.data.get("app_data", {}).get("start_live_activity_token")),
        )
        for entry in hass.config_entries.async_entries(
            MOBILE_APP, include_ignore=False, include_disabled=False
        )
    )


async def async_push(
    hass: HomeAssistant, phone: Phone, *, title: str, message: str, data: dict[str, Any]
) -> Outcome:
    """Send a push to exactly this registration, or nowhere."""
    service = _service_of(hass, phone)
    if service is None:
        _LOGGER.warning("A phone has no notify action of its own; nothing was sent")
        taken = _name_is_taken(hass, phone)
        return Outcome.MISADDRESSED if taken else Outcome.UNREACHABLE
    try:
        await hass.services.async_call(
            NOTIFY,
            service,
            {"title": title, "message": message, "data": data},
            blocking=True,
        )
    except Exception as err:  # noqa: BLE001 - what a relay answers, mobile_app lets out
        _LOGGER.warning("A phone could not be reached: %s", type(err).__name__)
        return Outcome.UNREACHABLE
    return Outcome.SENT


def _service_of(hass: HomeAssistant, phone: Phone) -> str | None:
    if MOBILE_APP not in hass.config.components:
        return None
    from homeassistant.components.mobile_app.util import get_notify_service  # noqa: PLC0415

    entry = hass.config_entries.async_get_entry(phone.entry_id)
    if entry is None or entry.data.get("user_id") != phone.user_id:
        return None
    try:
        return get_notify_service(hass, entry.data["webhook_id"])
    except KeyError, AttributeError:
        return None  # Home Assistant is not done setting up its notify actions


def _name_is_taken(hass: HomeAssistant, phone: Phone) -> bool:
    """Tell whether another registration goes by this one's name."""
    name = slugify(phone.name)
    return any(
        other.entry_id != phone.entry_id and slugify(other.name) == name
        for other in phones(hass)
    )
