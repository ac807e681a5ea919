"""What stands in SQLite's log behind its last commit that held is cut off, no more."""

from pathlib import Path
import shutil
import sqlite3

import pytest

from custom_components.clip_consent.base.db import _cut_log


@pytest.fixture
def refused(tmp_path: Path) -> Path:
    """Return a database whose second commit is in the log, but not in the index."""
    path, crashed = tmp_path / "live.db", tmp_path / "crashed.db"
    with sqlite3.connect(path, isolation_level=None) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE kept (n)")
        db.execute("INSERT INTO kept VALUES (1)")
        shutil.copy(f"{path}-shm", f"{crashed}-shm")
        db.execute("INSERT INTO kept VALUES (2)")
        shutil.copy(path, crashed)
        shutil.copy(f"{path}-wal", f"{crashed}-wal")
    db.close()
    return crashed


def _rows(path: Path) -> list[int]:
    with sqlite3.connect(path) as db:
        rows = [row[0] for row in db.execute("SELECT n FROM kept ORDER BY n")]
    db.close()
    return rows


def test_a_refused_commit_is_cut_off(refused: Path) -> None:
    """What the index does not count is gone after the next start; the rest is there."""
    _cut_log(refused)
    assert _rows(refused) == [1]


def test_without_the_cut_it_would_count(refused: Path) -> None:
    """Whoever reads the log after a crash takes all of it for committed."""
    assert _rows(refused) == [1, 2]


@pytest.mark.parametrize(
    "damage",
    [
        b"",  # gone
        bytes(96),  # not begun
        b"half",
    ],
)
def test_an_index_that_tells_nothing_cuts_nothing(refused: Path, damage: bytes) -> None:
    """Nothing committed is ever cut off for want of an index."""
    refused.with_name("crashed.db-shm").write_bytes(damage)
    _cut_log(refused)
    assert _rows(refused) == [1, 2]


@pytest.mark.parametrize("place", [20, 68])
def test_an_index_that_contradicts_itself_cuts_nothing(
    refused: Path, place: int
) -> None:
    """The index says it twice: half a change is no index."""
    index = refused.with_name("crashed.db-shm")
    told = bytearray(index.read_bytes())
    told[place] ^= 0xFF
    index.write_bytes(told)
    _cut_log(refused)
    assert _rows(refused) == [1, 2]


def test_an_index_of_another_log_cuts_nothing(refused: Path) -> None:
    """A log that was begun anew has another salt."""
    index = refused.with_name("crashed.db-shm")
    told = bytearray(index.read_bytes())
    for copy in (0, 48):
        told[copy + 32 : copy + 40] = bytes(8)
    index.write_bytes(told)
    _cut_log(refused)
    assert _rows(refused) == [1, 2]
