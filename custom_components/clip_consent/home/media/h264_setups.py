"""Two H.264 set-ups in one record: see setups.py."""

from typing import Final, NamedTuple

from .bits import Bits, plain
from .h264_sets import form
from .records import clean_avcc, length_size

# What a start is encoded as, so that a decoder made for the rest takes it.
_PROFILES: Final = {66: "baseline", 77: "main", 100: "", 110: "", 122: "", 244: ""}
_NUMBERS: Final = range(1, 32)  # that a set of sequence parameters may have
_MOST: Final = 31  # sets of sequence parameters that a record counts
_MOST_OF_PICTURES: Final = 255


class _Sets(NamedTuple):
    """An H.264 record taken apart: `tail` tells of chroma and depth, if it is there."""

    head: bytes
    sequence: list[bytes]
    picture: list[bytes]
    tail: bytes


def _numbers(unit: bytes, at: int) -> Bits:
    """Return what reads the numbers of a parameter set, from a byte on."""
    return Bits(plain(unit[at : at + 64]))


def _apart(record: bytes) -> _Sets:
    clean = clean_avcc(record)
    at, found = 5, []
    for mask in (31, 255):
        count = clean[at] & mask
        at += 1
        units = []
        for _ in range(count):
            size = int.from_bytes(clean[at : at + 2])
            units.append(clean[at + 2 : at + 2 + size])
            at += 2 + size
        found.append(units)
    return _Sets(clean[:5], found[0], found[1], clean[at:])


def start_setup(record: bytes) -> tuple[int, str] | None:
    """Return number and profile of a start, before pictures that have this record.

    None for a profile that no encoder of ours makes.
    """
    sets = _apart(record)
    used = {_numbers(unit, 4).number() for unit in sets.sequence}
    used |= {_numbers(unit, 1).number() for unit in sets.picture}
    free = [number for number in _NUMBERS if number not in used]
    if not free or sets.head[1] not in _PROFILES:
        return None
    return free[0], _PROFILES[sets.head[1]]


def joined_record(start: bytes, rest: bytes) -> bytes | None:
    """Return the record of a start and a rest together.

    None where one decoder may not take both: they differ in colours or depth.
    """
    ours, theirs = _apart(start), _apart(rest)
    same = all(
        (
            length_size("h264", start) == length_size("h264", rest),
            {form(unit) for unit in ours.sequence}
            == {form(unit) for unit in theirs.sequence},
            len(ours.sequence) + len(theirs.sequence) <= _MOST,
            len(ours.picture) + len(theirs.picture) <= _MOST_OF_PICTURES,
        )
    )
    if not same:
        return None
    head = bytearray(theirs.head)
    head[2] &= ours.head[2]
    head[3] = max(ours.head[3], theirs.head[3])
    sequence = theirs.sequence + ours.sequence
    picture = theirs.picture + ours.picture
    return b"".join(
        (
            *(bytes(head), bytes([0xE0 | len(sequence)]), *map(_counted, sequence)),
            *(bytes([len(picture)]), *map(_counted, picture), theirs.tail),
        )
    )


def _counted(unit: bytes) -> bytes:
    return len(unit).to_bytes(2) + unit
