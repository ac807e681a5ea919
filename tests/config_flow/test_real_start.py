"""What the forms save is what the integration starts with."""

from typing import Any

from homeassistant.auth.models import User
from homeassistant.config_entries import SOURCE_USER, ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

from custom_components.clip_consent.const import DOMAIN
from tests.interfaces import example, unlike

from .conftest import AddPhone, AddRecordings
from .forms import shown


async def _add(
    hass: HomeAssistant, entry: ConfigEntry, kind: str, *answers: dict[str, Any]
) -> None:
    """Add a subentry by its form, and wait until the home has started anew."""
    before = entry.runtime_data
    flow = hass.config_entries.subentries
    result = await flow.async_init(
        (entry.entry_id, kind), context={"source": SOURCE_USER}
    )
    for answer in answers:
        result = await flow.async_configure(result["flow_id"], answer)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert entry.runtime_data is not before


@pytest.mark.usefixtures("real_set_up")
async def test_from_the_first_form_to_a_running_home(
    hass: HomeAssistant,
    sam: User,
    kim: User,
    add_phone: AddPhone,
    add_recordings: AddRecordings,
) -> None:
    """Every form's result is read, and each addition starts the home anew."""
    phone = add_phone(sam, "Sam's iPhone")
    add_recordings("driveway", "2024-06-01_18-00-00.mp4")
    back = add_recordings("back", "2024.06.01-18h00m00s.mp4")
    flow = hass.config_entries.flow
    result = await flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    result = await flow.async_configure(
        result["flow_id"], {"next_step_id": "set_up_home"}
    )
    result = await flow.async_configure(result["flow_id"], {"user_id": sam.id})
    found = next(key for key in shown(result, "cameras") if key.endswith("driveway"))
    answer = {"phones": [phone], "cameras": [found], "invite": "Anna"}
    result = await flow.async_configure(result["flow_id"], answer)
    result = await flow.async_configure(result["flow_id"], {})
    entry = result["result"]
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert [one.name for one in entry.runtime_data.cameras.values()] == ["Driveway"]
    assert [one.label for one in entry.runtime_data.invites] == ["Anna"]

    await _add(hass, entry, "approver", {"user_id": kim.id}, {})
    camera = {"name": "Back", "place": "indoor", "folder": str(back)}
    folder, save = ({"next_step_id": step} for step in ("folder", "save"))
    await _add(hass, entry, "camera", folder, camera, save)
    rule = {
        "name": "Police",
        "verdict": "ask",
        "order": 20,
        "conditions": {"case_number": "required", "received_from": "08:00:00"}
        | {"received_to": "20:00:00", "words": ["bicycle"]},
        "limits": {"audio": False, "confirm_in_app": True, "max_seconds": 60},
    }
    await _add(hass, entry, "rule", rule)
    invite = {"label": "Front door", "kind": "public", "per_day": 1}
    await _add(hass, entry, "invite", invite | {"expires": "2199-01-31"}, {})

    manager = entry.runtime_data
    cameras = {one.name: one for one in manager.cameras.values()}
    assert (cameras["Back"].indoor, cameras["Back"].offered) == (True, False)
    assert [one.label for one in manager.invites] == ["Anna", "Front door"]

    options = hass.config_entries.options
    result = await options.async_init(entry.entry_id)
    answer = {"undo_panel": 20, "undo_push": 40, "upload_hosts": ["nas.local:1080"]}
    await options.async_configure(result["flow_id"], answer)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert entry.runtime_data is not manager
    _is_as_the_page_shows(entry)


def _is_as_the_page_shows(entry: ConfigEntry) -> None:
    """Compare what the forms saved with docs/interfaces.md, field by field."""
    subentries = list(entry.subentries.values())
    shapes = example("subentries")
    del shapes["portal"]  # it wants a hub: tests/config_flow/test_portal.py
    assert {each.subentry_type for each in subentries} == shapes.keys()
    for each in subentries:
        assert each.data.keys() == shapes[each.subentry_type].keys(), each.title
    for camera in entry.get_subentries_of_type("camera"):
        assert camera.data["source"].keys() == shapes["camera"]["source"].keys()
    assert not entry.data
    assert list(unlike(example("options"), dict(entry.options))) == []
