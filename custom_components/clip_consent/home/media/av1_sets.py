"""What an AV1 sequence header holds, number by number (AV1, 5.5)."""

from typing import Final

from .bits import WholeBits

_TIERED: Final = 7  # levels above have two tiers
_SRGB: Final = (1, 13, 0)  # primaries, transfer and matrix of pictures in RGB
_UNSAID: Final = (2, 2, 2)


def read_sequence(bits: WholeBits) -> None:
    """Read a sequence header. Raises EndOfBitsError if it breaks off."""
    profile = bits.take(3)
    bits.take(1)
    still = bool(bits.take(1))  # a header for a single picture
    if still:
        bits.take(5)
    else:
        _read_points(bits)
    wide, high = bits.take(4) + 1, bits.take(4) + 1
    bits.take(wide + high)
    if not still and bits.take(1):
        bits.take(7)
    bits.take(3)
    if not still:
        _read_tools(bits)
    bits.take(3)
    _read_colours(bits, profile)
    bits.take(1)


def _read_points(bits: WholeBits) -> None:
    """Read when pictures are shown, and what a decoder must be able to do."""
    delay = 0  # how many bits a delay has
    if bits.take(1):
        bits.take(64)
        if bits.take(1):
            bits.number()
        if bits.take(1):
            delay = bits.take(5) + 1
            bits.take(42)
    delayed = bits.take(1)
    for _ in range(bits.take(5) + 1):
        bits.take(12)
        if bits.take(5) > _TIERED:
            bits.take(1)
        if delay and bits.take(1):
            bits.take(2 * delay + 1)
        if delayed and bits.take(1):
            bits.take(4)


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


def _read_colours(bits: WholeBits, profile: int) -> None:
    deep = bits.take(1)
    deepest = profile == 2 and deep and bits.take(1)
    grey = profile != 1 and bits.take(1)
    said = (bits.take(8), bits.take(8), bits.take(8)) if bits.take(1) else _UNSAID
    if grey:
        bits.take(1)
        return
    if said != _SRGB:
        bits.take(1)
        halved = profile == 0 or (deepest and bits.take(1) and bits.take(1))
        if halved:
            bits.take(2)
    bits.take(1)
