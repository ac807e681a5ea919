"""What lies in a store goes through the hub piece by piece, however large it is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
import hashlib
from http import HTTPStatus
from pathlib import Path

import aiohttp
from homeassistant.core import HomeAssistant
import pytest

from custom_components.clip_consent.core.drop_box import DropLimits
from tests.home.memory import Peak
from tests.servers.processes import Store

from .drop_world import REQUEST, of_bytes
from .http_world import PATH, HttpWorld, serving
from .stored_world import object_store_at, ticket_of, today

PIECE = of_bytes(2**20)
SIZE = 200 * len(PIECE)
MOST = 32 * 2**20  # bytes that hub and reader, who are one process here, may grow by
ASKER = {"Authorization": "Bearer the-one-who-asked"}
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


async def pieces() -> AsyncIterator[bytes]:
    """Yield 200 MiB, each of which tells its place."""
    for number in range(SIZE // len(PIECE)):
        yield number.to_bytes(4) + PIECE[4:]


def digest_from(start: int) -> str:
    """Return the digest of what is sent from an offset on."""
    found = hashlib.sha256()
    for number in range(SIZE // len(PIECE)):
        piece = number.to_bytes(4) + PIECE[4:]
        found.update(piece[max(0, start - number * len(PIECE)) :])
    return found.hexdigest()


@pytest.fixture
async def world(
    hass: HomeAssistant, tmp_path: Path, socket_enabled: None, store: Store
) -> AsyncIterator[HttpWorld]:
    """Return a drop box at a real port, before the store."""
    limits, kept = DropLimits(disk_free=0), object_store_at(store.port)
    async with serving(hass, tmp_path / "drops", limits, kept) as world:
        world.clock.wall = today().now()
        world.gate.rooms = {REQUEST: world.clock.now() + timedelta(days=7)}
        world.gate.bearers[REQUEST] = "the-one-who-asked"
        yield world


@asynccontextmanager
async def fetching(
    world: HttpWorld, path: str, start: int
) -> AsyncIterator[aiohttp.ClientResponse]:
    """Ask for a delivery from an offset on."""
    headers = {**ASKER, **({"Range": f"bytes={start}-"} if start else {})}
    async with (
        aiohttp.ClientSession(world.origin) as session,
        session.get(path, headers=headers) as response,
    ):
        assert response.status == (
            HTTPStatus.PARTIAL_CONTENT if start else HTTPStatus.OK
        )
        assert response.content_length == SIZE - start
        yield response


async def test_memory_stays_flat(world: HttpWorld) -> None:
    """Also for one who reads nothing for a while: the store has to wait, too."""
    upload = await world.begin(SIZE)
    ticket = ticket_of(world, upload)
    async with (
        aiohttp.ClientSession(skip_auto_headers=("Content-Type",)) as session,
        session.put(
            ticket.url, data=pieces(), headers=dict(ticket.headers)
        ) as response,
    ):
        assert response.status == HTTPStatus.OK
    assert (await world.now(upload)).is_whole
    path = f"{PATH}/inbox/{REQUEST}/{upload.upload_id}"
    grown: list[int] = []
    for start in (0, SIZE // 2 + 7):
        peak, found = Peak(), hashlib.sha256()
        async with fetching(world, path, start) as response:
            await asyncio.sleep(2)
            async for piece in response.content.iter_any():
                found.update(piece)
        assert found.hexdigest() == digest_from(start)
        grown.append(peak.grown())
    assert max(grown) < MOST, grown
    await world.drops.async_terminate(REQUEST, upload.upload_id)
