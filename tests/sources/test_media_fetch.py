"""The one way on which recordings come out of Home Assistant: loopback, and no other."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
import ssl
from typing import Any

from aiohttp import web
from homeassistant.components.http import HomeAssistantView, server
from homeassistant.core import HomeAssistant
import pytest
import trustme

from custom_components.clip_consent.base import outbound
from custom_components.clip_consent.core.errors import SourceError
from custom_components.clip_consent.home.sources import media_fetch
from custom_components.clip_consent.home.sources.media_fetch import (
    HomeFetch,
    own_address,
    own_path,
)
from tests.servers.web import Names

from .home import serving

MANY = 3 * 2**20  # bytes: more than is written at once
ROOM = 2**24

type Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _Film(HomeAssistantView):
    """A view that wants a login, as those of recordings do, and answers anything."""

    url = "/api/film/{name}"
    name = "api:film"

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[web.Request] = []

    async def get(self, request: web.Request, name: str) -> web.StreamResponse:
        """Answer."""
        self.asked.append(request)
        return await self.answer(request)


def _bytes(count: int, **headers: str) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(body=b"\x00" * count, content_type="video/mp4")

    return answer


def _status(status: int, kind: str = "video/mp4", text: str = "x") -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=text, content_type=kind)

    return answer


async def _cut_off(request: web.Request) -> web.StreamResponse:
    """Promise more than there is, and leave."""
    response = web.StreamResponse()
    response.content_type = "video/mp4"
    response.content_length = 5000
    await response.prepare(request)
    await response.write(b"half")
    assert request.transport
    request.transport.abort()
    return response


async def _short(request: web.Request) -> web.StreamResponse:
    """Promise more than there is, and say that this was all, as Reolink's proxy can."""
    response = web.StreamResponse()
    response.content_type = "video/mp4"
    response.content_length = 5000
    await response.prepare(request)
    await response.write(b"half")
    return response


async def _broken_chunks(request: web.Request) -> web.StreamResponse:
    """Promise nothing, and break off."""
    response = web.StreamResponse()
    response.content_type = "video/mp4"
    await response.prepare(request)
    await response.write(b"half")
    assert request.transport
    request.transport.abort()
    return response


async def _endless(request: web.Request) -> web.StreamResponse:
    """Send as long as anybody listens."""
    response = web.StreamResponse()
    response.content_type = "video/mp4"
    await response.prepare(request)
    while True:
        await response.write(b"\x00" * 65536)


async def _silent(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(30)
    raise AssertionError


async def _stalled(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    response.content_type = "video/mp4"
    await response.prepare(request)
    await response.write(b"half")
    await asyncio.sleep(30)
    raise AssertionError


async def _packed(request: web.Request) -> web.StreamResponse:
    return web.Response(
        body=b"x", content_type="video/mp4", headers={"Content-Encoding": "gzip"}
    )


async def _elsewhere(request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("/api/film/other")


@pytest.fixture
def view(home: HomeAssistant) -> _Film:
    """Return a view in that home."""
    view = _Film(_bytes(10))
    home.http.register_view(view)
    return view


@pytest.fixture
async def fetch(home: HomeAssistant) -> AsyncIterator[HomeFetch]:
    """Return the way to that home, with little patience."""
    fetch = HomeFetch(home, patience=1)
    yield fetch
    await fetch.async_close()


async def test_a_film_is_streamed_to_disk(
    view: _Film, fetch: HomeFetch, tmp_path: Path
) -> None:
    """All of it, asked for in the name of a user who may only read, on loopback."""
    view.answer = _bytes(MANY)
    told: list[tuple[int, int | None]] = []
    file = tmp_path / "film"
    size = await fetch.async_file(
        "/api/film/one",
        file,
        max_bytes=MANY,
        told=lambda done, whole: told.append((done, whole)),
    )
    assert size == MANY == file.stat().st_size
    assert told[-1] == (MANY, MANY)
    (request,) = view.asked
    assert request.remote == "127.0.0.1"
    assert request["hass_user"].system_generated
    assert not request["hass_user"].is_admin
    assert request.headers["Accept-Encoding"] == "identity"


async def test_a_path_keeps_its_odd_characters(
    view: _Film, fetch: HomeFetch, tmp_path: Path
) -> None:
    """What a recorder called its file is signed and asked for as it is."""
    for number, name in enumerate(("a%20b", "2026-06-01T12:00:00+00:00", "a%23b%3Fc")):
        await fetch.async_file(
            f"/api/film/{name}?x=1%262&y=z", tmp_path / str(number), max_bytes=ROOM
        )
    named = [request.match_info["name"] for request in view.asked]
    assert named == ["a b", "2026-06-01T12:00:00+00:00", "a#b?c"]
    assert {request.query["x"] for request in view.asked} == {"1&2"}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (_cut_off, "media_cut_off"),
        (_short, "media_cut_off"),
        (_broken_chunks, "media_cut_off"),
        (_endless, "media_too_large"),
        (_bytes(ROOM + 1), "media_too_large"),
        (_bytes(0), "media_empty"),
        (_silent, "media_slow"),
        (_stalled, "media_slow"),
        (_packed, "media_answer_broken"),
        (_elsewhere, "media_elsewhere"),
        (_status(401), "media_login_refused"),
        (_status(403), "media_login_refused"),
        (_status(404), "media_not_there"),
        (_status(400), "media_recorder_failed"),
        (_status(429), "media_busy"),
        (_status(503), "media_busy"),
        (_status(500), "media_answer_broken"),
        (_status(206), "media_answer_broken"),
        (_status(200, "text/html"), "media_answer_broken"),
        (_status(200, "application/json"), "media_answer_broken"),
        (_status(200, "application/vnd.apple.mpegurl"), "media_stream_only"),
        (_status(200, "video/mp4", "#EXTM3U\n"), "media_stream_only"),
    ],
)
async def test_no_film_is_told_by_its_code(
    view: _Film, fetch: HomeFetch, tmp_path: Path, answer: Answer, code: str
) -> None:
    """Nothing stays on the disk of what was no whole film."""
    view.answer = answer
    file = tmp_path / "film"
    with pytest.raises(SourceError) as caught:
        await fetch.async_file("/api/film/one", file, max_bytes=ROOM)
    assert caught.value.code == code
    assert not file.exists()
    assert len(view.asked) == 1  # a redirect is not followed


async def test_who_gives_up_leaves_nothing(
    view: _Film, fetch: HomeFetch, tmp_path: Path
) -> None:
    """A draft that is cancelled lets its file go."""
    view.answer = _stalled
    file = tmp_path / "film"
    task = asyncio.create_task(fetch.async_file("/api/film/one", file, max_bytes=ROOM))
    while not file.exists():
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not file.exists()


class _Full(type(Path())):  # type: ignore[misc]
    """A file on a disk that is full."""

    def open(self, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        return Path("/dev/full").open("wb")


@pytest.mark.parametrize(
    "file", [_Full("/tmp/no_such_film"), Path("/dev/null/no/folder")]
)
async def test_a_disk_that_takes_nothing(
    view: _Film, fetch: HomeFetch, file: Path
) -> None:
    """A full disk, or a folder that is gone, is told as that."""
    view.answer = _bytes(MANY)
    with pytest.raises(SourceError) as caught:
        await fetch.async_file("/api/film/one", file, max_bytes=ROOM)
    assert caught.value.code == "media_no_room"


@pytest.mark.parametrize(
    "path",
    [
        "http://127.0.0.1/film",
        "//evil.example/film",
        "film",
        "",
        "/\\evil.example/film",
        "rtmp://camera/film",
        "http://[/",
        "/api/film/../../auth/token",
        "/api/film/./one",
        "/api/film/..",
        "/api/film/%2e%2e/one",
        "/api/film/.%2E/one?x=1",
        "/..",
    ],
)
async def test_no_other_host_is_asked(view: _Film, fetch: HomeFetch, path: str) -> None:
    """Whoever gives the address: only paths of Home Assistant are fetched.

    Nor are any that lead elsewhere than they say: those are not even asked for.
    """
    with pytest.raises(SourceError) as caught:
        await fetch.async_small(path)
    assert caught.value.code == "media_elsewhere"
    assert view.asked == []


@pytest.mark.parametrize("name", ["...", "..one", "one..two", ".hidden"])
async def test_dots_in_a_name_are_no_way_up(
    view: _Film, fetch: HomeFetch, name: str
) -> None:
    """Recorders may call their files so."""
    await fetch.async_small(f"/api/film/{name}?at=x#/../y")
    (request,) = view.asked
    assert request.match_info["name"] == name


@pytest.mark.parametrize(
    ("address", "code"),
    [("127.0.0.1", None), ("192.0.2.7", "media_home_unreachable")],
)
async def test_a_name_that_home_assistant_listens_at_is_this_machine(
    home: HomeAssistant,
    view: _Film,
    fetch: HomeFetch,
    monkeypatch: pytest.MonkeyPatch,
    address: str,
    code: str | None,
) -> None:
    """Whoever answers a name in the network gets no signature: TLS is not checked."""
    own = ip_address("127.0.0.1")
    monkeypatch.setattr(outbound, "own_address", lambda *_: own)
    names = Names({"home.test": [[(address, 0)]]})
    monkeypatch.setattr(outbound, "ThreadedResolver", lambda: names)
    monkeypatch.setattr(home.http, "server_host", ["home.test"])
    if code is None:
        assert await fetch.async_small("/api/film/one")
        assert len(view.asked) == 1
    else:
        with pytest.raises(SourceError) as caught:
            await fetch.async_small("/api/film/one")
        assert caught.value.code == code
    assert names.asked == ["home.test"]


async def test_an_expired_signature_opens_nothing(
    view: _Film, fetch: HomeFetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The view is really behind the login: without a valid signature it refuses."""
    monkeypatch.setattr(media_fetch, "SIGNED_FOR", timedelta(seconds=-10))
    with pytest.raises(SourceError) as caught:
        await fetch.async_small("/api/film/one")
    assert caught.value.code == "media_login_refused"
    assert not view.asked


async def test_a_small_answer(view: _Film, fetch: HomeFetch) -> None:
    """A picture is returned as it is, and no more than may be."""
    assert await fetch.async_small("/api/film/one") == bytes(10)
    with pytest.raises(SourceError) as caught:
        await fetch.async_small("/api/film/one", max_bytes=9)
    assert caught.value.code == "media_too_large"


async def test_a_small_answer_that_drips(
    view: _Film, fetch: HomeFetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each byte would start the patience anew; in all there is an end."""

    async def dripping(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        with suppress(ConnectionError):
            for _ in range(40):
                await response.write(b"x")
                await asyncio.sleep(0.05)
        return response

    view.answer = dripping
    monkeypatch.setattr(media_fetch, "SMALL_SECONDS", 0.4, raising=False)
    with pytest.raises(SourceError) as caught:
        await fetch.async_small("/api/film/one")
    assert caught.value.code == "media_slow"


async def test_home_assistant_behind_its_own_certificate(
    hass: HomeAssistant,
    socket_enabled: None,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Its certificate is made out to another name; here it is reached all the same."""
    cert = trustme.CA().issue_cert("home.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    cert.configure_cert(context)

    class _Secure(server.HomeAssistantHTTP):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **{**kwargs, "ssl_certificate": "home.pem"})

        def _create_ssl_context(self) -> ssl.SSLContext:
            return context

    monkeypatch.setattr(server, "HomeAssistantHTTP", _Secure)
    async with serving(hass, monkeypatch):
        view = _Film(_bytes(10))
        hass.http.register_view(view)
        fetch = HomeFetch(hass, patience=2)
        assert await fetch.async_small("/api/film/one") == bytes(10)
        assert view.asked[0].secure
        await fetch.async_close()


async def test_home_assistant_that_does_not_listen(
    home: HomeAssistant, fetch: HomeFetch
) -> None:
    """That is no fault of a recorder's."""
    await home.http.stop()
    with pytest.raises(SourceError) as caught:
        await fetch.async_small("/api/film/one")
    assert caught.value.code == "media_home_unreachable"


@pytest.mark.parametrize(
    ("hosts", "address"),
    [
        (None, "127.0.0.1"),
        (["0.0.0.0", "::"], "127.0.0.1"),
        (["::"], "::1"),
        (["192.168.1.2", "127.0.0.1"], "127.0.0.1"),
        (["192.168.1.2"], "192.168.1.2"),
        (["homeassistant.local"], "homeassistant.local"),
    ],
)
def test_where_home_assistant_listens(hosts: list[str] | None, address: str) -> None:
    """On loopback wherever it can be."""
    assert own_address(hosts) == address


def test_a_fragment_is_no_part_of_a_path() -> None:
    """It is never sent."""
    assert str(own_path("/api/film#there")) == "/api/film"
