"""A delivery that is sent on from where it lies, whole or in part."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import hdrs, web

from .base.public_view import HEADERS, RefusedError, to_its_end
from .const import LOGGER
from .core.errors import StoreError
from .core.ports_hub import RemoteDelivery


async def async_send_on(
    request: web.Request,
    delivery: RemoteDelivery,
    sent: Callable[[], Awaitable[None]],
) -> web.StreamResponse:
    """Send a delivery piece by piece, never more of it in memory; say when it is out.

    Raises RefusedError and NotFoundError while nothing was sent. Where it stops later
    the line is cut: who reads knows how much there was to be.
    """
    asked = _part(request, delivery.size)
    if asked is None:
        return web.Response(
            status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            headers={**HEADERS, hdrs.CONTENT_RANGE: f"bytes */{delivery.size}"},
        )
    start, size = asked
    part = size < delivery.size
    response = web.StreamResponse(
        status=HTTPStatus.PARTIAL_CONTENT if part else HTTPStatus.OK,
        headers={**HEADERS, hdrs.ACCEPT_RANGES: "bytes"},
    )
    response.content_type = "application/octet-stream"
    response.content_length = size
    if part:
        response.headers[hdrs.CONTENT_RANGE] = (
            f"bytes {start}-{start + size - 1}/{delivery.size}"
        )
    try:
        async with delivery.reading(start, size) as pieces:
            await response.prepare(request)
            left = size
            async for piece in pieces:
                await response.write(piece)
                left -= len(piece)
    except StoreError as err:
        LOGGER.warning("A delivery cannot be read from the store: %s", err)
        if not response.prepared:
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE) from None
        left = size
    if left:
        request.protocol.force_close()
        return response
    await response.write_eof()
    if start + size == delivery.size:
        await _async_tell(sent)
    return response


async def _async_tell(sent: Callable[[], Awaitable[None]]) -> None:
    try:
        await to_its_end(sent())
    except StoreError as err:  # what was asked for is out already
        if err.code != "store_closed":
            LOGGER.warning("A package that was read was not noted: %s", err)


def _part(request: web.Request, size: int) -> tuple[int, int] | None:
    """Return offset and length of what is asked for, None where there is nothing.

    There is no tag that a condition could hold on to: with one, all of it is sent.
    """
    if hdrs.IF_RANGE in request.headers:
        return 0, size
    try:
        asked = request.http_range
    except ValueError:
        return None
    start = asked.start
    if start is None:
        return 0, size
    if start < 0:  # the last so many bytes
        start = max(0, size + start)
    end = size if asked.stop is None else min(asked.stop, size)
    return (start, end - start) if start < end else None
