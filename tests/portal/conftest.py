"""A street for the second client."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
from homeassistant.core import HomeAssistant
import pytest

from tests.hub.web import serving_hub

from .street import Street


@pytest.fixture
async def street(
    hass: HomeAssistant, tmp_path: Path, socket_enabled: None
) -> AsyncIterator[Street]:
    """Return a street with a hub."""
    async with (
        serving_hub(hass, tmp_path / "hub") as hub,
        aiohttp.ClientSession() as session,
    ):
        yield Street(hub, session)
