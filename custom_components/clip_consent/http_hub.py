"""A hub for the world: what it says of itself, its log and feeds, what it takes in.

Deliveries have views of their own. What is public is the same bytes for all who ask,
and asking writes nothing down.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from http import HTTPStatus
import re
from typing import ClassVar, Final, override

from aiohttp import hdrs, web
from homeassistant.components.http import KEY_HASS
from homeassistant.core import HomeAssistant

from .base.public_view import (
    ANSWER_SECONDS,
    HEADERS,
    AnswerFirst,
    InTime,
    PublicFormView,
    PublicView,
    RefusedError,
    answer,
    is_cross_site,
    read_json_body,
    to_its_end,
)
from .const import DOMAIN
from .core.errors import InvalidRequestError, LimitError, NotFoundError
from .core.hub_settings import HubRequester
from .core.serial import Json
from .hub.manager import HubManager

BASE: Final = f"/api/{DOMAIN}/portal/v1"
ID: Final = re.compile(r"[a-z2-7]{26}")
CELL: Final = re.compile(r"[0-9a-z]{4,5}")
READ_SECONDS: Final = 60.0  # to read a page of the log: 17 KiB/s
_START: Final = re.compile(r"[1-9][0-9]{0,14}")
_BEARER: Final = re.compile(r"Bearer ([!-~]{1,256})")
_CACHED: Final[dict[str, str]] = {hdrs.CACHE_CONTROL: "public, max-age=60"}
_JSON: Final[dict[str, str]] = {**HEADERS, hdrs.CONTENT_TYPE: "application/json"}
_FEED: Final[dict[str, str]] = {
    **HEADERS,
    **_CACHED,
    hdrs.CONTENT_TYPE: "application/jose",
}

# Returns the hub's manager. Raises RefusedError while there is none.
type FindHub = Callable[[HomeAssistant], HubManager]


def register_hub_views(hass: HomeAssistant, find: FindHub) -> None:
    """Register the views of a hub, once."""
    for view in (
        *(InfoView, LogView, FeedView, RequestsView, RequestView, ActionView),
        *(DeskView, CoverageView, NoticesView),
    ):
        hass.http.register_view(view(find))


class _HubView(PublicView):
    """What all views of a hub have in common."""

    def __init__(self, find: FindHub) -> None:
        """Keep the way to the hub."""
        self._find = find

    def hub(self, request: web.Request) -> HubManager:
        """Return the hub's manager. Raises RefusedError."""
        return self._find(request.app[KEY_HASS])


class _TakingView(_HubView, PublicFormView, ABC):
    """A view that takes something in, and says of what it refuses why."""

    @override
    async def async_post(self, request: web.Request, **parts: str) -> web.Response:
        """Take a body in, to its end even if the sender hangs up."""
        if is_cross_site(request):
            raise RefusedError(HTTPStatus.NOT_FOUND)
        try:
            return await self.take(request, parts)
        except InvalidRequestError as err:
            said: Json = {**err.placeholders, "error": err.code, "field": err.field}
            return answer(said, HTTPStatus.BAD_REQUEST)
        except LimitError as err:
            return answer({"error": err.code}, HTTPStatus.TOO_MANY_REQUESTS)

    @abstractmethod
    async def take(self, request: web.Request, parts: dict[str, str]) -> web.Response:
        """Do what is asked for, and return the answer."""


class InfoView(_HubView):
    """What the hub says of itself."""

    url = f"{BASE}/info"
    name = f"api:{DOMAIN}:portal_info"

    @override
    async def async_get(self, request: web.Request, **parts: str) -> web.Response:
        """Return it."""
        return answer(await self.hub(request).async_info())


class LogView(_HubView):
    """A page of the log."""

    url = f"{BASE}/log"
    name = f"api:{DOMAIN}:portal_log"

    @override
    async def async_get(self, request: web.Request, **parts: str) -> web.Response:
        """Send the entries from a number on: while it is read a page is held."""
        hub = self.hub(request)
        start = request.query.get("from", "1")
        if not _START.fullmatch(start):
            raise RefusedError(HTTPStatus.BAD_REQUEST)
        page = await hub.async_lend_log(int(start), request.remote or "")
        return InTime(
            request, page.body, _JSON, seconds=READ_SECONDS, over=page.give_back
        )


class FeedView(_HubView):
    """The signed feed of a cell."""

    url = f"{BASE}/feed/{{cell:[^/]+}}"
    shapes: ClassVar = {"cell": CELL}
    name = f"api:{DOMAIN}:portal_feed"

    @override
    async def async_answer(
        self, request: web.Request, **parts: str
    ) -> web.StreamResponse:
        """Answer any method; what nearly all homes ask nearly always, at once."""
        if (etag := self._kept(request, parts["cell"])) is not None:
            return _unchanged(etag)
        return await super().async_answer(request, **parts)

    def _kept(self, request: web.Request, cell: str) -> str | None:
        """Return the ETag of a reader that has the newest feed, plainly asked for."""
        known = request.headers.get(hdrs.IF_NONE_MATCH)
        if known is None or request.method != hdrs.METH_GET:
            return None
        if hdrs.CONTENT_ENCODING in request.headers:
            return None
        try:
            signed = self.hub(request).feed(cell)
        except NotFoundError, RefusedError:
            return None
        return known if known == f'"{signed.etag}"' else None

    @override
    async def async_get(self, request: web.Request, **parts: str) -> web.Response:
        """Return the feed, or that the one the reader has is the newest."""
        signed = self.hub(request).feed(parts["cell"])
        etag = f'"{signed.etag}"'
        if _knows(request, etag):
            return _unchanged(etag)
        return web.Response(body=signed.body, headers={**_FEED, hdrs.ETAG: etag})


class RequestsView(_TakingView):
    """Where requests are submitted."""

    url = f"{BASE}/requests"
    name = f"api:{DOMAIN}:portal_requests"

    @override
    async def take(self, request: web.Request, parts: dict[str, str]) -> web.Response:
        """Keep a request for a moderator."""
        hub = self.hub(request)
        who = (
            _requester(hub, request) if hdrs.AUTHORIZATION in request.headers else None
        )
        body = await read_json_body(request)
        submitted = hub.async_submit(body, who, request.remote or "")
        return answer({"id": await _to_its_end(submitted)}, HTTPStatus.ACCEPTED)


class RequestView(_HubView):
    """What is public of a request."""

    url = f"{BASE}/requests/{{request_id:[^/]+}}"
    shapes: ClassVar = {"request_id": ID}
    name = f"api:{DOMAIN}:portal_request"

    @override
    async def async_get(self, request: web.Request, **parts: str) -> web.Response:
        """Return it."""
        return answer(await self.hub(request).async_public(parts["request_id"]))


class ActionView(_TakingView):
    """What a requester does with a request of theirs."""

    url = f"{BASE}/requests/{{request_id:[^/]+}}/{{action:[^/]+}}"
    shapes: ClassVar = {
        "request_id": ID,
        "action": re.compile(r"withdraw|resolve|note"),
    }
    name = f"api:{DOMAIN}:portal_request_action"

    @override
    async def take(self, request: web.Request, parts: dict[str, str]) -> web.Response:
        """Do it: what is not theirs is not there."""
        hub = self.hub(request)
        bearer = _bearer(request)
        who, item_id = hub.requester(bearer), parts["request_id"]
        if parts["action"] == "note":
            body = await read_json_body(request)
            await _to_its_end(hub.async_note(who, item_id, body, secret=bearer))
            return answer({}, HTTPStatus.ACCEPTED)
        if parts["action"] == "resolve":
            await _to_its_end(hub.async_resolve(who, item_id, secret=bearer))
        else:
            await _to_its_end(hub.async_withdraw(who, item_id, secret=bearer))
        return answer({})


class DeskView(_HubView):
    """A requester's desk."""

    url = f"{BASE}/desk"
    name = f"api:{DOMAIN}:portal_desk_data"

    @override
    async def async_get(self, request: web.Request, **parts: str) -> web.Response:
        """Return it to whoever has the token of a sign-in link."""
        hub = self.hub(request)
        return answer(await hub.async_desk(_requester(hub, request)))


class CoverageView(_TakingView):
    """How many homes opted in to be counted."""

    url = f"{BASE}/coverage"
    name = f"api:{DOMAIN}:portal_coverage"

    @override
    async def async_get(self, request: web.Request, **parts: str) -> web.Response:
        """Return the estimate."""
        return answer(await self.hub(request).async_coverage())

    @override
    async def take(self, request: web.Request, parts: dict[str, str]) -> web.Response:
        """Count a home, once it has its answer."""
        hub, hass = self.hub(request), request.app[KEY_HASS]
        counting = hub.take_coverage(
            await read_json_body(request), request.remote or ""
        )

        def begin() -> None:
            hass.async_create_background_task(counting(), f"{DOMAIN} coverage")

        return AnswerFirst({}, HTTPStatus.ACCEPTED, then=begin)


class NoticesView(_TakingView):
    """Where neighbours send notices in."""

    url = f"{BASE}/notices"
    name = f"api:{DOMAIN}:portal_notices"

    @override
    async def take(self, request: web.Request, parts: dict[str, str]) -> web.Response:
        """Keep a notice for a moderator."""
        hub = self.hub(request)
        body = await read_json_body(request)
        taken = hub.async_take_notice(body, request.remote or "")
        return answer({"id": await _to_its_end(taken)}, HTTPStatus.ACCEPTED)


def _unchanged(etag: str) -> web.Response:
    headers = {**_CACHED, hdrs.ETAG: etag}
    return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)


def _knows(request: web.Request, etag: str) -> bool:
    """Tell whether a reader has the body with this ETag, however it says so."""
    known = request.if_none_match or ()
    return any(one.value == "*" or f'"{one.value}"' == etag for one in known)


def _bearer(request: web.Request) -> str:
    """Return the token that came along. Raises RefusedError if none did."""
    found = _BEARER.fullmatch(request.headers.get(hdrs.AUTHORIZATION, ""))
    if found is None:
        raise RefusedError(HTTPStatus.NOT_FOUND)
    return found[1]


def _requester(hub: HubManager, request: web.Request) -> HubRequester:
    """Return whose token came along. Raises RefusedError if nobody's."""
    if (who := hub.requester(_bearer(request))) is None:
        raise RefusedError(HTTPStatus.NOT_FOUND)
    return who


async def _to_its_end[T](work: Awaitable[T]) -> T:
    return await to_its_end(work, patience=ANSWER_SECONDS)
