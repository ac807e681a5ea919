"""A mistake in one job of the database is no trouble of the others, nor of the file."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
import sqlite3
from typing import Any

import pytest

from custom_components.clip_consent.base.db import Database
from custom_components.clip_consent.core.errors import StoreError


def _make(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE kept (n INTEGER)")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """Return an open database with an empty table."""
    database = Database(tmp_path / "test.db", [_make])
    await database.async_open()
    yield database
    await database.async_close()


def _keep(
    n: int, error: Exception | None = None
) -> Callable[[sqlite3.Connection], int]:
    """Return a job that writes a number, then raises if it is to."""

    def job(connection: sqlite3.Connection) -> int:
        connection.execute("INSERT INTO kept VALUES (?)", (n,))
        if error:
            raise error
        return n

    return job


def _kept(connection: sqlite3.Connection) -> list[int]:
    return [row[0] for row in connection.execute("SELECT n FROM kept ORDER BY n")]


async def test_an_unexpected_error_undoes_its_job_alone(database: Database) -> None:
    """Who made the mistake hears of it; the others of the same transaction count."""
    told: list[bool] = []
    database.told = told.append
    results = await asyncio.gather(
        database.async_run(_keep(1)),
        database.async_run(_keep(2, KeyError("gone"))),
        database.async_run(_keep(3)),
        return_exceptions=True,
    )
    assert results[0] == 1
    assert isinstance(results[1], KeyError)
    assert results[2] == 3
    assert await database.async_read(_kept) == [1, 3]
    assert told == [True]  # the disk did nothing wrong


async def test_no_transaction_stays_open(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A group that fell over leaves nothing to read, and takes no later one along."""
    run_one = Database._run_one
    calls = 0

    def fall_over(self: Database, connection: sqlite3.Connection, job: Any) -> Any:
        nonlocal calls
        calls += 1
        result = run_one(self, connection, job)
        if calls == 1:
            raise RuntimeError("a mistake of ours")
        return result

    monkeypatch.setattr(Database, "_run_one", fall_over)
    first = asyncio.ensure_future(database.async_run(_keep(1)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)  # the worker has taken it
    second = asyncio.ensure_future(database.async_run(_keep(2)))
    with pytest.raises(StoreError, match="store_failed"):
        await first
    async with asyncio.timeout(5):
        assert await second == 2
    assert await database.async_read(_kept) == [2]


async def test_what_is_committed_counts_whatever_follows(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Trouble with what looks at a transaction afterwards takes nothing back."""

    def follow(_: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    database = Database(tmp_path / "test.db", [_make], after_commit=follow)
    await database.async_open()
    try:
        assert await database.async_run(_keep(1)) == 1
        assert await database.async_read(_kept) == [1]
        assert "What follows a transaction failed" in caplog.text
    finally:
        await database.async_close()
