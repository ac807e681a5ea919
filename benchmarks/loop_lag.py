"""How late the event loop of a real Home Assistant is: a probe that it runs itself."""

import json
import math
from pathlib import Path
from typing import Final

import aiohttp

from script.demo_world.home_assistant import HomeAssistant

_NAME: Final = "loop_lag"
_EVERY: Final = 0.005  # seconds
_PROBE: Final = f'''\
"""Notes by how much each short sleep is too long; tells and forgets when asked."""
import asyncio
from homeassistant.components.http import HomeAssistantView

class LagView(HomeAssistantView):
    url = "/api/{_NAME}"
    name = "api:{_NAME}"
    requires_auth = False

    def __init__(self, noted):
        self.noted = noted

    async def get(self, request):
        told = self.json(self.noted)
        self.noted.clear()
        return told

async def async_setup(hass, config):
    noted = []

    async def watch():
        while True:
            began = hass.loop.time()
            await asyncio.sleep({_EVERY})
            noted.append(hass.loop.time() - began - {_EVERY})

    hass.async_create_background_task(watch(), "{_NAME}")
    hass.http.register_view(LagView(noted))
    return True
'''


def install(home: HomeAssistant) -> None:
    """Put the probe into a home that was not started yet."""
    folder = home.folder / "custom_components" / _NAME
    folder.mkdir()
    (folder / "__init__.py").write_text(_PROBE, encoding="utf-8")
    (folder / "manifest.json").write_text(
        json.dumps(
            {
                "domain": _NAME,
                "name": "Loop lag",
                "codeowners": [],
                "dependencies": ["http"],
                "documentation": "https://example.org",
                "iot_class": "calculated",
                "version": "1.0.0",
            }
        ),
        encoding="utf-8",
    )
    with (home.folder / "configuration.yaml").open("a", encoding="utf-8") as file:
        file.write(f"\n{_NAME}:\n")


async def noted(session: aiohttp.ClientSession, home: HomeAssistant) -> list[float]:
    """Return the lags since the last time, in seconds, and have them forgotten."""
    async with session.get(f"{home.base_url}/api/{_NAME}") as response:
        response.raise_for_status()
        lags: list[float] = await response.json()
        return lags


def p99(lags: list[float]) -> float:
    """Return what 99 of 100 lags do not exceed."""
    return sorted(lags)[math.ceil(0.99 * len(lags)) - 1]


def resident(pid: int) -> float:
    """Return the memory that a process has in use, in MiB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024
