"""What a camera always hides: seen, changed and removed in its form."""

from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.core import HomeAssistant
import pytest

from custom_components.clip_consent.core.masks import MaskError, Region
from custom_components.clip_consent.home.configuration import read_settings

from .conftest import AddHome, AddRecordings
from .forms import suggestion
from .test_camera import _answer, _begin, _camera, _pick, _typed

DOOR = Region(left=0, top=0, right=5000, bottom=3333)


async def _to_masks(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> tuple[Any, dict[str, Any]]:
    """Open the masks of a new camera."""
    folder = add_recordings("drive", "2024-06-01_18-00-00.mp4")
    entry = await add_home()
    result = await _answer(hass, await _begin(hass, entry), _typed(folder))
    result = await _pick(hass, result, "masks")
    assert (result["step_id"], result["last_step"]) == ("masks", False)
    assert suggestion(result, "masks") == []
    return entry, result


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        (["0 0 50 33.33"], [[0, 0, 5000, 3333]], ["0 0 50 33.33"]),
        ([" 0,0  0 50,00 33,33 "], [[0, 0, 5000, 3333]], ["0 0 50 33.33"]),
        (["99.9 0.01 100 100"], [[9990, 1, 10_000, 10_000]], ["99.9 0.01 100 100"]),
        # as the hint reads, and as hands write it
        (["0, 0, 50, 33.5"], [[0, 0, 5000, 3350]], ["0 0 50 33.5"]),
        (["0%, 0%; 50% 33,5%;"], [[0, 0, 5000, 3350]], ["0 0 50 33.5"]),
        # in order, none within another, empty lines left out
        (
            ["50 0 60 5", "", "10 10 20 20", " ", "0 0 50 50"],
            [[0, 0, 5000, 5000], [5000, 0, 6000, 500]],
            ["0 0 50 50", "50 0 60 5"],
        ),
        ([], None, []),
        (["", " "], None, []),
    ],
)
async def test_they_are_kept_and_shown_again(
    hass: HomeAssistant,
    add_home: AddHome,
    add_recordings: AddRecordings,
    typed: list[str],
    kept: list[list[int]] | None,
    shown: list[str],
) -> None:
    """To the hundredth of a per cent, with either decimal sign."""
    entry, result = await _to_masks(hass, add_home, add_recordings)
    result = await _answer(hass, result, {"masks": typed})
    again = await _pick(hass, result, "masks")
    assert suggestion(again, "masks") == shown
    result = await _answer(hass, again, {"masks": shown})
    await _pick(hass, result, "save")
    (camera,) = entry.subentries.values()
    assert camera.data["masks"] == kept
    settings = read_settings(entry, ZoneInfo("UTC"))
    regions = [Region(left=a, top=b, right=c, bottom=d) for a, b, c, d in kept or ()]
    assert settings.cameras[camera.subentry_id].masks == tuple(regions)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        *(([text], "mask_invalid") for text in ("x", "0 0 50", "0 0 50 50 50")),
        *(([text], "mask_invalid") for text in ("0 0 50 33.333", "0 0 50 -1")),
        *(
            ([text], "mask_invalid")
            for text in ("50 0 50 9", "0 9 1 8", "0 0 100.01 1")
        ),
        *(([text], "mask_invalid") for text in ("0 0 1e1 1", "0 0 ٥٠ 50", "0;0;5;5")),
        *(([text], "mask_invalid") for text in ("0 0 50 %", "0,0,50,50", "%")),
        *(
            ([text], "mask_invalid")
            for text in ("0 0 5 , 5 5", "0 0 5 50%%", "0 0 5 ,")
        ),
        (["0 0 1 1", "0 0 999 1"], "mask_invalid"),
        ([f"{n} {n} {n + 1} {n + 1}" for n in range(17)], "masks_too_many"),
    ],
)
async def test_what_it_does_not_take(
    hass: HomeAssistant,
    add_home: AddHome,
    add_recordings: AddRecordings,
    typed: list[str],
    error: str,
) -> None:
    """What was typed stays to be mended."""
    _, result = await _to_masks(hass, add_home, add_recordings)
    result = await _answer(hass, result, {"masks": typed})
    assert (result["step_id"], result["errors"]) == ("masks", {"masks": error})
    assert suggestion(result, "masks") == typed
    assert result["description_placeholders"] == {"most": "16"}
    result = await _answer(hass, result, {"masks": ["0 0 1 1"]})
    assert result["step_id"] == "check"


async def test_a_camera_s_masks_are_changed_and_removed(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """An emptied list is left out by the frontend: then nothing is hidden."""
    folder = add_recordings("drive", "2024-06-01_18-00-00.mp4")
    entry = await add_home(_camera(folder, masks=[[0, 0, 5000, 3333]]))
    (camera,) = entry.subentries.values()
    result = await entry.start_subentry_reconfigure_flow(hass, camera.subentry_id)
    result = await _answer(hass, result, _typed(folder))
    result = await _pick(hass, result, "masks")
    assert suggestion(result, "masks") == ["0 0 50 33.33"]
    result = await _answer(hass, result, {})
    again = await _pick(hass, result, "masks")
    assert suggestion(again, "masks") == []
    await _pick(hass, await _answer(hass, again, {}), "save")
    (camera,) = entry.subentries.values()
    assert camera.data["masks"] is None


async def test_a_form_takes_back_nothing_that_it_did_not_show(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """Masks that are drawn in the panel meanwhile stay."""
    folder = add_recordings("drive", "2024-06-01_18-00-00.mp4")
    entry = await add_home(_camera(folder))
    (camera,) = entry.subentries.values()
    result = await entry.start_subentry_reconfigure_flow(hass, camera.subentry_id)
    result = await _answer(hass, result, _typed(folder, name="Drive"))
    drawn = {**camera.data, "masks": [[0, 0, 5000, 3333]]}
    hass.config_entries.async_update_subentry(entry, camera, data=drawn)
    await _pick(hass, result, "save")
    (camera,) = entry.subentries.values()
    assert (camera.title, camera.data["masks"]) == ("Drive", [[0, 0, 5000, 3333]])


async def test_a_camera_from_before(
    hass: HomeAssistant, add_home: AddHome, add_recordings: AddRecordings
) -> None:
    """Settings without masks hide nothing; masks that are none are not passed over."""
    folder = add_recordings("drive", "2024-06-01_18-00-00.mp4")
    camera = _camera(folder)
    del camera["data"]["masks"]
    entry = await add_home(camera)
    settings = read_settings(entry, ZoneInfo("UTC"))
    assert [one.masks for one in settings.cameras.values()] == [()]
    (kept,) = entry.subentries.values()
    result = await entry.start_subentry_reconfigure_flow(hass, kept.subentry_id)
    result = await _answer(hass, result, _typed(folder))
    result = await _pick(hass, result, "masks")
    assert suggestion(result, "masks") == []
    broken = {**kept.data, "masks": [[0, 0, 0, 1]]}
    hass.config_entries.async_update_subentry(entry, kept, data=broken)
    with pytest.raises(MaskError, match="mask_invalid"):
        read_settings(entry, ZoneInfo("UTC"))
