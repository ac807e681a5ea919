"""Parameter sets of H.264, HEVC and AV1, read to their ends: nothing may follow.

A decoder stops where a set's last number ends and never looks at what follows. So
a recorder could put anything there: a serial number, a place. A set that breaks off
before its end has nothing behind it, and what a decoder makes of that is its affair;
but what is longer than such sets are may be words that were taken for numbers.
"""

from collections.abc import Callable
from typing import Final

from ...core.errors import MediaError
from . import av1_sets, h264_sets, hevc_sets
from .bits import EndOfBitsError, WholeBits, plain
from .units import nal_places, obu_content, obus

_MOST: Final = 512  # bytes of one set; the largest of cameras have some 100
_MOST_BROKEN: Final = 64  # bytes of one that breaks off
# How to read each kind of unit; others that are allowed have no content but this.
_READERS: Final[dict[str, dict[int, Callable[[WholeBits], object]]]] = {
    "h264": {7: h264_sets.read_sequence, 8: h264_sets.read_picture},
    "hevc": {
        32: hevc_sets.read_film,
        33: hevc_sets.read_sequence,
        34: hevc_sets.read_picture,
    },
}
# How long units are that only mark a place, with their headers.
_MARKS: Final = {"h264": {9: 2, 10: 1, 11: 1}, "hevc": {35: 3, 36: 2, 37: 2}}
_HEADER: Final = {"h264": 1, "hevc": 2}


def check_sample(codec: str, length_size: int, sample: bytes) -> None:
    """Raise MediaError `needs_playable_copy` if a unit of a sample holds too much."""
    if codec == "av1":
        for kind, begin, end in obus(sample):
            if kind == 1:
                check_header(sample[begin:end])
    if codec not in _HEADER:
        return
    for begin, end in nal_places(sample, length_size):
        first = sample[begin]
        kind = first & 31 if codec == "h264" else first >> 1 & 63
        if kind in _READERS[codec] or kind in _MARKS[codec]:
            check_unit(codec, kind, sample[begin:end])


def check_unit(codec: str, kind: int, unit: bytes) -> None:
    """Raise MediaError `needs_playable_copy` if a unit holds more than it needs.

    Those that code pictures are not looked into.
    """
    read = _READERS[codec].get(kind)
    if read is not None:
        _check_size(unit)
        _check_set(read, plain(unit)[_HEADER[codec] :], len(unit))
    elif len(unit.rstrip(b"\0")) > _MARKS[codec].get(kind, len(unit)):
        raise MediaError("needs_playable_copy")


def check_header(unit: bytes) -> None:
    """Raise MediaError `needs_playable_copy` if an AV1 header of all holds too much."""
    _check_size(unit)
    _check_set(av1_sets.read_sequence, obu_content(unit), len(unit))


def _check_size(unit: bytes) -> None:
    """Look at it first: as digits, a set takes eight times what it does as bytes."""
    if len(unit) > _MOST:
        raise MediaError("needs_playable_copy")


def _check_set(read: Callable[[WholeBits], object], data: bytes, size: int) -> None:
    bits = WholeBits(data)
    try:
        read(bits)
    except EndOfBitsError:
        left = size > _MOST_BROKEN
    else:
        left = bits.more()
    if left:
        raise MediaError("needs_playable_copy")
