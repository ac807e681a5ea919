"""No recordings are set up twice: as a folder, and as Home Assistant's own media."""

import json
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.clip_consent.subentry_camera_steps import camera_data
from tests.config_flow.conftest import AddHome
from tests.config_flow.forms import shown
from tests.config_flow.test_camera import _answer, _begin, _camera, _typed

from .test_camera_media import answer, begin, into, typed

NAME = "2024-06-01_18-00-00.mp4"
LOCAL = "media-source://media_source/local"


@pytest.fixture
def porch(home: HomeAssistant, film: Path, tmp_path: Path) -> Path:
    """Return a folder of recordings in Home Assistant's media."""
    folder = tmp_path / "media" / "Porch"
    folder.mkdir(parents=True)
    (folder / NAME).write_bytes(film.read_bytes())
    home.config.media_dirs["local"] = str(folder.parent)
    return folder


def media_camera(*levels: str | None) -> dict[str, Any]:
    """Return a camera in Home Assistant's media, as an entry keeps it."""
    source = {
        "system": "tree",
        "root": LOCAL,
        "levels": json.dumps(levels),
        "naming": "automatic",
        "name_is": "start",
    }
    data = camera_data(place="outdoor", source_kind="media", source=source)
    return {"subentry_type": "camera", "title": "Media", "data": data}


async def test_a_folder_that_our_own_media_show(
    home: HomeAssistant, add_home: AddHome, porch: Path, tmp_path: Path
) -> None:
    """It is told as one that another camera has; so it is through a link."""
    link = tmp_path / "link"
    link.symlink_to(porch)
    entry = await add_home(media_camera("Porch"))
    for folder in (porch, porch.parent, link):
        result = await _answer(home, await _begin(home, entry), _typed(folder))
        assert result["errors"] == {"folder": "folder_taken"}
    drive = porch.parent / "Drive"
    drive.mkdir()
    (drive / NAME).write_bytes((porch / NAME).read_bytes())
    result = await _answer(home, await _begin(home, entry), _typed(drive))
    assert result["step_id"].startswith("check")


async def test_media_that_a_folder_shows(
    home: HomeAssistant, add_home: AddHome, porch: Path
) -> None:
    """The other way round, at the folder that is picked last."""
    entry = await add_home(_camera(porch, "Other"))
    result = await answer(home, await begin(home, entry), typed())
    (title,) = [one for one in shown(result, "media_folder").values() if "edia" in one]
    result = await into(home, result, title)
    result = await into(home, result, "Porch", "only")
    assert result["errors"] == {"base": "media_taken"}
