"""A home that stops at any moment says nothing wrong, and a restore is never half done."""

import asyncio
from datetime import timedelta
import logging
import sqlite3

import pytest

from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.ledger import EMPTY, Entry, Head, first_fault
from custom_components.clip_consent.core.models import CaseState, Destination, Way

from .world import ANNA, World, request

UPLOAD = Destination(way=Way.TUS, url="https://example.org/files")


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the log warns of, but that this machine is slow."""
    return [
        each.getMessage()
        for each in caplog.records
        if each.levelno >= logging.WARNING
        and not (each.name == "asyncio" and each.getMessage().startswith("Executing"))
    ]


def ours() -> set[asyncio.Task[object]]:
    """Return the tasks that still run, but for the test's own."""
    return asyncio.all_tasks() - {asyncio.current_task()}  # type: ignore[arg-type]


# --- stopping


@pytest.mark.parametrize("breaths", range(0, 60, 3))
async def test_a_home_that_stops_in_the_middle_of_a_step_warns_of_nothing(
    world: World, caplog: pytest.LogCaptureFixture, breaths: int
) -> None:
    """Wherever its steps are just then; no task is left behind, and it goes on."""
    waiting = await world.asked()
    sent = [request() for _ in range(3)]
    for each in sent:
        await world.manager.async_submit(each)
    approving = asyncio.create_task(world.approve(waiting))
    for _ in range(breaths):
        await asyncio.sleep(0)
    before = ours()
    await world.manager.async_stop()
    world.manager.look_again()
    world.manager.look_at(waiting.case_id)
    await asyncio.gather(approving, return_exceptions=True)
    await asyncio.sleep(0.01)
    assert not {task for task in ours() if not task.done()} - before
    assert told(caplog) == []
    await world.boot()
    await world.pass_undo()
    for each in sent:
        assert (await world.case(each.request_id)).state is CaseState.WAITING
    assert told(caplog) == []


async def test_what_comes_after_the_stop_begins_nothing(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """A request that was kept just before the end is looked at after the next start."""
    sent = request()
    request_id, case_id = await world.manager.async_take(sent)
    assert case_id
    await world.manager.async_stop()
    before = ours()
    world.manager.look_at(case_id)
    await asyncio.sleep(0.01)
    assert ours() == before
    assert told(caplog) == []
    with pytest.raises(StoreError, match="store_closed"):
        await world.manager.async_submit(request())
    await world.boot()
    await world.settle()
    assert (await world.case(request_id)).state is CaseState.WAITING


# --- a restore


async def _restore(world: World) -> None:
    """Let the home come back from a backup."""
    await world.manager.async_stop()
    (world.folder / "cache" / "epoch").unlink()


async def test_a_restore_that_breaks_off_is_still_a_restore(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """K-06: a disk that is full just then, or a crash, must not let an old tap count."""
    open_one = await world.asked()
    approved = await world.asked(destination=UPLOAD)
    await world.approve(approved)
    await _restore(world)
    store = type(world.bench.store)
    for name in ("async_record", "async_save"):
        with monkeypatch.context() as patch:

            async def full(*args: object, **kwargs: object) -> None:
                raise StoreError("disk_full")

            patch.setattr(store, name, full)
            with pytest.raises(StoreError, match="disk_full"):
                await world.boot()
            await world.manager.async_stop()
    world.clock.go_on(timedelta(hours=1))
    await world.boot()
    await world.pass_undo()
    assert not world.oracle.arrived
    for each in (open_one, approved):
        after = await world.case(each.request.request_id)
        assert (after.state, after.offer) == (CaseState.WAITING, None)
        assert after.problem == "restored"
    await world.reboot()
    assert (await world.ledger()).count("voided") == 2


async def test_what_was_acknowledged_is_not_sent_again_after_a_restore(
    world: World,
) -> None:
    """K-06: the backup was made while it was on its way; it arrived, then came back."""
    case = await world.asked(destination=UPLOAD)
    await world.approve(case)
    await world.manager.async_pause()
    path = world.folder / "config" / "home.db"
    backup = path.read_bytes()
    world.manager.resume()
    await world.pass_undo()
    assert len(world.oracle.arrived) == 1
    await _restore(world)
    for end in ("-wal", "-shm"):
        path.with_name(f"home.db{end}").unlink(missing_ok=True)
    path.write_bytes(backup)
    await world.boot()
    for _ in range(3):
        await world.pass_undo()
    assert len(world.oracle.arrived) == 1
    after = await world.case(case.request.request_id)
    assert (after.state, after.delivery) == (CaseState.WAITING, None)


# --- exporting


async def test_an_exports_head_is_its_last_entry_whatever_is_written(
    world: World,
) -> None:
    """G7: all of it is of one moment, though lines are written all the while."""
    ends = False

    async def write() -> int:
        count = 0
        while not ends:
            await world.manager.async_set_accepting(count % 2 == 0, ANNA)
            count += 1
        return count

    writing = [asyncio.create_task(write()) for _ in range(4)]
    heads: list[int] = []
    for _ in range(40):
        entries, head = await world.manager.reading.async_export_ledger(None)
        _check(entries, head)
        heads.append(head.seq)
        page, _, at, fault = await world.manager.reading.async_ledger(None, 3, ANNA)
        assert fault is None
        _check_page(page, at)
    ends = True
    assert sum(await asyncio.gather(*writing)) > 20
    assert heads == sorted(heads)
    assert heads[-1] > heads[0]


def _check(entries: tuple[Entry, ...], head: Head) -> None:
    last = Head(seq=entries[-1].seq, digest=entries[-1].digest) if entries else EMPTY
    assert head == last
    assert first_fault(entries, head=head) is None


def _check_page(page: tuple[Entry, ...], head: Head) -> None:
    assert not page or (page[0].seq, page[0].digest) == (head.seq, head.digest)


async def test_an_export_reads_one_moment(world: World) -> None:
    """A line that another connection commits in between is not half in it."""
    await world.asked()
    store = world.bench.store
    seen: list[int] = []

    def twice(db: sqlite3.Connection) -> None:
        count = "SELECT count(*) FROM ledger"
        seen.append(db.execute(count).fetchone()[0])
        path = world.folder / "config" / "home.db"
        with sqlite3.connect(path) as other:
            other.execute(
                "INSERT INTO ledger VALUES (9999, '', '', NULL, '{}', '', '')"
            )
        other.close()
        seen.append(db.execute(count).fetchone()[0])

    await store._db.async_read_apart(twice)
    assert seen[0] == seen[1] > 0
