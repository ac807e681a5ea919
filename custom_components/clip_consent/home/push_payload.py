"""The data of a push, as the companion apps document it for iOS and Android.

Keys: https://companion.home-assistant.io/docs/notifications/notifications-basic and
.../actionable-notifications. Paths are relative, so that the phone fetches them with
its own login and no relay can.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from ..base.push import PhoneSystem
from ..const import DOMAIN

ACTION_PREFIX: Final = "CLIP_CONSENT_"
PANEL_PATH: Final = "/clip-consent"


class Tone(StrEnum):
    """How much a push wants to be noticed."""

    LOUD = "loud"
    AGAIN = "again"  # it takes the place of one that is shown: nobody is to look up
    SEEN = "seen"  # the answer to somebody's own act: at once, without a sound
    SILENT = "silent"


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
    image: str | None = None,
    tone: Tone = Tone.LOUD,
    percent: int | None = None,
) -> dict[str, Any]:
    """Return the `data` of a push in the form its phone understands.

    `percent` draws a bar, for phones that `draws_bars` knows of.
    """
    link = f"{PANEL_PATH}?case={case_id}" if case_id else PANEL_PATH
    form = _ios if system is PhoneSystem.IOS else _android
    data: dict[str, Any] = {
        "tag": tag(case_id),
        "group": DOMAIN,
        **form(link, tone),
        "actions": [_action(system, action, link) for action in actions],
    }
    if image:
        data["image"] = image
    if percent is not None:
        data |= {"live_update": True, "progress": percent, "progress_max": 100}
    return data


def draws_bars(system: PhoneSystem) -> bool:
    """Tell whether a phone is documented to draw a bar in a push, without a sound.

    On iOS a bar is a Live Activity. The documentation leaves open whether a banner
    comes with it, and the result, a push of the same tag, would not end it.
    """
    return system is PhoneSystem.ANDROID


def clearing(case_id: str | None) -> tuple[str, dict[str, Any]]:
    """Return message and `data` that clear the pushes of a case, or the digest."""
    return "clear_notification", {"tag": tag(case_id)}


_IOS: Final = {
    Tone.LOUD: {"interruption-level": "active", "sound": "default"},
    Tone.AGAIN: {"interruption-level": "passive"},
    Tone.SEEN: {"interruption-level": "active", "sound": "none"},
    Tone.SILENT: {"interruption-level": "passive", "sound": "none"},
}
_HEARD: Final[dict[str, Any]] = {"channel": "Clip Consent", "importance": "high"}
# A sound belongs to a channel: one that is gone from the screen by now would sound anew
# in the other, whatever `alert_once` says. From importance low on none does.
_UNHEARD: Final[dict[str, Any]] = {
    "alert_once": True,
    "channel": "Clip Consent (silent)",
    "importance": "low",
}
_ANDROID: Final[dict[Tone, dict[str, Any]]] = {
    Tone.LOUD: _HEARD,
    Tone.AGAIN: {"alert_once": True, **_HEARD},
    Tone.SEEN: _UNHEARD,
    Tone.SILENT: _UNHEARD,
}


def _ios(link: str, tone: Tone) -> dict[str, Any]:
    return {"url": link, "push": dict(_IOS[tone])}


def _android(link: str, tone: Tone) -> dict[str, Any]:
    return {
        **_ANDROID[tone],
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
