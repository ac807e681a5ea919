"""Which bytes of coded pictures a film keeps: those of the units that make a picture.

The head of each unit is read here, and no more of it. JPEG is read one picture at a
time, since nothing but a search finds the ends there. What passes is checked once more
in the finished film, by verify.py, which takes it apart in its own way and reads all:
so whether a decoder would stop before the end of a unit.
"""

from collections.abc import Callable, Iterable, Iterator
import os
import re
from typing import Final

from ...core.errors import MediaError
from .jpeg_tables import JpegTables
from .layout import Span
from .one_picture import HEAD, MOST_UNITS, Av1Pictures, NalPicture, most_pictures
from .records import clean_record, length_size, record_kind
from .tracks import Track
from .units import CODECS, obu_content

_MOST_OBU_HEAD: Final = 11  # bytes: type, layers, eight of a size, one behind those
_NONE: Final = -1
# What a film keeps track of: stretches that something was left out between. Encoders
# put it before the slices, and a few put it before each of them.
_STRETCHES: Final = 1024
_STRETCHES_EACH: Final = 16
_MOST_STRETCHES: Final = 2**19  # of 128 bytes
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
# Behind coded data: a marker that neither counts on nor stands for a byte of it.
# Sought without what fills up before it: with that, each byte of a long run of 0xFF
# would be a place to begin at, and nothing else would run meanwhile.
_BEHIND_SCAN: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_FILLED: Final = re.compile(rb"\xff*")


def kept_spans(fd: int, track: Track) -> tuple[tuple[Span, ...], ...]:
    """Return, for each of a track's samples, which bytes of an open file a film keeps.

    Blocks. Raises MediaError `needs_playable_copy` where one is damaged, or nothing of
    it makes a picture.
    """
    spans_of = _spans(fd, track)
    found: list[tuple[Span, ...]] = []
    left = min(_STRETCHES + _STRETCHES_EACH * len(track.sizes), _MOST_STRETCHES)
    for at, size in zip(track.offsets, track.sizes, strict=True):
        spans = tuple(_joined(spans_of(at, at + size)))
        left -= len(spans)
        if not spans or left < 0:
            raise damaged()
        found.append(spans)
    return tuple(found)


def damaged() -> MediaError:
    """Return the error for pictures of which a decoder may still make something."""
    return MediaError("needs_playable_copy")


def _spans(fd: int, track: Track) -> Callable[[int, int], Iterator[Span]]:
    """Return what finds the units to keep between two places."""
    units = CODECS[track.codec].units
    match track.codec:
        case "av1":
            pictures = Av1Pictures()
            return lambda at, end: _obus(fd, at, end, units, pictures)
        case "mjpeg":
            return lambda at, end: _segments(fd, at, end, units)
    wide, most = wide_of(track), most_pictures(track.codec, track.record)
    return lambda at, end: _nals(
        nal_heads(fd, at, end, wide), NalPicture(track.codec, most)
    )


def wide_of(track: Track) -> int:
    """Return how many bytes the length before each unit of a track has.

    Raises MediaError if its record does not tell.
    """
    record = clean_record(track.codec, record_kind(track.codec), track.record)
    return length_size(track.codec, record[8:])


def nal_heads(
    fd: int, at: int, end: int, wide: int
) -> Iterator[tuple[int, int, bytes]]:
    """Yield where each NAL unit begins, with its length, and ends; its first bytes.

    Those of no size are left out, and what is too short to be a length at the end.
    Raises MediaError `needs_playable_copy`, also where there are far too many.
    """
    count = 0
    while at + wide <= end:
        head = os.pread(fd, wide + HEAD, at)
        size = int.from_bytes(head[:wide])
        behind = at + wide + size
        count += 1
        if behind > end or len(head) < wide + min(size, HEAD) or count > MOST_UNITS:
            raise damaged()
        if size:
            yield at, behind, head[wide : wide + size]
        at = behind


def _nals(
    heads: Iterable[tuple[int, int, bytes]], picture: NalPicture
) -> Iterator[Span]:
    """Yield the units to keep of those that have these heads."""
    kind_of, units = _KINDS[picture.codec], CODECS[picture.codec].units
    for begin, behind, head in heads:
        kind = kind_of(head)
        if kind in units:
            picture.take(kind, head)
            yield begin, behind


def unit_kinds(fd: int, track: Track) -> Callable[[int, int], set[int]]:
    """Return what lists the kinds of NAL units between two places; none of others.

    It raises MediaError `needs_playable_copy`.
    """
    kind_of = _KINDS.get(track.codec)
    if kind_of is None:
        return lambda at, end: set()
    wide = wide_of(track)
    return lambda at, end: {
        kind_of(head) for _, _, head in nal_heads(fd, at, end, wide)
    }


def _h264_kind(head: bytes) -> int:
    """Return the kind of a unit; none that there is for one marked as damaged."""
    return _NONE if head[0] >> 7 else head[0] & 31


def _hevc_kind(head: bytes) -> int:
    """Return the kind of a unit; none that there is for one of a layer not shown.

    Nor for one that is marked as damaged, or belongs to no step in time.
    """
    if len(head) < 2 or head[0] & 0x81 or head[1] >> 3 or not head[1]:
        return _NONE
    return head[0] >> 1


_KINDS: Final = {"h264": _h264_kind, "hevc": _hevc_kind}


def _obus(
    fd: int, at: int, end: int, units: frozenset[int], pictures: Av1Pictures
) -> Iterator[Span]:
    count = 0
    while at < end:
        head = os.pread(fd, min(_MOST_OBU_HEAD, end - at), at)
        behind = _obu_end(head, at, end)
        kind = head[0] >> 3 & 15
        count += 1
        if count > MOST_UNITS:
            raise damaged()
        if kind in units:
            pictures.take(kind, obu_content(head[: behind - at]))
            yield at, behind
        at = behind
    pictures.end()


def _obu_end(head: bytes, at: int, end: int) -> int:
    """Return where the AV1 unit ends that begins so: one of no size ends the sample."""
    if not head or head[0] & 0x80:
        raise damaged()
    if not head[0] & 2:
        return end
    size, shift = 0, 0
    for place in range(2 if head[0] & 4 else 1, len(head)):
        size |= (head[place] & 127) << shift
        shift += 7
        if head[place] < 128:
            behind = at + place + 1 + size
            if behind <= end:
                return behind
            break
    raise damaged()


def _segments(fd: int, at: int, end: int, units: frozenset[int]) -> Iterator[Span]:
    """Yield a JPEG picture without what fills it up, describes it or follows it."""
    data = os.pread(fd, end - at, at)
    place = 0
    kept = units | {_SOI, _EOI}
    kind = None
    tables = JpegTables()
    while kind != _EOI:
        kind, begin, place = _segment(data, place)
        if (kind == _SOI) is not (begin == 0):
            raise damaged()
        if kind in kept:
            head = int.from_bytes(data[begin + 2 : begin + 4])
            tables.take(kind, data[begin + 4 : begin + 2 + head])
            yield at + begin, at + place
    tables.end()
    if data.find(b"\xff\xd8", place) >= 0:  # another picture, as of the second field
        raise damaged()


def _segment(data: bytes, at: int) -> tuple[int, int, int]:
    """Return kind, begin and end of the segment at a place, or behind fill bytes."""
    filled = _FILLED.match(data, at)
    if not filled or filled.end() == at or filled.end() == len(data):
        raise damaged()
    at = filled.end() - 1
    kind, end = data[at + 1], at + 2
    if kind not in (_SOI, _EOI):
        end += int.from_bytes(data[at + 2 : at + 4])
    if kind == _SOS:
        end = _scan_end(data, end)
    if end < at + 2 + 2 * (kind not in (_SOI, _EOI)) or end > len(data):
        raise damaged()
    return kind, at, end


def _scan_end(data: bytes, at: int) -> int:
    """Return where coded data ends that begins at a place, beyond all if nowhere."""
    found = _BEHIND_SCAN.search(data, at)
    if not found:
        return len(data) + 1
    return at + len(data[at : found.start()].rstrip(b"\xff"))


def _joined(spans: Iterator[Span]) -> Iterator[Span]:
    """Yield spans, those that follow each other as one."""
    last: Span | None = None
    for begin, end in spans:
        if last and last[1] == begin:
            last = (last[0], end)
            continue
        if last:
            yield last
        last = (begin, end)
    if last:
        yield last
