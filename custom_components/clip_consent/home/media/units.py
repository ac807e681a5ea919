"""The units that coded pictures consist of: which may be in a draft.

An encoder may put anything into units that no decoder shows: its settings, a serial
number, a place, a face. So only units that make the picture pass, by a list of those.
"""

from collections.abc import Callable, Iterator
import re
from typing import Final, NamedTuple

from ...core.errors import MediaError
from .boxes import not_clean
from .jpeg_tables import JpegTables


class Codec(NamedTuple):
    """What may be in a codec's pictures.

    `units` are the unit types that pass, `entry` is the MP4 name, `anchors` are the
    types one of which a first picture must have. At those that are `fresh`, a decoder
    forgets all that was before.
    """

    entry: bytes
    units: frozenset[int]
    anchors: frozenset[int]
    fresh: frozenset[int] = frozenset()


CODECS: Final = {
    # Slices, parameter sets, delimiters, ends. Not: SEI 6, filler 12, unspecified;
    # slices in parts, 2 to 4, which no common decoder takes.
    "h264": Codec(
        b"avc1",
        frozenset({1, 5, 7, 8, 9, 10, 11}),
        frozenset({5}),
        frozenset({5}),
    ),
    # The same. Not: filler 38, SEI 39 and 40, reserved, unspecified. A film can begin
    # with any picture that is random access, but only IDR forgets in the midst of one.
    "hevc": Codec(
        b"hvc1",
        frozenset({*range(10), *range(16, 22), *range(32, 38)}),
        frozenset(range(16, 22)),
        frozenset({19, 20}),
    ),
    # Sequence, frame and tile headers and data. Not: metadata 5, padding 15; a frame
    # header once more 7, which a decoder that has the first one leaves out.
    "av1": Codec(b"av01", frozenset({1, 3, 4, 6}), frozenset({1})),
    # Tables, frame and scan. Not: application data (Exif), comments.
    "mjpeg": Codec(
        b"mp4v", frozenset({0xC0, 0xC1, 0xC2, 0xC4, 0xDA, 0xDB, 0xDD}), frozenset()
    ),
}
_SHARED_ENTRY: Final = {each.entry: name for name, each in CODECS.items()}
_MARKER: Final = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])")
_JFIF: Final = re.compile(rb"\xff\xe0\x00\x10JFIF\x00.{9}", re.DOTALL)


def codec_of(entry: bytes) -> str:
    """Return the codec of a sample entry's name. Raises MediaError."""
    if entry not in _SHARED_ENTRY:
        raise not_clean()
    return _SHARED_ENTRY[entry]


def nal_units(sample: bytes, length_size: int) -> Iterator[bytes]:
    """Yield the first two bytes of each NAL unit that fill a sample exactly."""
    return (sample[a : min(a + 2, b)] for a, b in nal_places(sample, length_size))


def nal_places(sample: bytes, length_size: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of each NAL unit that fill a sample exactly."""
    at = 0
    while at < len(sample):
        size = int.from_bytes(sample[at : at + length_size])
        at += length_size
        if not size or at + size > len(sample):
            raise not_clean()
        yield at, at + size
        at += size


def obus(sample: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield type, start and end of each AV1 unit that fill a sample exactly."""
    at = 0
    while at < len(sample):
        start, header = at, sample[at]
        at += 2 if header & 4 else 1
        size = len(sample) - at
        if header & 2:
            size, at = _leb128(sample, at)
        if size < 0 or at + size > len(sample):
            raise not_clean()
        at += size
        yield header >> 3 & 15, start, at


def obu_content(unit: bytes) -> bytes:
    """Return what an AV1 unit holds behind its header and size."""
    at = 2 if unit[0] & 4 else 1
    return unit[_leb128(unit, at)[1] if unit[0] & 2 else at :]


def _leb128(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for position in range(8):
        byte = data[at : at + 1]
        if not byte:
            break
        value |= (byte[0] & 127) << 7 * position
        at += 1
        if byte[0] < 128:
            return value, at
    raise not_clean()


def jpeg_units(data: bytes) -> Iterator[int]:
    """Yield the segments of a JPEG picture that fill it exactly.

    Raises MediaError, `needs_playable_copy` where one holds more than its numbers.
    """
    if data[:2] != b"\xff\xd8" or data[-2:] != b"\xff\xd9":
        raise not_clean()
    at, end = 2, len(data) - 2
    tables = JpegTables()
    while at < end:
        if data[at] != 0xFF:
            raise not_clean()
        kind = data[at + 1]
        begin = at + 4
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
        content = data[begin:at]
        if kind == 0xDA:  # a scan: coded data until the next marker
            found = _MARKER.search(data, at)
            at = found.start() if found else end + 1
        if at > end:
            raise not_clean()
        if not _is_full(kind, content):
            raise MediaError("needs_playable_copy")
        tables.take(kind, content)
        yield kind
    tables.end()


def _is_full(kind: int, content: bytes) -> bool:
    """Whether a JPEG segment is just as long as its numbers are."""
    match kind:
        case 0xDD:
            return len(content) == 2
        case 0xDA:
            return len(content) > 1 and len(content) == 4 + 2 * content[0]
        case 0xC0 | 0xC1 | 0xC2:
            return len(content) > 6 and len(content) == 6 + 3 * content[5]
        case 0xC4 | 0xDB:
            return _are_tables(kind, content)
    return True


def _are_tables(kind: int, content: bytes) -> bool:
    """Whether a segment consists of tables for Huffman codes or of quantisers."""
    at = 0
    while at < len(content):
        if kind == 0xC4:
            at += 17 + sum(content[at + 1 : at + 17])
        else:
            at += 129 if content[at] >> 4 else 65
    return at == len(content)


def sample_units(codec: str, length_size: int) -> Callable[[bytes], set[int]]:
    """Return the function that lists the kinds of units in a sample of this codec."""
    match codec:
        case "h264":
            # With the mark of damage, which makes it a kind that there is not.
            return lambda data: {
                h[0] & 31 | h[0] & 0x80 for h in nal_units(data, length_size)
            }
        case "hevc":
            return lambda data: set(map(_hevc_kind, nal_units(data, length_size)))
        case "av1":
            return lambda data: {kind for kind, _, _ in obus(data)}
        case _:
            return lambda data: set(jpeg_units(data))


def _hevc_kind(head: bytes) -> int:
    """Return a unit's kind with the number of its layer: only the first is shown.

    And with the mark of damage. -1 for one that belongs to no step in time.
    """
    number = int.from_bytes(head)
    return number >> 9 | (number & 0x1F8) << 4 if number & 7 else -1


def check_picture(data: bytes) -> None:
    """Raise MediaError unless a JPEG holds nothing but the picture."""
    plain = data[:2] + _JFIF.sub(b"", data[2:], count=1)
    if not set(jpeg_units(plain)) <= CODECS["mjpeg"].units:
        raise not_clean()
