"""The two ways out of the house, and nothing beside them.

`fetch` reaches only what the owner entered, private addresses too. `send` reaches
public addresses by TLS, and what the owner entered. Both look at the address at the
moment the socket is made: no name that changes its mind gets by, nor any odd spelling.
"""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
import re
import socket
import ssl as tls
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.hdrs import ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, USER_AGENT
from aiohttp.resolver import ThreadedResolver
from multidict import CIMultiDictProxy
from yarl import URL

from ..core.errors import ClipConsentError, DeliveryError, SourceError
from .addresses import (
    is_host,
    is_local_name,
    is_near,
    is_plain,
    is_public,
    own_address,
    parse_address,
    plain_host,
)

MAX_ANSWER: Final = 64 * 1024  # bytes
PATIENCE: Final = 120.0  # seconds without a byte moving

_CONNECT: Final = 15.0  # seconds
_CONNECTIONS: Final = 8
_PIECE: Final = 64 * 1024
_HEADERS: Final = {USER_AGENT: "clip-consent", ACCEPT_ENCODING: "identity"}
_URL: Final = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]{1,4096}")

type Origin = tuple[str, int]
type Body = bytes | AsyncIterable[bytes | memoryview]
type Fail = Callable[[str, bool], ClipConsentError]
type AddressInfo = tuple[int, int, int, str, tuple[str | int, ...]]


class AddressError(ClipConsentError):
    """An address that cannot be used as it is written."""


class AddressRefusedError(OSError):
    """A socket that was not made: the address is none of ours to reach."""

    def __init__(self) -> None:
        """Say always the same, so that several of them count as one."""
        super().__init__("address not allowed")


@dataclass(frozen=True, slots=True)
class Target:
    """A readable address: where it leads, and whether in the clear."""

    url: URL
    origin: Origin
    secure: bool


def parse_target(url: str) -> Target:
    """Return where an http or https address leads. Raises AddressError."""
    try:
        # Taken as it is written: a signature covers every character of it.
        parsed = URL(url if _URL.fullmatch(url) else "", encoded=True)
        host, port = plain_host(parsed.raw_host or ""), parsed.port
    except ValueError:
        raise AddressError("address_invalid") from None
    if (
        parsed.scheme not in {"http", "https"}
        or not is_host(host)
        or not port
        or parsed.raw_user is not None
        or parsed.raw_password is not None
        or parsed.raw_fragment
    ):
        raise AddressError("address_invalid")
    return Target(parsed, (host, port), parsed.scheme == "https")


def origin_of(url: str) -> Origin:
    """Return host and port, as the sets of what the owner entered hold them."""
    return parse_target(url).origin


class Answer:
    """A response whose body has not been read yet."""

    def __init__(
        self, response: aiohttp.ClientResponse, fail: Fail, patience: float
    ) -> None:
        """Keep the open response."""
        self._response = response
        self._fail = fail
        self._patience = patience

    @property
    def status(self) -> int:
        """The HTTP status: never a redirect."""
        return self._response.status

    @property
    def headers(self) -> CIMultiDictProxy[str]:
        """The response's headers."""
        return self._response.headers

    async def async_read(self, *, max_bytes: int = MAX_ANSWER) -> bytes:
        """Return a small body. Raises the way's error, as `Door.request`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                return b"".join([p async for p in self.pieces(max_bytes=max_bytes)])
        raise self._fail("connection_timeout", False)

    async def pieces(self, *, max_bytes: int) -> AsyncIterator[bytes]:
        """Yield the body in pieces, no more of it than `max_bytes`, however long."""
        if (self._response.content_length or 0) > max_bytes:
            raise self._fail("answer_too_large", True)
        left = max_bytes
        while piece := await self._async_piece():
            left -= len(piece)
            if left < 0:
                raise self._fail("answer_too_large", True)
            yield piece

    async def _async_piece(self) -> bytes:
        try:
            return await self._response.content.read(_PIECE)
        except (aiohttp.ClientError, TimeoutError, OSError) as err:
            problem = _problem(err)
        raise self._fail(*problem)


class Door:
    """One guarded way out. Its errors never hold an address: that may be a secret."""

    def __init__(
        self,
        *,
        entered: frozenset[Origin],
        public: bool,
        fail: Fail,
        resolver: AbstractResolver | None = None,
        ssl: tls.SSLContext | None = None,
        patience: float = PATIENCE,
        unverified: frozenset[Origin] = frozenset(),
        own: bool = False,
    ) -> None:
        """Keep what the owner entered, and how failures are called on this way.

        The certificates of `unverified` are not checked: the owner said so. With `own`,
        only this machine is reached, whatever a name says.
        """
        self._entered = entered
        self._unverified = unverified & entered
        self._public = public
        self._fail = fail
        self._resolver = resolver
        self._ssl = ssl
        self._patience = patience
        self._inside = _own_socket if own else _entered_socket
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    def check_address(self, url: str) -> None:
        """Tell whether an address that somebody typed could be reached this way.

        Raises ClipConsentError: `address_invalid`, `address_needs_https` or
        `address_not_allowed`. It is judged as it is written. No name is looked up:
        whoever keeps its zone would see that a case is here, before anybody said yes.
        """
        target = parse_target(url)
        if not self._admits(target):
            return
        if is_local_name(target.origin[0]):
            raise AddressError("address_not_allowed")
        with suppress(ValueError):  # a name is judged when the socket is made
            if not is_public(parse_address(target.origin[0])):
                raise AddressError("address_not_allowed")

    @asynccontextmanager
    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: Body | None = None,
    ) -> AsyncIterator[Answer]:
        """Send a request and yield its answer, whatever its status but a redirect.

        A failure is one of this way's errors: permanent are `address_…`,
        `redirect_refused`, `encoding_refused` and `answer_too_large`; not so are
        `tls_failed`, `connection_timeout` and `connection_lost`.
        """
        response = await self._async_send(method, url, headers, body)
        try:
            known = response.status == 304 and "If-None-Match" in (headers or ())
            if 300 <= response.status < 400 and not known:
                raise self._fail("redirect_refused", True)
            if response.headers.get(CONTENT_ENCODING, "identity") != "identity":
                raise self._fail("encoding_refused", True)
            yield Answer(response, self._fail, self._patience)
        finally:
            response.close()

    async def async_close(self) -> None:
        """Close what is open; the door can be used again after."""
        sessions, self._sessions = list(self._sessions.values()), {}
        for session in sessions:
            await session.close()

    async def _async_send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        body: Body | None,
    ) -> aiohttp.ClientResponse:
        patience = self._patience
        try:
            target = parse_target(url)
            session = self._session(guarded=self._admits(target))
            async with asyncio.timeout(patience) as timer:
                return await session.request(
                    method,
                    target.url,
                    headers=headers,
                    data=_timed(body, timer, patience),
                    allow_redirects=False,
                    ssl=target.origin not in self._unverified,
                    timeout=aiohttp.ClientTimeout(
                        sock_connect=_CONNECT, sock_read=patience
                    ),
                )
        except AddressError as err:
            problem = err.code, True
        except (aiohttp.ClientError, TimeoutError, OSError, UnicodeError) as err:
            problem = _problem(err)
        # Raised out here, the error keeps no trace of the one that holds the address.
        raise self._fail(*problem)

    def _admits(self, target: Target) -> bool:
        """Return whether the target must be public. Raises AddressError."""
        if target.origin in self._entered:
            return False
        if not self._public:
            raise AddressError("address_not_allowed")
        if not target.secure:
            raise AddressError("address_needs_https")
        if target.origin[1] != 443:
            raise AddressError("address_not_allowed")
        return True

    def _session(self, *, guarded: bool) -> aiohttp.ClientSession:
        if guarded not in self._sessions:
            connector = aiohttp.TCPConnector(
                ssl=self._ssl or True,
                resolver=self._names(),
                use_dns_cache=False,
                # Requests are few and far between: kept connections die unseen.
                force_close=True,
                limit=_CONNECTIONS,
                socket_factory=_public_socket if guarded else self._inside,
            )
            self._sessions[guarded] = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=_HEADERS,
                # Part of some signatures: what the caller does not say is not said.
                skip_auto_headers=(CONTENT_TYPE,),
                auto_decompress=False,
                trust_env=False,
            )
        return self._sessions[guarded]

    def _names(self) -> AbstractResolver:
        if self._resolver is None:
            self._resolver = ThreadedResolver()
        return self._resolver


class Outbound:
    """Both ways out."""

    def __init__(
        self,
        *,
        allowed_fetch: frozenset[Origin],
        allowed_send: frozenset[Origin],
        resolver: AbstractResolver | None = None,
        ssl: tls.SSLContext | None = None,
        patience: float = PATIENCE,
        unverified: frozenset[Origin] = frozenset(),
    ) -> None:
        """Take the exact hosts and ports the owner entered; see `origin_of`.

        `patience` is how many seconds may pass without a byte moving. At `unverified`,
        of those that are fetched from, no certificate is checked: recorders make their
        own.
        """
        self.fetch = Door(
            entered=allowed_fetch,
            public=False,
            fail=lambda code, permanent: SourceError(code),
            resolver=resolver,
            ssl=ssl,
            patience=patience,
            unverified=unverified,
        )
        self.send = Door(
            entered=allowed_send,
            public=True,
            fail=lambda code, permanent: DeliveryError(code, permanent=permanent),
            resolver=resolver,
            ssl=ssl,
            patience=patience,
        )

    async def async_close(self) -> None:
        """Close both."""
        await self.fetch.async_close()
        await self.send.async_close()


def _public_socket(info: AddressInfo) -> socket.socket:
    family, kind, proto, _, where = info
    address = parse_address(str(where[0]))
    if not is_public(address):
        raise AddressRefusedError
    own = own_address(family, address)
    if own is not None and is_near(address, own):
        raise AddressRefusedError
    return _impatient(socket.socket(family, kind, proto))


def _entered_socket(info: AddressInfo) -> socket.socket:
    family, kind, proto, _, where = info
    if not is_plain(parse_address(str(where[0]))):
        raise AddressRefusedError
    return _impatient(socket.socket(family, kind, proto))


def _own_socket(info: AddressInfo) -> socket.socket:
    """Return a socket to an address of this machine: it is reached from itself."""
    address = parse_address(str(info[4][0]))
    if own_address(info[0], address) != address:
        raise AddressRefusedError
    return _entered_socket(info)


def _impatient(made: socket.socket) -> socket.socket:
    """Let the kernel end what nobody reads: closing waits for unsent bytes."""
    if option := getattr(socket, "TCP_USER_TIMEOUT", None):  # Linux only
        made.setsockopt(socket.IPPROTO_TCP, option, int(PATIENCE * 1000))
    return made


def _timed(
    body: Body | None, timer: asyncio.Timeout, patience: float
) -> bytes | AsyncIterator[bytes | memoryview] | None:
    """Return the body so that each piece of it that goes out starts the clock anew."""
    if body is None or isinstance(body, bytes):
        return body

    async def pieces() -> AsyncIterator[bytes | memoryview]:
        async for piece in body:
            with suppress(RuntimeError):  # it was answered before all was sent
                timer.reschedule(asyncio.get_running_loop().time() + patience)
            yield piece

    return pieces()


def _problem(err: Exception) -> tuple[str, bool]:
    """Return the code of a failure, and whether it is permanent."""
    match err:
        case aiohttp.ClientConnectorError(os_error=AddressRefusedError()):
            return "address_not_allowed", True
        case aiohttp.ClientSSLError():
            return "tls_failed", False
        case aiohttp.ClientConnectorDNSError():
            return "address_unknown", False
        case aiohttp.InvalidURL() | UnicodeError():
            return "address_invalid", True
        case TimeoutError():
            return "connection_timeout", False
    return "connection_lost", False
