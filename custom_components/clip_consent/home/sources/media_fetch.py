"""Fetches what Home Assistant itself serves: from its own port, on this machine alone.

A recording of a media source is a path of Home Assistant. It is signed for some
minutes in the name of Home Assistant's own content user, who may read and nothing
more, and fetched over the loopback device: nothing leads elsewhere, redirects neither.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from http import HTTPStatus
from ipaddress import ip_address
from pathlib import Path
import ssl
from typing import Final
from urllib.parse import unquote

from homeassistant.components.http.auth import async_sign_path
from homeassistant.core import HomeAssistant, callback
from yarl import URL

from ...base.outbound import PATIENCE, Answer, Door
from ...base.threads import async_in_thread
from ...core.errors import SourceError
from .to_disk import async_to_disk

type Told = Callable[[int, int | None], None]  # bytes so far, bytes in all if known

SIGNED_FOR: Final = timedelta(minutes=10)  # judged when a request begins
SMALL: Final = 4 * 2**20  # bytes of a picture
SMALL_SECONDS: Final = 30.0  # for all of it, however it comes
_LOOPBACKS: Final = ("127.0.0.1", "::1")
_DOTS: Final = {".", ".."}
_STREAMS: Final = ("mpegurl", "dash+xml", "x-rtsp", "multipart/")
_PLAYLIST: Final = b"#EXTM3U"
_SIGNATURE: Final = "authSig"
_REFUSED: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
_BUSY: Final = {
    *(HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.LOCKED),
    *(HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY),
    *(HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT),
}
_CODES: Final = {
    "connection_timeout": "media_slow",
    "answer_too_large": "media_too_large",
    "redirect_refused": "media_elsewhere",
    "encoding_refused": "media_answer_broken",
}


class HomeFetch:
    """The one way on which recordings come out of Home Assistant."""

    def __init__(self, hass: HomeAssistant, *, patience: float = PATIENCE) -> None:
        """Keep what is needed; `patience` is in seconds without a byte moving."""
        self._hass = hass
        self._patience = patience
        self._doors: dict[tuple[str, int, bool], Door] = {}

    async def async_file(
        self, path: str, to: Path, *, max_bytes: int, told: Told | None = None
    ) -> int:
        """Write a recording into a new file; return how many bytes it has.

        Raises SourceError. What it wrote before it failed is removed.
        """
        try:
            async with self._async_open(path) as answer:
                return await _async_write(answer, to, max_bytes, told)
        except BaseException:
            with suppress(OSError):
                await async_in_thread(to.unlink, missing_ok=True)
            raise

    async def async_small(self, path: str, *, max_bytes: int = SMALL) -> bytes:
        """Return a small answer, such as a picture. Raises SourceError."""
        with suppress(TimeoutError):
            async with (
                asyncio.timeout(SMALL_SECONDS),
                self._async_open(path) as answer,
            ):
                parts = answer.pieces(max_bytes=max_bytes)
                return b"".join([part async for part in parts])
        raise SourceError("media_slow")

    async def async_close(self) -> None:
        """Close what is open; it can be used again after."""
        doors, self._doors = list(self._doors.values()), {}
        for door in doors:
            await door.async_close()

    @asynccontextmanager
    async def _async_open(self, path: str) -> AsyncIterator[Answer]:
        """Yield an answer that is one. Raises SourceError with a code of ours."""
        begun = False
        try:
            door, url = self._door(), self._signed(path)
            async with door.request("GET", url) as answer:
                begun = True
                _judge(answer)
                yield answer
        except SourceError as err:
            other = "media_cut_off" if begun else "media_home_unreachable"
            ours = err.code.startswith("media_")
            code = err.code if ours else _CODES.get(err.code, other)
        else:
            return
        # raised out here, it keeps no trace of an error that may hold the address
        raise SourceError(code)

    @callback
    def _signed(self, path: str) -> str:
        """Return the whole address of a path of Home Assistant, signed."""
        url = own_path(path)
        signed = async_sign_path(
            self._hass, str(url), SIGNED_FOR, use_content_user=True
        )
        # the signed path is no address: its characters are not quoted any more
        signature = signed.rpartition(f"{_SIGNATURE}=")[2]
        host, port, secure = self._where()
        home = URL.build(scheme="https" if secure else "http", host=host, port=port)
        return str(home.join(url).update_query({_SIGNATURE: signature}))

    @callback
    def _where(self) -> tuple[str, int, bool]:
        """Return address and port of Home Assistant on this machine, and if by TLS."""
        server = self._hass.http
        return (
            own_address(server.server_host),
            server.server_port,
            bool(server.ssl_certificate),
        )

    @callback
    def _door(self) -> Door:
        """Return the way to Home Assistant alone, as it listens now."""
        host, port, secure = where = self._where()
        if where not in self._doors:
            self._doors[where] = Door(
                entered=frozenset({(host, port)}),
                public=False,
                fail=lambda code, permanent: SourceError(code),
                # TLS proves nothing here, so a name must lead to this machine
                own=True,
                ssl=_own_tls() if secure else None,
                patience=self._patience,
            )
        return self._doors[where]


def own_path(path: str) -> URL:
    """Return a path of Home Assistant. Raises SourceError `media_elsewhere`.

    An address of another host is not followed, whoever gives it. Nor is a path with dot
    segments: it leads elsewhere than it says, and is signed as another than is asked.
    """
    with suppress(ValueError):
        url = URL(path)
        steps = path.partition("#")[0].partition("?")[0].split("/")
        if not _DOTS.isdisjoint(map(unquote, steps)):
            raise SourceError("media_elsewhere")
        if not url.is_absolute() and url.raw_path.startswith("/") and "\\" not in path:
            return url.with_fragment(None)
    raise SourceError("media_elsewhere")


def own_address(hosts: list[str] | None) -> str:
    """Return the address of this machine that Home Assistant listens at.

    As it is set: a name, where that is all there is. The way out looks where it leads.
    """
    named = hosts or ["0.0.0.0"]
    for host in named:
        with suppress(ValueError):
            address = ip_address(host)
            if address.is_unspecified:
                return _LOOPBACKS[address.version == 6]
            if address.is_loopback:
                return str(address)
    return named[0]


def _own_tls() -> ssl.SSLContext:
    """Return TLS to ourselves: the certificate is made out to another name.

    Who answers at that address of this machine is Home Assistant, whatever it shows.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _judge(answer: Answer) -> None:
    """Raise SourceError for all that is no film or picture."""
    status = answer.status
    kind = answer.headers.get("Content-Type", "").lower()
    if status in _REFUSED:
        raise SourceError("media_login_refused")
    if status == HTTPStatus.NOT_FOUND:
        raise SourceError("media_not_there")
    if status in _BUSY:
        raise SourceError("media_busy")
    if status == HTTPStatus.BAD_REQUEST:
        raise SourceError("media_recorder_failed")
    if any(stream in kind for stream in _STREAMS):
        raise SourceError("media_stream_only")
    if status != HTTPStatus.OK or kind.startswith(("text/", "application/json")):
        raise SourceError("media_answer_broken")


async def _async_write(
    answer: Answer, to: Path, max_bytes: int, told: Told | None
) -> int:
    """Write an answer to disk; return its length in bytes."""
    expected = _length(answer)
    size = await async_to_disk(
        _films(answer.pieces(max_bytes=max_bytes)),
        to,
        told=lambda done: told(done, expected) if told else None,
        refused=lambda _: SourceError("media_no_room"),
    )
    if not size:
        raise SourceError("media_empty")
    if expected is not None and size != expected:
        raise SourceError("media_cut_off")
    return size


async def _films(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the parts of a film. Raises SourceError if it is a list of such."""
    begun = False
    async for part in parts:
        if not begun and part.startswith(_PLAYLIST):
            raise SourceError("media_stream_only")
        begun = True
        yield part


def _length(answer: Answer) -> int | None:
    """Return how many bytes were promised; None if nothing was said of it."""
    told = answer.headers.get("Content-Length", "")
    return int(told) if told.isascii() and told.isdigit() else None
