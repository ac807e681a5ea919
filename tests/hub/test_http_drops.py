"""The drop box from outside: tus as its page says, word by word, and the inbox."""

import asyncio
from datetime import timedelta
from http import HTTPStatus
import io
import json
import re

import aiohttp
import pytest

from custom_components.clip_consent.base.public_view import HEADERS
from tests.interfaces import unlike

from .drop_world import BEARER, NOON, REQUEST, of_bytes
from .http_world import PATH, HttpWorld

TUS = {"Tus-Resumable": "1.0.0"}
BYTES = "application/offset+octet-stream"
DATA = of_bytes(500_003)
NOT_FOUND = b'{"error":"not_found"}'
ASKER = {"Authorization": f"Bearer {BEARER.replace(' ', '-')}"}

type Client = aiohttp.ClientSession


@pytest.fixture(autouse=True)
def _bearer(web_world: HttpWorld) -> None:
    web_world.gate.bearers[REQUEST] = BEARER.replace(" ", "-")


async def create(client: Client, length: int = len(DATA)) -> str:
    """Return the path of a new upload."""
    headers = {**TUS, "Upload-Length": str(length)}
    async with client.post(f"{PATH}/drops/{REQUEST}", headers=headers) as response:
        assert response.status == 201
        where = response.headers["Location"]
        assert re.fullmatch(rf"{PATH}/drops/{REQUEST}/[a-z2-7]{{26}}", where)
        return where


def patching(offset: int, **headers: str) -> dict[str, str]:
    """Return the headers of a PATCH."""
    return {**TUS, "Upload-Offset": str(offset), "Content-Type": BYTES, **headers}


async def offset_of(client: Client, where: str) -> int:
    """Return what HEAD tells."""
    async with client.head(where, headers=TUS) as response:
        assert response.status == 200
        assert response.headers["Upload-Length"] == str(len(DATA))
        return int(response.headers["Upload-Offset"])


async def test_a_delivery_comes_in_and_is_read(
    client: Client, web_world: HttpWorld
) -> None:
    """In two parts, as any client of tus would send it; then by its requester."""
    where = await create(client)
    assert await offset_of(client, where) == 0
    for start, end in ((0, 200_000), (200_000, len(DATA))):
        part = DATA[start:end]
        async with client.patch(where, data=part, headers=patching(start)) as response:
            assert response.status == 204
            assert response.headers["Upload-Offset"] == str(end)
            assert response.headers["Tus-Resumable"] == "1.0.0"
            assert response.headers["Upload-Expires"].endswith("GMT")
            assert await response.read() == b""
    assert await offset_of(client, where) == len(DATA)
    async with client.get(f"{PATH}/inbox/{REQUEST}", headers=ASKER) as response:
        assert response.status == 200
        inbox = await response.json()
    said = {"id": "x" * 26, "size": 1, "available_until": "2026-12-08T09:00:00Z"}
    assert list(unlike({"version": 1, "deliveries": [said]}, inbox)) == []
    [delivery] = inbox["deliveries"]
    assert delivery["size"] == len(DATA)
    path = f"{PATH}/inbox/{REQUEST}/{delivery['id']}"
    async with client.get(path, headers=ASKER) as response:
        assert response.status == 200
        assert await response.read() == DATA
        assert response.content_type == "application/octet-stream"
        for name, value in HEADERS.items():
            assert response.headers[name] == value
    parts = {"bytes=0-0": DATA[:1], "bytes=1000-": DATA[1000:], "bytes=-9": DATA[-9:]}
    for span, expected in parts.items():
        async with client.get(path, headers={**ASKER, "Range": span}) as response:
            assert response.status == 206
            assert await response.read() == expected
    over = {**ASKER, "Range": f"bytes={len(DATA)}-"}
    async with client.get(path, headers=over) as response:
        assert response.status == 416
    [held] = await web_world.drops.async_deliveries(REQUEST)
    assert held.read == 3  # whole, from 1000 to its end, and its last nine bytes


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer guess"},
        {"Authorization": "Basic eDp5"},
        {"Authorization": f"Bearer {'x' * 300}"},
        {"Authorization": "Bearer"},
    ],
)
async def test_nobody_else_reads_anything(
    client: Client, web_world: HttpWorld, headers: dict[str, str]
) -> None:
    """Not found, never 401: a wrong token is no failed login."""
    upload = await web_world.send(DATA)
    for path in (REQUEST, f"{REQUEST}/{upload.upload_id}", "s" * 26, "x", "x/y"):
        async with client.get(f"{PATH}/inbox/{path}", headers=headers) as response:
            assert response.status == 404
            assert await response.read() == NOT_FOUND
            assert "WWW-Authenticate" not in response.headers


async def test_a_file_that_is_gone_is_not_found(
    client: Client, web_world: HttpWorld
) -> None:
    """Nothing says why."""
    upload = await web_world.send(DATA)
    web_world.data(upload).unlink()
    path = f"{PATH}/inbox/{REQUEST}/{upload.upload_id}"
    async with client.get(path, headers=ASKER) as response:
        assert response.status == 404
        assert await response.read() == NOT_FOUND


async def test_a_wrong_offset_is_409_and_changes_nothing(client: Client) -> None:
    """F-15: and its sender can read so, even in the middle of a large body."""
    where = await create(client)
    async with client.patch(where, data=DATA[:1000], headers=patching(0)) as response:
        assert response.status == 204
    for offset in (0, 999, 1001, len(DATA)):
        async with client.patch(where, data=DATA, headers=patching(offset)) as response:
            assert response.status == 409
            assert await response.read() == b'{"error":"conflict"}'
        assert await offset_of(client, where) == 1000


async def test_who_writes_beside_another_is_423(
    client: Client, web_world: HttpWorld
) -> None:
    """Also who would remove it; HEAD tells what is safe meanwhile."""
    where = await create(client)
    going_on = asyncio.Event()
    began = asyncio.Event()

    async def slow() -> object:
        yield DATA[:1000]  # type: ignore[misc]
        began.set()
        await going_on.wait()
        yield DATA[1000:]

    async def first() -> int:
        async with client.patch(where, data=slow(), headers=patching(0)) as response:
            return response.status

    web_world.drops._pace = web_world.pace.__class__(piece=30)
    writing = asyncio.create_task(first())
    await began.wait()
    while (await client.patch(where, data=b"x", headers=patching(0))).status != 423:
        await asyncio.sleep(0.01)
    assert (await client.delete(where, headers=TUS)).status == 423
    assert await offset_of(client, where) in {0, 1}
    going_on.set()
    assert await writing in {204, 409}


@pytest.mark.parametrize(
    ("method", "headers", "data", "status"),
    [
        ("POST", {"Upload-Length": "10"}, None, 412),
        ("POST", {"Tus-Resumable": "0.2.2", "Upload-Length": "10"}, None, 412),
        ("POST", TUS, None, 400),
        ("POST", {**TUS, "Upload-Length": "0"}, None, 400),
        ("POST", {**TUS, "Upload-Length": "-1"}, None, 400),
        ("POST", {**TUS, "Upload-Length": "1e3"}, None, 400),
        ("POST", {**TUS, "Upload-Length": "9" * 17}, None, 400),
        ("POST", {**TUS, "Upload-Length": "9" * 16}, None, 413),
        ("POST", {**TUS, "Upload-Length": "10"}, b"0123456789", 400),
        ("POST", {**TUS, "Upload-Length": "9", "Upload-Concat": "partial"}, None, 400),
        ("POST", {**TUS, "Upload-Defer-Length": "1"}, None, 400),
        ("POST", {**TUS, "Upload-Length": "9", "Content-Encoding": "gzip"}, b"x", 415),
        ("GET", TUS, None, 404),
        ("OPTIONS", TUS, None, 404),
        ("PUT", TUS, b"x", 404),
        ("HEAD", TUS, None, 404),
    ],
)
async def test_beginning_wrongly(
    client: Client,
    web_world: HttpWorld,
    method: str,
    headers: dict[str, str],
    data: bytes | None,
    status: int,
) -> None:
    """Each has its own answer, and nothing is begun."""
    path = f"{PATH}/drops/{REQUEST}"
    async with client.request(method, path, headers=headers, data=data) as response:
        assert response.status == status
        assert response.headers["Tus-Resumable"] == "1.0.0"
        assert response.headers.get("Tus-Version") == (
            "1.0.0" if status == 412 else None
        )
        assert not any(name.startswith("Access-Control") for name in response.headers)
    assert web_world.names() == set()


@pytest.mark.parametrize(
    ("headers", "size", "status"),
    [
        ({"Upload-Offset": "0", "Content-Type": BYTES}, len(DATA), 412),
        ({**TUS, "Content-Type": BYTES}, len(DATA), 400),
        ({**TUS, "Content-Type": BYTES, "Upload-Offset": "x"}, len(DATA), 400),
        ({**TUS, "Content-Type": BYTES, "Upload-Offset": "-0"}, len(DATA), 400),
        ({**TUS, "Content-Type": "text/plain", "Upload-Offset": "0"}, len(DATA), 415),
        (patching(0, **{"Content-Encoding": "gzip"}), 10, 415),
        (patching(0), len(DATA) + 1, 413),
        (patching(0), 10_000_000, 413),
    ],
)
async def test_adding_wrongly(
    client: Client, headers: dict[str, str], size: int, status: int
) -> None:
    """Each has its own answer, which its sender can read, and nothing is added."""
    where = await create(client)
    data = io.BytesIO(of_bytes(size))
    async with client.patch(where, data=data, headers=headers) as response:
        assert response.status == status
    assert await offset_of(client, where) == 0


async def test_more_than_announced_without_a_length_is_413(client: Client) -> None:
    """Home Assistant's own limit does not see such a body: ours does."""
    where = await create(client)

    async def endless() -> object:
        for _ in range(1000):
            yield DATA  # type: ignore[misc]

    try:
        async with client.patch(where, data=endless(), headers=patching(0)) as response:
            assert response.status == 413
    except aiohttp.ClientOSError:
        pass  # it would not stop sending
    assert await offset_of(client, where) < len(DATA)


@pytest.mark.parametrize("path", ["x", "x/y", f"{REQUEST}/x", "../../x", f"{'x' * 26}"])
async def test_what_is_no_id_is_not_found(
    client: Client, web_world: HttpWorld, path: str
) -> None:
    """Whatever it spells, nothing is opened for it."""
    for method in ("POST", "HEAD", "PATCH", "DELETE"):
        headers = patching(0, **{"Upload-Length": "10"})
        url = f"{PATH}/drops/{path}"
        async with client.request(method, url, headers=headers, data=None) as response:
            assert response.status == 404
    assert web_world.names() == set()


async def test_taking_it_back(client: Client) -> None:
    """Then it never was."""
    where = await create(client)
    async with client.delete(where, headers=TUS) as response:
        assert response.status == 204
    for method in ("HEAD", "PATCH", "DELETE"):
        async with client.request(method, where, headers=patching(0)) as response:
            assert response.status == 404


async def test_what_expired_is_not_found(client: Client, web_world: HttpWorld) -> None:
    """And says when it will, while it is there."""
    where = await create(client)
    async with client.head(where, headers=TUS) as response:
        assert response.headers["Upload-Expires"] == "Wed, 25 Nov 2026 12:00:00 GMT"
    web_world.clock.go_on(timedelta(hours=24))
    async with client.head(where, headers=TUS) as response:
        assert response.status == 404
    assert web_world.clock.now() == NOON + timedelta(hours=24)


@pytest.mark.parametrize(
    "status", [HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE]
)
async def test_without_a_hub(
    client: Client, web_world: HttpWorld, status: HTTPStatus
) -> None:
    """Nothing is here; or not yet, and then a home comes again."""
    where = await create(client)
    web_world.down = status
    headers = {**TUS, "Upload-Length": "10"}
    for method, path in (
        ("POST", f"{PATH}/drops/{REQUEST}"),
        ("HEAD", where),
        ("PATCH", where),
        ("DELETE", where),
    ):
        async with client.request(method, path, headers=headers) as response:
            assert response.status == status
    for path in (REQUEST, f"{REQUEST}/{'x' * 26}"):
        async with client.get(f"{PATH}/inbox/{path}", headers=ASKER) as response:
            assert response.status == status


async def test_a_stopped_box_lets_senders_come_again(
    client: Client, web_world: HttpWorld
) -> None:
    """503, with when."""
    where = await create(client)
    await web_world.drops.async_stop()
    async with client.head(where, headers=TUS) as response:
        assert response.status == 503
        assert "Retry-After" in response.headers
    async with client.patch(where, data=DATA, headers=patching(0)) as response:
        assert response.status == 503
    await web_world.start()
    assert await offset_of(client, where) == 0


@pytest.mark.parametrize("after", [0, 1, 65_536, 200_000, 499_999])
async def test_a_cut_line_keeps_what_came(
    client: Client, web_world: HttpWorld, after: int
) -> None:
    """K-05, N-05: at once the offset is true, and the rest completes it."""
    where = await create(client)
    reader, writer = await asyncio.open_connection("127.0.0.1", web_world.port)
    head = [
        f"PATCH {where} HTTP/1.1",
        "Host: hub.example",
        *(f"{name}: {value}" for name, value in patching(0).items()),
        f"Content-Length: {len(DATA)}",
    ]
    writer.write("\r\n".join([*head, "", ""]).encode() + DATA[:after])
    await writer.drain()
    await asyncio.sleep(0.05)
    writer.transport.abort()
    del reader
    statuses, offset = [0], 0
    while statuses[-1] != 204:
        offset = await offset_of(client, where)
        assert offset <= after
        async with client.patch(
            where, data=DATA[offset:], headers=patching(offset)
        ) as response:
            statuses.append(response.status)
    assert set(statuses) <= {0, 204, 409, 423}
    assert offset > 0 or after < 65_536
    upload = next(iter(web_world.drops._book)).upload
    assert web_world.data(upload).read_bytes() == DATA
    assert json.loads(web_world.lines(upload).read_bytes().splitlines()[-1])[
        "offset"
    ] == (len(DATA))


async def test_a_line_that_falls_silent_is_cut(
    web_world: HttpWorld, client: Client
) -> None:
    """N-06: it is told so, and holds no lock."""
    where = await create(client)
    reader, writer = await asyncio.open_connection("127.0.0.1", web_world.port)
    head = [
        f"PATCH {where} HTTP/1.1",
        "Host: hub.example",
        *(f"{name}: {value}" for name, value in patching(0).items()),
        f"Content-Length: {len(DATA)}",
    ]
    writer.write("\r\n".join([*head, "", ""]).encode() + DATA[:1000])
    status = await asyncio.wait_for(reader.readline(), 10)
    assert status == b"HTTP/1.1 408 Request Timeout\r\n"
    writer.close()
    assert await offset_of(client, where) == 1000
