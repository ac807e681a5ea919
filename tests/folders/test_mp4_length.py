"""How long an MP4 is, from its header."""

import os
from pathlib import Path
import struct
import subprocess

import pytest

from custom_components.clip_consent.home.sources.mp4_length import mp4_seconds


def box(kind: bytes, content: bytes = b"") -> bytes:
    """Return a box of the format."""
    return struct.pack(">I4s", len(content) + 8, kind) + content


def mvhd(seconds: float, *, scale: int = 1000, version: int = 0) -> bytes:
    """Return a movie header."""
    ticks = int(seconds * scale)
    if version:
        times = struct.pack(">QQIQ", 0, 0, scale, ticks)
    else:
        times = struct.pack(">IIII", 0, 0, scale, ticks)
    return box(b"mvhd", bytes([version, 0, 0, 0]) + times + bytes(80))


MDAT = box(b"mdat", bytes(100))
FTYP = box(b"ftyp", b"isom" + bytes(8))
# The same, its size in 64 bits, and one that ends with the file.
LONG_MDAT = struct.pack(">I4sQ", 1, b"mdat", 116) + bytes(100)
OPEN_MDAT = struct.pack(">I4s", 0, b"mdat") + bytes(100)


def written(tmp_path: Path, *boxes: bytes) -> str:
    """Write a file of boxes."""
    path = tmp_path / "a.mp4"
    path.write_bytes(b"".join(boxes))
    return str(path)


@pytest.mark.parametrize("options", [[], ["-movflags", "faststart"]])
@pytest.mark.parametrize("kind", ["mp4", "mov", "m4v"])
def test_real_files(tmp_path: Path, kind: str, options: list[str]) -> None:
    """As ffmpeg writes them, the header last or first."""
    path = tmp_path / f"a.{kind}"
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=64x64:r=5:d=7"]
    subprocess.run([*command, "-c:v", "libx264", *options, str(path)], check=True)
    assert mp4_seconds(str(path)) == pytest.approx(7.0)


def test_real_fragments_are_not_told_from_the_header(tmp_path: Path) -> None:
    """Their header does not know what comes."""
    path = tmp_path / "a.mp4"
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=64x64:r=5:d=7"]
    options = ["-c:v", "libx264", "-movflags", "frag_keyframe+empty_moov"]
    subprocess.run([*command, *options, str(path)], check=True)
    assert mp4_seconds(str(path)) is None


@pytest.mark.parametrize("mdat", [MDAT, LONG_MDAT, OPEN_MDAT])
@pytest.mark.parametrize("version", [0, 1])
def test_both_sizes_of_boxes_and_headers(
    tmp_path: Path, mdat: bytes, version: int
) -> None:
    """Long recordings have the wide ones."""
    moov = box(b"moov", mvhd(12.5, version=version))
    assert mp4_seconds(written(tmp_path, FTYP, moov, mdat)) == 12.5


@pytest.mark.parametrize(
    "boxes",
    [
        [],
        [b"no box"],
        [FTYP, MDAT],
        [FTYP, box(b"moov", mvhd(5))],
        [FTYP, box(b"moov", mvhd(5)), MDAT[:-1]],
        [FTYP, MDAT, box(b"moov", mvhd(5))[:-1]],
        [FTYP, MDAT, box(b"moov", mvhd(5)), b"\0\0"],
        [FTYP, MDAT, box(b"moov", mvhd(5)), struct.pack(">I4s", 7, b"free")],
        [FTYP, MDAT, box(b"moov", mvhd(5)), struct.pack(">I4s", 1, b"free")],
        [FTYP, MDAT, box(b"moov", box(b"free"))],
        [FTYP, MDAT, box(b"moov", box(b"mvhd"))],
        [FTYP, MDAT, box(b"moov", mvhd(0))],
        [FTYP, MDAT, box(b"moov", mvhd(5, scale=0))],
        [FTYP, MDAT, box(b"moov", mvhd(5) + box(b"mvex"))],
        [FTYP, MDAT, *[box(b"free")] * 300, box(b"moov", mvhd(5))],
        [FTYP, MDAT, box(b"moov", mvhd(5) + bytes(17 * 2**20))],
    ],
)
def test_anything_odd_is_left_to_a_real_look(
    tmp_path: Path, boxes: list[bytes]
) -> None:
    """Cut short, empty, in pieces, too many boxes, too large a header."""
    assert mp4_seconds(written(tmp_path, *boxes)) is None


def test_a_link_and_a_pipe_are_not_waited_for(tmp_path: Path) -> None:
    """A link is not opened, and a pipe does not hold the thread for ever."""
    path = written(tmp_path, FTYP, box(b"moov", mvhd(5)), MDAT)
    link, pipe = tmp_path / "link.mp4", tmp_path / "pipe.mp4"
    link.symlink_to(path)
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="symbolic links"):
        mp4_seconds(str(link))
    assert mp4_seconds(str(pipe)) is None
