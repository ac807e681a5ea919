"""Which camera is meant: by id, by entity, by name, or by none of them."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from custom_components.clip_consent.core.errors import ConflictError, NotFoundError
from custom_components.clip_consent.core.models import Camera
from custom_components.clip_consent.core.settings import HomeSettings


def _home(**names: str) -> HomeSettings:
    return HomeSettings(
        time_zone=ZoneInfo("UTC"),
        cameras={
            camera_id: Camera(
                camera_id=camera_id,
                name=name,
                indoor=False,
                offered=True,
                source_kind="folder",
                source={},
            )
            for camera_id, name in names.items()
        },
    )


@pytest.mark.parametrize(
    "named",
    ["a1", "Große Einfahrt é", "GROSSE EINFAHRT E\u0301", " große einfahrt é\n"],
)
def test_a_camera_goes_by_its_id_and_by_its_name(named: str) -> None:
    """However its letters are written: a name is not a password."""
    assert _home(a1="Große Einfahrt é", b2="Einfahrt").camera_id(named) == "a1"


@pytest.mark.parametrize("named", ["", " ", "Große", "A1", "Große Einfahrt 2", "a1 "])
def test_a_name_is_a_whole_name_and_an_id_an_exact_one(named: str) -> None:
    """Part of a name, more than it, and an id in capitals mean no camera."""
    with pytest.raises(NotFoundError, match="camera_not_found"):
        _home(a1="Große Einfahrt", b2="Einfahrt").camera_id(named)


def test_a_name_that_two_have_means_none_of_them() -> None:
    """The error says the name; the id still means one."""
    home = _home(a1="Gate", b2="gate")
    with pytest.raises(ConflictError, match="camera_ambiguous") as raised:
        home.camera_id("GATE")
    assert raised.value.placeholders == {"camera": "Gate"}
    assert home.camera_id("b2") == "b2"


def test_an_id_is_never_taken_for_another_cameras_name() -> None:
    """Called like the other's id: the id is meant."""
    assert _home(a1="b2", b2="Gate").camera_id("b2") == "b2"


def test_a_camera_goes_by_its_entity() -> None:
    """Two cameras of one entity are none; no entity is no name."""
    home = _home(a1="Gate", b2="Garden")
    cameras = {
        "a1": replace(home.cameras["a1"], entity_id="camera.gate"),
        "b2": home.cameras["b2"],
    }
    assert replace(home, cameras=cameras).camera_id("camera.gate") == "a1"
    with pytest.raises(NotFoundError, match="camera_not_found"):
        home.camera_id("camera.gate")
    cameras["b2"] = replace(home.cameras["b2"], entity_id="camera.gate")
    with pytest.raises(ConflictError, match="camera_ambiguous"):
        replace(home, cameras=cameras).camera_id("camera.gate")
