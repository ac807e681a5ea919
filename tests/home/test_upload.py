"""Uploads against real servers, killed and cut and deaf at the worst moments.

The peers: @tus/server from npm, SeaweedFS' tus endpoint and S3 gateway, and small servers
of our own that say what a real one would not.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
import hashlib
from pathlib import Path
import re
import secrets
import urllib.error
import urllib.request

from aiohttp import web
import pyrage
import pytest

from custom_components.clip_consent.base.outbound import PATIENCE, Outbound, origin_of
from custom_components.clip_consent.core.errors import DeliveryError
from custom_components.clip_consent.core.models import Delivery, Destination, Way
from custom_components.clip_consent.home.portals.upload import Uploader
from tests.deliveries import Sealed
from tests.servers.fixtures import _tus_server, store, tus_server
from tests.servers.processes import Store, TusServer
from tests.servers.proxy import Fault, FaultProxy
from tests.servers.web import serving

__all__ = ["_tus_server", "store", "tus_server"]  # fixtures, used by name


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


class TestTus:
    """A real tus server."""

    async def test_it_arrives(self, tus_server: TusServer, post: MakePost) -> None:
        """Byte for byte, once; and opens."""
        before = len(tus_server.uploads())
        one = post(tus_server.url)
        await one.attempt()
        assert one.delivery.upload_url is not None
        stored = tus_server.stored(one.delivery.upload_url)
        assert sha256(stored) == one.digest
        assert len(tus_server.uploads()) == before + 1
        assert one.saved == [one.delivery.upload_url]
        assert one.told[-1] == 1 and one.told == sorted(one.told)
        assert pyrage.decrypt(stored.read_bytes(), [one.sealed.identity])

    async def test_again_is_not_twice(
        self, tus_server: TusServer, post: MakePost
    ) -> None:
        """A restart after the last byte finds it there."""
        one = post(tus_server.url)
        await one.attempt()
        before = len(tus_server.uploads())
        await one.attempt()
        assert len(tus_server.uploads()) == before
        assert len(one.saved) == 1

    async def test_the_address_is_saved_before_the_first_byte(
        self, tus_server: TusServer, post: MakePost
    ) -> None:
        """A crash in between leaves an empty upload, not a lost one."""
        one = post(tus_server.url)
        sizes: list[int] = []

        async def look() -> None:
            newest = max(tus_server.uploads(), key=lambda file: file.stat().st_ctime_ns)
            sizes.append(newest.stat().st_size)

        one.before_save = look
        await one.attempt()
        assert sizes == [0]

    async def test_the_server_is_killed_and_comes_back(
        self, tus_server: TusServer, post: MakePost
    ) -> None:
        """Twice, in the middle; the rest goes to the same upload."""
        one = post(tus_server.url, size=30 * 2**20)
        before = len(tus_server.uploads())
        for _ in range(2):
            started = len(one.told)

            async def kill_soon(wanted: int = started + 6) -> None:
                while len(one.told) < wanted:
                    await asyncio.sleep(0.001)
                tus_server.kill()

            killing = asyncio.create_task(kill_soon())
            error = await one.fails()
            await killing
            assert not error.permanent
            assert (await one.fails()).code == "connection_lost"  # still away
            await asyncio.to_thread(tus_server.start)
        await one.attempt()
        assert sha256(tus_server.stored(one.delivery.upload_url or "")) == one.digest
        assert len(tus_server.uploads()) == before + 1

    async def test_stopped_in_the_middle(
        self, tus_server: TusServer, post: MakePost
    ) -> None:
        """A withdrawn delivery: what is out is out, and not a byte follows."""
        one = post(tus_server.url, size=30 * 2**20)
        sending = asyncio.create_task(one.attempt())
        while len(one.told) < 6:
            await asyncio.sleep(0.001)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        told = len(one.told)
        upload = tus_server.stored(one.delivery.upload_url or "")
        before = -1
        while before != upload.stat().st_size:  # what was on the line already
            before = upload.stat().st_size
            await asyncio.sleep(0.2)
        assert 0 < before < one.delivery.package_size  # type: ignore[operator]
        assert len(one.told) == told

    async def test_cut_after_every_so_many_bytes(
        self, proxy: FaultProxy, tus_server: TusServer, post: MakePost
    ) -> None:
        """By an end and by a reset in turn, each time it goes on where it was."""
        one = post(f"http://127.0.0.1:{proxy.port}/files")
        cuts = [
            Fault(cut_after=after, reset=bool(number % 2))
            for number, after in enumerate([1, 300, *[128 * 1024] * 7, 4096])
        ]
        proxy.faults["PATCH"] = cuts
        failed = await one.attempts(20)
        assert failed == 10
        assert sha256(tus_server.stored(one.delivery.upload_url or "")) == one.digest
        assert proxy.methods.count("POST") == 1

    @pytest.mark.parametrize(
        # aiohttp itself asks once more what it may ask twice.
        ("method", "failures"),
        [("POST", 2), ("HEAD", 2), ("PATCH", 1)],
    )
    async def test_a_lost_answer(
        self,
        method: str,
        failures: int,
        proxy: FaultProxy,
        tus_server: TusServer,
        post: MakePost,
    ) -> None:
        """The server did it, we never heard: one whole upload in the end."""
        before = {file for file in tus_server.uploads() if file.stat().st_size}
        one = post(f"http://127.0.0.1:{proxy.port}/files")
        if method == "HEAD":  # only asked when something was cut before
            proxy.faults["PATCH"] = [Fault(cut_after=1000)]
        proxy.faults[method] = [Fault(lose_answer=True)] * 2
        assert await one.attempts(5) == failures
        whole = {file for file in tus_server.uploads() if file.stat().st_size} - before
        assert [sha256(file) for file in whole] == [one.digest]
        # What was stored is not sent again.
        assert proxy.methods.count("PATCH") == (2 if method == "HEAD" else 1)

    async def test_it_is_named_the_same_when_it_is_created_again(
        self, proxy: FaultProxy, post: MakePost
    ) -> None:
        """By which a server can tell that it is the same delivery."""
        one = post(f"http://127.0.0.1:{proxy.port}/files")
        proxy.faults["POST"] = [Fault(lose_answer=True)]
        assert await one.attempts(3) == 1
        names = re.findall(rb"Upload-Metadata: filename ([^\r]+)", bytes(proxy.sent))
        assert len(names) == 2
        assert len(set(names)) == 1
        other = post(f"http://127.0.0.1:{proxy.port}/files")
        await other.attempt()
        last = re.findall(rb"Upload-Metadata: filename ([^\r]+)", bytes(proxy.sent))[-1]
        assert last not in names

    async def test_a_silent_server(self, proxy: FaultProxy, post: MakePost) -> None:
        """It is given up in time, for another attempt."""
        one = post(f"http://127.0.0.1:{proxy.port}/files")
        proxy.faults["PATCH"] = [Fault(hold=True)]
        one.patience = 0.2
        assert (await one.fails()).code == "connection_timeout"
        one.patience = PATIENCE
        assert await one.attempts(1) == 0

    async def test_an_upload_that_is_gone_is_made_anew(
        self, tus_server: TusServer, post: MakePost
    ) -> None:
        """The server tidied up, or lost its disk."""
        one = post(tus_server.url)
        await one.attempt()
        first = one.delivery.upload_url
        assert first is not None
        for file in (tus_server.stored(first), tus_server.stored(f"{first}.json")):
            file.unlink()
        await one.attempt()
        assert one.saved == [first, None, one.delivery.upload_url]
        assert sha256(tus_server.stored(one.delivery.upload_url or "")) == one.digest

    async def test_an_upload_of_another_length_is_not_ours(
        self, tus_server: TusServer, post: MakePost
    ) -> None:
        """Whatever was saved, a server that knows another length has another file."""
        one, other = post(tus_server.url, size=3 * 2**20), post(tus_server.url)
        await other.attempt()
        one.delivery = replace(one.delivery, upload_url=other.delivery.upload_url)
        error = await one.fails()
        assert (error.code, error.permanent) == ("upload_mismatch", True)

    async def test_a_server_that_forgets_what_it_has(
        self, store: Store, post: MakePost
    ) -> None:
        """SeaweedFS speaks tus too, and forgets an upload that is complete.

        After a lost last answer nothing can tell that it was: it is sent again, the
        same bytes to the same place.
        """
        key = "by-tus.age"
        async with FaultProxy(store.filer_port) as before:
            one = post(f"http://127.0.0.1:{before.port}/.tus/buckets/clips/{key}")
            await one.attempt()
            assert before.methods == ["POST", "PATCH"]
            assert object_of(store, key) == one.sealed.path.read_bytes()
            again = post(f"http://127.0.0.1:{before.port}/.tus/buckets/clips/{key}")
            before.faults["PATCH"] = [
                Fault(cut_after=2**19),
                Fault(lose_answer=True),
            ]
            assert await again.attempts(4) == 2
            assert object_of(store, key) == one.sealed.path.read_bytes()


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


class TestOddTus:
    """Servers, and things between, that do not do what tus says."""

    async def deliver(
        self, post: MakePost, server: OddTus, size: int | None = None
    ) -> Post:
        """Deliver to a server, for good."""
        async with serving(server) as port:
            one = post(f"http://127.0.0.1:{port}/files", size=size)
            await one.attempt()
        assert hashlib.sha256(server.stored).hexdigest() == one.digest
        return one

    async def failure(
        self, post: MakePost, server: OddTus, *, resumed: bool = False
    ) -> DeliveryError:
        """Return what delivering to a server ends in."""
        async with serving(server) as port:
            one = post(f"http://127.0.0.1:{port}/files")
            if resumed:
                url = f"http://127.0.0.1:{port}/files/1"
                one.delivery = replace(one.delivery, upload_url=url)
                server.length = str(one.delivery.package_size)
            return await one.fails()

    async def test_a_plain_one(self, post: MakePost) -> None:
        """Without faults it takes a file: so the faults are what is tested here."""
        server = OddTus()
        await self.deliver(post, server)
        assert server.seen == ["POST", "PATCH"]

    async def test_one_that_takes_little_at_a_time(self, post: MakePost) -> None:
        """It is given the rest."""
        server = OddTus()
        server.take = 400_000
        await self.deliver(post, server)
        assert server.seen.count("PATCH") == 3

    @pytest.mark.parametrize(("take", "bound"), [(1, 3), (32_768, 9), (65_536, 5)])
    async def test_one_that_takes_next_to_nothing(
        self, take: int, bound: int, post: MakePost
    ) -> None:
        """It cannot make this home send the rest again and again, without end."""
        server = OddTus()
        server.take = take
        async with serving(server) as port:
            one = post(f"http://127.0.0.1:{port}/files", size=5 * 2**20)
            if take == 1:
                error = await one.fails()
                assert (error.code, error.permanent) == ("upload_stuck", False)
            else:
                await one.attempt()
        assert server.got < bound * (one.delivery.package_size or 0)

    @pytest.mark.parametrize("says", ["takes and gives back", "took a little more"])
    async def test_one_that_moves_its_offset(self, says: str, post: MakePost) -> None:
        """Nor by going back each time, nor by claiming a step after each refusal."""
        server, calls = OddTus(), 0

        async def odd(request: web.BaseRequest) -> web.StreamResponse:
            nonlocal calls
            calls += 1
            assert calls < 100, "it never ends"
            server.got += len(await request.content.read(-1))
            if says == "took a little more":
                return web.Response(status=409)
            server.stored = bytearray(262_144 if calls % 2 else 0)
            offset = {"Upload-Offset": str(len(server.stored))}
            return web.Response(status=204 if calls % 2 else 409, headers=offset)

        async def head(request: web.BaseRequest) -> web.StreamResponse:
            if says == "took a little more":
                server.stored += bytes(65_536)
                del server.stored[int(server.length) :]
            offset = {
                "Upload-Offset": str(len(server.stored)),
                "Upload-Length": server.length,
            }
            return web.Response(headers=offset)

        server.override = {"PATCH": odd, "HEAD": head}
        async with serving(server) as port:
            one = post(f"http://127.0.0.1:{port}/files", size=5 * 2**20)
            if says == "took a little more":
                await one.attempt()  # it says that it has all of it
            else:
                assert (await one.fails()).code == "upload_stuck"
        assert server.got < 6 * (one.delivery.package_size or 0)

    async def test_one_that_limits_bodies(self, post: MakePost) -> None:
        """As proxies do: smaller pieces get through."""
        server = OddTus()
        server.limit = 2**20
        await self.deliver(post, server, size=5 * 2**20)
        assert server.seen.count("POST") == 1

    async def test_one_that_limits_bodies_too_much(self, post: MakePost) -> None:
        """There is an end to smaller pieces."""
        server = OddTus()
        server.limit = 1000
        error = await self.failure(post, server)
        assert (error.code, error.permanent) == ("upload_too_large", True)

    async def test_one_whose_offset_was_another(self, post: MakePost) -> None:
        """409: asked again, gone on from there."""
        server = OddTus()
        plain, calls = server._patch, 0

        async def conflict_first(request: web.BaseRequest) -> web.StreamResponse:
            nonlocal calls
            calls += 1
            return await (plain if calls > 2 else status(409))(request)

        server.override["PATCH"] = conflict_first
        await self.deliver(post, server)
        assert server.seen[:6] == ["POST", *["PATCH", "HEAD"] * 2, "PATCH"]

    @pytest.mark.parametrize("code", [204, 409])
    async def test_one_that_gets_nowhere(self, code: int, post: MakePost) -> None:
        """It is left alone for a while."""
        server = OddTus()
        server.override["PATCH"] = status(code)
        error = await self.failure(post, server)
        assert (error.code, error.permanent) == ("upload_stuck", False)
        assert server.seen.count("PATCH") == 3

    @pytest.mark.parametrize("code", [403, 404, 410])
    async def test_one_that_forgets_at_once(self, code: int, post: MakePost) -> None:
        """It is asked twice, not for ever."""
        server = OddTus()
        server.override["PATCH"] = status(code)
        error = await self.failure(post, server)
        assert (error.code, error.permanent) == ("upload_gone", False)
        assert server.seen.count("POST") == 2

    @pytest.mark.parametrize("code", [403, 404, 410])
    async def test_one_that_has_forgotten(self, code: int, post: MakePost) -> None:
        """What it said before does not count."""
        server = OddTus()
        server.override["HEAD"] = status(code)
        async with serving(server) as port:
            one = post(f"http://127.0.0.1:{port}/files")
            old = f"http://127.0.0.1:{port}/files/old"
            one.delivery = replace(one.delivery, upload_url=old)
            await one.attempt()
        assert one.saved == [None, f"http://127.0.0.1:{port}/files/1"]
        assert server.seen == ["HEAD", "POST", "PATCH"]

    @pytest.mark.parametrize(
        ("code", "said", "permanent"),
        [
            (400, "upload_refused", True),
            (401, "upload_refused", True),
            (403, "upload_refused", True),
            (404, "upload_refused", True),
            (405, "upload_refused", True),
            (412, "upload_refused", True),
            (413, "upload_too_large", True),
            (501, "upload_refused", True),
            (200, "upload_refused", True),
            (307, "redirect_refused", True),
            (408, "upload_busy", False),
            (423, "upload_busy", False),
            (429, "upload_busy", False),
            (500, "upload_busy", False),
            (502, "upload_busy", False),
            (503, "upload_busy", False),
            (504, "upload_busy", False),
            (507, "upload_busy", False),
        ],
    )
    async def test_refusals(
        self, code: int, said: str, permanent: bool, post: MakePost
    ) -> None:
        """Each status is for ever, or for another time."""
        server = OddTus()
        server.override["POST"] = status(code)
        error = await self.failure(post, server)
        assert (error.code, error.permanent) == (said, permanent)

    @pytest.mark.parametrize("code", [423, 500, 503])
    @pytest.mark.parametrize("method", ["HEAD", "PATCH"])
    async def test_later_refusals(self, method: str, code: int, post: MakePost) -> None:
        """A locked upload, a server being restarted: later."""
        server = OddTus()
        server.override[method] = status(code)
        error = await self.failure(post, server, resumed=method == "HEAD")
        assert (error.code, error.permanent) == ("upload_busy", False)

    @pytest.mark.parametrize(
        "location",
        [
            "https://127.0.0.1:{port}/files/1",
            "http://127.0.0.1:{other}/files/1",
            "//127.0.0.1:{other}/files/1",
            "http://localhost:{port}/files/1",
            "http://127.0.0.1/files/1",
            "http://user@127.0.0.1:{port}/files/1",
            "ftp://127.0.0.1:{port}/files/1",
            "http://127.0.0.1:{port}@127.0.0.1:{other}/1",
            "http://[::1]:{port}/files/1",
            "http://[::1",
            "javascript:alert(1)",
            "/files/1#" + "x",
            "/files/" + "x" * 5000,
            "/files/a b",
        ],
    )
    async def test_a_location_elsewhere(self, location: str, post: MakePost) -> None:
        """Nothing goes to another place than the approved one."""
        seen: list[str] = []

        async def elsewhere(request: web.BaseRequest) -> web.StreamResponse:
            seen.append(request.path)
            return web.Response()

        server = OddTus()
        async with serving(server) as port, serving(elsewhere) as other:
            server.location = location.format(port=port, other=other)
            one = post(f"http://127.0.0.1:{port}/files")
            error = await one.fails()
        assert (error.code, error.permanent) == ("upload_elsewhere", True)
        assert server.seen == ["POST"]
        assert seen == [] and one.saved == []

    @pytest.mark.parametrize(
        "location",
        ["/files/1", "files/1", "1", "./1?token=a%2Fb", "//127.0.0.1:{port}/x/../1"],
    )
    async def test_a_location_here(self, location: str, post: MakePost) -> None:
        """In any of the ways it can be written."""
        server = OddTus()
        async with serving(server) as port:
            server.location = location.format(port=port)
            await post(f"http://127.0.0.1:{port}/files").attempt()
        assert server.stored

    async def test_a_saved_address_elsewhere(self, post: MakePost) -> None:
        """What is read from the disk is held to the same."""
        server = OddTus()
        async with serving(server) as port, serving(server) as other:
            one = post(f"http://127.0.0.1:{port}/files")
            one.delivery = replace(
                one.delivery, upload_url=f"http://127.0.0.1:{other}/files/1"
            )
            assert (await one.fails()).code == "upload_elsewhere"
        assert server.seen == []

    @pytest.mark.parametrize(
        ("override", "said"),
        [
            (("POST", status(201)), "upload_not_tus"),
            (("HEAD", status(200)), "upload_not_tus"),
            (("HEAD", status(200, Upload_Offset="")), "upload_not_tus"),
            (("HEAD", status(200, Upload_Offset="-1")), "upload_not_tus"),
            (("HEAD", status(200, Upload_Offset="٣")), "upload_not_tus"),
            (("HEAD", status(200, Upload_Offset="9" * 17)), "upload_not_tus"),
            (("HEAD", status(200, Upload_Offset="99999999")), "upload_mismatch"),
            (
                ("HEAD", status(200, Upload_Offset="0", Upload_Length="7")),
                "upload_mismatch",
            ),
        ],
    )
    async def test_answers_that_make_no_sense(
        self, override: tuple[str, Respond], said: str, post: MakePost
    ) -> None:
        """It is no tus server, or not our upload."""
        server = OddTus()
        server.override[override[0]] = override[1]
        error = await self.failure(post, server, resumed=override[0] == "HEAD")
        assert (error.code, error.permanent) == (said, True)


class TestSpool:
    """The package itself."""

    async def test_a_missing_or_changed_package_is_not_sent(
        self, post: MakePost
    ) -> None:
        """Not even an upload is created."""
        server = OddTus()
        async with serving(server) as port:
            one = post(f"http://127.0.0.1:{port}/files", size=1000)
            target = one.sealed.path.with_name("other")
            whole = one.sealed.path.read_bytes()
            one.sealed.path.write_bytes(whole[:-1])
            assert (await one.fails()).code == "spool_damaged"
            one.sealed.path.write_bytes(whole + b"x")
            assert (await one.fails()).code == "spool_damaged"
            one.sealed.path.rename(target)
            assert (await one.fails()).code == "spool_damaged"
            one.sealed.path.symlink_to(target)
            error = await one.fails()
            one.sealed.path.unlink()
            one.sealed.path.mkdir()
            assert (await one.fails()).code == "spool_damaged"
            assert error.code == "spool_unreadable"
        assert server.seen == []

    async def test_a_package_cut_while_it_goes_out(self, post: MakePost) -> None:
        """It ends there, for good, and is not taken for a lost connection."""
        server = OddTus()
        async with serving(server) as port:
            one = post(f"http://127.0.0.1:{port}/files", size=5 * 2**20)
            path = one.sealed.path

            async def cut() -> None:
                path.write_bytes(path.read_bytes()[: 2 * 2**20])

            one.before_save = cut
            error = await one.fails()
        assert (error.code, error.permanent) == ("spool_damaged", True)

    async def test_a_failing_disk(
        self, post: MakePost, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It is tried again later."""
        server = OddTus()

        def broken(*_: object) -> bytes:
            raise OSError(5, "Input/output error")

        async with serving(server) as port:
            one = post(f"http://127.0.0.1:{port}/files")
            with monkeypatch.context() as patch:
                patch.setattr("os.pread", broken)
                error = await one.fails()
            assert (error.code, error.permanent) == ("spool_unreadable", False)
            await one.attempt()

    async def test_an_unsealed_delivery_is_not_sent(self, post: MakePost) -> None:
        """Nor one without an address."""
        one = post("http://127.0.0.1:9/files")
        one.delivery = replace(one.delivery, package_size=None)
        assert (await one.fails()).code == "spool_damaged"


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


class TestPut:
    """A real S3-compatible store, and presigned addresses."""

    async def test_it_arrives(self, store: Store, post: MakePost) -> None:
        """Byte for byte."""
        one = post(store.presigned("arrives.age"), Way.PUT)
        await one.attempt()
        assert object_of(store, "arrives.age") == one.sealed.path.read_bytes()
        assert one.told[-1] == 1
        assert one.saved == []

    @pytest.mark.parametrize(
        "signed",
        [
            {"ContentType": "application/octet-stream"},
            {"IfNoneMatch": "*"},
            {"ContentType": "application/octet-stream", "IfNoneMatch": "*"},
        ],
    )
    async def test_signed_headers_are_sent(
        self, signed: dict[str, str], store: Store, post: MakePost
    ) -> None:
        """Those that we can know."""
        key = "-".join(signed)
        one = post(store.presigned(key, **signed), Way.PUT)
        await one.attempt()
        assert object_of(store, key) == one.sealed.path.read_bytes()

    @pytest.mark.parametrize(
        "options",
        [
            {"secret": "not-the-secret"},
            {"seconds": -10},
            {"ContentLength": 10},
            {"ContentType": "video/mp4"},
        ],
    )
    async def test_an_address_that_is_not_good(
        self, options: dict[str, object], store: Store, post: MakePost
    ) -> None:
        """Wrong key, too late, for another size or type: for good."""
        url = store.presigned("refused.age", **options)  # type: ignore[arg-type]
        error = await post(url, Way.PUT).fails()
        assert (error.code, error.permanent) == ("upload_refused", True)
        assert object_of(store, "refused.age") is None

    @pytest.mark.parametrize("signed", [{}, {"IfNoneMatch": "*"}])
    async def test_a_lost_answer(
        self, signed: dict[str, str], store: Store, post: MakePost
    ) -> None:
        """The store has it; asked again, it has the same, or says that it has one.

        A presigned PUT is good for nothing but a PUT: where the second one is refused
        because of the first, nothing proves whose the first one was.
        """
        key = f"lost{len(signed)}.age"
        async with FaultProxy(store.port) as before:
            url = store.presigned(key, port=before.port, **signed)
            one = post(url, Way.PUT)
            before.faults["PUT"] = [Fault(lose_answer=True)]
            assert (await one.fails()).code == "connection_lost"
            if signed:
                error = await one.fails()
                assert (error.code, error.permanent) == ("upload_conflict", True)
            else:
                await one.attempt()
        assert object_of(store, key) == one.sealed.path.read_bytes()

    async def test_cuts(self, store: Store, post: MakePost) -> None:
        """A cut PUT leaves nothing; a whole one does."""
        async with FaultProxy(store.port) as before:
            one = post(store.presigned("cut.age", port=before.port), Way.PUT)
            before.faults["PUT"] = [
                Fault(cut_after=cut, reset=cut % 2 == 0) for cut in (1, 4000, 500_000)
            ]
            for _ in range(3):
                assert not (await one.fails()).permanent
                assert object_of(store, "cut.age") is None
            await one.attempt()
        assert object_of(store, "cut.age") == one.sealed.path.read_bytes()


class TestOddPut:
    """Stores that say that something is there already."""

    @pytest.mark.parametrize(
        ("code", "holds", "said"),
        [
            (412, "ours", None),
            (409, "ours", None),
            (412, "other", "upload_conflict"),
            (412, "longer", "upload_conflict"),
            (412, "hidden", "upload_conflict"),
            (412, "elsewhere", "upload_conflict"),
            (412, "away", "connection_lost"),
            (409, "other", "upload_busy"),
            (409, "hidden", "upload_busy"),
        ],
    )
    async def test_only_the_same_bytes_count(
        self, code: int, holds: str, said: str | None, post: MakePost
    ) -> None:
        """Whoever cannot show them has not got them."""
        puts: list[dict[str, str]] = []

        async def handler(request: web.BaseRequest) -> web.StreamResponse:
            if request.method == "PUT":
                puts.append(dict(request.headers))
                await request.content.read(-1)
                return web.Response(status=code)
            whole = one.sealed.path.read_bytes()
            if holds == "away" and request.transport:
                request.transport.abort()
            return {
                "ours": web.Response(body=whole),
                "other": web.Response(body=whole[:-1] + b"?"),
                "longer": web.Response(body=whole + b"x"),
                "elsewhere": web.Response(status=302, headers={"Location": "/x"}),
            }.get(holds, web.Response(status=403))

        async with serving(handler) as port:
            one = post(f"http://127.0.0.1:{port}/x", Way.PUT)
            if said is None:
                await one.attempt()
            else:
                error = await one.fails()
                assert error.code == said
                assert error.permanent == (said == "upload_conflict")
        assert len(puts) == 1
        size = str(one.sealed.package.package_size)
        assert puts[0]["Content-Length"] == size
        assert not {"If-None-Match", "Content-Type", "Expect"} & puts[0].keys()
