"""Regions of a picture that are filled before a draft is made: masks."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from .errors import MediaError
from .serial import Json

SCALE = 10_000  # a region's numbers are ten-thousandths: whole, so that none is rounded
SHARED = 4  # pixels in a row, or above each other, that share a colour at the most
MASKS_MAX = 16  # of one picture
SIDES: Final = ("left", "top", "right", "bottom")


class MaskError(MediaError):
    """A region that is none, or more of them than a picture may have."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Region:
    """A rectangle of the picture as it is shown, in ten-thousandths of its sides.

    `left` and `right` are of the width, `top` and `bottom` of the height, from the
    upper left corner. Raises MaskError `mask_invalid` for one without an inside.
    """

    left: int
    top: int
    right: int
    bottom: int

    def __post_init__(self) -> None:
        """Refuse what does not lie within the picture."""
        inside = 0 <= self.left < self.right <= SCALE
        if not inside or not 0 <= self.top < self.bottom <= SCALE:
            raise MaskError("mask_invalid")

    def covers(self, other: Region) -> bool:
        """Tell whether all of another region lies within this one."""
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom


def read_masks(values: object) -> tuple[Region, ...]:
    """Return regions from JSON: `[left, top, right, bottom]` each, whole numbers.

    Raises MaskError `mask_invalid`, `masks_too_many`.
    """
    if not isinstance(values, list | tuple):
        raise MaskError("mask_invalid")
    if len(values) > MASKS_MAX:
        raise MaskError("masks_too_many", most=str(MASKS_MAX))
    return all_masks(map(_region, values))


def _region(value: object) -> Region:
    sides = value if isinstance(value, list | tuple) else ()
    if len(sides) != len(SIDES) or any(type(side) is not int for side in sides):
        raise MaskError("mask_invalid")
    return Region(**dict(zip(SIDES, sides, strict=True)))


def masks_view(regions: Iterable[Region]) -> list[Json]:
    """Return regions as `read_masks` reads them."""
    return [[getattr(region, side) for side in SIDES] for region in regions]


def all_masks(*several: Iterable[Region]) -> tuple[Region, ...]:
    """Return regions together, in order, none that lies within another.

    Raises MaskError `masks_too_many`.
    """
    every = sorted({region for regions in several for region in regions})
    kept = tuple(
        region
        for region in every
        if not any(other != region and other.covers(region) for other in every)
    )
    if len(kept) > MASKS_MAX:
        raise MaskError("masks_too_many", most=str(MASKS_MAX))
    return kept


def are_covered(regions: Iterable[Region], by: Iterable[Region]) -> bool:
    """Tell whether each region lies within one of the others."""
    others = tuple(by)
    return all(any(other.covers(region) for other in others) for region in regions)


def in_pixels(regions: Iterable[Region], width: int, height: int) -> list[Json]:
    """Return regions as `[left, top, right, bottom]` in pixels of a picture's size.

    Rounded outward to whole fours, as they are filled, and in order, each but once: no
    finer than the picture itself shows them, so they tell no more than it does.
    """
    boxes = {
        (
            *(_down(region.left, width), _down(region.top, height)),
            *(_up(region.right, width), _up(region.bottom, height)),
        )
        for region in regions
    }
    return [list(box) for box in sorted(boxes)]


def _down(at: int, side: int) -> int:
    return at * side // (SHARED * SCALE) * SHARED


def _up(at: int, side: int) -> int:
    return min(side, -(-at * side // (SHARED * SCALE)) * SHARED)
