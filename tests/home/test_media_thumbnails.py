"""Many small pictures at once: the right ones, cheaply, and each for itself."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
import os
from pathlib import Path
import shutil
import struct
from typing import Any, override

import pytest

from custom_components.clip_consent.core.models import Piece
from custom_components.clip_consent.home.media.boxes import Box, boxes
from custom_components.clip_consent.home.media.ffmpeg import Ffmpeg, Run
from custom_components.clip_consent.home.media.key_frames import find_key_frames
from custom_components.clip_consent.home.media.recordings import Disks
from custom_components.clip_consent.home.media.thumbnails import Thumbnails

from .drafting import ZERO, Drafting
from .recordings import numbers
from .test_media import all_dead

MOMENTS = (0.0, 1.9, 4.6, 6.2, 11.9)
KINDS = (
    *("camera.mp4", "silent.mp4", "long.mp4", "faststart.mp4", "hevc.mp4", "av1.mp4"),
    *("fragmented.mp4", "late.ts", "camera.mkv", "mjpeg.avi", "hiding.mp4"),
)


class Counted(Ffmpeg):
    """An ffmpeg that keeps how many inputs each run of it had."""

    def __init__(self) -> None:
        super().__init__("ffmpeg")
        self.inputs: list[int] = []
        self.now = self.most = 0

    @override
    async def async_run(self, arguments: Sequence[str], **how: Any) -> Run:
        self.inputs.append(list(arguments).count("-i"))
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            return await super().async_run(arguments, **how)
        finally:
            self.now -= 1


def _at(seconds: float) -> datetime:
    return ZERO + timedelta(seconds=seconds)


def _copies(path: Path, folder: Path, count: int) -> list[Piece]:
    """Return recordings as a recorder has them, each a file of its own."""
    folder.mkdir(exist_ok=True)
    pieces = []
    for number in range(count):
        copy = folder / f"{number}{path.suffix}"
        os.link(path, copy)
        pieces.append(Piece(path=str(copy), start=ZERO, seconds=12.0))
    return pieces


@pytest.mark.parametrize("name", KINDS)
async def test_all_get_the_picture_that_one_alone_gets(
    drafting: Drafting, tmp_path: Path, name: str
) -> None:
    """The key frame at each moment, in any order, whatever the recording is."""
    (piece,) = drafting.pieces(name)
    times = [_at(seconds) for seconds in (*MOMENTS[::-1], 1.9)]
    found = await drafting.media.async_thumbnails([piece] * len(times), times)
    seen = []
    for at, picture in zip(times, found, strict=True):
        alone = await drafting.media.async_thumbnail(piece, at)
        assert picture
        for number, data in enumerate((picture, alone)):
            (tmp_path / f"{number}.jpg").write_bytes(data)
        shown, wanted = (numbers(tmp_path / f"{n}.jpg") for n in (0, 1))
        assert shown == wanted
        seen += shown
        assert b"Lavc" not in picture
    if name in ("camera.mp4", "late.ts", "hevc.mp4"):
        assert seen == [250, 150, 100, 0, 0, 0]


async def test_many_recordings_cost_a_few_runs(
    drafting: Drafting, tmp_path: Path
) -> None:
    """A hundred files are decoded as four films, two at a time."""
    pieces = _copies(drafting.recordings["silent.mp4"], tmp_path / "all", 100)
    counted = Counted()
    many = Thumbnails(counted, asyncio.Semaphore(2), Disks())
    found = await many.async_many(pieces, [_at(4.6)] * 100)
    assert len(set(found)) == 1
    assert found[0]
    assert counted.inputs == [1] * 4
    assert counted.most == 2
    streams = _copies(drafting.recordings["late.ts"], tmp_path / "streams", 30)
    counted.inputs.clear()
    assert all(await many.async_many(streams, [_at(4.6)] * 30))
    assert sorted(counted.inputs) == [1, 5, 6, 6, 6, 6]


async def test_a_bad_recording_costs_only_its_own(
    drafting: Drafting, tmp_path: Path, odd_files: Path
) -> None:
    """Between good ones of every kind lies whatever else there may be."""
    whole = drafting.recordings["silent.mp4"].read_bytes()
    moov = whole.rindex(b"moov")
    spoilt = bytearray(whole)
    spoilt[100 : moov - 100] = bytes(moov - 200)  # pictures that are none
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(spoilt)
    stream = tmp_path / "bad.ts"
    stream.write_bytes(drafting.recordings["late.ts"].read_bytes()[:188] * 400)
    good = [
        drafting.pieces(name)[0]
        for name in ("silent.mp4", "camera.mp4", "late.ts", "hevc.mp4", "camera.mkv")
    ]
    paths = [bad, stream, tmp_path / "gone.mp4", *sorted(odd_files.iterdir())]
    pieces = [Piece(path=str(path), start=ZERO, seconds=12.0) for path in paths]
    mixed = [*good[:2], *pieces, *good[2:]]
    found = await drafting.media.async_thumbnails(mixed, [_at(4.6)] * len(mixed))
    got = dict(zip([piece.path for piece in mixed], found, strict=True))
    assert all(got[piece.path] for piece in good)
    assert not any(got[str(path)] for path in paths if path.name != "half.mp4")
    assert await drafting.media.async_thumbnails([], []) == []


async def test_cancelling_ends_all_of_it(
    drafting: Drafting, tmp_path: Path, slow_ffmpeg: tuple[str, Path]
) -> None:
    """The panel went away: no process of it is left, and none begins."""
    binary, marks = slow_ffmpeg
    pieces = _copies(drafting.recordings["silent.mp4"], tmp_path / "all", 100)
    many = Thumbnails(Ffmpeg(binary), asyncio.Semaphore(2), Disks())
    looking = asyncio.create_task(many.async_many(pieces, [_at(4.6)] * 100))
    while not marks.exists() or len(marks.read_text().splitlines()) < 2:
        await asyncio.sleep(0.02)
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    await all_dead(marks)
    assert len(marks.read_text().splitlines()) == 2
    assert not [path for path in _opened() if str(tmp_path) in path or "still" in path]


async def test_looks_and_drafts_do_not_wait_for_each_other(
    drafting: Drafting,
) -> None:
    """While looks hang a draft is made, and while a draft hangs there are looks."""
    piece = drafting.pieces("silent.mp4")[0]
    media = drafting.media
    for slow in ("_looks", "_jobs"):
        turns: asyncio.Semaphore = getattr(media, slow)
        held = turns._value
        for _ in range(held):
            await turns.acquire()
        async with asyncio.timeout(30):
            if slow == "_looks":
                assert (await drafting("silent.mp4", 1.0, 2.0)).frames
            else:
                assert await media.async_thumbnails([piece], [_at(4.6)])
                assert await media.async_length(piece.path)
        for _ in range(held):
            turns.release()


def _opened() -> list[str]:
    """Return the names of all files that this process has open."""
    names = []
    for link in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the one of looking
            names.append(str(link.readlink()))
    return names


def _plant(data: bytes, path: Sequence[bytes], at: int, value: bytes) -> bytes:
    """Return a file whose box at a path has other bytes at a place of its content."""
    start, end = 0, len(data)
    for kind in path:
        found: Box = next(b for b in boxes(data, start, end) if b.kind == kind)
        start, end = found.start, found.end
    place = end + at if at < 0 else start + at
    return data[:place] + value + data[place + len(value) :]


_TABLE = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
ODD = {
    "no table of key frames": ((*_TABLE, b"stss"), -1 << 31, b""),
    "no clock": ((b"moov", b"trak", b"mdia", b"mdhd"), 12, bytes(4)),
    "too many pictures": ((*_TABLE, b"stsz"), 8, b"\xff" * 4),
    "pictures of one size": ((*_TABLE, b"stsz"), 4, b"\0\0\0\x07"),
    "a picture too large": ((*_TABLE, b"stsz"), 12, b"\xff" * 4),
    "an empty picture": ((*_TABLE, b"stsz"), 12, bytes(4)),
    "key frames out of order": ((*_TABLE, b"stss"), 8, b"\xff" * 4),
    "no first key frame": ((*_TABLE, b"stss"), 8, b"\0\0\0\x02"),
    "times that end early": ((*_TABLE, b"stts"), 8, bytes(4)),
    "chunks that begin late": ((*_TABLE, b"stsc"), 8, b"\0\0\0\x09"),
    "chunks without pictures": ((*_TABLE, b"stsc"), 12, bytes(4)),
    "two set-ups": ((*_TABLE, b"stsd"), 8, bytes(4)),
    "a table beyond the file": ((*_TABLE,), 0, b"\x7f" * 4),
    "a table too small": ((*_TABLE,), 0, b"\0\0\0\x03"),
    "two edits": ((b"moov", b"trak", b"edts", b"elst"), 4, b"\0\0\0\x02"),
    "an edit that waits": ((b"moov", b"trak", b"edts", b"elst"), 12, b"\xff" * 4),
    "an edit that skips": ((b"moov", b"trak", b"edts", b"elst"), 12, b"\0\0\x70\0"),
    "encrypted": ((*_TABLE, b"stsd"), 12, b"encv"),
    "no picture": ((b"moov", b"trak", b"mdia", b"hdlr"), 8, b"soun"),
}


@pytest.mark.parametrize("how", ODD)
async def test_unusual_tables_are_left_to_ffmpeg(
    drafting: Drafting, tmp_path: Path, how: str
) -> None:
    """Nothing in a header is believed that the rest does not bear out."""
    whole = drafting.recordings["silent.mp4"].read_bytes()
    path, at, value = ODD[how]
    if how == "no table of key frames":
        odd = whole.replace(b"stss", b"stsS")
    else:
        odd = _plant(whole, path, at, value)
    (tmp_path / "odd.mp4").write_bytes(odd)
    with (tmp_path / "odd.mp4").open("rb") as file:
        assert find_key_frames(file.fileno(), [0.0, 4.6]) is None
    with drafting.recordings["silent.mp4"].open("rb") as file:
        assert find_key_frames(file.fileno(), [4.6])


async def test_files_that_only_begin_like_one(tmp_path: Path) -> None:
    """Endless boxes, none, and such as say they are larger than the file."""
    many = struct.pack(">I4s", 8, b"free")
    wide = struct.pack(">I4sQ", 1, b"free", 16)
    for data in (
        *(many * 100_000, b"", many[:3], wide * 70, many + b"\0\0\xff\xffmoov"),
        many + struct.pack(">I4s", 8 + 8 * 100, b"moov") + many * 100,
        many + struct.pack(">I4s", 16, b"moov") + struct.pack(">I4s", 9, b"mvhd"),
        many + struct.pack(">I4s", 16, b"moov") + struct.pack(">I4s", 8, b"mvex"),
    ):
        (tmp_path / "odd.mp4").write_bytes(data)
        with (tmp_path / "odd.mp4").open("rb") as file:
            assert find_key_frames(file.fileno(), [0.0]) is None
    shutil.rmtree(tmp_path)
