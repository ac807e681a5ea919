"""Files that are sent: whether they can be, and when their last byte went out."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Final, override

from aiohttp import hdrs, web
from aiohttp.abc import AbstractStreamWriter
from homeassistant.components.http import KEY_HASS

from .base.public_view import PublicFile, RefusedError, fixed, to_its_end
from .const import LOGGER
from .core.errors import StoreError

STARTING_PAGE: Final = "starting.html"


class WatchedFile(web.FileResponse):
    """A file response that tells when its last byte went out.

    A reader who asks for ranges gets it by the last of them.
    """

    def __init__(self, path: Path, sent: Callable[[], Awaitable[None]]) -> None:
        """Keep what to do then."""
        super().__init__(path)
        self._sent = sent

    @override
    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Send the file: aiohttp sends the whole body here."""
        writer = await super().prepare(request)
        if request.method == hdrs.METH_GET and self._is_to_the_end():
            try:
                await to_its_end(self._sent())
            except StoreError as err:  # what was asked for is out already
                if err.code != "store_closed":
                    LOGGER.warning("A package that was read was not noted: %s", err)
        return writer

    def _is_to_the_end(self) -> bool:
        if self.status != HTTPStatus.PARTIAL_CONTENT:
            return self.status == HTTPStatus.OK
        last, _, size = (
            self.headers[hdrs.CONTENT_RANGE].rpartition("-")[2].partition("/")
        )
        return int(last) + 1 == int(size)


def built_file(files: Mapping[str, PublicFile], name: str) -> web.Response:
    """Return one of the built files. Raises RefusedError if there is none."""
    file = files.get(name)
    if file is None:
        raise RefusedError(HTTPStatus.NOT_FOUND)
    return web.Response(
        body=file.body,
        content_type=file.content_type,
        charset="utf-8",
        headers={hdrs.ETAG: f'"{file.etag}"', hdrs.CACHE_CONTROL: "no-cache"},
    )


def starting_page(files: Mapping[str, PublicFile]) -> web.Response:
    """Return that what people followed a link to is starting: it opens by itself."""
    return fixed(HTTPStatus.SERVICE_UNAVAILABLE, files.get(STARTING_PAGE))


async def is_there(request: web.Request, path: Path) -> bool:
    """Tell whether a file can be sent: aiohttp would say more of why it cannot."""
    hass = request.app[KEY_HASS]
    return await hass.async_add_executor_job(_is_readable, path)


def _is_readable(path: Path) -> bool:
    try:
        with path.open("rb"):
            return True
    except OSError:
        return False
