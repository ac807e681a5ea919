"""Recordings that differ: no copy joins them, a playable copy shows them all."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.core.masks import Region

from .drafting import Drafting, span
from .masking import pictures
from .recordings import RATE, ffmpeg, numbers, sound_of

_X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "50")
_X265 = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none")
_SOUND = ("-f", "lavfi", "-i", "sine=sample_rate=16000")

# What comes second, after four seconds of silent H.264, 352x128: input, coding, suffix.
SECOND: dict[str, tuple[Sequence[str], Sequence[str], str]] = {
    "hevc": ((), _X265, ".mp4"),
    "larger": ((), ("-vf", "scale=704:256:flags=neighbor", *_X264), ".mp4"),
    "smaller": ((), ("-vf", "scale=176:64:flags=neighbor", *_X264), ".mp4"),
    "ten bits": ((), ("-pix_fmt", "yuv420p10le", *_X264), ".mp4"),
    "full range": ((), ("-c:v", "mjpeg", "-q:v", "3"), ".avi"),
    "half the rate": ((), ("-r", "12.5", *_X264), ".mp4"),
    "oblong pixels": ((), ("-vf", "scale=176:128:flags=neighbor,setsar=2", *_X264), ".mp4"),
    "other colours": ((), ("-colorspace", "bt709", "-color_primaries", "bt709",
                           "-color_trc", "bt709", *_X264), ".mp4"),
    "with sound": (_SOUND, (*_X265, "-c:a", "aac", "-shortest"), ".mp4"),
    "telephone": (_SOUND, (*_X265, "-c:a", "pcm_mulaw", "-shortest"), ".mkv"),
    "old": ((), ("-c:v", "mpeg4", "-q:v", "3"), ".avi"),
}  # fmt: skip


def part(drafting: Drafting, name: str, first: int, *how: str) -> Path:
    """Return four seconds of the silent recording from a picture on."""
    path = drafting.recordings.folder / f"{first}-{name}".replace(" ", "-")
    if not path.exists():
        square = drafting.recordings.folder / "square.mp4"
        if not square.exists():
            silent = drafting.recordings["silent.mp4"]
            ffmpeg("-i", silent, "-vf", "setsar=1", *_X264, "-qp", "10", square)
        ffmpeg("-ss", str(first / RATE), "-i", square, *how, path)
    return path


def two(drafting: Drafting, name: str) -> list[Path]:
    """Return a first recording of four seconds and a second that differs."""
    inputs, coded, suffix = SECOND[name]
    first = part(drafting, "plain.mp4", 0, "-t", "4", *_X264)
    return [first, part(drafting, f"{name}{suffix}", 100, *inputs, "-t", "4", *coded)]


@pytest.mark.parametrize("name", SECOND)
async def test_they_become_one_film_where_that_is_chosen(
    drafting: Drafting, name: str
) -> None:
    """The copy says no; the playable copy has every picture of both, in one frame."""
    paths = two(drafting, name)
    with pytest.raises(MediaError, match="pieces_differ"):
        await drafting([*paths[:2], paths[0]], 2.0, 7.0)
    pieces = [*paths[:2], paths[0]]
    draft = await drafting(pieces, 2.0, 7.0, playable=True, audio=True)
    step = 2 if name == "half the rate" else 1
    shown = numbers(drafting.file(draft))
    assert shown[:50] == list(range(50, 100))
    assert {after - at for at, after in pairwise(shown[49:])} <= {1, step}
    assert shown[-1] >= 174 - 3 * step
    assert len(shown) >= 50 + 75 // step - 1
    assert (draft.width, draft.height) == (352, 128)
    assert {"re_encoded", "pieces_joined"} <= set(draft.changes)
    assert draft.seconds == pytest.approx(5.0, abs=0.1)
    heard = name in ("with sound", "telephone")
    assert draft.audio is heard
    if heard:
        ((quiet, loud),) = sound_of(drafting.file(draft))
        assert (quiet, loud) == pytest.approx((0.0, 2.0), abs=0.15)


async def test_another_shape_is_shown_whole(drafting: Drafting) -> None:
    """A picture twice as high is shrunk and stands in the middle, black beside it."""
    first, second = two(drafting, "hevc")
    tall = part(
        *(
            drafting,
            "tall.mp4",
            100,
            "-t",
            "4",
            "-vf",
            "scale=352:256:flags=neighbor,setsar=1",
        ),
        *_X264,
    )
    assert second
    draft = await drafting([first, tall], 2.0, 7.9, playable=True)
    (wide, high), frames = pictures(drafting.file(draft))
    assert (wide, high) == (352, 128)
    row = frames[-1][64 * wide : 65 * wide]
    assert max(row[:80]) < 24
    assert max(row[-80:]) < 24
    assert max(row[88:264]) > 150  # a white stripe of the picture
    assert numbers(drafting.file(draft))[:50] == list(range(50, 100))


async def test_turned_otherwise_is_no_copy(drafting: Drafting) -> None:
    """The same coding, but one is to be shown turned: only decoding makes one film."""
    first = part(drafting, "plain.mp4", 0, "-t", "4", *_X264)
    second = part(drafting, "more.mp4", 100, "-t", "4", *_X264)
    turned = second.with_name("turned-more.mp4")
    ffmpeg("-i", second, "-c", "copy", "-metadata:s:v", "rotate=180", turned)
    assert (await drafting([first, second], 2.0, 7.9)).changes[0] == "stream_copy"
    with pytest.raises(MediaError, match="pieces_differ"):
        await drafting([first, turned], 2.0, 7.9)
    draft = await drafting([first, turned], 2.0, 7.9, playable=True)
    shown = numbers(drafting.file(draft))
    assert shown[:50] == list(range(50, 100))
    assert shown[50] == int(f"{100:011b}"[::-1], 2)


async def test_masks_of_recordings_that_differ(drafting: Drafting) -> None:
    """Each is filled in its own size; the original is kept as one film too."""
    masks = (Region(left=0, top=0, right=5000, bottom=10_000),)
    paths = two(drafting, "larger")
    draft = await drafting(paths, 2.0, 7.0, masks=masks)
    (wide, _), frames = pictures(drafting.file(draft))
    assert all(max(frame[64 * wide : 64 * wide + 168]) < 32 for frame in frames)
    assert span(draft) == (2.0, 7.0)
    assert draft.original
    kept = drafting.folder / draft.file.replace(
        f"{draft.sha256}.mp4", f"{draft.original}.original.mp4"
    )
    assert numbers(kept) == [*range(50, 125)]  # the second begins at 6 s
