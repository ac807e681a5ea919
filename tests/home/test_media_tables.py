"""MP4 files whose tables tell of far more pictures than any camera records.

They are small: millions of pictures can be told in one row. To find a place in such a
file, ffmpeg makes an entry of each.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
import os
from pathlib import Path
import struct
from typing import Final

import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.home.media.boxes import box, full_box
from custom_components.clip_consent.home.media.key_frames import find_key_frames
from custom_components.clip_consent.home.media.layout import (
    FTYP,
    HANDLERS,
    UPRIGHT,
    media_header,
    movie_header,
    track_header,
)

from .drafting import CASE, Drafting, window
from .memory import MAX_MEMORY, Peak, watched

_TICKS: Final = 3  # of 90000 a second: how long each picture is shown
_FEW_MIB: Final = 64 * 2**20


def _setup(drafting: Drafting) -> bytes:
    """Return how the pictures of a recording are set up: its `stsd`."""
    data = drafting.recordings["silent.mp4"].read_bytes()
    at = data.index(b"stsd") - 4
    return data[at : at + int.from_bytes(data[at : at + 4])]


def _row(*numbers: int) -> bytes:
    return struct.pack(f">{len(numbers)}I", *numbers)


def _moov(count: int, *tables: bytes, more: bytes = b"") -> bytes:
    length = count * _TICKS
    header = track_header(1, length, UPRIGHT, (352 << 16, 128 << 16), loud=False)
    handler = struct.pack(">I4s12x", 0, b"vide") + HANDLERS[b"vide"]
    here = full_box(b"dref", _row(1), full_box(b"url ", flags=1))
    media = box(
        b"mdia",
        media_header(90000, length),
        full_box(b"hdlr", handler),
        box(
            b"minf",
            full_box(b"vmhd", bytes(8), flags=1),
            box(b"dinf", here),
            box(b"stbl", *tables),
        ),
    )
    return box(b"moov", movie_header(length, 1), box(b"trak", header, media), more)


def _told_in_rows(setup: bytes, count: int) -> bytes:
    """Return all before the pictures: all of one size, one time, one place."""

    def moov(at: int) -> bytes:
        return _moov(
            count,
            setup,
            full_box(b"stts", _row(1, count, _TICKS)),
            full_box(b"stsc", _row(1, 1, count, 1)),
            full_box(b"stsz", _row(1, count)),
            full_box(b"stco", _row(1, at)),
        )

    return FTYP + moov(len(FTYP) + len(moov(0)) + 8)


def _told_one_by_one(setup: bytes, count: int) -> bytes:
    """Return all before the pictures: each with a size and a key of its own."""
    every = range(1, count + 1)
    return FTYP + _moov(
        count,
        setup,
        full_box(b"stts", _row(1, count, _TICKS)),
        full_box(b"stss", _row(count, *every)),
        full_box(b"stsc", _row(1, 1, count, 1)),
        full_box(b"stsz", _row(0, count), _row(1) * count),
        full_box(b"stco", _row(1, 8)),
    )


def _in_a_fragment(setup: bytes, count: int) -> bytes:
    """Return all before the pictures: those of a fragment, which is as they all are."""
    alike = full_box(b"trex", _row(1, 1, _TICKS, 1, 0))
    none = [full_box(kind, bytes(4)) for kind in (b"stts", b"stsc", b"stco")]
    sizes = full_box(b"stsz", bytes(8))
    moov = _moov(0, setup, *none, sizes, more=box(b"mvex", alike))
    begun = full_box(b"tfdt", bytes(4))
    track = full_box(b"tfhd", _row(1), flags=0x20000)
    run = full_box(b"trun", _row(count))
    fragment = box(b"moof", full_box(b"mfhd", _row(1)), box(b"traf", track, begun, run))
    return FTYP + moov + fragment


@pytest.mark.parametrize("told", [_told_in_rows, _in_a_fragment])
async def test_millions_of_pictures(
    drafting: Drafting, told: Callable[[bytes, int], bytes]
) -> None:
    """They are refused, and take no more memory than any recording may."""
    count = 10_000_000
    path = drafting.folder.parent / "millions.mp4"
    with path.open("wb") as file:
        file.write(told(_setup(drafting), count))
        file.write(struct.pack(">I4s", count + 8, b"mdat"))
        file.truncate(file.tell() + count)
    media, most, peak = drafting.media, dict[str, int](), Peak()
    async with watched(most), asyncio.timeout(200):
        with suppress(MediaError):
            await media.async_probe(str(path))
        for work in (
            drafting(path, 1.0, 5.0),
            media.async_key_times(
                case_id=CASE, pieces=drafting.pieces(path), window=window(1.0, 5.0)
            ),
        ):
            with pytest.raises(MediaError, match=r"recording_unreadable|media_failed"):
                await work
    assert 2**20 < most["child"] < MAX_MEMORY
    assert peak.grown() < MAX_MEMORY


def test_tables_of_a_million_key_frames_are_left_to_ffmpeg(
    drafting: Drafting, tmp_path: Path
) -> None:
    """Many recordings are looked at together: none may take much for its rows."""
    path = tmp_path / "keys.mp4"
    path.write_bytes(_told_one_by_one(_setup(drafting), 1_000_000))
    fd = os.open(path, os.O_RDONLY)
    try:
        peak = Peak()
        assert find_key_frames(fd, [1.0] * 100) is None
        assert peak.grown() < _FEW_MIB
    finally:
        os.close(fd)
