"""The one class of view that strangers reach.

It answers every method with fixed bodies, never with 401 (which would count as a
failed login and could ban a shared address), takes no compressed bodies (a gzip of
kilobytes can be hundreds of megabytes), reads no more than its cap, and finishes what
it began even if the client hangs up. Where there is nothing else, one of its kind is.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
import logging
import re
from typing import Any, ClassVar, Final, override
import weakref

from aiohttp import hdrs, web
from homeassistant.components.http import HomeAssistantView
from homeassistant.core import HomeAssistant
from homeassistant.helpers.http import request_handler_factory

from ..const import DOMAIN
from ..core.errors import ClipConsentError, InvalidRequestError, StoreError
from ..core.limits import BODY_MAX
from ..core.serial import Json, canonical
from .wholly import hear

_LOGGER = logging.getLogger(__name__)

BODY_SECONDS: Final = 20.0  # to send a body of 64 KiB
ANSWER_SECONDS: Final = 10.0  # until somebody who asks is told to try again
RETRY_SECONDS: Final = 60  # what a home that starts, or a backup, may take
IMAGES: Final = "img-src 'self' blob: data:"
CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    f"{IMAGES}; media-src blob:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": CSP,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
_BODIES: Final = {
    HTTPStatus.BAD_REQUEST: "bad_request",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.REQUEST_TIMEOUT: "timeout",
    HTTPStatus.CONFLICT: "conflict",
    HTTPStatus.PRECONDITION_FAILED: "precondition_failed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
    HTTPStatus.LOCKED: "locked",
    HTTPStatus.SERVICE_UNAVAILABLE: "unavailable",
}

type Handler = Callable[..., Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFile:
    """A file of the public pages, held in memory."""

    body: bytes
    content_type: str
    etag: str


class RefusedError(Exception):
    """A request that gets a fixed answer."""

    def __init__(self, status: HTTPStatus) -> None:
        """Keep the status."""
        super().__init__(status.phrase)
        self.status = status


def fixed(status: HTTPStatus, page: PublicFile | None = None) -> web.Response:
    """Return the fixed answer of a status: it depends on nothing else.

    Where people come by a link, a page says it in their words.
    """
    return web.Response(status=status, **_fixed_body(status, page))


def _fixed_body(status: HTTPStatus, page: PublicFile | None) -> dict[str, Any]:
    headers = dict(HEADERS)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers[hdrs.RETRY_AFTER] = str(RETRY_SECONDS)
    if page:
        said = {"body": page.body, "content_type": page.content_type}
        return {**said, "charset": "utf-8", "headers": headers}
    said = {"body": canonical({"error": _BODIES[status]})}
    return {**said, "content_type": "application/json", "headers": headers}


def answer(data: Json, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    """Return JSON."""
    return web.Response(
        status=status,
        body=canonical(data),
        content_type="application/json",
        headers=HEADERS,
    )


class AnswerFirst(web.Response):
    """JSON, and work that begins only when all of it is written."""

    def __init__(
        self, data: Json, status: HTTPStatus, *, then: Callable[[], None]
    ) -> None:
        """Keep what begins then."""
        super().__init__(
            status=status,
            body=canonical(data),
            content_type="application/json",
            headers=HEADERS,
        )
        self._then = then

    @override
    async def write_eof(self, data: bytes = b"") -> None:
        """Write the rest; even where nobody reads it any more the work begins."""
        try:
            await super().write_eof(data)
        finally:
            self._then()


class InTime(web.Response):
    """An answer that has to be read in a time, of which `over` hears that it was.

    A line that does not take it is cut.
    """

    def __init__(
        self,
        request: web.Request,
        body: bytes,
        headers: Mapping[str, str],
        *,
        seconds: float,
        over: Callable[[], None],
    ) -> None:
        """Keep whose line it is."""
        super().__init__(body=body, headers=headers)
        self._request = request
        self._seconds = seconds
        self._over = weakref.finalize(self, over)  # once, also if it is never written

    @override
    async def write_eof(self, data: bytes = b"") -> None:
        """Write all of it."""
        try:
            async with asyncio.timeout(self._seconds):
                await super().write_eof(data)
        except TimeoutError:
            if self._request.transport:
                self._request.transport.abort()
        finally:
            self._over()


class HangUp(web.Response):
    """A fixed answer after which the line is closed.

    Else aiohttp would unpack and drop the rest of the body, to keep the line.
    """

    def __init__(
        self,
        request: web.Request,
        status: HTTPStatus,
        page: PublicFile | None = None,
    ) -> None:
        """Keep whose line it is."""
        super().__init__(status=status, **_fixed_body(status, page))
        self.force_close()
        self._request = request

    @override
    async def write_eof(self, data: bytes = b"") -> None:
        """Write the answer and hang up if more is to come."""
        await super().write_eof(data)
        if not self._request.content.is_eof():
            self._request.protocol.force_close()


def not_served(request: web.Request, page: PublicFile | None = None) -> web.Response:
    """Return that there is nothing here; a body that comes along is not unpacked."""
    if request.can_read_body:
        return HangUp(request, HTTPStatus.NOT_FOUND, page)
    return fixed(HTTPStatus.NOT_FOUND, page)


class PublicView(HomeAssistantView):
    """A view without login. Subclasses implement `async_get` and `async_post`."""

    requires_auth = False
    cors_allowed = False
    shapes: ClassVar[Mapping[str, re.Pattern[str]]] = {}  # of the parts of the path

    @override
    def register(
        self, hass: HomeAssistant, app: web.Application, router: web.UrlDispatcher
    ) -> None:
        """Register for every method there is, and for no other site.

        Home Assistant's own way leaves all but seven methods to aiohttp's words, and
        lets the sites that may read its answers (`cors_allowed_origins`) read ours.
        """
        handler = request_handler_factory(hass, self, self.async_answer)
        for url in (self.url, *self.extra_urls):
            router.add_route(hdrs.METH_ANY, str(url), handler)

    async def async_answer(
        self, request: web.Request, **parts: str
    ) -> web.StreamResponse:
        """Answer any method."""
        if request.method == hdrs.METH_GET:
            return await self.get(request, **parts)
        if request.method == hdrs.METH_POST:
            return await self.post(request, **parts)
        return not_served(request)

    async def get(self, request: web.Request, **parts: str) -> web.StreamResponse:
        """Answer a GET."""
        return await self._guard(request, self.async_get, parts)

    async def async_get(self, request: web.Request, **parts: str) -> web.StreamResponse:
        """Answer a GET; not found unless a subclass says otherwise."""
        raise RefusedError(HTTPStatus.NOT_FOUND)

    async def post(self, request: web.Request, **parts: str) -> web.StreamResponse:
        """Answer a POST: not found."""
        return not_served(request)

    async def _guard(
        self, request: web.Request, handler: Handler, parts: dict[str, str]
    ) -> web.StreamResponse:
        for name, shape in self.shapes.items():
            if not shape.fullmatch(parts[name]):
                return not_served(request)
        if request.headers.get(hdrs.CONTENT_ENCODING):
            return HangUp(request, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        try:
            return await handler(request, **parts)
        except RefusedError as err:
            return fixed(err.status)
        except InvalidRequestError as err:
            _LOGGER.debug("A request was refused: %s", err)
            return fixed(HTTPStatus.BAD_REQUEST)
        except StoreError as err:
            # a flood must not fill the log: of it the answers tell
            level = logging.DEBUG if err.code == "store_busy" else logging.WARNING
            _LOGGER.log(level, "A request could not be answered: %s", err)
            return fixed(HTTPStatus.SERVICE_UNAVAILABLE)
        except ClipConsentError:
            return fixed(HTTPStatus.NOT_FOUND)


class PublicFormView(PublicView):
    """A public view that also takes JSON."""

    @override
    async def post(self, request: web.Request, **parts: str) -> web.StreamResponse:
        """Answer a POST."""
        return await self._guard(request, self.async_post, parts)

    async def async_post(
        self, request: web.Request, **parts: str
    ) -> web.StreamResponse:
        """Answer a POST; not found unless a subclass says otherwise."""
        raise RefusedError(HTTPStatus.NOT_FOUND)


class PublicFileView(PublicView):
    """A public view of a file, with its own headers."""

    @override
    async def _guard(
        self, request: web.Request, handler: Handler, parts: dict[str, str]
    ) -> web.StreamResponse:
        response = await super()._guard(request, handler, parts)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class NowhereView(PublicView):
    """All other paths below ours. Routes that say more of a path come before it."""

    url = f"/api/{DOMAIN}/{{rest:.*}}"
    name = f"api:{DOMAIN}:nowhere"

    def __init__(self) -> None:
        """Be at the beginning of all our paths too."""
        self.extra_urls = [f"/api/{DOMAIN}"]


async def read_json_body(request: web.Request) -> bytes:
    """Return a JSON body within its cap and time. Raises RefusedError."""
    if request.content_type != "application/json":
        raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if (request.content_length or 0) > BODY_MAX:
        raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.content.iter_chunked(BODY_MAX):
                body += chunk
                if len(body) > BODY_MAX:
                    raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except TimeoutError:
        raise RefusedError(HTTPStatus.BAD_REQUEST) from None
    return bytes(body)


async def to_its_end[T](work: Awaitable[T], *, patience: float | None = None) -> T:
    """Run work that a client's hanging up must not cut in the middle.

    It goes on too if `patience`, in seconds, runs out: then RefusedError says to try
    again, since nothing can be written while a backup is made.
    """
    task: asyncio.Future[T] = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task}, timeout=patience)
    except asyncio.CancelledError:
        task.add_done_callback(hear)
        raise
    if not task.done():
        task.add_done_callback(hear)
        raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE)
    return task.result()


def is_cross_site(request: web.Request) -> bool:
    """Tell whether a browser says that another site sent this."""
    site: Any = request.headers.get("Sec-Fetch-Site")
    return site not in (None, "same-origin", "none")
