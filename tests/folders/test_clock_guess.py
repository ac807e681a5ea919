"""How far a recorder's clock is off, by when its files were written."""

from datetime import timedelta
from pathlib import Path

import pytest

from custom_components.clip_consent.core.errors import SourceError
from custom_components.clip_consent.home.sources import folder
from custom_components.clip_consent.home.sources.clock_guess import clock_ahead, is_zone
from custom_components.clip_consent.home.sources.folder import FolderSource

from .recorder import NOON, Recorder, make

HOUR = 3600.0


def ends(
    *late: float, ahead: float = 0.0, apart: float = 600.0
) -> list[tuple[float, float]]:
    """Return recordings so far apart, each written so late, by a clock so far ahead."""
    at = NOON.timestamp()
    return [
        (at + apart * number + ahead, at + apart * number + seconds)
        for number, seconds in enumerate(late)
    ]


@pytest.mark.parametrize("ahead", [182.0, -182.0, 0.0, 3600.0, 86_000.0])
def test_files_that_agree(ahead: float) -> None:
    """Closed within a few seconds of their ends."""
    told = clock_ahead(ends(0.5, 1.9, 1.0, 0.2, ahead=ahead))
    assert told is not None
    assert abs(told - ahead) <= 2


@pytest.mark.parametrize(
    "files",
    [
        [],
        ends(0, 0, ahead=182),
        ends(0, 0, 0, ahead=90_000),
        ends(0, -600, -1200, -1800, -2400),  # all copied at the same moment
        ends(3000, 2400, 1800, 1200, 5, 5, 5),  # most of them
        ends(40, 95, 10, 170, 70),  # uploaded when there was time
        ends(0, 0, 0, 0, apart=2.0),  # short ones: a copy of all would look the same
    ],
)
def test_files_that_tell_nothing(files: list[tuple[float, float]]) -> None:
    """Too few, too far, copied later, or one as late as the other by chance."""
    assert clock_ahead(files) is None


def test_a_few_that_were_touched_do_not_matter() -> None:
    """Two thirds are enough."""
    assert clock_ahead(ends(0, 0, 5000, 0, 0, 9000, ahead=182)) == 182


def test_a_copy_that_keeps_the_times_is_no_trouble() -> None:
    """Nor is one that is made of each file just after its end."""
    assert clock_ahead(ends(20, 21, 19, 20)) == -20


@pytest.mark.parametrize(
    ("seconds", "zone"),
    [
        (3600, True),
        (-3590, True),
        (5 * HOUR + 1800 + 80, True),
        (-900, True),
        (0, False),
        (60, False),
        (182, False),
        (-600, False),
        (3600 + 182, False),
    ],
)
def test_whole_quarters_are_zones(seconds: float, zone: bool) -> None:
    """A clock is seldom wrong by just an hour."""
    assert is_zone(seconds) is zone


class TestCheck:
    """What the form is told."""

    def record(self, recorder: Recorder, ahead: float, *, form: str = "") -> None:
        """Record an hour by a clock that is off."""
        for number in range(6):
            start = NOON + timedelta(minutes=10 * number)
            named = start + timedelta(seconds=ahead)
            if form == "end":
                named += timedelta(seconds=590)
            end = start + timedelta(seconds=591)
            recorder.write(f"{named:%Y%m%d_%H%M%S}.ts", 590, written=end)

    @pytest.mark.parametrize("name_is", ["start", "end"])
    @pytest.mark.parametrize("ahead", [182, -182])
    async def test_a_clock_that_is_off(
        self, recorder: Recorder, source: FolderSource, ahead: int, name_is: str
    ) -> None:
        """By the newest files, whichever end their names tell."""
        self.record(recorder, ahead, form=name_is)
        check = await source.async_check(recorder.camera(name_is=name_is).source)
        assert check.error is None
        assert check.clock_ahead == ahead - 1

    async def test_the_time_of_the_file_tells_nothing_of_itself(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """Nor do lengths that cannot be had."""
        self.record(recorder, 182)
        check = await source.async_check(recorder.camera(naming="file_time").source)
        assert (check.error, check.clock_ahead) == (None, None)
        for path in recorder.root.iterdir():
            recorder.write(path.name, "broken")
        check = await source.async_check(recorder.camera().source)
        assert (check.warning, check.clock_ahead) == ("example_unreadable", None)

    async def test_few_processes(
        self,
        recorder: Recorder,
        source: FolderSource,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """A form is not to wait for ten of them; headers tell the rest."""
        for number in range(12):
            start = NOON + timedelta(minutes=10 * number)
            recorder.record(start, 590)
        await source.async_check(recorder.camera().source)
        assert recorder.probed.total() == folder._PROBED

    async def test_a_disk_that_comes_to_hang(
        self,
        recorder: Recorder,
        source: FolderSource,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Then the example just cannot be read."""
        self.record(recorder, 0)
        real = source._threads.async_disk

        async def hang(root: str, call: object, *args: object) -> object:
            if call is folder.read_headers:
                raise SourceError("folder_slow")
            return await real(root, call, *args)  # type: ignore[arg-type]

        monkeypatch.setattr(source._threads, "async_disk", hang)
        check = await source.async_check(recorder.camera().source)
        assert check.warning == "example_unreadable"


class TestSeveralFolders:
    """One check of all of them."""

    @pytest.fixture
    def other(self, tmp_path: Path) -> Recorder:
        """Return a second folder."""
        return Recorder(tmp_path / "other")

    async def test_the_newest_of_all_is_the_example(
        self, recorder: Recorder, other: Recorder, source: FolderSource
    ) -> None:
        """And all are counted."""
        recorder.record(NOON, 60)
        other.record(NOON + timedelta(hours=1), 60)
        other.write("notes.mp4", 60)
        camera = recorder.camera(more_folders=str(other.root))
        check = await source.async_check(camera.source)
        assert (check.files, check.recognised) == (3, 2)
        assert check.example == "20261120_130000.ts"
        assert check.starts_at == NOON + timedelta(hours=1)

    async def test_one_may_be_empty_still(
        self, recorder: Recorder, other: Recorder, source: FolderSource
    ) -> None:
        """An archive begins so; but not all of them."""
        camera = recorder.camera(more_folders=str(other.root))
        check = await source.async_check(camera.source)
        assert (check.error, check.field) == ("no_recordings", "folder")
        other.record(NOON, 60)
        check = await source.async_check(camera.source)
        assert (check.error, check.example) == (None, "20261120_120000.ts")

    async def test_a_fault_is_told_at_its_field(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """Of the first, or of the others."""
        recorder.record(NOON, 60)
        camera = recorder.camera(more_folders="/there/is/none")
        check = await source.async_check(camera.source)
        assert (check.error, check.field) == ("folder_missing", "more_folders")
        camera = recorder.camera(naming="motioneye", more_folders="/there/is/none")
        check = await source.async_check(camera.source)
        assert (check.error, check.field) == ("names_not_recognised", "naming")


async def test_made_by_hand(recorder: Recorder, tmp_path: Path) -> None:
    """Growing files are not asked: they end when they end."""
    recorder.now = NOON.timestamp() + 30
    recorder.record(NOON - timedelta(minutes=1), 70)
    source = make(recorder, tmp_path)
    check = await source.async_check(recorder.camera().source)
    assert check.clock_ahead is None
    await source.async_close()
