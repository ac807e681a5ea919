"""Where consecutive recordings lie in time, as far as their names can tell.

A name tells a second, and its recording began somewhere in it. So each recording is
put into the second of its own name: whatever was recorded, it is never a second off,
and nothing adds up from file to file. Within that freedom recordings follow each other
frame to frame, as recorders mostly write them. What overlaps by more, or lacks more,
than names can be off by was recorded so. Names that tell the frame leave no freedom.
"""

from collections.abc import Sequence
from typing import Final

from .models import Piece

_NEAR: Final = 1e-6  # seconds; what is less is of the arithmetic


def places(pieces: Sequence[Piece], lengths: Sequence[float]) -> list[float]:
    """Return when each piece begins, in seconds from what the first one's name says.

    `pieces` are in order; `lengths` are how many seconds the pictures of each last.
    """
    named = [(piece.start - pieces[0].start).total_seconds() for piece in pieces]
    latest = [start + piece.unsure for start, piece in zip(named, pieces, strict=True)]
    placed = named[:1]
    for number, start in enumerate(named[1:], 1):
        follows = placed[-1] + lengths[number - 1]
        placed.append(max(min(max(follows, start), latest[number]), placed[-1]))
    for number in range(len(placed) - 1, 0, -1):
        _close_hole(number, placed, lengths, latest)
    return placed


def _close_hole(
    number: int, placed: list[float], lengths: Sequence[float], latest: Sequence[float]
) -> None:
    """Put what leads up to a piece later, if names allow that nothing is missing."""
    hole = placed[number] - placed[number - 1] - lengths[number - 1]
    if hole < _NEAR:
        return
    first = number - 1
    while first and placed[first] - placed[first - 1] - lengths[first - 1] < _NEAR:
        first -= 1
    if all(placed[one] + hole <= latest[one] + _NEAR for one in range(first, number)):
        for one in range(first, number):
            placed[one] += hole
