"""What a camera always hides, set in the panel, and what a recorder saw: for whom."""

import asyncio
from hashlib import sha256
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from pyrage import x25519
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.clip_consent.core.detections import Detection
from custom_components.clip_consent.core.errors import SourceError, StoreError
from custom_components.clip_consent.core.models import Window
from custom_components.clip_consent.home import reading
from custom_components.clip_consent.home.manager import HomeManager
from custom_components.clip_consent.home.recordings import Recordings
from custom_components.clip_consent.home.store import HomeStore
from tests.interfaces import example, unlike

from .acting import END, SPAN, START, Panel, act, login, other_admin, plain_user
from .panels import panel

__all__ = ["panel"]  # fixtures, used by name

DOOR = [0, 0, 5000, 3333]
KEY = str(x25519.Identity.generate().to_public())


async def test_an_admin_sets_them_and_the_home_starts_anew(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """In one order, none within another; all else of the camera stays."""
    theirs = Panel(
        await hass_ws_client(hass, await login(hass, await other_admin(hass)))
    )
    [camera] = entry.get_subentries_of_type("camera")
    before, (camera_id,) = dict(camera.data), manager.cameras
    masks = [[6000, 0, 7000, 1000], DOOR, [0, 0, 100, 100]]
    said = await theirs.result("set_camera_masks", camera_id=camera_id, masks=masks)
    assert said == {"masks": [DOOR, [6000, 0, 7000, 1000]]}
    await hass.async_block_till_done()
    [camera] = entry.get_subentries_of_type("camera")
    assert camera.data == {**before, "masks": said["masks"]}
    home: HomeManager = entry.runtime_data
    assert home is not manager
    assert len(home.cameras[camera_id].masks) == 2
    said = await theirs.result("set_camera_masks", camera_id=camera_id, masks=[])
    await hass.async_block_till_done()
    [camera] = entry.get_subentries_of_type("camera")
    assert (said, camera.data["masks"]) == ({"masks": []}, None)


async def _told(home: HomeManager) -> list[dict[str, Any]]:
    """Return what the ledger says of what cameras hide, in order."""
    entries, _ = await home.reading.async_export_ledger(None)
    return [each.data for each in entries if each.kind == "masks_changed"]


async def test_the_ledger_tells_who_changed_what_is_hidden(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Drawn in the panel it names the user; from a form, what Home Assistant tells."""
    admin = await other_admin(hass)
    theirs = Panel(await hass_ws_client(hass, await login(hass, admin)))
    (camera_id,) = manager.cameras
    drawn = {"camera_id": camera_id, "masks": [DOOR]}
    await theirs.result("set_camera_masks", **drawn)
    await hass.async_block_till_done()
    first = {
        "camera_id": camera_id,
        "regions_before": 0,
        "regions_after": 1,
        "regions_sha256": sha256(b"[[0,0,5000,3333]]").hexdigest(),
        "user_id": admin.id,
    }
    assert await _told(entry.runtime_data) == [first]
    # a start with the same, and the same once more, are no change
    await theirs.result("set_camera_masks", **drawn)
    await hass.config_entries.async_reload(entry.entry_id)
    assert await _told(entry.runtime_data) == [first]
    [camera] = entry.get_subentries_of_type("camera")
    hass.config_entries.async_update_subentry(
        entry, camera, data={**camera.data, "masks": None}
    )
    await hass.async_block_till_done()
    shown = {"regions_before": 1, "regions_after": 0, "user_id": None}
    shown["regions_sha256"] = sha256(b"[]").hexdigest()
    assert await _told(entry.runtime_data) == [first, {**first, **shown}]
    names = (await theirs.result("ledger", kinds=["masks_changed"]))["names"]
    assert names[camera_id] == camera.title


async def test_a_store_that_writes_nothing_holds_up_no_hiding(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    panel: Panel,
) -> None:
    """It is hidden at once, the home starts, and the next start writes the line."""
    (camera_id,) = manager.cameras
    full = patch.object(HomeStore, "async_set", side_effect=StoreError("store_failed"))
    with full:
        await panel.result("set_camera_masks", camera_id=camera_id, masks=[DOOR])
        await hass.async_block_till_done()
        home: HomeManager = entry.runtime_data
        assert home is not manager
        assert len(home.cameras[camera_id].masks) == 1
        assert await _told(home) == []
    await hass.config_entries.async_reload(entry.entry_id)
    [line] = await _told(entry.runtime_data)
    assert (line["regions_after"], line["user_id"]) == (1, None)


async def test_what_was_drawn_is_added_to_what_there_is(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager, panel: Panel
) -> None:
    """A panel may not have heard yet of what another admin hid: that stays hidden."""
    [camera_id] = manager.cameras
    other = [6000, 0, 7000, 1000]
    await panel.result("set_camera_masks", camera_id=camera_id, masks=[other])
    await hass.async_block_till_done()
    drawn = {"camera_id": camera_id, "masks": [DOOR], "add": True}
    said = await panel.result("set_camera_masks", **drawn)
    assert said == {"masks": [DOOR, other]}
    await hass.async_block_till_done()
    [camera] = entry.get_subentries_of_type("camera")
    assert camera.data["masks"] == [DOOR, other]
    crowd = [[n, n, n + 1, n + 1] for n in range(8000, 8015)]
    many = {"camera_id": camera_id, "masks": crowd, "add": True}
    assert await panel.error("set_camera_masks", **many) == "masks_too_many"
    [camera] = entry.get_subentries_of_type("camera")
    assert camera.data["masks"] == [DOOR, other]


async def test_nobody_else_does(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    panel: Panel,
    approver: MockUser,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Neither who is no admin, nor an admin's token; nor anything but a camera."""
    [camera_id] = manager.cameras
    setting = {"camera_id": camera_id, "masks": [DOOR]}
    guest = Panel(await hass_ws_client(hass, await login(hass, await plain_user(hass))))
    assert await guest.error("set_camera_masks", **setting) == "not_admin"
    token = await hass.auth.async_create_refresh_token(
        approver, client_name="a script", token_type="long_lived_access_token"
    )
    access = hass.auth.async_create_access_token(token)
    script = Panel(await hass_ws_client(hass, access))
    assert await script.error("set_camera_masks", **setting) == "login_not_own"
    [rule, *_] = entry.get_subentries_of_type("rule")
    other = {**setting, "camera_id": rule.subentry_id}
    assert await panel.error("set_camera_masks", **other) == "camera_not_found"
    crowd = [[n, n, n + 1, n + 1] for n in range(17)]
    many = await panel.send("set_camera_masks", camera_id=camera_id, masks=crowd)
    assert many["error"]["code"] == "masks_too_many"
    assert "16" in many["error"]["message"]
    await hass.async_block_till_done()
    assert entry.runtime_data is manager


def seen(label: str = "person") -> Detection:
    """Return what a recorder saw in the span that is asked for."""
    return Detection(label=label, window=Window(start=START, end=END))


async def test_what_the_recorder_saw_is_for_approvers_alone(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    panel: Panel,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Beside the recordings in the panel; not in the action, nor for other admins."""
    [camera_id] = manager.cameras
    with patch.object(Recordings, "async_detections", return_value=(seen(),)):
        found = await panel.result("find_clips", camera_id=camera_id, **SPAN)
        assert list(unlike(example("find_clips_answer"), found)) == []
        [shown] = found["detections"]
        assert shown["label"] == "person"
        assert found["runs"]
        admin = await login(hass, await other_admin(hass))
        theirs = Panel(await hass_ws_client(hass, admin))
        assert (
            await theirs.error("find_clips", camera_id=camera_id, **SPAN)
            == "not_approver"
        )
        answer = await act(hass, "find_clips", camera_id=camera_id, **SPAN)
        assert "detections" not in answer


@pytest.mark.parametrize("failing", [SourceError("source_failed"), TimeoutError()])
async def test_a_recorder_that_cannot_tell_costs_only_that(
    manager: HomeManager, panel: Panel, failing: Exception
) -> None:
    """The recordings are shown all the same."""
    [camera_id] = manager.cameras
    with patch.object(Recordings, "async_detections", side_effect=failing):
        found = await panel.result("find_clips", camera_id=camera_id, **SPAN)
    assert found["runs"]
    assert found["detections"] == []


async def test_a_recorder_that_hangs_is_not_waited_for(
    manager: HomeManager, panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does it hold up what was found."""

    async def hang(*_: Any) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(reading, "SEEN_WITHIN", 0.05)
    [camera_id] = manager.cameras
    with patch.object(Recordings, "async_detections", hang):
        found = await panel.result("find_clips", camera_id=camera_id, **SPAN)
    assert found["runs"]
    assert found["detections"] == []
