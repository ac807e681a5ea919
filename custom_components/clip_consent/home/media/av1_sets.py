"""What an AV1 sequence header holds, number by number (AV1, 5.5)."""

from typing import Final, NamedTuple

from .bits import WholeBits

_TIERED: Final = 7  # levels above have two tiers
_SRGB: Final = (1, 13, 0)  # primaries, transfer and matrix of pictures in RGB
_UNSAID: Final = (2, 2, 2)


class Colours(NamedTuple):
    """How colours are coded: each 0 or 1, but where they lie (`siting`)."""

    deep: int
    deepest: int
    grey: int
    halved_across: int
    halved_down: int
    siting: int


class Sequence(NamedTuple):
    """What a sequence header says of itself; level and tier of the best pictures."""

    profile: int
    level: int
    tier: int
    colours: Colours


def read_sequence(bits: WholeBits) -> Sequence:
    """Read a sequence header. Raises EndOfBitsError if it breaks off."""
    profile = bits.take(3)
    bits.take(1)
    still = bool(bits.take(1))  # a header for a single picture
    level, tier = (bits.take(5), 0) if still else _read_points(bits)
    wide, high = bits.take(4) + 1, bits.take(4) + 1
    bits.take(wide + high)
    if not still and bits.take(1):
        bits.take(7)
    bits.take(3)
    if not still:
        _read_tools(bits)
    bits.take(3)
    colours = _read_colours(bits, profile)
    bits.take(1)
    return Sequence(profile, level, tier, colours)


def _read_points(bits: WholeBits) -> tuple[int, int]:
    """Read when pictures are shown; return what level and tier a decoder must have."""
    delay = 0  # how many bits a delay has
    if bits.take(1):
        bits.take(64)
        if bits.take(1):
            bits.number()
        if bits.take(1):
            delay = bits.take(5) + 1
            bits.take(42)
    delayed = bits.take(1)
    needed: list[tuple[int, int]] = []
    for _ in range(bits.take(5) + 1):
        bits.take(12)
        level = bits.take(5)
        needed.append((level, bits.take(1) if level > _TIERED else 0))
        if delay and bits.take(1):
            bits.take(2 * delay + 1)
        if delayed and bits.take(1):
            bits.take(4)
    return needed[0]


def _read_tools(bits: WholeBits) -> None:
    bits.take(4)
    ordered = bits.take(1)
    if ordered:
        bits.take(2)
    # Screen content may be chosen by each picture, be in all of them or in none.
    if (bits.take(1) or bits.take(1)) and not bits.take(1):
        bits.take(1)
    if ordered:
        bits.take(3)


def _read_colours(bits: WholeBits, profile: int) -> Colours:
    deep = bits.take(1)
    deepest = bits.take(1) if profile == 2 and deep else 0
    grey = bits.take(1) if profile != 1 else 0
    said = (bits.take(8), bits.take(8), bits.take(8)) if bits.take(1) else _UNSAID
    if grey:
        bits.take(1)
        return Colours(deep, deepest, grey, 1, 1, 0)
    across = down = siting = 0
    if said != _SRGB:
        bits.take(1)
        across, down = _read_halving(bits, profile, deepest=bool(deepest))
        siting = bits.take(2) if across and down else 0
    bits.take(1)
    return Colours(deep, deepest, grey, across, down, siting)


def _read_halving(bits: WholeBits, profile: int, *, deepest: bool) -> tuple[int, int]:
    """Return whether there is half as much colour across and down."""
    if deepest:
        across = bits.take(1)
        return across, bits.take(1) if across else 0
    return (profile != 1, profile == 0)
