"""How late the event loop of a real Home Assistant is: a probe that it runs itself.

The probe is an integration that has to be put into a home before it starts.
"""

import math
from pathlib import Path
from typing import Final

import aiohttp

from script.demo_world.home_assistant import HomeAssistant

NAME: Final = "loop_lag"
_EVERY: Final = 0.005  # seconds
PROBE: Final = f'''\
"""Notes by how much each short sleep is too long; tells and forgets when asked."""
import asyncio
from homeassistant.components.http import HomeAssistantView

class LagView(HomeAssistantView):
    url = "/api/{NAME}"
    name = "api:{NAME}"
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

    hass.async_create_background_task(watch(), "{NAME}")
    hass.http.register_view(LagView(noted))
    return True
'''


def install(home: HomeAssistant) -> None:
    """Put the probe into a home that was not started yet."""
    home.add_component(NAME, PROBE)


async def noted(session: aiohttp.ClientSession, home: HomeAssistant) -> list[float]:
    """Return the lags since the last time, in seconds, and have them forgotten."""
    async with session.get(f"{home.base_url}/api/{NAME}") as response:
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
