"""Names in local time, on the nights when the clocks change."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from custom_components.clip_consent.home.sources.folder import FolderSource

from .recorder import AMSTERDAM, Recorder, make, window


class TestClockChanges:
    """Names in local time, in Amsterdam."""

    @pytest.fixture
    async def home(
        self, recorder: Recorder, tmp_path: Path
    ) -> AsyncIterator[FolderSource]:
        """Return a source in Amsterdam."""
        source = make(recorder, tmp_path, AMSTERDAM)
        yield source
        await source.async_close()

    async def found(
        self, recorder: Recorder, source: FolderSource, first: datetime
    ) -> list[datetime]:
        """Return the starts of what is found in three hours, in UTC."""
        pieces = await source.async_find(recorder.camera(), window(first, hours=3))
        return [piece.start for piece in pieces]

    def expected(self, first: datetime, count: int) -> list[datetime]:
        """Return starts every ten minutes."""
        return [first + timedelta(minutes=10 * number) for number in range(count)]

    def night(self, recorder: Recorder, first: datetime, *, shifted: int = 0) -> None:
        """Record three hours in files of ten minutes, named by the wall clock."""
        recorder.now = first.timestamp() + 90 * 86_400
        for number, start in enumerate(self.expected(first, 18)):
            wall = start + timedelta(
                hours=2 if start < first + timedelta(hours=1) else 1
            )
            # A second apart, so that both passes have names of their own.
            name = wall.strftime(f"%Y%m%d_%H%M{number % 2 + (number // 6) * 3:02}.ts")
            written = start + timedelta(minutes=10, hours=shifted)
            recorder.write(name, 599, written=written)

    async def test_the_hour_that_comes_twice_by_the_time_of_the_files(
        self, recorder: Recorder, home: FolderSource
    ) -> None:
        """25 October 2026: 02:00 to 03:00 twice, 00:00 and 01:00 UTC."""
        first = datetime(2026, 10, 25, 0, tzinfo=UTC)
        self.night(recorder, first)
        starts = await self.found(recorder, home, first)
        assert [start.replace(second=0) for start in starts] == self.expected(first, 18)

    async def test_the_hour_that_comes_twice_by_order(
        self, recorder: Recorder, home: FolderSource
    ) -> None:
        """Copies have other times, but in the same order."""
        first = datetime(2026, 10, 25, 0, tzinfo=UTC)
        self.night(recorder, first, shifted=500)
        starts = await self.found(recorder, home, first)
        assert [start.replace(second=0) for start in starts] == self.expected(first, 18)

    async def test_files_of_an_hour(
        self, recorder: Recorder, home: FolderSource
    ) -> None:
        """One that is an hour long was written just when the second pass begins."""
        first = datetime(2026, 10, 25, 0, tzinfo=UTC)
        recorder.now = first.timestamp() + 86_400
        recorder.write("20261025_020000.ts", 3600, written=first + timedelta(hours=1))
        recorder.write("20261025_020001.ts", 3600, written=first + timedelta(hours=2))
        starts = await self.found(recorder, home, first)
        assert starts == [first, first + timedelta(hours=1, seconds=1)]

    async def test_a_search_in_one_pass_finds_what_was_taken_for_the_other(
        self, recorder: Recorder, home: FolderSource
    ) -> None:
        """Until a file is measured, both readings are asked."""
        first = datetime(2026, 10, 25, 0, tzinfo=UTC)
        recorder.now = first.timestamp() + 86_400
        recorder.write("20261025_020000.ts", 3600, written=first + timedelta(hours=1))
        pieces = await home.async_find(recorder.camera(), window(first, minutes=30))
        assert [piece.start for piece in pieces] == [first]

    async def test_names_that_tell_the_end(
        self, recorder: Recorder, home: FolderSource
    ) -> None:
        """The file's own time is that end."""
        first = datetime(2026, 10, 25, 0, tzinfo=UTC)
        recorder.now = first.timestamp() + 86_400
        for hour in (0, 1):
            end = first + timedelta(hours=hour, minutes=30, seconds=hour)
            recorder.write(f"20261025_02300{hour}.ts", 60, written=end)
        recorder.write("20261025_024000.ts", 60, written=first - timedelta(days=3))
        pieces = await home.async_find(
            recorder.camera(name_is="end"), window(first, hours=3)
        )
        assert [piece.window.end - first for piece in pieces] == [
            timedelta(minutes=30),
            timedelta(minutes=40),
            timedelta(minutes=90, seconds=1),
        ]

    async def test_the_hour_that_is_skipped(
        self, recorder: Recorder, home: FolderSource
    ) -> None:
        """29 March 2026: after 01:50 comes 03:00; a slow clock writes 02:00."""
        first = datetime(2026, 3, 29, 0, 50, tzinfo=UTC)
        recorder.now = first.timestamp() + 86_400
        for name in ("20260329_015000.ts", "20260329_020000.ts", "20260329_031000.ts"):
            recorder.write(name, 600, written=first)
        assert await self.found(recorder, home, first) == self.expected(first, 3)
