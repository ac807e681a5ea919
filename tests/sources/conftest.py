"""What the tests of recordings through Home Assistant share."""

from collections.abc import AsyncIterator
from pathlib import Path

from homeassistant.core import HomeAssistant
import pytest

from .home import home_media
from .served import disable_http_server, film, home

__all__ = ["disable_http_server", "film", "home"]

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture
async def media(home: HomeAssistant, tmp_path: Path) -> AsyncIterator[object]:
    """Return the source of its media."""
    made = home_media(home, tmp_path)
    yield made
    await made.async_close()
