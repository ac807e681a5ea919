"""A Reolink camera made of its HTTP API, as `reolink_aio` asks it.

Home Assistant's own component with its media source and its proxy, and the real
`reolink_aio` client, talk to it by HTTP on loopback. What a client learns of a camera
when it begins is put into it by hand.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from aiohttp import web
from homeassistant.components.reolink.views import PlaybackProxyView
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from reolink_aio.api import Host
from reolink_aio.exceptions import ReolinkError

from .home import add_camera, part_of_film


def _time(at: datetime) -> dict[str, int]:
    return {
        "year": at.year,
        "mon": at.month,
        "day": at.day,
        "hour": at.hour,
        "min": at.minute,
        "sec": at.second,
    }


def _told(answer: list[dict[str, Any]]) -> web.Response:
    """Return JSON as these cameras do: they call it a page."""
    return web.Response(text=json.dumps(answer), content_type="text/html")


@dataclass
class Yard:
    """A camera: its files by its own clock, and what it was asked."""

    film: Path
    files: list[tuple[datetime, datetime, str]] = field(default_factory=list)
    searched: list[int] = field(default_factory=list)  # days
    fetched: list[str] = field(default_factory=list)
    search_code: int = 0
    answer: web.Response | None = None  # instead of a film
    port: int = 0

    def add(self, start: datetime, seconds: float, name: str = "") -> None:
        """Record a file."""
        end = start + timedelta(seconds=seconds)
        named = name or (
            f"Mp4Record/{start:%Y-%m-%d}/RecM01_{start:%Y%m%d_%H%M%S}"
            f"_{end:%H%M%S}_6D28808_1A468F9.mp4"
        )
        self.files.append((start, end, named))

    async def command(self, request: web.Request) -> web.Response:
        """Answer a command of the client."""
        (asked,) = await request.json()
        if asked["cmd"] == "NvrDownload":
            wanted = asked["param"]["NvrDownload"]["StartTime"]
            name = f"{wanted['hour']:02}{wanted['min']:02}{wanted['sec']:02}.mp4"
            files = [{"fileName": name, "fileSize": "1000"}]
            value: dict[str, Any] = {"fileCount": 1, "fileList": files}
            return _told([{"cmd": "NvrDownload", "code": 0, "value": value}])
        assert asked["cmd"] == "Search"
        search = asked["param"]["Search"]
        day = search["StartTime"]
        self.searched.append(day["day"])
        found = [
            {
                "StartTime": _time(start),
                "EndTime": _time(end),
                "PlaybackTime": _time(start),
                "name": name,
                "size": "1000",
                "type": search["streamType"],
                "frameRate": 0,
                "height": 0,
                "width": 0,
            }
            for start, end, name in self.files
            if (start.year, start.month, start.day)
            == (day["year"], day["mon"], day["day"])
        ]
        status = {"mon": day["mon"], "table": "1" * 30, "year": day["year"]}
        result: dict[str, Any] = {"channel": 0, "Status": [status]}
        if found:
            result["File"] = found
        answer = {"cmd": "Search", "code": self.search_code}
        return _told([{**answer, "value": {"SearchResult": result}}])

    async def download(self, request: web.Request) -> web.Response:
        """Return a whole file."""
        name = request.query["source"]
        self.fetched.append(name)
        if self.answer:
            return self.answer
        start, end = next(
            (start, end)
            for start, end, named in self.files
            if name in (named, f"{start:%H%M%S}.mp4")
        )
        film = part_of_film(self.film, 0, (end - start).total_seconds())
        return web.Response(body=film, content_type="video/mp4")


@asynccontextmanager
async def running(yard: Yard) -> AsyncIterator[None]:
    """Let a camera answer on a free port."""
    app = web.Application()
    app.router.add_post("/cgi-bin/api.cgi", yard.command)
    app.router.add_get("/cgi-bin/api.cgi", yard.download)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yard.port = runner.addresses[0][1]
    try:
        yield
    finally:
        await runner.cleanup()


@dataclass
class Setup:
    """The integration as it is loaded, and the id of its camera entity."""

    entry: MockConfigEntry
    client: Host
    entity: str


@asynccontextmanager
async def set_up(
    hass: HomeAssistant, yard: Yard, *, unique_id: str = "MAC_0_main"
) -> AsyncIterator[Setup]:
    """Load Home Assistant's component with a client of that camera."""
    assert await async_setup_component(hass, "reolink", {})
    client = Host(
        "127.0.0.1",
        "admin",
        "password",
        port=yard.port,
        use_https=False,
        aiohttp_get_session_callback=lambda: async_get_clientsession(hass),
    )
    client._url = f"http://127.0.0.1:{yard.port}/cgi-bin/api.cgi"
    client._token = "token"
    client._lease_time = datetime.now() + timedelta(hours=1)  # noqa: DTZ005
    client._channels = client._stream_channels = [0, 3]
    client._uid = {0: "95270000UID", 3: "95270003UID"}
    client._hdd_info = [{"capacity": 1}]
    client._capabilities = {0: {None: {"replay"}}, 3: {None: {"replay"}}}
    client._name = {0: "Yard"}
    entry = MockConfigEntry(domain="reolink", title="Yard")
    entry.add_to_hass(hass)
    entry.runtime_data = SimpleNamespace(host=SimpleNamespace(api=client))
    entry.mock_state(hass, ConfigEntryState.LOADED)
    hass.http.register_view(PlaybackProxyView(hass))
    entity = add_camera(hass, entry, unique_id)
    with patch.object(
        client.baichuan, "search_vod_type", side_effect=ReolinkError("not here")
    ):
        yield Setup(entry, client, entity)
    entry.mock_state(hass, ConfigEntryState.NOT_LOADED)


def wall(text: str) -> datetime:
    """Return what a camera's clock shows."""
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    """Return a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def busy() -> web.Response:
    """Return what a camera says that has no session left."""
    return web.Response(text="max session", content_type="text/html")
