"""Lengths: a file is measured once, and not while it grows."""

import asyncio
from datetime import UTC, datetime, timedelta
import os
from pathlib import Path

import pytest

from custom_components.clip_consent.core.errors import MediaError, SourceError
from custom_components.clip_consent.home.sources import folder_upkeep
from custom_components.clip_consent.home.sources.folder import FolderSource

from .recorder import NOON, Recorder, make, minutes, names, window


class TestLengths:
    """A file is measured once."""

    async def test_only_near_the_window_and_once(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """A day of files, five minutes asked for, twice."""
        for minute in range(-600, 600, 5):
            recorder.record(minutes(minute), 300)
        asked = window(minutes(2), minutes=5)
        first = await source.async_find(recorder.camera(), asked)
        assert names(first) == ["20261120_120000.ts", "20261120_120500.ts"]
        assert sum(recorder.probed.values()) <= 2 + 2 * folder_upkeep._NEAREST
        probed = recorder.probed.copy()
        assert await source.async_find(recorder.camera(), asked) == first
        assert recorder.probed == probed

    async def test_is_remembered_over_a_restart(
        self, recorder: Recorder, source: FolderSource, tmp_path: Path
    ) -> None:
        """The index outlives Home Assistant."""
        recorder.record(NOON, 60)
        asked = window(NOON, minutes=5)
        found = await source.async_find(recorder.camera(), asked)
        await source.async_close()
        again = make(recorder, tmp_path)
        assert await again.async_find(recorder.camera(), asked) == found
        await again.async_close()
        assert recorder.probed.total() == 1

    async def test_two_asking_at_once_measure_once(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """A flood of requests is no flood of probes."""
        for minute in range(10):
            recorder.record(minutes(minute), 60)
        asked = window(NOON, minutes=10)
        found = await asyncio.gather(
            *(source.async_find(recorder.camera(), asked) for _ in range(20))
        )
        assert len(set(found)) == 1
        assert set(recorder.probed.values()) == {1}

    async def test_a_file_that_changed_is_measured_anew(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """Its size and time tell."""
        recorder.record(NOON, 60)
        asked = window(NOON, minutes=5)
        await source.async_find(recorder.camera(), asked)
        recorder.write("20261120_120000.ts", 120.5, written=minutes(3))
        found = await source.async_find(recorder.camera(), asked)
        assert [piece.seconds for piece in found] == [120.5]

    async def test_an_unreadable_file_is_not_tried_again_until_it_changes(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """It is counted, and the rest is found."""
        recorder.write("20261120_120000.ts", "broken")
        recorder.write("20261120_120100.ts", "")
        recorder.write("20261120_120200.ts", 9e9)
        recorder.record(minutes(3), 60)
        asked = window(NOON, minutes=5)
        for _ in range(3):
            found = await source.async_find(recorder.camera(), asked)
            assert names(found) == ["20261120_120300.ts"]
        assert recorder.probed["20261120_120000.ts"] == 1
        assert recorder.probed["20261120_120100.ts"] == 0
        health = await source.async_health(recorder.camera())
        assert (health.files, health.unreadable) == (4, 3)
        recorder.write("20261120_120000.ts", 60, written=minutes(30))
        found = await source.async_find(recorder.camera(), asked)
        assert names(found) == ["20261120_120000.ts", "20261120_120300.ts"]

    async def test_a_missing_tool_marks_no_file(
        self, recorder: Recorder, source: FolderSource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It is told, and the file is measured once the tool is there."""
        recorder.record(NOON, 60)
        asked = window(NOON, minutes=5)

        async def missing(path: str) -> float:
            raise MediaError("ffmpeg_missing")

        monkeypatch.setattr(source._upkeep, "_probe", missing)
        with pytest.raises(SourceError, match="ffmpeg_missing"):
            await source.async_find(recorder.camera(), asked)
        monkeypatch.setattr(source._upkeep, "_probe", recorder.probe)
        assert len(await source.async_find(recorder.camera(), asked)) == 1

    async def test_a_file_deleted_while_measured_is_left_out(
        self, recorder: Recorder, source: FolderSource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It is not called unreadable either."""
        recorder.record(NOON, 60)
        recorder.record(minutes(1), 60)

        async def probe(path: str) -> float:
            if path.endswith("120000.ts"):
                Path(path).unlink()
                raise MediaError("recording_unreadable")
            return 60.0

        monkeypatch.setattr(source._upkeep, "_probe", probe)
        found = await source.async_find(recorder.camera(), window(NOON, minutes=5))
        assert names(found) == ["20261120_120100.ts"]
        assert (await source.async_health(recorder.camera())).unreadable == 0


class TestGrowing:
    """Files that are still being written."""

    async def test_is_left_out_until_it_is_quiet_for_a_minute(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """Then it is found, without any change to its folder."""
        recorder.record(minutes(-1), 60)
        path = recorder.write("20261120_120000.ts", 20)
        os.utime(path, (recorder.now - 5,) * 2)
        asked = window(minutes(-1), minutes=5)
        assert len(await source.async_find(recorder.camera(), asked)) == 1
        assert (await source.async_health(recorder.camera())).growing == 1
        assert recorder.probed["20261120_120000.ts"] == 0
        recorder.now += 30
        path.write_text("40")
        os.utime(path, (recorder.now,) * 2)
        assert len(await source.async_find(recorder.camera(), asked)) == 1
        recorder.now += 61
        found = await source.async_find(recorder.camera(), asked)
        assert [piece.seconds for piece in found] == [60.0, 40.0]
        assert (await source.async_health(recorder.camera())).growing == 0

    async def test_by_file_time_its_time_moves_with_it(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """What was seen while it grew is not kept."""
        camera = recorder.camera(naming="file_time")
        start = datetime.fromtimestamp(recorder.now, UTC)
        path = recorder.write("a.ts", 10, written=start + timedelta(seconds=10))
        recorder.now += 20
        assert await source.async_find(camera, window(start, minutes=1)) == ()
        path.write_text("7200")
        end = start + timedelta(hours=2)
        os.utime(path, (end.timestamp(),) * 2)
        recorder.now = end.timestamp() + 100
        found = await source.async_find(camera, window(start, minutes=1))
        assert [(piece.start, piece.seconds) for piece in found] == [(start, 7200.0)]

    async def test_a_clock_ahead_of_ours_does_not_hide_it_for_ever(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """Being the same for a minute does as well."""
        path = recorder.record(NOON, 60)
        os.utime(path, (recorder.now + 7200,) * 2)
        asked = window(NOON, minutes=5)
        assert await source.async_find(recorder.camera(), asked) == ()
        recorder.now += 61
        assert len(await source.async_find(recorder.camera(), asked)) == 1

    async def test_one_without_an_index_yet_is_tried_again(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """An MP4 gets its header last: for ten minutes it may only be unfinished."""
        path = recorder.write("20261120_120000.ts", "no moov yet")
        os.utime(path, (recorder.now - 90,) * 2)
        asked = window(NOON, minutes=5)
        for _ in range(2):
            assert await source.async_find(recorder.camera(), asked) == ()
        assert recorder.probed.total() == 2
        assert (await source.async_health(recorder.camera())).unreadable == 0
        recorder.now += 600
        for _ in range(2):
            assert await source.async_find(recorder.camera(), asked) == ()
        assert recorder.probed.total() == 3
        assert (await source.async_health(recorder.camera())).unreadable == 1
