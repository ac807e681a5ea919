"""A Home Assistant that serves on a free port of the loopback device."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
import subprocess
from typing import Any
from unittest.mock import patch

from aiohttp.test_utils import unused_port
from homeassistant.components.http import config as http_config
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.clip_consent.core.models import Camera, Window
from custom_components.clip_consent.home.media import Media
from custom_components.clip_consent.home.sources.media import HomeMedia

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)  # when the tests look


def span(start: float, seconds: float) -> Window:
    """Return a window in seconds from noon."""
    begin = NOON + timedelta(seconds=start)
    return Window(start=begin, end=begin + timedelta(seconds=seconds))


def camera(**source: str) -> Camera:
    """Return a camera with that source."""
    return Camera(
        camera_id="yard",
        name="Yard",
        indoor=False,
        offered=True,
        source_kind="media",
        source=source,
    )


def part_of_film(film: Path, start: float, seconds: float) -> bytes:
    """Return a part of a film, as a recorder would cut it."""
    return subprocess.run(
        [
            *("ffmpeg", "-nostdin", "-v", "error", "-ss", str(start)),
            *("-i", str(film), "-t", str(seconds), "-c", "copy"),
            *("-avoid_negative_ts", "make_zero", "-f", "mp4"),
            *("-movflags", "frag_keyframe+empty_moov+default_base_moof", "-"),
        ],
        check=True,
        capture_output=True,
    ).stdout


@asynccontextmanager
async def serving(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch, **config: Any
) -> AsyncIterator[HomeAssistant]:
    """Let Home Assistant's own web server run, reachable from this machine alone."""
    where = "homeassistant.components.http"
    port = {"server_port": unused_port()}
    # its default port was read when the module was: SETUP_PORT comes too late
    for name in ("_DEFAULT_CONFIG", "_DEFAULT_CONFIG_LEGACY_PORT"):
        default = getattr(http_config, name)
        monkeypatch.setattr(http_config, name, {**default, **port})
    with (
        patch(f"{where}.server.DEFAULT_BIND", ["127.0.0.1"]),
        patch(f"{where}.DEFAULT_BIND", ["127.0.0.1"]),
    ):
        assert await async_setup_component(hass, "http", config)
    assert await async_setup_component(hass, "media_source", {})
    await hass.http.start()
    assert hass.http.server_port == port["server_port"]
    try:
        yield hass
    finally:
        await hass.http.stop()


def home_media(
    hass: HomeAssistant, folder: Path, now: Callable[[], datetime] = lambda: LATER
) -> HomeMedia:
    """Return the source, an hour after noon, with little patience."""
    media = Media(ffmpeg="ffmpeg", folder=folder / "drafts")
    return HomeMedia(hass, probe=media.async_length, now=now, patience=5)


def add_camera(hass: HomeAssistant, entry: MockConfigEntry, unique_id: str) -> str:
    """Put a camera of another integration into the registry; return its id there."""
    made = er.async_get(hass).async_get_or_create(
        "camera", entry.domain, unique_id, config_entry=entry
    )
    return made.id
