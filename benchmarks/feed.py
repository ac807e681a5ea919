"""A hub's feed that did not change, against an empty view; and a thousand homes asking.

Both views are of one real Home Assistant, asked by the same client over the same number
of lines, by turns. The homes ask as homes do: what the hub says of itself, the log, the
feeds of nine cells, each home over a line of its own.
"""

import asyncio
from collections.abc import Sequence
import json
from pathlib import Path
from statistics import median
import tempfile
import time
from typing import Any, Final

import aiohttp

from script.demo_world.flows import Flow
from script.demo_world.home_assistant import HomeAssistant
from script.demo_world.world import World, running_world, yesterday

from . import loop_lag
from .measure import Measure

ROUNDS: Final = 7
REQUESTS: Final = 4_000  # in a round, of each kind
LINES: Final = 8
HOMES: Final = 1_000
_BASE: Final = "/api/clip_consent/portal/v1"
_EMPTY: Final = "empty_view"
_VIEW: Final = f'''\
"""A view that answers with nothing."""
from aiohttp import web
from homeassistant.components.http import HomeAssistantView

class EmptyView(HomeAssistantView):
    url = "/api/{_EMPTY}"
    name = "api:{_EMPTY}"
    requires_auth = False

    async def get(self, request):
        return web.Response()

async def async_setup(hass, config):
    hass.http.register_view(EmptyView())
    return True
'''
_MEDIA: Final = Path(__file__).resolve().parents[1] / ".demo" / "recordings"


class Line:
    """One connection that is kept, and the answers on it."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Keep both ends."""
        self._reader = reader
        self._writer = writer

    @classmethod
    async def to(cls, port: int) -> Line:
        """Open a line to this machine."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def get(self, path: str, etag: str = "") -> tuple[int, str, bytes]:
        """Return status, ETag and body."""
        known = f"If-None-Match: {etag}\r\n" if etag else ""
        self._writer.write(f"GET {path} HTTP/1.1\r\nHost: hub\r\n{known}\r\n".encode())
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode()
        length = etag = ""
        for line in head.split("\r\n")[1:]:
            name, _, value = line.partition(": ")
            if name.lower() == "content-length":
                length = value
            elif name.lower() == "etag":
                etag = value
        status = int(head.split(maxsplit=2)[1])
        size = 0 if status == 304 else int(length or 0)
        return status, etag, await self._reader.readexactly(size)

    async def ask(self, request: bytes, begins: bytes) -> None:
        """Ask for what has no body, and look at no more than how the answer begins."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        if not head.startswith(begins):
            raise RuntimeError(head.decode())

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        await self._writer.wait_closed()


def _install(home: HomeAssistant) -> None:
    folder = home.folder / "custom_components" / _EMPTY
    folder.mkdir()
    (folder / "__init__.py").write_text(_VIEW, encoding="utf-8")
    manifest = {
        "domain": _EMPTY,
        "name": "Empty view",
        "codeowners": [],
        "dependencies": ["http"],
        "documentation": "https://example.org",
        "iot_class": "calculated",
        "version": "1.0.0",
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with (home.folder / "configuration.yaml").open("a", encoding="utf-8") as file:
        file.write(f"\n{_EMPTY}:\n")
    loop_lag.install(home)


async def _set_up_hub(world: World, session: aiohttp.ClientSession) -> dict[str, Any]:
    """Set a hub up in its forms, and have a neighbour's notice wait."""
    owner = await world.owner(session)
    flow = await Flow.config(owner, "clip_consent")
    await flow.choose("set_up_hub")
    await flow.fill(
        name="Lindenstraße", operator="Residents", contact="hub@example.org"
    )
    while flow.step.type == "form" and not flow.step.errors:
        await flow.fill()
    flow.finished()
    async with session.get(f"{world.home.base_url}{_BASE}/info") as response:
        info: dict[str, Any] = await response.json()
    return info


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
    for path in (f"{_BASE}/info", f"{_BASE}/log?from=1"):
        await line.get(path)
    for cell in cells:
        status, etag, _ = await line.get(f"{_BASE}/feed/{cell}", known.get(cell, ""))
        if status == 200:
            known[cell] = etag
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
    async with (
        running_world(folder, _MEDIA, yesterday(), prepared=_install) as world,
        aiohttp.ClientSession() as session,
    ):
        info = await _set_up_hub(world, session)
        home, pid = world.home, world.home.process.pid
        port = int(home.base_url.rpartition(":")[2])
        cells = [*info["cells"], "00000", "00001", "00002"][:9]
        feed = f"{_BASE}/feed/{cells[0]}"
        line = await Line.to(port)
        _, etag, _ = await line.get(feed)
        await line.close()
        feeds, empties = [], []
        for _ in range(ROUNDS):
            empties.append(await _rate(port, f"/api/{_EMPTY}", etag, b"HTTP/1.1 200"))
            feeds.append(await _rate(port, feed, etag, b"HTTP/1.1 304"))
        homes: list[dict[str, str]] = [{} for _ in range(HOMES)]
        await _slot(port, cells, homes)
        before = loop_lag.resident(pid)
        await loop_lag.noted(session, home)
        took = [await _slot(port, cells, homes) for _ in range(3)]
        lag = loop_lag.p99(await loop_lag.noted(session, home))
        more = loop_lag.resident(pid) - before
        if faults := home.faults():
            raise RuntimeError(f"Home Assistant says: {faults}")
    ratio = median(f / e for f, e in zip(feeds, empties, strict=True))
    return [
        Measure(
            what="feed, unchanged (304)",
            against="an empty view on the same HA",
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
                f" event-loop lag meanwhile {lag * 1000:.0f} ms, 99th percentile"
            ),
        ),
    ]


def run() -> list[Measure]:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder)))
