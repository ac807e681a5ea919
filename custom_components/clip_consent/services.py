"""Service actions; docs/interfaces.md, section 4. None of them approves."""

from collections.abc import Callable, Coroutine, Iterable
from datetime import datetime
from typing import Any, Final

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .base.links import public_url
from .const import DOMAIN
from .core.disclosure import clips_view
from .core.errors import ClipConsentError, InvalidRequestError
from .core.geo import Circle, Point
from .core.ledger import Entry
from .core.limits import SERVICE
from .core.masks import read_masks
from .core.models import CaseState, Choice, Destination, RequesterKind, Way, Window
from .core.own_requests import RADIUS, Asking, area_around, own_state
from .core.requests import make_ask, validate
from .core.serial import Json, utc_text
from .core.text import fault, tidy
from .entity import async_home
from .home.manager import HomeManager
from .messages import as_action_error, async_speech

ID: Final = cv.matches_regex(r"^[a-z2-7]{26}$")
UPLOAD_WAYS: Final = {"tus": Way.TUS, "put": Way.PUT}

_SPAN: Final = {
    vol.Required("start"): cv.datetime,
    vol.Required("end"): cv.datetime,
}

# how large and where is told by `_area`, in words of ours
_AREA: Final = {
    vol.Required("latitude"): vol.Coerce(float),
    vol.Required("longitude"): vol.Coerce(float),
    vol.Required("radius"): vol.Coerce(float),  # metres
}

type Answer = Coroutine[Any, Any, ServiceResponse]
type Action = Callable[[ServiceCall, HomeManager], Answer]


def register_actions(hass: HomeAssistant) -> None:
    """Register all actions, once."""
    for name, action, schema, response in _ACTIONS:
        hass.services.async_register(
            DOMAIN, name, _translated(action), vol.Schema(schema), response
        )


def _translated(action: Action) -> Callable[[ServiceCall], Answer]:
    async def call(call: ServiceCall) -> ServiceResponse:
        try:
            return await action(call, await async_home(call.hass))
        except ClipConsentError as err:
            raise as_action_error(err) from err

    return call


def _utc(data: dict[str, Any], field: str) -> datetime:
    """Return a moment in UTC; without an offset it is the home's time."""
    moment: datetime = data[field]
    try:
        return dt_util.as_utc(moment)
    except OverflowError as err:  # on the first and the last day there is
        raise InvalidRequestError("time_malformed", field) from err


def _window(data: dict[str, Any]) -> Window:
    return Window(start=_utc(data, "start"), end=_utc(data, "end"))


def _area(data: dict[str, float]) -> Circle:
    center = Point(lat=data["latitude"], lon=data["longitude"])
    return Circle(center=center, radius=data["radius"])


def _label(text: str) -> str:
    """Return the owner's name for a request: pushes and states say it."""
    label = tidy(text)
    if code := fault(label):
        raise InvalidRequestError(code, "label")
    return label


async def _submit_request(call: ServiceCall, manager: HomeManager) -> ServiceResponse:
    data = call.data
    ask = make_ask(
        window=_window(data),
        text=data["text"],
        name=data["name"],
        kind=data["kind"],
        contact=data["contact"],
        case_number=data["case_number"],
        recipient=data.get("recipient"),
        area=_area(data["area"]) if "area" in data else None,
    )
    validate(ask, now=dt_util.utcnow(), limits=SERVICE)
    case_id, status_id = await manager.async_enter(
        ask,
        label=_label(data["label"]),
        destination=_destination(data),
        user_id=call.context.user_id,
    )
    url = public_url(call.hass, f"status/{status_id}").url if status_id else None
    return {"case_id": case_id, "status_url": url}


def _destination(data: dict[str, Any]) -> Destination:
    url, recipient = data.get("upload_url"), data.get("recipient")
    if data["hand_over"]:
        if url or recipient:
            raise InvalidRequestError("hand_over_alone", "hand_over")
        return Destination(way=Way.HAND_OVER)
    if url is None:
        return Destination(way=Way.DROP)
    if recipient is None:
        raise InvalidRequestError("upload_needs_recipient", "recipient")
    return Destination(way=UPLOAD_WAYS[data["upload_protocol"]], url=url)


async def _get_requests(call: ServiceCall, manager: HomeManager) -> ServiceResponse:
    wanted = frozenset(call.data["state"])
    cases, _ = await manager.reading.async_history(
        None, 50, call.context.user_id, states=wanted
    )
    speech = await async_speech(call.hass)
    shown: list[Json] = [
        manager.reading.view(
            case,
            user_name=manager.user_name,
            problem_text=speech.problem,
            sentence=speech.screening,
        )
        for case in cases
    ]
    return {"requests": shown}


async def _find_clips(call: ServiceCall, manager: HomeManager) -> ServiceResponse:
    camera_id = await _camera_id(call, manager)
    runs = await manager.reading.async_find_clips(
        camera_id, _window(call.data), call.context.user_id
    )
    return clips_view(camera_id, runs)


async def _camera_id(call: ServiceCall, manager: HomeManager) -> str:
    """Return which camera is meant: nothing shows an id where nothing was found."""
    return await manager.reading.async_camera_id(
        call.data["camera_id"], call.context.user_id
    )


async def _prepare(call: ServiceCall, manager: HomeManager) -> ServiceResponse:
    draft = await manager.reading.async_spare_draft(
        call.data["case_id"],
        Choice(
            camera_id=await _camera_id(call, manager),
            window=_window(call.data),
            audio=call.data["audio"],
            exact=call.data["exact"],
            masks=read_masks(call.data["masks"]),
        ),
        call.context.user_id,
    )
    return {
        "sha256": draft.sha256,
        "size": draft.size,
        "seconds": round(draft.seconds, 3),
        "start": utc_text(draft.window.start),
        "end": utc_text(draft.window.end),
    }


async def _decline(call: ServiceCall, manager: HomeManager) -> ServiceResponse:
    await manager.async_decline(call.data["case_id"], call.context.user_id)
    return None


async def _revoke(call: ServiceCall, manager: HomeManager) -> ServiceResponse:
    await manager.async_revoke(call.data["delivery_id"], call.context.user_id)
    return None


async def _export_ledger(call: ServiceCall, manager: HomeManager) -> ServiceResponse:
    entries, head = await manager.reading.async_export_ledger(call.context.user_id)
    return {
        "version": 1,
        "algorithm": "sha256",
        # years of entries: Home Assistant goes on meanwhile
        "entries": await call.hass.async_add_executor_job(_exported, entries),
        "head": {"seq": head.seq, "digest": head.digest},
    }


def _exported(entries: Iterable[Entry]) -> list[Json]:
    return [entry.as_json() for entry in entries]


async def _ask_neighbours(call: ServiceCall, manager: HomeManager) -> ServiceResponse:
    data, desk = call.data, manager.neighbours
    if "area" in data and "camera_id" in data:
        raise InvalidRequestError("area_twice", "area")
    if given := data.get("area"):
        place = Point(lat=given["latitude"], lon=given["longitude"])
        area = area_around(place, given["radius"])
    else:
        camera_id, user_id = data.get("camera_id"), call.context.user_id
        area = await desk.async_area(camera_id, data["radius"], user_id)
    asking = Asking(
        window=_window(data),
        area=area,
        title=data["title"],
        text=data["text"],
        portal=data.get("portal"),
    )
    asked = await desk.async_ask(asking, call.context.user_id)
    state = own_state(asked, dt_util.utcnow())
    return {"request_id": asked.request_id, "state": state.value}


_ACTIONS: Final[tuple[tuple[str, Action, dict[Any, Any], SupportsResponse], ...]] = (
    (
        "submit_request",
        _submit_request,
        {
            vol.Required("name"): cv.string,
            vol.Required("text"): cv.string,
            **_SPAN,
            vol.Optional("kind", default="other"): vol.Coerce(RequesterKind),
            vol.Optional("contact", default=""): cv.string,
            vol.Optional("case_number", default=""): cv.string,
            vol.Optional("label", default=""): vol.All(cv.string, vol.Length(max=127)),
            vol.Optional("area"): vol.Schema(_AREA),
            vol.Optional("recipient"): cv.string,
            vol.Optional("upload_url"): cv.string,
            vol.Optional("upload_protocol", default="tus"): vol.In(list(UPLOAD_WAYS)),
            vol.Optional("hand_over", default=False): cv.boolean,
        },
        SupportsResponse.OPTIONAL,
    ),
    (
        "get_requests",
        _get_requests,
        {
            vol.Optional("state", default=list): vol.All(
                cv.ensure_list, [vol.Coerce(CaseState)]
            )
        },
        SupportsResponse.ONLY,
    ),
    (
        "find_clips",
        _find_clips,
        {vol.Required("camera_id"): cv.string, **_SPAN},
        SupportsResponse.ONLY,
    ),
    (
        "prepare",
        _prepare,
        {
            vol.Required("case_id"): ID,
            vol.Required("camera_id"): cv.string,
            **_SPAN,
            vol.Optional("audio", default=False): cv.boolean,
            vol.Optional("exact", default=False): cv.boolean,
            vol.Optional("masks", default=list): list,
        },
        SupportsResponse.ONLY,
    ),
    ("decline", _decline, {vol.Required("case_id"): ID}, SupportsResponse.NONE),
    ("revoke", _revoke, {vol.Required("delivery_id"): ID}, SupportsResponse.NONE),
    ("export_ledger", _export_ledger, {}, SupportsResponse.ONLY),
    (
        "ask_neighbours",
        _ask_neighbours,
        {
            **_SPAN,
            vol.Required("title"): cv.string,
            vol.Required("text"): cv.string,
            vol.Optional("portal"): cv.string,
            vol.Optional("camera_id"): cv.string,
            vol.Optional("radius", default=RADIUS): vol.Coerce(float),
            vol.Optional("area"): vol.Schema(_AREA),
        },
        SupportsResponse.OPTIONAL,
    ),
)
