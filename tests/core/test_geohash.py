"""Cells: the known names, and covers that miss no place of an area."""

import math

from hypothesis import given, strategies as st
import pytest

from custom_components.clip_consent.core.geo import GRID, Circle, Point, Polygon
from custom_components.clip_consent.core.geohash import COVER_MAX, around, cover, encode

ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz"
LATS = st.floats(-84.9, 84.9)
LONS = st.floats(-180, 180) | st.sampled_from([-180.0, 180.0, 179.9999, -179.9999])


def decode(name: str) -> tuple[float, float, float, float]:
    """Return south, north, west, east of a cell, by halving as it is defined."""
    lat, lon = [-90.0, 90.0], [-180.0, 180.0]
    for place, bit in enumerate("".join(f"{ALPHABET.index(c):05b}" for c in name)):
        side = lat if place % 2 else lon
        side[bit == "0"] = sum(side) / 2
    return lat[0], lat[1], lon[0], lon[1]


@pytest.mark.parametrize(
    ("lat", "lon", "name"),
    [
        (57.64911, 10.40744, "u4pruydqqvj"),  # https://en.wikipedia.org/wiki/Geohash
        (42.605, -5.603, "ezs42"),
        (0.0, 0.0, "s0000"),
        (-1e-6, -1e-6, "7zzzz"),
        (90.0, 0.0, "upbpb"),
        (-90.0, -180.0, "00000"),
        (90.0, 179.99999, "zzzzz"),
        (0.0, 180.0, "80000"),  # the same meridian as 180 degrees west
        (0.0, -180.0, "80000"),
    ],
)
def test_known_names(lat: float, lon: float, name: str) -> None:
    """Names that others give too."""
    assert encode(Point(lat=lat, lon=lon), len(name)) == name


@given(st.floats(-90, 90), st.floats(-180, 179.999), st.integers(1, 8))
def test_the_cell_holds_the_place(lat: float, lon: float, precision: int) -> None:
    """Within a step of the grid."""
    name = encode(Point(lat=lat, lon=lon), precision)
    south, north, west, east = decode(name)
    assert len(name) == precision
    assert south - 1 / GRID <= lat <= north + 1 / GRID
    assert west - 1 / GRID <= lon <= east + 1 / GRID


@given(st.floats(-90, 90), st.floats(-180, 180), st.integers(2, 8))
def test_longer_names_are_within_shorter(lat: float, lon: float, length: int) -> None:
    """A name's beginning is the name of the larger cell."""
    point = Point(lat=lat, lon=lon)
    assert encode(point, length).startswith(encode(point, length - 1))


@given(LATS, LONS, st.floats(1, 2500), st.floats(-1.1, 1.1), st.floats(-1.1, 1.1))
def test_no_place_in_a_circle_is_missed(
    lat: float, lon: float, radius: float, north: float, east: float
) -> None:
    """At most nine cells of one size, and every place inside lies in one."""
    circle = Circle(center=Point(lat=lat, lon=lon), radius=radius)
    cells = cover(circle)
    degrees = math.degrees(radius / 6_371_008.8)
    wide = degrees / math.cos(math.radians(lat))
    point = Point(lat=lat + north * degrees, lon=(lon + east * wide + 540) % 360 - 180)
    (length,) = {len(cell) for cell in cells}
    assert length in {4, 5}
    assert len(cells) <= COVER_MAX
    assert not circle.contains(point) or encode(point, length) in cells


@given(
    LATS,
    LONS,
    st.lists(
        st.tuples(st.integers(0, 40_000), st.integers(0, 40_000)),
        min_size=3,
        max_size=3,
        unique=True,
    ),
)
def test_every_vertex_of_a_polygon_is_covered(
    lat: float, lon: float, steps: list[tuple[int, int]]
) -> None:
    """Over the antimeridian too."""
    (ax, ay), (bx, by), (cx, cy) = steps
    if (bx - ax) * (cy - ay) == (by - ay) * (cx - ax):
        steps = [(0, 0), (40_000, 0), (0, 40_000)]
    area = Polygon(
        vertices=tuple(
            Point(
                lat=(round(lat * GRID) + y) / GRID,
                lon=((round(lon * GRID) + x + 180 * GRID) % (360 * GRID)) / GRID - 180,
            )
            for x, y in steps
        )
    )
    cells = cover(area)
    (length,) = {len(cell) for cell in cells}
    assert len(cells) <= COVER_MAX
    assert {encode(vertex, length) for vertex in area.vertices} <= cells


def test_as_fine_as_nine_cells_allow() -> None:
    """Three by three at the most."""
    # A cell of five characters is 4.89 km high; at 56 degrees north 2.7 km wide.
    nine = Circle(center=Point(lat=56.14, lon=5.0), radius=2480)
    assert len(cover(nine)) == 9
    assert {len(cell) for cell in cover(nine)} == {5}
    # At 61 degrees it is 2.4 km wide: four columns, three rows.
    twelve = Circle(center=Point(lat=61.15, lon=5.01), radius=2480)
    assert {len(cell) for cell in cover(twelve)} == {4}


def test_fine_cells_near_the_equator_coarse_ones_far_north() -> None:
    """Cells are narrow near a pole: then larger ones are asked for."""
    small = Circle(center=Point(lat=0.01, lon=0.01), radius=500)
    assert cover(small) == {"s0000"}
    corner = Circle(center=Point(lat=0.0, lon=0.0), radius=500)
    assert cover(corner) == {"s0000", "kpbpb", "ebpbp", "7zzzz"}
    seam = Circle(center=Point(lat=0.01, lon=180.0), radius=500)
    assert cover(seam) == {"80000", "xbpbp"}
    north = Circle(center=Point(lat=84.0, lon=0.0), radius=2500)
    assert {len(cell) for cell in cover(north)} == {4}


def test_neighbours_as_others_name_them() -> None:
    """Those of ezs42, the example of https://en.wikipedia.org/wiki/Geohash."""
    names = "ezefp ezefr ezefx ezs40 ezs41 ezs42 ezs43 ezs48 ezs49"
    assert around(Point(lat=42.605, lon=-5.603), 5) == tuple(names.split())


@pytest.mark.parametrize(
    ("lat", "lon", "count"),
    [(0.01, 179.99, 9), (0.01, -179.99, 9), (89.99, 0.01, 6), (-89.99, 0.01, 6)],
)
def test_neighbours_where_the_globe_closes_or_ends(
    lat: float, lon: float, count: int
) -> None:
    """There is none beyond a pole, and the first column is beside the last."""
    place = Point(lat=lat, lon=lon)
    found = around(place, 5)
    assert encode(place, 5) in found
    assert list(found) == sorted(set(found))
    assert len(found) == count


@given(LATS, LONS, st.integers(4, 5), st.floats(-1, 1), st.floats(-1, 1))
def test_no_place_as_near_as_a_cell_is_wide_is_missed(
    lat: float, lon: float, precision: int, east: float, north: float
) -> None:
    """Whatever lies within one cell of a place is in one of the cells around it."""
    here = Point(lat=lat, lon=lon)
    south, top, west, right = decode(encode(here, precision))
    there_lon = lon + east * (right - west)
    there = Point(
        lat=lat + north * (top - south),
        lon=(there_lon + 180) % 360 - 180,
    )
    assert encode(there, precision) in around(here, precision)
