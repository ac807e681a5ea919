"""Recordings that differ in one place of their pictures only, and what a film shows."""

from dataclasses import dataclass
from pathlib import Path
import subprocess
from typing import Final

from custom_components.clip_consent.core.masks import SCALE, Region

from .recordings import ffmpeg

PICTURES: Final = 24
RATE: Final = 12
SECONDS: Final = PICTURES / RATE
# What fills the place: fine, moving, of strong colours. Two that have nothing alike.
FILLINGS: Final = {
    "one": "testsrc2=size={}x{}:rate=12,eq=contrast=3:saturation=3",
    "other": "mandelbrot=size={}x{}:rate=12,hue=s=3",
}
LOSSLESS: Final = {
    "h264": ("-c:v", "libx264", "-preset", "ultrafast", "-qp", "0", "-g", "8"),
    "interlaced": (
        *("-c:v", "libx264", "-preset", "ultrafast", "-qp", "0", "-g", "8"),
        *("-flags", "+ildct+ilme", "-x264-params", "interlaced=1"),
    ),
    "hevc": (
        *("-c:v", "libx265", "-preset", "ultrafast", "-x265-params"),
        "lossless=1:log-level=none:keyint=8",
    ),
    # No blocks of these tell of each other, if the place has whole ones.
    "av1": (
        *("-c:v", "libaom-av1", "-cpu-used", "8", "-g", "8", "-crf", "0"),
        *("-aom-params", "lossless=1"),
    ),
    "mjpeg": ("-c:v", "mjpeg", "-q:v", "3", "-huffman", "default"),
    "mpeg4": ("-c:v", "mpeg4", "-g", "1", "-q:v", "3"),
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """A rectangle of a picture, in pixels."""

    left: int
    top: int
    width: int
    height: int

    def region(self, size: tuple[int, int]) -> Region:
        """Return the smallest region that has all of it."""
        wide, high = size
        right, bottom = self.left + self.width, self.top + self.height
        return Region(
            left=self.left * SCALE // wide,
            top=self.top * SCALE // high,
            right=min(SCALE, -(-right * SCALE // wide)),
            bottom=min(SCALE, -(-bottom * SCALE // high)),
        )


def recording(
    path: Path,
    filling: str,
    places: list[Place],
    *,
    size: tuple[int, int] = (320, 240),
    coded: tuple[str, ...] = LOSSLESS["h264"],
    pixels: str = "yuv420p",
    turned: bool = False,
) -> Path:
    """Make two seconds that have a filling in places of the picture as it is shown."""
    if path.exists():
        return path
    even = f"{size[0] + size[0] % 2}x{size[1] + size[1] % 2}"
    sources = ["-f", "lavfi", "-i", f"testsrc2=size={even}:rate={RATE}"]
    graph, last = "", f"[0:v]format=yuv444p,crop={size[0]}:{size[1]}[b0];"
    for at, place in enumerate(places):
        source = FILLINGS[filling].format(place.width, place.height)
        sources += ["-f", "lavfi", "-i", source]
        graph += f"{last}[b{at}][{at + 1}:v]overlay={place.left}:{place.top}"
        graph += ":format=yuv444"
        last = f"[b{at + 1}];"
    turn = ",transpose=clock" if turned else ""
    # a pixel's own colour where several share one: none of those beside them
    graph += f"{turn},scale=flags=neighbor,format={pixels}[out]"
    made = path.with_stem(f"{path.stem}-straight") if turned else path
    ffmpeg(
        *(*sources, "-filter_complex", graph, "-map", "[out]"),
        *("-frames:v", PICTURES, *coded, made),
    )
    if turned:
        ffmpeg("-i", made, "-c", "copy", "-metadata:s:v", "rotate=90", path)
    return path


def four_across(path: Path) -> Path:
    """Return Motion JPEG of 4:2:0 whose blocks are said to be of 4:1:1.

    As many blocks tell of 32 by 8 pixels as of 16 by 16: each row of these is two rows
    of those, so what was in one place is in two halves, on the left and on the right.
    """
    data = bytearray(path.read_bytes())
    at = -1
    while (at := data.find(b"\xff\xc0\0\x11\x08", at + 1)) >= 0:
        assert data[at + 11] == 0x22
        data[at + 11] = 0x41
    made = path.with_stem(f"{path.stem}-across")
    made.write_bytes(data)
    return made


def pictures(film: Path) -> tuple[tuple[int, int], list[bytes]]:
    """Return size and brightness of each picture as shown, edit lists ignored."""
    hidden = ("-ignore_editlist", "1") if film.suffix == ".mp4" else ()
    size = subprocess.run(
        [
            *("ffmpeg", "-v", "error", "-nostdin", "-i", str(film), "-frames:v", "1"),
            *("-c:v", "pgm", "-f", "image2pipe", "-"),
        ],
        check=True,
        capture_output=True,
    ).stdout.split()[1:3]
    wide, high = int(size[0]), int(size[1])
    data = ffmpeg(
        *(*hidden, "-i", film, "-fps_mode", "passthrough", "-vf", "extractplanes=y"),
        *("-f", "rawvideo", "-pix_fmt", "gray", "-"),
    )
    return (wide, high), [
        data[at : at + wide * high] for at in range(0, len(data), wide * high)
    ]


def cut_out(
    picture: bytes, size: tuple[int, int], place: Place, margin: int = 0
) -> bytes:
    """Return a place of a picture, without a margin where it meets the rest of it."""
    left = place.left + margin if place.left else 0
    top = place.top + margin if place.top else 0
    right, bottom = place.left + place.width, place.top + place.height
    right -= margin if right < size[0] else 0
    bottom -= margin if bottom < size[1] else 0
    return b"".join(
        picture[y * size[0] + left : y * size[0] + right] for y in range(top, bottom)
    )


def blanked(picture: bytes, size: tuple[int, int], places: list[Place]) -> bytes:
    """Return a picture without what is in places of it."""
    left = bytearray(picture)
    for place in places:
        for y in range(place.top, place.top + place.height):
            at = y * size[0] + place.left
            left[at : at + place.width] = bytes(place.width)
    return bytes(left)
