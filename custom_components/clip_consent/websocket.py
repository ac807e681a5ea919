"""WebSocket commands of the panel and the card; docs/interfaces.md, section 5."""

import base64
from datetime import UTC, datetime
from typing import Any

from homeassistant.auth.models import TOKEN_TYPE_NORMAL
from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant, callback
import voluptuous as vol

from .base.links import public_url
from .core.approval import Session
from .core.disclosure import clips_view
from .core.limits import DIRECT, TEXT_MAX
from .core.models import (
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
from .messages import screening_text
from .websocket_command import PLACE, command, moment
from .websocket_feed import case_view, ws_subscribe


@callback
def register_commands(hass: HomeAssistant) -> None:
    """Register all commands, once."""
    for each in (
        ws_subscribe,
        ws_find_clips,
        ws_thumbnails,
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
    ):
        websocket_api.async_register_command(hass, each)


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
    """Return what a camera has of a window."""
    runs = await manager.reading.async_find_clips(
        msg["camera_id"],
        Window(start=msg["start"], end=msg["end"]),
        connection.user.id,
    )
    return clips_view(msg["camera_id"], runs)


@command(
    "thumbnails",
    {
        vol.Required("case_id"): str,
        vol.Required("camera_id"): str,
        vol.Required("times"): vol.All([moment], vol.Length(max=24)),
    },
)
async def ws_thumbnails(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Return small pictures of moments."""
    pictures = await manager.reading.async_thumbnails(
        msg["case_id"], msg["camera_id"], msg["times"], connection.user.id
    )
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
    "prepare",
    {
        vol.Required("case_id"): str,
        vol.Required("camera_id"): str,
        vol.Required("start"): moment,
        vol.Required("end"): moment,
        vol.Optional("audio", default=False): bool,
        vol.Optional("playable", default=False): bool,
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
        ),
        connection.user.id,
    )
    return {"case": case_view(hass, connection, manager, case)}


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
        session=_session(hass, connection),
    )
    delivery = case.delivery
    return {"undo_until": utc_text(delivery.consent.undo_until) if delivery else None}


def _session(hass: HomeAssistant, connection: ActiveConnection) -> Session:
    """Tell a login session from a long-lived token and from a service user's."""
    token_id = connection.refresh_token_id
    token = hass.auth.async_get_refresh_token(token_id) if token_id else None
    return Session(
        own_login=token is not None
        and token.token_type == TOKEN_TYPE_NORMAL
        and token.user.id == connection.user.id
    )


@command("undo", {vol.Required("case_id"): str})
async def ws_undo(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Take a consent back."""
    case = await manager.async_undo(msg["case_id"], connection.user.id)
    return {"case": case_view(hass, connection, manager, case)}


@command("decline", {vol.Required("case_id"): str})
async def ws_decline(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Say no."""
    case = await manager.async_decline(msg["case_id"], connection.user.id)
    return {"case": case_view(hass, connection, manager, case)}


@command("answer", {vol.Required("case_id"): str, vol.Required("text"): str})
async def ws_answer(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Draft an answer in words."""
    case = await manager.async_answer(msg["case_id"], msg["text"], connection.user.id)
    return {"case": case_view(hass, connection, manager, case)}


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
    },
)
async def ws_history(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Return a page of all cases, or of those that a search fits."""
    search = search_for(msg["search"], msg["only"])
    cases, cursor = await manager.reading.async_search(
        search, msg["before"], msg["limit"], connection.user.id
    )
    return {
        "cases": [case_view(hass, connection, manager, case) for case in cases],
        "next": cursor,
    }


@command(
    "ledger",
    {
        vol.Optional("before", default=None): PLACE,
        vol.Optional("limit", default=50): vol.All(int, vol.Range(min=1, max=200)),
    },
)
async def ws_ledger(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Return a page of the ledger, with what its verification found."""
    entries, head, fault = await manager.reading.async_ledger(
        msg["before"], msg["limit"], connection.user.id
    )
    return {
        "entries": [entry.as_json() for entry in entries],
        "head": {"seq": head.seq, "digest": head.digest},
        "fault": fault,
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
    return {"case": case_view(hass, connection, manager, case)}


_TRIED = vol.Schema(
    {
        vol.Required("trust"): vol.Coerce(Trust),
        vol.Required("kind"): vol.Coerce(RequesterKind),
        vol.Optional("case_number", default=""): str,
        vol.Optional("text", default=""): vol.All(str, vol.Length(max=TEXT_MAX)),
        vol.Required("start"): moment,
        vol.Required("end"): moment,
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
    made_up = _made_up(msg["request"]) if msg["request"] else None
    results = await manager.reading.async_try_rules(made_up, connection.user.id)
    return {
        "rules": [
            {
                "rule_id": rule.rule_id,
                "order": rule.order,
                "title": rule.title,
                "verdict": rule.verdict.value,
            }
            for rule in manager.reading.rules
        ],
        "results": [
            {
                "case_id": case_id,
                "rule_id": screening.rule_id,
                "verdict": screening.verdict.value,
                "sentence": screening_text(hass, screening),
            }
            for case_id, screening in results
        ],
    }


def _made_up(data: dict[str, Any]) -> Request:
    now = datetime.now(UTC)
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
    )


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
