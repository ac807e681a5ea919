"""A phone with the companion app, as far as Home Assistant can tell.

It registers through the `mobile_app` API, shows what is pushed to it, keeps tags as the
apps do, fetches pictures with its own login, and answers through its webhook.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
import json
import secrets
from typing import Any, Final

import aiohttp
from nacl.encoding import Base64Encoder, HexEncoder
from nacl.secret import SecretBox

from .login import ANDROID, IOS, Login

_ANDROID_ACTIONS: Final = 3  # Android shows no more buttons
_APP_VERSION: Final = "2026.10.1"


class Platform(StrEnum):
    """The two companion apps."""

    IOS = "ios"
    ANDROID = "android"


class Ended(StrEnum):
    """Why a notification is no longer shown."""

    REPLACED = "replaced"
    CLEARED = "cleared"
    ANSWERED = "answered"
    OPENED = "opened"
    DISMISSED = "dismissed"


class PhoneError(Exception):
    """Home Assistant did not take what the phone sent, or there is nothing to tap."""


@dataclass(slots=True, kw_only=True)
class Notification:
    """One push as it stands on the screen."""

    notification_id: str
    title: str | None
    message: str
    data: dict[str, Any]
    received_at: datetime
    ended: Ended | None = None
    image: bytes | None = None
    image_type: str = ""
    image_status: int | None = None  # of the fetch with the phone's own login

    @property
    def tag(self) -> str | None:
        """What a later push names to replace or clear this one."""
        tag = self.data.get("tag")
        return None if tag is None else str(tag)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What Home Assistant gave when the phone registered."""

    webhook_id: str
    secret: str | None


def _form(platform: Platform, name: str, device_id: str) -> dict[str, Any]:
    """Return how the app of a platform presents itself."""
    form = {
        "device_id": device_id,
        "device_name": name,
        "app_version": _APP_VERSION,
    }
    if platform is Platform.IOS:
        return form | {
            "app_id": "io.robbie.HomeAssistant",
            "app_name": "Home Assistant",
            "manufacturer": "Apple",
            "model": "iPhone17,1",
            "os_name": "iOS",
            "os_version": "26.1",
            "supports_encryption": True,
        }
    return form | {
        "app_id": "io.homeassistant.companion.android",
        "app_name": "Home Assistant",
        "manufacturer": "Google",
        "model": "Pixel 10",
        "os_name": "Android",
        "os_version": "16",
        "supports_encryption": False,
    }


def _flattened(notification: Notification) -> dict[str, str]:
    """Return a notification as Android's app keeps it: one level, all texts."""
    flat = {"message": notification.message}
    if notification.title is not None:
        flat["title"] = notification.title
    for name, value in notification.data.items():
        if name == "actions":
            for number, action in enumerate(value, 1):
                for part, key in (
                    ("action", "key"),
                    ("title", "title"),
                    ("uri", "uri"),
                ):
                    if part in action:
                        flat[f"action_{number}_{key}"] = str(action[part])
        elif not isinstance(value, dict | list):
            flat[name] = str(value)
    return flat


@dataclass(slots=True, kw_only=True)
class Phone:
    """One registered phone."""

    phone_id: str
    name: str
    platform: Platform
    user: str
    device_id: str
    login: Login
    session: aiohttp.ClientSession
    registration: Registration
    notifications: list[Notification] = field(default_factory=list)
    pushes: list[dict[str, Any]] = field(default_factory=list)  # as they came

    @classmethod
    async def register(
        cls,
        session: aiohttp.ClientSession,
        *,
        base_url: str,
        user: str,
        password: str,
        name: str,
        platform: Platform,
        push_url: str,
    ) -> Phone:
        """Log in and register as the app does on its first start."""
        client = IOS if platform is Platform.IOS else ANDROID
        login = await Login.with_password(session, base_url, client, user, password)
        device_id = secrets.token_hex(8)
        phone_id = secrets.token_hex(8)
        async with session.post(
            f"{base_url}/api/mobile_app/registrations",
            headers=await login.headers(),
            json=_form(platform, name, device_id)
            | {
                "app_data": {
                    "push_url": f"{push_url}/{phone_id}",
                    "push_token": secrets.token_hex(8),
                }
            },
        ) as response:
            if not response.ok:
                raise PhoneError(f"registration: {response.status}")
            given = await response.json()
        return cls(
            phone_id=phone_id,
            name=name,
            platform=platform,
            user=user,
            device_id=device_id,
            login=login,
            session=session,
            registration=Registration(
                webhook_id=given["webhook_id"], secret=given["secret"]
            ),
        )

    @property
    def encrypted(self) -> bool:
        """Whether what this phone sends is readable to it and Home Assistant only."""
        return self.registration.secret is not None

    @property
    def shown(self) -> list[Notification]:
        """What stands on the screen, newest first."""
        return [one for one in reversed(self.notifications) if one.ended is None]

    def receive(self, push: dict[str, Any]) -> Notification | None:
        """Take a push as it comes from the relay; return it if it is to be shown."""
        self.pushes.append(push)
        data: dict[str, Any] = push.get("data") or {}
        cleared = push.get("message") == "clear_notification"
        if (tag := data.get("tag")) is not None:
            for other in self.shown:
                if other.tag == str(tag):
                    other.ended = Ended.CLEARED if cleared else Ended.REPLACED
        if cleared:
            return None
        notification = Notification(
            notification_id=secrets.token_hex(8),
            title=push.get("title"),
            message=push.get("message", ""),
            data=data,
            received_at=datetime.now(UTC),
        )
        self.notifications.append(notification)
        return notification

    async def fetch_image(self, notification: Notification) -> None:
        """Fetch a push's picture: with the login only from Home Assistant itself."""
        image: str = notification.data["image"]
        own = image.startswith("/")
        async with self.session.get(
            f"{self.login.base_url}{image}" if own else image,
            headers=await self.login.headers() if own else {},
        ) as response:
            notification.image_status = response.status
            if response.ok:
                notification.image = await response.read()
                notification.image_type = response.content_type

    def find(self, notification_id: str) -> Notification:
        """Return a notification on the screen. Raise PhoneError if it is not there."""
        for notification in self.shown:
            if notification.notification_id == notification_id:
                return notification
        raise PhoneError("no such notification on the screen")

    def buttons(self, notification: Notification) -> list[dict[str, Any]]:
        """Return the buttons that this phone's app shows."""
        actions: list[dict[str, Any]] = notification.data.get("actions") or []
        most = _ANDROID_ACTIONS if self.platform is Platform.ANDROID else len(actions)
        return actions[:most]

    async def press(
        self, notification_id: str, action: str, reply_text: str | None = None
    ) -> str | None:
        """Press a button; return the address it opens, if it opens one."""
        notification = self.find(notification_id)
        buttons = self.buttons(notification)
        button = next((one for one in buttons if one["action"] == action), None)
        if button is None:
            raise PhoneError("no such button")
        if action == "URI":
            notification.ended = Ended.OPENED
            return self._address(button.get("uri"))
        reply = {} if reply_text is None else {"reply_text": reply_text}
        await self.fire_event(
            "mobile_app_notification_action",
            {**self._answer(notification, action), **reply},
        )
        notification.ended = Ended.ANSWERED
        return None

    def _answer(self, notification: Notification, action: str) -> dict[str, Any]:
        """Return what this phone's app says of a pressed button."""
        if self.platform is Platform.ANDROID:
            flat = _flattened(notification)
            return {**flat, "action": action, "device_id": self.device_id}
        answer: dict[str, Any] = {"action": action}
        if "action_data" in notification.data:
            answer["action_data"] = notification.data["action_data"]
        return answer

    def open(self, notification_id: str) -> str | None:
        """Tap the notification itself; return the address it opens."""
        notification = self.find(notification_id)
        notification.ended = Ended.OPENED
        key = "clickAction" if self.platform is Platform.ANDROID else "url"
        return self._address(notification.data.get(key, "/"))

    async def dismiss(self, notification_id: str) -> None:
        """Swipe a notification away; Android's app tells Home Assistant."""
        notification = self.find(notification_id)
        notification.ended = Ended.DISMISSED
        if self.platform is Platform.ANDROID:
            flat = {**_flattened(notification), "device_id": self.device_id}
            await self.fire_event("mobile_app_notification_cleared", flat)

    def _address(self, uri: str | None) -> str | None:
        if uri and uri.startswith("/"):
            return f"{self.login.base_url}{uri}"
        return uri

    async def fire_event(self, event_type: str, event_data: dict[str, Any]) -> None:
        """Fire an event in Home Assistant through the webhook, sealed if it can be."""
        payload = {"event_type": event_type, "event_data": event_data}
        body: dict[str, Any] = {"type": "fire_event", "data": payload}
        if self.registration.secret is not None:
            box = SecretBox(self.registration.secret.encode(), encoder=HexEncoder)
            sealed = box.encrypt(json.dumps(payload).encode(), encoder=Base64Encoder)
            body = {
                "type": "fire_event",
                "encrypted": True,
                "encrypted_data": sealed.decode(),
            }
        async with self.session.post(
            f"{self.login.base_url}/api/webhook/{self.registration.webhook_id}",
            json=body,
        ) as response:
            if not response.ok:
                raise PhoneError(f"webhook: {response.status}")
