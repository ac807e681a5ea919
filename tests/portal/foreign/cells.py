"""Geohash (Niemeyer): the cell of a place and those around it."""

from typing import Final

_DIGITS: Final = "0123456789bcdefghjkmnpqrstuvwxyz"
_BITS: Final = 5


def cell_of(latitude: float, longitude: float, length: int) -> str:
    """Return the cell of this many characters that a place is in."""
    columns, rows = _size(length)
    column = min(int((longitude + 180) / 360 * columns), columns - 1)
    row = min(int((latitude + 90) / 180 * rows), rows - 1)
    return _named(column, row, length)


def around(latitude: float, longitude: float, length: int) -> list[str]:
    """Return the cell of a place and its neighbours, in the order of their names.

    Round the earth there is always a next one; beyond a pole there is none.
    """
    columns, rows = _size(length)
    column = min(int((longitude + 180) / 360 * columns), columns - 1)
    row = min(int((latitude + 90) / 180 * rows), rows - 1)
    return sorted(
        {
            _named((column + east) % columns, row + north, length)
            for east in (-1, 0, 1)
            for north in (-1, 0, 1)
            if 0 <= row + north < rows
        }
    )


def _size(length: int) -> tuple[int, int]:
    bits = length * _BITS
    return 1 << (bits + 1) // 2, 1 << bits // 2


def _named(column: int, row: int, length: int) -> str:
    """Bits of the column and of the row take turns, the column's first."""
    bits = length * _BITS
    number = 0
    columns, rows = (bits + 1) // 2, bits // 2
    for place in range(bits):
        if place % 2 == 0:
            columns -= 1
            bit = column >> columns & 1
        else:
            rows -= 1
            bit = row >> rows & 1
        number = number << 1 | bit
    shifts = range(bits - _BITS, -1, -_BITS)
    return "".join(_DIGITS[number >> shift & 31] for shift in shifts)
