"""The drop box: offsets, locks, limits, expiry; and what a crash leaves of it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
import resource

import pytest

from custom_components.clip_consent.core.drop_box import (
    DropLimits,
    DropRefusal,
    DropRefusedError,
    Upload,
    head_line,
)
from custom_components.clip_consent.core.errors import NotFoundError, StoreError
from custom_components.clip_consent.hub.drop_files import DropFiles
from custom_components.clip_consent.hub.drop_writer import PIECE, Pace, Read

from .drop_world import BEARER, NOON, OTHER, REQUEST, SMALL, World, body, of_bytes

DATA = of_bytes(300_001)
FAR = "8.8.8.8"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Return a drop box at work."""
    world = World(tmp_path / "hub" / "drops")
    await world.start()
    yield world
    await world.drops.async_stop()


async def refused(
    world: World, upload: Upload, read: Read, **how: int | str | None
) -> DropRefusal:
    """Return why a body is not taken."""
    with pytest.raises(DropRefusedError) as raised:
        await world.add(upload, read, **how)  # type: ignore[arg-type]
    return raised.value.refusal


async def at_work(world: World, upload: Upload, data: bytes) -> asyncio.Task[Upload]:
    """Return a writer that got so much and waits for more."""
    rest, waits = [data], asyncio.Event()

    async def read() -> bytes:
        if rest:
            return rest.pop()
        waits.set()
        return await asyncio.get_running_loop().create_future()

    task = asyncio.create_task(world.add(upload, read))
    await waits.wait()
    return task


async def at_rest() -> None:
    """Wait for all work that was begun, also what nobody waits for any more."""
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)  # type: ignore[type-var]


# --- what comes in


async def test_what_is_sent_is_there_byte_for_byte(world: World) -> None:
    """In pieces as they come; the one who asked finds it, and nobody else."""
    upload = await world.begin(len(DATA))
    assert await world.ids_of() == []
    pieces = [DATA[:1], DATA[1:65_536], DATA[65_536:]]
    done = await world.add(upload, body(pieces), length=len(DATA))
    assert done.is_whole
    [delivery] = await world.drops.async_inbox(REQUEST, BEARER)
    assert delivery.delivery_id == upload.upload_id
    assert delivery.size == len(DATA)
    assert delivery.available_until == NOON + timedelta(days=14)
    path = await world.drops.async_delivery(REQUEST, upload.upload_id, BEARER)
    assert path.read_bytes() == DATA
    for request_id, bearer in ((REQUEST, "guess"), (OTHER, BEARER), ("x", BEARER)):
        with pytest.raises(NotFoundError):
            await world.drops.async_inbox(request_id, bearer)
        with pytest.raises(NotFoundError):
            await world.drops.async_delivery(request_id, upload.upload_id, bearer)
    with pytest.raises(NotFoundError):  # one request's token opens no other's
        await world.drops.async_delivery(OTHER, upload.upload_id, "another one")
    assert {oct(each.stat().st_mode & 0o777) for each in world.folder.iterdir()} == {
        "0o600"
    }


async def test_an_unfinished_delivery_is_not_to_be_read(world: World) -> None:
    """Not even by the one who asked."""
    upload = await world.begin(len(DATA))
    await world.add(upload, body([DATA[:10]]))
    assert await world.ids_of() == []
    with pytest.raises(NotFoundError):
        await world.drops.async_delivery(REQUEST, upload.upload_id, BEARER)


async def test_it_goes_on_where_it_was_cut(world: World) -> None:
    """What came before the cut is kept, also over a restart."""
    upload = await world.begin(len(DATA))
    cut = body([DATA[:200_000]], cut=True)
    assert await refused(world, upload, cut) is DropRefusal.CUT
    upload = await world.now(upload)
    assert upload.offset == 200_000
    await world.restart()
    assert await world.now(upload) == upload
    assert world.drops.used_bytes == 200_000
    await world.add(upload, body([DATA[200_000:]]))
    assert world.data(upload).read_bytes() == DATA


async def test_a_wrong_offset_changes_nothing(world: World) -> None:
    """Neither before nor after the right one, neither bytes nor lines."""
    upload = await world.begin(len(DATA))
    upload = await world.add(upload, body([DATA[:1000]]))
    before = (world.data(upload).read_bytes(), world.lines(upload).read_bytes())
    for offset in (0, 999, 1001, len(DATA), 10**15):
        why = await refused(world, upload, body([b"x"]), offset=offset)
        assert why is DropRefusal.CONFLICT
    assert await world.now(upload) == upload
    after = (world.data(upload).read_bytes(), world.lines(upload).read_bytes())
    assert after == before


async def test_more_than_was_announced_is_not_taken(world: World) -> None:
    """Whether the body says its length or not."""
    upload = await world.begin(100)
    why = await refused(world, upload, body([bytes(101)]), length=101)
    assert why is DropRefusal.TOO_LARGE
    why = await refused(world, upload, body([bytes(60), bytes(41)]))
    assert why is DropRefusal.TOO_LARGE
    assert (await world.now(upload)).offset == 0
    await world.add(upload, body([bytes(100)]))
    assert await refused(world, await world.now(upload), body([b"x"])) is (
        DropRefusal.TOO_LARGE
    )
    whole = await world.add(await world.now(upload), body([]), length=0)
    assert whole.is_whole


async def test_one_writes_at_a_time(world: World) -> None:
    """The other is told so and changes nothing; nor can it be removed meanwhile."""
    upload = await world.begin(len(DATA))
    first = await at_work(world, upload, DATA[:1000])
    assert await refused(world, upload, body([b"x"])) is DropRefusal.LOCKED
    with pytest.raises(DropRefusedError):
        await world.drops.async_terminate(REQUEST, upload.upload_id)
    assert (await world.now(upload)).offset == 0
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert (await world.now(upload)).offset == 1000


async def test_a_silent_writer_gives_way(world: World) -> None:
    """A line that died without a word keeps its own sender waiting no longer."""
    world.pace = Pace(piece=60.0, silent=5.0)
    await world.restart()
    upload = await world.begin(len(DATA))
    first = await at_work(world, upload, DATA[:1000])
    world.clock.go_on(timedelta(seconds=6))
    upload = await world.now(upload)
    assert upload.offset == 1000
    with pytest.raises(DropRefusedError):
        await first
    second = await at_work(world, upload, DATA[1000:2000])
    world.clock.go_on(timedelta(seconds=6))
    why = await refused(world, upload, body([DATA[1000:]]), offset=1000)
    assert why is DropRefusal.CONFLICT  # what the second one brought is kept
    await asyncio.wait({second})
    done = await world.add(await world.now(upload), body([DATA[2000:]]))
    assert done.is_whole
    assert isinstance(second.exception(), DropRefusedError)
    assert world.data(upload).read_bytes() == DATA


async def test_who_sends_too_slowly_is_cut_off_and_may_go_on(world: World) -> None:
    """A piece has its time; what came in it is kept."""
    upload = await world.begin(len(DATA))
    why = await refused(world, upload, body([DATA[:1000]], hang=True))
    assert why is DropRefusal.CUT
    upload = await world.now(upload)
    assert upload.offset == 1000
    await world.add(upload, body([DATA[1000:]]))
    assert world.data(upload).read_bytes() == DATA


async def test_cancelled_anywhere_the_state_is_old_or_new(world: World) -> None:
    """K-05: whoever hangs up, and whenever: no lock stays, no byte is counted twice."""
    found: set[int] = set()
    for steps in range(60):
        upload = await world.begin(PIECE * 2)
        pieces = [bytes([steps]) * PIECE] * 2
        task = asyncio.create_task(world.add(upload, body(pieces)))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        held = world.drops._book.get(upload.upload_id)
        while held is not None and held.writer is not None:
            await asyncio.sleep(0.001)
        now = await world.now(upload)
        found.add(now.offset)
        assert now.offset in {0, PIECE, 2 * PIECE}
        assert world.drops.used_bytes == now.offset
        if not now.is_whole:
            rest = [bytes([steps]) * (2 * PIECE - now.offset)]
            await world.add(now, body(rest))
        assert world.data(upload).read_bytes() == bytes([steps]) * 2 * PIECE
        await world.drops.async_terminate(REQUEST, upload.upload_id)
    assert {0, 2 * PIECE} <= found


async def test_cancelled_while_it_begins_or_goes_the_state_is_old_or_new(
    world: World,
) -> None:
    """An upload is there or not, on the disk as in memory."""
    for steps in range(20):
        task = asyncio.create_task(world.begin(10))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await at_rest()
        for held in list(world.drops._book):
            removing = asyncio.create_task(
                world.drops.async_terminate(REQUEST, held.upload.upload_id)
            )
            for _ in range(steps):
                await asyncio.sleep(0)
            removing.cancel()
            await at_rest()
        held_ids = {each.upload.upload_id for each in world.drops._book}
        assert {name.partition(".")[0] for name in world.names()} == held_ids
        await world.drops.async_forget(REQUEST)
        assert world.names() == set()


# --- limits


async def test_nothing_is_taken_for_what_takes_nothing(world: World) -> None:
    """An unknown request, one that is over, and anything that is no id."""
    world.gate.rooms[OTHER] = NOON
    for request_id in ("x" * 26, OTHER, "../../etc", ""):
        with pytest.raises(NotFoundError):
            await world.begin(10, request_id)
    assert world.names() == set()


async def test_one_withdrawn_while_an_upload_begins_takes_nothing(world: World) -> None:
    """What it had was removed just then: this one must not stay behind."""
    last = asyncio.Event()
    done = asyncio.Event()
    done.set()
    world.gate.before_answer = [done, last]
    task = asyncio.create_task(world.begin(10))
    while len(world.gate.asked) < 2:
        await asyncio.sleep(0)
    del world.gate.rooms[REQUEST]
    last.set()
    with pytest.raises(NotFoundError):
        await task
    assert world.names() == set()


@pytest.mark.parametrize(
    ("limits", "takes", "why"),
    [
        (replace(SMALL, upload_bytes=99), 0, DropRefusal.TOO_LARGE),
        (replace(SMALL, request_bytes=250), 2, DropRefusal.FULL),
        (replace(SMALL, hub_bytes=350), 3, DropRefusal.FULL),
        (replace(SMALL, request_uploads=2), 2, DropRefusal.FULL),
        (replace(SMALL, hub_uploads=3), 3, DropRefusal.FULL),
    ],
)
async def test_limits_of_request_and_hub(
    world: World, limits: DropLimits, takes: int, why: DropRefusal
) -> None:
    """Over one the next upload is refused; what goes makes room."""
    world.limits = limits
    await world.restart()
    sent: list[Upload] = []
    for number in range(4):
        whose = REQUEST if number < 2 else OTHER
        if takes == 2 and number == 2:
            whose = REQUEST
        if len(sent) == takes:
            break
        sent.append(await world.send(bytes(100), whose))
    with pytest.raises(DropRefusedError) as raised:
        await world.send(bytes(100), sent[0].request_id if takes == 2 else OTHER)
    assert raised.value.refusal is why
    if sent:
        await world.drops.async_terminate(sent[-1].request_id, sent[-1].upload_id)
        await world.send(bytes(100), sent[-1].request_id)


async def test_who_only_announces_shuts_nobody_out(world: World) -> None:
    """Bytes count once they are here; then whoever comes too late is refused."""
    announced = [await world.begin(1_000_000) for _ in range(3)]
    await world.send(bytes(1_000_000))
    await world.send(bytes(900_000), OTHER)
    assert world.drops.used_bytes == 1_900_000
    await world.add(announced[0], body([bytes(900_000)]))
    over = [bytes(PIECE), bytes(PIECE)]
    why = await refused(world, announced[1], body(over))
    assert why is DropRefusal.FULL
    assert await refused(world, announced[2], body([]), length=200_000) is (
        DropRefusal.FULL
    )
    assert world.drops.used_bytes <= 3_000_000


async def test_a_thousand_announcements_shut_nobody_out(world: World) -> None:
    """From any number of networks: they make way for one another."""
    sending = await world.add(await world.begin(300_000), body([bytes(PIECE)]))
    for net in range(1000):
        await world.drops.async_create(REQUEST, 1, f"2a01:4f8:{net:x}::1")
    honest = await world.send(bytes(100_000))
    assert honest.is_whole
    whole = await world.add(sending, body([bytes(300_000 - PIECE)]))
    assert whole.is_whole, "it had more bytes than those that only say so"
    unfinished = [each for each in world.drops._book if not each.upload.is_whole]
    assert len(unfinished) <= SMALL.unfinished
    assert len(world.names()) == 2 * (len(unfinished) + 2)


async def test_whoever_sends_a_byte_each_shuts_nobody_out(world: World) -> None:
    """The fewest bytes make way first, then who stands still for the longest."""
    first = await world.add(await world.begin(9), body([bytes(1)]))
    for _ in range(20):
        world.clock.go_on(timedelta(seconds=1))
        await world.add(await world.begin(9), body([bytes(1)]))
    assert (await world.send(bytes(100_000))).is_whole
    with pytest.raises(NotFoundError):
        await world.drops.async_upload(REQUEST, first.upload_id)


async def test_who_is_writing_makes_no_way(world: World) -> None:
    """Where all of them are, one more has to come again."""
    world.limits = replace(SMALL, unfinished=2, address_writers=3)
    await world.restart()
    uploads = [await world.begin(PIECE * 2) for _ in range(2)]
    tasks = [await at_work(world, each, bytes(PIECE)) for each in uploads]
    with pytest.raises(DropRefusedError) as raised:
        await world.begin(10)
    assert raised.value.refusal is DropRefusal.FULL
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    while any(each.writer for each in world.drops._book):
        await asyncio.sleep(0)
    await world.begin(10)


async def test_limits_of_an_address_are_of_a_day(world: World) -> None:
    """By number; an address that others may hide behind has none."""
    create = world.drops.async_create
    for _ in range(3):
        await create(REQUEST, 10, FAR)
    with pytest.raises(DropRefusedError):
        await create(REQUEST, 10, FAR)
    await create(REQUEST, 10, "2001:4860:4860::8888")
    for _ in range(2):
        await create(OTHER, 10, "192.168.1.5")
    world.clock.go_on(timedelta(hours=23))
    with pytest.raises(DropRefusedError):
        await create(OTHER, 10, FAR)
    world.clock.go_on(timedelta(hours=2))
    await world.drops.async_sweep(world.clock.now())
    assert world.drops._addresses._begun == {}
    await create(OTHER, 10, FAR)


async def test_addresses_are_forgotten_when_there_are_too_many(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest first: memory has its limit too."""
    monkeypatch.setattr("custom_components.clip_consent.hub.drop_addresses._MOST", 2)
    for last in (1, 2, 3):
        await world.drops.async_create(REQUEST, 10, f"8.8.8.{last}")
    assert set(world.drops._addresses._begun) == {"8.8.8.2", "8.8.8.3"}


async def test_few_write_at_once(world: World) -> None:
    """Of one address fewer; one that ends makes room."""
    uploads = [await world.begin(len(DATA), each) for each in (REQUEST, OTHER) * 2]
    world.pace = Pace(piece=60.0)
    first = asyncio.create_task(world.add(uploads[0], body([], hang=True), address=FAR))
    await asyncio.sleep(0.01)
    why = await refused(world, uploads[1], body([b"x"]), address=FAR)
    assert why is DropRefusal.BUSY
    others = [
        asyncio.create_task(world.add(each, body([], hang=True)))
        for each in uploads[1:3]
    ]
    await asyncio.sleep(0.01)
    assert await refused(world, uploads[3], body([b"x"])) is DropRefusal.BUSY
    for task in (first, *others):
        task.cancel()
        await asyncio.wait({task})
    await world.add(uploads[3], body([b"x"]))


# --- what goes


async def test_what_stands_still_goes_and_a_whole_one_later(world: World) -> None:
    """It cannot be reached from that moment on, and is removed with the next round."""
    whole = await world.send(b"whole")
    still = await world.begin(10)
    moving = await world.begin(10)
    world.clock.go_on(timedelta(hours=23))
    moving = await world.add(moving, body([b"x"]))
    world.clock.go_on(timedelta(hours=2))
    with pytest.raises(NotFoundError):
        await world.now(still)
    await world.drops.async_sweep(world.clock.now())
    assert world.names() == {
        f"{each.upload_id}{suffix}"
        for each in (whole, moving)
        for suffix in (".age", ".log")
    }
    world.clock.go_on(timedelta(days=13))
    with pytest.raises(NotFoundError):
        await world.drops.async_delivery(REQUEST, whole.upload_id, BEARER)
    assert await world.ids_of() == []
    await world.drops.async_sweep(world.clock.now())
    assert world.names() == set()
    assert world.drops.used_bytes == 0


async def test_one_that_is_added_to_for_ever_goes(world: World) -> None:
    """After a week."""
    upload = await world.begin(100)
    for _ in range(7):
        world.clock.go_on(timedelta(hours=23))
        upload = await world.add(upload, body([b"x"]))
    world.clock.go_on(timedelta(hours=10))
    with pytest.raises(NotFoundError):
        await world.now(upload)


async def test_forgetting_a_request_ends_who_writes_for_it(world: World) -> None:
    """Nothing of it is left, and nothing of another request is touched."""
    other = await world.send(b"other", OTHER)
    await world.send(b"whole")
    upload = await world.begin(len(DATA))
    task = await at_work(world, upload, DATA[:1000])
    await world.drops.async_forget(REQUEST)
    await asyncio.wait({task})
    assert isinstance(task.exception(), DropRefusedError)
    assert {name.partition(".")[0] for name in world.names()} == {other.upload_id}
    for each in (world.now(upload), world.add(upload, body([b"x"]))):
        with pytest.raises(NotFoundError):
            await each
    await world.restart()
    assert await world.ids_of(REQUEST) == []
    assert await world.ids_of(OTHER) == [other.upload_id]


async def test_a_sender_can_take_it_back(world: World) -> None:
    """Also when it is whole; then it never was."""
    upload = await world.send(b"whole")
    with pytest.raises(NotFoundError):
        await world.drops.async_terminate(OTHER, upload.upload_id)
    await world.drops.async_terminate(REQUEST, upload.upload_id)
    with pytest.raises(NotFoundError):
        await world.now(upload)
    assert world.names() == set()


async def test_how_often_it_was_read_is_counted(world: World) -> None:
    """For good; for what is not there, or not whole, nothing is."""
    upload = await world.send(b"whole")
    unfinished = await world.begin(10)
    counting = [world.drops.async_fetched(upload.upload_id) for _ in range(5)]
    await asyncio.gather(*counting)
    await world.drops.async_fetched(unfinished.upload_id)
    await world.drops.async_fetched("x" * 26)
    await world.restart()
    [delivery] = await world.drops.async_deliveries(REQUEST)
    assert delivery.read == 5
    assert delivery.available_until == NOON + timedelta(days=14)
    removing = world.drops.async_terminate(REQUEST, upload.upload_id)
    await asyncio.gather(removing, world.drops.async_fetched(upload.upload_id))
    assert upload.upload_id not in {each.partition(".")[0] for each in world.names()}


async def test_who_mirrors_it_hears_of_changes(world: World) -> None:
    """Until they want no more."""
    heard: list[int] = []
    end = world.drops.on_change(lambda: heard.append(world.drops.used_bytes))
    upload = await world.send(b"12345")
    assert heard[-1] == 5
    await world.drops.async_terminate(REQUEST, upload.upload_id)
    assert heard[-1] == 0
    end()
    count = len(heard)
    await world.send(b"12345")
    assert len(heard) == count


# --- stop and start


async def test_stopping_keeps_what_came_and_serves_nothing_more(world: World) -> None:
    """Who asks then is told to come again."""
    upload = await world.begin(len(DATA))
    task = await at_work(world, upload, DATA[:1000])
    await world.drops.async_stop()
    await asyncio.wait({task})
    for call in (
        world.now(upload),
        world.begin(10),
        world.drops.async_inbox(REQUEST, BEARER),
    ):
        with pytest.raises(StoreError, match="store_closed"):
            await call
    await world.drops.async_sweep(NOON + timedelta(days=99))
    await world.drops.async_fetched(upload.upload_id)
    await world.drops.async_stop()
    await world.start()
    assert (await world.now(upload)).offset == 1000


@pytest.mark.parametrize("extra", [b"\0" * 5000, b"x"])
async def test_bytes_nobody_counted_are_cut_off(world: World, extra: bytes) -> None:
    """A crash came between them and their line: they may be anything."""
    upload = await world.begin(len(DATA))
    upload = await world.add(upload, body([DATA[:1000]]))
    await world.drops.async_stop()
    with world.data(upload).open("ab") as file:
        file.write(extra)
    with world.lines(upload).open("ab") as file:
        file.write(b'{"offset":5000,"mov')
    await world.start()
    assert await world.now(upload) == upload
    assert world.data(upload).read_bytes() == DATA[:1000]
    await world.add(upload, body([DATA[1000:]]))
    await world.restart()
    assert (await world.now(upload)).is_whole
    assert world.data(upload).read_bytes() == DATA


async def test_bytes_the_disk_lost_are_asked_for_again(world: World) -> None:
    """The offset that is told is the one that is true, and stays so."""
    upload = await world.send(DATA)
    await world.drops.async_stop()
    with world.data(upload).open("r+b") as file:
        file.truncate(700)
    await world.start()
    assert await world.ids_of() == []
    upload = await world.now(upload)
    assert upload.offset == 700
    await world.restart()
    assert await world.now(upload) == upload
    await world.add(upload, body([DATA[700:]]))
    assert world.data(upload).read_bytes() == DATA


async def test_what_belongs_to_no_upload_is_cleared_away(
    world: World, tmp_path: Path
) -> None:
    """Halves that a crash left, other people's files, and links, which are not followed."""
    upload = await world.send(b"whole")
    await world.drops.async_stop()
    secret = tmp_path / "secret"
    secret.write_text("not ours")
    lone, cut, linked = ("a" * 26, "b" * 26, "c" * 26)
    (world.folder / f"{lone}.age").write_bytes(b"without lines")
    (world.folder / f".{lone}.log.part").write_bytes(b"half")
    (world.folder / f"{cut}.log").write_bytes(head_line(upload)[:-1])
    (world.folder / f"{cut}.age").write_bytes(b"")
    (world.folder / f"{linked}.log").write_bytes(head_line(upload))
    (world.folder / f"{linked}.age").symlink_to(secret)
    (world.folder / "notes.log").write_bytes(b"")
    (world.folder / "folder").mkdir()
    await world.start()
    with pytest.raises(NotFoundError):
        await world.drops.async_upload(REQUEST, cut)
    assert secret.read_text() == "not ours"
    assert await world.ids_of() == [upload.upload_id]
    left = {f"{upload.upload_id}.age", f"{upload.upload_id}.log", "folder"}
    assert world.names() - {f"{linked}.log", f"{linked}.age"} == left
    with pytest.raises(NotFoundError):
        await world.drops.async_upload(REQUEST, linked)


async def test_a_file_that_was_taken_away_is_no_upload(world: World) -> None:
    """Its sender begins anew."""
    upload = await world.begin(10)
    world.data(upload).unlink()
    with pytest.raises(NotFoundError):
        await world.add(upload, body([b"x"]))
    with pytest.raises(NotFoundError):
        await world.now(upload)
    upload = await world.begin(10)
    world.lines(upload).unlink()
    with pytest.raises(NotFoundError):
        await world.add(upload, body([b"x"]))


async def test_where_no_folder_can_be_made_it_does_not_start(tmp_path: Path) -> None:
    """And says that the disk refused."""
    (tmp_path / "file").write_text("in the way")
    world = World(tmp_path / "file" / "drops")
    with pytest.raises(StoreError, match="spool_failed"):
        await world.start()


# --- a full disk


@pytest.fixture
def tight() -> object:
    """Let no file grow beyond a size, until told otherwise."""
    old = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limit(size: int | None) -> None:
        soft = old[0] if size is None else size
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, old[1]))

    yield limit
    resource.setrlimit(resource.RLIMIT_FSIZE, old)


async def test_a_disk_that_is_full_loses_nothing(world: World, tight: object) -> None:
    """What fitted is kept and told; with room again it goes on to its end."""
    upload = await world.begin(len(DATA))
    pieces = [DATA[at : at + PIECE] for at in range(0, len(DATA), PIECE)]
    tight(PIECE + 1000)  # type: ignore[operator]
    with pytest.raises(StoreError, match="spool_full"):
        await world.add(upload, body(pieces))
    upload = await world.now(upload)
    assert upload.offset == PIECE
    assert world.drops.used_bytes == PIECE
    tight(10)  # type: ignore[operator]
    with pytest.raises(StoreError, match="spool_full"):
        await world.begin(10)
    with pytest.raises(StoreError, match="spool_full"):  # not even a line fits
        await world.add(upload, body([b"x"]))
    assert await world.now(upload) == upload
    tight(None)  # type: ignore[operator]
    await world.restart()
    assert len(world.names()) == 2
    await world.add(await world.now(upload), body(pieces[1:]))
    assert world.data(upload).read_bytes() == DATA


async def test_the_disk_keeps_room_for_the_rest_of_the_house(world: World) -> None:
    """Neither an upload nor a piece of one takes the last of it."""
    upload = await world.begin(10)
    world.limits = replace(SMALL, disk_free=2**60)
    await world.restart()
    with pytest.raises(StoreError, match="spool_full"):
        await world.begin(10)
    with pytest.raises(StoreError, match="spool_full"):
        await world.add(upload, body([b"x"]))
    assert (await world.now(upload)).offset == 0
    assert world.drops.is_short  # the start saw it


async def test_a_disk_that_has_become_full_is_told_until_it_has_room(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By whoever was refused for it, or by the next sweep; once each time."""
    told: list[bool] = []
    world.drops.on_change(lambda: told.append(world.drops.is_short))
    upload = await world.begin(10)
    assert not world.drops.is_short
    with monkeypatch.context() as full:
        full.setattr(DropFiles, "free", lambda _: 0)
        with pytest.raises(StoreError, match="spool_full"):
            await world.add(upload, body([b"x"]))
        assert world.drops.is_short
        with pytest.raises(StoreError, match="spool_full"):
            await world.begin(10)
    await world.drops.async_sweep(world.clock.now())
    assert not world.drops.is_short
    assert told[-1] is False
    assert True in told

    def broken(_: DropFiles) -> int:
        raise StoreError("spool_failed")

    with monkeypatch.context() as failing:
        failing.setattr(DropFiles, "free", broken)
        with pytest.raises(StoreError, match="spool_failed"):
            await world.begin(10)
        assert world.drops.is_short


async def test_who_sends_byte_by_byte_comes_to_an_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time takes a line: they may not outgrow the upload."""
    monkeypatch.setattr(
        "custom_components.clip_consent.hub.drop_files._LINES_MAX", 1000
    )
    upload = await world.begin(1000)
    codes: set[str] = set()
    for _ in range(20):
        try:
            upload = await world.add(upload, body([b"x"]))
        except StoreError as err:
            codes.add(err.code)
    assert codes == {"spool_full"}
    assert 5 < (await world.now(upload)).offset < 20
    assert world.lines(upload).stat().st_size <= 1000
