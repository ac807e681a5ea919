"""What there is of a window in a folder of recordings."""

import asyncio
from datetime import timedelta
import os
from pathlib import Path
import shutil
import subprocess

import pytest

from custom_components.clip_consent.core.clips import runs
from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.core.models import Piece
from custom_components.clip_consent.home.sources import folder_walk
from custom_components.clip_consent.home.sources.folder import FolderSource
from custom_components.clip_consent.home.sources.patterns import NamingError
from tests.films import make_film

from .recorder import NOON, Recorder, minutes, names, window


class TestFinding:
    """What there is of a window."""

    async def test_returns_what_overlaps_in_order(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """From the file that began before to the one that ends after."""
        for minute in range(0, 60, 5):
            recorder.record(minutes(minute), 300)
        found = await source.async_find(
            recorder.camera(), window(minutes(7), minutes=10)
        )
        assert found == tuple(
            Piece(
                path=str(recorder.root / f"20261120_12{minute:02}00.ts"),
                start=minutes(minute),
                seconds=300.0,
            )
            for minute in (5, 10, 15)
        )

    async def test_gaps_stay_gaps(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """Nothing is made up between two files."""
        recorder.record(minutes(0), 60)
        recorder.record(minutes(1), 60)
        recorder.record(minutes(5), 60)
        asked = window(NOON, minutes=10)
        found = await source.async_find(recorder.camera(), asked)
        assert runs(found, asked) == (
            window(NOON, minutes=2),
            window(minutes(5), minutes=1),
        )

    async def test_overlaps_are_used_once(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """The earlier file up to the later one; a clip inside another not at all."""
        recorder.record(minutes(0), 70)
        recorder.record(minutes(1), 60)
        recorder.write("20261120_120110.ts", 20)
        found = await source.async_find(recorder.camera(), window(NOON, minutes=5))
        assert [(piece.start, piece.seconds) for piece in found] == [
            (minutes(0), 60.0),
            (minutes(1), 60.0),
        ]

    async def test_nothing_there_is_no_error(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """An empty new folder, and one with other days in it."""
        assert await source.async_find(recorder.camera(), window(NOON, hours=1)) == ()
        recorder.record(NOON, 60)
        later = window(NOON + timedelta(days=1), hours=1)
        assert await source.async_find(recorder.camera(), later) == ()

    async def test_a_long_file_behind_many_short_ones_is_found(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """Event clips beside a continuous recording hide nothing."""
        recorder.record(minutes(0), 3600)
        for minute in range(1, 40):
            recorder.record(minutes(minute), 20)
        found = await source.async_find(
            recorder.camera(), window(minutes(45), minutes=5)
        )
        assert names(found) == ["20261120_120000.ts"]

    async def test_a_copied_folder_is_searched_too(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """Where the file's own time tells nothing, the nearest files are measured."""
        for minute in range(0, 60, 5):
            recorder.write(f"20261120_12{minute:02}00.ts", 300, written=minutes(-99))
        found = await source.async_find(
            recorder.camera(), window(minutes(43), minutes=1)
        )
        assert names(found) == ["20261120_124000.ts"]
        assert sum(recorder.probed.values()) <= 8

    async def test_names_that_tell_the_end(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """Their start is the length before."""
        for minute in (10, 20, 30):
            recorder.write(f"20261120_12{minute}00.ts", 600)
        found = await source.async_find(
            recorder.camera(name_is="end"), window(minutes(5), minutes=10)
        )
        assert [(piece.start, piece.seconds) for piece in found] == [
            (minutes(0), 600.0),
            (minutes(10), 600.0),
        ]

    async def test_the_time_of_the_file_itself(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """It is when the last frame was written."""
        recorder.write("a.ts", 60, written=minutes(10))
        recorder.write("deep/b.ts", 60, written=minutes(11))
        recorder.write("c.ts", 60, written=minutes(30))
        found = await source.async_find(
            recorder.camera(naming="file_time"), window(minutes(9), minutes=2)
        )
        assert [(Path(piece.path).name, piece.start) for piece in found] == [
            ("a.ts", minutes(9)),
            ("b.ts", minutes(10)),
        ]

    async def test_cameras_that_share_a_folder(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """Frigate keeps them side by side, in UTC."""
        for camera in ("porch", "drive"):
            recorder.record(NOON, 10, f"%Y-%m-%d/%H/{camera}/%M.%S.mp4")
        found = await source.async_find(
            recorder.camera(naming="frigate", camera="porch", time_zone=""),
            window(NOON, seconds=5),
        )
        assert [piece.path for piece in found] == [
            str(recorder.root / "2026-11-20/12/porch/00.00.mp4")
        ]

    async def test_only_recordings_count(
        self, recorder: Recorder, source: FolderSource, tmp_path: Path
    ) -> None:
        """No hidden or half-copied file, no other type, no pipe, no folder."""
        recorder.write(".20261120_120000.ts", 60)
        recorder.write("20261120_120000.ts.part", 60)
        recorder.write("20261120_120000.jpg", 60)
        recorder.write(".trash/20261120_120000.ts", 60)
        recorder.write("@eaDir/20261120_120000.ts", 60)
        os.mkfifo(recorder.root / "20261120_120001.ts")
        (recorder.root / "20261120_120002.ts").mkdir()
        (recorder.root / os.fsdecode(b"20261120_120003\xff.ts")).touch()
        found = await source.async_find(recorder.camera(), window(NOON, minutes=5))
        assert found == ()

    async def test_symbolic_links_are_not_followed(
        self, recorder: Recorder, source: FolderSource, tmp_path: Path
    ) -> None:
        """Neither files nor folders outside get in that way."""
        outside = Recorder(tmp_path / "outside")
        secret = outside.record(NOON, 60)
        (recorder.root / secret.name).symlink_to(secret)
        (recorder.root / "link").symlink_to(outside.root)
        (recorder.root / "loop").symlink_to(recorder.root)
        recorder.record(minutes(3), 60)
        found = await source.async_find(recorder.camera(), window(NOON, minutes=5))
        assert names(found) == ["20261120_120300.ts"]

    async def test_a_file_that_becomes_a_link_is_dropped(
        self, recorder: Recorder, source: FolderSource, tmp_path: Path
    ) -> None:
        """It is looked at again each time before it is named."""
        path = recorder.record(NOON, 60)
        recorder.record(minutes(60), 60)
        asked = window(NOON, minutes=5)
        assert await source.async_find(recorder.camera(), asked)
        secret = tmp_path / "secret.ts"
        secret.write_text("60")
        path.unlink()
        path.symlink_to(secret)
        assert await source.async_find(recorder.camera(), asked) == ()

    async def test_a_file_that_becomes_a_link_unseen_is_dropped_too(
        self, recorder: Recorder, source: FolderSource, tmp_path: Path
    ) -> None:
        """Even where its folder looks as before."""
        path = recorder.record(NOON, 60)
        recorder.record(minutes(1), 60)
        os.utime(recorder.root, (1000, 1000))
        asked = window(NOON, minutes=5)
        assert len(await source.async_find(recorder.camera(), asked)) == 2
        secret = tmp_path / "secret.ts"
        secret.write_text("60")
        path.unlink()
        path.symlink_to(secret)
        os.utime(recorder.root, (1000, 1000))
        found = await source.async_find(recorder.camera(), asked)
        assert names(found) == ["20261120_120100.ts"]

    @pytest.mark.parametrize("form", ["%Y-%m-%d/%H-%M-%S.ts", "%Y/%m/%d/%H-%M-%S.ts"])
    @pytest.mark.parametrize("seen", [True, False])
    async def test_a_folder_that_becomes_a_link_is_dropped(
        self,
        recorder: Recorder,
        source: FolderSource,
        tmp_path: Path,
        form: str,
        seen: bool,
    ) -> None:
        """With all below it, also where all folders look as before."""
        recorder.record(NOON, 60, form)
        recorder.record(NOON - timedelta(days=400), 60, form)
        camera = recorder.camera(naming="custom", pattern=form)
        asked = window(NOON, hours=1)
        assert len(await source.async_find(camera, asked)) == 1
        before = recorder.root.stat()
        top = max(recorder.root.iterdir())
        elsewhere = top.rename(tmp_path / "elsewhere")
        day = next(elsewhere.rglob("*.ts")).parent
        (day / "12-30-00.ts").write_text("60")
        os.utime(day / "12-30-00.ts", (NOON.timestamp() + 1860,) * 2)
        top.symlink_to(elsewhere)
        if not seen:
            os.utime(recorder.root, ns=(before.st_atime_ns, before.st_mtime_ns))
        for _ in range(2):
            assert await source.async_find(camera, asked) == ()
            recorder.now += 100_000
        await source.async_scan(camera)
        assert (await source.async_health(camera)).files == 1

    async def test_a_file_whose_folder_becomes_a_link_meanwhile(
        self,
        recorder: Recorder,
        source: FolderSource,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """After the folders were looked at, before the files are."""
        recorder.record(NOON, 60, "%Y-%m-%d/%H-%M-%S.ts")
        recorder.record(NOON - timedelta(days=400), 60, "%Y-%m-%d/%H-%M-%S.ts")
        camera = recorder.camera(naming="motioneye")
        asked = window(NOON, minutes=5)
        assert len(await source.async_find(camera, asked)) == 1
        real = source._upkeep.async_near

        async def moved(*args: object) -> object:
            top = max(recorder.root.iterdir())
            top.symlink_to(top.rename(tmp_path / "elsewhere"))
            return await real(*args)  # type: ignore[arg-type]

        monkeypatch.setattr(source._upkeep, "async_near", moved)
        assert await source.async_find(camera, asked) == ()

    async def test_a_file_that_may_not_be_looked_at_is_left_out_not_forgotten(
        self, recorder: Recorder, source: FolderSource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Rights can come back without any trace in the folder's time."""
        recorder.record(NOON, 60)
        asked = window(NOON, minutes=5)
        found = await source.async_find(recorder.camera(), asked)

        def closed(path: str) -> None:
            raise PermissionError

        with monkeypatch.context() as patch:
            patch.setattr(folder_walk.os, "lstat", closed)
            assert await source.async_find(recorder.camera(), asked) == ()
        assert await source.async_find(recorder.camera(), asked) == found
        assert recorder.probed.total() == 1

    async def test_a_header_that_cannot_be_read_is_left_to_the_probe(
        self, recorder: Recorder, source: FolderSource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It knows what is wrong with the file."""
        recorder.record(NOON, 60, "%Y%m%d_%H%M%S.mp4")

        def closed(path: str) -> None:
            raise PermissionError

        monkeypatch.setattr(folder_walk, "mp4_seconds", closed)
        found = await source.async_find(recorder.camera(), window(NOON, minutes=5))
        assert len(found) == 1
        assert recorder.probed.total() == 1

    async def test_the_folder_itself_may_be_a_link(
        self, recorder: Recorder, source: FolderSource, tmp_path: Path
    ) -> None:
        """The owner typed it."""
        recorder.record(NOON, 60)
        link = tmp_path / "link"
        link.symlink_to(recorder.root)
        found = await source.async_find(
            recorder.camera(folder=str(link)), window(NOON, minutes=5)
        )
        assert [piece.path for piece in found] == [str(link / "20261120_120000.ts")]

    async def test_settings_that_make_no_sense(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """They are told as such, not as an absence of recordings."""
        with pytest.raises(NamingError, match="pattern_empty"):
            await source.async_find(
                recorder.camera(naming="custom"), window(NOON, hours=1)
            )


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a real recording of ten seconds."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    return make_film(path, 10, size="64x64", rate=5, header_first=False)


async def ffprobe(path: str) -> float:
    """Return a real file's length."""
    process = await asyncio.create_subprocess_exec(
        "ffprobe", "-v", "error", "-show_entries", "format=duration",
        "-of", "csv=p=0", path, stdout=-1, stderr=-3,
    )  # fmt: skip
    out, _ = await process.communicate()
    try:
        return float(out)
    except ValueError as err:
        raise MediaError("recording_unreadable") from err


async def test_real_recordings(recorder: Recorder, film: Path, tmp_path: Path) -> None:
    """Whole, cut short, in another container: as a recorder leaves them."""
    probed: list[str] = []

    async def probe(path: str) -> float:
        probed.append(Path(path).name)
        return await ffprobe(path)

    source = FolderSource(
        index_path=tmp_path / "folders.db",
        probe=probe,
        time_zone="UTC",
        clock=lambda: recorder.now,
    )
    for number in range(3):
        shutil.copy(film, recorder.root / f"20261120_1200{number}0.mp4")
    cut = recorder.root / "20261120_120030.mp4"
    cut.write_bytes(film.read_bytes()[:-200])
    os.utime(cut, (NOON.timestamp(),) * 2)
    ts = recorder.root / "20261120_120040.ts"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-i", str(film), "-c", "copy", str(ts)], check=True
    )
    recorder.now = max(each.stat().st_mtime for each in recorder.root.iterdir()) + 100
    asked = window(NOON, minutes=1)
    found = await source.async_find(recorder.camera(), asked)
    await source.async_close()
    assert names(found) == [
        f"20261120_1200{number}0.{kind}"
        for number, kind in ((0, "mp4"), (1, "mp4"), (2, "mp4"), (4, "ts"))
    ]
    assert sorted(probed) == [cut.name, ts.name]
    first, last = runs(found, asked)
    assert first == window(NOON, seconds=30)
    assert last.start == NOON + timedelta(seconds=40)
