"""A run of ffmpeg that failed says nothing of the file, unless it speaks of the file."""

from collections import Counter
from collections.abc import Callable
import errno
import os
from pathlib import Path
import subprocess
from typing import Final

import pytest

from custom_components.clip_consent.core.errors import MediaError, SourceError
from custom_components.clip_consent.home.media import Media, drafter, recordings
from custom_components.clip_consent.home.sources import folder_upkeep
from custom_components.clip_consent.home.sources.folder import FolderSource

from .recorder import NOON, Recorder, make, minutes, names, window

HOUR: Final = 3600.0
ASKED: Final = window(NOON, minutes=5)
WHOLE: Final = 'exec ffmpeg "$@"'
BROKEN: Final = {
    "disk error": 'echo "file:/proc/self/fd/9: Input/output error" >&2; exit 1',
    "disk error, taken for rubbish": (
        'echo "Input/output error" >&2; echo "Invalid data found" >&2; exit 1'
    ),
    "broken binary": (
        "echo 'error while loading shared libraries: libavdevice.so.59' >&2; exit 127"
    ),
    "killed": "kill -9 $$",
    "killed, after a word about the file": (
        'echo "Invalid data found when processing input" >&2; kill -9 $$'
    ),
    "disk error behind the head": (
        "echo \"Input #0, mpegts, from 'x':\" >&2;"
        'echo "  Duration: N/A, start: 1.400000, bitrate: N/A" >&2;'
        'echo "  Stream #0:0[0x100]: Video: h264, yuv420p, 320x180, 10 fps" >&2;'
        'echo "x: Input/output error" >&2; exit 1'
    ),
    "hangs": "sleep 60",
}


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a short film that only ffmpeg can tell the length of."""
    path = tmp_path_factory.mktemp("film") / "film.ts"
    subprocess.run(
        [
            *("ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi"),
            *("-i", "testsrc2=size=160x90:rate=10:duration=2"),
            *("-c:v", "libx264", "-preset", "ultrafast", str(path)),
        ],
        check=True,
    )
    return path.read_bytes()


@pytest.fixture
def tool(tmp_path: Path) -> Callable[[str], None]:
    """Return what puts another program in ffmpeg's place."""

    def put(text: str) -> None:
        path = tmp_path / "ffmpeg"
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    return put


@pytest.fixture
def measured(
    recorder: Recorder,
    source: FolderSource,
    tmp_path: Path,
    film: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> FolderSource:
    """Return a source that measures with that program, and one recording at noon."""
    media = Media(ffmpeg=str(tmp_path / "ffmpeg"), folder=tmp_path / "drafts")
    monkeypatch.setattr(source._upkeep, "_probe", media.async_length)
    recorder.record(NOON, 2).write_bytes(film)
    os.utime(recorder.root / "20261120_120000.ts", (NOON.timestamp(),) * 2)
    return source


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
async def test_a_failed_run_marks_no_file(
    recorder: Recorder,
    measured: FolderSource,
    tool: Callable[[str], None],
    broken: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is told, however often, and the file is measured once ffmpeg works again."""
    with monkeypatch.context() as hasty:
        hasty.setattr(drafter, "LOOK_SECONDS", 2.0 if "sleep" in broken else 30.0)
        tool(broken)
        for _ in range(2):
            with pytest.raises(SourceError, match="recording_unmeasured"):
                await measured.async_find(recorder.camera(), ASKED)
    assert (await measured.async_health(recorder.camera())).unreadable == 0
    tool(WHOLE)
    found = await measured.async_find(recorder.camera(), ASKED)
    assert names(found) == ["20261120_120000.ts"]


RUBBISH: Final = {
    "rubbish.ts": (b"G" + b"\xff" * 187) * 200,
    "cut short.mkv": b"\x1aE\xdf\xa3\xa3B\x86\x81\x01B\xf7\x81\x01B\xf2\x81",
    "no EBML.mkv": b"\x1aE\xdf\xa3" + bytes(2000),
    "no index.mp4": b"\0\0\0\x18ftypmp42" + bytes(2000),
    "no header.avi": b"RIFF\0\0\1\0AVI " + bytes(2000),
    "frameless flv.ts": b"FLV\x01" + bytes(2000),
    "frameless mpg.ts": b"\0\0\x01\xba" + bytes(2000),
    "text.ts": b"no film at all",
}


@pytest.mark.parametrize("name", RUBBISH)
async def test_what_ffmpeg_says_of_the_content_marks_the_file(
    recorder: Recorder, measured: FolderSource, tool: Callable[[str], None], name: str
) -> None:
    """The control: what begins like a film and is none is found broken at once."""
    tool(WHOLE)
    (recorder.root / "20261120_120000.ts").unlink()
    path = recorder.root / f"20261120_120000{Path(name).suffix}"
    path.write_bytes(RUBBISH[name])
    os.utime(path, (NOON.timestamp(),) * 2)
    assert await measured.async_find(recorder.camera(), ASKED) == ()
    assert (await measured.async_health(recorder.camera())).unreadable == 1


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.EMFILE])
async def test_a_disk_that_refuses_marks_no_file(
    recorder: Recorder,
    measured: FolderSource,
    tool: Callable[[str], None],
    number: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A share that went away while a file was opened says nothing of the file."""

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    tool(WHOLE)
    for call in ("open", "pread"):
        with monkeypatch.context() as broken:
            broken.setattr(recordings.os, call, refuse)
            with pytest.raises(MediaError, match="recording_unreachable"):
                recordings.open_recordings(
                    [str(recorder.root / "20261120_120000.ts")]
                ).__enter__()
    assert len(await measured.async_find(recorder.camera(), ASKED)) == 1


class Failing:
    """A probe that fails for some files, by no fault of theirs."""

    def __init__(self, recorder: Recorder, *fails: str) -> None:
        """Keep which ones fail."""
        self.fails = set(fails)
        self.tried: Counter[str] = Counter()
        self._recorder = recorder

    async def __call__(self, path: str) -> float:
        """Return a length, or fail."""
        name = Path(path).name
        self.tried[name] += 1
        if name in self.fails:
            raise MediaError("media_timeout")
        return await self._recorder.probe(path)


async def test_a_file_that_always_fails_hides_the_others_for_two_looks_only(
    recorder: Recorder, source: FolderSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then it is left out, tried ever again after a rest, and never marked."""
    recorder.record(NOON, 60)
    recorder.record(minutes(1), 60)
    probe = Failing(recorder, "20261120_120000.ts")
    monkeypatch.setattr(source._upkeep, "_probe", probe)
    for _ in range(2):
        with pytest.raises(SourceError, match="recording_unmeasured"):
            await source.async_find(recorder.camera(), ASKED)
    for _ in range(3):
        found = await source.async_find(recorder.camera(), ASKED)
        assert names(found) == ["20261120_120100.ts"]
    assert probe.tried["20261120_120000.ts"] == 3
    recorder.now += folder_upkeep.REST_SECONDS
    await source.async_find(recorder.camera(), ASKED)
    assert probe.tried["20261120_120000.ts"] == 4
    assert (await source.async_health(recorder.camera())).unreadable == 0
    probe.fails.clear()
    recorder.now += folder_upkeep.REST_SECONDS
    assert len(await source.async_find(recorder.camera(), ASKED)) == 2


class TestTriedAgain:
    """What was found broken is not broken for ever."""

    async def test_after_an_hour_and_over_a_restart(
        self, recorder: Recorder, source: FolderSource, tmp_path: Path
    ) -> None:
        """The file did not change: what read it wrongly did."""
        path = recorder.write("20261120_120000.ts", "broken")
        assert await source.async_find(recorder.camera(), ASKED) == ()
        written = path.stat().st_mtime_ns
        path.write_text("0060.0")
        os.utime(path, ns=(written, written))
        recorder.now += HOUR - 1
        assert await source.async_find(recorder.camera(), ASKED) == ()
        await source.async_close()
        again = make(recorder, tmp_path)
        recorder.now += 1
        found = await again.async_find(recorder.camera(), ASKED)
        assert [piece.seconds for piece in found] == [60.0]
        assert (await again.async_health(recorder.camera())).unreadable == 0
        await again.async_close()

    async def test_one_still_broken_rests_for_another_hour(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """However often it is asked for."""
        recorder.write("20261120_120000.ts", "broken")
        for looks in (1, 2, 3):
            for _ in range(3):
                await source.async_find(recorder.camera(), ASKED)
            assert recorder.probed.total() == looks
            assert (await source.async_health(recorder.camera())).unreadable == 1
            recorder.now += HOUR

    async def test_a_clock_set_back_holds_none_back(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """It was looked at in what is the future now: that counts for nothing."""
        recorder.write("20261120_120000.ts", "broken")
        recorder.now += 30 * 86_400
        await source.async_find(recorder.camera(), ASKED)
        recorder.now -= 30 * 86_400
        await source.async_find(recorder.camera(), ASKED)
        assert recorder.probed.total() == 2

    async def test_only_a_few_at_a_time(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """A disk full of broken files costs no search more than a few runs."""
        for second in range(0, 300, 5):
            recorder.write(f"20261120_12{second // 60:02}{second % 60:02}.ts", "broken")
        await source.async_find(recorder.camera(), ASKED)
        assert recorder.probed.total() == 60
        recorder.now += HOUR
        for looks in (1, 2):
            await source.async_find(recorder.camera(), ASKED)
            tried = recorder.probed.total() - 60
            assert tried == looks * folder_upkeep.AGAIN_AT_ONCE

    async def test_a_scan_tries_some_too(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """So that what the owner is shown comes right though nobody asks."""
        for second in range(0, 300, 5):
            recorder.write(f"20261120_12{second // 60:02}{second % 60:02}.ts", "broken")
        recorder.write("20261120_130000.ts", "")
        await source.async_find(recorder.camera(), window(NOON, hours=2))
        for path in recorder.root.iterdir():
            written = path.stat().st_mtime_ns
            if path.stat().st_size:
                path.write_text("0004.0")
            os.utime(path, ns=(written, written))
        await source.async_scan(recorder.camera())
        assert (await source.async_health(recorder.camera())).unreadable == 61
        for scans in (1, 2):
            recorder.now += HOUR
            await source.async_scan(recorder.camera())
            left = 61 - scans * folder_upkeep.AGAIN_AT_ONCE
            health = await source.async_health(recorder.camera())
            assert health.unreadable == left

    async def test_a_scan_that_cannot_measure_says_so_to_nobody(
        self, recorder: Recorder, source: FolderSource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The folder was listed: that ffmpeg is away is told when it is needed."""
        recorder.write("20261120_120000.ts", "broken")
        await source.async_find(recorder.camera(), ASKED)
        recorder.now += HOUR
        probe = Failing(recorder, "20261120_120000.ts")
        monkeypatch.setattr(source._upkeep, "_probe", probe)
        await source.async_scan(recorder.camera())
        assert probe.tried.total() == 1
        assert (await source.async_health(recorder.camera())).unreadable == 1
