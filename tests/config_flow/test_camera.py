"""Cameras: what was typed is tried out before it is saved."""

from pathlib import Path
from typing import Any

from homeassistant.config_entries import SOURCE_USER, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

from .conftest import AddHome, AddRecordings
from .forms import default, field, shown, suggestion

READING = {
    "naming": "automatic",
    "pattern": "",
    "camera": "",
    "time_zone": "",
    "name_is": "start",
}


def _camera(folder: Path, title: str = "Driveway", **changes: Any) -> dict[str, Any]:
    """Return a camera as kept."""
    data = {
        "entity_id": None,
        "place": "outdoor",
        "offered": True,
        "source_kind": "folder",
        "source": {"folder": str(folder), **READING},
        "location": None,
        "bearing": None,
        "clock_ahead": None,
        "masks": None,
    }
    return {"subentry_type": "camera", "title": title, "data": {**data, **changes}}


async def _begin(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, Any]:
    """Open the form for another camera that records into a folder."""
    result = await hass.config_entries.subentries.async_init(
        (entry.entry_id, "camera"), context={"source": SOURCE_USER}
    )
    assert result["step_id"] == "user"
    return await _pick(hass, result, "folder")


async def _answer(
    hass: HomeAssistant, result: dict[str, Any], answer: dict[str, Any]
) -> dict[str, Any]:
    """Send a form."""
    return await hass.config_entries.subentries.async_configure(
        result["flow_id"], answer
    )


async def _pick(
    hass: HomeAssistant, result: dict[str, Any], step: str
) -> dict[str, Any]:
    """Pick from a menu."""
    assert result["type"] is FlowResultType.MENU
    return await _answer(hass, result, {"next_step_id": step})


def _typed(folder: Path | str, **changes: str) -> dict[str, str]:
    """Return the filled-in first form."""
    return {"name": "Driveway", "place": "outdoor", "folder": str(folder), **changes}


async def test_add_a_folder_that_was_found(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """Choosing it brings its settings; what was read is shown before saving."""
    await hass.config.async_set_time_zone("Europe/Amsterdam")
    folder = add_recordings(
        "drive", "2024-06-01_18-00-00.mp4", "2024-06-01_18-10-00.mp4", "notes.mp4"
    )
    entry = await add_home()
    result = await _begin(hass, entry)
    assert (result["step_id"], result["last_step"]) == ("folder", False)
    assert default(result, "place") == "outdoor"
    assert list(shown(result, "folder")) == [str(folder)]

    answer = _typed(folder, name=" Drive way ", entity_id="camera.driveway")
    result = await _answer(hass, result, answer)
    # A browser that reloads the page gets the same menu.
    flow = hass.config_entries.subentries
    result = await flow.async_configure(result["flow_id"])
    assert result["step_id"] == "check"
    assert result["menu_options"] == [
        "save",
        "reading",
        "clock",
        "masks",
        "map",
        "camera",
    ]
    assert result["description_placeholders"] == {
        "folder": str(folder),
        "files": "3",
        "recognised": "2",
        "example": "2024-06-01_18-10-00.mp4",
        "time": "2024-06-01 18:10:00",
        "clock": "0 s",
        "difference": "0 s",
        "seconds": "0",
    }
    result = await _pick(hass, result, "save")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (camera,) = entry.subentries.values()
    assert (camera.title, camera.unique_id) == ("Drive way", str(folder))
    source = {"folder": str(folder), **READING, "naming": "segments"}
    assert camera.data == {
        **_camera(folder, source=source)["data"],
        "entity_id": "camera.driveway",
    }


@pytest.mark.parametrize(
    ("choice", "place", "offered"),
    [
        ("outdoor", "outdoor", True),
        ("indoor", "indoor", False),
        ("indoor_offered", "indoor", True),
    ],
)
async def test_indoor_cameras_are_offered_only_when_said(
    hass: HomeAssistant,
    add_home: AddHome,
    add_recordings: AddRecordings,
    choice: str,
    place: str,
    offered: bool,
) -> None:
    """One question, kept as two answers, and shown as one again."""
    folder = add_recordings("hall", "2024-06-01 18.00.00.mp4")
    entry = await add_home()
    result = await _answer(
        hass, await _begin(hass, entry), _typed(folder, place=choice)
    )
    await _pick(hass, result, "save")
    (camera,) = entry.subentries.values()
    assert (camera.data["place"], camera.data["offered"]) == (place, offered)
    result = await entry.start_subentry_reconfigure_flow(hass, camera.subentry_id)
    assert default(result, "place") == choice


async def test_a_folder_with_a_pattern_of_its_own(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """What is not recognised leads to how times are read, and errors stand there."""
    folder = add_recordings("odd", "on 01.06.2024 at 18h00.mp4")
    entry = await add_home()
    result = await _answer(hass, await _begin(hass, entry), _typed(folder))
    assert result["step_id"] == "reading"
    assert result["errors"] == {"naming": "names_not_recognised"}
    assert result["description_placeholders"] == {"folder": str(folder), "files": "1"}
    assert {"UTC", "Europe/Amsterdam"} <= set(
        field(result, "time_zone")[1].config["options"]
    )

    answer = {"naming": "custom", "pattern": "on %d.%m", "name_is": "start"}
    result = await _answer(hass, result, answer)
    assert result["errors"] == {"pattern": "pattern_without_time"}
    assert result["description_placeholders"]["missing"] == "%Y %H %M"
    assert suggestion(result, "pattern") == "on %d.%m"

    answer |= {"pattern": " on %d.%m.%Y at %Hh%M ", "time_zone": "Mars/Olympus"}
    result = await _answer(hass, result, answer)
    assert result["errors"] == {"time_zone": "time_zone_unknown"}
    assert default(result, "naming") == "custom"

    answer |= {"time_zone": "UTC", "name_is": "end"}
    result = await _answer(hass, result, answer)
    assert result["step_id"] == "check"
    assert result["description_placeholders"]["time"] == "2024-06-01 10:59:59"
    await _pick(hass, result, "save")
    (camera,) = entry.subentries.values()
    assert camera.data["source"] == {
        "folder": str(folder),
        "naming": "custom",
        "pattern": "on %d.%m.%Y at %Hh%M",
        "camera": "",
        "time_zone": "UTC",
        "name_is": "end",
    }


async def test_everything_can_still_be_changed_at_the_end(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """From the last step one can go back to both forms, and nothing is lost."""
    folder = add_recordings("drive", "2024-06-01_18-00-00.mp4")
    entry = await add_home()
    typed = _typed(folder, entity_id="camera.driveway", place="indoor")
    result = await _answer(hass, await _begin(hass, entry), typed)
    result = await _pick(hass, result, "camera")
    assert result["step_id"] == "folder"
    for key in ("name", "place", "folder"):
        assert default(result, key) == typed[key]
    assert suggestion(result, "entity_id") == "camera.driveway"
    result = await _answer(hass, result, {**typed, "name": "Street"})
    result = await _pick(hass, result, "reading")
    assert default(result, "naming") == "segments"
    result = await _answer(hass, result, {"naming": "automatic", "name_is": "start"})
    # Going back to the first form keeps how times are read.
    result = await _pick(hass, result, "camera")
    result = await _answer(hass, result, {**typed, "name": "Lane"})
    await _pick(hass, result, "save")
    (camera,) = entry.subentries.values()
    assert camera.title == "Lane"
    assert camera.data["source"]["naming"] == "automatic"


@pytest.mark.parametrize(
    ("folder", "error"),
    [
        ("relative/path", "folder_not_absolute"),
        ("{media}/nowhere", "folder_missing"),
        ("{media}/empty", "no_recordings"),
        ("{media}/file", "folder_not_folder"),
    ],
)
async def test_a_wrong_folder_is_told_at_the_field(
    hass: HomeAssistant, add_home: AddHome, media: Path, folder: str, error: str
) -> None:
    """The form comes back as it was typed."""
    (media / "empty").mkdir()
    (media / "file").write_text("x")
    folder = folder.format(media=media)
    result = await _begin(hass, await add_home())
    result = await _answer(hass, result, _typed(folder, place="indoor"))
    assert (result["step_id"], result["errors"]) == ("folder", {"folder": error})
    assert default(result, "folder") == folder
    assert default(result, "place") == "indoor"


async def test_a_bad_name_is_told_before_the_disk_is_looked_at(
    hass: HomeAssistant, add_home: AddHome, media: Path
) -> None:
    """One error at a time, at the field that has it."""
    result = await _begin(hass, await add_home())
    result = await _answer(hass, result, _typed("nowhere", name="  "))
    assert result["errors"] == {"name": "title_empty"}


async def test_cameras_that_share_a_folder(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """Their names in the files tell them apart; the same name twice is refused."""
    folder = add_recordings(
        "shared", "front.20240601_180000.mp4", "back.20240601_180000.mp4"
    )
    entry = await add_home()
    result = await _begin(hass, entry)
    found = list(shown(result, "folder"))
    assert found == [f"{folder}|back", f"{folder}|front"]
    for number, choice in enumerate(found):
        result = await _answer(hass, result, _typed(choice))
        assert result["step_id"] == "check"
        result = await _pick(hass, result, "save")
        assert result["type"] is FlowResultType.CREATE_ENTRY
        camera = list(entry.subentries.values())[number]
        assert camera.data["source"]["naming"] == "blue_iris"
        assert f"{folder}|{camera.data['source']['camera']}" == choice
        result = await _begin(hass, entry)
        assert list(shown(result, "folder")) == found[number + 1 :]
    result = await _answer(hass, result, _typed(found[1]))
    assert (result["step_id"], result["errors"]) == (
        "folder",
        {"folder": "folder_taken"},
    )


async def test_a_folder_whose_every_file_is_another_cameras(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """A name in the files does not tell a camera apart from one that takes them all."""
    folder = add_recordings(
        "shared", "front.20240601_180000.mp4", "back.20240601_180000.mp4"
    )
    entry = await add_home(_camera(folder))
    result = await _begin(hass, entry)
    result = await _answer(hass, result, _typed(f"{folder}/"))
    assert (result["step_id"], result["errors"]) == (
        "folder",
        {"folder": "folder_taken"},
    )
    result = await _answer(hass, result, _typed(f"{folder}|front"))
    assert (result["step_id"], result["errors"]) == (
        "reading",
        {"camera": "camera_not_told_apart"},
    )


async def test_a_shared_folder_is_typed_and_then_told_apart(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """The form that asks for the camera's name comes by itself and takes it."""
    folder = add_recordings(
        "shared", "front.20240601_180000.mp4", "back.20240601_180000.mp4"
    )
    front = {**READING, "naming": "blue_iris", "camera": "front"}
    entry = await add_home(_camera(folder, source={"folder": str(folder), **front}))
    result = await _answer(hass, await _begin(hass, entry), _typed(folder))
    assert (result["step_id"], result["errors"]) == (
        "reading",
        {"camera": "camera_not_told_apart"},
    )
    # "Automatic" looks at no camera's name, whatever is written there.
    automatic = {"naming": "automatic", "camera": "back", "name_is": "start"}
    result = await _answer(hass, result, automatic)
    assert result["errors"] == {"camera": "camera_not_told_apart"}
    result = await _answer(hass, result, {**automatic, "naming": "blue_iris"})
    assert result["step_id"] == "check"
    await _pick(hass, result, "save")
    assert len(entry.subentries) == 2


@pytest.mark.parametrize("typed", ["", "hall", "hall/../yard", "hall/2024"])
async def test_recordings_of_a_camera_that_is_never_offered(
    hass: HomeAssistant,
    add_home: AddHome,
    add_recordings: AddRecordings,
    media: Path,
    typed: str,
) -> None:
    """No folder above or below its own makes them another camera's."""
    hall = add_recordings("hall", "2024/06/01/18-00-00.mp4")
    add_recordings("yard", "2024-06-01_18-00-00.mp4")
    kept = _camera(hall, "Hall", place="indoor", offered=False)
    result = await _begin(hass, await add_home(kept))
    result = await _answer(hass, result, _typed(media / typed if typed else media))
    if typed.endswith("yard"):
        assert result["step_id"] == "check"
        return
    assert (result["step_id"], result["errors"]) == (
        "folder",
        {"folder": "folder_taken"},
    )


@pytest.mark.parametrize(("kept", "typed"), [("hall", "link"), ("link", "hall")])
async def test_links_are_followed_on_both_sides(
    hass: HomeAssistant,
    add_home: AddHome,
    add_recordings: AddRecordings,
    media: Path,
    kept: str,
    typed: str,
) -> None:
    """A folder under another name is the same folder."""
    (media / "link").symlink_to(add_recordings("hall", "2024-06-01_18-00-00.mp4"))
    entry = await add_home(_camera(media / kept, "Hall"))
    result = await _answer(hass, await _begin(hass, entry), _typed(media / typed))
    assert result["errors"] == {"camera": "camera_not_told_apart"}


@pytest.mark.parametrize("second", ["drive", "drive/2024"])
async def test_added_twice_at_once(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings, second: str
) -> None:
    """Of two open forms for the same recordings the second is refused at its end."""
    folder = add_recordings("drive", "2024/06-01/2024-06-01_18-00-00.mp4")
    entry = await add_home()
    results = [
        await _answer(hass, await _begin(hass, entry), _typed(one))
        for one in (folder, folder.parent / second)
    ]
    await _pick(hass, results[0], "save")
    result = await _pick(hass, results[1], "save")
    assert (result["step_id"], result["errors"]) == (
        "folder",
        {"folder": "folder_taken"},
    )
    assert len(entry.subentries) == 1


async def test_a_recording_that_cannot_be_read(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """It is a warning: it may be one broken file of many."""
    folder = add_recordings("drive", "2024-06-01_18-00-00.mp4", content=b"broken")
    entry = await add_home()
    result = await _answer(hass, await _begin(hass, entry), _typed(folder))
    assert result["step_id"] == "check_example_unreadable"
    result = await _pick(hass, result, "save")
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_time_still_to_come(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """A wrong zone or order of day and month shows, and can be mended at once."""
    folder = add_recordings("drive", "2099-06-01_18-00-00.mp4")
    result = await _answer(hass, await _begin(hass, await add_home()), _typed(folder))
    assert result["step_id"] == "check_time_in_future"
    assert (await _pick(hass, result, "reading"))["step_id"] == "reading"


async def test_change(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """How times are read stays as it was, though it was found otherwise."""
    folder = add_recordings("drive", "2024-06-01_18-00-00.mp4")
    entry = await add_home(_camera(folder, entity_id="camera.driveway"))
    (camera,) = entry.subentries
    result = await entry.start_subentry_reconfigure_flow(hass, camera)
    assert result["step_id"] == "folder"
    assert default(result, "name") == "Driveway"
    assert default(result, "folder") == str(folder)
    assert suggestion(result, "entity_id") == "camera.driveway"

    result = await _answer(hass, result, _typed(folder, name=""))
    assert (result["step_id"], result["errors"]) == (
        "folder",
        {"name": "title_empty"},
    )
    result = await _answer(hass, result, _typed(folder, name="Yard", place="indoor"))
    result = await _pick(hass, result, "save")
    assert result["reason"] == "reconfigure_successful"
    assert entry.subentries[camera].title == "Yard"
    assert entry.subentries[camera].data == {
        **_camera(folder)["data"],
        "place": "indoor",
        "offered": False,
    }


async def test_change_to_another_folder(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """Another folder is read anew; one that was typed, automatically."""
    old = add_recordings("old", "2024-06-01_18-00-00.mp4")
    new = add_recordings("new", "2024.06.02-18h00m00s.mp4")
    entry = await add_home(
        _camera(old, source={"folder": str(old), **READING, "naming": "segments"})
    )
    (camera,) = entry.subentries
    result = await entry.start_subentry_reconfigure_flow(hass, camera)
    result = await _answer(hass, result, _typed(new))
    await _pick(hass, result, "save")
    assert entry.subentries[camera].unique_id == str(new)
    assert entry.subentries[camera].data["source"] == {"folder": str(new), **READING}


async def test_change_to_the_recordings_of_another(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """That is refused at the field, also when reading changes make it so."""
    one = add_recordings("one", "2024-06-01_18-00-00.mp4")
    two = add_recordings("two", "2024-06-01_18-00-00.mp4")
    entry = await add_home(_camera(one), _camera(two))
    first, _ = entry.subentries
    result = await entry.start_subentry_reconfigure_flow(hass, first)
    result = await _answer(hass, result, _typed(two))
    assert (result["step_id"], result["errors"]) == (
        "folder",
        {"folder": "folder_taken"},
    )


async def test_a_folder_that_vanishes_while_reading_is_chosen(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """The error stands at the folder, in the form that has it."""
    folder = add_recordings("odd", "on 01.06.2024.mp4")
    result = await _answer(hass, await _begin(hass, await add_home()), _typed(folder))
    (folder / "on 01.06.2024.mp4").unlink()
    folder.rmdir()
    result = await _answer(hass, result, {"naming": "unix", "name_is": "start"})
    assert (result["step_id"], result["errors"]) == (
        "folder",
        {"folder": "folder_missing"},
    )


# --- on the map


async def test_a_camera_is_put_on_the_map_and_taken_off_again(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """It begins at home; the form leads back to where it was opened."""
    await hass.config.async_update(latitude=52.1, longitude=4.3)
    folder = add_recordings("drive", "2024-06-01_18-00-00.mp4")
    entry = await add_home()
    result = await _answer(hass, await _begin(hass, entry), _typed(folder))
    result = await _pick(hass, result, "map")
    assert (result["step_id"], result["last_step"]) == ("map", False)
    assert default(result, "on_map") is True
    assert default(result, "location") == {"latitude": 52.1, "longitude": 4.3}
    assert field(result, "location")[1].config["radius"] is False
    assert suggestion(result, "bearing") is None

    place = {"latitude": 52.1001, "longitude": 4.3002}
    result = await _answer(
        hass, result, {"on_map": True, "location": {**place, "radius": 5.0}}
    )
    assert result["step_id"] == "check"
    # from the first form on again: what was said of the map stays
    result = await _pick(hass, result, "camera")
    result = await _answer(hass, result, _typed(folder, name="Lane"))
    await _pick(hass, result, "save")
    [camera] = entry.subentries.values()
    assert camera.data == _camera(
        folder, source={"folder": str(folder), **READING, "naming": "segments"}
    )["data"] | {"location": place}

    result = await entry.start_subentry_reconfigure_flow(hass, camera.subentry_id)
    result = await _answer(hass, result, _typed(folder))
    result = await _pick(hass, result, "map")
    assert default(result, "location") == place
    answer = {"on_map": True, "location": place, "bearing": 270.0}
    result = await _pick(hass, await _answer(hass, result, answer), "save")
    [camera] = entry.subentries.values()
    assert (camera.data["location"], camera.data["bearing"]) == (place, 270)
    assert type(camera.data["bearing"]) is int

    result = await entry.start_subentry_reconfigure_flow(hass, camera.subentry_id)
    result = await _answer(hass, result, _typed(folder))
    result = await _pick(hass, result, "map")
    assert suggestion(result, "bearing") == 270
    # what is switched off is not judged
    off = {**answer, "on_map": False, "bearing": 400}
    result = await _pick(hass, await _answer(hass, result, off), "save")
    [camera] = entry.subentries.values()
    assert (camera.data["location"], camera.data["bearing"]) == (None, None)


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"bearing": 360}, {"bearing": "bearing_invalid"}),
        ({"bearing": -1}, {"bearing": "bearing_invalid"}),
        ({"bearing": 1.5}, {"bearing": "bearing_invalid"}),
        (
            {"location": {"latitude": 91.0, "longitude": 4.0}},
            {"location": "location_invalid"},
        ),
        (
            {"location": {"latitude": 1.0, "longitude": 180.5}, "bearing": 360},
            {"location": "location_invalid", "bearing": "bearing_invalid"},
        ),
    ],
)
async def test_a_wrong_place_is_told_at_the_field(
    hass: HomeAssistant,
    add_home: AddHome,
    add_recordings: AddRecordings,
    changes: dict[str, Any],
    errors: dict[str, str],
) -> None:
    """Nothing that was typed is lost, and the mended form is taken."""
    folder = add_recordings("drive", "2024-06-01_18-00-00.mp4")
    entry = await add_home()
    result = await _answer(hass, await _begin(hass, entry), _typed(folder))
    result = await _pick(hass, result, "map")
    good = {
        "on_map": True,
        "location": {"latitude": 52.1, "longitude": 4.3},
        "bearing": 0,
    }
    result = await _answer(hass, result, {**good, **changes})
    assert (result["step_id"], result["errors"]) == ("map", errors)
    assert default(result, "location") == {**good, **changes}["location"]
    assert suggestion(result, "bearing") == {**good, **changes}["bearing"]
    result = await _pick(hass, await _answer(hass, result, good), "save")
    [camera] = entry.subentries.values()
    assert camera.data["bearing"] == 0


async def test_a_camera_of_before_there_was_a_map(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """It is on none, and stays so when something else is changed."""
    folder = add_recordings("drive", "2024-06-01_18-00-00.mp4")
    older = _camera(folder)
    del older["data"]["location"], older["data"]["bearing"]
    entry = await add_home(older)
    [camera_id] = entry.subentries
    result = await entry.start_subentry_reconfigure_flow(hass, camera_id)
    result = await _answer(hass, result, _typed(folder, name="Lane"))
    await _pick(hass, result, "save")
    assert entry.subentries[camera_id].data == _camera(folder)["data"]
