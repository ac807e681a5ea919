"""Recordings whose time stamps are not as simple as those of a file that begins at 0.

Transport streams count in 33 bits and begin again after 26.5 hours: ffmpeg gives a file
that reaches over such an end stamps below zero, up to it.
"""

from datetime import timedelta
import math
from pathlib import Path
from typing import Final

import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.core.masks import Region
from custom_components.clip_consent.core.models import Draft

from .drafting import CASE, ZERO, Drafting, span, window
from .recordings import GROUP, RATE, ffmpeg, numbers, sound_of

_WRAP: Final = 2**33 / 90_000  # seconds
_BLIND: Final = (Region(left=0, top=9000, right=1000, bottom=10_000),)
_LOUD: Final = 5.0  # seconds into a recording, from when on there is a tone
_TONE: Final = f"sine=sample_rate=48000,volume=0:enable='lt(t,{_LOUD})'"

_WAYS: Final = ["copy", "exact", "playable", "masked"]


def wrapping(drafting: Drafting, before: float) -> Path:
    """Return a recording that begins so many seconds before its stamps begin anew."""
    recordings = drafting.recordings
    path = recordings.folder / f"wrap-{before}.ts"
    if not path.exists():
        ffmpeg(
            *("-i", recordings["silent.mp4"], "-f", "lavfi", "-i", _TONE, "-t", "12"),
            *("-c:v", "copy", "-c:a", "aac"),
            *("-output_ts_offset", str(_WRAP - before), path),
        )
    return path


def restarting(drafting: Drafting, source: str, at: float) -> Path:
    """Return a recording whose stamps begin anew after some seconds."""
    recordings = drafting.recordings
    path = recordings.folder / f"restart-{at}-{source}.ts"
    if not path.exists():
        halves = path.with_suffix("")
        halves.mkdir()
        ffmpeg(
            *("-i", recordings[source], "-map", "0:v", "-c", "copy", "-f", "segment"),
            *("-segment_times", str(at), "-reset_timestamps", "1", halves / "%d.ts"),
        )
        path.write_bytes(
            b"".join(half.read_bytes() for half in sorted(halves.iterdir()))
        )
    return path


async def drafted(
    drafting: Drafting, path: Path, start: float, end: float, way: str
) -> Draft:
    """Return a draft that was cut in some way."""
    return await drafting(
        *(path, start, end),
        audio=True,
        exact=way == "exact",
        playable=way == "playable",
        masks=_BLIND if way == "masked" else (),
    )


@pytest.mark.parametrize("way", _WAYS)
@pytest.mark.parametrize("before", [3.0, 6.5, 30.0])
async def test_a_recording_that_begins_before_its_stamps_do_again(
    drafting: Drafting, before: float, way: str
) -> None:
    """Every way to cut shows what was asked for, with its sound, on either side."""
    draft = await drafted(drafting, wrapping(drafting, before), 3.3, 7.5, way)
    first = GROUP if way == "copy" else 83
    film = drafting.file(draft)
    assert numbers(film) == list(range(first, 187))
    assert span(draft) == pytest.approx((first / RATE, 187 / RATE), abs=0.002)
    ((quiet, loud),) = sound_of(film)
    assert (quiet, loud) == pytest.approx((0.0, _LOUD - first / RATE), abs=0.05)


async def test_a_look_at_such_a_recording(drafting: Drafting) -> None:
    """Its key frames are told, and its pictures shown, by the time that is asked for."""
    pieces = drafting.pieces(wrapping(drafting, 6.5))
    times = await drafting.media.async_key_times(
        case_id=CASE, pieces=pieces, window=window(3.3, 8.5)
    )
    seconds = [(time - ZERO).total_seconds() for time in times]
    assert seconds == pytest.approx([4.0, 6.0, 8.0], abs=0.001)
    plain = drafting.pieces("silent.mp4")
    for at in (ZERO + timedelta(seconds=2.5), ZERO + timedelta(seconds=9)):
        picture = await drafting.media.async_thumbnail(pieces[0], at)
        assert picture == await drafting.media.async_thumbnail(plain[0], at)


@pytest.mark.parametrize("way", _WAYS)
@pytest.mark.parametrize("source", ["silent.mp4", "late.ts"])
@pytest.mark.parametrize("at", [4.0, 6.0, 8.0])
async def test_what_comes_before_stamps_begin_anew_can_be_had(
    drafting: Drafting, at: float, source: str, way: str
) -> None:
    """Nothing of what comes after it is in it, though that has the same stamps."""
    path = restarting(drafting, source, at)
    for start, end in ((1.0, 3.0), (3.3, at + 1.5)):
        draft = await drafted(drafting, path, start, end, way)
        first = math.ceil(start * RATE)
        if way == "copy":
            first -= first % GROUP
        last = round(min(end, at) * RATE)
        assert numbers(drafting.file(draft)) == list(range(first, last))
        assert span(draft) == pytest.approx((first / RATE, last / RATE), abs=0.002)


@pytest.mark.parametrize("way", _WAYS)
async def test_what_comes_after_it_cannot(drafting: Drafting, way: str) -> None:
    """Its stamps say that it is of another time: so nothing is made of it."""
    path = restarting(drafting, "silent.mp4", 6.0)
    for start, end in ((4.5, 10.0), (7.0, 9.0)):
        with pytest.raises(MediaError, match="recording_short"):
            await drafted(drafting, path, start, end, way)
