"""WebSocket commands of the panel and the card; docs/interfaces.md, section 5."""

from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .base.links import public_url
from .core.errors import InvalidRequestError
from .core.geo import Circle, Point, check_area, north_of
from .core.limits import (
    AREA,
    DIRECT,
    RULE_CAMERAS_MAX,
    RULE_DISTANCE_MAX,
    TEXT_MAX,
    WINDOW_AGE_MAX,
)
from .core.masks import read_masks
from .core.models import (
    Case,
    Choice,
    Destination,
    PortalKind,
    Request,
    RequesterKind,
    Trust,
    Way,
    Window,
)
from .core.requests import check_window
from .core.search import SEARCH_MAX, Only, search_for
from .core.serial import Json, utc_text
from .home.manager import HomeManager
from .messages import async_speech
from .websocket_command import PLACE, command, metres, moment, session_of
from .websocket_feed import case_view, ws_subscribe
from .websocket_footage import (
    ws_find_clips,
    ws_key_times,
    ws_thumbnail_strip,
    ws_thumbnails,
)
from .websocket_hub import COMMANDS as HUB_COMMANDS
from .websocket_ledger import ws_ledger
from .websocket_masks import ws_set_camera_masks
from .websocket_neighbours import COMMANDS as NEIGHBOUR_COMMANDS
from .websocket_notices import COMMANDS as NOTICE_COMMANDS


@callback
def register_commands(hass: HomeAssistant) -> None:
    """Register all commands, once."""
    for each in (
        ws_subscribe,
        ws_find_clips,
        ws_thumbnails,
        ws_thumbnail_strip,
        ws_key_times,
        ws_prepare,
        ws_approve,
        ws_undo,
        ws_decline,
        ws_answer,
        ws_pickup_key,
        ws_history,
        ws_ledger,
        ws_revoke,
        ws_try_rules,
        ws_test_request,
        ws_set_camera_masks,
        *NOTICE_COMMANDS,
        *HUB_COMMANDS,
        *NEIGHBOUR_COMMANDS,
    ):
        websocket_api.async_register_command(hass, each)


async def _changed(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
    case: Case,
) -> Json:
    """Return what a command made of a case."""
    speech = await async_speech(hass, msg["language"])
    return {"case": case_view(speech, connection, manager, case)}


@command(
    "prepare",
    {
        vol.Required("case_id"): str,
        vol.Required("camera_id"): str,
        vol.Required("start"): moment,
        vol.Required("end"): moment,
        vol.Optional("audio", default=False): bool,
        vol.Optional("playable", default=False): bool,
        vol.Optional("identity", default=""): str,
        vol.Optional("exact", default=False): bool,
        vol.Optional("masks", default=list): list,
    },
)
async def ws_prepare(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Draft and offer another camera or span."""
    case = await manager.async_choose(
        msg["case_id"],
        Choice(
            camera_id=msg["camera_id"],
            window=Window(start=msg["start"], end=msg["end"]),
            audio=msg["audio"],
            playable=msg["playable"],
            identity=msg["identity"],
            exact=msg["exact"],
            masks=read_masks(msg["masks"]),
        ),
        connection.user.id,
    )
    return await _changed(hass, connection, msg, manager, case)


@command("approve", {vol.Required("offer_id"): str, vol.Required("sha256"): str})
async def ws_approve(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Approve exactly this draft: only in a login of the approver's own."""
    case = await manager.async_approve(
        offer_id=msg["offer_id"],
        sha256=msg["sha256"],
        user_id=connection.user.id,
        session=session_of(hass, connection),
    )
    delivery = case.delivery
    return {"undo_until": utc_text(delivery.consent.undo_until) if delivery else None}


@command("undo", {vol.Required("case_id"): str})
async def ws_undo(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Take a consent back."""
    case = await manager.async_undo(msg["case_id"], connection.user.id)
    return await _changed(hass, connection, msg, manager, case)


@command("decline", {vol.Required("case_id"): str})
async def ws_decline(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Say no."""
    case = await manager.async_decline(msg["case_id"], connection.user.id)
    return await _changed(hass, connection, msg, manager, case)


@command(
    "answer",
    {
        vol.Required("case_id"): str,
        vol.Required("text"): str,
        vol.Optional("identity", default=""): str,
    },
)
async def ws_answer(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Draft an answer in words."""
    case = await manager.async_answer(
        msg["case_id"], msg["text"], connection.user.id, identity=msg["identity"]
    )
    return await _changed(hass, connection, msg, manager, case)


@command("pickup_key", {vol.Required("case_id"): str, vol.Required("recipient"): str})
async def ws_pickup_key(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Set the key of a pick-up link; the browser keeps the secret half."""
    _, request_id = await manager.async_set_key(
        msg["case_id"], msg["recipient"], connection.user.id
    )
    return {"url": public_url(hass, f"status/{request_id}").url}


@command(
    "history",
    {
        vol.Optional("before", default=None): PLACE,
        vol.Optional("limit", default=20): vol.All(int, vol.Range(min=1, max=50)),
        vol.Optional("search", default=""): vol.All(str, vol.Length(max=SEARCH_MAX)),
        vol.Optional("only", default=Only.ALL): vol.Coerce(Only),
        vol.Optional("camera_id", default=None): vol.Any(None, str),
        vol.Optional("since", default=None): vol.Any(None, moment),
        vol.Optional("until", default=None): vol.Any(None, moment),
    },
)
async def ws_history(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Return a page of all cases, or of those that a search fits."""
    search = search_for(
        msg["search"],
        msg["only"],
        camera_id=msg["camera_id"],
        since=msg["since"],
        until=msg["until"],
    )
    cases, cursor = await manager.reading.async_search(
        search, msg["before"], msg["limit"], connection.user.id
    )
    speech = await async_speech(hass, msg["language"])
    return {
        "cases": [case_view(speech, connection, manager, case) for case in cases],
        "next": cursor,
    }


@command("revoke", {vol.Required("delivery_id"): str})
async def ws_revoke(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Take back what still lies in the home's own drop."""
    case = await manager.async_revoke(msg["delivery_id"], connection.user.id)
    return await _changed(hass, connection, msg, manager, case)


_AHEAD_MAX: Final = timedelta(days=1)  # a request that is made up comes by then
_SOMEWHERE = Point(lat=0, lon=0)  # for a home that does not know where it is


_TRIED = vol.Schema(
    {
        vol.Required("trust"): vol.Coerce(Trust),
        vol.Required("kind"): vol.Coerce(RequesterKind),
        vol.Optional("case_number", default=""): str,
        vol.Optional("text", default=""): vol.All(str, vol.Length(max=TEXT_MAX)),
        vol.Required("start"): moment,
        vol.Required("end"): moment,
        vol.Optional("received_at", default=None): vol.Any(None, moment),
        vol.Optional("cameras", default=None): vol.Any(
            None, vol.All([str], vol.Length(max=RULE_CAMERAS_MAX))
        ),
        vol.Optional("area_radius", default=None): vol.Any(None, metres),
        vol.Optional("distance", default=0): vol.All(
            metres, vol.Range(min=0, max=2 * RULE_DISTANCE_MAX)
        ),
    }
)


@command("try_rules", {vol.Optional("request", default=None): vol.Any(None, _TRIED)})
async def ws_try_rules(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Return what the rules would say: of a made-up request, one that could come."""
    made_up = _made_up(msg["request"], manager.place) if msg["request"] else None
    results = await manager.reading.async_try_rules(made_up, connection.user.id)
    speech = await async_speech(hass, msg["language"])
    names = {each.camera_id: each.name for each in manager.cameras.values()}
    return {
        "rules": [
            {
                "rule_id": rule.rule_id,
                "order": rule.order,
                "title": rule.title,
                "verdict": rule.verdict.value,
                **speech.rule(rule, names),
            }
            for rule in manager.reading.rules
        ],
        "results": [
            {
                "case_id": case_id,
                "rule_id": screening.rule_id,
                "verdict": screening.verdict.value,
                "sentence": speech.screening(screening),
            }
            for case_id, screening in results
        ],
    }


def _made_up(data: dict[str, Any], home: Point | None) -> Request:
    now = _made_up_moment(data["received_at"], dt_util.utcnow())
    window = Window(start=data["start"], end=data["end"])
    check_window(window, now, DIRECT)
    return Request(
        request_id="",
        portal=PortalKind.DIRECT,
        trust=data["trust"],
        label="",
        kind=data["kind"],
        name="",
        contact="",
        text=data["text"],
        case_number=data["case_number"],
        window=window,
        received_at=now,
        expires_at=now,
        recipient=None,
        destination=Destination(way=Way.DROP),
        reachable_until=now,
        cameras=None if data["cameras"] is None else tuple(data["cameras"]),
        area=_made_up_area(data["area_radius"], data["distance"], home),
    )


def _made_up_moment(received: datetime | None, now: datetime) -> datetime:
    """Return when a made-up request comes. Raises InvalidRequestError.

    Near the ends of the calendar a moment has no time of day in some time zones.
    """
    moment = received or now
    if not now - WINDOW_AGE_MAX <= moment <= now + _AHEAD_MAX:
        raise InvalidRequestError(
            "received_out_of_range", "received_at", days=str(WINDOW_AGE_MAX.days)
        )
    return moment


def _made_up_area(
    radius: float | None, distance: float, home: Point | None
) -> Circle | None:
    """Return a circle so far north of the home. Raises InvalidGeometryError."""
    if radius is None:
        return None
    center = north_of(home or _SOMEWHERE, distance)
    area = Circle(center=center, radius=radius)
    check_area(area, AREA)
    return area


@command("test_request", {vol.Required("recipient"): str})
async def ws_test_request(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Ask this home for its newest footage, as a stranger would."""
    # looked up first: the push for the test itself is no reason that there is none
    pushed_from = await manager.reading.async_pushed_from(connection.user.id)
    case_id, request_id = await manager.async_test_request(
        connection.user.id, name=connection.user.name or "", recipient=msg["recipient"]
    )
    url = public_url(hass, f"status/{request_id}").url
    return {
        "case_id": case_id,
        "status_url": url,
        "pushed_from": utc_text(pushed_from) if pushed_from else None,
    }
