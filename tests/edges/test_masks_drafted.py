"""Regions that are drawn, from the panel to the draft; and who sees them."""

import json
from typing import Any

from homeassistant.core import HomeAssistant
from pyrage import x25519
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.clip_consent.core.models import Case, CaseState
from custom_components.clip_consent.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.clip_consent.home.manager import HomeManager

from .acting import ASKING, SHORT, Panel, act, case_in, offered, until
from .panels import panel

__all__ = ["panel"]  # fixtures, used by name

DOOR = [0, 0, 5000, 3333]
KEY = str(x25519.Identity.generate().to_public())


async def _masked_case(hass: HomeAssistant, panel: Panel, entry: Any) -> Case:
    """Return a case whose clip was prepared exactly, with a region drawn."""
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    manager: HomeManager = entry.runtime_data
    case = await offered(manager, answer["case_id"])
    [camera_id] = manager.cameras
    await panel.result(
        "prepare",
        case_id=case.case_id,
        camera_id=camera_id,
        **SHORT,
        exact=True,
        masks=[DOOR],
    )
    return await until(
        lambda: next(
            (
                one
                for one in manager.reading.open_cases()
                if one.offer and one.draft and one.draft.masks
            ),
            None,
        ),
        "a masked draft",
    )


async def test_a_drawn_region_is_in_the_draft_and_shown_to_approvers_alone(
    hass: HomeAssistant, entry: MockConfigEntry, panel: Panel
) -> None:
    """In the owner's view; in no state, no event, no public page, no diagnostics."""
    case = await _masked_case(hass, panel, entry)
    await panel.result("subscribe")
    [shown] = (await panel.event("snapshot"))["cases"]
    assert (shown["draft"]["exact"], shown["draft"]["masks"]) == (True, [DOOR])
    assert "masked" in shown["draft"]["changes"]
    manager: HomeManager = entry.runtime_data
    public = await manager.direct.async_status(case.request.request_id)
    told = [
        [state.as_dict() for state in hass.states.async_all()],
        await async_get_config_entry_diagnostics(hass, entry),
        repr(public),
    ]
    for said in ("5000, 3333", "3333"):
        assert said not in json.dumps(told, default=str)


async def test_the_action_prepares_with_regions_too(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager
) -> None:
    """A spare draft with a region filled is another one than without."""
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    case = await offered(manager, answer["case_id"])
    [camera_id] = manager.cameras
    spare = {"case_id": case.case_id, "camera_id": camera_id, **SHORT}
    bare = await act(hass, "prepare", **spare)
    masked = await act(hass, "prepare", **spare, masks=[DOOR], exact=True)
    assert bare["sha256"] != masked["sha256"]
    assert manager.reading.open_cases() == (case,)


async def test_masks_set_in_the_panel_make_what_waits_anew(
    hass: HomeAssistant, entry: MockConfigEntry, panel: Panel
) -> None:
    """The offer that was on the screen is void; the new one hides what was drawn."""
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    case = await offered(entry.runtime_data, answer["case_id"])
    [camera_id] = entry.runtime_data.cameras
    await panel.result("set_camera_masks", camera_id=camera_id, masks=[DOOR])
    await hass.async_block_till_done()
    again = await offered(entry.runtime_data, case.case_id)
    assert case.offer and again.draft
    assert len(again.draft.masks) == 1
    error = await panel.error(
        "approve", offer_id=case.offer.offer_id, sha256=case.offer.sha256
    )
    assert error == "offer_void"
    await panel.approve(again)
    await case_in(entry.runtime_data, case.case_id, CaseState.CONSENTED)
