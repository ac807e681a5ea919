"""K-01, K-02: a drop box before a real object store, struck at every call that writes.

Leave given, the object there, that it is there written down, what is over removed from
the store, and its lines: strace lets each call of each of these be a life's last one,
or fail. `sendto` and `recvfrom` are what is asked of the store, and what it answered.
Then another drop box starts on what is left. What came is there once, with its own
bytes; what has not come can still come; what was taken back is gone; and in the end
neither disk nor store has anything of it.
"""

import asyncio
from base64 import b32encode
from dataclasses import asdict
from datetime import datetime
import hashlib
import json
from pathlib import Path
import shutil
from typing import Any

import pytest

from custom_components.clip_consent.core.drop_box import STILL
from custom_components.clip_consent.core.errors import NotFoundError
from custom_components.clip_consent.core.storage import Storage
from custom_components.clip_consent.hub.drop_stored import StoredDelivery
from tests.conftest import COUNTED
from tests.servers.processes import BUCKET, SECRET_KEY, Store, s3_client

from .drop_life import data_of
from .drop_world import BEARER, OTHER, REQUEST, World
from .stored_life import put, world_of
from .stored_world import storage_at, today
from .striking import Told, run_life

ON_DISK = ("pwrite64", "fdatasync", "fsync", "renameat", "unlinkat", "ftruncate")
ASKED = ("connect", "sendto", "recvfrom")
AT_ONCE = 4  # lives
MOST = 200  # calls of one name in a life
BEARERS = {REQUEST: BEARER, OTHER: "another one"}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace"),
    pytest.mark.usefixtures("socket_enabled"),
]


def name_of(folder: Path) -> str:
    """Return what the ids of a life begin with: no other one's do."""
    digest = hashlib.sha256(str(folder).encode()).digest()
    return b32encode(digest).decode().lower()[:20]


def live(
    folder: Path, storage: Storage, begun: datetime, told: Told, inject: str | None
) -> bool:
    """Live a life until struck; returns whether it was, and hears what it said."""
    opened = json.dumps(asdict(storage))
    life = [
        *("tests.hub.stored_life", folder),
        *(name_of(folder), opened, begun.isoformat()),
    ]
    log = folder.with_suffix(".log")
    return run_life(life, log, (*ON_DISK, *ASKED), told, inject)


def objects_of(store: Store, folder: Path) -> dict[str, bytes]:
    """Return what the store has of a life, by upload, asked by another client."""
    client: Any = s3_client(store.port, SECRET_KEY)
    prefix = f"clip-consent/{name_of(folder)}"
    found = client.list_objects_v2(Bucket=BUCKET, Prefix=prefix)
    keys = [each["Key"] for each in found.get("Contents", ())]
    return {
        key.partition("/")[2].removesuffix(".age"): client.get_object(
            Bucket=BUCKET, Key=key
        )["Body"].read()
        for key in keys
    }


async def read_whole(world: World, request_id: str, upload_id: str) -> bytes:
    """Read a delivery as the one who asked."""
    found = await world.drops.async_delivery(request_id, upload_id, BEARERS[request_id])
    assert isinstance(found, StoredDelivery)
    async with found.reading(0, found.size) as pieces:
        return b"".join([piece async for piece in pieces])


async def faults_of(world: World, told: Told) -> list[str]:
    """Return what is wrong with what is left, after going on with it to its end."""
    faults: list[str] = []
    whole: dict[str, list[str]] = {REQUEST: [], OTHER: []}
    for upload_id, (request_id, came) in told.offsets.items():
        try:
            upload = await world.drops.async_upload(request_id, upload_id)
        except NotFoundError:
            if upload_id not in told.going:
                faults.append(f"{upload_id} is lost")
            continue
        if upload_id in told.gone:
            faults.append(f"{upload_id} came again")
            continue
        if came and not upload.is_whole:
            faults.append(f"{upload_id} came, and is not seen")
        if not upload.is_whole:
            ticket = await world.drops.async_ticket(request_id, upload_id)
            status = await put(ticket, data_of(upload_id))
            upload = await world.drops.async_upload(request_id, upload_id)
            if status not in (200, 412) or not upload.is_whole:
                faults.append(f"{upload_id} cannot be ended: {status}")
                continue
        if await read_whole(world, request_id, upload_id) != data_of(upload_id):
            faults.append(f"{upload_id} has other bytes")
        whole[request_id].append(upload_id)
    for request_id, ids in whole.items():
        if set(found := await world.ids_of(request_id)) < set(ids):
            faults.append(f"of {ids} there are {found}")
        if len(found) != len(set(found)):
            faults.append(f"doubled: {found}")
    return faults


async def judge(store: Store, folder: Path, begun: datetime, told: Told) -> list[str]:
    """Return what does not hold, then and once all of it is over."""
    world = world_of(folder, name_of(folder), storage_at(store.port), begun)
    await world.start()
    try:
        faults = await faults_of(world, told)
        for request_id in BEARERS:
            await world.drops.async_forget(request_id)
        world.clock.go_on(STILL)
        for _ in range(2):  # what is over now, and what that leaves
            await world.drops.async_sweep(world.clock.now())
            world.clock.go_on(STILL)
        if names := world.names():
            faults.append(f"the disk still has {names}")
        if world.drops.used_bytes:
            faults.append(f"{world.drops.used_bytes} bytes are still counted")
    finally:
        await world.drops.async_stop()
    if left := await asyncio.to_thread(objects_of, store, folder):
        faults.append(f"the store still has {set(left)}")
    return faults


@pytest.mark.parametrize(
    ("strike", "calls"),
    [
        ("signal=KILL", ON_DISK),
        ("signal=KILL", ASKED),
        ("error=ENOSPC", ON_DISK),
        ("error=EIO", ON_DISK),
    ],
    ids=["killed-on-disk", "killed-asking", "full", "broken"],
)
async def test_struck_at_every_writing_call(
    tmp_path: Path,
    store: Store,
    strike: str,
    calls: tuple[str, ...],
    request: pytest.FixtureRequest,
) -> None:
    """Each call of each name, one after the other, until a life ends unharmed."""
    faults: list[str] = []
    points = 0
    begun, storage = today().now(), storage_at(store.port)

    async def one(call: str, number: int) -> bool:
        folder, told = tmp_path / f"{call}{number}", Told()
        inject = f"{call}:{strike}:when={number}"
        struck = await asyncio.to_thread(live, folder, storage, begun, told, inject)
        left = await judge(store, folder, begun, told)
        faults.extend(f"{call} {number}: {each}" for each in left)
        return struck

    for call in calls:
        for number in range(1, MOST, AT_ONCE):
            lives = [one(call, number + each) for each in range(AT_ONCE)]
            struck = await asyncio.gather(*lives)
            points += sum(struck)
            if not all(struck):
                break
        else:
            faults.append(f"{call} goes on for ever")
    text = f"stored drops, {strike} of {calls[0]}…: {points} points"
    request.node.user_properties.append((COUNTED, f"{text}, {len(faults)} faults"))
    assert not faults, "\n".join(faults)
    assert points > 15


async def test_an_unharmed_life_ends_well(tmp_path: Path, store: Store) -> None:
    """So that what is judged is what a life leaves, and not what no life could."""
    told, begun = Told(), today().now()
    folder = tmp_path / "whole"
    storage = storage_at(store.port)
    assert not await asyncio.to_thread(live, folder, storage, begun, told, None)
    assert len(told.offsets) == 4 and len(told.gone) == 3
    assert await judge(store, folder, begun, told) == []
