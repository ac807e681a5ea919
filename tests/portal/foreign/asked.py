"""What a home of the page's words offers to its owner, and how often it asks."""

from itertools import pairwise
from math import cos, pi, radians
from typing import Any, Final

from .spelling import Said, instant

SLOTS: Final = (60, 300, 600, 900, 1800, 3600)  # seconds

_KM2: Final = (0.065, 1.295)
_SECONDS: Final = (900, 43200)
_METRES: Final = 6_371_008.8 * pi / 180  # a degree of latitude
_ROUNDING: Final = 1e-3  # of an area: the page names no shape of the earth


def slot_length(said: Any) -> int:
    """Return how long a slot is, whatever a hub says of it."""
    return next((slot for slot in SLOTS if slot >= said), SLOTS[-1])


def within_limits(item: Said) -> bool:
    """Tell whether an item is a notice, or a request that an owner may be shown."""
    if item["type"] != "request":
        return True
    length = (instant(item["end"]) - instant(item["start"])).total_seconds()
    smallest, largest = _KM2
    room = square_km(item["area"])
    return (
        smallest * (1 - _ROUNDING) <= room <= largest * (1 + _ROUNDING)
        and _SECONDS[0] <= length <= _SECONDS[1]
    )


def square_km(area: Said) -> float:
    """Return how large an area is, of some streets' size."""
    if area["kind"] == "circle":
        return float(pi * area["radius"] ** 2 / 1e6)
    points = [
        (float(latitude), float(longitude)) for latitude, longitude in area["points"]
    ]
    across = cos(radians(points[0][0]))
    flat = [
        (
            (longitude - points[0][1]) * across * _METRES,
            (latitude - points[0][0]) * _METRES,
        )
        for latitude, longitude in points
    ]
    turns = (a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*flat, flat[0]]))
    return abs(sum(turns)) / 2 / 1e6
