"""What a server, public or entered, may do to us."""

from collections.abc import Callable
import datetime as dt
import gzip
import ssl

from aiohttp import web
import pytest
import trustme

from custom_components.clip_consent.base.outbound import AddressInfo, Outbound
from custom_components.clip_consent.core.errors import DeliveryError, SourceError
from tests.servers.web import Names, serving

from .ways_out import answered, body, refused

pytestmark = pytest.mark.usefixtures("loopback")


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
