"""What a camera always hides, drawn in the panel: a setting, as its form saves it."""

from typing import Any

from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant
import voluptuous as vol

from .const import DOMAIN, SUBENTRY_CAMERA
from .core.errors import NotAllowedError, NotFoundError
from .core.masks import all_masks, masks_view, read_masks
from .core.serial import Json
from .home.manager import HomeManager
from .websocket_command import command, session_of


@command(
    "set_camera_masks",
    {
        vol.Required("camera_id"): str,
        vol.Required("masks"): list,
        vol.Optional("add", default=False): bool,
    },
)
async def ws_set_camera_masks(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Set what is filled in every clip of a camera; the home starts anew with it.

    With `add`, beside what is filled already: who draws in the panel may not have heard
    yet of what somebody else hid.

    Admins alone may, as all settings want, and only in a login of their own: whoever
    holds a token could else take masks away.
    """
    if not connection.user.is_admin:
        raise NotAllowedError("not_admin")
    if not session_of(hass, connection).own_login:
        raise NotAllowedError("login_not_own")
    masks = read_masks(msg["masks"])
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        camera = entry.subentries.get(msg["camera_id"])
        if camera is not None and camera.subentry_type == SUBENTRY_CAMERA:
            if msg["add"]:
                masks = all_masks(read_masks(camera.data.get("masks") or []), masks)
            kept = masks_view(masks)
            await manager.masks.async_note(
                camera.subentry_id, masks, connection.user.id
            )
            hass.config_entries.async_update_subentry(
                entry, camera, data={**camera.data, "masks": kept or None}
            )
            return {"masks": kept}
    raise NotFoundError("camera_not_found")
