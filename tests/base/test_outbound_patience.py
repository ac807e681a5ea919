"""Nobody can hold us for ever, and no error says where we went."""

import asyncio
from collections.abc import AsyncIterator, Callable
import logging
import traceback

from aiohttp import web
import pytest

from custom_components.clip_consent.base.outbound import Outbound
from custom_components.clip_consent.core.errors import DeliveryError
from tests.servers.web import serving

from .ways_out import answered, body

pytestmark = pytest.mark.usefixtures("loopback")

SECRET = "X-Amz-Signature=5ec7e7"


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
