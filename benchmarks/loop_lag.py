"""How late an event loop is; that of a real Home Assistant by a probe it runs itself.

The probe is an integration that has to be put into a home before it starts.
"""

import asyncio
import math
from pathlib import Path
from typing import Final, NamedTuple

import aiohttp

from script.demo_world.home_assistant import HomeAssistant

NAME: Final = "loop_lag"


class Lag(NamedTuple):
    """How late the loop was, and for how much of it no processor was free (seconds).

    The first without the second is what some code held the loop up for.
    """

    late: float
    queued: float


_EVERY: Final = 0.005  # seconds
_REST: Final = 10  # seconds that a home is watched at rest
_QUIET: Final = 0.02  # seconds; later than that a loop has something to do
_PATIENCE: Final = 120  # seconds until a home that started has come to rest
PROBE: Final = f'''\
"""Notes by how much each short sleep is too long; tells and forgets when asked."""
import asyncio
from pathlib import Path
import threading
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

    told = Path(f"/proc/self/task/{{threading.get_native_id()}}/schedstat")

    def queued():
        return int(told.read_text().split()[1]) / 1e9

    async def watch():
        while True:
            began, before = hass.loop.time(), queued()
            await asyncio.sleep({_EVERY})
            late = hass.loop.time() - began - {_EVERY}
            noted.append((late, queued() - before))

    hass.async_create_background_task(watch(), "{NAME}")
    hass.http.register_view(LagView(noted))
    return True
'''


def install(home: HomeAssistant) -> None:
    """Put the probe into a home that was not started yet."""
    home.add_component(NAME, PROBE)


async def noted(session: aiohttp.ClientSession, home: HomeAssistant) -> list[Lag]:
    """Return the lags since the last time, and have them forgotten."""
    async with session.get(f"{home.base_url}/api/{NAME}") as response:
        response.raise_for_status()
        return [Lag(*each) for each in await response.json()]


async def at_rest(session: aiohttp.ClientSession, home: HomeAssistant) -> list[Lag]:
    """Return the lags of a home that has nothing to do.

    One that just started imports, migrates and compiles for a while yet, and so few
    looks fit in between that the latest of them would stand for all. Raises
    RuntimeError if it does not come to rest: then nothing can be measured here.
    """
    for _ in range(_PATIENCE // _REST):
        await noted(session, home)
        await asyncio.sleep(_REST)
        lags = await noted(session, home)
        if len(lags) > _REST / _EVERY / 4 and p99(lags) < _QUIET:
            return lags
    raise RuntimeError("Home Assistant does not come to rest: is the machine busy?")


def p99(lags: list[Lag]) -> float:
    """Return what 99 of 100 lags do not exceed, in seconds."""
    return sorted(each.late for each in lags)[math.ceil(0.99 * len(lags)) - 1]


def said(lags: list[Lag]) -> str:
    """Say of how many looks a figure is made, and what the longest waited for."""
    longest = max(lags)
    return (
        f"{len(lags)} looks, the longest {longest.late * 1e3:.0f} ms,"
        f" {longest.queued * 1e3:.0f} ms of them waiting for a processor"
    )


def resident(pid: int) -> float:
    """Return the memory that a process has in use, in MiB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024
