"""A recorder's clock that is off: asked for, shown, kept, and read again."""

import os
from pathlib import Path
import time
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util import dt as dt_util
import pytest

from custom_components.clip_consent.home.configuration import read_settings
from custom_components.clip_consent.subentry_camera_steps import length_text

from .conftest import AddHome, AddRecordings
from .forms import suggestion
from .test_camera import _answer, _begin, _camera, _pick, _typed


async def _to_clock(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> tuple[Any, dict[str, Any]]:
    """Open the clock of a new camera."""
    await hass.config.async_set_time_zone("Europe/Amsterdam")
    folder = add_recordings("drive", "2024-06-01_18-00-00.mp4")
    entry = await add_home()
    result = await _answer(hass, await _begin(hass, entry), _typed(folder))
    assert result["description_placeholders"]["clock"] == "0 s"
    result = await _pick(hass, result, "clock")
    assert result["step_id"] == "clock"
    return entry, result


@pytest.mark.parametrize(
    ("typed", "clock", "time", "ahead"),
    [
        (182, "+3 min 2 s", "2024-06-01 17:56:58", 182.0),
        (-182.0, "-3 min 2 s", "2024-06-01 18:03:02", -182.0),
        (86_400, "+24 h", "2024-05-31 18:00:00", 86_400.0),
        (0, "0 s", "2024-06-01 18:00:00", 0.0),
        (None, "0 s", "2024-06-01 18:00:00", 0.0),
    ],
)
async def test_it_is_shown_and_kept(
    hass: HomeAssistant,
    add_home: AddHome,
    add_recordings: AddRecordings,
    typed: float | None,
    clock: str,
    time: str,
    ahead: float,
) -> None:
    """The example's time is put right on the page, and everywhere once it is saved."""
    entry, result = await _to_clock(hass, add_home, add_recordings)
    answer = {} if typed is None else {"clock_ahead": typed}
    result = await _answer(hass, result, answer)
    assert result["description_placeholders"]["clock"] == clock
    assert result["description_placeholders"]["time"] == time
    # where the clock is right, nothing is said of it
    assert ("clock_set" in result["menu_options"]) is bool(typed)
    assert ("clock" in result["menu_options"]) is not bool(typed)
    await _pick(hass, result, "save")
    (camera,) = entry.subentries.values()
    assert camera.data["clock_ahead"] == (int(typed) if typed else None)
    settings = read_settings(entry, ZoneInfo("UTC"))
    assert settings.cameras[camera.subentry_id].clock_ahead == ahead
    # ... and is there when the camera is changed, for other kinds of changes too.
    result = await entry.start_subentry_reconfigure_flow(hass, camera.subentry_id)
    result = await _answer(hass, result, _typed(camera.data["source"]["folder"]))
    assert result["description_placeholders"]["clock"] == clock
    again = await _pick(hass, result, "clock_set" if typed else "clock")
    assert again["step_id"] == "clock"
    assert suggestion(again, "clock_ahead") == (typed or None)


@pytest.mark.parametrize("typed", [0.5, 86_401, -86_401])
async def test_what_it_does_not_take(
    hass: HomeAssistant,
    add_home: AddHome,
    add_recordings: AddRecordings,
    typed: float,
) -> None:
    """Whole seconds, a day at most; what was typed stays to be mended."""
    _, result = await _to_clock(hass, add_home, add_recordings)
    result = await _answer(hass, result, {"clock_ahead": typed})
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"clock_ahead": "clock_invalid"}
    assert suggestion(result, "clock_ahead") == typed
    result = await _answer(hass, result, {"clock_ahead": 7})
    assert result["description_placeholders"]["clock"] == "+7 s"


async def test_a_camera_from_before(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """Settings without a clock are those of a clock that is right."""
    folder = add_recordings("drive", "2024-06-01_18-00-00.mp4")
    camera = _camera(folder)
    del camera["data"]["clock_ahead"]
    entry = await add_home(camera)
    settings = read_settings(entry, ZoneInfo("UTC"))
    assert [one.clock_ahead for one in settings.cameras.values()] == [0.0]
    (subentry,) = entry.subentries.values()
    result = await entry.start_subentry_reconfigure_flow(hass, subentry.subentry_id)
    result = await _answer(hass, result, _typed(folder))
    assert result["description_placeholders"]["clock"] == "0 s"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59.6, "1 min"), (3661, "1 h 1 min 1 s"), (7200, "2 h")],
)
def test_lengths(seconds: float, text: str) -> None:
    """In units that are written alike in every language."""
    assert length_text(seconds) == text


def _record(folder: Path, count: int, ahead: float, *, length: float = 1.0) -> None:
    """Write recordings by a clock that is so far ahead, each until its end."""
    content = next(folder.iterdir()).read_bytes()
    first = int(time.time()) - 3 * 86_400
    for number in range(count):
        start = first + 60 * number
        name = dt_util.utc_from_timestamp(start + ahead).strftime("%Y%m%d_%H%M%S.mp4")
        (folder / name).write_bytes(content)
        os.utime(folder / name, (start + length, start + length))


@pytest.mark.parametrize(
    ("ahead", "warning", "difference"),
    [
        (182, "clock_ahead", "3 min 2 s"),
        (-182, "clock_behind", "3 min 2 s"),
        (3600, "clock_zone", "1 h"),
    ],
)
async def test_a_clock_that_is_off_is_noticed(
    hass: HomeAssistant,
    add_home: AddHome,
    add_recordings: AddRecordings,
    ahead: int,
    warning: str,
    difference: str,
) -> None:
    """It is told with the number to enter; once entered, nothing more is said."""
    await hass.config.async_set_time_zone("UTC")
    folder = add_recordings("drive", "x.mp4")
    _record(folder, 5, ahead)
    entry = await add_home()
    result = await _answer(hass, await _begin(hass, entry), _typed(folder))
    assert result["step_id"] == f"check_{warning}"
    words = result["description_placeholders"]
    assert words["difference"].startswith(difference[:5])
    assert abs(int(words["seconds"]) - ahead) <= 2
    result = await _pick(hass, result, "clock")
    if warning == "clock_zone":
        assert result["step_id"] == "clock"
        return
    assert result["step_id"] == "clock_found"
    assert suggestion(result, "clock_ahead") == int(words["seconds"])
    assert result["description_placeholders"]["seconds"] == words["seconds"]
    result = await _answer(hass, result, {"clock_ahead": ahead})
    assert result["step_id"] == "check"
    result = await _pick(hass, result, "clock_set")
    assert result["step_id"] == "clock"
    assert suggestion(result, "clock_ahead") == ahead


async def test_a_setting_that_is_no_longer_right_is_noticed(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """The recorder's clock was put right since."""
    await hass.config.async_set_time_zone("UTC")
    folder = add_recordings("drive", "x.mp4")
    _record(folder, 5, 0)
    entry = await add_home(_camera(folder, clock_ahead=182))
    (camera,) = entry.subentries.values()
    result = await entry.start_subentry_reconfigure_flow(hass, camera.subentry_id)
    result = await _answer(hass, result, _typed(folder))
    assert result["step_id"] in ("check_clock_ahead", "check_clock_behind")
    result = await _pick(hass, result, "clock_set")
    assert abs(suggestion(result, "clock_ahead")) <= 1
