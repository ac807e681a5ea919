"""Asking neighbours from the panel; docs/interfaces.md, section 5."""

from typing import Any, Final

from homeassistant.components.http.auth import async_sign_path
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant
import voluptuous as vol

from .const import DOMAIN
from .core.limits import TEXT_MAX, TITLE_MAX
from .core.models import Window
from .core.own_answers import OwnAnswer
from .core.own_requests import Asking, OwnRequest, OwnState
from .core.own_view import answer_view, has_clip, own_view
from .core.portal_submission import snap
from .core.serial import Json
from .home.manager import HomeManager
from .messages import Speech, async_speech
from .websocket_command import command, metres, moment
from .websocket_feed import SIGNED_FOR

_RAW: Final = 4  # times as long as it may be, before it is tidied


@command("neighbours", {})
async def ws_neighbours(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Return whom this home can ask and what it asked, with what came of it."""
    desk = manager.neighbours
    asked = await desk.async_all(connection.user.id)
    answers = await manager.reading.async_is_approver(connection.user.id)
    speech = await async_speech(hass, msg["language"])
    return {
        "hubs": [
            {
                "portal_id": hub.portal.portal_id,
                "title": hub.portal.title,
                "limits": {
                    "window_min_seconds": hub.terms.window_min,
                    "window_max_seconds": hub.terms.window_max,
                    "title_max": hub.terms.title_max,
                    "text_max": hub.terms.text_max,
                    "area_min_km2": hub.terms.area_min_km2,
                    "area_max_km2": hub.terms.area_max_km2,
                },
            }
            for hub in desk.hubs
        ],
        "places": [
            {
                "camera_id": place.camera_id,
                "name": place.name,
                "latitude": snap(place.point).lat,
                "longitude": snap(place.point).lon,
            }
            for place in desk.places
        ],
        "requests": [
            _view(speech, connection, manager, own, answers=answers) for own in asked
        ],
    }


def _view(
    speech: Speech,
    connection: ActiveConnection,
    manager: HomeManager,
    own: OwnRequest,
    *,
    answers: bool,
) -> Json:
    """Return a request, with signed paths to the clips of an approver's session."""
    desk = manager.neighbours
    shown = own_view(
        own,
        hub=desk.title_of(own),
        now=desk.now(),
        problem_text=speech.problem,
    )
    if answers:
        shown["answers"] = [
            {
                **answer_view(answer),
                **_paths(speech.hass, connection, own.request_id, answer),
            }
            for answer in own.answers
        ]
    return shown


def _paths(
    hass: HomeAssistant,
    connection: ActiveConnection,
    request_id: str,
    answer: OwnAnswer,
) -> dict[str, Json]:
    """Return signed paths to a clip, for this session and 15 minutes."""
    if not has_clip(answer):
        return {}
    base = f"/api/{DOMAIN}/answer/{request_id}/{answer.delivery_id}"
    return {
        kind: async_sign_path(
            hass,
            f"{base}/{kind}",
            SIGNED_FOR,
            refresh_token_id=connection.refresh_token_id,
        )
        for kind in ("video", "file")
    }


@command(
    "ask_neighbours",
    {
        vol.Required("start"): moment,
        vol.Required("end"): moment,
        vol.Required("title"): vol.All(str, vol.Length(max=TITLE_MAX * _RAW)),
        vol.Required("text"): vol.All(str, vol.Length(max=TEXT_MAX * _RAW)),
        vol.Required("radius"): metres,
        vol.Optional("camera_id", default=None): vol.Any(None, str),
        vol.Optional("portal_id", default=None): vol.Any(None, str),
    },
)
async def ws_ask_neighbours(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Ask neighbours through a hub."""
    desk = manager.neighbours
    asking = Asking(
        window=Window(start=msg["start"], end=msg["end"]),
        area=await desk.async_area(msg["camera_id"], msg["radius"], connection.user.id),
        title=msg["title"],
        text=msg["text"],
        portal=msg["portal_id"],
    )
    own = await desk.async_ask(asking, connection.user.id)
    return await _answered(hass, connection, msg, manager, own)


_END: Final = {
    vol.Required("request_id"): str,
    vol.Required("how"): vol.In(["withdrawn", "resolved"]),
}


@command("end_own_request", _END)
async def ws_end_own_request(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Withdraw or resolve a request of this home."""
    own = await manager.neighbours.async_end(
        msg["request_id"], OwnState(msg["how"]), connection.user.id
    )
    return await _answered(hass, connection, msg, manager, own)


async def _answered(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
    own: OwnRequest,
) -> Json:
    answers = await manager.reading.async_is_approver(connection.user.id)
    speech = await async_speech(hass, msg["language"])
    return {"request": _view(speech, connection, manager, own, answers=answers)}


@command(
    "note_own_request",
    {
        vol.Required("request_id"): str,
        vol.Required("text"): vol.All(str, vol.Length(max=TEXT_MAX * _RAW)),
    },
)
async def ws_note_own_request(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Add a follow-up to a request of this home."""
    own = await manager.neighbours.async_note(
        msg["request_id"], msg["text"], connection.user.id
    )
    return await _answered(hass, connection, msg, manager, own)


@command("see_answers", {})
async def ws_see_answers(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Note that an approver looked at what came: no phone tells of it any more."""
    await manager.neighbours.async_see(connection.user.id)
    return {}


@command("forget_own_request", {vol.Required("request_id"): str})
async def ws_forget_own_request(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Forget a request that is over, with its key and what came for it."""
    await manager.neighbours.async_forget(msg["request_id"], connection.user.id)
    return {}


COMMANDS: Final = (
    ws_neighbours,
    ws_ask_neighbours,
    ws_end_own_request,
    ws_note_own_request,
    ws_see_answers,
    ws_forget_own_request,
)
