"""The data of a push, as the companion apps document it for iOS and Android.

Keys: https://companion.home-assistant.io/docs/notifications/notifications-basic and
.../actionable-notifications. Paths are relative, so that the phone fetches them with
its own login and no relay can.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..base.push import PhoneSystem
from ..const import DOMAIN

ACTION_PREFIX: Final = "CLIP_CONSENT_"
PANEL_PATH: Final = "/clip-consent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A button. Without a key it opens the case in the app."""

    title: str
    key: str | None
    unlock: bool = False  # the phone wants to be unlocked first
    destructive: bool = False


def tag(case_id: str | None) -> str:
    """Return what ties the pushes of one case together."""
    return f"{DOMAIN}_{case_id or 'digest'}"


def payload(
    system: PhoneSystem,
    *,
    case_id: str | None,
    actions: Sequence[Action],
    image: str | None,
    quiet: bool = False,
) -> dict[str, Any]:
    """Return the `data` of a push in the form its phone understands.

    `quiet`: it takes the place of one that is shown, and nobody is to look up.
    """
    link = f"{PANEL_PATH}?case={case_id}" if case_id else PANEL_PATH
    form = _ios if system is PhoneSystem.IOS else _android
    data: dict[str, Any] = {
        "tag": tag(case_id),
        "group": DOMAIN,
        **form(link, quiet=quiet),
        "actions": [_action(system, action, link) for action in actions],
    }
    if image:
        data["image"] = image
    return data


def clearing(case_id: str | None) -> tuple[str, dict[str, Any]]:
    """Return message and `data` that clear the pushes of a case, or the digest."""
    return "clear_notification", {"tag": tag(case_id)}


def _ios(link: str, *, quiet: bool) -> dict[str, Any]:
    loud = {"interruption-level": "active", "sound": "default"}
    return {
        "url": link,
        "push": {"interruption-level": "passive"} if quiet else loud,
    }


def _android(link: str, *, quiet: bool) -> dict[str, Any]:
    return {
        **({"alert_once": True} if quiet else {}),
        "channel": "Clip Consent",
        "importance": "high",
        "ttl": 0,
        "priority": "high",
        "visibility": "private",
        "notification_icon": "mdi:cctv",
        "clickAction": link,
    }


def _action(system: PhoneSystem, action: Action, link: str) -> dict[str, Any]:
    if action.key is None:
        opening: dict[str, Any] = {
            "action": "URI",
            "title": action.title,
            "uri": link,
        }
        if system is PhoneSystem.IOS:
            opening["activationMode"] = "foreground"
        return opening
    button: dict[str, Any] = {"action": action.key, "title": action.title}
    if action.unlock:
        button["authenticationRequired"] = True
    if system is PhoneSystem.IOS:
        button["activationMode"] = "background"
        if action.destructive:
            button["destructive"] = True
    return button
