"""Verifying the ledger: all of it where it counts, and never in the way of a tap."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
import sqlite3
import threading

import pytest

from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.ledger import (
    EMPTY,
    EVERYTHING,
    Line,
    Sought,
    first_fault,
)
from custom_components.clip_consent.core.models import CaseState
from custom_components.clip_consent.home import ledger_rows

from .world import ANNA, World


def edit(world: World, sql: str, seq: int) -> None:
    """Change the database file as anybody on the machine can."""
    with closing(sqlite3.connect(world.folder / "config" / "home.db")) as other:
        other.execute(sql, (seq,))
        other.commit()


async def page(world: World, before: int | None) -> int | None:
    """Open a page of the ledger and return the fault that it names."""
    return (await world.manager.reading.async_ledger(before, 2, ANNA))[-1]


class SlowCheck:
    """Holds a check between two entries, until it may go on."""

    def __init__(self) -> None:
        """Begin with nothing held."""
        self.begun = threading.Event()
        self.go = threading.Event()

    def entries[T](self, entries: Iterator[T]) -> Iterator[T]:
        """Return the first entry, wait, and return the rest."""
        yield next(entries)
        self.begun.set()
        self.go.wait(20)
        yield from entries


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowCheck]:
    """Make each check of the ledger wait after its first entry."""
    slow = SlowCheck()
    monkeypatch.setattr(
        ledger_rows,
        "first_fault",
        lambda entries, **heads: first_fault(slow.entries(entries), **heads),
    )
    yield slow
    slow.go.set()


async def test_filters_verify_only_what_came_since(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long ledger takes seconds to verify: each change of a filter must not."""
    await world.asked()
    store, asked = world.bench.store, list[bool]()
    check = store.async_ledger_fault

    async def spy(*, whole: bool = True) -> int | None:
        asked.append(whole)
        return await check(whole=whole)

    monkeypatch.setattr(store, "async_ledger_fault", spy)
    reading = world.manager.reading
    for before, sought in (
        (None, EVERYTHING),
        (3, EVERYTHING),
        (None, Sought(kinds=frozenset({"received"}))),
        (None, Sought(case_id="c")),
    ):
        await reading.async_ledger(before, 2, ANNA, sought)
    assert asked == [True, False, False, False]


async def test_a_tap_waits_for_no_check(world: World, slow: SlowCheck) -> None:
    """While a long ledger is verified, approving goes on as ever."""
    case = await world.asked()
    checking = asyncio.create_task(page(world, None))
    assert await asyncio.to_thread(slow.begun.wait, 20)
    async with asyncio.timeout(10):
        assert (await world.approve(case)).state is CaseState.CONSENTED
    assert not checking.done()
    slow.go.set()
    assert await checking is None  # what was written meanwhile is no fault
    assert await page(world, 3) is None


async def test_closing_waits_for_no_check(world: World, slow: SlowCheck) -> None:
    """A home that stops gives a check up, and says so instead of naming a fault."""
    await world.asked()
    checking = asyncio.create_task(page(world, None))
    assert await asyncio.to_thread(slow.begun.wait, 20)
    behind = asyncio.create_task(page(world, None))  # of another tab
    await asyncio.sleep(0.1)
    stopping = asyncio.create_task(world.manager.async_stop())
    await asyncio.sleep(0.1)
    slow.go.set()
    await stopping
    with pytest.raises(StoreError, match="store_closed"):
        await checking
    with pytest.raises(StoreError, match="store_closed"):
        await behind
    with pytest.raises(StoreError, match="store_closed"):
        await world.bench.store.async_ledger_fault()
    assert world.alarm.raised == {}
    await world.boot()


async def test_a_backup_waits_for_the_check(world: World, slow: SlowCheck) -> None:
    """Its copy of the file is whole only once nobody reads the log beside it."""
    await world.asked()
    checking = asyncio.create_task(page(world, None))
    assert await asyncio.to_thread(slow.begun.wait, 20)
    pausing = asyncio.create_task(world.manager.async_pause())
    await asyncio.sleep(0.1)
    assert not pausing.done()
    slow.go.set()
    await pausing
    assert checking.done()
    assert (world.folder / "config" / "home.db-wal").stat().st_size == 0
    world.manager.resume()


async def test_paging_verifies_what_came_since(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first page verifies all; those behind it what was not verified in this run."""
    seen: list[int] = []

    def counted(entries: Iterator[ledger_rows.Entry], **heads: object) -> int | None:
        whole = list(entries)
        seen.append(len(whole))
        return first_fault(whole, **heads)  # type: ignore[arg-type]

    monkeypatch.setattr(ledger_rows, "first_fault", counted)
    await world.asked()
    count = len(await world.ledger())
    assert await page(world, 3) is None  # of a run that verified nothing yet
    assert await page(world, 3) is None
    await world.asked()
    assert await page(world, 3) is None
    assert await page(world, None) is None
    assert await page(world, 3) is None
    assert seen == [count, 0, count, 2 * count, 0]


async def test_paging_names_a_fault_that_is_new(world: World) -> None:
    """An edited line is named where it counts, and stays named until it is mended."""
    await world.asked()
    assert await page(world, None) is None
    count = len(await world.ledger())
    await world.asked()
    edit(world, "UPDATE ledger SET kind = 'declined' WHERE seq = ?", count + 2)
    assert await page(world, 3) == count + 2
    assert world.alarm.raised == {"ledger_fault": {"seq": str(count + 2)}}
    edit(world, "UPDATE ledger SET kind = 'declined' WHERE seq = ?", 2)
    assert await page(world, 3) == 2  # with one fault known, all of it is looked at


async def test_opening_the_ledger_finds_an_old_edit(world: World) -> None:
    """What was verified once in this run is verified again when somebody looks."""
    await world.asked()
    assert await page(world, None) is None
    edit(world, "UPDATE ledger SET kind = 'declined' WHERE seq = ?", 2)
    assert await page(world, None) == 2


@pytest.mark.parametrize("left", [0, 3])
async def test_paging_finds_what_was_verified_gone(world: World, left: int) -> None:
    """A ledger that lost the entry it was verified up to is verified whole again."""
    await world.asked()
    assert await page(world, None) is None
    edit(world, "DELETE FROM ledger WHERE seq > ?", left)
    assert await page(world, 3) == left + 1


async def test_an_export_is_one_moment(world: World) -> None:
    """Its head is that of its last entry, whatever is written meanwhile."""
    entries, head = await world.manager.reading.async_export_ledger(ANNA)
    assert (entries, head) == ((), EMPTY)
    written = [Line(kind="asked", case_id=None, data={})]
    for _ in range(50):
        writing = asyncio.create_task(
            world.bench.store.async_record(written, world.clock.now())
        )
        entries, head = await world.manager.reading.async_export_ledger(ANNA)
        await writing
        assert head.seq == len(entries)
        assert first_fault(entries, head=head) is None
