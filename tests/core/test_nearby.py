"""An area concerns the cameras that hang in it."""

from dataclasses import replace

from custom_components.clip_consent.core.geo import Circle, Point
from custom_components.clip_consent.core.models import Viewpoint
from custom_components.clip_consent.core.nearby import cameras_in

from .cases import CAMERAS, GARDEN

HERE = Point(lat=52.5, lon=13.4)
FAR = Point(lat=52.6, lon=13.4)
AREA = Circle(center=HERE, radius=200)
CAMERA = CAMERAS[GARDEN]
PLACED = replace(CAMERA, viewpoint=Viewpoint(place=HERE, bearing=90))
AWAY = replace(CAMERA, viewpoint=Viewpoint(place=FAR))


def test_a_camera_on_the_map_counts_where_it_hangs() -> None:
    """Wherever the home stands."""
    assert cameras_in(AREA, [PLACED, AWAY], FAR) == (PLACED,)
    assert cameras_in(AREA, [PLACED, AWAY], None) == (PLACED,)


def test_a_camera_that_is_not_on_the_map_hangs_where_the_home_stands() -> None:
    """Nowhere, if that is not known."""
    assert cameras_in(AREA, [CAMERA], HERE) == (CAMERA,)
    assert cameras_in(AREA, [CAMERA], FAR) == ()
    assert cameras_in(AREA, [CAMERA], None) == ()


def test_a_camera_that_is_not_offered_is_in_no_area() -> None:
    """An indoor camera makes no request concern this home."""
    assert cameras_in(AREA, [replace(PLACED, offered=False)], HERE) == ()
