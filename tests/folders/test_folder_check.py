"""What the owner is told when they type a folder in."""

from datetime import UTC, datetime, timedelta
import os
from pathlib import Path

import pytest

from custom_components.clip_consent.home.sources import folder_check, folder_walk
from custom_components.clip_consent.home.sources.folder import FolderSource

from .recorder import NOON, Recorder, minutes


class TestCheck:
    """What the owner is told when they type a folder in."""

    async def test_shows_an_example_and_its_time(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """The newest finished one, as it was read."""
        for minute in range(0, 30, 10):
            recorder.record(minutes(minute), 600, "%Y-%m-%d/%H-%M-%S.ts")
        recorder.write("2026-11-20/lastclip.ts", 5)
        growing = recorder.write("2026-11-21/09-00-00.ts", 5)
        os.utime(growing, (recorder.now,) * 2)
        check = await source.async_check(recorder.camera(naming="motioneye").source)
        assert check.error is None
        assert check.warning is None
        assert (check.files, check.recognised) == (5, 4)
        assert check.example == "2026-11-20/12-20-00.ts"
        assert check.starts_at == minutes(20)
        assert check.ends_at == minutes(30)

    async def test_names_that_tell_the_end(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """The start comes from the length."""
        recorder.record(NOON, 60)
        check = await source.async_check(recorder.camera(name_is="end").source)
        assert check.starts_at == minutes(-1)
        assert check.ends_at == NOON

    async def test_an_example_that_cannot_be_read(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """It is a warning: other files may be fine."""
        recorder.write("20261120_120000.ts", "broken")
        check = await source.async_check(recorder.camera().source)
        assert (check.error, check.warning) == (None, "example_unreadable")
        assert (check.starts_at, check.ends_at) == (NOON, None)

    async def test_a_time_in_the_future_is_doubted(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """It is the usual sign of a wrong time zone."""
        recorder.record(datetime.fromtimestamp(recorder.now, UTC), 60)
        zone = {"time_zone": "America/New_York"}
        check = await source.async_check(recorder.camera(**zone).source)
        assert check.warning == "time_in_future"

    async def test_says_what_is_wrong_and_where(
        self, recorder: Recorder, source: FolderSource, tmp_path: Path
    ) -> None:
        """A code, and the field it belongs to."""
        recorder.write("holiday.ts", 60)
        empty, file = tmp_path / "empty", tmp_path / "file"
        empty.mkdir()
        file.touch()
        for changes, error, at in (
            ({"folder": ""}, "folder_not_absolute", "folder"),
            ({"folder": "media"}, "folder_not_absolute", "folder"),
            ({"folder": str(tmp_path / "none")}, "folder_missing", "folder"),
            ({"folder": str(file)}, "folder_not_folder", "folder"),
            ({"folder": str(file / "below")}, "folder_not_folder", "folder"),
            ({"folder": "/\0"}, "folder_gone", "folder"),
            ({"folder": str(empty)}, "no_recordings", "folder"),
            ({}, "names_not_recognised", "naming"),
            ({"naming": "custom", "pattern": "%x"}, "pattern_unknown_field", "pattern"),
            ({"time_zone": "Mars"}, "time_zone_unknown", "time_zone"),
        ):
            check = await source.async_check(recorder.camera(**changes).source)
            assert (check.error, check.field) == (error, at)

    async def test_a_folder_that_may_not_be_read(
        self, recorder: Recorder, source: FolderSource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """By what the system says."""
        monkeypatch.setattr(os, "access", lambda *_: False)
        check = await source.async_check(recorder.camera().source)
        assert (check.error, check.field) == ("folder_unreadable", "folder")

        def closed(path: Path) -> None:
            raise PermissionError

        monkeypatch.setattr(Path, "stat", closed)
        check = await source.async_check(recorder.camera().source)
        assert check.error == "folder_unreadable"

    async def test_a_disk_that_goes_away_meanwhile(
        self, recorder: Recorder, source: FolderSource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It is told at the folder."""
        path = recorder.record(NOON, 60)
        real = os.lstat

        def gone(name: str) -> os.stat_result:
            path.unlink(missing_ok=True)
            return real(name)

        monkeypatch.setattr(folder_walk.os, "lstat", gone)
        check = await source.async_check(recorder.camera().source)
        monkeypatch.undo()  # what takes the folder away looks at its files too
        assert (check.error, check.field) == ("folder_gone", "folder")

    async def test_a_huge_folder_is_not_read_to_the_end(
        self, recorder: Recorder, source: FolderSource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The newest days are enough."""
        monkeypatch.setattr(folder_check, "_MAX_FILES", 10)
        for day in range(20):
            for minute in range(4):
                start = NOON - timedelta(days=day, minutes=minute)
                recorder.record(start, 60, "%Y-%m-%d/%H-%M-%S.ts")
        check = await source.async_check(recorder.camera(naming="motioneye").source)
        assert check.files == 12
        assert check.example == "2026-11-20/12-00-00.ts"
