"""What the panel asks of the recordings before a clip is prepared."""

import base64
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import batched
from typing import Any, Final

from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant
import voluptuous as vol

from .const import DOMAIN
from .core.disclosure import clips_view, detections_view
from .core.errors import ClipConsentError
from .core.models import Window
from .core.serial import Json, utc_text
from .home.manager import HomeManager
from .websocket_command import command, moment

# of a strip: few first, so that what is looked at is there, then as many as cost least
_FIRST: Final = 12
_THEN: Final = 25
_WANTED: Final[dict[Any, Any]] = {
    vol.Required("case_id"): str,
    vol.Required("camera_id"): str,
    vol.Required("times"): vol.All([moment], vol.Length(max=100)),
}
type _Shown = Sequence[tuple[datetime, bytes | None]]


@command(
    "find_clips",
    {
        vol.Required("camera_id"): str,
        vol.Required("start"): moment,
        vol.Required("end"): moment,
    },
)
async def ws_find_clips(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Return what a camera has of a window, and what its recorder saw in it."""
    asked = (
        msg["camera_id"],
        Window(start=msg["start"], end=msg["end"]),
        connection.user.id,
    )
    runs = await manager.reading.async_find_clips(*asked)
    seen = await manager.reading.async_seen(*asked)
    return {**clips_view(msg["camera_id"], runs), "detections": detections_view(seen)}


@command("thumbnails", _WANTED, ends_with_connection=True)
async def ws_thumbnails(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Return small pictures of moments, as long as the panel is there."""
    return _pictures_view(
        await manager.reading.async_thumbnails(
            msg["case_id"], msg["camera_id"], msg["times"], connection.user.id
        )
    )


@command("thumbnail_strip", _WANTED)
async def ws_thumbnail_strip(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Send small pictures as they are made, in the order asked for.

    All of it ends when it is unsubscribed from, and with the connection.
    """
    wanted = (msg["case_id"], msg["camera_id"])
    # who may not see any is told so at once
    await manager.reading.async_thumbnails(*wanted, [], connection.user.id)

    async def send() -> None:
        for times in _parts(msg["times"]):
            shown: _Shown = [(at, None) for at in times]
            with suppress(ClipConsentError):  # then there are no pictures of these
                shown = await manager.reading.async_thumbnails(
                    *wanted, times, connection.user.id
                )
            connection.send_event(msg["id"], _pictures_view(shown))

    task = hass.async_create_background_task(
        send(), f"{DOMAIN} thumbnails", eager_start=False
    )
    connection.subscriptions[msg["id"]] = task.cancel
    return None


def _parts(times: Sequence[datetime]) -> Iterator[Sequence[datetime]]:
    if times:
        yield times[:_FIRST]
    yield from batched(times[_FIRST:], _THEN, strict=False)


def _pictures_view(pictures: _Shown) -> Json:
    return {
        "thumbnails": [
            {
                "at": utc_text(at),
                "jpeg": base64.b64encode(jpeg).decode() if jpeg else None,
            }
            for at, jpeg in pictures
        ]
    }


@command(
    "key_times",
    {
        vol.Required("case_id"): str,
        vol.Required("camera_id"): str,
        vol.Required("at"): moment,
    },
)
async def ws_key_times(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Return when a copy can begin, near a moment."""
    times = await manager.reading.async_key_times(
        msg["case_id"], msg["camera_id"], msg["at"], connection.user.id
    )
    return {"key_times": [utc_text(time) for time in times]}
