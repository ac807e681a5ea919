"""Actions know a camera by the name that its owner sees, and by its entity."""

from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.clip_consent.home.manager import HomeManager

from .acting import ASKING, SHORT, SPAN, act, offered, plain_user


async def _refusal(
    hass: HomeAssistant, action: str, user_id: str | None = None, **data: Any
) -> ServiceValidationError:
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, action, user_id, **data)
    return raised.value


@pytest.mark.parametrize(
    "name", ["Driveway", "driveway", " DRIVEWAY ", "camera.driveway"]
)
async def test_a_name_does_what_the_id_does(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    approver: MockUser,
    name: str,
) -> None:
    """Clips are found and drafts made; the answer gives the id."""
    [camera_id] = manager.cameras
    by_id = await act(hass, "find_clips", approver.id, camera_id=camera_id, **SPAN)
    by_name = await act(hass, "find_clips", approver.id, camera_id=name, **SPAN)
    assert by_name == by_id
    assert by_name["camera_id"] == camera_id
    assert by_name["runs"]
    asked = await act(hass, "submit_request", **ASKING, hand_over=True)
    case = await offered(manager, asked["case_id"])
    fields = {"case_id": case.case_id, **SHORT}
    spare = await act(hass, "prepare", approver.id, camera_id=name, **fields)
    assert spare == await act(hass, "prepare", None, camera_id=camera_id, **fields)


async def test_a_name_that_two_cameras_have_is_refused_in_words(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager
) -> None:
    """Nobody guesses which of them is meant; a name that none has is told apart."""
    asked = await act(hass, "submit_request", **ASKING, hand_over=True)
    case = await offered(manager, asked["case_id"])
    [driveway] = entry.get_subentries_of_type("camera")
    other = ConfigSubentry(
        subentry_type="camera",
        title="driveway",
        unique_id=None,
        data=driveway.data,
    )
    hass.config_entries.async_add_subentry(entry, other)
    await hass.async_block_till_done()
    of_case = {"case_id": case.case_id, **SHORT}
    for action, fields in (("find_clips", SPAN), ("prepare", of_case)):
        refused = await _refusal(hass, action, camera_id="DRIVEWAY", **fields)
        assert refused.translation_key == "camera_ambiguous"
        assert "“Driveway”" in str(refused)
        refused = await _refusal(hass, action, camera_id="Garden", **fields)
        assert refused.translation_key == "camera_not_found"


async def test_who_may_not_look_learns_no_name(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager
) -> None:
    """A name that there is and one that there is not are refused alike."""
    guest = await plain_user(hass)
    of_case = {"case_id": "a" * 26, **SHORT}
    for action, fields in (("find_clips", SPAN), ("prepare", of_case)):
        for name in ("Driveway", "Garden"):
            refused = await _refusal(hass, action, guest.id, camera_id=name, **fields)
            assert refused.translation_key == "not_approver"
