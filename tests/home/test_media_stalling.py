"""A disk that hangs once a recording is open: whoever reads from it is given up.

A pipe that nobody writes to any more stands for such a disk.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
import os
from pathlib import Path
import threading
import time
from types import SimpleNamespace
from typing import Final

import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.home.media import (
    Media,
    layout,
    recordings as opening,
    stalling,
)
from custom_components.clip_consent.home.media.ffmpeg import Ffmpeg

from .drafting import CASE, Drafting, window
from .recordings import Recordings
from .test_media_hanging import AWAY, closed, open_files

_IDLE: Final = 1.5
_PIPE: Final = 2**18  # bytes of a recording that fit into a pipe


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have little patience with a disk."""
    monkeypatch.setattr(stalling, "IDLE_SECONDS", _IDLE)
    monkeypatch.setattr(opening, "OPEN_SECONDS", _IDLE)


@contextmanager
def stalled(path: Path, film: Path) -> Iterator[Path]:
    """Give a recording whose beginning can be read, and then nothing more."""
    os.mkfifo(path)
    writing = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    try:
        os.set_blocking(writing, False)
        os.write(writing, film.read_bytes()[:_PIPE])
        yield path
    finally:
        os.close(writing)


@pytest.fixture
def share(
    tmp_path: Path, recordings: Recordings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Return a recording on such a disk; it is open as any other is."""
    film = recordings["late.ts"]
    (tmp_path / "share").mkdir()
    monkeypatch.setattr(opening, "_demuxer", lambda _: "mpegts")
    with stalled(tmp_path / "share" / "film.ts", film) as path:
        yield path


async def test_the_one_job_is_free_again(
    drafting: Drafting, recordings: Recordings, share: Path
) -> None:
    """A draft is given up, and another camera's is made."""
    late = recordings["late.ts"]
    begun = time.monotonic()
    first = asyncio.create_task(drafting(share, 0.0, 5.0))
    await asyncio.sleep(0)
    other = asyncio.create_task(drafting(late, 2.0, 5.0, case_id="b" * 26))
    with pytest.raises(MediaError, match=AWAY):
        await first
    assert time.monotonic() - begun < 30
    assert (await other).frames
    assert len(open_files(share)) == 1  # the one end that stands for the disk


async def test_places_to_cut_at_are_given_up(drafting: Drafting, share: Path) -> None:
    """The key frames of a long window are listed no longer than that either."""
    looks = [
        drafting.media.async_key_times(
            case_id=CASE, pieces=drafting.pieces(share), window=window(0.0, 40_000.0)
        )
        for _ in range(3)  # more than may look at a time
    ]
    async with asyncio.timeout(60):
        for ended in await asyncio.gather(*looks, return_exceptions=True):
            assert isinstance(ended, MediaError)
            assert ended.code == AWAY


async def test_an_encoder_that_waits_for_its_disk_is_given_up(
    tmp_path: Path, recordings: Recordings
) -> None:
    """It would be waited for as long as a whole film may take."""
    with stalled(tmp_path / "film.ts", recordings["late.ts"]) as path:
        command = ["-f", "mpegts", "-i", f"file:{path}", "-c:v", "libx264"]
        with pytest.raises(MediaError, match=AWAY):
            await Ffmpeg("ffmpeg").async_run(
                [*command, "-f", "null", "-"], seconds=3600
            )


async def test_who_computes_is_not_given_up() -> None:
    """It reads nothing for as long as it is busy with what it has: it has its time."""
    source = "testsrc2=size=1280x720:rate=25"
    begun = time.monotonic()
    with pytest.raises(MediaError, match="media_timeout"):
        await Ffmpeg("ffmpeg").async_run(
            ["-f", "lavfi", "-i", source, "-f", "null", "-"], seconds=3 * _IDLE
        )
    assert time.monotonic() - begun >= 3 * _IDLE


async def test_where_nobody_counts_nobody_is_given_up(
    monkeypatch: pytest.MonkeyPatch, slow_ffmpeg: tuple[str, Path]
) -> None:
    """Then there is the time that a run may take, as before."""
    monkeypatch.setattr(stalling, "_USER_TIME", 1000)
    binary, _ = slow_ffmpeg
    with pytest.raises(MediaError, match="media_timeout"):
        await Ffmpeg(binary).async_run([], seconds=2 * _IDLE)


@pytest.fixture
def waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Let whoever reads a picture of a file below the share wait; note their threads."""
    answers, readers = threading.Event(), list[int]()

    def pread(fd: int, size: int, at: int) -> bytes:
        path = Path(f"/proc/self/fd/{fd}").readlink()
        if path.is_relative_to(tmp_path / "share"):
            readers.append(threading.get_ident())
            answers.wait()
        return os.pread(fd, size, at)

    monkeypatch.setattr(layout, "os", SimpleNamespace(pread=pread))
    yield readers
    answers.set()


async def test_pictures_of_key_frames_are_given_up(
    drafting: Drafting, recordings: Recordings, tmp_path: Path, waiting: list[int]
) -> None:
    """Pictures of another disk come; the thread that hangs keeps open what it reads."""
    share = tmp_path / "share"
    share.mkdir()
    film = share / "film.mp4"
    film.write_bytes(recordings["silent.mp4"].read_bytes())
    (there,) = drafting.pieces(film)
    (here,) = drafting.pieces("silent.mp4")
    media: Media = drafting.media
    async with asyncio.timeout(60):
        (missing,) = await media.async_thumbnails([there], [there.start])
        assert missing is None
        assert len(waiting) == 1
        assert len(open_files(share)) == 1
        (picture,) = await media.async_thumbnails([here], [here.start])
        assert picture
        # while it hangs, its folder is asked nothing more
        (missing,) = await media.async_thumbnails([there], [there.start])
        assert missing is None
    assert len(waiting) == 1


async def test_pictures_come_again_when_the_disk_does(
    drafting: Drafting,
    recordings: Recordings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the thread held is closed, and the folder is asked again."""
    share = tmp_path / "share"
    share.mkdir()
    film = share / "film.mp4"
    film.write_bytes(recordings["silent.mp4"].read_bytes())
    (there,) = drafting.pieces(film)
    answers = threading.Event()

    def pread(fd: int, size: int, at: int) -> bytes:
        answers.wait()
        return os.pread(fd, size, at)

    monkeypatch.setattr(layout, "os", SimpleNamespace(pread=pread))
    try:
        assert await drafting.media.async_thumbnails([there], [there.start]) == [None]
    finally:
        answers.set()
    await closed(share)
    async with asyncio.timeout(30):
        while not (await drafting.media.async_thumbnails([there], [there.start]))[0]:
            await asyncio.sleep(0.01)
    await closed(share)


async def test_a_disk_that_hangs_when_a_file_is_closed(
    drafting: Drafting,
    recordings: Recordings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Some disks are asked about that too: the home goes on meanwhile."""
    film = recordings["silent.mp4"]
    answers, really = threading.Event(), os.close

    def close(fd: int) -> None:
        path = Path(f"/proc/self/fd/{fd}").readlink()
        if path == film:
            assert threading.current_thread() is not threading.main_thread()
            answers.wait()
        really(fd)

    monkeypatch.setattr(opening, "os", SimpleNamespace(**{**vars(os), "close": close}))
    try:
        async with asyncio.timeout(60):
            assert await drafting.media.async_length(str(film))
            with pytest.raises(MediaError, match=AWAY):
                await drafting.media.async_length(str(film))
    finally:
        answers.set()
    await closed(film)
