"""The index follows the folder."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
import os
from pathlib import Path
import shutil
import sqlite3
import time

import pytest

from custom_components.clip_consent.core.errors import SourceError
from custom_components.clip_consent.core.health import HealthState
from custom_components.clip_consent.home.sources import folder_upkeep, folder_walk
from custom_components.clip_consent.home.sources.folder import (
    FolderSource,
    ScanProgress,
)

from .recorder import AMSTERDAM, NOON, Recorder, make, minutes, names, window


class TestUpkeep:
    """The index follows the folder."""

    async def test_new_and_deleted_files_are_seen(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """The recorder goes on, and clears away."""
        first = recorder.record(NOON, 60)
        asked = window(NOON, minutes=5)
        assert len(await source.async_find(recorder.camera(), asked)) == 1
        first.unlink()
        recorder.record(minutes(1), 60)
        recorder.now += 1
        found = await source.async_find(recorder.camera(), asked)
        assert names(found) == ["20261120_120100.ts"]

    async def test_a_share_that_is_slow_is_read_bit_by_bit(
        self, recorder: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """All looked at by their own time, more than one look may last; none twice."""
        for minute in range(40):
            recorder.record(minutes(minute), 60, f"clip-{minute}.ts")
        monkeypatch.setattr(folder_upkeep, "_NAMES_AT_ONCE", 8)
        looked: Counter[str] = Counter()
        real = os.lstat

        def slow(path: str) -> os.stat_result:
            looked[path] += 1
            if looked.total() == 20 and gives_up:
                finding.get_loop().call_soon_threadsafe(finding.cancel)
            time.sleep(0.025)
            return real(path)

        monkeypatch.setattr(folder_walk.os, "lstat", slow)
        source = FolderSource(
            index_path=tmp_path / "slow.db",
            probe=recorder.probe,
            time_zone="UTC",
            clock=lambda: recorder.now,
            patience=0.7,
        )
        camera = recorder.camera(naming="file_time")
        gives_up = True
        finding = asyncio.ensure_future(source.async_health(camera))
        await asyncio.wait([finding])
        assert finding.cancelled()
        gives_up = False
        assert (await source.async_health(camera)).files == 40
        assert len(looked) == 40
        assert looked.total() <= 40 + 8
        await source.async_close()
        monkeypatch.undo()  # what takes the folder away looks at its files too

    async def test_only_folders_of_the_window_are_opened(
        self, recorder: Recorder, source: FolderSource, listed: Counter[str]
    ) -> None:
        """And those that have not changed only once."""
        for day in range(1, 21):
            recorder.record(
                datetime(2026, 11, day, 12, tzinfo=UTC), 60, "%Y-%m-%d/%H-%M-%S.ts"
            )
        for path in (recorder.root, *recorder.root.iterdir()):
            os.utime(path, (NOON.timestamp(),) * 2)
        camera = recorder.camera(naming="motioneye")
        asked = window(datetime(2026, 11, 10, 12, tzinfo=UTC), minutes=5)
        found = await source.async_find(camera, asked)
        assert len(found) == 1
        root = str(recorder.root)
        assert set(listed) == {root, *(f"{root}/2026-11-{d:02}" for d in (9, 10, 11))}
        listed.clear()
        assert await source.async_find(camera, asked) == found
        assert not listed

    async def test_a_folder_is_opened_again_for_newer_recordings(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """Even where a mount never changes a folder's time."""
        recorder.record(NOON, 60)
        os.utime(recorder.root, (0, 0))
        camera = recorder.camera()
        await source.async_find(camera, window(NOON, minutes=5))
        recorder.now += 3600
        start = datetime.fromtimestamp(recorder.now - 1800, UTC)
        recorder.record(start, 60)
        os.utime(recorder.root, (0, 0))
        assert len(await source.async_find(camera, window(start, minutes=5))) == 1

    async def test_a_deleted_day_is_forgotten(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """With all that was in it."""
        camera = recorder.camera(naming="motioneye")
        recorder.record(NOON, 60, "%Y-%m-%d/%H-%M-%S.ts")
        recorder.record(NOON - timedelta(days=5), 60, "%Y-%m-%d/%H-%M-%S.ts")
        await source.async_scan(camera)
        assert (await source.async_health(camera)).files == 2
        shutil.rmtree(recorder.root / "2026-11-15")
        recorder.now += 1
        await source.async_scan(camera)
        assert (await source.async_health(camera)).files == 1

    async def test_a_scan_tells_how_far_it_is_and_skips_what_is_known(
        self, recorder: Recorder, source: FolderSource, listed: Counter[str]
    ) -> None:
        """In slices; unchanged folders are only looked at."""
        for day in range(1, 21):
            recorder.record(
                datetime(2026, 11, day, 12, tzinfo=UTC), 60, "%Y-%m-%d/%H-%M-%S.ts"
            )
        for path in (recorder.root, *recorder.root.iterdir()):
            os.utime(path, (NOON.timestamp(),) * 2)
        camera = recorder.camera(naming="motioneye")
        told: list[ScanProgress] = []
        listed.clear()
        await source.async_scan(camera, told.append)
        assert told[0] == ScanProgress(done=1, known=21)
        assert told[-1] == ScanProgress(done=21, known=21)
        assert listed.total() == 21
        health = await source.async_health(camera)
        assert (health.state, health.files) == (HealthState.OK, 20)
        assert health.last_seen == NOON
        listed.clear()
        await source.async_scan(camera)
        assert not listed
        assert not recorder.probed

    async def test_a_search_gets_in_between_the_slices_of_a_scan(
        self, recorder: Recorder, source: FolderSource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A scan never holds up a request."""
        monkeypatch.setattr(
            "custom_components.clip_consent.home.sources.folder.FOLDERS_AT_ONCE", 1
        )
        for day in range(1, 31):
            recorder.record(
                datetime(2026, 11, day, 12, tzinfo=UTC), 60, "%Y-%m-%d/%H-%M-%S.ts"
            )
        camera = recorder.camera(naming="motioneye")
        scan = asyncio.create_task(source.async_scan(camera))
        await asyncio.sleep(0.1)
        found = await source.async_find(camera, window(NOON, minutes=5))
        assert len(found) == 1
        assert not scan.done()
        scan.cancel()
        with pytest.raises(asyncio.CancelledError):
            await scan

    async def test_other_settings_read_anew(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """Nothing read with the old ones is used."""
        recorder.record(NOON, 60)
        asked = window(NOON, minutes=5)
        assert len(await source.async_find(recorder.camera(), asked)) == 1
        local = recorder.camera(time_zone=AMSTERDAM)
        assert await source.async_find(local, asked) == ()
        earlier = window(NOON - timedelta(hours=1), minutes=5)
        assert len(await source.async_find(local, earlier)) == 1

    async def test_cameras_that_are_gone_are_forgotten(
        self, recorder: Recorder, source: FolderSource, tmp_path: Path
    ) -> None:
        """The index holds nothing of them."""
        recorder.record(NOON, 60)
        other = recorder.camera(naming="automatic")
        await source.async_scan(recorder.camera())
        await source.async_scan(other)
        await source.async_keep([other])
        await source.async_close()
        with sqlite3.connect(tmp_path / "cache" / "folders.db") as db:
            assert db.execute("SELECT COUNT(DISTINCT spot) FROM folder").fetchone() == (
                1,
            )
            assert db.execute("SELECT COUNT(*) FROM file").fetchone() == (1,)
        db.close()

    async def test_a_damaged_index_is_made_anew(
        self, recorder: Recorder, source: FolderSource, tmp_path: Path
    ) -> None:
        """What it held can be found again."""
        recorder.record(NOON, 60)
        path = tmp_path / "cache" / "folders.db"
        path.parent.mkdir()
        path.write_bytes(b"no database at all, but long enough to look at" * 50)
        found = await source.async_find(recorder.camera(), window(NOON, minutes=5))
        assert len(found) == 1

    async def test_an_index_that_breaks_while_running_is_made_anew(
        self, recorder: Recorder, source: FolderSource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One search fails, the next one finds all again."""
        recorder.record(NOON, 60)
        asked = window(NOON, minutes=5)
        found = await source.async_find(recorder.camera(), asked)

        def malformed(*_: object) -> None:
            raise sqlite3.DatabaseError("database disk image is malformed")

        with monkeypatch.context() as patch:
            patch.setattr(source._threads.index, "around", malformed)
            with pytest.raises(SourceError, match="index_failed"):
                await source.async_find(recorder.camera(), asked)
        assert await source.async_find(recorder.camera(), asked) == found
        assert recorder.probed.total() == 2

    async def test_a_full_disk_is_an_error_and_loses_nothing(
        self, recorder: Recorder, source: FolderSource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The index is kept: it is the disk that is at fault."""
        recorder.record(NOON, 60)
        asked = window(NOON, minutes=5)
        found = await source.async_find(recorder.camera(), asked)

        def full(*_: object) -> None:
            raise sqlite3.OperationalError("database or disk is full")

        with monkeypatch.context() as patch:
            patch.setattr(source._threads.index, "around", full)
            with pytest.raises(SourceError, match="index_failed"):
                await source.async_find(recorder.camera(), asked)
        assert await source.async_find(recorder.camera(), asked) == found
        assert recorder.probed.total() == 1

    async def test_an_index_of_another_version_is_made_anew(
        self, recorder: Recorder, source: FolderSource, tmp_path: Path
    ) -> None:
        """What it holds can be found again."""
        recorder.record(NOON, 60)
        path = tmp_path / "cache" / "folders.db"
        path.parent.mkdir()
        with sqlite3.connect(path) as db:
            db.execute("CREATE TABLE file(other)")
            db.execute("PRAGMA user_version = 99")
        db.close()
        found = await source.async_find(recorder.camera(), window(NOON, minutes=5))
        assert len(found) == 1

    async def test_an_index_that_cannot_be_written_is_an_error(
        self, recorder: Recorder, tmp_path: Path
    ) -> None:
        """Never an answer that there is nothing."""
        recorder.record(NOON, 60)
        (tmp_path / "cache").write_text("in the way")
        source = make(recorder, tmp_path)
        with pytest.raises(SourceError, match="index_failed"):
            await source.async_find(recorder.camera(), window(NOON, minutes=5))
        await source.async_close()
