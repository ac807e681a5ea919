"""Clips leave a real Home Assistant for real servers: once approved, not before.

The servers are @tus/server, which takes resumable uploads, and SeaweedFS, which takes a
PUT to a presigned address as any S3-compatible store does. Both are on loopback, where
clips go only since the owner entered them in the settings.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
import json
from pathlib import Path

import aiohttp
import pytest
from yarl import URL

from script import verify_clip
from script.demo_world import panel, story
from script.demo_world.asked import Key
from script.demo_world.client import (
    ApiError,
    Connection,
    HomeAssistantClient,
    JsonObject,
)
from script.demo_world.flows import Flow
from script.demo_world.home_assistant import DOMAIN
from script.demo_world.world import World
from tests.servers.fixtures import _tus_server, store, tus_server
from tests.servers.processes import Store, TusServer

from .panel import loaded, sha256

__all__ = ["_tus_server", "store", "tus_server"]  # fixtures, used by name

type Arrived = Callable[[], Awaitable[list[bytes]]]  # what a server has


@pytest.fixture
def key(tmp_path: Path) -> Key:
    """Return the key of who asks, made by `age`."""
    return Key.make(tmp_path / "key.txt")


async def _enter_hosts(
    owner: HomeAssistantClient, house: story.Household, hosts: list[str]
) -> None:
    """Fill in the settings as the owner does; the home starts anew with them."""
    async with owner.connection() as connection:
        await loaded(connection, house)
        flow = await Flow.options(owner, house.set_up.entry_id)
        await flow.fill(upload_hosts=hosts)
        flow.finished()
        await loaded(connection, house)


@asynccontextmanager
async def _entered(
    owner: HomeAssistantClient, house: story.Household, port: int
) -> AsyncIterator[None]:
    """Let clips go to a server on loopback, for as long as this lasts."""
    await _enter_hosts(owner, house, [f"127.0.0.1:{port}"])
    try:
        yield
    finally:
        await _enter_hosts(owner, house, [])


async def _approve(
    owner: HomeAssistantClient, connection: Connection, case: JsonObject
) -> str:
    """Look at the clip and approve it, as the panel does; return its digest."""
    async with owner.session.get(f"{owner.base_url}{case['draft']['video']}") as answer:
        assert answer.status == 200
        previewed = sha256(await answer.read())
    await connection.command(
        f"{DOMAIN}/approve", offer_id=case["offer"]["offer_id"], sha256=previewed
    )
    return previewed


async def _check_package(
    connection: Connection, case: JsonObject, package: bytes, key: Key
) -> None:
    """Open what arrived with nothing but the key, and hold it against the record."""
    folder = key.file.parent
    (folder / "clip.age").write_bytes(package)
    [delivery] = case["deliveries"]
    (folder / "receipt.json").write_text(json.dumps(delivery))
    told = ["--identity", str(key.file), "--receipt", str(folder / "receipt.json")]
    assert verify_clip.main([str(folder / "clip.age"), *told]) == 0
    entries, head = await story.ledger(connection)
    story.check_ledger(entries, head)
    mine = [entry for entry in entries if entry["case_id"] == case["case_id"]]
    [shared] = [entry["data"] for entry in mine if entry["kind"] == "shared"]
    assert shared["package_sha256"] == sha256(package)
    assert shared["package_size"] == len(package)


async def _goes_out(
    owner: HomeAssistantClient,
    world: World,
    key: Key,
    arrived: Arrived,
    **upload: str,
) -> None:
    """Enter a request, approve its clip, and find exactly that on the server."""
    async with owner.connection() as connection:
        watch = await story.CaseWatch.start(connection)
        case_id = await panel.enter_request(
            owner, world.recordings.one_camera, recipient=key.recipient, **upload
        )
        case = await watch.until(
            lambda one: one["case_id"] == case_id and one["offer"] is not None
        )
        assert await arrived() == []
        previewed = await _approve(owner, connection, case)
        consented = await watch.reach(case_id, "consented")
        assert consented["consent"]["means"] == "panel"
        assert await arrived() == []
        case = await watch.reach(case_id, "shared")
        [package] = await arrived()
        assert key.clip_digest(package) == previewed
        await _check_package(connection, case, package, key)


async def _is_refused(
    owner: HomeAssistantClient, world: World, key: Key, **upload: str
) -> None:
    """See that a server which the owner did not enter is not taken."""
    with pytest.raises(ApiError) as raised:
        await panel.enter_request(
            owner, world.recordings.one_camera, recipient=key.recipient, **upload
        )
    assert raised.value.code == "400"
    assert "not encrypted" in raised.value.message


async def test_an_approved_clip_is_uploaded_to_a_tus_server(
    world: World,
    house: story.Household,
    owner: HomeAssistantClient,
    tus_server: TusServer,
    key: Key,
) -> None:
    """@tus/server has nothing until then, not even the name of an upload."""
    upload = {"upload_url": tus_server.url, "upload_protocol": "tus"}

    async def arrived() -> list[bytes]:
        if not tus_server.uploads():
            assert list(tus_server.folder.iterdir()) == []
        return [file.read_bytes() for file in tus_server.uploads()]

    await _is_refused(owner, world, key, **upload)
    async with _entered(owner, house, tus_server.port):
        await _goes_out(owner, world, key, arrived, **upload)


async def test_an_approved_clip_is_put_to_an_s3_compatible_store(
    world: World,
    house: story.Household,
    session: aiohttp.ClientSession,
    owner: HomeAssistantClient,
    store: Store,
    key: Key,
) -> None:
    """SeaweedFS has it by one PUT to the presigned address that was approved."""
    upload = {"upload_url": store.presigned("clip.age"), "upload_protocol": "put"}
    object_url = URL(store.presigned("clip.age", method="get_object"), encoded=True)

    async def arrived() -> list[bytes]:
        async with session.get(object_url) as answer:
            assert answer.status in {200, 404}
            return [await answer.read()] if answer.status == 200 else []

    await _is_refused(owner, world, key, **upload)
    async with _entered(owner, house, store.port):
        await _goes_out(owner, world, key, arrived, **upload)
