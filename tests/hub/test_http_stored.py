"""The doors of a drop box whose bytes go to a real store, from outside."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import aiohttp
from homeassistant.core import HomeAssistant
import pytest

from custom_components.clip_consent.base.public_view import HEADERS
from custom_components.clip_consent.core.drop_box import DropLimits
from tests.servers.processes import BUCKET, SECRET_KEY, Store, s3_client
from tests.servers.proxy import Fault, FaultProxy

from .drop_world import REQUEST, of_bytes
from .http_world import PATH, HttpWorld, serving
from .stored_world import object_store_at, today

TUS = {"Tus-Resumable": "1.0.0"}
DATA = of_bytes(500_003)
ASKER = {"Authorization": "Bearer the-one-who-asked"}

type Client = aiohttp.ClientSession


@pytest.fixture
async def world(
    hass: HomeAssistant, tmp_path: Path, proxy: FaultProxy
) -> AsyncIterator[HttpWorld]:
    """Return a drop box at a real port, before the store."""
    limits = DropLimits(disk_free=0)
    kept = object_store_at(proxy.port)
    async with serving(hass, tmp_path / "drops", limits, kept) as world:
        world.clock.wall = today().now()
        world.gate.rooms = {REQUEST: world.clock.now() + timedelta(days=7)}
        world.gate.bearers[REQUEST] = "the-one-who-asked"
        yield world


@pytest.fixture
async def client(world: HttpWorld) -> AsyncIterator[Client]:
    """Return a stranger's client."""
    async with aiohttp.ClientSession(world.origin) as session:
        yield session


async def begun(client: Client) -> tuple[str, dict[str, object]]:
    """Begin an upload; return its path, and where it is to be sent."""
    headers = {**TUS, "Upload-Length": str(len(DATA))}
    async with client.post(f"{PATH}/drops/{REQUEST}", headers=headers) as response:
        assert response.status == HTTPStatus.CREATED
        assert response.headers["Tus-Resumable"] == "1.0.0"
        said = await response.json()
        assert said.keys() == {"version", "put"}
        return response.headers["Location"], said["put"]


async def put(said: dict[str, object], data: bytes = DATA) -> int:
    """Send as any client would that reads no more than the protocol's page."""
    async with (
        aiohttp.ClientSession(skip_auto_headers=("Content-Type",)) as session,
        session.put(str(said["url"]), data=data, headers=said["headers"]) as response,  # type: ignore[arg-type]
    ):
        return response.status


async def offset_of(client: Client, where: str) -> int:
    """Return what HEAD tells."""
    async with client.head(where, headers=TUS) as response:
        assert response.status == HTTPStatus.OK
        assert response.headers["Upload-Length"] == str(len(DATA))
        return int(response.headers["Upload-Offset"])


async def delivered(client: Client) -> str:
    """Bring one delivery; return its path in the inbox."""
    where, said = await begun(client)
    assert await put(said) == HTTPStatus.OK
    assert await offset_of(client, where) == len(DATA)
    async with client.get(f"{PATH}/inbox/{REQUEST}", headers=ASKER) as response:
        [listed] = (await response.json())["deliveries"]
    assert where.endswith(listed["id"])
    return f"{PATH}/inbox/{REQUEST}/{listed['id']}"


async def test_it_is_told_where_to_send(client: Client) -> None:
    """At the beginning, and again when asked; then the hub says that it came."""
    where, _ = await begun(client)
    assert await offset_of(client, where) == 0
    async with client.get(where, headers=TUS) as response:
        assert response.status == HTTPStatus.OK
        assert response.content_type == "application/json"
        said = (await response.json())["put"]
    assert await put(said) == HTTPStatus.OK
    assert await offset_of(client, where) == len(DATA)
    async with client.get(where, headers=TUS) as response:
        assert response.status == HTTPStatus.NOT_FOUND


async def test_what_somebody_took_out_of_the_store(
    client: Client, store: Store
) -> None:
    """It is not there, and not only away for a while."""
    path = await delivered(client)
    name = path.rpartition("/")[2]
    s3: Any = s3_client(store.port, SECRET_KEY)
    s3.delete_object(Bucket=BUCKET, Key=f"clip-consent/{name}.age")
    async with client.get(path, headers=ASKER) as response:
        assert response.status == HTTPStatus.NOT_FOUND


async def test_no_bytes_come_here(client: Client) -> None:
    """PATCH finds nothing, and DELETE takes back what came."""
    where, said = await begun(client)
    bytes_here = {**TUS, "Content-Type": "application/offset+octet-stream"}
    async with client.patch(
        where, headers={**bytes_here, "Upload-Offset": "0"}, data=DATA
    ) as response:
        assert response.status == HTTPStatus.NOT_FOUND
    assert await put(said) == HTTPStatus.OK
    async with client.delete(where, headers=TUS) as response:
        assert response.status == HTTPStatus.NO_CONTENT
    async with client.head(where, headers=TUS) as response:
        assert response.status == HTTPStatus.NOT_FOUND


async def test_a_store_that_is_away(client: Client, proxy: FaultProxy) -> None:
    """503: come again. Nothing says where it lies."""
    where, said = await begun(client)
    assert await put(said) == HTTPStatus.OK
    proxy.faults["HEAD"] = [Fault(cut_after=0)] * 2
    async with client.head(where, headers=TUS) as response:
        assert response.status == HTTPStatus.SERVICE_UNAVAILABLE
    path = await delivered_at(client, where)
    proxy.faults["GET"] = [Fault(cut_after=0)] * 2
    async with client.get(path, headers=ASKER) as response:
        assert response.status == HTTPStatus.SERVICE_UNAVAILABLE
        assert await response.read() == b'{"error":"unavailable"}'


async def delivered_at(client: Client, where: str) -> str:
    """Return where what came is read."""
    assert await offset_of(client, where) == len(DATA)
    return f"{PATH}/inbox/{REQUEST}/{where.rpartition('/')[2]}"


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [
        (None, 200, 0, len(DATA)),
        ("bytes=0-", 200, 0, len(DATA)),
        ("bytes=5-", 206, 5, len(DATA)),
        ("bytes=0-99", 206, 0, 100),
        ("bytes=7-999999", 206, 7, len(DATA)),
        ("bytes=-100", 206, len(DATA) - 100, len(DATA)),
        ("bytes=-9999999", 200, 0, len(DATA)),
    ],
)
async def test_ranges(
    client: Client,
    world: HttpWorld,
    asked: str | None,
    status: int,
    start: int,
    end: int,
) -> None:
    """As from the hub's own disk; who has the last byte is counted."""
    path = await delivered(client)
    headers = {**ASKER, **({"Range": asked} if asked else {})}
    async with client.get(path, headers=headers) as response:
        assert response.status == status
        assert response.content_type == "application/octet-stream"
        assert await response.read() == DATA[start:end]
        assert HEADERS.items() <= dict(response.headers).items()
        if status == HTTPStatus.PARTIAL_CONTENT:
            said = f"bytes {start}-{end - 1}/{len(DATA)}"
            assert response.headers["Content-Range"] == said
    async with asyncio.timeout(5):
        while (await times_read(world)) != (end == len(DATA)):
            await asyncio.sleep(0.01)  # it is counted once the last byte is out


async def times_read(world: HttpWorld) -> int:
    """Return how often the one delivery was read to its end."""
    [held] = await world.drops.async_deliveries(REQUEST)
    return held.read


@pytest.mark.parametrize("asked", [f"bytes={len(DATA)}-", "bytes=9-3", "feet=1-2"])
async def test_ranges_that_are_none(client: Client, asked: str) -> None:
    """416, as from the disk."""
    path = await delivered(client)
    async with client.get(path, headers={**ASKER, "Range": asked}) as response:
        assert response.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
        assert response.headers["Content-Range"] == f"bytes */{len(DATA)}"
        assert await response.read() == b""


async def test_a_condition_that_cannot_hold(client: Client) -> None:
    """With `If-Range` all of it is sent: there is no tag that could still be true."""
    path = await delivered(client)
    headers = {**ASKER, "Range": "bytes=5-", "If-Range": '"a tag"'}
    async with client.get(path, headers=headers) as response:
        assert response.status == HTTPStatus.OK
        assert await response.read() == DATA


async def test_a_line_that_breaks(client: Client, world: HttpWorld) -> None:
    """What stops in the middle is cut, not passed off as whole, nor counted."""
    path = await delivered(client)

    async def pieces() -> AsyncIterator[bytes]:
        yield DATA[:1000]

    class Half:
        size = len(DATA)

        def reading(self, start: int, size: int) -> Half:
            return self

        async def __aenter__(self) -> AsyncIterator[bytes]:
            return pieces()

        async def __aexit__(self, *_: object) -> None:
            pass

    world.drops.async_delivery = _returning(Half())  # type: ignore[method-assign,assignment]
    with pytest.raises(aiohttp.ClientPayloadError):
        async with client.get(path, headers=ASKER) as response:
            await response.read()
    assert await times_read(world) == 0


def _returning(found: object) -> object:
    async def call(*_: object) -> object:
        return found

    return call
