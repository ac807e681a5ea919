"""How H.264's parameter sets are built up (ITU-T H.264, 7.3.2 and E.1)."""

from typing import Final

from ...core.errors import MediaError
from .bits import Bits, WholeBits, plain
from .cropping import pass_cropping, shared

# Profiles whose sequences tell of colours and depths.
_HIGH: Final = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135}
_COUNTED_ORDER, _LISTED_ORDER = 0, 1
_BLOCK: Final = 16  # pixels


def read_sequence(bits: WholeBits) -> bool:
    """Read a set for a sequence to its end; return if its pictures may be fields.

    Raises EndOfBitsError, MediaError.
    """
    profile = bits.take(8)
    bits.take(16)
    bits.number()
    across, down = _read_form(bits) if profile in _HIGH else shared(1)
    bits.number()
    order = bits.number()
    if order == _COUNTED_ORDER:
        bits.number()
    elif order == _LISTED_ORDER:
        bits.take(1)
        bits.pass_numbers(2)
        bits.pass_numbers(bits.number())
    bits.number()
    bits.take(1)
    bits.pass_numbers(2)
    fields = 1 if bits.take(1) else 2  # that blocks lie in: those of two are pairs
    bits.take(fields)
    pass_cropping(bits, (across, down * fields), (_BLOCK, _BLOCK * fields))
    if bits.take(1):
        _read_usability(bits)
    return fields > 1


def form(unit: bytes) -> tuple[int, int, int]:
    """Return colours and bit depths of a set for a sequence, a whole unit."""
    if unit[1] not in _HIGH:
        return (1, 0, 0)
    bits = Bits(plain(unit[4:68]))
    bits.number()
    chroma = bits.number()
    if chroma == 3:
        bits.take(1)
    return (chroma, bits.number(), bits.number())


def _read_form(bits: WholeBits) -> tuple[int, int]:
    """Return how many pixels share a colour, across and down."""
    chroma = bits.number()
    if chroma == 3:
        bits.take(1)
    bits.pass_numbers(2)
    bits.take(1)
    if bits.take(1):
        _read_scaling(bits, 12 if chroma == 3 else 8)
    return shared(chroma)


def _read_scaling(bits: WholeBits, lists: int) -> None:
    for each in range(lists):
        if bits.take(1):
            _read_scaling_list(bits, 16 if each < 6 else 64)


def _read_scaling_list(bits: WholeBits, size: int) -> None:
    last = 8
    for _ in range(size):
        last = (last + bits.signed()) % 256
        if not last:  # the others are as the one before
            return


def _read_usability(bits: WholeBits) -> None:
    bits.pass_colours()
    if bits.take(1):
        bits.take(65)
    rated = [_read_rates(bits), _read_rates(bits)]
    if any(rated):
        bits.take(1)
    bits.take(1)
    if bits.take(1):
        bits.take(1)
        bits.pass_numbers(6)


def _read_rates(bits: WholeBits) -> bool:
    if not bits.take(1):
        return False
    count = bits.number() + 1
    bits.take(8)
    for _ in range(count):
        bits.pass_numbers(2)
        bits.take(1)
    bits.take(20)
    return True


def read_picture(bits: WholeBits) -> None:
    """Read a set for pictures to its end. Raises EndOfBitsError, MediaError.

    Scaling lists of pictures whose colours are not subsampled are not read: their
    number stands in another set.
    """
    bits.pass_numbers(2)
    bits.take(2)
    if bits.number():  # pictures in slices of any form: no decoder in use takes them
        raise MediaError("needs_playable_copy")
    bits.pass_numbers(2)
    bits.take(3)
    bits.pass_numbers(3)
    bits.take(3)
    if bits.more():
        larger = bits.take(1)
        if bits.take(1):
            _read_scaling(bits, 6 + 2 * larger)
        bits.number()
