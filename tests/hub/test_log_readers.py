"""G9: readers of the log who read slowly hold up nobody else, and little memory."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from http import HTTPStatus
from pathlib import Path
import socket
from typing import Final

import aiohttp
from aiohttp import web
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest

from custom_components.clip_consent import http_hub
from custom_components.clip_consent.hub import log_pages

from .web import PATH, WebHub, serving_hub
from .world import CELL, MODERATOR, page_of

BUFFER: Final = 4096  # bytes that a line may hold on its way: the rest is in memory
SLOW: Final = "8.8.8.8"
OTHER: Final = "9.9.9.9"


async def _narrow(request: web.Request, response: web.StreamResponse) -> None:
    """Let the system keep little of an answer that nobody reads."""
    assert request.transport
    line: socket.socket = request.transport.get_extra_info("socket")
    line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)


@pytest.fixture
async def busy_hub(
    hass: HomeAssistant, tmp_path: Path, socket_enabled: None
) -> AsyncIterator[WebHub]:
    """Return a hub behind a proxy, with a log whose pages are long."""
    settings = {"use_x_forwarded_for": True, "trusted_proxies": ["127.0.0.1"]}
    assert await async_setup_component(hass, "http", {"http": settings})
    hass.http.app.on_response_prepare.append(_narrow)
    async with serving_hub(hass, tmp_path / "busy_hub") as hub:
        for number in range(40):
            await hub.manager.async_post_notice(
                f"{number}", "\N{SNOWFLAKE}" * 2000, (CELL,), MODERATOR
            )
        yield hub


class Street:
    """Lines into a hub, each from an address of its choice."""

    def __init__(self, hub: WebHub, stack: AsyncExitStack) -> None:
        """Begin with none."""
        self._hub = hub
        self._stack = stack
        self.client = aiohttp.ClientSession(hub.origin)

    async def slow(self, start: int, address: str) -> asyncio.StreamReader:
        """Ask for a page, and read nothing of it."""
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        line.setblocking(False)
        await asyncio.get_running_loop().sock_connect(
            line, ("127.0.0.1", self._hub.port)
        )
        reader, writer = await asyncio.open_connection(sock=line, limit=BUFFER)
        self._stack.callback(writer.close)
        writer.write(
            f"GET {PATH}/log?from={start} HTTP/1.1\r\nHost: hub\r\n"
            f"X-Forwarded-For: {address}\r\n\r\n".encode()
        )
        return reader

    async def status(self, path: str, address: str) -> int:
        """Ask for something and read all of it."""
        headers = {"X-Forwarded-For": address}
        async with self.client.get(f"{PATH}/{path}", headers=headers) as answer:
            await answer.read()
            return answer.status


@pytest.fixture
async def street(busy_hub: WebHub) -> AsyncIterator[Street]:
    """Return lines that are closed at the end."""
    async with AsyncExitStack() as stack:
        street = Street(busy_hub, stack)
        async with street.client:
            yield street


async def _until(there: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not there():
            await asyncio.sleep(0.01)


async def test_one_address_holds_no_more_than_half(
    busy_hub: WebHub, street: Street
) -> None:
    """T49: however slowly it reads; it is told to come again, and no one else is."""
    pages = busy_hub.manager._log_pages
    for number in range(log_pages.ADDRESS_MAX):
        await street.slow(1 + number, SLOW)
    await _until(lambda: pages._lines[SLOW] == log_pages.ADDRESS_MAX)
    assert log_pages.ADDRESS_MAX * 2 == log_pages.OUT_MAX == log_pages.WAITING_MAX
    assert await street.status("log?from=30", SLOW) == HTTPStatus.SERVICE_UNAVAILABLE
    assert await street.status("log?from=30", OTHER) == HTTPStatus.OK
    for path in ("log?from=99", f"feed/{CELL}", "info"):  # what homes ask
        assert await street.status(path, SLOW) == HTTPStatus.OK
    assert busy_hub.manager._log_pages._lines.keys() == {SLOW}


async def test_few_pages_are_held_for_slow_lines(
    busy_hub: WebHub, street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever they come from: what is kept goes on, and no feed waits."""
    monkeypatch.setattr(log_pages, "OUT_MAX", 6)
    monkeypatch.setattr(log_pages, "KEPT", 2)
    pages = busy_hub.manager._log_pages
    for number in range(30):
        await street.slow(1 + number, f"8.8.4.{number}")
    await _until(lambda: busy_hub.answered["GET", 200] == 6)
    await _until(lambda: busy_hub.answered["GET", 503] == 24)
    assert len(pages._out) == 6
    kept = next(iter(pages._pages))
    assert await street.status(f"log?from={kept}", OTHER) == HTTPStatus.OK
    assert await street.status("log?from=40", OTHER) == HTTPStatus.SERVICE_UNAVAILABLE
    assert await street.status(f"feed/{CELL}", OTHER) == HTTPStatus.OK
    assert await street.status("log?from=99", OTHER) == HTTPStatus.OK


async def test_a_slow_line_is_cut_and_its_place_is_free(
    busy_hub: WebHub, street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who cannot read a page in its time has to ask again."""
    monkeypatch.setattr(http_hub, "READ_SECONDS", 1.0)
    pages = busy_hub.manager._log_pages
    reader = await street.slow(1, SLOW)
    await _until(lambda: pages._lines[SLOW] == 1)
    await _until(lambda: not pages._lines and not pages._out)
    assert 0 < len(await reader.read()) < len(await page_of(busy_hub.manager))
    assert await street.status("log?from=1", SLOW) == HTTPStatus.OK


async def test_who_hangs_up_gives_the_place_back(
    busy_hub: WebHub, street: Street
) -> None:
    """At once, not when its time is over."""
    pages = busy_hub.manager._log_pages
    async with AsyncExitStack() as stack:
        lines = Street(busy_hub, stack)
        await lines.client.close()
        await lines.slow(1, SLOW)
        await _until(lambda: pages._lines[SLOW] == 1)
    await _until(lambda: not pages._lines and not pages._out)
