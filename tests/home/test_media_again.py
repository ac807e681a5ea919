"""What a draft says of its span, prepared again, gives that very draft."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from custom_components.clip_consent.core.clips import covering
from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.core.limits import CLIP_MAX_SECONDS
from custom_components.clip_consent.core.models import Choice, Draft, Piece, Window

from .drafting import CASE, ZERO, Drafting, choice, said, span, window
from .recordings import ffmpeg

# Name, coding, container. Key frames lie at no whole milliseconds.
RATES: Final = [
    ("30", ["-bf", "0", "-g", "50"], ".mp4"),
    ("30000/1001", ["-bf", "0", "-g", "45"], ".mp4"),
    ("30000/1001", ["-bf", "2", "-g", "45"], ".mp4"),
    ("30000/1001", ["-bf", "2", "-g", "45"], ".ts"),
    ("24000/1001", ["-bf", "2", "-g", "45"], ".mkv"),
]


def recording(drafting: Drafting, rate: str, coded: Sequence[str], suffix: str) -> Path:
    """Return a recording with sound, 300 pictures at a rate."""
    name = f"{rate}{''.join(coded)}".replace("/", "-")
    path = drafting.recordings.folder / f"{name}{suffix}"
    if not path.exists():
        ffmpeg(
            *("-r", rate, "-i", drafting.recordings["silent.mp4"]),
            *("-f", "lavfi", "-i", "sine=sample_rate=48000", "-shortest"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-sc_threshold", "0"),
            *(*coded, path),
        )
    return path


async def drafted(drafting: Drafting, asked: Choice, pieces: Sequence[Piece]) -> Draft:
    """Draft what was asked, as the manager does."""
    return await drafting.media.async_draft(
        case_id=CASE,
        choice=asked,
        pieces=covering(pieces, asked.window),
        max_seconds=CLIP_MAX_SECONDS,
        progress=lambda _: None,
    )


@pytest.mark.parametrize(("rate", "coded", "suffix"), RATES)
@pytest.mark.parametrize("playable", [False, True])
async def test_the_same_bytes_again(
    drafting: Drafting, rate: str, coded: list[str], suffix: str, playable: bool
) -> None:
    """Once more, and once more: not a picture more, not one less, the same sound."""
    path = recording(drafting, rate, coded, suffix)
    pieces = [Piece(path=str(path), start=ZERO, seconds=10.0)]
    asked = choice(3.7, 8.2, audio=True, playable=playable)
    first = await drafted(drafting, asked, pieces)
    before = first
    for _ in range(2):
        again = await drafted(
            drafting, replace(asked, window=said(before.window)), pieces
        )
        assert (again.sha256, again.window) == (first.sha256, first.window)
        before = again


async def test_another_option_keeps_the_cut(drafting: Drafting) -> None:
    """With sound where there was none before: the same pictures, not a group more."""
    path = recording(drafting, *RATES[0])
    pieces = [Piece(path=str(path), start=ZERO, seconds=10.0)]
    first = await drafted(drafting, choice(4.0, 8.0), pieces)
    assert span(first) == (3.333, 8.0)
    louder = Choice(camera_id="camera", window=said(first.window), audio=True)
    again = await drafted(drafting, louder, pieces)
    assert again.audio
    assert (again.window, again.frames) == (first.window, first.frames)


async def test_a_file_begins_within_the_millisecond(drafting: Drafting) -> None:
    """What a draft states begins before its file: the file before is not needed."""
    paths = drafting.recordings.segments()
    pieces = [
        Piece(
            path=str(path),
            start=ZERO + timedelta(seconds=4 * number, microseconds=600 * number),
            seconds=4.0006,
            unsure=0,
        )
        for number, path in enumerate(paths)
    ]
    asked = choice(4.5, 9.0, audio=True)
    first = await drafted(drafting, asked, pieces)
    assert first.window.start == pieces[1].start
    again = await drafted(drafting, replace(asked, window=said(first.window)), pieces)
    assert (again.sha256, again.window) == (first.sha256, first.window)


@pytest.mark.parametrize(("rate", "coded", "suffix"), RATES)
async def test_a_copy_begins_just_where_it_is_said_to(
    drafting: Drafting, rate: str, coded: list[str], suffix: str
) -> None:
    """Each key frame, as it is told, is where a copy that is asked for there begins."""
    path = recording(drafting, rate, coded, suffix)
    pieces = [Piece(path=str(path), start=ZERO, seconds=10.0)]
    for near in (window(-5, 4), window(2.5, 8)):
        found = await drafting.media.async_key_times(
            case_id=CASE, pieces=pieces, window=near
        )
        assert len(found) >= 2
        for time in found:
            asked = said(Window(start=time, end=time + timedelta(seconds=1)))
            copy = Choice(camera_id="camera", window=asked)
            draft = await drafted(drafting, copy, pieces)
            assert draft.window.start == time
    last = found[-1] - timedelta(milliseconds=5)
    early = Choice(camera_id="camera", window=replace(near, start=last))
    assert (await drafted(drafting, early, pieces)).window.start == found[-2]
    assert [*drafting.folder.iterdir()] == [drafting.folder / CASE]


async def test_key_times_of_several_recordings(drafting: Drafting) -> None:
    """Each counts from its own name; what lies outside of the window is not told."""
    pieces = drafting.pieces(drafting.recordings.segments())
    found = await drafting.media.async_key_times(
        case_id=CASE, pieces=pieces, window=window(1, 9)
    )
    assert [round((time - ZERO).total_seconds(), 2) for time in found] == [2, 4, 6, 8]
    assert not drafting.folder.joinpath(CASE).exists()


async def test_no_key_times_where_no_copy_can_be_made(
    drafting: Drafting, odd_files: Path
) -> None:
    """Nothing there, an old codec, pictures without times; what is broken says so."""

    async def times(*paths: Path) -> tuple[datetime, ...]:
        return await drafting.media.async_key_times(
            case_id=CASE,
            pieces=[Piece(path=str(path), start=ZERO, seconds=12.0) for path in paths],
            window=window(0, 10),
        )

    assert await times() == ()
    assert await times(drafting.recordings["mpeg4.avi"]) == ()
    assert len(await times(drafting.recordings["long.mp4"])) == 1
    with pytest.raises(MediaError, match="recording_unreadable"):
        await times(odd_files / "noise.mp4")


def test_the_piece_that_ends_where_a_span_begins() -> None:
    """It has nothing of the span, unless it is all that there is."""
    pieces = [
        Piece(path="a", start=ZERO, seconds=4.0006, unsure=0),
        Piece(path="b", start=ZERO + timedelta(seconds=4.0006), seconds=4),
    ]
    begin = ZERO + timedelta(seconds=4)
    both = Window(start=begin, end=begin + timedelta(seconds=2))
    assert [piece.path for piece in covering(pieces, both)] == ["b"]
    assert [piece.path for piece in covering(pieces[:1], both)] == ["a"]


@pytest.mark.parametrize(
    ("starts", "start", "exact", "playable"),
    [
        # Recorded without a gap from 0.9 s on: the first names are early.
        *(((0, 4, 9), at, False, False) for at in (4.0, 4.3, 4.95, 5.6, 6.8)),
        ((0, 5, 9), 5.2, True, False),
        ((0, 5, 9), 5.2, False, True),
        # Half a second doubled at each joint.
        ((0, 3, 7), 3.4, False, False),
        ((0, 3, 7), 7.2, False, False),
    ],
)
async def test_several_recordings_that_names_place_loosely(
    drafting: Drafting,
    starts: tuple[int, ...],
    start: float,
    *,
    exact: bool,
    playable: bool,
) -> None:
    """What was told of the first draft gives that very draft, at every joint."""
    pieces = [
        Piece(path=str(path), start=ZERO + timedelta(seconds=at), seconds=4.0)
        for path, at in zip(drafting.recordings.segments(), starts, strict=True)
    ]
    asked = choice(start, 11.0, exact=exact, playable=playable)
    first = await drafted(drafting, asked, pieces)
    before = first
    for _ in range(2):
        before = await drafted(
            drafting, replace(asked, window=said(before.window)), pieces
        )
        assert (before.sha256, before.window) == (first.sha256, first.window)
