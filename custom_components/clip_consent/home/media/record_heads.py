"""What the head of a codec's record says: what its parameter sets say, and no more.

The head repeats what stands in the sets, and no decoder compares the two. So it is
made anew of them: whatever a recorder put there does not leave.
"""

from collections.abc import Sequence
from functools import reduce
from operator import and_
from typing import Final

from ...core.errors import MediaError
from . import av1_sets, h264_sets, hevc_sets
from .bits import EndOfBitsError, WholeBits, plain
from .boxes import not_clean
from .units import obu_content

_PLAIN_H264: Final = (66, 77, 88)  # profiles that tell of no colours and depths
_HVCC_LENGTH: Final = 21  # place of the byte with the size of lengths


def h264_head(sets: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Return what comes before and what behind the sets of a record.

    That is the version, and the profile, limits and level that hold for all of `sets`;
    and colours and depths. Raises MediaError for what is too short to be a set.
    """
    if any(len(each) < 4 for each in sets):
        raise not_clean()
    limits, level = reduce(and_, (each[2] for each in sets)), max(e[3] for e in sets)
    head = bytes([1, sets[0][1], limits, level])
    if sets[0][1] in _PLAIN_H264:
        return head, b""
    chroma, *depths = h264_sets.form(sets[0])
    tail = [0xFC | chroma & 3, *(0xF8 | depth & 7 for depth in depths)]
    return head, bytes([*tail, 0])  # no extensions


def hevc_head(head: bytes, sets: Sequence[bytes]) -> bytes:
    """Return the head of a record with these sets of sequences, of its own `head`.

    Raises MediaError for what is too short to be a set.
    """
    units = [plain(each) for each in sets]
    if any(len(each) < 15 for each in units):
        raise not_clean()
    limits = (reduce(and_, (each[at] for each in units)) for at in range(4, 14))
    _, chroma, depths = hevc_sets.form(sets[0])
    first = units[0][2]
    layers = ((first >> 1 & 7) + 1) << 3 | (first & 1) << 2
    return bytes(
        [
            *(1, units[0][3], *limits, max(each[14] for each in units)),
            *(0xF0, 0, 0xFC),  # nothing is said of segments and of parallel work
            *(0xFC | chroma & 3, *(0xF8 | depth & 7 for depth in depths)),
            *(0, 0),  # nor of how many pictures a second
            layers | head[_HVCC_LENGTH] & 3,
        ]
    )


def av1_head(header: bytes) -> bytes:
    """Return the head of a record with this sequence header.

    Raises MediaError `needs_playable_copy` if that breaks off.
    """
    try:
        said = av1_sets.read_sequence(WholeBits(obu_content(header)))
    except EndOfBitsError as err:
        raise MediaError("needs_playable_copy") from err
    bits = 0
    for flag in said.colours[:-1]:
        bits = bits << 1 | flag
    form = said.tier << 7 | bits << 2 | said.colours.siting
    return bytes([0x81, said.profile << 5 | said.level, form, 0])
