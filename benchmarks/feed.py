"""A hub's feed that did not change, against an empty view; and a thousand homes asking.

Both views are of one real Home Assistant, asked by the same client over the same number
of lines, by turns. The homes ask as homes do: what the hub says of itself, the log, the
feeds of nine cells, each home over a line of its own.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from statistics import median
import tempfile
import time
from typing import Any, Final

from script.demo_world.hub import BASE, running_hub
from script.demo_world.line import Line

from . import loop_lag
from .measure import Measure

ROUNDS: Final = 9
REQUESTS: Final = 12_000  # in a round, of each kind
LINES: Final = 8
HOMES: Final = 1_000
_EMPTY: Final = "empty_view"
_VIEW: Final = f'''\
"""A view that answers with nothing."""
from aiohttp import web
from homeassistant.components.http import HomeAssistantView

class EmptyView(HomeAssistantView):
    url = "/api/{_EMPTY}/portal/v1/feed/{{cell}}"
    name = "api:{_EMPTY}"
    requires_auth = False

    async def get(self, request, cell):
        return web.Response()

async def async_setup(hass, config):
    hass.http.register_view(EmptyView())
    return True
'''


async def _rate(port: int, path: str, etag: str, begins: bytes) -> float:
    """Return how many requests a second are answered, over a few lines."""
    lines = [await Line.to(port) for _ in range(LINES)]
    # the same header for both: an empty view does not look at it
    head = f"GET {path} HTTP/1.1\r\nHost: hub\r\nIf-None-Match: {etag}\r\n\r\n"
    request = head.encode()

    async def ask(line: Line) -> None:
        for _ in range(REQUESTS // LINES):
            await line.ask(request, begins)

    began = time.perf_counter()
    await asyncio.gather(*map(ask, lines))
    took = time.perf_counter() - began
    for line in lines:
        await line.close()
    return REQUESTS / took


async def _home(port: int, cells: Sequence[str], known: dict[str, str]) -> None:
    """Ask as one home does in a slot; `known` are its ETags."""
    line = await Line.to(port)
    for path in (f"{BASE}/info", f"{BASE}/log?from=1"):
        await line.get(path)
    for cell in cells:
        said = await line.get(f"{BASE}/feed/{cell}", known.get(cell, ""))
        if said.status == 200:
            known[cell] = said.etag
    await line.close()


async def _slot(port: int, cells: Sequence[str], homes: list[dict[str, str]]) -> float:
    """Let all homes ask, fifty at a time; return how long it took."""
    waiting = iter(homes)

    async def some() -> None:
        for known in waiting:
            await _home(port, cells, known)

    began = time.perf_counter()
    await asyncio.gather(*(some() for _ in range(50)))
    return time.perf_counter() - began


async def _measure(folder: Path) -> list[Measure]:
    components = {_EMPTY: _VIEW, loop_lag.NAME: loop_lag.PROBE}
    async with running_hub(folder, components) as hub:
        home, pid, session = hub.home, hub.home.process.pid, hub.client.session
        async with session.get(f"{hub.api}/info") as response:
            info: dict[str, Any] = await response.json()
        port = int(home.base_url.rpartition(":")[2])
        cells = [*info["cells"], "00000", "00001", "00002"][:9]
        feed = f"{BASE}/feed/{cells[0]}"
        # a path of the same shape: to find the way to a view is none of the view's work
        empty = f"/api/{_EMPTY}/portal/v1/feed/{cells[0]}"
        line = await Line.to(port)
        etag = (await line.get(feed)).etag
        await line.close()
        feeds, empties = [], []
        for _ in range(ROUNDS):
            empties.append(await _rate(port, empty, etag, b"HTTP/1.1 200"))
            feeds.append(await _rate(port, feed, etag, b"HTTP/1.1 304"))
        homes: list[dict[str, str]] = [{} for _ in range(HOMES)]
        await _slot(port, cells, homes)
        before = loop_lag.resident(pid)
        await loop_lag.noted(session, home)
        took = [await _slot(port, cells, homes) for _ in range(3)]
        lags = await loop_lag.noted(session, home)
        more = loop_lag.resident(pid) - before
        if faults := home.faults():
            raise RuntimeError(f"Home Assistant says: {faults}")
    ratio = median(f / e for f, e in zip(feeds, empties, strict=True))
    return [
        Measure(
            what="feed, unchanged (304)",
            against="an empty view on the same HA, at a path of the same shape",
            wanted=0.8,
            measured=ratio,
            at_least=True,
            figures=f"{median(feeds):.0f} to {median(empties):.0f} requests/s",
        ),
        Measure(
            what="1,000 homes ask a hub in three slots: memory",
            against="the same HA after the first slot",
            wanted=8,
            measured=max(0.0, more),
            unit="MiB more",
            figures=(
                f"{len(cells) + 2} requests each, all in {median(took):.1f} s;"
                f" event-loop lag meanwhile {loop_lag.p99(lags) * 1000:.0f} ms, 99th"
                f" percentile of {loop_lag.said(lags)}: fifty ask as fast as they can"
            ),
        ),
    ]


def run() -> list[Measure]:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder)))
