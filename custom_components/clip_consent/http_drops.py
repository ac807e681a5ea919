"""A hub's drop box for the world: deliveries come in by tus 1.0.0, requesters read.

Bodies go from the line to the disk as they come. Home Assistant's limit of a body's
size does not hold for those, so the drop box has its own. Without tus' OPTIONS: nothing
here is for another site's scripts.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from pathlib import Path
import re
from typing import ClassVar, Final, override

from aiohttp import hdrs, web
from homeassistant.components.http import KEY_HASS
from homeassistant.core import HomeAssistant

from .base.public_view import (
    HEADERS,
    HangUp,
    PublicFileView,
    PublicView,
    RefusedError,
    answer,
    fixed,
    not_served,
)
from .const import DOMAIN, LOGGER
from .core.drop_box import DropRefusal, DropRefusedError, Upload, delivery_json
from .core.errors import ClipConsentError, StoreError
from .core.ports_hub import DropDoor
from .core.serial import canonical
from .core.storage import Ticket, ticket_json
from .http_files import WatchedFile, is_there
from .http_stored import async_send_on

BASE: Final = f"/api/{DOMAIN}/portal/v1"
ID: Final = re.compile(r"[a-z2-7]{26}")
TUS: Final = "1.0.0"
METH_GET, METH_HEAD = hdrs.METH_GET, hdrs.METH_HEAD
METH_PATCH, METH_DELETE = hdrs.METH_PATCH, hdrs.METH_DELETE
_RESUMABLE: Final = "Tus-Resumable"
_OFFSET: Final = "Upload-Offset"
_LENGTH: Final = "Upload-Length"
_NOT_OURS: Final = ("Upload-Defer-Length", "Upload-Concat")  # other extensions of tus
_OFFSETS: Final = "application/offset+octet-stream"
_NUMBER: Final = re.compile(r"[0-9]{1,16}")
_BEARER: Final = re.compile(r"Bearer ([!-~]{1,256})")
_PIECE: Final = 128 * 1024  # bytes of a body that are asked for at once
_LAST_SECONDS: Final = 2.0  # for a refused body, so that its sender reads why
_LAST_BYTES: Final = 2**20
_STATUS: Final = {
    DropRefusal.CONFLICT: HTTPStatus.CONFLICT,
    DropRefusal.LOCKED: HTTPStatus.LOCKED,
    DropRefusal.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    DropRefusal.FULL: HTTPStatus.SERVICE_UNAVAILABLE,
    DropRefusal.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
    DropRefusal.CUT: HTTPStatus.REQUEST_TIMEOUT,
}


# Returns the drop box. Raises RefusedError while there is none.
type FindDrops = Callable[[HomeAssistant], DropDoor]


def register_drop_views(hass: HomeAssistant, find: FindDrops) -> None:
    """Register the views of a hub's drop box, once."""
    hass.http.register_view(DropsView(find))
    hass.http.register_view(DropView(find))
    hass.http.register_view(InboxView(find))
    hass.http.register_view(InboxFileView(find))


class _LastWord(HangUp):
    """A refusal; what of the body is on its way is dropped, then the line is closed.

    Closed at once, the refusal might not be read: the network throws it away with what
    nobody took.
    """

    @override
    async def write_eof(self, data: bytes = b"") -> None:
        """Write the answer, take a little more, and hang up."""
        await web.Response.write_eof(self, data)
        self._request.protocol.resume_reading()
        dropped, body = 0, self._request.content
        with suppress(Exception):  # whatever becomes of a body that nobody wants
            async with asyncio.timeout(_LAST_SECONDS):
                while not body.is_eof() and dropped < _LAST_BYTES:
                    dropped += len(await body.readany())
        if not body.is_eof():
            self._request.protocol.force_close()


class _TusView(PublicView):
    """What all views of tus have in common: its version, and its words for refusals."""

    shapes: ClassVar = {"request_id": ID}

    def __init__(self, find: FindDrops) -> None:
        """Keep the way to the drop box."""
        self._find = find

    @override
    async def async_answer(
        self, request: web.Request, **parts: str
    ) -> web.StreamResponse:
        """Answer any method, always as a server of tus."""
        if request.method in self.methods:
            response = await self._guard(request, self.async_tus, parts)
        else:
            response = not_served(request)
        response.headers[_RESUMABLE] = TUS
        return response

    methods: ClassVar[frozenset[str]]

    async def async_tus(self, request: web.Request, **parts: str) -> web.StreamResponse:
        """Answer a request, or say why not; another version of tus first of all."""
        if request.transport is not None:  # asyncio's: how much it reads at once
            request.transport.max_size = _PIECE  # type: ignore[attr-defined]
        if request.headers.get(_RESUMABLE) != TUS:
            response = _refusal(request, HTTPStatus.PRECONDITION_FAILED)
            response.headers["Tus-Version"] = TUS
            return response
        try:
            return await self.async_serve(self._drops(request), request, **parts)
        except DropRefusedError as err:
            return _refusal(request, _STATUS[err.refusal])
        except RefusedError as err:
            return _refusal(request, err.status)
        except StoreError as err:
            LOGGER.debug("A delivery could not be kept: %s", err)
            return _refusal(request, HTTPStatus.SERVICE_UNAVAILABLE)
        except ClipConsentError:
            return _refusal(request, HTTPStatus.NOT_FOUND)

    async def async_serve(
        self, drops: DropDoor, request: web.Request, **parts: str
    ) -> web.StreamResponse:
        """Answer a request of the right version: not found, unless a subclass does."""
        raise RefusedError(HTTPStatus.NOT_FOUND)

    def _drops(self, request: web.Request) -> DropDoor:
        return self._find(request.app[KEY_HASS])


class DropsView(_TusView):
    """Where uploads for a request begin."""

    url = f"{BASE}/drops/{{request_id:[^/]+}}"
    name = f"api:{DOMAIN}:hub_drops"
    methods: ClassVar = frozenset({hdrs.METH_POST})

    @override
    async def async_serve(
        self, drops: DropDoor, request: web.Request, **parts: str
    ) -> web.StreamResponse:
        """Begin an upload; what it is called is not asked."""
        length = _number(request, _LENGTH)
        foreign = any(name in request.headers for name in _NOT_OURS)
        if not length or foreign or request.can_read_body:
            raise RefusedError(HTTPStatus.BAD_REQUEST)
        upload = await drops.async_create(parts["request_id"], length, request.remote)
        where = f"{BASE}/drops/{upload.request_id}/{upload.upload_id}"
        said = _said(HTTPStatus.CREATED, upload, {hdrs.LOCATION: where})
        return _with_ticket(said, drops.ticket(upload))


class DropView(_TusView):
    """One upload."""

    url = f"{BASE}/drops/{{request_id:[^/]+}}/{{upload_id:[^/]+}}"
    name = f"api:{DOMAIN}:hub_drop"
    shapes: ClassVar = {"request_id": ID, "upload_id": ID}
    methods: ClassVar = frozenset({METH_GET, METH_HEAD, METH_PATCH, METH_DELETE})

    @override
    async def async_serve(
        self, drops: DropDoor, request: web.Request, **parts: str
    ) -> web.StreamResponse:
        """Tell how far it is, where it is to be sent, add to it, or remove it."""
        which = parts["request_id"], parts["upload_id"]
        if request.method == METH_DELETE:
            await drops.async_terminate(*which)
            return _said(HTTPStatus.NO_CONTENT)
        if request.method == METH_HEAD:
            upload = await drops.async_upload(*which)
            length = {_LENGTH: str(upload.length)}
            return _said(HTTPStatus.OK, upload, length)
        if request.method == METH_GET:
            ticket = await drops.async_ticket(*which)
            return _with_ticket(_said(HTTPStatus.OK), ticket)
        if request.content_type != _OFFSETS:
            raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        offset = _number(request, _OFFSET)
        if offset is None:
            raise RefusedError(HTTPStatus.BAD_REQUEST)
        upload = await drops.async_append(
            *which,
            offset=offset,
            length=request.content_length,
            read=_reader(request),
            address=request.remote,
        )
        return _said(HTTPStatus.NO_CONTENT, upload)


class InboxView(PublicView):
    """What came for a request, for the one who asked."""

    url = f"{BASE}/inbox/{{request_id:[^/]+}}"
    name = f"api:{DOMAIN}:hub_inbox"
    shapes: ClassVar = {"request_id": ID}

    def __init__(self, find: FindDrops) -> None:
        """Keep the way to the drop box."""
        self._find = find

    @override
    async def async_get(self, request: web.Request, **parts: str) -> web.StreamResponse:
        """List it."""
        drops = self._find(request.app[KEY_HASS])
        held = await drops.async_inbox(parts["request_id"], _bearer(request))
        return answer({"version": 1, "deliveries": [*map(delivery_json, held)]})


class InboxFileView(PublicFileView):
    """A sealed delivery, whole or in part."""

    url = f"{BASE}/inbox/{{request_id:[^/]+}}/{{delivery_id:[^/]+}}"
    name = f"api:{DOMAIN}:hub_inbox_file"
    shapes: ClassVar = {"request_id": ID, "delivery_id": ID}

    def __init__(self, find: FindDrops) -> None:
        """Keep the way to the drop box."""
        self._find = find

    @override
    async def async_get(self, request: web.Request, **parts: str) -> web.StreamResponse:
        """Send it, or a part of it."""
        drops = self._find(request.app[KEY_HASS])
        delivery_id = parts["delivery_id"]
        path = await drops.async_delivery(
            parts["request_id"], delivery_id, _bearer(request)
        )
        if not isinstance(path, Path):
            return await async_send_on(
                request, path, lambda: drops.async_fetched(delivery_id)
            )
        if not await is_there(request, path):
            raise RefusedError(HTTPStatus.NOT_FOUND)
        response = WatchedFile(path, lambda: drops.async_fetched(delivery_id))
        response.content_type = "application/octet-stream"
        return response


def _said(
    status: HTTPStatus,
    upload: Upload | None = None,
    headers: dict[str, str] | None = None,
) -> web.Response:
    """Return an answer without a body."""
    said = {**HEADERS, **(headers or {})}
    if upload:
        said[_OFFSET] = str(upload.offset)
        said["Upload-Expires"] = _http_date(upload.expires_at)
    return web.Response(status=status, headers=said)


def _with_ticket(said: web.Response, ticket: Ticket | None) -> web.Response:
    """Add where an upload is to be sent, if that is not here."""
    if ticket:
        said.body = canonical(ticket_json(ticket))
        said.content_type = "application/json"
    return said


def _http_date(when: datetime) -> str:
    return format_datetime(when, usegmt=True)


def _refusal(request: web.Request, status: HTTPStatus) -> web.Response:
    if request.can_read_body:
        return _LastWord(request, status)
    return fixed(status)


def _number(request: web.Request, name: str) -> int | None:
    value = request.headers.get(name, "")
    return int(value) if _NUMBER.fullmatch(value) else None


def _bearer(request: web.Request) -> str:
    match = _BEARER.fullmatch(request.headers.get(hdrs.AUTHORIZATION, ""))
    if match is None:
        raise RefusedError(HTTPStatus.NOT_FOUND)
    return match[1]


def _reader(request: web.Request) -> Callable[[], Awaitable[bytes]]:
    """Return how a body is read: a piece at a time, and not before the last is written.

    Left to itself, a line fills a buffer of more than half a megabyte: that is much
    memory where hundreds send at once, and all of them would keep the event loop busy.
    """
    body, line = request.content, request.protocol

    async def read() -> bytes:
        try:
            line.resume_reading()
            piece = await body.read(_PIECE)
            if not body.is_eof():
                line.pause_reading()
        except Exception as err:  # of many kinds: that nobody sends any more, or sense
            raise ConnectionResetError from err
        return piece

    return read
