"""Areas on the map: a circle or one simple polygon, and whether a place is inside.

Places are degrees of WGS 84. They are compared on a grid of 1e-7 degrees (a
centimetre), in whole numbers: so nothing depends on rounding. Edges are straight in
latitude and longitude, as in GeoJSON, and take the short way round the globe.
"""

from collections.abc import Iterator
from dataclasses import dataclass
import math
from typing import Final

from .errors import InvalidGeometryError
from .limits import AREA_EXTENT_MAX_KM, AREA_LATITUDE_MAX, AREA_VERTICES_MAX, AreaLimits

type _Spot = tuple[int, int]  # east and north of a polygon's first vertex, on the grid

GRID: Final = 10_000_000  # to the degree
_ROUND: Final = 360 * GRID
_EARTH_KM: Final = 6371.0088  # mean radius, IUGG
_KM_PER_DEGREE: Final = math.radians(_EARTH_KM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A place. Raises InvalidGeometryError if it is none."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        """Refuse what is on no map."""
        if not (math.isfinite(self.lat) and math.isfinite(self.lon)):
            raise InvalidGeometryError("area_not_a_number")
        if abs(self.lat) > 90 or abs(self.lon) > 180:
            raise InvalidGeometryError("area_out_of_range")

    @property
    def grid(self) -> _Spot:
        """Longitude and latitude in whole steps of the grid."""
        return round(self.lon * GRID), round(self.lat * GRID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """South, north, west, east on the grid; west and east may pass the antimeridian."""

    south: int
    north: int
    west: int
    east: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """All places within `radius` metres. Raises InvalidGeometryError if malformed."""

    center: Point
    radius: float

    def __post_init__(self) -> None:
        """Refuse what is no circle, or one at a pole, or one wider than any area."""
        if not math.isfinite(self.radius):
            raise InvalidGeometryError("area_not_a_number")
        if self.radius <= 0:
            raise InvalidGeometryError("area_no_radius")
        _check_latitude(self.center)
        if self.radius * 2 > AREA_EXTENT_MAX_KM * 1000:
            raise _too_wide()

    @property
    def km2(self) -> float:
        """Its size in square kilometres."""
        return math.pi * (self.radius / 1000) ** 2

    @property
    def box(self) -> Box:
        """The box around it."""
        lon, lat = self.center.grid
        angle = self.radius / 1000 / _EARTH_KM
        wide = math.asin(math.sin(angle) / math.cos(math.radians(self.center.lat)))
        north = math.ceil(math.degrees(angle) * GRID) + 1
        east = math.ceil(math.degrees(wide) * GRID) + 1
        return Box(
            south=lat - north, north=lat + north, west=lon - east, east=lon + east
        )

    def contains(self, point: Point) -> bool:
        """Return whether a place is inside, by the great circle (haversine)."""
        return metres_between(self.center, point) <= self.radius

    def metres_from(self, point: Point) -> float:
        """Return how far it is to a place by the great circle, 0 from inside."""
        return max(0.0, metres_between(self.center, point) - self.radius)


@dataclass(frozen=True, slots=True, kw_only=True)
class Polygon:
    """The inside of a ring of vertices, the first not repeated at the end.

    Raises InvalidGeometryError unless the ring is simple: no vertex twice, no edge
    touching another but its neighbours at their common vertex.
    """

    vertices: tuple[Point, ...]

    def __post_init__(self) -> None:
        """Refuse what is not one simple ring of a size that any area may have."""
        if len(self.vertices) < 3:
            raise InvalidGeometryError("area_too_few_vertices")
        if len(self.vertices) > AREA_VERTICES_MAX:
            raise _too_many_vertices(AREA_VERTICES_MAX)
        for vertex in self.vertices:
            _check_latitude(vertex)
        self._check_extent()
        _check_simple(self._ring)

    @property
    def km2(self) -> float:
        """Its size in square kilometres, on the sphere."""
        # The cylindrical projection that keeps areas: longitude, sine of latitude.
        _, south = self.vertices[0].grid
        flat = [
            (math.radians(x / GRID), math.sin(math.radians((y + south) / GRID)))
            for x, y in self._ring
        ]
        twice = sum(
            x1 * y2 - x2 * y1
            for (x1, y1), (x2, y2) in zip(flat, flat[1:] + flat[:1], strict=True)
        )
        return abs(twice) / 2 * _EARTH_KM**2

    @property
    def box(self) -> Box:
        """The box around it."""
        lon, lat = self.vertices[0].grid
        xs, ys = zip(*self._ring, strict=True)
        return Box(
            south=lat + min(ys),
            north=lat + max(ys),
            west=lon + min(xs),
            east=lon + max(xs),
        )

    def contains(self, point: Point) -> bool:
        """Return whether a place is inside; an edge and a vertex are."""
        x, y = self._spot(point)
        inside = False
        for (x1, y1), (x2, y2) in _edges(self._ring):
            side = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
            if side == 0 and _between(x1, x, x2) and _between(y1, y, y2):
                return True
            if (y1 > y) != (y2 > y) and (side > 0) == (y2 > y1):
                inside = not inside
        return inside

    def metres_from(self, point: Point) -> float:
        """Return how far it is to a place, 0 from inside.

        Which place of an edge is the nearest is found as on a flat map, its longitudes
        shrunk by the cosine of the latitude half-way; how far that is, by the great
        circle. It is never too short; too long by less than 1 in 1000 within 100 km
        up to 70 degrees of latitude, and never by more than the area is wide.
        """
        if self.contains(point):
            return 0.0
        spot = self._spot(point)
        return min(
            metres_between(point, self._place(_nearest(edge, spot, point.lat)))
            for edge in _edges(self._ring)
        )

    def _place(self, spot: tuple[float, float]) -> Point:
        x, y = spot
        lon, lat = self.vertices[0].grid
        east = (lon + x + _ROUND // 2) % _ROUND - _ROUND // 2
        return Point(lat=(lat + y) / GRID, lon=east / GRID)

    @property
    def _ring(self) -> list[_Spot]:
        return [self._spot(vertex) for vertex in self.vertices]

    def _spot(self, point: Point) -> _Spot:
        (lon, lat), (first_lon, first_lat) = point.grid, self.vertices[0].grid
        half = _ROUND // 2
        return (lon - first_lon + half) % _ROUND - half, lat - first_lat

    def _check_extent(self) -> None:
        box = self.box
        cosine = math.cos(math.radians(min(abs(v.lat) for v in self.vertices)))
        high = (box.north - box.south) / GRID * _KM_PER_DEGREE
        wide = (box.east - box.west) / GRID * _KM_PER_DEGREE * cosine
        if max(high, wide) > AREA_EXTENT_MAX_KM:
            raise _too_wide()


type Area = Circle | Polygon


def metres_between(one: Point, other: Point) -> float:
    """Return the length of the great circle between two places (haversine)."""
    lat, other_lat = math.radians(one.lat), math.radians(other.lat)
    half_lon = math.radians(other.lon - one.lon) / 2
    chord = (
        math.sin((other_lat - lat) / 2) ** 2
        + math.cos(lat) * math.cos(other_lat) * math.sin(half_lon) ** 2
    )
    return 2000 * _EARTH_KM * math.asin(math.sqrt(min(1.0, chord)))


def north_of(point: Point, metres: float) -> Point:
    """Return the place so far north. Raises InvalidGeometryError beyond the pole."""
    return Point(lat=point.lat + metres / 1000 / _KM_PER_DEGREE, lon=point.lon)


def check_area(area: Area, limits: AreaLimits) -> None:
    """Hold an area to a portal's limits. Raises InvalidGeometryError."""
    if isinstance(area, Polygon) and len(area.vertices) > limits.vertices_max:
        raise _too_many_vertices(limits.vertices_max)
    if area.km2 < limits.min_km2:
        raise InvalidGeometryError("area_too_small", km2=str(limits.min_km2))
    if area.km2 > limits.max_km2:
        raise InvalidGeometryError("area_too_large", km2=str(limits.max_km2))


def _check_latitude(point: Point) -> None:
    if abs(point.lat) > AREA_LATITUDE_MAX:
        raise InvalidGeometryError("area_near_pole")


def _too_wide() -> InvalidGeometryError:
    return InvalidGeometryError("area_too_wide", km=f"{AREA_EXTENT_MAX_KM:g}")


def _too_many_vertices(limit: int) -> InvalidGeometryError:
    return InvalidGeometryError("area_too_many_vertices", limit=str(limit))


def _edges(ring: list[_Spot]) -> Iterator[tuple[_Spot, _Spot]]:
    return zip(ring, ring[1:] + ring[:1], strict=True)


def _nearest(edge: tuple[_Spot, _Spot], spot: _Spot, lat: float) -> tuple[float, float]:
    """Return the place of an edge that is nearest to a spot at this latitude."""
    (x1, y1), (x2, y2) = edge
    x, y = spot
    half_way = lat + ((y1 + y2) / 2 - y) / GRID / 2
    shrunk = math.cos(math.radians(half_way)) ** 2
    east, north = x2 - x1, y2 - y1
    along = ((x - x1) * east * shrunk + (y - y1) * north) / (
        east * east * shrunk + north * north
    )
    along = min(1.0, max(0.0, along))
    return x1 + along * east, y1 + along * north


def _check_simple(ring: list[_Spot]) -> None:
    if len(set(ring)) < len(ring):
        raise InvalidGeometryError("area_vertex_twice")
    edges = list(_edges(ring))
    for place, (a, b) in enumerate(edges):
        c = edges[(place + 1) % len(edges)][1]
        turns_back = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) < 0
        if turns_back and _turn(a, b, c) == 0:
            raise InvalidGeometryError("area_crosses_itself")
        # The edge before the first is the last: a neighbour too.
        for c, d in edges[place + 2 : len(edges) - (place == 0)]:
            if _touch(a, b, c, d):
                raise InvalidGeometryError("area_crosses_itself")


def _touch(a: _Spot, b: _Spot, c: _Spot, d: _Spot) -> bool:
    """Return whether the edges a-b and c-d have a place in common."""
    if (
        max(a[0], b[0]) < min(c[0], d[0])
        or max(c[0], d[0]) < min(a[0], b[0])
        or max(a[1], b[1]) < min(c[1], d[1])
        or max(c[1], d[1]) < min(a[1], b[1])
    ):
        return False
    # Their boxes meet, so each edge has to reach the other's line.
    return _turn(a, b, c) * _turn(a, b, d) <= 0 and _turn(c, d, a) * _turn(c, d, b) <= 0


def _turn(a: _Spot, b: _Spot, c: _Spot) -> int:
    """Return more than zero for a left turn at b, less for a right one, 0 straight."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _between(one: int, middle: int, other: int) -> bool:
    return one <= middle <= other or other <= middle <= one
