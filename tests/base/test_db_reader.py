"""Reading beside the writing: what is public waits for nobody, and sees what held."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
import sqlite3
import threading

import pytest

from custom_components.clip_consent.base.db import Database
from custom_components.clip_consent.core.errors import StoreError


def _make(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE kept (n)")


def _insert(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO kept VALUES (1)")


def _count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM kept").fetchone()[0])


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """Return an open database with a table."""
    database = Database(tmp_path / "test.db", [_make])
    await database.async_open()
    yield database
    await database.async_close()


async def test_it_waits_for_no_write_and_no_long_query(database: Database) -> None:
    """T24: a commit on a slow disk, or a check of the ledger, does not show."""
    go_on, begun = threading.Event(), threading.Barrier(3)

    def hang(connection: sqlite3.Connection) -> None:
        begun.wait(20)
        go_on.wait(20)

    def write_and_hang(connection: sqlite3.Connection) -> None:
        _insert(connection)
        hang(connection)

    slow = [
        asyncio.create_task(database.async_run(write_and_hang)),
        asyncio.create_task(database.async_read_apart(hang)),
    ]
    await asyncio.to_thread(begun.wait, 20)
    assert await asyncio.wait_for(database.async_read_aside(_count), 10) == 0
    assert not any(task.done() for task in slow)
    go_on.set()
    await asyncio.gather(*slow)
    assert await database.async_read_aside(_count) == 1


async def test_it_writes_nothing(database: Database) -> None:
    """Its connection cannot."""
    with pytest.raises(StoreError):
        await database.async_read_aside(_insert)
    assert await database.async_read_aside(_count) == 0


async def test_what_a_disk_refused_does_not_show(database: Database) -> None:
    """A transaction that failed is gone, whoever reads first after it."""
    await database.async_run(_insert)
    assert await database.async_read_aside(_count) == 1

    def fail(connection: sqlite3.Connection) -> None:
        _insert(connection)
        raise sqlite3.OperationalError("disk i/o error")

    with pytest.raises(StoreError, match="disk_full"):
        await database.async_run(fail)
    assert await database.async_read_aside(_count) == 1
    await database.async_run(_insert)
    assert await database.async_read_aside(_count) == 2


async def test_closing_leaves_no_log(tmp_path: Path) -> None:
    """The connection that is kept does not keep the file from being whole."""
    database = Database(tmp_path / "test.db", [_make])
    await database.async_open()
    await database.async_run(_insert)
    await database.async_read_aside(_count)
    await database.async_close()
    assert [path.name for path in tmp_path.iterdir()] == ["test.db"]
    with pytest.raises(StoreError, match="store_closed"):
        await database.async_read_aside(_count)


async def test_nobody_opens_it_while_the_log_is_cut(database: Database) -> None:
    """Who came first would take what was refused for committed."""
    await database.async_read_aside(_count)
    with database._reader.closed():
        reads = [
            asyncio.create_task(database.async_read_aside(_count)),
            asyncio.create_task(database.async_read_apart(_count)),
        ]
        done, _ = await asyncio.wait(reads, timeout=0.2)
        assert not done
    assert await asyncio.gather(*reads) == [0, 0]
