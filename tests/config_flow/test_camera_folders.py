"""A camera with several folders, and one whose folder is away just now."""

import os
from pathlib import Path
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

from custom_components.clip_consent.home import probing, suggesting
from custom_components.clip_consent.home.sources import folder_check

from .conftest import AddHome, AddRecordings
from .forms import suggestion
from .test_camera import _answer, _begin, _camera, _pick, _typed

NAME = "2024-06-01_18-00-00.mp4"


def _with_more(folder: Path, *more: Path | str) -> dict[str, Any]:
    """Return the first form with further folders."""
    return {**_typed(folder), "more_folders": [str(one) for one in more]}


async def _change(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, Any]:
    """Open the form of the first camera."""
    camera = next(iter(entry.get_subentries_of_type("camera")))
    return dict(await entry.start_subentry_reconfigure_flow(hass, camera.subentry_id))


async def test_several_folders(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """They are tried out together, kept, and there again when it is changed."""
    live = add_recordings("live", NAME)
    archive = add_recordings("archive", "2023-06-01_18-00-00.mp4")
    entry = await add_home()
    answer = _with_more(live, f" {archive} ")
    result = await _answer(hass, await _begin(hass, entry), answer)
    assert result["step_id"] == "check"
    words = result["description_placeholders"]
    assert (words["folder"], words["files"]) == (f"{live}, {archive}", "2")
    assert words["example"] == NAME
    result = await _pick(hass, result, "reading")
    reading = {"naming": "automatic", "name_is": "start"}
    result = await _answer(hass, result, reading)
    await _pick(hass, result, "save")
    (camera,) = entry.subentries.values()
    assert camera.data["source"]["more_folders"] == str(archive)
    result = await _change(hass, entry)
    assert suggestion(result, "more_folders") == [str(archive)]
    result = await _answer(hass, result, _typed(live))
    await _pick(hass, result, "save")
    (camera,) = entry.subentries.values()
    assert "more_folders" not in camera.data["source"]


async def test_a_name_that_would_be_markup(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """It stands between backticks, and nothing of it leads out of them."""
    name = "2024-06-01_18-00-00-`![x](http:\n\u202e.mp4"
    folder = add_recordings("live", name)
    result = await _answer(hass, await _begin(hass, await add_home()), _typed(folder))
    shown = result["description_placeholders"]["example"]
    assert shown == "2024-06-01_18-00-00-\ufffd![x](http:\ufffd\ufffd.mp4"


async def test_what_is_wrong_with_a_further_folder(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """Told at its field: not there, within the first, or another camera's."""
    live = add_recordings("live", NAME)
    other = add_recordings("other", NAME)
    entry = await add_home(_camera(other, "Other"))
    result = await _begin(hass, entry)
    result = await _answer(hass, result, _with_more(live, "/there/is/none"))
    assert result["errors"] == {"more_folders": "folder_missing"}
    (live / "old").mkdir()
    result = await _answer(hass, result, _with_more(live, live / "old"))
    assert result["errors"] == {"more_folders": "folders_overlap"}
    result = await _answer(hass, result, _with_more(live, other))
    assert result["errors"]
    assert result["step_id"] == "reading"
    assert result["errors"] == {"camera": "camera_not_told_apart"}


async def test_another_camera_s_further_folder_is_taken_too(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """What is kept back of one must not be shown through another."""
    live, archive = add_recordings("live", NAME), add_recordings("archive/a", NAME)
    camera = _camera(live, "Other")
    camera["data"]["source"]["more_folders"] = str(archive)
    entry = await add_home(camera)
    result = await _begin(hass, entry)
    result = await _answer(hass, result, _typed(archive.parent))
    assert result["errors"] == {"folder": "folder_taken"}


@pytest.mark.parametrize("how", ["gone", "empty", "hangs"])
async def test_the_rest_can_be_changed_while_its_folder_is_away(
    hass: HomeAssistant,
    add_home: AddHome,
    add_recordings: AddRecordings,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    """Its name, its place on the map and its clock; with a warning."""
    folder = add_recordings("drive", NAME)
    entry = await add_home(_camera(folder))
    if how == "hangs":
        monkeypatch.setattr(probing, "PATIENCE_SECONDS", 0.3)

        def gone(root: str) -> str:
            return "folder_slow"

        monkeypatch.setattr(folder_check, "_root_error", gone)
    else:
        folder.rename(folder.with_name("away"))
    if how == "empty":
        folder.mkdir()
    result = await _change(hass, entry)
    answer = {**_typed(folder), "name": "Gate"}
    result = await _answer(hass, result, answer)
    assert result["step_id"] == "check_unreachable"
    assert result["menu_options"] == ["save", "clock", "masks", "map", "camera"]
    assert result["description_placeholders"]["folder"] == str(folder)
    result = await _pick(hass, result, "map")
    place = {"latitude": 52.1, "longitude": 4.3}
    result = await _answer(hass, result, {"on_map": True, "location": place})
    assert result["step_id"] == "check_unreachable"
    result = await _pick(hass, result, "clock")
    assert result["step_id"] == "clock"
    result = await _answer(hass, result, {"clock_ahead": 9})
    flow = hass.config_entries.subentries
    result = dict(await flow.async_configure(result["flow_id"]))
    assert result["step_id"] == "check_unreachable"
    result = await _pick(hass, result, "save")
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    (camera,) = entry.subentries.values()
    assert (camera.title, camera.data["location"]) == ("Gate", place)
    assert camera.data["source"] == _camera(folder)["data"]["source"]


async def test_another_folder_must_be_there(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """Nothing is saved untried; nor is a new camera whose folder is away."""
    folder = add_recordings("drive", NAME)
    entry = await add_home(_camera(folder))
    folder.rename(folder.with_name("away"))
    result = await _change(hass, entry)
    result = await _answer(hass, result, _typed("/there/is/none"))
    assert result["errors"] == {"folder": "folder_missing"}
    result = await _begin(hass, entry)
    result = await _answer(hass, result, _typed("/there/is/none"))
    assert result["errors"] == {"folder": "folder_missing"}


async def test_names_that_cannot_be_read_are_no_drive_that_is_away(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """Those are told as before, also of a camera that was saved."""
    folder = add_recordings("drive", "holiday.mp4")
    entry = await add_home(_camera(folder))
    result = await _answer(hass, await _change(hass, entry), _typed(folder))
    assert result["errors"] == {"naming": "names_not_recognised"}


async def test_a_media_folder_that_hangs_delays_the_form_a_little(
    hass: HomeAssistant,
    add_home: AddHome,
    add_recordings: AddRecordings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Then nothing is suggested, and the path can be typed."""
    folder = add_recordings("drive", NAME)
    entry = await add_home()
    monkeypatch.setattr(suggesting, "PATIENCE_SECONDS", 0.2)
    held, hold = os.pipe()

    def hanging(*args: object) -> list[object]:
        os.read(held, 1)
        return []

    monkeypatch.setattr(suggesting, "suggest_folders", hanging)
    assert await probing.async_suggest_cameras(hass) == []
    os.write(hold, b"x")
    await hass.async_block_till_done()
    monkeypatch.undo()
    result = await _answer(hass, await _begin(hass, entry), _typed(folder))
    assert result["step_id"] == "check"
    os.close(held)
    os.close(hold)
