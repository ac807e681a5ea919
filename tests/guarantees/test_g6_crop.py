"""G6: what a container says is not to be shown is shown to the owner as well.

A draft says no such thing: so its preview, and all who get it, see the whole picture.
"""

from pathlib import Path
import struct

from PIL import Image
import pytest

from custom_components.clip_consent.home.media.boxes import box
from tests.home.drafting import Drafting, drafting, recordings
from tests.home.recordings import ffmpeg, hashes

from .planting import planted

__all__ = ["drafting", "recordings"]

SIZE = (320, 192)
BOTTOM = 48  # rows that a player leaves out


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """Return two seconds, white above and black in the rows that are left out."""
    path = tmp_path / "plain.mp4"
    shown = f"color=white:size={SIZE[0]}x{SIZE[1]}:rate=6"
    ffmpeg(
        *("-f", "lavfi", "-i", shown, "-t", "2", "-pix_fmt", "yuv420p"),
        *("-vf", f"drawbox=y={SIZE[1] - BOTTOM}:color=black:t=fill"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-g", "6", path),
    )
    return path


def clap(plain: Path) -> Path:
    """Return an MP4 whose clean aperture leaves out the last rows."""
    high = SIZE[1] - BOTTOM
    numbers = (SIZE[0], 1, high, 1, 0, 1, -BOTTOM, 2)
    aperture = box(b"clap", struct.pack(">8i", *numbers))
    return planted(plain, plain.with_name("clap.mp4"), b"".join, more=aperture)


def pixel_crop(plain: Path) -> Path:
    """Return a Matroska file that leaves out the last rows."""
    path = plain.with_name("crop.mkv")
    ffmpeg(
        *("-i", plain, "-c", "copy", "-metadata:s:v", "stereo_mode=mono"),
        *("-metadata:s:v", "alpha_mode=1", "-write_crc32", "0", path),
    )
    data = path.read_bytes()
    alpha = b"\x53\xc0\x81\x01"
    assert data.count(alpha) == 1
    path.write_bytes(data.replace(alpha, bytes([0x54, 0xAA, 0x81, BOTTOM])))
    return path


@pytest.mark.parametrize("made", [clap, pixel_crop])
async def test_what_a_container_crops_is_in_the_preview(
    drafting: Drafting, plain: Path, made: object
) -> None:
    """The film is the whole picture, and so is the still that the owner is shown."""
    assert callable(made)
    recording: Path = made(plain)
    draft = await drafting(recording, 0, 2)
    assert draft.changes[0] == "stream_copy"
    assert (draft.width, draft.height) == SIZE
    film = drafting.file(draft)
    assert b"clap" not in film.read_bytes()
    assert hashes(film) == hashes(plain)[: draft.frames]
    assert draft.still
    with Image.open(drafting.folder / draft.still) as still:
        assert still.height * SIZE[0] == still.width * SIZE[1]
        high, rows = still.height, still.convert("L").tobytes()
        assert rows[(high - 9) * still.width] < 40
        assert rows[9 * still.width] > 215
