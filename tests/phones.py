"""Phones with the companion app, and the relay that pushes reach them through.

They register through the real `mobile_app` API of a Home Assistant of the test harness,
answer through its real webhook, and get their pushes at a real loopback address.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
import json
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from nacl.encoding import Base64Encoder, HexEncoder
from nacl.secret import SecretBox
import pytest

from tests.push_keys import ANDROID, IOS, faults

TAP_EVENT = "mobile_app_notification_action"
_IOS = {
    "app_id": "io.robbie.HomeAssistant",
    "manufacturer": "Apple",
    "model": "iPhone17,1",
    "os_name": "iOS",
    "os_version": "26.1",
    "supports_encryption": True,
}
_ANDROID = {
    "app_id": "io.homeassistant.companion.android",
    "manufacturer": "Google",
    "model": "Pixel 10",
    "os_name": "Android",
    "os_version": "16",
    "supports_encryption": False,
}


class PushRelay:
    """Where Home Assistant posts pushes to.

    `refuse` makes it answer an error, `garble` something that is no JSON.
    """

    def __init__(self) -> None:
        """Begin with nothing received."""
        self.received: list[dict[str, Any]] = []
        self.refuse: set[str] = set()  # push tokens
        self.garble: set[str] = set()  # push tokens
        self.faults: list[str] = []  # what the apps are not documented to take
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        """Take a push in."""
        push = await request.json()
        if push["push_token"] in self.refuse:
            return web.json_response({"errorMessage": "no"}, status=500)
        if push["push_token"] in self.garble:
            return web.Response(text="<!", content_type="application/json")
        app = IOS if push["registration_info"]["app_id"] == _IOS["app_id"] else ANDROID
        self.faults += faults(app, _said(push))
        self.received.append(push)
        return web.json_response({}, status=201)

    def pushed_to(self, webhook_id: str) -> list[dict[str, Any]]:
        """Return what was pushed to a registration, oldest first."""
        return [
            _said(push)
            for push in self.received
            if push["registration_info"]["webhook_id"] == webhook_id
        ]


def _said(push: dict[str, Any]) -> dict[str, Any]:
    """Return what a push is for its app."""
    return {key: push[key] for key in ("title", "message", "data") if key in push}


@pytest.fixture
async def relay(socket_enabled: None) -> AsyncIterator[PushRelay]:
    """Return a relay that listens on the loopback.

    At the end all that it took was made of what the apps document.
    """
    relay = PushRelay()
    app = web.Application()
    app.router.add_post("/push", relay.take)
    async with TestServer(app) as server:
        relay.url = str(server.make_url("/push"))
        yield relay
    assert relay.faults == []


@dataclass(kw_only=True)
class FakePhone:
    """One registered phone."""

    hass: HomeAssistant
    relay: PushRelay
    public: TestClient[Any, Any]  # what the internet reaches
    name: str
    ios: bool
    webhook_id: str
    secret: str | None
    entry_id: str = field(init=False)

    def __post_init__(self) -> None:
        """Find its entry."""
        self.entry_id = next(
            entry.entry_id
            for entry in self.hass.config_entries.async_entries("mobile_app")
            if entry.data["webhook_id"] == self.webhook_id
        )

    @property
    def pushes(self) -> list[dict[str, Any]]:
        """What was pushed to it, oldest first."""
        return self.relay.pushed_to(self.webhook_id)

    def key(self, title: str, push: int = -1) -> str:
        """Return the action of a button of a push."""
        actions = self.pushes[push]["data"]["actions"]
        return next(str(one["action"]) for one in actions if one["title"] == title)

    def titles(self, push: int = -1) -> list[str]:
        """Return the buttons of a push."""
        return [one["title"] for one in self.pushes[push]["data"]["actions"]]

    def message(self, push: int = -1) -> str:
        """Return the words of a push."""
        return str(self.pushes[push]["message"])

    async def tap(self, action: str) -> None:
        """Press a button, as this phone's app tells Home Assistant."""
        said: dict[str, Any] = {"action": action}
        if not self.ios:
            said |= {"device_id": self.name, "tag": "clip_consent", "message": "m"}
        await self.fire(TAP_EVENT, said)

    async def fire(self, event_type: str, event_data: dict[str, Any]) -> None:
        """Fire an event through the webhook."""
        payload = {"event_type": event_type, "event_data": event_data}
        await self.post("fire_event", payload)

    async def post(self, kind: str, payload: dict[str, Any]) -> None:
        """Say something through the webhook, sealed if it can be."""
        body: dict[str, Any] = {"type": kind, "data": payload}
        if self.secret is not None:
            box = SecretBox(self.secret.encode(), encoder=HexEncoder)
            sealed = box.encrypt(json.dumps(payload).encode(), encoder=Base64Encoder)
            body = {
                "type": kind,
                "encrypted": True,
                "encrypted_data": sealed.decode(),
            }
        response = await self.public.post(f"/api/webhook/{self.webhook_id}", json=body)
        assert response.status == 200


async def set_up_phones(hass: HomeAssistant) -> None:
    """Set up what phones register with."""
    assert await async_setup_component(hass, "http", {})
    assert await async_setup_component(hass, "mobile_app", {})
    await hass.async_block_till_done()


async def register(
    client: TestClient[Any, Any],
    public: TestClient[Any, Any],
    relay: PushRelay,
    hass: HomeAssistant,
    *,
    name: str,
    ios: bool,
    app_data: dict[str, Any] | None = None,
    **about: Any,
) -> FakePhone:
    """Register a phone with the login of `client`, as the app does at its start."""
    response = await client.post(
        "/api/mobile_app/registrations",
        json={
            **(_IOS if ios else _ANDROID),
            "app_name": "Home Assistant",
            "app_version": "2026.10.1",
            "device_name": name,
            "device_id": f"{name} {len(hass.config_entries.async_entries())}",
            "app_data": app_data or {"push_token": name, "push_url": relay.url},
            **about,
        },
    )
    assert response.status == 201
    given = await response.json()
    await hass.async_block_till_done()
    return FakePhone(
        hass=hass,
        relay=relay,
        public=public,
        name=name,
        ios=ios,
        webhook_id=given["webhook_id"],
        secret=given["secret"],
    )
