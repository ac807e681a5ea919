"""Fixtures: a film, and a Home Assistant that serves on this machine.

For a `conftest.py` to take over, wherever recordings are fetched from Home Assistant.
"""

from collections.abc import AsyncIterator
from pathlib import Path

from homeassistant.core import HomeAssistant
import pytest

from tests.films import make_film

from .home import serving


@pytest.fixture(autouse=True)
def disable_http_server() -> None:
    """Let Home Assistant's web server run: recordings are fetched from it."""


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return two minutes of film."""
    return make_film(tmp_path_factory.mktemp("film") / "film.mp4", 120)


@pytest.fixture
async def home(
    hass: HomeAssistant,
    socket_enabled: None,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> AsyncIterator[HomeAssistant]:
    """Return a Home Assistant that serves on this machine, from a folder of its own."""
    hass.config.config_dir = str(tmp_path / "config")
    (tmp_path / "config").mkdir()
    async with serving(hass, monkeypatch):
        yield hass
