"""The bytes of a film: its header box by box, and the pictures behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
import os
import struct
from typing import BinaryIO, Final

from .boxes import box, full_box
from .records import clean_record
from .tracks import Track
from .units import CODECS

type Span = tuple[int, int]  # begin and end of some bytes in a file

TIMESCALE: Final = 90000  # ticks per second, of the film and its pictures
FTYP: Final = box(b"ftyp", b"iso4", struct.pack(">I", 512), b"iso4isomiso2mp41")
HANDLERS: Final = {b"vide": b"VideoHandler\0", b"soun": b"SoundHandler\0"}
_LANGUAGE: Final = 0x55C4  # "und"
_ONE: Final = 1 << 16
_FAR: Final = 2**32  # from here on, places in the file need eight bytes


def _turn(a: int, b: int, c: int, d: int) -> bytes:
    return struct.pack(
        ">9i", a * _ONE, b * _ONE, 0, c * _ONE, d * _ONE, 0, 0, 0, 1 << 30
    )


UPRIGHT: Final = _turn(1, 0, 0, 1)
# By quarters, mirrored or not. Any other could hold words in its numbers.
TURNS: Final = frozenset(
    _turn(*each)
    for x in (1, -1)
    for y in (1, -1)
    for each in ((x, 0, 0, y), (0, x, y, 0))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A track to be: its sample entry, and where each sample comes from.

    `turn` is how the picture is turned, `shown` the size of it in 1/65536 pixels.
    `spans` are the places in its source that a sample consists of, `sizes` how long
    they are together. `begins` are the decoding times, one more than samples: at last
    the end. `later` is how much after its decoding time each sample is shown, in ticks
    as well.
    """

    handler: bytes
    entry: bytes
    media_header: bytes
    turn: bytes
    shown: tuple[int, int]
    timescale: int
    sources: tuple[BinaryIO, ...]
    spans: tuple[tuple[Span, ...], ...]
    sizes: tuple[int, ...]
    begins: tuple[int, ...]
    later: tuple[int, ...]
    keys: frozenset[int] | None

    @property
    def length(self) -> int:
        """Return how long it is in ticks of the film."""
        return film_ticks(self.begins[-1], self.timescale)

    def chunks(self) -> list[range]:
        """Return the samples in stretches of a second."""
        seconds = groupby(
            range(len(self.sizes)), lambda n: self.begins[n] // self.timescale
        )
        groups = [list(numbers) for _, numbers in seconds]
        return [range(numbers[0], numbers[-1] + 1) for numbers in groups]


def whole(offsets: Sequence[int], sizes: Sequence[int]) -> tuple[tuple[Span, ...], ...]:
    """Return the spans of samples of which all is taken."""
    return tuple(((at, at + size),) for at, size in zip(offsets, sizes, strict=True))


def film_ticks(ticks: int, timescale: int) -> int:
    """Return a length in ticks of the film."""
    return ticks * TIMESCALE // timescale


def shown_size(track: Track) -> tuple[int, int]:
    """Return how large a track's picture is shown, in 1/65536 pixels."""
    wide, high = struct.unpack(">II", track.aspect) if track.aspect else (1, 1)
    return min(track.width * _ONE * wide // high, _FAR - 1), track.height * _ONE


def movie_header(length: int, tracks: int) -> bytes:
    """Return the header of a film. It holds no date: no clock of ours is in it."""
    return full_box(
        b"mvhd",
        struct.pack(">IIIIIH10x", 0, 0, TIMESCALE, length, _ONE, 1 << 8),
        UPRIGHT,
        bytes(24),
        struct.pack(">I", tracks + 1),
    )


def track_header(
    number: int, length: int, turn: bytes, shown: tuple[int, int], *, loud: bool
) -> bytes:
    """Return the header of a track, its length in ticks of the film."""
    return full_box(
        b"tkhd",
        struct.pack(">IIIxxxxI8xHHHxx", 0, 0, number, length, 0, 0, loud << 8),
        turn,
        struct.pack(">II", *shown),
        flags=3,
    )


def media_header(timescale: int, length: int) -> bytes:
    """Return the header of a track's media, its length in its own ticks."""
    times = struct.pack(">IIIIHH", 0, 0, timescale, length, _LANGUAGE, 0)
    return full_box(b"mdhd", times)


def video_entry(track: Track, record: bytes) -> bytes:
    """Return the sample entry of pictures."""
    head = struct.pack(
        ">6xH16xHHIIIH32xHh",
        *(1, track.width, track.height, 72 << 16, 72 << 16, 0, 1, 24, -1),
    )
    aspect = box(b"pasp", track.aspect) if track.aspect else b""
    return box(CODECS[track.codec].entry, head, record, aspect)


def audio_entry(record: bytes, rate: int) -> bytes:
    """Return the sample entry of AAC sound."""
    head = struct.pack(">6xH8xHHIHH", 1, 2, 16, 0, rate, 0)
    return box(b"mp4a", head, clean_record("aac", b"esds", record))


def write(file: BinaryIO, streams: list[Stream]) -> None:
    """Write the whole film."""
    chunks = sorted(
        (stream.begins[chunk[0]] / stream.timescale, number, chunk)
        for number, stream in enumerate(streams)
        for chunk in stream.chunks()
    )
    sizes = [sum(streams[n].sizes[chunk.start : chunk.stop]) for _, n, chunk in chunks]
    total = sum(sizes)
    far = total > _FAR - 2**26
    nowhere = [[0] * len(stream.chunks()) for stream in streams]
    at = len(FTYP) + len(_moov(streams, nowhere, far=far)) + 16
    places: list[list[int]] = [[] for _ in streams]
    for (_, number, _), size in zip(chunks, sizes, strict=True):
        places[number].append(at)
        at += size
    file.write(FTYP)
    file.write(_moov(streams, places, far=far))
    file.write(struct.pack(">I4sQ", 1, b"mdat", total + 16))
    for _, number, chunk in chunks:
        _copy(file, streams[number], chunk)


def _copy(file: BinaryIO, stream: Stream, chunk: range) -> None:
    """Copy a chunk's samples, in one go what lies together."""
    source, begin, end = stream.sources[chunk.start], 0, 0
    for number in chunk:
        for at, until in stream.spans[number]:
            if at != end or stream.sources[number] is not source:
                file.write(os.pread(source.fileno(), end - begin, begin))
                source, begin = stream.sources[number], at
            end = until
    file.write(os.pread(source.fileno(), end - begin, begin))


def _moov(streams: list[Stream], places: list[list[int]], *, far: bool) -> bytes:
    """Return all that comes before the pictures."""
    header = movie_header(max(stream.length for stream in streams), len(streams))
    tracks = [
        _trak(number, stream, where, far=far)
        for number, (stream, where) in enumerate(zip(streams, places, strict=True), 1)
    ]
    return box(b"moov", header, *tracks)


def _trak(number: int, stream: Stream, places: list[int], *, far: bool) -> bytes:
    header = track_header(
        *(number, stream.length, stream.turn, stream.shown),
        loud=stream.handler == b"soun",
    )
    handler = struct.pack(">I4s12x", 0, stream.handler) + HANDLERS[stream.handler]
    here = full_box(b"dref", struct.pack(">I", 1), full_box(b"url ", flags=1))
    return box(
        b"trak",
        header,
        box(
            b"mdia",
            media_header(stream.timescale, stream.begins[-1]),
            full_box(b"hdlr", handler),
            box(
                b"minf",
                stream.media_header,
                box(b"dinf", here),
                _stbl(stream, places, far=far),
            ),
        ),
    )


def _stbl(stream: Stream, places: list[int], *, far: bool) -> bytes:
    """Return the sample tables."""
    steps = [after - at for at, after in pairwise(stream.begins)]
    parts = [
        full_box(b"stsd", struct.pack(">I", 1), stream.entry),
        full_box(b"stts", _table(_coded(steps), ">II")),
    ]
    if any(stream.later):
        parts.append(full_box(b"ctts", _table(_coded(stream.later), ">Ii"), version=1))
    if stream.keys is not None:
        keys = [(number + 1,) for number in sorted(stream.keys)]
        parts.append(full_box(b"stss", _table(keys, ">I")))
    counts = _coded([len(chunk) for chunk in stream.chunks()])
    rows, first = [], 1
    for repeated, count in counts:
        rows.append((first, count, 1))
        first += repeated
    sizes = struct.pack(f">II{len(stream.sizes)}I", 0, len(stream.sizes), *stream.sizes)
    where = [(place,) for place in places]
    parts += [
        full_box(b"stsc", _table(rows, ">III")),
        full_box(b"stsz", sizes),
        full_box(b"co64" if far else b"stco", _table(where, ">Q" if far else ">I")),
    ]
    return box(b"stbl", *parts)


def _coded(values: Sequence[int]) -> list[tuple[int, int]]:
    """Return runs of equal values as count and value."""
    return [(len(list(run)), value) for value, run in groupby(values)]


def _table(rows: Sequence[tuple[int, ...]], form: str) -> bytes:
    """Return rows with their number before them."""
    packed = b"".join(struct.pack(form, *row) for row in rows)
    return struct.pack(">I", len(rows)) + packed
