"""Areas: held against shapely, on both sides of the antimeridian and of every limit."""

from collections.abc import Sequence
import json
import math
from pathlib import Path
from typing import Any

from hypothesis import assume, given, settings, strategies as st
import pytest
from shapely import affinity
from shapely.geometry import Point as Spot, Polygon as Shape

from custom_components.clip_consent.core.errors import InvalidGeometryError
from custom_components.clip_consent.core.geo import (
    GRID,
    Area,
    Box,
    Circle,
    Point,
    Polygon,
    check_area,
    metres_between,
    north_of,
)
from custom_components.clip_consent.core.limits import HUB, AreaLimits

assert HUB.area is not None
LIMITS: AreaLimits = HUB.area
INF, NAN = math.inf, math.nan
DEGREE = math.radians(6371.0088)  # kilometres of latitude
DISTANCES = json.loads(
    Path(__file__).with_name("area_distances.json").read_text(encoding="utf-8")
)


def place(lat: float, lon: float) -> Point:
    """Return a place."""
    return Point(lat=lat, lon=lon)


def exactly(code: str) -> str:
    """Return the pattern of one code."""
    return f"^{code}$"


def east_of(lon: float, steps: int) -> float:
    """Return a longitude so many steps of the grid to the east, in range."""
    grid = round(lon * GRID) + steps
    return ((grid + 180 * GRID) % (360 * GRID) - 180 * GRID) / GRID


def ring(
    steps: Sequence[tuple[int, int]], lat: float = 52.0, lon: float = 5.0
) -> Polygon:
    """Return the polygon with vertices so many steps of the grid east and north."""
    origin = round(lat * GRID)
    return Polygon(
        vertices=tuple(place((origin + y) / GRID, east_of(lon, x)) for x, y in steps)
    )


def square(km: float, lat: float = 52.0, lon: float = 5.0) -> Polygon:
    """Return a square with sides of so many kilometres, its south-west corner given."""
    high = round(km / DEGREE * GRID)
    middle = lat + high / GRID / 2
    wide = round(km / DEGREE / math.cos(math.radians(middle)) * GRID)
    return ring([(0, 0), (wide, 0), (wide, high), (0, high)], lat, lon)


def code_of(steps: Sequence[tuple[int, int]], lat: float = 52.0) -> str | None:
    """Return the code of a polygon's refusal."""
    try:
        ring(steps, lat)
    except InvalidGeometryError as err:
        return err.code
    return None


STEP = st.integers(-40_000, 40_000)  # half a kilometre of latitude
COARSE = st.integers(-4, 4).map(lambda step: step * 10_000)  # collinear often enough
RINGS = st.lists(st.tuples(STEP, STEP), min_size=3, max_size=9)
TINY = st.tuples(st.integers(-3, 3), st.integers(-3, 3))  # steps of a centimetre
TINY_RINGS = st.lists(TINY, min_size=3, max_size=6)
COARSE_RINGS = st.lists(st.tuples(COARSE, COARSE), min_size=3, max_size=9)
LATS = st.floats(-84, 84)


def around(steps: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the same vertices in order around their middle: simple nearly always."""
    x = sum(step[0] for step in steps) / len(steps)
    y = sum(step[1] for step in steps) / len(steps)
    return sorted(steps, key=lambda step: math.atan2(step[1] - y, step[0] - x))


SIMPLE_RINGS = (RINGS | COARSE_RINGS | TINY_RINGS).map(around)
LONS = st.floats(-180, 180) | st.sampled_from([-180.0, 180.0, 179.999, -179.999])


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [
        (0.0, 0.0, None),
        (90.0, 180.0, None),
        (-90.0, -180.0, None),
        (90.0001, 0.0, "area_out_of_range"),
        (-90.0001, 0.0, "area_out_of_range"),
        (0.0, 180.0001, "area_out_of_range"),
        (0.0, -180.0001, "area_out_of_range"),
        (1e300, 0.0, "area_out_of_range"),
        (NAN, 0.0, "area_not_a_number"),
        (0.0, NAN, "area_not_a_number"),
        (INF, 0.0, "area_not_a_number"),
        (0.0, -INF, "area_not_a_number"),
    ],
)
def test_places(lat: float, lon: float, code: str | None) -> None:
    """Those that are on a map."""
    if code is None:
        assert place(lat, lon).lat == lat
    else:
        with pytest.raises(InvalidGeometryError, match=exactly(code)):
            place(lat, lon)


@pytest.mark.parametrize(
    ("lat", "radius", "code"),
    [
        (52.0, 1.0, None),
        (52.0, 2500.0, None),
        (52.0, 2500.1, "area_too_wide"),
        (52.0, 1e308, "area_too_wide"),
        (52.0, 0.0, "area_no_radius"),
        (52.0, -1.0, "area_no_radius"),
        (52.0, NAN, "area_not_a_number"),
        (52.0, INF, "area_not_a_number"),
        (85.0, 500.0, None),
        (-85.0, 500.0, None),
        (85.0001, 500.0, "area_near_pole"),
        (-90.0, 500.0, "area_near_pole"),
    ],
)
def test_circles(lat: float, radius: float, code: str | None) -> None:
    """Those of a size and a place that an area can have."""
    if code is None:
        assert Circle(center=place(lat, 5.0), radius=radius).contains(place(lat, 5.0))
    else:
        with pytest.raises(InvalidGeometryError, match=exactly(code)):
            Circle(center=place(lat, 5.0), radius=radius)


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([], "area_too_few_vertices"),
        ([(0, 0), (9, 9)], "area_too_few_vertices"),
        ([(0, 0), (9, 0), (0, 9)], None),
        ([(0, 0), (0, 9), (9, 0)], None),  # either way round
        ([(0, 0), (9, 0), (9, 9), (0, 9), (0, 0)], "area_vertex_twice"),
        ([(0, 0), (0, 0), (9, 0), (0, 9)], "area_vertex_twice"),
        ([(0, 0), (9, 0), (5, 5), (9, 9), (0, 9), (5, 5)], "area_vertex_twice"),
        ([(0, 0), (5, 0), (9, 0)], "area_crosses_itself"),  # on one line
        ([(0, 0), (9, 0), (5, 0), (5, 9)], "area_crosses_itself"),  # back on itself
        ([(0, 0), (9, 9), (9, 0), (0, 9)], "area_crosses_itself"),  # a bow tie
        ([(0, 0), (9, 0), (9, 9), (5, 0), (0, 9)], "area_crosses_itself"),  # touches
        ([(0, 0), (9, 0), (9, 9), (5, 1), (0, 9)], None),
        (
            [(0, 0), (9, 0), (9, 3), (7, 0), (3, 0), (0, 3)],  # along an edge
            "area_crosses_itself",
        ),
        ([(0, 0), (5, 0), (9, 0), (9, 9)], None),  # straight on is harmless
        ([(0, 0), (1, 0), (0, 1)], None),  # as small as can be
        ([(0, 0), (1, 0), (1, 1), (0, 1)], None),
        ([(0, 0), (3, 3), (2, 2), (2, 5)], "area_crosses_itself"),  # a spike
        ([(0, 0), (-3, 3), (-2, 2), (2, 5)], "area_crosses_itself"),
    ],
)
def test_rings(steps: list[tuple[int, int]], code: str | None) -> None:
    """Simple ones, and each way of not being simple, wherever a ring begins."""
    for turn in range(max(1, len(steps))):
        turned = steps[turn:] + steps[:turn]
        assert code_of(turned) == code_of(turned[::-1]) == code
        assert code_of([(y, x) for x, y in turned]) == code or "wide" in str(code)


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([(0, 0), (730_000, 0), (0, 9)], None),
        ([(0, 0), (731_000, 0), (0, 9)], "area_too_wide"),
        ([(0, 0), (9, 0), (0, 449_600)], None),
        ([(0, 0), (9, 0), (0, 449_700)], "area_too_wide"),
        ([(0, 0), (1_790_000_000, 0), (0, 9)], "area_too_wide"),
        ([(0, 0), (1_800_000_000, 0), (0, 9)], "area_too_wide"),
    ],
)
def test_extent(steps: list[tuple[int, int]], code: str | None) -> None:
    """Five kilometres either way, at 52 degrees north."""
    assert code_of(steps) == code


def test_boxes() -> None:
    """South, north, west and east, past the antimeridian where an area is."""
    area = ring([(0, 0), (-30, 50), (70, -90)], 10.0, -180.0)
    assert area.box == Box(
        south=100_000_000 - 90,
        north=100_000_000 + 50,
        west=-1_800_000_000 - 30,
        east=-1_800_000_000 + 70,
    )
    # A thousandth of a degree of latitude is 111.195 m.
    box = Circle(center=place(60.0, 179.9999), radius=111.195).box
    assert box.north - 600_000_000 == 600_000_000 - box.south
    assert box.north - 600_000_000 == pytest.approx(10_000, abs=2)
    assert box.east - 1_799_999_000 == 1_799_999_000 - box.west
    assert box.east - 1_799_999_000 == pytest.approx(20_000, abs=3)


def test_rings_near_the_poles() -> None:
    """Where meridians run together there are no areas."""
    assert code_of([(0, 0), (9, 0), (0, -9)], 85.0) is None
    assert code_of([(0, 0), (9, 0), (0, 9)], 85.0) == "area_near_pole"
    assert code_of([(0, 0), (9, 0), (0, -9)], -85.0) == "area_near_pole"


def regular(count: int) -> list[tuple[int, int]]:
    """Return a regular polygon."""
    turn = 2 * math.pi / count
    return [
        (round(40_000 * math.cos(i * turn)), round(40_000 * math.sin(i * turn)))
        for i in range(count)
    ]


def test_number_of_vertices() -> None:
    """Sixty-four, or fewer if a portal says so."""
    assert code_of(regular(64)) is None
    with pytest.raises(
        InvalidGeometryError, match=exactly("area_too_many_vertices")
    ) as err:
        ring(regular(65))
    assert err.value.placeholders == {"limit": "64"}
    fewer = AreaLimits(min_km2=0.065, max_km2=1.295, vertices_max=12)
    check_area(ring(regular(12)), fewer)
    with pytest.raises(
        InvalidGeometryError, match=exactly("area_too_many_vertices")
    ) as err:
        check_area(ring(regular(13)), fewer)
    assert err.value.placeholders == {"limit": "12"}


@settings(max_examples=300)
@given(RINGS | COARSE_RINGS | TINY_RINGS | SIMPLE_RINGS)
def test_simple_exactly_where_shapely_says_so(steps: list[tuple[int, int]]) -> None:
    """The oracle: GEOS, on the same whole numbers."""
    duplicates = len(set(steps)) < len(steps)
    code = code_of(steps)
    if duplicates:
        assert code == "area_vertex_twice"
    else:
        assert code in {None, "area_crosses_itself"}
        assert (code is None) == (Shape(steps).is_valid and Shape(steps).area > 0)


@settings(max_examples=300)
@given(
    SIMPLE_RINGS,
    st.tuples(STEP, STEP) | st.tuples(COARSE, COARSE) | TINY,
    st.sampled_from([0.0, 5.0, 179.9999, 180.0, -180.0, -179.9999]),
    st.sampled_from([0.0, 52.0, -33.0]),
)
def test_inside_exactly_where_shapely_says_so(
    steps: list[tuple[int, int]], spot: tuple[int, int], lon: float, lat: float
) -> None:
    """Anywhere on the globe, edges included."""
    assume(code_of(steps) is None)
    area = ring(steps, lat, lon)
    point = place((round(lat * GRID) + spot[1]) / GRID, east_of(lon, spot[0]))
    assert area.contains(point) == Shape(steps).covers(Spot(spot))


@given(SIMPLE_RINGS, LATS, LONS)
def test_size_as_shapely_measures_it(
    steps: list[tuple[int, int]], lat: float, lon: float
) -> None:
    """On a plane that is true at the ring's own middle."""
    assume(code_of(steps) is None)
    shape = Shape(steps)
    assume(shape.area > 1e8)
    # The sides of a sliver are straight on one plane and bent on the other.
    assume(shape.area > shape.envelope.area / 5)
    try:
        area = ring(steps, lat, lon)
    except InvalidGeometryError:  # too wide so far north
        assume(False)
    middle = lat + shape.centroid.y / GRID
    flat = affinity.scale(
        shape,
        DEGREE / GRID * math.cos(math.radians(middle)),
        DEGREE / GRID,
        origin=(0, 0),
    )
    assert area.km2 == pytest.approx(flat.area, rel=1e-3)


@given(st.floats(1, 2500), LATS, LONS, st.floats(0, 360), st.floats(0, 2))
def test_circles_by_distance(
    radius: float, lat: float, lon: float, bearing: float, share: float
) -> None:
    """A place at some distance and bearing (the direct formula of the sphere)."""
    assume(abs(share - 1) > 1e-6)
    angle = radius * share / 6_371_008.8
    course, north = math.radians(bearing), math.radians(lat)
    sine = math.sin(north) * math.cos(angle)
    sine += math.cos(north) * math.sin(angle) * math.cos(course)
    turn = math.atan2(
        math.sin(course) * math.sin(angle) * math.cos(north),
        math.cos(angle) - math.sin(north) * sine,
    )
    other = (math.degrees(turn) + lon + 540) % 360 - 180
    point = place(math.degrees(math.asin(sine)), other)
    assert Circle(center=place(lat, lon), radius=radius).contains(point) == (share < 1)


def test_far_side_of_the_globe() -> None:
    """The longest way there is overflows nothing."""
    assert not Circle(center=place(10, 20), radius=500).contains(place(-10, -160))


@pytest.mark.parametrize("lat", [0.0, 52.0, -33.0, 70.0])
@pytest.mark.parametrize("lon", [0.0, 179.995, -180.0])
def test_sizes_in_kilometres(lat: float, lon: float) -> None:
    """A square kilometre is one, everywhere."""
    assert square(1.0, lat, lon).km2 == pytest.approx(1.0, rel=1e-4)
    assert square(0.3, lat, lon).km2 == pytest.approx(0.09, rel=1e-4)
    assert Circle(center=place(lat, lon), radius=500).km2 == pytest.approx(0.785398)


@pytest.mark.parametrize(
    ("area", "code"),
    [
        (square(0.2550), None),
        (square(0.2549), "area_too_small"),
        (square(1.1379), None),
        (square(1.1380), "area_too_large"),
        (Circle(center=place(52, 5), radius=143.9), None),
        (Circle(center=place(52, 5), radius=143.8), "area_too_small"),
        (Circle(center=place(52, 5), radius=642.0), None),
        (Circle(center=place(52, 5), radius=642.1), "area_too_large"),
    ],
)
def test_limits_of_size(area: Area, code: str | None) -> None:
    """0.065 to 1.295 square kilometres, on both sides of both."""
    if code is None:
        check_area(area, LIMITS)
    else:
        with pytest.raises(InvalidGeometryError, match=exactly(code)) as err:
            check_area(area, LIMITS)
        limit = {"area_too_small": "0.065", "area_too_large": "1.295"}[code]
        assert err.value.placeholders == {"km2": limit}


def test_limits_include_themselves() -> None:
    """Exactly the least and exactly the most are lawful."""
    area = square(0.5)
    check_area(area, AreaLimits(min_km2=area.km2, max_km2=area.km2, vertices_max=4))


def test_across_the_antimeridian() -> None:
    """Half a kilometre on either side of it."""
    area = square(1.0, 0.0, 179.9955)
    assert area.contains(place(0.004, 180.0))
    assert area.contains(place(0.004, -180.0))
    assert area.contains(place(0.004, 179.996))
    assert area.contains(place(0.004, -179.997))
    assert not area.contains(place(0.004, 179.995))
    assert not area.contains(place(0.004, -179.994))
    assert not area.contains(place(0.004, 0.0))


@given(st.lists(st.tuples(st.floats(), st.floats()), max_size=70))
def test_any_numbers(numbers: list[tuple[float, float]]) -> None:
    """An area or the typed error, whatever the numbers."""
    try:
        area = Polygon(vertices=tuple(place(lat, lon) for lat, lon in numbers))
    except InvalidGeometryError:
        return
    assert area.contains(area.vertices[0])
    assert area.km2 > 0


# --- how far it is


def by_walking(area: Polygon, point: Point) -> float:
    """Return the distance to the nearest of many places along each edge."""
    steps, nearest = 400, math.inf
    for one, other in zip(
        area.vertices, area.vertices[1:] + area.vertices[:1], strict=True
    ):
        wide = (other.lon - one.lon + 180) % 360 - 180
        for step in range(steps + 1):
            lat = one.lat + (other.lat - one.lat) * step / steps
            lon = (one.lon + wide * step / steps + 180) % 360 - 180
            nearest = min(nearest, metres_between(place(lat, lon), point))
    return nearest


AWAY = st.sampled_from([0.0, 5.0, 179.9999, -179.9999])
STEPS_AWAY = st.integers(-9_000_000, 9_000_000)  # 100 km of latitude
NEAR = st.tuples(STEP, STEP) | st.tuples(COARSE, COARSE)


@settings(max_examples=150, deadline=None)
@given(
    SIMPLE_RINGS,
    NEAR | st.tuples(STEPS_AWAY, STEPS_AWAY),
    AWAY,
    st.sampled_from([0.0, 52.0, -33.0, 69.0]),
)
def test_distance_to_a_polygon_as_walked_along_its_border(
    steps: list[tuple[int, int]], spot: tuple[int, int], lon: float, lat: float
) -> None:
    """On either side of the antimeridian, from a metre to a hundred kilometres."""
    assume(code_of(steps, lat) is None)
    area = ring(steps, lat, lon)
    point = place((round(lat * GRID) + spot[1]) / GRID, east_of(lon, spot[0]))
    said, walked = area.metres_from(point), by_walking(area, point)
    if area.contains(point):
        assert said == 0
    else:
        # the walker takes steps of up to 25 m, so may pass the nearest place by
        assert walked / 1.001 - 13 <= said <= walked * 1.001 + 0.01


def test_distance_to_a_square() -> None:
    """From each side and corner, and from inside."""
    area = square(1.0, 52.0, 5.0)
    [(west, south), (east, north)] = [
        (area.vertices[each].lon, area.vertices[each].lat) for each in (0, 2)
    ]
    middle = (south + north) / 2
    assert area.metres_from(place(middle, 5.005)) == 0
    assert area.metres_from(place(south, west)) == 0
    up = north_of(place(north, 5.005), 250)
    assert area.metres_from(up) == pytest.approx(250, abs=0.05)
    left = area.metres_from(place(middle, west - 0.01))
    assert left == pytest.approx(
        metres_between(place(middle, west - 0.01), place(middle, west)), abs=0.05
    )
    corner = place(south - 0.01, east + 0.01)
    assert area.metres_from(corner) == pytest.approx(
        metres_between(corner, place(south, east)), abs=0.05
    )


@pytest.mark.parametrize("known", DISTANCES, ids=lambda known: known["name"])
def test_distance_is_what_the_map_tells(known: dict[str, Any]) -> None:
    """A table that the panel's map is held to as well."""
    area = Polygon(vertices=tuple(place(*vertex) for vertex in known["points"]))
    said = area.metres_from(place(*known["place"]))
    assert said == pytest.approx(known["metres"], abs=0.01)


@given(st.floats(1, 2500), LATS, LONS, st.floats(0, 80_000))
def test_distance_to_a_circle(
    radius: float, lat: float, lon: float, metres: float
) -> None:
    """To its rim, nothing from inside; a home is found so far south of its middle."""
    home = place(lat, lon)
    center = north_of(home, metres)
    assume(abs(center.lat) <= 85)
    said = Circle(center=center, radius=radius).metres_from(home)
    assert said == pytest.approx(max(0.0, metres - radius), abs=0.01)


@given(
    LATS, LONS, st.floats(-90, 90), st.floats(-180, 180), st.sampled_from([0.3, 1.0])
)
def test_distance_from_anywhere_on_the_globe(
    lat: float, lon: float, at: float, there: float, km: float
) -> None:
    """Never too short, and never too long by more than the area is wide."""
    area, point = square(km, lat, lon), place(at, there)
    corners = [metres_between(point, vertex) for vertex in area.vertices]
    assert area.metres_from(point) <= min(corners) + 1500 * km
    assert area.metres_from(point) >= min(corners) - 1500 * km


def test_no_place_beyond_the_pole() -> None:
    """There is no north of it."""
    with pytest.raises(InvalidGeometryError, match=exactly("area_out_of_range")):
        north_of(place(89.9, 5), 20_000)
