"""Recordings with far more pictures than any camera records, or far more to warn of.

They are small files. What is listed of one is held in Home Assistant's own memory, and
of what ffmpeg says only the beginning is kept.
"""

import asyncio
from pathlib import Path
import struct

import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.home.media.ffmpeg import Ffmpeg
from custom_components.clip_consent.home.media.listing import (
    MAX_LIST,
    MAX_PICTURES,
    read_listing,
)

from .drafting import CASE, Drafting, window
from .memory import MAX_MEMORY, Peak
from .recordings import ffmpeg

_HEAD = 13  # bytes of an FLV file before its first tag
_SECONDS = 11.5
_SLICE = b"\0\0\0\1\x61"  # a picture of one byte
_ZEROS = b"\0\0\0\1\0"


def _tag(at: float, body: bytes) -> bytes:
    time = int(at * 1000).to_bytes(3)
    head = b"\x09" + len(body).to_bytes(3) + time + b"\0\0\0\0"
    return head + body + struct.pack(">I", len(head) + len(body))


def _begun(drafting: Drafting) -> bytes:
    """Return an FLV until its first picture: so it says how it is coded."""
    whole = drafting.folder.parent / "whole.flv"
    ffmpeg("-i", drafting.recordings["silent.mp4"], "-c", "copy", whole)
    data = whole.read_bytes()
    at = _HEAD
    while True:
        end = at + 15 + int.from_bytes(data[at + 1 : at + 4])
        if (data[at], data[at + 12]) == (9, 1):
            return data[:end]
        at = end


def _flood(drafting: Drafting, pictures: int, unit: bytes) -> Path:
    """Write an FLV of so many tiny pictures; every thousandth says it is a key."""
    path = drafting.folder.parent / "flood.flv"
    with path.open("wb") as file:
        file.write(_begun(drafting))
        for first in range(0, pictures, 1000):
            file.write(
                b"".join(
                    _tag(
                        number * _SECONDS / pictures,
                        bytes([0x27 if number % 1000 else 0x17, 1, 0, 0, 0]) + unit,
                    )
                    for number in range(first, min(first + 1000, pictures))
                )
            )
    return path


async def _refused(drafting: Drafting, path: Path) -> None:
    """Be refused a draft, by name and within the memory that it may take."""
    drafting.recordings["silent.mp4"]
    peak = Peak()
    with pytest.raises(MediaError, match="recording_unreadable"):
        await drafting(path, 1.0, 11.0)
    assert peak.grown() < MAX_MEMORY
    assert not list(drafting.folder.rglob("*.list"))


@pytest.mark.parametrize("pictures", [MAX_PICTURES * 5 // 4, 4 * MAX_PICTURES])
async def test_more_pictures_than_any_recording_has(
    drafting: Drafting, pictures: int
) -> None:
    """They are neither all read, nor all listed: a list ends when it is full."""
    await _refused(drafting, _flood(drafting, pictures, _ZEROS))


async def test_as_many_pictures_as_are_read(drafting: Drafting) -> None:
    """What passes becomes a film, soon, and within the memory all the same."""
    path = drafting.folder.parent / "many.mp4"
    rate, frames = 21_000, f"{MAX_PICTURES * 9 // 10}"
    ffmpeg(
        *("-f", "lavfi", "-i", f"color=black:s=32x32:r={rate}"),
        *("-frames:v", frames, "-c:v", "libx264", "-preset", "ultrafast"),
        *("-g", "1000", "-bf", "0", "-video_track_timescale", f"{4 * rate}", path),
    )
    peak = Peak()
    async with asyncio.timeout(120):  # alone: 13 s
        draft = await drafting(path, 1.0, 11.0)
    assert draft.frames > 10 * rate
    assert peak.grown() < MAX_MEMORY


async def test_so_many_warnings_that_the_sound_is_not_told(drafting: Drafting) -> None:
    """Whether there is sound is not guessed."""
    await _refused(drafting, _flood(drafting, MAX_PICTURES * 9 // 10, _SLICE))


async def test_key_frames_of_a_flood_are_not_listed(drafting: Drafting) -> None:
    """Where a copy can begin is asked of the same lists."""
    path = _flood(drafting, 4 * MAX_PICTURES, _ZEROS)
    with pytest.raises(MediaError, match="recording_unreadable"):
        await drafting.media.async_key_times(
            case_id=CASE, pieces=drafting.pieces(path), window=window(1.0, 11.0)
        )


def test_a_list_is_read_so_far_and_no_farther(tmp_path: Path) -> None:
    """One picture more than may be is an error; what was read is removed."""
    path = tmp_path / "0.list"
    lines = "".join(f"0, {at}, {at}, 1, 9, 0x01234567\n" for at in range(3))
    path.write_text(f"#tb 0: 1/25\n{lines}")
    with pytest.raises(MediaError, match="recording_unreadable"):
        read_listing(path, 2)
    assert len(read_listing(path, 3).packets) == 3
    assert not path.exists()


async def test_a_list_grows_so_far_and_no_farther(tmp_path: Path) -> None:
    """Where it is full, its ffmpeg ends: an error that says whose fault it is."""
    run = await Ffmpeg("ffmpeg").async_run(
        ["-f", "lavfi", "-i", "color=s=32x32", "-f", "framecrc", "0.list"],
        seconds=60,
        cwd=tmp_path,
        max_file=2**16,
    )
    assert (run.ok, run.overfull) == (False, True)
    assert run.refusal().code == "recording_unreadable"
    assert (tmp_path / "0.list").stat().st_size == 2**16


def test_a_full_list_holds_what_may_be_read() -> None:
    """Even its longest lines are shorter than what is reckoned for one."""
    line = f"0, {-(2**63)}, {-(2**63)}, 1000000, 10000000, 0x01234567, F=0x0"
    assert len(f"{line}, S=1, 8, 0x01234567\n") * MAX_PICTURES <= MAX_LIST
