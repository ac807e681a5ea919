"""A home's way to one address, and servers that are not what they should be."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
import hashlib
from pathlib import Path
import secrets
import urllib.error
import urllib.request

from aiohttp import web
import pytest

from custom_components.clip_consent.base.outbound import PATIENCE, Outbound, origin_of
from custom_components.clip_consent.core.errors import DeliveryError
from custom_components.clip_consent.core.models import Delivery, Destination, Way
from custom_components.clip_consent.home.portals.upload import Uploader
from tests.deliveries import Sealed
from tests.servers.processes import Store, TusServer
from tests.servers.proxy import FaultProxy


@dataclass
class Post:
    """A home's way to one address, with the state that the manager would keep."""

    sealed: Sealed
    delivery: Delivery
    told: list[float] = field(default_factory=list)
    saved: list[str | None] = field(default_factory=list)
    patience: float = PATIENCE
    before_save: Callable[[], Awaitable[None]] | None = None

    async def attempt(self) -> None:
        """Deliver once, as after a restart: nothing but what was saved is known."""
        url = self.delivery.consent.destination.url or ""
        outbound = Outbound(
            allowed_fetch=frozenset(),
            allowed_send=frozenset({origin_of(url)}),
            patience=self.patience,
        )
        try:
            await Uploader(outbound.send).async_deliver(
                self.delivery,
                self.sealed.path,
                save=self._save,
                progress=self.told.append,
            )
        finally:
            await outbound.async_close()

    async def _save(self, url: str | None) -> None:
        if self.before_save is not None:
            await self.before_save()
        self.saved.append(url)
        self.delivery = replace(self.delivery, upload_url=url)

    async def fails(self) -> DeliveryError:
        """Return the error that an attempt ends in."""
        with pytest.raises(DeliveryError) as raised:
            await self.attempt()
        return raised.value

    async def attempts(self, most: int) -> int:
        """Try until it is delivered; returns how many attempts failed."""
        for failed in range(most):
            try:
                await self.attempt()
                return failed
            except DeliveryError as err:
                if err.permanent:
                    raise
        pytest.fail(f"not delivered after {most} attempts")

    @property
    def digest(self) -> str:
        """The digest of what is to arrive."""
        return self.sealed.package.package_sha256


type MakePost = Callable[..., Post]


def sha256(path: Path) -> str:
    """Return the digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@pytest.fixture
async def loopback(socket_enabled: None) -> AsyncIterator[None]:
    """Let a test open sockets, which the plugin keeps on loopback."""
    yield
    await asyncio.get_running_loop().shutdown_default_executor()


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    """Return a package for all tests that leave it as it is."""
    return Sealed(tmp_path_factory.mktemp("spool"))


@pytest.fixture
def post(tmp_path: Path, ready: Sealed, loopback: None) -> MakePost:
    """Return a maker of packages on their way; with a size, each has its own."""

    def make(url: str, way: Way = Way.TUS, size: int | None = None) -> Post:
        sealed = ready if size is None else Sealed(tmp_path, size=size)
        consent = replace(
            sealed.delivery.consent, destination=Destination(way=way, url=url)
        )
        name = secrets.token_hex(13)
        return Post(sealed, replace(sealed.delivery, delivery_id=name, consent=consent))

    return make


@pytest.fixture
async def proxy(tus_server: TusServer, loopback: None) -> AsyncIterator[FaultProxy]:
    """Return a proxy before the tus server."""
    async with FaultProxy(tus_server.port) as running:
        yield running


type Respond = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class OddTus:
    """A tus server that does as it is told, wrongly."""

    def __init__(self) -> None:
        self.stored = bytearray()
        self.got = 0  # bytes of all bodies
        self.seen: list[str] = []
        self.override: dict[str, Respond] = {}
        self.location = "/files/1"
        self.take: int | None = None  # most bytes of one PATCH
        self.limit: int | None = None  # most bytes of one body, else 413

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request."""
        self.seen.append(request.method)
        if respond := self.override.get(request.method):
            return await respond(request)
        if request.method == "POST":
            self.length = request.headers["Upload-Length"]
            return web.Response(status=201, headers={"Location": self.location})
        if request.method == "HEAD":
            return web.Response(
                headers={
                    "Upload-Offset": str(len(self.stored)),
                    "Upload-Length": self.length,
                }
            )
        return await self._patch(request)

    async def _patch(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.headers["Upload-Offset"] != str(len(self.stored)):
            return web.Response(status=409)
        if self.limit is not None and int(request.headers["Content-Length"]) > (
            self.limit
        ):
            return web.Response(status=413)
        body = await request.content.read(-1)
        self.got += len(body)
        self.stored += body[: self.take]
        offset = {"Upload-Offset": str(len(self.stored))}
        return web.Response(status=204, headers=offset)


def status(code: int, **headers: str) -> Respond:
    """Return a respondent that says one thing."""

    async def respond(request: web.BaseRequest) -> web.StreamResponse:
        await request.content.read(-1)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=code, headers=named)

    return respond


def object_of(store: Store, key: str) -> bytes | None:
    """Return what the store holds, read around our own code."""
    url = store.presigned(key, method="get_object")
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            body: bytes = answer.read()
            return body
    except urllib.error.HTTPError as err:
        with err:
            if err.code != 404:
                raise
        return None
