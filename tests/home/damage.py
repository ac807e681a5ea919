"""Recordings that are damaged in every way that there is a name for, from a seed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
import random
import struct
from typing import Final

from .recordings import Recordings

SEED: Final = 20261130
RATES: Final = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2)  # of bytes that have a bit turned
_HUGE: Final = (b"\xff" * 4, b"\x7f\xff\xff\xff", b"\0\x40\0\0", b"\0\0\0\x07")
_TABLES: Final = (
    *(b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"stts", b"ctts", b"stss"),
    *(b"stsc", b"stsz", b"stco", b"mvhd", b"mdhd", b"tkhd", b"avcC", b"avc1", b"mdat"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Damaged:
    """A damaged recording: what was done to which, and its bytes."""

    name: str
    suffix: str
    data: bytes


def bases(recordings: Recordings) -> list[Path]:
    """Return recordings in the containers and codecs that recorders write."""
    names = (
        *("camera.mp4", "silent.mp4", "faststart.mp4", "fragmented.mp4", "long.mp4"),
        *("hevc.mp4", "av1.mp4", "late.ts", "unstamped.ts", "camera.mkv", "mjpeg.avi"),
        *("mpeg4.avi", "varying.mkv", "telephone.mkv", "hiding.mp4", "sound.m4a"),
    )
    made = [recordings[name] for name in names]
    return [
        *made,
        recordings.remade("plain.flv", "-c", "copy"),
        recordings.remade("plain.mpg", "-c:v", "mpeg2video"),
        recordings.remade("plain.mov", "-c", "copy", source="mjpeg.avi"),
        recordings.remade("hevc.ts", "-c", "copy", source="hevc.mp4"),
    ]


def damaged(recordings: Recordings, numbers: range) -> Iterator[Damaged]:
    """Yield the damaged recordings of these numbers: always the same ones."""
    sources = [(path.suffix, path.read_bytes()) for path in bases(recordings)]
    ways: list[Callable[[bytes, random.Random], bytes]] = [
        *(_cut, _cut, _flipped, _flipped, _flipped, _flipped, _hole, _swapped),
        *(_sizes, _sizes, _numbers, _numbers, _dimensions, _foreign_head, _doubled),
    ]
    made = list(_made_up(recordings))
    for number in numbers:
        if number < len(made):
            yield made[number]
            continue
        chance = random.Random(f"{SEED} {number}")
        suffix, data = sources[number % len(sources)]
        way = ways[number // len(sources) % len(ways)]
        if number % 7 == 6:
            suffix = chance.choice((".mp4", ".ts", ".mkv", ".avi", ".flv"))
        name = f"{number}: {way.__name__.strip('_')} of {number % len(sources)}"
        yield Damaged(name=name, suffix=suffix, data=way(data, chance))


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.choice((1, 7, 8, 40, 377, chance.randrange(len(data))))]


def _flipped(data: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(max(1, int(len(data) * chance.choice(RATES)))):
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def _hole(data: bytes, chance: random.Random) -> bytes:
    """Return it with a stretch of zeros or of ones, as a disk gives that lost a block.

    An erased block of flash memory is of ones.
    """
    at = chance.randrange(len(data))
    fill, size = chance.choice(((b"\0", 4096), (b"\xff", 4096), (b"\xff", 32_768)))
    return data[:at] + fill * min(size, len(data) - at) + data[at + size :]


def _swapped(data: bytes, chance: random.Random) -> bytes:
    first, second = sorted(chance.sample(range(len(data)), 2))
    return data[second:] + data[first:second] + data[:first]


def _doubled(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data


def _places(data: bytes, chance: random.Random) -> int:
    """Return where the name of some box stands, or anywhere."""
    kinds = [kind for kind in _TABLES if kind in data]
    return data.index(chance.choice(kinds)) if kinds else chance.randrange(len(data))


def _sizes(data: bytes, chance: random.Random) -> bytes:
    """Return it with a box that says it is larger, or smaller, than it is."""
    at = max(_places(data, chance) - 4, 0)
    return data[:at] + chance.choice(_HUGE) + data[at + 4 :]


def _numbers(data: bytes, chance: random.Random) -> bytes:
    """Return it with a huge number in a table: rows, a duration, a place."""
    at = _places(data, chance) + 4 + 4 * chance.randrange(8)
    return data[:at] + chance.choice(_HUGE) + data[at + 4 :]


def _dimensions(data: bytes, chance: random.Random) -> bytes:
    """Return it with pictures that say they are as large as can be said."""
    out = bytearray(data)
    for entry in (b"avc1", b"hvc1", b"hev1", b"av01", b"mp4v", b"MJPG", b"FMP4"):
        at = data.find(entry)
        if at > 0:
            struct.pack_into(">HH", out, min(at + 28, len(out) - 4), 65535, 65535)
    sps = data.find(b"\x67")  # of H.264: the codec's own size is in it, bit by bit
    if sps > 0:
        out[sps + 4] ^= 0xFF
    return bytes(out)


def _foreign_head(data: bytes, chance: random.Random) -> bytes:
    head = chance.choice(
        (b"\0\0\0\x18ftypmp42", b"RIFF\xff\xff\xff\x7fAVI ", b"FLV\x01")
    )
    return head + data[len(head) :]


def _made_up(recordings: Recordings) -> Iterator[Damaged]:
    """Yield files that no recorder would write, but somebody might."""
    whole = recordings["silent.mp4"]
    listed = f"#EXTM3U\n#EXTINF:10,\n{whole}\n#EXT-X-ENDLIST\n".encode()
    concat = f"ffconcat version 1.0\nfile '{whole}'\n".encode()
    dash = b"\0\0\0\x08free<MPD xmlns='dash:profile:x'><BaseURL>/etc/hosts</BaseURL>"
    nested = b""
    for _ in range(3000):
        nested = struct.pack(">I4s", len(nested) + 8, b"moov") + nested
    tables = struct.pack(">I4s", 8, b"free") * 200_000
    sparse = struct.pack(">I4sQ", 1, b"mdat", 2**62)
    yield Damaged(name="empty", suffix=".mp4", data=b"")
    yield Damaged(name="a playlist", suffix=".mp4", data=listed)
    yield Damaged(name="a list of files", suffix=".mp4", data=concat)
    yield Damaged(name="a manifest", suffix=".mp4", data=dash)
    yield Damaged(name="nested boxes", suffix=".mp4", data=nested)
    yield Damaged(name="endless boxes", suffix=".mp4", data=tables)
    yield Damaged(name="a box beyond all", suffix=".mp4", data=sparse)
    yield Damaged(name="zeros", suffix=".ts", data=bytes(100_000))
    yield Damaged(name="sync bytes", suffix=".ts", data=b"G" * 100_000)
    yield Damaged(name="text", suffix=".mkv", data=b"It was dark that night.\n" * 999)
