"""What the companion apps document of a push: every key, for whom, and its values.

The pages are those of https://companion.home-assistant.io/docs/notifications/…, named in
the comments. Phones of the tests hold every push that they get against this table.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

IOS: Final = "ios"
ANDROID: Final = "android"
_BOTH: Final = frozenset({IOS, ANDROID})
_IOS: Final = frozenset({IOS})
_ANDROID: Final = frozenset({ANDROID})
BUTTONS: Final = {IOS: 10, ANDROID: 3}  # actionable-notifications: more are not shown

type Allowed = type | tuple[type, ...] | frozenset[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key: the apps that know it, and a type or the values that it takes."""

    apps: frozenset[str] = _BOTH
    takes: Allowed = str


PUSH: Final[Mapping[str, Key]] = {
    # notifications-basic
    "title": Key(),
    "message": Key(),
    "data": Key(takes=dict),
}
DATA: Final[Mapping[str, Key]] = {
    # notifications-basic
    "tag": Key(),
    "group": Key(),
    "url": Key(apps=_IOS),
    "push": Key(apps=_IOS, takes=dict),
    "subtitle": Key(apps=_IOS),
    "presentation_options": Key(apps=_IOS, takes=list),
    "clickAction": Key(apps=_ANDROID),
    "subject": Key(apps=_ANDROID),
    "color": Key(apps=_ANDROID),
    "sticky": Key(apps=_ANDROID, takes=(bool, str)),
    "channel": Key(apps=_ANDROID),
    "importance": Key(
        apps=_ANDROID, takes=frozenset({"high", "low", "max", "min", "default"})
    ),
    "vibrationPattern": Key(apps=_ANDROID),
    "ledColor": Key(apps=_ANDROID),
    "persistent": Key(apps=_ANDROID, takes=bool),
    "timeout": Key(apps=_ANDROID, takes=int),
    "icon_url": Key(apps=_ANDROID),
    "visibility": Key(apps=_ANDROID, takes=frozenset({"public", "private", "secret"})),
    "alert_once": Key(apps=_ANDROID, takes=bool),
    "car_ui": Key(apps=_ANDROID, takes=bool),
    "progress_indeterminate": Key(apps=_ANDROID, takes=bool),
    # notifications-basic and live-activities
    "live_update": Key(takes=bool),
    "critical_text": Key(),
    "progress": Key(takes=int),
    "progress_max": Key(takes=int),
    "chronometer": Key(takes=bool),
    "when": Key(takes=int),
    "when_relative": Key(takes=bool),
    "notification_icon": Key(),
    "notification_icon_color": Key(apps=_IOS),
    "dismissal_policy": Key(apps=_IOS),
    # critical-notifications
    "ttl": Key(apps=_ANDROID, takes=int),
    "priority": Key(apps=_ANDROID, takes=frozenset({"high"})),
    # actionable-notifications
    "actions": Key(takes=list),
    "action_data": Key(apps=_IOS, takes=dict),
    # notification-attachments
    "image": Key(),
    "video": Key(),
    "audio": Key(),
    "attachment": Key(apps=_IOS, takes=dict),
}
# `push` of `data`
SOUND: Final[Mapping[str, Key]] = {
    # notifications-basic, notification-sounds
    "sound": Key(apps=_IOS, takes=(str, dict)),
    "badge": Key(apps=_IOS, takes=int),
    "interruption-level": Key(
        apps=_IOS, takes=frozenset({"passive", "active", "time-sensitive", "critical"})
    ),
}
# one of `actions` of `data`
ACTION: Final[Mapping[str, Key]] = {
    # actionable-notifications
    "action": Key(),
    "title": Key(),
    "uri": Key(),
    "behavior": Key(takes=frozenset({"textInput"})),
    "authenticationRequired": Key(takes=bool),
    "activationMode": Key(apps=_IOS, takes=frozenset({"foreground", "background"})),
    "destructive": Key(apps=_IOS, takes=bool),
    "textInputButtonTitle": Key(apps=_IOS),
    "textInputPlaceholder": Key(apps=_IOS),
    "icon": Key(apps=_IOS),
}
# what Home Assistant itself adds to a push that starts, moves or ends a Live Activity
ADDED: Final = {"event": frozenset({"start", "update", "end"})}


def faults(app: str, push: Mapping[str, Any]) -> list[str]:
    """Return what of a push (`title`, `message`, `data`) the app is not documented to take."""
    data: dict[str, Any] = {**(push.get("data") or {})}
    live = "live_update" in data or push.get("message") == "clear_notification"
    if live and data.get("event") in ADDED["event"]:
        del data["event"]
    actions = data.get("actions", [])
    found = [
        *_unknown(app, "", PUSH, push),
        *_unknown(app, "data.", DATA, data),
        *_unknown(app, "data.push.", SOUND, data.get("push", {})),
    ]
    for action in actions:
        found += _unknown(app, "actions.", ACTION, action)
        found += [
            f"actions.{key} is missing"
            for key in ("action", "title")
            if key not in action
        ]
        if app == ANDROID and "uri" in action and action.get("action") != "URI":
            found.append("actions.uri needs the action URI")
    if len(actions) > BUTTONS[app]:
        found.append(f"{len(actions)} actions")
    if data.get("live_update") and "tag" not in data:
        found.append("data.live_update needs a tag")
    return found


def _unknown(
    app: str, level: str, keys: Mapping[str, Key], given: Mapping[str, Any]
) -> Iterator[str]:
    for name, value in given.items():
        key = keys.get(name)
        if key is None or app not in key.apps:
            yield f"{level}{name} is no key of {app}"
        elif not _fits(value, key.takes):
            yield f"{level}{name} takes no {value!r}"


def _fits(value: object, takes: Allowed) -> bool:
    if isinstance(takes, frozenset):
        return isinstance(value, str) and value in takes
    kinds = takes if isinstance(takes, tuple) else (takes,)
    return type(value) in kinds  # True is no number
