"""How HEVC's parameter sets are built up (ITU-T H.265, 7.3.2 and E.2)."""

from typing import Final, NamedTuple

from ...core.errors import MediaError
from .bits import Bits, WholeBits, plain
from .cropping import pass_cropping, shared

_MOST_LAYERS: Final = 8
_MOST_SETS: Final = 64
_BLOCK: Final = (64, 64)  # pixels: the largest there are, of which some fill up all


class Form(NamedTuple):
    """What a sequence is coded in: number, colour subsampling, bit depths."""

    number: int
    chroma: int
    depths: tuple[int, int]


def form(unit: bytes) -> Form:
    """Return what a set for a sequence, a whole unit, says of itself."""
    bits = Bits(plain(unit)[2:])
    bits.take(4)
    pass_profiles(bits)
    number, chroma = bits.number(), bits.number()
    if chroma == 3:
        bits.take(1)
    bits.number(), bits.number()  # how large it is
    if bits.take(1):
        list(bits.numbers(4))  # how much of that is shown
    return Form(number, chroma, (bits.number(), bits.number()))


def pass_profiles(bits: Bits) -> int:
    """Leave out profiles and levels; return how many layers there are but the last."""
    layers = bits.take(3)
    bits.take(1)
    pass_levels(bits, layers)
    return layers


def pass_levels(bits: Bits, layers: int) -> None:
    """Leave out the profiles and levels of so many layers, but the last, and all."""
    bits.take(96)
    if layers:
        present = [(bits.take(1), bits.take(1)) for _ in range(_MOST_LAYERS)]
        for profile, level in present[:layers]:
            bits.take(88 * profile + 8 * level)


def read_film(bits: WholeBits) -> None:
    """Read a set for all of a film to its end. Raises EndOfBitsError, MediaError."""
    bits.take(12)
    layers = bits.take(3)
    bits.take(17)
    pass_levels(bits, layers)
    _pass_order(bits, layers)
    most = bits.take(6)
    for _ in range(bits.number()):
        bits.take(most + 1)
    if bits.take(1):
        _read_clock(bits)
        for number in range(bits.number()):
            bits.number()
            common = bits.take(1) if number else 1
            _read_rates(bits, layers, common=common)
    _refuse(bits.take(1))


def _pass_order(bits: WholeBits, layers: int) -> None:
    bits.pass_numbers(3 * (layers + 1 if bits.take(1) else 1))


def _read_clock(bits: WholeBits) -> None:
    bits.take(64)
    if bits.take(1):
        bits.number()


def _refuse(extension: int) -> None:
    """Raise MediaError where something follows that cannot be read to its end."""
    if extension:
        raise MediaError("needs_playable_copy")


def _read_rates(bits: WholeBits, layers: int, *, common: int) -> None:
    kinds = parts = 0
    if common:
        kinds = bits.take(1) + bits.take(1)
        if kinds:
            parts = bits.take(1)
            bits.take(19 * parts + 8 + 4 * parts + 15)
    for _ in range(layers + 1):
        _read_layer_rates(bits, kinds, parts)


def _read_layer_rates(bits: WholeBits, kinds: int, parts: int) -> None:
    fixed = bits.take(1) or bits.take(1)
    low = 0
    if fixed:
        bits.number()
    else:
        low = bits.take(1)
    count = 1 if low else bits.number() + 1
    for _ in range(kinds * count):
        bits.pass_numbers(4 if parts else 2)
        bits.take(1)


def read_sequence(bits: WholeBits) -> None:
    """Read a set for a sequence to its end. Raises EndOfBitsError, MediaError."""
    bits.take(4)
    layers = pass_profiles(bits)
    bits.number()
    chroma = bits.number()
    if chroma == 3:
        bits.take(1)
    bits.pass_numbers(2)
    pass_cropping(bits, shared(chroma), _BLOCK)
    bits.pass_numbers(2)
    wide = bits.number() + 4
    _pass_order(bits, layers)
    bits.pass_numbers(6)
    if bits.take(1) and bits.take(1):
        _read_scaling(bits)
    bits.take(2)
    if bits.take(1):
        bits.take(8)
        bits.pass_numbers(2)
        bits.take(1)
    _read_references(bits)
    if bits.take(1):
        for _ in range(bits.number()):
            bits.take(wide + 1)
    bits.take(2)
    if bits.take(1):
        _read_usability(bits, layers, shared(chroma))
    if bits.take(1):
        ranges = bits.take(1)
        _refuse(bits.take(7))
        bits.take(9 * ranges)


def _read_scaling(bits: WholeBits) -> None:
    for size in range(4):
        for _ in range(2 if size == 3 else 6):
            if bits.take(1):
                bits.pass_numbers((size > 1) + min(64, 1 << (4 + (size << 1))))
            else:
                bits.number()


def _read_references(bits: WholeBits) -> None:
    count = bits.number()
    _refuse(count > _MOST_SETS)
    before: list[int] = []
    for number in range(count):
        if number and bits.take(1):
            before = _derived(bits, before)
        else:
            before = _listed(bits)


def _listed(bits: WholeBits) -> list[int]:
    """Return how far off the pictures are that others lean on."""
    counts = [bits.number(), bits.number()]
    found = []
    for count, sign in zip(counts, (-1, 1), strict=True):
        at = 0
        for _ in range(count):
            at += sign * (bits.number() + 1)
            bits.take(1)
            found.append(at)
    return found


def _derived(bits: WholeBits, before: list[int]) -> list[int]:
    """Return the same where it is told by what differs from the ones before."""
    back = bits.take(1)
    by = (bits.number() + 1) * (-1 if back else 1)
    kept = [bits.take(1) or bits.take(1) for _ in range(len(before) + 1)]
    moved = [at + by for at, keep in zip([*before, 0], kept, strict=True) if keep]
    early = sorted((at for at in moved if at < 0), reverse=True)
    return early + sorted(at for at in moved if at > 0)


def _read_usability(bits: WholeBits, layers: int, unit: tuple[int, int]) -> None:
    bits.pass_colours()
    bits.take(3)
    pass_cropping(bits, unit, _BLOCK)  # some players cut that off, others do not
    if bits.take(1):
        _read_clock(bits)
        if bits.take(1):
            _read_rates(bits, layers, common=1)
    if bits.take(1):
        bits.take(3)
        bits.pass_numbers(5)


def read_picture(bits: WholeBits) -> None:
    """Read a set for pictures to its end. Raises EndOfBitsError, MediaError."""
    bits.pass_numbers(2)
    bits.take(7)
    bits.pass_numbers(3)
    bits.take(1)
    skips = bits.take(1)
    if bits.take(1):
        bits.number()
    bits.pass_numbers(2)
    bits.take(4)
    tiles, _ = bits.take(1), bits.take(1)
    if tiles:
        _read_tiles(bits)
    bits.take(1)
    if bits.take(1):
        bits.take(1)
        if not bits.take(1):
            bits.pass_numbers(2)
    if bits.take(1):
        _read_scaling(bits)
    bits.take(1)
    bits.number()
    bits.take(1)
    if bits.take(1):
        ranges = bits.take(1)
        _refuse(bits.take(7))
        if ranges:
            _read_ranges(bits, skips)


def _read_tiles(bits: WholeBits) -> None:
    sides = bits.number() + bits.number()
    if not bits.take(1):
        bits.pass_numbers(sides)
    bits.take(1)


def _read_ranges(bits: WholeBits, skips: int) -> None:
    if skips:
        bits.number()
    bits.take(1)
    if bits.take(1):
        bits.number()
        bits.pass_numbers(2 * (bits.number() + 1))
    bits.pass_numbers(2)
