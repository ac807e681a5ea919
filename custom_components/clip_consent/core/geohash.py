"""Geohash: names of cells, so that a home can ask for a region and not for a place.

Counted in whole steps of the grid of `geo`; the meridian of 180 degrees belongs to the
cells east of it. See https://en.wikipedia.org/wiki/Geohash.
"""

from typing import Final

from .geo import GRID, Area, Point

_ALPHABET: Final = "0123456789bcdefghjkmnpqrstuvwxyz"
FINEST_FEED_CELL: Final = 5  # characters: 5 km across
COARSEST_FEED_CELL: Final = 4  # characters: 39 by 20 km
COVER_MAX: Final = 9  # cells


def encode(point: Point, precision: int) -> str:
    """Return the cell of so many characters that holds a place."""
    lon, lat = point.grid
    return _name(_column(lon, precision), _row(lat, precision), precision)


def cover(area: Area) -> frozenset[str]:
    """Return the cells that an area's box touches: the finest of which nine do.

    So every place in the area lies in one of them.
    """
    for precision in range(FINEST_FEED_CELL, COARSEST_FEED_CELL, -1):
        if len(cells := touched(area, precision)) <= COVER_MAX:
            return cells
    return touched(area, COARSEST_FEED_CELL)


def around(point: Point, precision: int) -> tuple[str, ...]:
    """Return the cell that holds a place and those that touch it, sorted by name."""
    lon, lat = point.grid
    column, row = _column(lon, precision), _row(lat, precision)
    last = (1 << precision * 5 // 2) - 1
    names = {
        _name(column + east, max(0, min(last, row + north)), precision)
        for east in (-1, 0, 1)
        for north in (-1, 0, 1)
    }
    return tuple(sorted(names))


def touched(area: Area, precision: int) -> frozenset[str]:
    """Return the cells of so many characters that an area's box touches."""
    box = area.box
    columns = range(_column(box.west, precision), _column(box.east, precision) + 1)
    rows = range(_row(box.south, precision), _row(box.north, precision) + 1)
    return frozenset(
        _name(column, row, precision) for column in columns for row in rows
    )


def _column(lon: int, precision: int) -> int:
    """Count cells from 180 degrees west; may pass the ends where the globe closes."""
    return ((lon + 180 * GRID) << (precision * 5 + 1) // 2) // (360 * GRID)


def _row(lat: int, precision: int) -> int:
    bits = precision * 5 // 2
    return min(((lat + 90 * GRID) << bits) // (180 * GRID), (1 << bits) - 1)


def _name(column: int, row: int, precision: int) -> str:
    code = 0
    for bit in range(precision * 5):
        # From the last bit: east and north by turns, so that the first bit is east's.
        # Higher bits than a name has are turns of the globe.
        east = (precision * 5 - 1 - bit) % 2 == 0
        code |= ((column if east else row) >> bit // 2 & 1) << bit
    return "".join(
        _ALPHABET[code >> 5 * place & 31] for place in reversed(range(precision))
    )
