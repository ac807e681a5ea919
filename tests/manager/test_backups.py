"""While a backup copies, the file stays as it is, whoever starts and stops meanwhile."""

import asyncio
from pathlib import Path
import shutil
import sqlite3

import pytest

from custom_components.clip_consent.base.db import Database
from custom_components.clip_consent.base.hold import Hold
from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.models import CaseState
from custom_components.clip_consent.home.meta_rows import write_meta

from .world import ANNA, World


def _file(world: World) -> bytes:
    return (world.folder / "config" / "home.db").read_bytes()


async def test_a_home_that_starts_during_a_backup_waits_for_its_end(
    world: World,
) -> None:
    """What waited is refused, nobody was told that it counts; then all goes on."""
    case = await world.asked()
    await world.manager.async_pause()
    copied = _file(world)
    approving = asyncio.create_task(world.approve(case))
    await asyncio.sleep(0.05)
    reboot = asyncio.create_task(world.reboot())
    with pytest.raises(StoreError, match="store_closed"):
        await asyncio.wait_for(approving, 10)
    await asyncio.sleep(0.1)
    assert not reboot.done()
    assert _file(world) == copied
    world.hold.end()
    await asyncio.wait_for(reboot, 10)
    found = await world.case(case.request.request_id)
    assert found.state is CaseState.WAITING
    await world.manager.async_decline(case.case_id, ANNA)
    assert await world.manager.reading.async_check_ledger() is None


async def test_a_log_that_could_not_be_folded_stays_beside_the_file(
    world: World,
) -> None:
    """Closing folds it in at any other time; here the next start does, losing none."""
    await world.asked()
    path = world.folder / "config" / "home.db"
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM cases").fetchone()
    await world.manager.async_set_accepting(False, None)
    db = world.bench.store._db
    await db.async_read(lambda each: each.execute("PRAGMA busy_timeout=0"))
    await world.manager.async_pause()
    copied = _file(world)
    reader.close()
    assert path.with_name("home.db-wal").stat().st_size > 0
    await world.manager.async_stop()
    assert _file(world) == copied
    world.manager.resume()
    await world.boot()
    assert not world.manager.accepting


async def test_a_start_that_is_given_up_during_a_backup_leaves_nothing(
    world: World,
) -> None:
    """As when Home Assistant stops just then."""
    await world.manager.async_stop()
    await world.hold.async_begin()
    boot = asyncio.create_task(world.boot())
    await asyncio.sleep(0.05)
    boot.cancel()
    with pytest.raises(asyncio.CancelledError):
        await boot
    await world.manager.async_stop()
    world.hold.end()
    await world.boot()


async def test_what_comes_while_it_closes_during_a_backup_is_refused(
    tmp_path: Path,
) -> None:
    """Nothing is left waiting for a store that is gone."""
    hold = Hold()
    db = Database(tmp_path / "x.db", (), hold=hold)
    await db.async_open()
    working = asyncio.create_task(db.async_run(lambda each: each.total_changes))
    await asyncio.sleep(0)
    begin = asyncio.create_task(hold.async_begin())
    closing = asyncio.create_task(db.async_close())
    await asyncio.sleep(0)
    with pytest.raises(StoreError, match="store_closed"):
        await db.async_run(lambda each: None)
    await asyncio.wait_for(asyncio.gather(begin, closing), 10)
    assert await working == 0
    hold.end()
    with pytest.raises(StoreError, match="store_closed"):
        await db.async_run(lambda each: None)


async def test_a_backup_that_never_ends_holds_nobody_up(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """As when another integration could not begin it: nobody says then that it ended.

    What is copied meanwhile is whole all the same: the file stays as it was, and a log
    that was cut anywhere tells what was committed before.
    """
    world.hold = Hold(longest=0.05)
    await world.reboot()
    case = await world.asked()
    await world.manager.async_pause()
    copied = _file(world)
    await world.approve(case)  # waits until the backup had its time
    assert "writing goes on" in caplog.text
    db = world.bench.store._db
    for number in range(40):  # more than a log is left to grow to at other times
        await db.async_run(
            lambda each, n=number: write_meta(each, f"k{n}", "x" * 2**17)
        )
    assert _file(world) == copied
    log = (world.folder / "config" / "home.db-wal").read_bytes()
    assert len(log) > 1000 * 4096
    for end in range(0, len(log), len(log) // 37):
        copy = _copied(world.folder / "copy", copied, log[:end])
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kept = copy.execute("SELECT count(*) FROM meta WHERE key LIKE 'k%'").fetchone()
        assert 0 <= kept[0] <= 40
        copy.close()
    await world.reboot()  # closing folds nothing in either
    assert _file(world) == copied
    world.manager.resume()
    await world.pass_undo()
    await world.reboot()
    assert _file(world) != copied
    found = await world.case(case.request.request_id)
    assert found.state is CaseState.SHARED


async def test_a_backup_is_over_some_day(tmp_path: Path) -> None:
    """Else the log would grow, and what was deleted would stay in the file."""
    hold = Hold(longest=0.01, over=0.05)
    await hold.async_begin()
    assert hold.is_on
    await hold.async_wait()
    assert hold.copies
    await asyncio.sleep(0.2)
    assert not hold.copies


def _copied(folder: Path, file: bytes, log: bytes) -> sqlite3.Connection:
    """Return a database as a backup would bring it back."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "home.db").write_bytes(file)
    (folder / "home.db-wal").write_bytes(log)
    return sqlite3.connect(folder / "home.db")


async def test_a_backup_begun_anew_goes_on_holding(world: World) -> None:
    """Two in a row: who waited for the first waits for the second."""
    await world.manager.async_stop()
    await world.hold.async_begin()
    boot = asyncio.create_task(world.boot())
    await asyncio.sleep(0.01)
    world.hold.end()
    await world.hold.async_begin()
    await asyncio.sleep(0.05)
    assert not boot.done()
    world.hold.end()
    await asyncio.wait_for(boot, 10)
