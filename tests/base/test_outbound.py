"""The two ways out against everything that would widen them."""

import asyncio
from collections.abc import AsyncIterator, Callable
import datetime as dt
import gzip
from ipaddress import ip_address
import logging
import socket
import ssl
import traceback
from unittest.mock import AsyncMock

from aiohttp import web
import pytest
import trustme

from custom_components.clip_consent.base import outbound
from custom_components.clip_consent.base.outbound import (
    AddressInfo,
    AddressRefusedError,
    Door,
    Origin,
    Outbound,
    origin_of,
)
from custom_components.clip_consent.core.errors import (
    ClipConsentError,
    DeliveryError,
    SourceError,
)
from tests.servers.web import Names, serving

pytestmark = pytest.mark.usefixtures("loopback")

NUMBERS = ("2130706433", "127.1", "0x7f.1", "0177.0.0.1", "1.2.3.0x4", "0", "x.256")
SECRET = "X-Amz-Signature=5ec7e7"
WORLD = Names(
    {
        "rebinding.example": [[("93.184.215.14", 0)], [("127.0.0.1", 0)]],
        "lan.example": [[("192.168.1.10", 0)]],
        "both.example": [[("10.0.0.1", 0), ("fd00::1", 0)]],
        "six.example": [[("::1", 0)]],
        "mapped.example": [[("::ffff:127.0.0.1", 0)]],
        "public.example": [[("93.184.215.14", 0)]],
        "nowhere.example": [[]],
        "localhost": [[("127.0.0.1", 0)]],
        "nas": [[("192.168.1.10", 0)]],
        "nas.local": [[("192.168.1.10", 0)]],
        "router.home.arpa": [[("192.168.1.1", 0)]],
    }
)
HOSTILE = (
    *("https://127.0.0.1/x", "https://127.1/x", "https://2130706433/x"),
    *("https://0177.0.0.1/x", "https://0x7f.0.0.1/x", "https://0/x"),
    *("https://0.0.0.0/x", "https://10.0.0.1/x", "https://172.16.9.9/x"),
    *("https://192.168.0.1/x", "https://169.254.169.254/latest/meta-data"),
    *("https://100.64.1.1/x", "https://198.18.0.1/x", "https://192.0.2.1/x"),
    *("https://224.0.0.1/x", "https://255.255.255.255/x", "https://192.88.99.1/x"),
    *("https://[::1]/x", "https://[::]/x", "https://[fe80::1]/x"),
    *("https://[fd00::1]/x", "https://[fec0::1]/x", "https://[::ffff:10.0.0.1]/x"),
    *("https://[64:ff9b::a00:1]/x", "https://[2002:a00:1::]/x", "https://[2001::1]/x"),
    *("https://[::7f00:1]/x", "https://[ff02::1]/x", "https://lan.example/x"),
    *("https://both.example/x", "https://six.example/x", "https://mapped.example/x"),
    *("https://localhost./x", "https://93.184.215.14:22/x"),
    *("http://public.example/x", "http://127.0.0.1/x"),
)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[AddressInfo]:
    """Return the sockets that were made, as they are made."""
    sockets: list[AddressInfo] = []

    def noting(
        real: Callable[[AddressInfo], socket.socket],
    ) -> Callable[[AddressInfo], socket.socket]:
        def factory(info: AddressInfo) -> socket.socket:
            found = real(info)
            sockets.append(info)
            return found

        return factory

    for name in ("_public_socket", "_entered_socket"):
        monkeypatch.setattr(outbound, name, noting(getattr(outbound, name)))
    return sockets


@pytest.fixture
async def doors() -> AsyncIterator[Callable[..., Outbound]]:
    """Return a maker of ways out, which are closed in the end."""
    opened: list[Outbound] = []

    def make(
        fetch: set[Origin] = frozenset(),
        send: set[Origin] = frozenset(),
        names: Names = WORLD,
        trust: ssl.SSLContext | None = None,
        patience: float = outbound.PATIENCE,
    ) -> Outbound:
        opened.append(
            Outbound(
                allowed_fetch=frozenset(fetch),
                allowed_send=frozenset(send),
                resolver=names,
                ssl=trust,
                patience=patience,
            )
        )
        return opened[-1]

    yield make
    for one in opened:
        await one.async_close()


async def refused(door: Door, method: str, url: str, **more: object) -> str:
    """Return the code of the permanent error that a request ends in."""
    with pytest.raises(DeliveryError) as raised:
        await answered(door, method, url, **more)
    assert raised.value.permanent
    return raised.value.code


async def answered(door: Door, method: str, url: str, **more: object) -> bytes:
    """Return the body of an answer."""
    async with door.request(method, url, **more) as answer:  # type: ignore[arg-type]
        return await answer.async_read()


async def body(size: int = 3) -> AsyncIterator[bytes]:
    """Yield something to send."""
    for _ in range(size):
        yield b"ciphertext" * 1000


class TestPlaces:
    """N-01: where it leads to."""

    @pytest.mark.parametrize("url", HOSTILE)
    async def test_no_socket_is_made_for_a_private_place(
        self, url: str, doors: Callable[..., Outbound], made: list[AddressInfo]
    ) -> None:
        """By no method, however it is spelled."""
        ways = doors()
        for method, content in (("GET", None), ("POST", b"{}"), ("PUT", body())):
            code = await refused(ways.send, method, url, body=content)
            # A number is no host at all.
            assert code in {
                "address_not_allowed",
                "address_needs_https",
                "address_invalid",
            }
        with pytest.raises(SourceError) as raised:
            await answered(ways.fetch, "GET", url)
        assert raised.value.code in {"address_invalid", "address_not_allowed"}
        assert made == []

    async def test_a_name_that_changes_its_mind(
        self, doors: Callable[..., Outbound], made: list[AddressInfo]
    ) -> None:
        """Public when it was checked, this machine when it is reached."""
        door = doors().send
        looked_up = await WORLD.resolve("rebinding.example", 443)
        assert looked_up[0]["host"] == "93.184.215.14"
        code = await refused(door, "PUT", "https://rebinding.example/x", body=body())
        assert code == "address_not_allowed"
        assert made == []

    def test_a_public_socket_is_made(
        self, made: list[AddressInfo], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The guard is not a wall; but a home's own public address is refused too."""
        info = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))
        monkeypatch.setattr(outbound, "own_address", lambda *_: None)
        outbound._public_socket(info).close()
        assert made == [info]
        monkeypatch.setattr(outbound, "own_address", lambda _, target: target)
        with pytest.raises(AddressRefusedError):
            outbound._public_socket(info)

    @pytest.mark.parametrize(
        ("url", "code"),
        [
            ("https://public.example/x", None),
            ("https://93.184.215.14/x", None),
            ("https://10.0.0.1/x", "address_not_allowed"),
            *((f"https://{number}/x", "address_invalid") for number in NUMBERS),
            ("https://a..example/x", "address_invalid"),
            ("https://.example/x", "address_invalid"),
            ("https://public.example../x", "address_invalid"),
            ("https://public.example./x", None),
            ("https://localhost/x", "address_not_allowed"),
            ("https://nas/x", "address_not_allowed"),
            ("https://nas.local/x", "address_not_allowed"),
            ("https://router.home.arpa./x", "address_not_allowed"),
            (f"https://{'a' * 64}.example/x", "address_invalid"),
            (f"https://{'a.' * 130}example/x", "address_invalid"),
            (f"https://{'a' * 63}.example/x", None),
            ("https://public.example:8443/x", "address_not_allowed"),
            ("http://public.example/x", "address_needs_https"),
            ("ftp://public.example/x", "address_invalid"),
            ("//public.example/x", "address_invalid"),
            ("public.example", "address_invalid"),
            ("https://", "address_invalid"),
            ("https:///x", "address_invalid"),
            ("https://public.example:0/x", "address_invalid"),
            ("https://public.example:99999/x", "address_invalid"),
            ("https://public.example:port/x", "address_invalid"),
            ("https://user@public.example/x", "address_invalid"),
            ("https://:secret@public.example/x", "address_invalid"),
            ("https://public.example/x#part", "address_invalid"),
            ("https://public.example\\@lan.example/x", "address_invalid"),
            ("https://public.example/x y", "address_invalid"),
            ("https://public.example/x\r\nHost: lan.example", "address_invalid"),
            ("https://public.example/\x00", "address_invalid"),
            ("https://public.exämple/x", "address_invalid"),
            ("https://public.example。/x", "address_invalid"),
            ("https://[fe80::1%25eth0]/x", "address_invalid"),
            ("https://[::1/x", "address_invalid"),
            ("https://public.example/" + "x" * 5000, "address_invalid"),
            ("", "address_invalid"),
        ],
    )
    async def test_an_address_is_checked_before_it_is_kept(
        self, url: str, code: str | None, doors: Callable[..., Outbound]
    ) -> None:
        """The form can say what is wrong with it; and a request says the same."""
        door = doors().send
        if code is None:
            door.check_address(url)
            return
        with pytest.raises(ClipConsentError) as raised:
            door.check_address(url)
        assert raised.value.code == code
        with pytest.raises(DeliveryError) as failed:
            await answered(door, "GET", url)
        assert (failed.value.code, failed.value.permanent) == (code, True)

    async def test_no_name_is_looked_up_before_something_is_sent(
        self, doors: Callable[..., Outbound]
    ) -> None:
        """Whoever keeps the zone of a name sees who asks for it, and when."""
        names = Names({"nowhere.example": [[]]})
        door = doors(names=names).send
        door.check_address("https://nowhere.example/x")
        assert names.asked == []
        with pytest.raises(DeliveryError, match="address_unknown") as raised:
            await answered(door, "GET", "https://nowhere.example/x")
        assert not raised.value.permanent
        assert names.asked == ["nowhere.example"]

    async def test_a_name_that_no_resolver_can_spell(
        self, doors: Callable[..., Outbound], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Python's own codec of names raises what is no OSError."""
        names = Names({})
        failing = UnicodeError("label too long")
        monkeypatch.setattr(names, "resolve", AsyncMock(side_effect=failing))
        door = doors(names=names).send
        assert await refused(door, "GET", "https://odd.example/") == "address_invalid"

    async def test_what_the_owner_entered_is_reached(
        self, doors: Callable[..., Outbound], made: list[AddressInfo]
    ) -> None:
        """That host and that port, in the clear too; nothing beside it."""
        seen: list[str] = []

        async def handler(request: web.BaseRequest) -> web.Response:
            seen.append(request.path)
            return web.Response(text="here")

        async with serving(handler) as port, serving(handler) as other:
            ways = doors(
                fetch={("127.0.0.1", port)},
                send={origin_of(f"http://nas.lan:{port}")},
                names=Names({"nas.lan": [[("127.0.0.1", 0)]]}),
            )
            assert await answered(ways.fetch, "GET", f"http://127.0.0.1:{port}/a")
            ways.send.check_address(f"http://nas.lan:{port}/b")
            assert await answered(ways.send, "GET", f"http://NAS.lan:{port}/b")
            for url in (
                f"http://127.0.0.1:{other}/c",
                f"http://localhost:{port}/c",
                f"http://nas.lan:{other}/c",
                f"https://127.0.0.1:{port}/c",
                f"http://127.0.0.1:{port}/c",
            ):
                assert await refused(ways.send, "GET", url)
        assert seen == ["/a", "/b"]
        assert len(made) == 2

    async def test_an_entered_name_is_no_way_to_odd_places(
        self, doors: Callable[..., Outbound], made: list[AddressInfo]
    ) -> None:
        """Not to a landlord's secrets, nor to everybody at once."""
        names = {
            "nas.lan": [[("169.254.169.254", 0), ("0.0.0.0", 0), ("224.0.0.1", 0)]]
        }
        door = doors(send={("nas.lan", 80)}, names=Names(names)).send
        assert await refused(door, "GET", "http://nas.lan/") == "address_not_allowed"
        assert made == []


@pytest.fixture
def loopback_is_public(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this machine play a public server: there is no other in a test."""
    monkeypatch.setattr(outbound, "is_public", lambda a: str(a) == "127.0.0.1")
    monkeypatch.setattr(outbound, "is_near", lambda *_: False)


@pytest.mark.usefixtures("loopback_is_public")
class TestPublicServers:
    """N-02, N-03: what a public server may do to us."""

    authority = trustme.CA()

    def trusting(self) -> ssl.SSLContext:
        """Return the trust in our authority alone."""
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        return context

    def certified(self, certificate: trustme.LeafCert) -> ssl.SSLContext:
        """Return a server's context."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        return context

    async def send(
        self, doors: Callable[..., Outbound], server: ssl.SSLContext | None
    ) -> list[str]:
        """Return what a server of hub.example:443 got of a PUT."""
        got: list[str] = []

        async def handler(request: web.BaseRequest) -> web.Response:
            got.append(f"{request.method} {len(await request.read())}")
            return web.Response(status=201)

        async with serving(handler, ssl=server) as port:
            names = Names({"hub.example": [[("10.0.0.1", 0), ("127.0.0.1", port)]]})
            door = doors(names=names, trust=self.trusting()).send
            async with door.request(
                "PUT",
                "https://hub.example/x",
                headers={"Content-Length": "30000"},
                body=body(),
            ) as answer:
                assert answer.status == 201
        return got

    async def test_a_good_certificate(
        self, doors: Callable[..., Outbound], made: list[AddressInfo]
    ) -> None:
        """And of two addresses, only the public one is tried."""
        good = self.certified(self.authority.issue_cert("hub.example"))
        assert await self.send(doors, good) == ["PUT 30000"]
        assert [info[4][0] for info in made] == ["127.0.0.1"]

    @pytest.mark.parametrize("kind", ["stranger", "expired", "other name", "plain"])
    async def test_a_bad_one(self, kind: str, doors: Callable[..., Outbound]) -> None:
        """No byte goes to a server that is not the one of the address."""
        past = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
        server = {
            "stranger": lambda: trustme.CA().issue_cert("hub.example"),
            "expired": lambda: self.authority.issue_cert("hub.example", not_after=past),
            "other name": lambda: self.authority.issue_cert("other.example"),
            "plain": lambda: None,
        }[kind]()
        with pytest.raises(DeliveryError) as raised:
            await self.send(doors, server and self.certified(server))
        assert raised.value.code == "tls_failed"
        assert not raised.value.permanent


class TestServers:
    """What a server that the owner entered may do to us."""

    @pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
    @pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH"])
    async def test_redirects_lead_nowhere(
        self, status: int, method: str, doors: Callable[..., Outbound]
    ) -> None:
        """Not one byte to the second place, be it as allowed as the first."""
        seen: list[str] = []

        async def second(request: web.BaseRequest) -> web.Response:
            seen.append(request.path)
            return web.Response()

        async def first(request: web.BaseRequest) -> web.Response:
            await request.read()
            where = {"Location": f"http://127.0.0.1:{other}/second"}
            return web.Response(status=status, headers=where)

        async with serving(second) as other, serving(first) as port:
            door = doors(send={("127.0.0.1", port), ("127.0.0.1", other)}).send
            content = body() if method in {"POST", "PUT", "PATCH"} else None
            url = f"http://127.0.0.1:{port}/first"
            code = await refused(door, method, url, body=content)
        assert code == "redirect_refused"
        assert seen == []

    async def test_what_it_learns_of_us(
        self, doors: Callable[..., Outbound], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Fixed headers, no cookie given back, no proxy of the environment."""
        heads: list[dict[str, str]] = []

        async def handler(request: web.BaseRequest) -> web.Response:
            heads.append(dict(request.headers))
            answer = web.Response(text="x", headers={"ETag": '"you-are-7"'})
            answer.set_cookie("id", "7")
            return answer

        async with serving(handler) as port, serving(handler) as proxy:
            for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
                monkeypatch.setenv(name, f"http://127.0.0.1:{proxy}")
            door = doors(send={("127.0.0.1", port)}).send
            for _ in range(2):
                await answered(door, "GET", f"http://127.0.0.1:{port}/x?a=%2F%7e")
        assert heads[0] == heads[1]
        assert heads[0] == {
            "Host": f"127.0.0.1:{port}",
            "User-Agent": "clip-consent",
            "Accept-Encoding": "identity",
            "Accept": "*/*",
            "Connection": "close",
        }

    async def test_an_address_is_sent_as_it_was_written(
        self, doors: Callable[..., Outbound]
    ) -> None:
        """A signature covers every character."""
        seen: list[str] = []

        async def handler(request: web.BaseRequest) -> web.Response:
            seen.append(request.raw_path)
            return web.Response()

        path = "/a/../b%2Fc//d?X=%7e%2f+%20&y=a/b&z"
        async with serving(handler) as port:
            door = doors(send={("127.0.0.1", port)}).send
            await answered(door, "GET", f"http://127.0.0.1:{port}{path}")
        assert seen == [path]

    @pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "GZIP"])
    async def test_a_packed_answer_is_refused(
        self, encoding: str, doors: Callable[..., Outbound]
    ) -> None:
        """A few bytes can unpack to very many: none is unpacked."""
        bomb = gzip.compress(bytes(10**7))

        async def handler(request: web.BaseRequest) -> web.Response:
            return web.Response(body=bomb, headers={"Content-Encoding": encoding})

        async with serving(handler) as port:
            door = doors(send={("127.0.0.1", port)}).send
            code = await refused(door, "GET", f"http://127.0.0.1:{port}/")
        assert code == "encoding_refused"

    @pytest.mark.parametrize("announced", [True, False])
    async def test_an_endless_answer_is_cut(
        self, announced: bool, doors: Callable[..., Outbound]
    ) -> None:
        """Where it says how long it is, before the first byte."""
        sent = 0

        async def handler(request: web.BaseRequest) -> web.StreamResponse:
            nonlocal sent
            answer = web.StreamResponse()
            if announced:
                answer.content_length = 10**9
            await answer.prepare(request)
            try:
                while sent < 10**8:
                    await answer.write(bytes(10_000))
                    sent += 10_000
            except ConnectionError:
                pass
            return answer

        async with serving(handler) as port:
            door = doors(send={("127.0.0.1", port)}).send
            code = await refused(door, "GET", f"http://127.0.0.1:{port}/")
        assert code == "answer_too_large"
        assert sent < 10**7

    async def test_exactly_as_much_as_allowed_is_read(
        self, doors: Callable[..., Outbound]
    ) -> None:
        """One byte more is too much."""

        async def handler(request: web.BaseRequest) -> web.StreamResponse:
            answer = web.StreamResponse()
            answer.enable_chunked_encoding()
            await answer.prepare(request)
            await answer.write(b"x" * 100)
            return answer

        async with serving(handler) as port:
            door = doors(fetch={("127.0.0.1", port)}).fetch
            url = f"http://127.0.0.1:{port}/"
            async with door.request("GET", url) as answer:
                assert len(await answer.async_read(max_bytes=100)) == 100
            async with door.request("GET", url) as answer:
                with pytest.raises(SourceError) as raised:
                    await answer.async_read(max_bytes=99)
        assert raised.value.code == "answer_too_large"

    async def test_a_cut_answer_is_no_answer(
        self, doors: Callable[..., Outbound]
    ) -> None:
        """Half of it is not taken for all of it."""

        async def handler(request: web.BaseRequest) -> web.StreamResponse:
            answer = web.StreamResponse()
            answer.content_length = 100
            await answer.prepare(request)
            await answer.write(b"x" * 10)
            assert request.transport
            request.transport.close()
            return answer

        async with serving(handler) as port:
            door = doors(send={("127.0.0.1", port)}).send
            with pytest.raises(DeliveryError) as raised:
                await answered(door, "GET", f"http://127.0.0.1:{port}/")
        assert raised.value.code == "connection_lost"

    async def test_huge_headers_are_refused(
        self, doors: Callable[..., Outbound]
    ) -> None:
        """A header is no place for a megabyte."""

        async def handler(request: web.BaseRequest) -> web.Response:
            return web.Response(headers={"X-Long": "x" * 10**6})

        async with serving(handler) as port:
            door = doors(send={("127.0.0.1", port)}).send
            with pytest.raises(DeliveryError) as raised:
                await answered(door, "GET", f"http://127.0.0.1:{port}/")
        assert raised.value.code == "connection_lost"


async def raw_server(
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], object],
) -> asyncio.Server:
    """Return a server that speaks bytes."""
    return await asyncio.start_server(talk, "127.0.0.1", 0)


@pytest.fixture
async def silent() -> AsyncIterator[int]:
    """Return the port of a server that takes connections and does nothing at all."""
    held: list[asyncio.StreamWriter] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reader._transport.pause_reading()  # type: ignore[attr-defined]
        held.append(writer)

    server = await raw_server(talk)
    yield server.sockets[0].getsockname()[1]
    server.close()
    for writer in held:
        writer.transport.abort()
    await server.wait_closed()


class TestPatience:
    """Nobody can hold us for ever."""

    async def test_no_answer(self, doors: Callable[..., Outbound], silent: int) -> None:
        """It is not waited for longer than patience lasts."""
        door = doors(send={("127.0.0.1", silent)}, patience=0.1).send
        with pytest.raises(DeliveryError) as raised:
            await answered(door, "GET", f"http://127.0.0.1:{silent}/")
        assert raised.value.code == "connection_timeout"
        assert not raised.value.permanent

    async def test_a_body_nobody_takes(
        self, doors: Callable[..., Outbound], silent: int
    ) -> None:
        """Sending stalls as reading does."""
        door = doors(send={("127.0.0.1", silent)}, patience=0.2).send
        url = f"http://127.0.0.1:{silent}/"
        with pytest.raises(DeliveryError) as raised:
            await answered(door, "PUT", url, body=body(5000))
        assert raised.value.code == "connection_timeout"

    async def test_a_slow_body_is_no_stall(
        self, doors: Callable[..., Outbound]
    ) -> None:
        """As long as something moves, it goes on."""

        async def handler(request: web.BaseRequest) -> web.Response:
            return web.Response(text=str(len(await request.read())))

        async def slow() -> AsyncIterator[bytes]:
            for _ in range(8):
                await asyncio.sleep(0.1)
                yield b"x"

        async with serving(handler) as port:
            door = doors(send={("127.0.0.1", port)}, patience=0.4).send
            found = await answered(
                door, "PUT", f"http://127.0.0.1:{port}/", body=slow()
            )
        assert found == b"8"

    async def test_an_answer_in_drops(self, doors: Callable[..., Outbound]) -> None:
        """A small answer has to come in time as a whole."""

        async def handler(request: web.BaseRequest) -> web.StreamResponse:
            answer = web.StreamResponse()
            await answer.prepare(request)
            try:
                for _ in range(50):
                    await answer.write(b"x")
                    await asyncio.sleep(0.05)
            except ConnectionError:
                pass
            return answer

        async with serving(handler) as port:
            door = doors(send={("127.0.0.1", port)}, patience=0.2).send
            with pytest.raises(DeliveryError) as raised:
                await answered(door, "GET", f"http://127.0.0.1:{port}/")
        assert raised.value.code == "connection_timeout"

    async def test_an_early_answer_is_heard(
        self, doors: Callable[..., Outbound]
    ) -> None:
        """A refusal in the middle of a body is a refusal, not a lost connection."""

        async def handler(request: web.BaseRequest) -> web.Response:
            await request.content.read(10)
            return web.Response(status=413, text="no more")

        async with serving(handler) as port:
            door = doors(send={("127.0.0.1", port)}).send
            async with door.request(
                "PUT", f"http://127.0.0.1:{port}/", body=body(2000)
            ) as answer:
                assert answer.status == 413
                assert await answer.async_read() == b"no more"

    async def test_a_door_opens_again(self, doors: Callable[..., Outbound]) -> None:
        """After it was closed."""

        async def handler(request: web.BaseRequest) -> web.Response:
            return web.Response(text="x")

        async with serving(handler) as port:
            ways = doors(send={("127.0.0.1", port)})
            for _ in range(2):
                await answered(ways.send, "GET", f"http://127.0.0.1:{port}/")
                await ways.async_close()


def everything_said(error: BaseException) -> str:
    """Return all that a log could show of an error, and of those behind it."""
    said, queue, seen = "", [error], set[int]()
    while queue:
        one = queue.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        said += f"{one!r} {one} {vars(one)} {one.args}"
        queue += [other for other in (one.__cause__, one.__context__) if other]
    return said + "".join(traceback.format_exception(error))


class TestSecrets:
    """D-01: an address may be a key."""

    async def test_no_error_holds_an_address(
        self,
        doors: Callable[..., Outbound],
        silent: int,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        """Whatever goes wrong, in the error, behind it, and in the log."""
        caplog.set_level(logging.DEBUG)

        async def handler(request: web.BaseRequest) -> web.StreamResponse:
            if "redirect" in request.path:
                return web.Response(status=307, headers={"Location": str(request.url)})
            if "packed" in request.path:
                return web.Response(headers={"Content-Encoding": "gzip"})
            if "cut" in request.path and request.transport:
                request.transport.abort()
            return web.Response(body=bytes(10**5))

        async with serving(handler) as port:
            ways = doors(
                send={("127.0.0.1", port), ("127.0.0.1", silent), ("127.0.0.1", 9)},
                fetch={("127.0.0.1", port)},
                patience=0.3,
            )
            places = [
                f"http://127.0.0.1:{port}/redirect?{SECRET}",
                f"http://127.0.0.1:{port}/packed?{SECRET}",
                f"http://127.0.0.1:{port}/cut?{SECRET}",
                f"http://127.0.0.1:{port}/large?{SECRET}",
                f"http://127.0.0.1:{silent}/silent?{SECRET}",
                f"http://127.0.0.1:9/closed?{SECRET}",
                f"https://127.0.0.1:{port}/plain?{SECRET}",
                f"https://nowhere.example/?{SECRET}",
                f"https://lan.example/?{SECRET}",
                f"https://127.0.0.1/?{SECRET}",
                f"http://public.example/?{SECRET}",
                f"broken://?{SECRET} ",
            ]
            for url in places:
                for method, content in (("GET", None), ("PUT", body(300))):
                    with pytest.raises(DeliveryError) as raised:
                        await answered(ways.send, method, url, body=content)
                    said = everything_said(raised.value)
                    assert "5ec7e7" not in said
                    assert "127.0.0.1" not in said.replace(str(port), "")
        logged = [r for r in caplog.records if not r.name.startswith("aiohttp.access")]
        assert "5ec7e7" not in str([(r.getMessage(), r.exc_text) for r in logged])


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("nas", False),
        ("192.168.1.10", False),
    ],
)
async def test_a_door_to_this_machine_leads_nowhere_else(
    host: str, own: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It asks where an address is reached from: this machine's own, from itself."""
    known = {"127.0.0.1": "127.0.0.1"}
    here = ip_address("192.168.1.5")
    monkeypatch.setattr(
        outbound,
        "own_address",
        lambda _, target: ip_address(known.get(str(target), str(here))),
    )
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(text="here")

    async with serving(answer) as port:
        door = Door(
            entered=frozenset({(host, port)}),
            public=False,
            fail=lambda code, _: SourceError(code),
            resolver=WORLD,
            own=True,
        )
        try:
            if own:
                async with door.request("GET", f"http://{host}:{port}/x") as found:
                    assert await found.async_read(max_bytes=10) == b"here"
            else:
                with pytest.raises(SourceError, match="address_not_allowed"):
                    async with door.request("GET", f"http://{host}:{port}/x"):
                        pass
        finally:
            await door.async_close()
    assert asked == (["/x"] if own else [])
