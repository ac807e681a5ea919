"""A hub of its own for every test; and what the tests of its doors share."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
from homeassistant.core import HomeAssistant
import pytest

from custom_components.clip_consent.core.drop_box import DropLimits
from tests.servers.fixtures import proxy, store

__all__ = ["proxy", "store"]

from .http_world import HttpWorld, serving
from .web import WebHub, serving_hub
from .world import HubWorld


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[HubWorld]:
    """Return a running hub."""
    world = HubWorld(tmp_path / "hub")
    await world.boot()
    yield world
    await world.manager.async_stop()


@pytest.fixture
async def web_world(
    hass: HomeAssistant, tmp_path: Path, socket_enabled: None
) -> AsyncIterator[HttpWorld]:
    """Return a drop box at a real port."""
    limits = DropLimits(disk_free=0)
    async with serving(hass, tmp_path / "hub" / "drops", limits) as world:
        yield world


@pytest.fixture
async def client(web_world: HttpWorld) -> AsyncIterator[aiohttp.ClientSession]:
    """Return a stranger's client."""
    async with aiohttp.ClientSession(web_world.origin) as session:
        yield session


@pytest.fixture
async def web_hub(
    hass: HomeAssistant, tmp_path: Path, socket_enabled: None
) -> AsyncIterator[WebHub]:
    """Return a whole hub at a real port."""
    async with serving_hub(hass, tmp_path / "web_hub") as world:
        yield world


@pytest.fixture
async def anybody(web_hub: WebHub) -> AsyncIterator[aiohttp.ClientSession]:
    """Return a client of the hub that nobody knows."""
    async with aiohttp.ClientSession(web_hub.origin) as session:
        yield session
