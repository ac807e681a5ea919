"""A UniFi Protect console made of its private API, as `uiprotect` asks it.

Home Assistant's own component and its views, and the real `uiprotect` client, talk to
it by HTTPS on loopback. What stands in for a console is the bootstrap, and this.
"""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import ssl
import time
from types import SimpleNamespace
from typing import Any

from aiohttp import web
from homeassistant.components.unifiprotect.data import ProtectData
from homeassistant.components.unifiprotect.views import (
    SnapshotProxyView,
    VideoProxyView,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
import trustme
from uiprotect import ProtectApiClient
from uiprotect.data import Camera, ModelType

from .home import NOON, add_camera, part_of_film

CAMERA_ID = "a" * 24
MAC = "AABBCCDDEEFF"
JPEG = b"\xff\xd8\xff\xe0picture"
API = "/proxy/protect/api"
_CERTIFICATE = trustme.CA().issue_cert("127.0.0.1")  # while no clock stands still


def _token() -> str:
    """Return the cookie of a login, as far as the client looks into it."""
    parts = ({"alg": "HS256"}, {"exp": int(time.time()) + 86_400})
    head, body = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in parts
    )
    return f"{head}.{body}.x"


@dataclass
class Console:
    """What it has recorded, in seconds from noon, and what it was asked."""

    film: Path
    recorded: list[tuple[float, float]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    looks: list[float] = field(default_factory=list)
    exports: list[tuple[float, float]] = field(default_factory=list)
    picture: bytes = JPEG
    answer: web.Response | None = None  # instead of a film
    events_status: int = 200
    lengthen: float = 0.0  # seconds by which a film is longer than was asked
    pages: int = 0
    port: int = 0

    def has(self, at: float) -> bool:
        """Tell whether a moment was recorded."""
        return any(start <= at < end for start, end in self.recorded)

    def detect(self, kind: str, start: float, end: float | None, *smart: str) -> None:
        """Note an event."""
        begin = int((NOON.timestamp() + start) * 1000)
        self.events.append(
            {
                "id": f"e{len(self.events)}",
                "camera": CAMERA_ID,
                "type": kind,
                "start": begin,
                "end": None if end is None else int((NOON.timestamp() + end) * 1000),
                "smartDetectTypes": list(smart),
                "smartDetectEvents": [],
            }
        )

    async def login(self, request: web.Request) -> web.Response:
        """Let anybody in."""
        response = web.json_response({}, headers={"x-csrf-token": "x"})
        response.set_cookie("TOKEN", _token())
        return response

    async def snapshot(self, request: web.Request) -> web.Response:
        """Return a picture of a recorded moment."""
        at = int(request.query["ts"]) / 1000 - NOON.timestamp()
        self.looks.append(at)
        assert request.query["w"] == "320"
        if not self.has(at):
            return web.Response(status=404)
        return web.Response(body=self.picture, content_type="image/jpeg")

    async def export(self, request: web.Request) -> web.StreamResponse:
        """Return the film of a span: what of it was recorded."""
        start, end = (
            int(request.query[name]) / 1000 - NOON.timestamp()
            for name in ("start", "end")
        )
        self.exports.append((start, end))
        if self.answer:
            return self.answer
        kept = next((s, e) for s, e in self.recorded if s <= start < e)
        seconds = min(end + self.lengthen, kept[1]) - start
        return web.Response(
            body=part_of_film(self.film, start - kept[0], seconds),
            content_type="video/mp4",
        )

    async def list_events(self, request: web.Request) -> web.Response:
        """Return the events of a span, oldest first, so many at once."""
        self.pages += 1
        if self.events_status != 200:
            return web.Response(status=self.events_status)
        start, end = int(request.query["start"]), int(request.query["end"])
        assert "smartDetectZone" in request.query.getall("types")
        found = [
            one
            for one in sorted(self.events, key=lambda one: str(one["start"]))
            if not isinstance(one["start"], int)
            or (one["start"] < end and (one["end"] or end) >= start)
        ]
        return web.json_response(found[: int(request.query["limit"])])


@asynccontextmanager
async def running(console: Console) -> AsyncIterator[None]:
    """Let a console answer on a free port."""
    app = web.Application()
    app.router.add_post("/api/auth/login", console.login)
    app.router.add_get(f"{API}/events", console.list_events)
    app.router.add_get(f"{API}/video/export", console.export)
    app.router.add_get(
        f"{API}/cameras/{CAMERA_ID}/recording-snapshot", console.snapshot
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _CERTIFICATE.configure_cert(context)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    console.port = runner.addresses[0][1]
    try:
        yield
    finally:
        await runner.cleanup()


@dataclass
class Setup:
    """The integration as it is loaded, and the id of its camera entity."""

    entry: MockConfigEntry
    client: ProtectApiClient
    entity: str
    stats: SimpleNamespace
    user: SimpleNamespace
    devices: dict[str, Camera]


async def set_up(
    hass: HomeAssistant, console: Console, folder: Path, **login: str
) -> Setup:
    """Load Home Assistant's component with a client of that console."""
    assert await async_setup_component(hass, "unifiprotect", {})
    client = ProtectApiClient(
        "127.0.0.1",
        console.port,
        **(login or {"username": "home", "password": "assistant"}),
        verify_ssl=False,
        store_sessions=False,
        cache_dir=folder / "cache",
        config_dir=folder / "config",
        max_retries=0,
    )
    stats = SimpleNamespace(
        recording_start=NOON - timedelta(days=7),
        recording_end=datetime(2026, 6, 1, 12, 59, tzinfo=UTC),
    )
    user = SimpleNamespace(may=True)
    user.can = lambda *_: user.may
    device = Camera.model_construct(
        id=CAMERA_ID,
        mac=MAC,
        model=ModelType.CAMERA,
        channels=[SimpleNamespace(id=0)],
        stats=SimpleNamespace(video=stats),
    )
    device._api = client
    devices = {CAMERA_ID: device}
    client._bootstrap = SimpleNamespace(  # type: ignore[assignment]
        nvr=SimpleNamespace(id="nvr"),
        auth_user=user,
        cameras=devices,
        get_device_from_mac=lambda mac: next(
            (one for one in devices.values() if one.mac == mac), None
        ),
    )
    entry = MockConfigEntry(domain="unifiprotect", title="Console")
    entry.add_to_hass(hass)
    entry.runtime_data = ProtectData(hass, client, timedelta(minutes=1), entry)
    entry.mock_state(hass, ConfigEntryState.LOADED)
    hass.http.register_view(SnapshotProxyView(hass))
    hass.http.register_view(VideoProxyView(hass))
    entity = add_camera(hass, entry, f"{MAC}_0")
    return Setup(entry, client, entity, stats, user, devices)
