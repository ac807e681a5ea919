"""What a parameter set cuts off the pictures: no more than fills up their last blocks.

Cut off, it is in the film all the same: whoever changes a few bits sees it. The owner,
who was shown the pictures without it, would not know what they send.
"""

from typing import Final

from ...core.errors import MediaError
from .bits import WholeBits

# How many pixels share a colour, across and down, by how colours are subsampled.
_SHARED: Final = {1: (2, 2), 2: (2, 1)}


def shared(chroma: int) -> tuple[int, int]:
    """Return how many pixels share a colour, across and down."""
    return _SHARED.get(chroma, (1, 1))


def pass_cropping(
    bits: WholeBits, unit: tuple[int, int], block: tuple[int, int]
) -> None:
    """Leave out how much is cut off left, right, above and below, if it is told.

    `unit` is what that is counted in, `block` what pictures are coded in, both in
    pixels across and down. Raises EndOfBitsError; MediaError `needs_playable_copy` for
    a whole block or more.
    """
    if not bits.take(1):
        return
    left, right, above, below = bits.numbers(4)
    if (left + right) * unit[0] >= block[0] or (above + below) * unit[1] >= block[1]:
        raise MediaError("needs_playable_copy")
