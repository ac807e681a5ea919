"""The tracks of an MP4 file: what each sample is, where it lies, when it is shown."""

from dataclasses import dataclass
from itertools import accumulate
import struct
from typing import Final

from .boxes import Box, boxes, child, not_clean
from .records import record_kind
from .units import codec_of

VIDEO_ENTRY: Final = 78  # bytes of a visual sample entry before its boxes
AUDIO_ENTRY: Final = 28
_MAX_SAMPLES: Final = 2**20  # ten hours at thirty pictures a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One track. Times and durations are in ticks of 1/`timescale` seconds.

    `offsets` are places in the file, `shown` the presentation times (edit lists
    ignored), `keys` the numbers of key frames, None where all are. `turn` is how the
    picture is turned, `aspect` the shape of its pixels if not square.
    """

    codec: str
    record: bytes
    width: int
    height: int
    turn: bytes
    aspect: bytes
    timescale: int
    duration: int
    sizes: tuple[int, ...]
    offsets: tuple[int, ...]
    durations: tuple[int, ...]
    shown: tuple[int, ...]
    keys: frozenset[int] | None

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height of its coded pictures."""
        return (self.width, self.height)


def read_tracks(moov: bytes) -> tuple[Track, ...]:
    """Return the tracks of a `moov` content. Raises MediaError."""
    try:
        return tuple(_track(moov, each) for each in boxes(moov) if each.kind == b"trak")
    except (struct.error, IndexError) as err:
        raise not_clean() from err


def _track(data: bytes, trak: Box) -> Track:
    media = child(data, trak, b"mdia")
    table = child(data, child(data, media, b"minf"), b"stbl")
    header = child(data, media, b"mdhd")
    long = data[header.start] == 1
    timescale, duration = struct.unpack_from(
        ">IQ" if long else ">II", data, header.start + (20 if long else 12)
    )
    tkhd = child(data, trak, b"tkhd")
    codec, record, size, aspect = _entry(data, child(data, table, b"stsd"))
    found = {each.kind: each for each in boxes(data, table.start, table.end)}
    sizes = _sizes(data, child(data, table, b"stsz"))
    durations = _runs(data, child(data, table, b"stts"), ">II")
    later = _runs(data, found[b"ctts"], ">Ii") if b"ctts" in found else ()
    if len(durations) != len(sizes) or len(later) not in (0, len(sizes)):
        raise not_clean()
    begins = accumulate(durations[:-1], initial=0) if durations else ()
    return Track(
        codec=codec,
        record=record,
        width=size[0],
        height=size[1],
        turn=data[tkhd.end - 44 : tkhd.end - 8],
        aspect=aspect,
        timescale=timescale,
        duration=duration,
        sizes=sizes,
        offsets=_offsets(data, table, found, sizes),
        durations=durations,
        shown=tuple(
            at + by for at, by in zip(begins, later or (0,) * len(sizes), strict=True)
        ),
        keys=_keys(data, found.get(b"stss"), len(sizes)),
    )


def _entry(data: bytes, stsd: Box) -> tuple[str, bytes, tuple[int, int], bytes]:
    """Return codec, its record's content, picture size and pixel aspect."""
    entries = boxes(data, stsd.start + 8, stsd.end)
    if len(entries) != 1:
        raise not_clean()
    kind, start, end = entries[0]
    codec = "aac" if kind == b"mp4a" else codec_of(kind)
    head = AUDIO_ENTRY if codec == "aac" else VIDEO_ENTRY
    record = child(data, Box(kind, start + head, end), record_kind(codec))
    inner = {each.kind: each for each in boxes(data, start + head, end)}
    shape = inner.get(b"pasp")
    aspect = data[shape.start : shape.end] if shape else b""
    if shape and not all(struct.unpack(">II", aspect)):
        raise not_clean()
    size = (0, 0) if codec == "aac" else struct.unpack_from(">HH", data, start + 24)
    return (
        codec,
        data[record.start : record.end],
        (size[0], size[1]),
        aspect,
    )


def _runs(data: bytes, table: Box, form: str) -> tuple[int, ...]:
    """Return a run-length coded table, one value per sample."""
    values: list[int] = []
    for count, value in struct.iter_unpack(form, _rows(data, table, 8)):
        if count > _MAX_SAMPLES:
            raise not_clean()
        values += [value] * count
    return tuple(values)


def _sizes(data: bytes, stsz: Box) -> tuple[int, ...]:
    fixed, count = struct.unpack_from(">II", data, stsz.start + 4)
    rows = data[stsz.start + 12 : stsz.end]
    if count > _MAX_SAMPLES or len(rows) != (0 if fixed else 4 * count):
        raise not_clean()
    return (fixed,) * count if fixed else struct.unpack(f">{count}I", rows)


def _offsets(
    data: bytes, table: Box, found: dict[bytes, Box], sizes: tuple[int, ...]
) -> tuple[int, ...]:
    """Return where each sample lies."""
    wide = b"co64" in found
    places = found.get(b"co64" if wide else b"stco")
    if places is None:
        raise not_clean()
    rows = _rows(data, places, 8 if wide else 4)
    chunks = [row[0] for row in struct.iter_unpack(">Q" if wide else ">I", rows)]
    counts = _chunk_counts(data, child(data, table, b"stsc"), len(chunks))
    out: list[int] = []
    for chunk, count in zip(chunks, counts, strict=True):
        for _ in range(count):
            if len(out) == len(sizes):
                raise not_clean()
            out.append(chunk)
            chunk += sizes[len(out) - 1]
    if len(out) != len(sizes):
        raise not_clean()
    return tuple(out)


def _chunk_counts(data: bytes, stsc: Box, chunks: int) -> list[int]:
    """Return how many samples each chunk holds."""
    rows = list(struct.iter_unpack(">III", _rows(data, stsc, 12)))
    counts: list[int] = []
    for index, (first, count, entry) in enumerate(rows):
        until = rows[index + 1][0] if index + 1 < len(rows) else chunks + 1
        if first != len(counts) + 1 or not first <= until <= chunks + 1 or entry != 1:
            raise not_clean()
        counts += [count] * (until - first)
    return counts


def _keys(data: bytes, stss: Box | None, count: int) -> frozenset[int] | None:
    """Return the numbers of the key frames, counted from 0."""
    if stss is None:
        return None
    rows = [row[0] for row in struct.iter_unpack(">I", _rows(data, stss, 4))]
    keys = frozenset(number - 1 for number in rows if 0 < number <= count)
    if rows != sorted(set(rows)) or len(keys) != len(rows):
        raise not_clean()
    return keys


def _rows(data: bytes, table: Box, width: int) -> bytes:
    """Return a table's rows, as many as it says and no byte more."""
    (count,) = struct.unpack_from(">I", data, table.start + 4)
    rows = data[table.start + 8 : table.end]
    if len(rows) != count * width:
        raise not_clean()
    return rows
