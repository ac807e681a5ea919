"""G6: what a parameter set cuts off a picture is in a copy, though nobody is shown it.

Blocks have a size of their own, so real cameras cut off what fills up the last ones:
1080 lines are coded as 1088. More than that no picture needs.
"""

from pathlib import Path
import subprocess
from typing import Final

import pytest

from custom_components.clip_consent.core.errors import MediaError
from tests.home.drafting import Drafting, drafting, recordings
from tests.home.recordings import ffmpeg

__all__ = ["drafting", "recordings"]

_CODERS: Final[dict[str, tuple[str, ...]]] = {
    "h264": ("-c:v", "libx264", "-preset", "ultrafast", "-g", "6"),
    "hevc": (
        *("-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1"),
        *("-x265-params", "log-level=none:keyint=6:open-gop=0:ctu=64:min-cu-size=8"),
    ),
}
_INTERLACED: Final = ("-flags", "+ildct+ilme", "-x264-params", "interlaced=1")
# Codec, how it is encoded, size as coded, what is cut off, most that may be hidden.
type Row = tuple[str, tuple[str, ...], str, str, tuple[int, int]]
PADDED: Final[dict[str, Row]] = {
    "1080p": ("h264", (), "1920x1080", "", (0, 8)),
    "1080i": ("h264", _INTERLACED, "1920x1080", "", (0, 8)),
    "540i": ("h264", _INTERLACED, "960x540", "", (0, 4)),
    "528i": ("h264", _INTERLACED, "704x528", "", (0, 16)),
    "all colours": ("h264", ("-pix_fmt", "yuv444p"), "322x242", "", (14, 14)),
    "half colours": ("h264", ("-pix_fmt", "yuv422p"), "322x242", "", (14, 14)),
    "grey": ("h264", ("-pix_fmt", "gray"), "322x242", "", (14, 14)),
    "hevc 1080p": ("hevc", (), "1920x1088", "crop_bottom=8", (0, 8)),
    "hevc, blocks of 64": (
        "hevc",
        (),
        "640x384",
        "crop_right=62:crop_bottom=24",
        (62, 24),
    ),
    "hevc, all colours": ("hevc", ("-pix_fmt", "yuv444p"), "322x242", "", (6, 6)),
}
HIDING: Final[dict[str, Row]] = {
    "right": ("h264", (), "320x240", "crop_right=16", (0, 0)),
    "below": ("h264", (), "320x240", "crop_bottom=16", (0, 0)),
    "a bit on both sides": ("h264", (), "320x240", "crop_left=8:crop_right=8", (0, 0)),
    "above and below": (
        "h264",
        _INTERLACED,
        "320x256",
        "crop_top=16:crop_bottom=16",
        (0, 0),
    ),
    "most of it": ("h264", (), "320x240", "crop_right=160:crop_bottom=120", (0, 0)),
    "hevc right": ("hevc", (), "320x256", "crop_right=64", (0, 0)),
    "hevc below": ("hevc", (), "320x256", "crop_top=32:crop_bottom=32", (0, 0)),
}


def recording(path: Path, row: Row) -> Path:
    """Make two seconds that are coded so, and cut off so much."""
    codec, how, size, cut, _ = row
    plain = path.with_stem("plain")
    ffmpeg(
        *("-f", "lavfi", "-i", f"testsrc2=size={size}:rate=6", "-t", "2"),
        *("-pix_fmt", "yuv420p", *_CODERS[codec], *how),
        plain,
    )
    told = ["-bsf:v", f"{codec}_metadata={cut}"] if cut else []
    ffmpeg("-i", plain, "-c", "copy", *told, path)
    return path


def size_of(film: Path) -> tuple[int, int]:
    """Return how large the pictures are that a decoder makes of a film."""
    made = subprocess.run(
        [
            *("ffmpeg", "-v", "error", "-nostdin", "-i", str(film), "-frames:v", "1"),
            *("-pix_fmt", "gray", "-c:v", "pgm", "-f", "image2pipe", "-"),
        ],
        check=True,
        capture_output=True,
    )
    wide, high = made.stdout.split()[1:3]
    return int(wide), int(high)


def uncovered(film: Path, codec: str) -> Path:
    """Return the pictures of a film, but that nothing is cut off them.

    With no container around them: by its size, ffmpeg cuts off what fills up blocks.
    """
    path = film.with_name(f"uncovered.{codec}")
    none = ":".join(f"crop_{side}=0" for side in ("left", "right", "top", "bottom"))
    change = f"{codec}_mp4toannexb,{codec}_metadata={none}"
    ffmpeg("-i", film, "-c", "copy", "-bsf:v", change, path)
    return path


@pytest.mark.parametrize("name", PADDED)
async def test_cameras_may_fill_up_their_last_blocks(
    drafting: Drafting, tmp_path: Path, name: str
) -> None:
    """It is copied as it is, and less than one block of it is not shown."""
    row = PADDED[name]
    draft = await drafting(recording(tmp_path / "made.mp4", row), 0, 2)
    assert draft.changes[0] == "stream_copy"
    film = drafting.file(draft)
    (wide, high), (all_wide, all_high) = map(size_of, (film, uncovered(film, row[0])))
    assert (draft.width, draft.height) == (wide, high)
    assert (all_wide - wide, all_high - high) == row[4]


@pytest.mark.parametrize("name", HIDING)
async def test_a_copy_hides_no_part_of_a_picture(
    drafting: Drafting, tmp_path: Path, name: str
) -> None:
    """What is cut off could be a face: only a playable copy is made, without it."""
    row = HIDING[name]
    path = recording(tmp_path / "made.mp4", row)
    shown = size_of(path)
    assert shown != size_of(uncovered(path, row[0]))  # there is more than is shown
    with pytest.raises(MediaError, match="needs_playable_copy"):
        await drafting(path, 0.3, 1.9)
    assert not list(drafting.folder.rglob("*.mp4"))
    for how in ("playable", "exact"):
        draft = await drafting(
            path, 0.3, 1.9, playable=how == "playable", exact=how == "exact"
        )
        assert draft.changes[0] == "re_encoded"
        film = drafting.file(draft)
        all_of_it = size_of(uncovered(film, "h264"))
        for side, all_there in zip(shown, all_of_it, strict=True):
            assert 0 <= all_there - side < 16
        assert size_of(film) == shown
