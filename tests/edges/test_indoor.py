"""A camera that the owner did not turn on: no door shows what it has recorded."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.clip_consent.core.models import Case
from custom_components.clip_consent.home.manager import HomeManager

from .acting import ASKING, SHORT, SPAN, Panel, act, offered


@pytest.fixture
async def hall(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigSubentry:
    """Return a second camera, indoors and not turned on.

    What it could show is there: it has the recordings that the other one had.
    """
    [driveway] = entry.get_subentries_of_type("camera")
    hall = ConfigSubentry(
        subentry_type="camera",
        title="Hall",
        unique_id=None,
        data={**driveway.data, "place": "indoor", "offered": False},  # type: ignore[arg-type]
    )
    hass.config_entries.async_add_subentry(entry, hall)
    await hass.async_block_till_done()
    return hall


async def _turn(
    hass: HomeAssistant, entry: MockConfigEntry, camera: ConfigSubentry, *, on: bool
) -> None:
    """Change whether a camera may be offered, as its form does."""
    data: Mapping[str, Any] = {**camera.data, "offered": on}
    hass.config_entries.async_update_subentry(entry, camera, data=data)
    await hass.async_block_till_done()


async def _asked(hass: HomeAssistant, entry: MockConfigEntry) -> Case:
    manager: HomeManager = entry.runtime_data
    answer = await act(hass, "submit_request", **ASKING, hand_over=True)
    return await offered(manager, answer["case_id"])


async def _refusal(hass: HomeAssistant, action: str, **data: Any) -> str | None:
    with pytest.raises(ServiceValidationError) as err:
        await act(hass, action, **data)
    assert err.value.translation_domain == "clip_consent"
    return err.value.translation_key


async def test_every_door_refuses_a_camera_that_is_not_turned_on(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hall: ConfigSubentry,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Panel and actions, automations too; the same code at each, in words."""
    case = await _asked(hass, entry)
    panel = Panel(await hass_ws_client(hass))
    here = {"camera_id": hall.subentry_id}
    there = {**here, "case_id": case.case_id}
    assert await panel.error("find_clips", **here, **SPAN) == "camera_not_offered"
    thumbnails = {**there, "times": [SPAN["start"]]}
    assert await panel.error("thumbnails", **thumbnails) == "camera_not_offered"
    near = {**there, "at": SPAN["start"]}
    assert await panel.error("key_times", **near) == "camera_not_offered"
    assert await panel.error("prepare", **there, **SHORT) == "camera_not_offered"
    assert await _refusal(hass, "find_clips", **here, **SPAN) == "camera_not_offered"
    assert await _refusal(hass, "prepare", **there, **SHORT) == "camera_not_offered"
    await panel.result("subscribe")
    snapshot = await panel.event("snapshot")
    assert [each["name"] for each in snapshot["cameras"]] == ["Driveway"]
    assert [found["camera"] for found in snapshot["cases"][0]["findings"]] == [
        "Driveway"
    ]


async def test_once_it_is_turned_on_every_door_serves_it(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hall: ConfigSubentry,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """The control of the refusals: nothing else was in the way."""
    [driveway] = [
        camera
        for camera in entry.get_subentries_of_type("camera")
        if camera.title == "Driveway"
    ]
    await _turn(hass, entry, driveway, on=False)  # the one folder is one camera's
    await _turn(hass, entry, hall, on=True)
    case = await _asked(hass, entry)
    panel = Panel(await hass_ws_client(hass))
    here = {"camera_id": hall.subentry_id}
    there = {**here, "case_id": case.case_id}
    assert (await panel.result("find_clips", **here, **SPAN))["runs"]
    assert (await act(hass, "find_clips", **here, **SPAN))["runs"]
    assert (await act(hass, "prepare", **there, **SHORT))["seconds"] > 0
    [picture] = (await panel.result("thumbnails", **there, times=[SPAN["start"]]))[
        "thumbnails"
    ]
    assert picture["jpeg"]
    assert (await panel.result("prepare", **there, **SHORT))["case"]
    gone = {"camera_id": driveway.subentry_id}
    assert await panel.error("find_clips", **gone, **SPAN) == "camera_not_offered"
