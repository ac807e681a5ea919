"""Deliveries that lie in a real S3-compatible store: they come, are read, and go."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
import logging
from pathlib import Path

import pytest

from custom_components.clip_consent.core.drop_box import (
    DropLimits,
    DropRefusedError,
    Upload,
)
from custom_components.clip_consent.core.errors import NotFoundError, StoreError
from custom_components.clip_consent.core.limits import CIPHERTEXT_KEPT
from custom_components.clip_consent.core.storage import TICKET_VALID
from custom_components.clip_consent.hub.drop_files import DropFiles
from custom_components.clip_consent.hub.drop_stored import StoredDelivery
from tests.servers.processes import SECRET_KEY, Store
from tests.servers.proxy import Fault, FaultProxy

from .drop_world import BEARER, OTHER, REQUEST, SMALL, World, body, of_bytes
from .stored_world import OwnIds, held_at, object_store_at, put, ticket_of, today

DATA = of_bytes(200_003)
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.usefixtures("socket_enabled")


@asynccontextmanager
async def box(
    folder: Path, port: int, limits: DropLimits = SMALL, **other: str
) -> AsyncIterator[World]:
    """Open a drop box that keeps its bytes in the store at a port."""
    world = World(folder, clock=today(), limits=limits, ids=OwnIds())
    now = world.clock.now()
    world.gate.rooms = {REQUEST: now + 7 * 24 * HOUR, OTHER: now + 7 * 24 * HOUR}
    world.store = object_store_at(port, **other)
    await world.start()
    try:
        yield world
    finally:
        await world.drops.async_stop()


@pytest.fixture
async def world(tmp_path: Path, store: Store) -> AsyncIterator[World]:
    """Return a drop box before the store."""
    async with box(tmp_path / "drops", store.port) as opened:
        yield opened


async def sent(world: World, data: bytes = DATA) -> Upload:
    """Bring one delivery to the store, and have the hub see it."""
    upload = await world.begin(len(data))
    assert await put(ticket_of(world, upload), data) == 200
    return await world.now(upload)


async def read(world: World, upload: Upload, start: int, size: int) -> bytes:
    """Read a part of a delivery as the views do."""
    found = await world.drops.async_delivery(REQUEST, upload.upload_id, BEARER)
    assert isinstance(found, StoredDelivery)
    async with found.reading(start, size) as pieces:
        return b"".join([piece async for piece in pieces])


async def test_it_comes_and_is_read(world: World, store: Store) -> None:
    """Not before all of it is there; then whole, and in part."""
    upload = await world.begin(len(DATA))
    assert (await world.now(upload)).offset == 0
    assert await world.ids_of() == []
    with pytest.raises(NotFoundError):
        await world.drops.async_delivery(REQUEST, upload.upload_id, BEARER)
    ticket = ticket_of(world, upload)
    assert await put(ticket, DATA) == 200
    assert (await world.now(upload)).offset == len(DATA)
    assert await world.ids_of() == [upload.upload_id]
    assert held_at(store, upload) == DATA
    assert await read(world, upload, 0, len(DATA)) == DATA
    assert await read(world, upload, 7, 100) == DATA[7:107]
    assert world.data(upload).stat().st_size == 0
    await world.drops.async_fetched(upload.upload_id)
    [held] = await world.drops.async_deliveries(REQUEST)
    assert (held.read, held.size) == (1, len(DATA))


async def test_a_ticket_is_good_for_that_and_nothing_else(
    world: World, store: Store
) -> None:
    """Not for more or fewer bytes, not a second time, not once its hour is over."""
    upload = await world.begin(len(DATA))
    ticket = ticket_of(world, upload)
    for other in (DATA[:-1], DATA + b"x"):
        length = {"Content-Length": str(len(other))}
        assert (
            await put(replace(ticket, headers={**ticket.headers, **length}), other)
            == 403
        )
    assert (
        await put(replace(ticket, headers={"Content-Length": str(len(DATA))}), DATA)
        == 403
    )
    assert held_at(store, upload) is None
    assert await put(ticket, DATA) == 200
    assert await put(ticket, DATA[::-1]) == 412
    assert held_at(store, upload) == DATA


async def test_it_takes_no_bytes_itself(world: World) -> None:
    """What is to go to the store does not come in by tus."""
    upload = await world.begin(len(DATA))
    with pytest.raises(NotFoundError):
        await world.add(upload, body([DATA]), length=len(DATA))
    assert (await world.now(upload)).offset == 0


async def test_a_new_ticket(world: World, store: Store) -> None:
    """It lengthens the life of the upload; once it came there is none."""
    upload = await world.begin(len(DATA))
    world.clock.go_on(23 * HOUR)
    ticket = await world.drops.async_ticket(REQUEST, upload.upload_id)
    world.clock.go_on(23 * HOUR)
    assert await put(ticket, DATA) == 200
    assert (await world.now(upload)).is_whole
    with pytest.raises(NotFoundError):
        await world.drops.async_ticket(REQUEST, upload.upload_id)
    with pytest.raises(NotFoundError):
        await world.drops.async_ticket(OTHER, upload.upload_id)


async def test_one_that_lies_on_the_disk_has_no_ticket(tmp_path: Path) -> None:
    """Where no store is set, all is as it was."""
    world = World(tmp_path / "drops")
    await world.start()
    upload = await world.begin(len(DATA))
    assert world.drops.ticket(upload) is None
    with pytest.raises(NotFoundError):
        await world.drops.async_ticket(REQUEST, upload.upload_id)
    await world.drops.async_stop()


async def test_what_came_without_a_word_is_found(world: World, store: Store) -> None:
    """The sender died after its last byte: nothing is lost."""
    upload = await world.begin(len(DATA))
    assert await put(ticket_of(world, upload), DATA) == 200
    await world.drops.async_sweep(world.clock.now())
    assert await world.ids_of() == [upload.upload_id]
    await world.restart()
    assert await world.ids_of() == [upload.upload_id]


async def test_one_that_never_came_is_forgotten(world: World, store: Store) -> None:
    """It took no room; its name goes a day later."""
    upload = await world.begin(len(DATA))
    assert world.drops.used_bytes == 0
    world.clock.go_on(TICKET_VALID)
    await world.drops.async_sweep(world.clock.now())
    world.clock.go_on(24 * HOUR)
    with pytest.raises(NotFoundError):
        await world.now(upload)
    await world.drops.async_sweep(world.clock.now())
    assert world.names() == {f"{upload.upload_id}.age", f"{upload.upload_id}.log"}
    assert await put(ticket_of(world, upload), DATA) == 200  # however late
    world.clock.go_on(24 * HOUR)
    await world.drops.async_sweep(world.clock.now())
    assert held_at(store, upload) is None
    assert world.names() == set()


async def test_who_only_promises_shuts_nobody_out(world: World) -> None:
    """What is announced costs nothing to say, so it takes no room from anybody."""
    for net in range(6):
        for request_id in (REQUEST, OTHER):
            await world.drops.async_create(
                request_id, 1_000_000, f"2a01:4f8:{net:x}::1"
            )
    assert world.drops.used_bytes == 0
    upload = await sent(world)
    assert upload.is_whole
    assert world.drops.used_bytes == len(DATA)
    world.clock.go_on(TICKET_VALID)
    await world.drops.async_sweep(world.clock.now())
    await world.restart()
    assert world.drops.used_bytes == len(DATA)


async def test_what_comes_beyond_the_room_goes(world: World, store: Store) -> None:
    """Who came first stays; the other one hears 503, and comes once there is room."""
    big = of_bytes(900_000)
    first, second, third = [await world.begin(len(big)) for _ in range(3)]
    for each in (first, second, third):
        assert await put(ticket_of(world, each), big) == 200
    assert (await world.now(second)).is_whole
    await world.drops.async_sweep(world.clock.now())  # it finds one more, and no room
    assert set(await world.ids_of()) == {first.upload_id, second.upload_id}
    assert held_at(store, third) is None
    with pytest.raises(DropRefusedError, match="full"):
        await world.drops.async_ticket(REQUEST, third.upload_id)
    assert await put(ticket_of(world, third), big) == 200
    with pytest.raises(DropRefusedError, match="full"):
        await world.now(third)
    assert held_at(store, third) is None
    assert world.drops.used_bytes == 2 * len(big)
    await world.drops.async_terminate(REQUEST, first.upload_id)
    await world.drops.async_sweep(world.clock.now())
    ticket = await world.drops.async_ticket(REQUEST, third.upload_id)
    assert await put(ticket, big) == 200
    assert (await world.now(third)).is_whole


async def test_a_thousand_promises_make_way_for_one_another(world: World) -> None:
    """The oldest first; what came, though nobody said so, is none of them."""
    came = await world.begin(len(DATA))
    assert await put(ticket_of(world, came), DATA) == 200
    never = await world.begin(9)
    for net in range(40):
        world.clock.go_on(timedelta(seconds=1))
        await world.drops.async_create(OTHER, 1, f"2a01:4f8:{net:x}::1")
    assert (await sent(world)).is_whole
    assert (await world.now(came)).is_whole
    with pytest.raises(NotFoundError):
        await world.now(never)
    unfinished = [each for each in world.drops._book if not each.upload.is_whole]
    there = [each for each in unfinished if not each.upload.gone]
    assert len(there) <= SMALL.unfinished


async def test_who_promises_most_makes_way_first(world: World) -> None:
    """Few addresses push nobody out who sends: what they began goes for the next."""
    world.limits = replace(SMALL, address_uploads=50)
    await world.restart()
    mine = await world.drops.async_create(REQUEST, len(DATA), "2a01:4f8:1::1")
    for net in (2, 3):
        for _ in range(20):
            world.clock.go_on(timedelta(seconds=1))
            await world.drops.async_create(REQUEST, 1, f"2a01:4f8:{net}::1")
    assert await put(ticket_of(world, mine), DATA) == 200
    assert (await world.now(mine)).is_whole


async def test_what_made_way_is_not_kept_without_end(world: World) -> None:
    """Neither on the disk nor in memory, however many were promised and taken back."""
    for _ in range(60):
        world.clock.go_on(timedelta(seconds=1))
        upload = await world.begin(1)
        await world.drops.async_terminate(REQUEST, upload.upload_id)
    await world.drops.async_sweep(world.clock.now())
    assert len(world.names()) <= 2 * 2 * SMALL.unfinished


async def test_what_goes_while_others_are_removed_is_removed_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sweep does not end with what the store was being asked for as it began."""
    assert world.store
    remove, asked, go_on = world.store.async_remove, list[str](), asyncio.Event()

    async def slowly(upload_id: str) -> None:
        asked.append(upload_id)
        await go_on.wait()
        await remove(upload_id)

    monkeypatch.setattr(world.store, "async_remove", slowly)
    first, second = await world.begin(1), await world.begin(1)
    await world.drops.async_terminate(REQUEST, first.upload_id)
    while not asked:
        await asyncio.sleep(0)
    await world.drops.async_terminate(REQUEST, second.upload_id)
    sweep = asyncio.create_task(world.drops.async_sweep(world.clock.now()))
    await asyncio.sleep(0)
    go_on.set()
    await sweep
    assert {*asked} == {first.upload_id, second.upload_id}


async def test_a_promise_makes_way_while_the_store_is_away(
    tmp_path: Path, store: Store
) -> None:
    """Whether it came cannot be seen: nobody is let in, and nothing is forgotten."""
    async with FaultProxy(store.port) as before:
        limits = replace(SMALL, unfinished=1)
        async with box(tmp_path / "d", before.port, limits) as world:
            upload = await world.begin(len(DATA))
            assert await put(ticket_of(world, upload), DATA) == 200
            before.faults["HEAD"] = [Fault(cut_after=0)] * 2
            with pytest.raises(StoreError):
                await world.begin(5)
            await world.begin(5)
            assert await world.ids_of() == [upload.upload_id]


@pytest.mark.parametrize("how", ["terminate", "forget", "expire"])
async def test_what_is_over_goes(world: World, store: Store, how: str) -> None:
    """Taken back, withdrawn, or expired: for all at once, and from the store."""
    upload = await sent(world)
    if how == "terminate":
        await world.drops.async_terminate(REQUEST, upload.upload_id)
    elif how == "forget":
        await world.drops.async_forget(REQUEST)
    else:
        world.clock.go_on(CIPHERTEXT_KEPT)
        await world.drops.async_sweep(world.clock.now())
    assert await world.ids_of() == []
    for call in (world.drops.async_upload, world.drops.async_ticket):
        with pytest.raises(NotFoundError):
            await call(REQUEST, upload.upload_id)
    with pytest.raises(NotFoundError):
        await world.drops.async_delivery(REQUEST, upload.upload_id, BEARER)
    async with asyncio.timeout(5):
        while held_at(store, upload) is not None:
            await asyncio.sleep(0.05)
    await world.drops.async_fetched(upload.upload_id)
    world.clock.go_on(24 * HOUR)
    await world.drops.async_sweep(world.clock.now())
    assert world.names() == set()
    assert world.drops.used_bytes == 0


async def test_a_store_that_is_away_is_asked_again(
    tmp_path: Path, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """Also after a restart; meanwhile nothing is served, and nothing else waits."""
    caplog.set_level(logging.DEBUG)
    folder = tmp_path / "drops"
    async with FaultProxy(store.port) as before:
        async with box(folder, before.port) as world:
            upload = await sent(world)
            late = await world.begin(5)
            before.faults["DELETE"] = [Fault(cut_after=0), Fault(lose_answer=True)]
            before.faults["HEAD"] = [Fault(cut_after=0)] * 3
            await world.drops.async_forget(REQUEST)
            other = await world.begin(7)
            with pytest.raises(StoreError, match="connection_lost"):
                await world.now(other)
            await world.drops.async_sweep(world.clock.now())
            await world.drops.async_sweep(world.clock.now())
            with pytest.raises(NotFoundError):
                await world.now(late)
            before.faults["DELETE"] = [Fault(cut_after=0)] * 2
            await world.drops.async_sweep(world.clock.now())
            names = world.names()
            assert f"{upload.upload_id}.log" in names
            begun = world.clock.now()
        async with box(folder, before.port) as world:
            world.clock.wall = begun + 24 * HOUR
            assert world.names() == names
            await world.drops.async_sweep(world.clock.now())
            assert held_at(store, upload) is None
            world.clock.go_on(25 * HOUR)
            await world.drops.async_sweep(world.clock.now())
            assert world.names() == set()
    said = [one.getMessage() for one in caplog.records if "botocore" not in one.name]
    assert any("still in the store" in text for text in said)
    assert not any("Signature" in text or SECRET_KEY in text for text in said)


async def test_lost_answers_of_the_store(tmp_path: Path, store: Store) -> None:
    """Whatever was not heard is asked again: nothing is doubled, nothing is lost."""
    async with (
        FaultProxy(store.port) as before,
        box(tmp_path / "d", before.port) as world,
    ):
        upload = await world.begin(len(DATA))
        assert await put(ticket_of(world, upload), DATA) == 200
        before.faults["HEAD"] = [Fault(cut_after=0)] * 2  # aiohttp asks twice
        with pytest.raises(StoreError):
            await world.now(upload)
        assert (await world.now(upload)).is_whole
        before.faults["GET"] = [Fault(cut_after=0)] * 2
        with pytest.raises(StoreError):
            await read(world, upload, 0, len(DATA))
        assert await read(world, upload, 3, len(DATA) - 3) == DATA[3:]


async def test_what_cannot_be_noted_did_not_come_yet(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fails when it is seen: its bytes do not count, and it stays there."""
    upload = await world.begin(len(DATA))
    assert await put(ticket_of(world, upload), DATA) == 200

    def fails(self: DropFiles, upload: Upload) -> None:
        raise StoreError("spool_failed")

    with monkeypatch.context() as broken:
        broken.setattr(DropFiles, "note", fails)
        with pytest.raises(StoreError, match="spool_failed"):
            await world.now(upload)
    assert world.drops.used_bytes == 0
    assert (await world.now(upload)).is_whole
    assert world.drops.used_bytes == len(DATA)


async def test_an_object_of_another_size_did_not_come(
    tmp_path: Path, world: World, store: Store
) -> None:
    """Somebody else wrote to the bucket: it is taken away, so that ours can come."""
    upload = await world.begin(len(DATA))
    await world.begin(1)
    assert world.store is not None
    wrong = world.store.ticket(replace(upload, length=4))
    assert await put(wrong, b"1234") == 200
    assert (await world.now(upload)).offset == 0
    assert held_at(store, upload) is None
    assert await put(ticket_of(world, upload), DATA) == 200
    assert (await world.now(upload)).is_whole


async def test_another_store_since(tmp_path: Path, world: World, store: Store) -> None:
    """What lies in the store of before is not served, nor mixed up with the new one."""
    upload = await sent(world)
    unfinished = await world.begin(3)
    await world.drops.async_stop()
    world.store = None
    await world.start()
    assert await world.ids_of() == []
    with pytest.raises(NotFoundError):
        await world.drops.async_delivery(REQUEST, upload.upload_id, BEARER)
    with pytest.raises(NotFoundError):
        await world.now(unfinished)
    on_disk = await world.send(DATA)
    await world.drops.async_sweep(world.clock.now())
    assert await world.ids_of() == [on_disk.upload_id]
    world.clock.go_on(24 * HOUR)
    await world.drops.async_stop()
    world.store = object_store_at(store.port)
    await world.start()
    assert set(await world.ids_of()) == {upload.upload_id, on_disk.upload_id}
    await world.drops.async_stop()
    world.store = None
    await world.start()
    world.clock.go_on(CIPHERTEXT_KEPT)
    await world.drops.async_sweep(world.clock.now())
    assert f"{upload.upload_id}.log" in world.names()
    world.clock.go_on(CIPHERTEXT_KEPT)
    await world.drops.async_sweep(world.clock.now())
    assert world.names() == set()


@pytest.mark.parametrize("other", [{"secret": "another"}, {"bucket": "none-such"}])
async def test_a_store_that_refuses(
    tmp_path: Path, store: Store, other: dict[str, str]
) -> None:
    """Its key was taken away, or its bucket: said by a code, and nothing else."""
    async with box(tmp_path / "drops", store.port, **other) as world:
        upload = await world.begin(len(DATA))
        if "secret" in other:
            with pytest.raises(StoreError, match="storage_refused"):
                await world.now(upload)
            assert world.store is not None
            with pytest.raises(StoreError, match="storage_refused"):
                await world.store.async_remove(upload.upload_id)
            with pytest.raises(StoreError, match="storage_refused"):
                async with world.store.reading(upload.upload_id, 0, 1):
                    pass
        else:
            assert (await world.now(upload)).offset == 0
