"""Two HEVC set-ups in one record, and pictures that name another one: see setups.py.

No encoder lets the number of its set-up be chosen. So pictures of a start are told
another one afterwards: what they name it by is the third thing in each slice, and by
a number from 15 to 30 instead of 0 all behind it moves by one whole byte.
"""

from collections.abc import Callable
from typing import Final

from .bits import Bits, bits_of, bytes_of, coded, guarded, plain
from .boxes import not_clean
from .hevc_sets import form
from .records import clean_hvcc, length_size

_VPS, _SPS, _PPS = 32, 33, 34
_SLICES: Final = range(32)  # kinds of units
_ACCESS: Final = range(16, 24)  # kinds of slices a film can begin with
_PROFILES: Final = {1: "main", 2: "main10"}
_NUMBERS: Final = range(16)  # of sets for a film and for a sequence
_OF_PICTURES: Final = 15  # that much more is the number of a set for pictures
_SETS: Final = slice(22, None)
_MOST: Final = {_VPS: 16, _SPS: 16, _PPS: 64}
_LEVEL, _FORM, _RATE = 12, 16, 19


def _apart(record: bytes) -> tuple[bytes, dict[int, list[bytes]]]:
    """Return the head of a record and its parameter sets by their kinds."""
    clean = clean_hvcc(record)
    sets: dict[int, list[bytes]] = {_VPS: [], _SPS: [], _PPS: []}
    at = _SETS.start + 1
    while at < len(clean):
        kind, count = clean[at] & 63, int.from_bytes(clean[at + 1 : at + 3])
        at += 3
        for _ in range(count):
            size = int.from_bytes(clean[at : at + 2])
            sets[kind].append(clean[at + 2 : at + 2 + size])
            at += 2 + size
    return clean[: _SETS.start], sets


def start_setup(record: bytes) -> tuple[int, str] | None:
    """Return number and profile of a start, before pictures that have this record.

    None for a profile that no encoder of ours makes.
    """
    head, sets = _apart(record)
    used = {plain(unit)[2] >> 4 for unit in sets[_VPS]}
    used |= {form(unit).number for unit in sets[_SPS]}
    used |= {Bits(plain(unit)[2:]).number() - _OF_PICTURES for unit in sets[_PPS]}
    free = [number for number in _NUMBERS if number not in used]
    profile = _PROFILES.get(head[1] & 31)
    return (free[0], profile) if free and profile else None


def joined_record(start: bytes, rest: bytes) -> bytes | None:
    """Return the record of a start and a rest together.

    None where one decoder may not take both: they differ in colours, depth or profile.
    """
    (our_head, ours), (head, theirs) = _apart(start), _apart(rest)
    forms = [{form(unit)[1:] for unit in sets[_SPS]} for sets in (ours, theirs)]
    same = all(
        (
            length_size("hevc", start) == length_size("hevc", rest),
            our_head[1] & ~0x20 == head[1] & ~0x20,  # but for the tier
            our_head[1] <= head[1],
            our_head[_FORM:_RATE] == head[_FORM:_RATE],
            forms[0] == forms[1],
            all(len(ours[kind]) + len(theirs[kind]) <= _MOST[kind] for kind in ours),
        )
    )
    if not same:
        return None
    joined = bytearray(head)
    for at in range(2, _LEVEL):  # what either is compatible with and constrained to
        joined[at] &= our_head[at]
    joined[_LEVEL] = max(head[_LEVEL], our_head[_LEVEL])
    return _record(bytes(joined), {kind: theirs[kind] + ours[kind] for kind in ours})


def _record(head: bytes, sets: dict[int, list[bytes]]) -> bytes:
    """Return a record; all parameter sets there are, are in it."""
    arrays = [
        bytes([0x80 | kind]) + len(units).to_bytes(2) + b"".join(map(_counted, units))
        for kind, units in sets.items()
    ]
    return b"".join((head, bytes([len(arrays)]), *arrays))


def _counted(unit: bytes) -> bytes:
    return len(unit).to_bytes(2) + unit


def renumbered_record(record: bytes, number: int) -> bytes:
    """Return the record that an encoder of ours made, under another number.

    Raises MediaError if it is not as our encoder makes them.
    """
    head, sets = _apart(record)
    told = f"{number:04b}"
    rules: dict[int, Callable[[str], str]] = {
        _VPS: lambda bits: told + bits[4:],
        _SPS: lambda bits: told + bits[4:104] + _changed(bits[104:], number),
        _PPS: lambda bits: (
            coded(number + _OF_PICTURES) + _changed(_changed(bits, 0)[1:], number)
        ),
    }
    for kind, units in sets.items():
        units[:] = [_rewritten(unit, rules[kind]) for unit in units]
    return _record(head, sets)


def _changed(bits: str, number: int) -> str:
    """Return bits that begin with a number that is 0 with another one instead."""
    if bits[:1] != "1":
        raise not_clean()
    return coded(number) + bits[1:]


def _rewritten(unit: bytes, change: Callable[[str], str]) -> bytes:
    """Return a parameter set, its bits but for the last ones changed."""
    data = plain(unit)
    bits = change(bits_of(data[2:]).rstrip("0")[:-1]) + "1"
    return guarded(data[:2] + bytes_of(bits + "0" * (-len(bits) % 8)))


def renumbered(unit: bytes, number: int) -> bytes:
    """Return a unit of a picture that an encoder of ours made, under another number.

    Raises MediaError if it is not as our encoder makes them.
    """
    kind = unit[0] >> 1 & 63
    if kind not in _SLICES:
        return unit
    data = plain(unit)
    first = 2 if kind in _ACCESS else 1  # bits before the number
    bits = bits_of(data[2:3])
    bits = bits[:first] + _changed(bits[first:], number + _OF_PICTURES)
    return guarded(data[:2] + bytes_of(bits) + data[3:])
