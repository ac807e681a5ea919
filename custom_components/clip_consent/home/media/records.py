"""What a decoder is set up with: kept to the parameter sets, everything else dropped.

Encoders write their name and settings here too (x265 puts an SEI into `hvcC`), where
ffmpeg's unit filter does not reach.
"""

import struct
from typing import Final

from ...core.errors import MediaError
from .boxes import box, not_clean
from .parameter_sets import check_header, check_unit
from .record_heads import av1_head, h264_head, hevc_head
from .units import obus

_HIGHER_H264: Final = {110: "high10", 122: "high422", 244: "high444"}
_HVCC_HEAD: Final = 22  # bytes before the arrays
_HEVC_SEQUENCE: Final = 33


class _Reader:
    """Reads a record from the front. Raises MediaError past its end."""

    def __init__(self, data: bytes) -> None:
        """Begin at the front."""
        self._data = data

    def take(self, size: int) -> bytes:
        """Return the next bytes."""
        if len(self._data) < size:
            raise not_clean()
        taken, self._data = self._data[:size], self._data[size:]
        return taken

    def number(self, size: int) -> int:
        """Return the next bytes as a number."""
        return int.from_bytes(self.take(size))

    def unit(self) -> bytes:
        """Return the next NAL unit, with its length before it."""
        size = self.number(2)
        if not size:
            raise not_clean()
        return struct.pack(">H", size) + self.take(size)

    def units(self, count: int, kind: int) -> list[bytes]:
        """Return so many H.264 units of that kind, with their lengths before them."""
        found = [self.unit() for _ in range(count)]
        if any(each[2] & 31 != kind for each in found):
            raise not_clean()
        for each in found:
            check_unit("h264", kind, each[2:])
        return found

    def rest(self) -> bytes:
        """Return what is left."""
        return self._data


def clean_avcc(data: bytes) -> bytes:
    """Return an H.264 record with nothing but its parameter sets.

    Raises MediaError, `needs_playable_copy` where a set holds more than is read.
    """
    reader = _Reader(data)
    head = reader.take(5)
    sps = reader.number(1) & 31
    sequence = reader.units(sps, 7)
    pps = reader.number(1)
    picture = reader.units(pps, 8)
    if head[0] != 1 or not sps or not pps:
        raise not_clean()
    begin, end = h264_head([each[2:] for each in sequence])
    return b"".join(
        (
            *(begin, bytes([0xFC | head[4], 0xE0 | sps]), *sequence),
            *(bytes([pps]), *picture, end),
        )
    )


def clean_hvcc(data: bytes) -> bytes:
    """Return an HEVC record with nothing but its parameter sets.

    Raises MediaError, `needs_playable_copy` where a set holds more than is read.
    """
    reader = _Reader(data)
    head = reader.take(_HVCC_HEAD)
    arrays: list[bytes] = []
    sequence: list[bytes] = []
    for _ in range(reader.number(1)):
        kind, count = reader.number(1), reader.number(2)
        units = [reader.unit() for _ in range(count)]
        if kind & 63 in (32, 33, 34):
            for unit in units:
                # In the first layer: others are not shown.
                if int.from_bytes(unit[2:4]) >> 3 != (kind & 63) << 6:
                    raise not_clean()
                check_unit("hevc", kind & 63, unit[2:])
            if kind & 63 == _HEVC_SEQUENCE:
                sequence += (unit[2:] for unit in units)
            arrays.append(struct.pack(">BH", kind & 0xBF, count) + b"".join(units))
    if head[0] != 1 or not sequence:
        raise not_clean()
    return hevc_head(head, sequence) + bytes([len(arrays)]) + b"".join(arrays)


def clean_av1c(data: bytes) -> bytes:
    """Return an AV1 record with nothing but its sequence header.

    Raises MediaError, `needs_playable_copy` where that holds more than is read.
    """
    rest = data[4:]
    if len(data) < 4 or data[0] != 0x81:
        raise not_clean()
    headers = [rest[a:b] for kind, a, b in obus(rest) if kind == 1]
    for header in headers:
        check_header(header)
    if not headers:
        raise MediaError("needs_playable_copy")
    return av1_head(headers[0]) + b"".join(headers)


def esds(object_type: int, stream_type: int, setup: bytes) -> bytes:
    """Return the box that sets up an MPEG-4 decoder, without any rates."""
    specific = _descriptor(5, setup) if setup else b""
    decoder = struct.pack(">BB11x", object_type, stream_type << 2 | 1) + specific
    stream = b"\0\0\0" + _descriptor(4, decoder) + _descriptor(6, b"\x02")
    return box(b"esds", b"\0\0\0\0", _descriptor(3, stream))


def _descriptor(tag: int, content: bytes) -> bytes:
    if len(content) > 127:
        raise not_clean()
    return bytes([tag, len(content)]) + content


def read_esds(data: bytes) -> tuple[int, bytes]:
    """Return object type and decoder set-up of an `esds` content."""
    reader = _Reader(data)
    reader.take(4)
    _open_descriptor(reader, 3)
    if reader.take(3)[2]:  # flags: other streams, an address
        raise not_clean()
    _open_descriptor(reader, 4)
    object_type = reader.number(1)
    reader.take(12)
    if reader.rest()[:1] != b"\x05":
        return object_type, b""
    return object_type, reader.take(_open_descriptor(reader, 5))


def _open_descriptor(reader: _Reader, tag: int) -> int:
    if reader.number(1) != tag:
        raise not_clean()
    size = 0
    while (byte := reader.number(1)) & 128:
        size = size << 7 | byte & 127
    return size << 7 | byte


def clean_record(codec: str, kind: bytes, content: bytes) -> bytes:
    """Return a codec's record as a box with nothing but what decoding needs."""
    match codec, kind:
        case "h264", b"avcC":
            return box(kind, clean_avcc(content))
        case "hevc", b"hvcC":
            return box(kind, clean_hvcc(content))
        case "av1", b"av1C":
            return box(kind, clean_av1c(content))
        case "mjpeg", b"esds":
            if read_esds(content)[0] != 0x6C:
                raise not_clean()
            return esds(0x6C, 4, b"")
        case "aac", b"esds":
            object_type, setup = read_esds(content)
            if object_type != 0x40 or not 2 <= len(setup) <= 8:
                raise not_clean()
            return esds(0x40, 5, setup)
    raise not_clean()


def record_kind(codec: str) -> bytes:
    """Return the name of a codec's record."""
    names = {"h264": b"avcC", "hevc": b"hvcC", "av1": b"av1C"}
    return names.get(codec, b"esds")


def length_size(codec: str, record: bytes) -> int:
    """Return how many bytes the length before each NAL unit has."""
    match codec:
        case "h264":
            return (record[4] & 3) + 1
        case "hevc":
            return (record[21] & 3) + 1
    return 0


def codec_name(codec: str, record: bytes) -> str:
    """Return a codec's name for people: plain `h264` is what any browser plays."""
    if codec != "h264" or record[1] not in _HIGHER_H264:
        return codec
    return f"h264_{_HIGHER_H264[record[1]]}"
