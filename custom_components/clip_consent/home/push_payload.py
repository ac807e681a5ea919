"""The data of a push, as the companion apps document it for iOS and Android.

Keys: https://companion.home-assistant.io/docs/notifications/notifications-basic,
.../actionable-notifications and .../live-activities. Paths are relative, so that the
phone fetches them with its own login and no relay can.
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
    about: str | None = None,
    link: str | None = None,
    image: str | None = None,
    tone: Tone = Tone.LOUD,
    percent: int | None = None,
) -> dict[str, Any]:
    """Return the `data` of a push in the form its phone understands.

    `about` is the case that a digest, which has no case of its own, is about alone.
    `link` is where a tap leads instead of the panel. `percent` draws a bar, on Android;
    `live_activity` is the one of iOS.
    """
    opened = case_id or about
    if link is None:
        link = f"{PANEL_PATH}?case={opened}" if opened else PANEL_PATH
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


def live_activity(case_id: str, percent: int) -> dict[str, Any]:
    """Return the `data` of a push that draws a bar on an iPhone: a Live Activity.

    A push of the same tag would not end it, and clearing that tag would take the case's
    own push away as well: so its tag is its own. Where a banner comes with its start,
    which the documentation leaves open, that makes no sound.
    """
    return {
        "tag": bar_tag(case_id),
        "group": DOMAIN,
        **_ios(f"{PANEL_PATH}?case={case_id}", Tone.SILENT),
        "notification_icon": "mdi:cctv",
        "live_update": True,
        "progress": percent,
        "progress_max": 100,
    }


def bar_tag(case_id: str) -> str:
    """Return what names the Live Activity of a case: at most 64 letters, digits, _."""
    return f"{tag(case_id)}_progress"


def clearing(tag: str) -> tuple[str, dict[str, Any]]:
    """Return message and `data` that clear the push, or end the activity, of a tag."""
    return "clear_notification", {"tag": tag}


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
