"""Key frames of plain MP4 recordings, found in their tables without decoding.

A timeline wants one picture of each of many recordings. To open a recording, ffmpeg
decodes its beginning; here only the tables are read. The key frames found are put one
after the other into a film of their own, which is decoded in one go. Whatever is
unusual (fragments, several edits, encryption, tables too large) is left to ffmpeg:
this trusts nothing it reads, and never reads more than it states below.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
import os
import struct
import sys
from typing import BinaryIO, Final, NamedTuple

from .boxes import Box, full_box
from .layout import TIMESCALE, Stream, whole, write

_TOP_BOXES: Final = 64  # at the top of a file
_BOXES: Final = 64  # in one box
_MAX_TABLES: Final = 2**23  # bytes of `moov`; an hour needs an eighth of it
# Rows of a table of which each becomes an object: 36 hours of a key frame a second.
_MAX_ROWS: Final = 2**17
_MAX_ENTRY: Final = 2**16  # bytes of what a decoder is set up with
_MAX_PICTURE: Final = 2**23  # bytes of one coded key frame
_HEAD: Final = 32  # pictures among which the first shown one is
_NEAR: Final = 0.02  # seconds after a moment that are still at that moment
_SECOND: Final = TIMESCALE


class Setup(NamedTuple):
    """What a decoder is set up with: equal ones can share a film."""

    entry: bytes
    turn: bytes
    shown: tuple[int, int]


class KeyFrame(NamedTuple):
    """A coded key frame, by where it lies in an open file."""

    fd: int
    offset: int
    size: int
    setup: Setup


class _Unusual(Exception):  # noqa: N818
    """The file is better left to ffmpeg."""


def find_key_frames(fd: int, seconds: Sequence[float]) -> list[KeyFrame] | None:
    """Return, for each moment, the key frame at or before it, or else the first.

    Moments count from the first shown frame. None if the file is better left to
    ffmpeg. Blocks; reads the tables, no picture.
    """
    try:
        return _Tables(fd, _read_moov(fd)).key_frames(seconds)
    except _Unusual, struct.error, OSError, IndexError:
        return None


def write_key_frames(file: BinaryIO, frames: Sequence[KeyFrame]) -> None:
    """Write a film of key frames of one set-up, each shown for a second. Blocks.

    Raises OSError.
    """
    sources = {fd: os.fdopen(fd, "rb", 0, closefd=False) for fd, *_ in frames}
    setup = frames[0].setup
    film = Stream(
        handler=b"vide",
        entry=setup.entry,
        media_header=full_box(b"vmhd", b"\0" * 8, flags=1),
        turn=setup.turn,
        shown=setup.shown,
        timescale=TIMESCALE,
        sources=tuple(sources[frame.fd] for frame in frames),
        spans=whole(
            [frame.offset for frame in frames], [frame.size for frame in frames]
        ),
        sizes=tuple(frame.size for frame in frames),
        begins=tuple(_SECOND * number for number in range(len(frames) + 1)),
        later=(0,) * len(frames),
        keys=None,
    )
    write(file, [film])
    file.flush()


def _read_moov(fd: int) -> bytes:
    size, at = os.fstat(fd).st_size, 0
    for _ in range(_TOP_BOXES):
        head = os.pread(fd, 16, at)
        length, kind = struct.unpack_from(">I4s", head)
        start = at + 8
        if length == 1:
            length, start = struct.unpack_from(">Q", head, 8)[0], at + 16
        if length < start - at or at + length > size:
            break
        if kind == b"moov" and at + length - start <= _MAX_TABLES:
            return os.pread(fd, at + length - start, start)
        at += length
    raise _Unusual


def _boxes(data: bytes, start: int, end: int) -> Iterator[Box]:
    for _ in range(_BOXES):
        if start == end:
            return
        size, kind = struct.unpack_from(">I4s", data, start)
        if size < 8 or start + size > end:
            break
        yield Box(kind, start + 8, start + size)
        start += size
    raise _Unusual


def _inside(data: bytes, parent: Box) -> dict[bytes, Box]:
    """Return the boxes in another, each of its kind alone."""
    found = list(_boxes(data, parent.start, parent.end))
    by_kind = {each.kind: each for each in found}
    if len(by_kind) < len(found):
        raise _Unusual
    return by_kind


def _box(found: dict[bytes, Box], kind: bytes) -> Box:
    if kind not in found:
        raise _Unusual
    return found[kind]


class _Tables:
    """The tables of the first picture track."""

    def __init__(self, fd: int, moov: bytes) -> None:
        """Find the track. Raises _Unusual, struct.error."""
        self._fd = fd
        self._data = moov
        whole = Box(b"moov", 0, len(moov))
        for each in _boxes(moov, whole.start, whole.end):
            if each.kind == b"mvex":
                raise _Unusual
            if each.kind == b"trak" and self._is_picture(each):
                self._trak = each
                break
        else:
            raise _Unusual
        inside = _inside(moov, self._trak)
        media = _inside(moov, _box(inside, b"mdia"))
        header = _box(media, b"mdhd")
        at = 20 if moov[header.start] == 1 else 12
        (self._timescale,) = struct.unpack_from(">I", moov, header.start + at)
        minf = _inside(moov, _box(media, b"minf"))
        self._found = _inside(moov, _box(minf, b"stbl"))
        self._setup = self._read_setup(_box(inside, b"tkhd"))
        self._hidden = self._read_edit(inside.get(b"edts"))
        if not self._timescale:
            raise _Unusual

    def _is_picture(self, trak: Box) -> bool:
        data = self._data
        mdia = _box(_inside(data, trak), b"mdia")
        hdlr = _box(_inside(data, mdia), b"hdlr")
        return data[hdlr.start + 8 : hdlr.start + 12] == b"vide"

    def _read_setup(self, tkhd: Box) -> Setup:
        stsd = _box(self._found, b"stsd")
        size = stsd.end - stsd.start - 8
        entry = self._data[stsd.start + 8 : stsd.end]
        one = struct.unpack_from(">I", entry)[0] == size <= _MAX_ENTRY
        if not one or entry[4:8] == b"encv":
            raise _Unusual
        return Setup(
            entry=entry,
            turn=self._data[tkhd.end - 44 : tkhd.end - 8],
            shown=struct.unpack_from(">II", self._data, tkhd.end - 8),
        )

    def _read_edit(self, edts: Box | None) -> int:
        """Return how many ticks at the start are not shown."""
        if edts is None:
            return 0
        elst = _box(_inside(self._data, edts), b"elst")
        version, count = struct.unpack_from(">B3xI", self._data, elst.start)
        _, hidden, rate = struct.unpack_from(
            ">QqI" if version else ">IiI", self._data, elst.start + 8
        )
        if count != 1 or hidden < 0 or rate != 1 << 16:
            raise _Unusual
        return int(hidden)

    def _numbers(self, kind: bytes, form: str, skip: int = 8) -> array[int]:
        """Return the rows of a table as numbers of four or eight bytes."""
        table = _box(self._found, kind)
        rows = array(form, self._data[table.start + skip : table.end])
        if sys.byteorder == "little":
            rows.byteswap()
        return rows

    def _few(self, rows: array[int], wide: int = 1) -> array[int]:
        """Return rows of so many numbers each, if they are not too many."""
        if len(rows) > wide * _MAX_ROWS:
            raise _Unusual
        return rows

    def _pairs(self, kind: bytes) -> Iterable[tuple[int, int]]:
        rows = self._numbers(kind, "I")
        return zip(rows[::2], rows[1::2], strict=True)

    def key_frames(self, seconds: Sequence[float]) -> list[KeyFrame]:
        """Return the key frame of each moment."""
        sizes = self._sizes()
        keys = [number - 1 for number in self._few(self._numbers(b"stss", "I"))]
        if not keys or keys != sorted(set(keys)) or keys[0] or keys[-1] >= len(sizes):
            raise _Unusual
        head = range(min(_HEAD, len(sizes)))
        wanted = sorted({*head, *keys})
        shown = dict(zip(wanted, self._shown(wanted), strict=True))
        first = min(shown[number] for number in head)
        if self._hidden not in (0, first):
            raise _Unusual
        times = [(shown[number] - first) / self._timescale for number in keys]
        if times != sorted(times):
            raise _Unusual
        places = [max(bisect_right(times, at + _NEAR) - 1, 0) for at in seconds]
        chosen = [keys[place] for place in places]
        offsets = self._offsets(sorted(set(chosen)), sizes)
        return [
            KeyFrame(self._fd, offsets[number], sizes[number], self._setup)
            for number in chosen
        ]

    def _sizes(self) -> array[int]:
        stsz = _box(self._found, b"stsz")
        fixed, count = struct.unpack_from(">II", self._data, stsz.start + 4)
        sizes = self._numbers(b"stsz", "I", 12)
        if fixed or len(sizes) != count:
            raise _Unusual
        return sizes

    def _shown(self, wanted: Sequence[int]) -> list[int]:
        """Return when samples (in order) are shown, in ticks."""
        decoded = _summed(self._pairs(b"stts"), wanted)
        if b"ctts" not in self._found:
            return decoded
        signed = ((c, v - 2**32 if v & 2**31 else v) for c, v in self._pairs(b"ctts"))
        later = _at(signed, wanted)
        return [at + by for at, by in zip(decoded, later, strict=True)]

    def _offsets(self, wanted: Sequence[int], sizes: array[int]) -> dict[int, int]:
        """Return where samples (in order) lie in the file."""
        wide = b"co64" in self._found
        chunks = self._numbers(*((b"co64", "Q") if wide else (b"stco", "I")))
        rows = self._few(self._numbers(b"stsc", "I"), wide=3)
        firsts = [first - 1 for first in rows[::3]] + [len(chunks)]
        if firsts[0] or firsts != sorted(set(firsts)):
            raise _Unusual
        found: dict[int, int] = {}
        waiting, before = list(reversed(wanted)), 0
        for row, count in enumerate(rows[1::3]):
            there = before + count * (firsts[row + 1] - firsts[row])
            while waiting and waiting[-1] < there:
                number = waiting.pop()
                chunk, rest = divmod(number - before, count)
                offset = chunks[firsts[row] + chunk]
                found[number] = offset + sum(sizes[number - rest : number])
                if not 0 < sizes[number] <= _MAX_PICTURE:
                    raise _Unusual
            before = there
        if waiting:
            raise _Unusual
        return found


def _summed(runs: Iterable[tuple[int, int]], wanted: Sequence[int]) -> list[int]:
    """Return, for numbers in order, the sum of all values before them."""
    sums: list[int] = []
    begun, total = 0, 0
    for count, value in runs:
        while len(sums) < len(wanted) and wanted[len(sums)] < begun + count:
            sums.append(total + (wanted[len(sums)] - begun) * value)
        begun, total = begun + count, total + count * value
    return sums if len(sums) == len(wanted) else _unusual()


def _at(runs: Iterable[tuple[int, int]], wanted: Sequence[int]) -> list[int]:
    """Return, for numbers in order, their values."""
    values: list[int] = []
    begun = 0
    for count, value in runs:
        begun += count
        while len(values) < len(wanted) and wanted[len(values)] < begun:
            values.append(value)
    return values if len(values) == len(wanted) else _unusual()


def _unusual() -> list[int]:
    raise _Unusual
