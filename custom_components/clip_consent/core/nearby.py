"""Which cameras an area on the map concerns."""

from collections.abc import Iterable

from .geo import Circle, Point, Polygon
from .models import Camera


def cameras_in(
    area: Circle | Polygon, cameras: Iterable[Camera], home: Point | None
) -> tuple[Camera, ...]:
    """Return the cameras that may be offered and hang in an area.

    One that is not on the map hangs where the home stands; nowhere, if that is not
    known.
    """
    return tuple(
        camera
        for camera in cameras
        if camera.offered
        and (place := camera.viewpoint.place if camera.viewpoint else home)
        and area.contains(place)
    )
