"""Bad paths, methods, ranges and logins at every door outside: a fixed answer."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
import gzip
import logging
import re
from typing import Any

from aiohttp.test_utils import make_mocked_request
from homeassistant.components.persistent_notification import (
    _async_get_or_create_notifications,
)
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from yarl import URL

from custom_components.clip_consent import http
from custom_components.clip_consent.base.public_view import HEADERS, PublicView
from custom_components.clip_consent.core.approval import Session
from custom_components.clip_consent.core.models import Case, CaseState
from custom_components.clip_consent.home.manager import HomeManager

from .undisturbed import (
    API,
    ASK,
    FIXED,
    NOBODY,
    Body,
    no_invite,
    refused,
    stranger,
    undisturbed,
)

__all__ = ["stranger", "undisturbed"]  # fixtures, used by name


type Waiting = Callable[[], Awaitable[Case]]


# --- from where, and how


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense", ""])
@pytest.mark.usefixtures("undisturbed")
async def test_other_sites_cannot_send(stranger: Any, body: Body, site: str) -> None:
    """F-13: a page elsewhere cannot make a browser ask."""
    headers = {"Sec-Fetch-Site": site}
    await refused(await stranger.post(ASK, json=body, headers=headers), 404)


PATHS = [
    ASK,
    f"{API}/status/{NOBODY}",
    f"{API}/status/{NOBODY}/data",
    f"{API}/status/{NOBODY}/drop/{NOBODY}",
    f"{API}/public/ask.js",
    f"{API}/draft/{NOBODY}/{'0' * 64}/video",
    f"{API}/answer/{NOBODY}/{NOBODY}/video",
]
NO_PATHS = [
    *(API, f"{API}/", f"{API}//", f"{API}/x", f"{API}/ask", f"{API}/ask/"),
    *(f"{ASK}/", f"{ASK}/more", f"{API}/status/{NOBODY}/drop", f"{API}/portal"),
    *(f"{API}/portal/v1/info", f"{API}/draft/{NOBODY}/video", f"{API}/ask%2F{NOBODY}"),
    *(f"{API}/%FF", f"{API}/%C3%9F/{'x' * 5000}", f"{API}/public/a/b"),
]
METHODS = [
    *("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "MKCOL", "LOCK"),
    *("REPORT", "SEARCH", "PURGE", "QUERY", "M-SEARCH", "SOURCE"),
]


def assert_policy(headers: Mapping[str, str]) -> None:
    """Check that an answer cannot be kept, framed, or read by another site."""
    for name, value in HEADERS.items():
        assert headers[name] == value
    assert headers["X-Content-Type-Options"] == "nosniff"


async def same_policy(response: Any) -> None:
    """Check that an answer is the fixed one, with all its headers."""
    await refused(response, 404)
    assert_policy(response.headers)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.usefixtures("undisturbed")
async def test_other_methods(stranger: Any, path: str) -> None:
    """404 in our words for every method that is not served, with a body and without."""
    methods = [*METHODS, *(["POST"] if path != ASK else [])]
    for method in methods:
        await same_policy(await stranger.request(method, path, data=b"{}"))
        await same_policy(await stranger.request(method, path))
    head = await stranger.head(path)
    assert (head.status, await head.read()) == (404, b"")
    assert_policy(head.headers)


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "https://cast.home-assistant.io", "null"]
)
@pytest.mark.usefixtures("undisturbed")
async def test_other_sites_are_not_even_told_what_they_may(
    stranger: Any, origin: str
) -> None:
    """F-13: no preflight succeeds, and no answer can be read by a page elsewhere.

    Not even by those that may read what Home Assistant itself says.
    """
    here = {"Origin": origin}
    for path in (*PATHS, *NO_PATHS):
        for method in ("GET", "POST", "DELETE"):
            asking = {**here, "Access-Control-Request-Method": method}
            await same_policy(await stranger.options(path, headers=asking))
        for answer in (
            await stranger.get(path, headers=here),
            await stranger.post(path, headers=here, json={}),
        ):
            names = {name.lower() for name in answer.headers}
            assert not [name for name in names if "access-control" in name]


@pytest.mark.usefixtures("undisturbed")
async def test_paths_that_are_none(stranger: Any) -> None:
    """404 in our words for everything below our address, whatever the method."""
    for path in NO_PATHS:
        url = URL(f"http://127.0.0.1:{stranger.server.port}{path}", encoded=True)
        for method in ("GET", "POST", *METHODS):
            await same_policy(await stranger.session.request(method, url))
        head = await stranger.session.head(url)
        assert (head.status, await head.read()) == (404, b"")
        assert_policy(head.headers)


@pytest.mark.parametrize("method", ["POST", "PUT", "PROPFIND"])
@pytest.mark.usefixtures("undisturbed")
async def test_a_packed_body_where_none_is_taken(stranger: Any, method: str) -> None:
    """T13: it is not unpacked to be thrown away; the line ends with the answer."""
    packed = len(gzip.compress(bytes(30_000_000)))
    # the form's own refusal of such a body is tested where bodies are
    paths = [f"{ASK}x" if path == ASK else path for path in (*PATHS, *NO_PATHS)]
    for path in paths:
        head = [f"{method} {path} HTTP/1.1", "Host: x", "Content-Encoding: gzip"]
        answer = await _said(stranger, *head, f"Content-Length: {packed}")
        assert b" 404 " in answer.partition(b"\r\n")[0]
        assert b"\r\nConnection: close\r\n" in answer
        assert answer.endswith(FIXED[404])


async def _said(stranger: Any, *head: str) -> bytes:
    """Return all that is answered to some lines, until the other side hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", stranger.server.port)
    writer.write("\r\n".join([*head, "", ""]).encode())
    async with asyncio.timeout(30):
        answer = await reader.read()
    writer.close()
    return answer


async def test_no_route_is_hidden(hass: HomeAssistant, stranger: Any) -> None:
    """What we serve, and what Home Assistant does beside it, is still reached."""
    router = hass.http.app.router

    async def reached(path: str) -> str:
        match = await router.resolve(make_mocked_request("GET", path))
        resource = match.route.resource
        return resource.canonical if resource else ""

    views = [
        view
        for view in vars(http).values()
        if isinstance(view, type)
        and issubclass(view, PublicView)
        and view.__module__ == http.__name__
    ]
    shown = {await reached(path) for path in PATHS}
    assert shown == {re.sub(r":[^{}]+}", "}", str(view.url)) for view in views}
    for path in NO_PATHS:
        assert (await reached(path)).startswith(API)
    for path in ("/api/", "/api/config", "/api/states/sun.sun", "/api/clip_consenting"):
        assert not (await reached(path)).startswith(API)
    # what Home Assistant says of its own paths, it goes on saying
    asking = {
        "Origin": "https://cast.home-assistant.io",
        "Access-Control-Request-Method": "GET",
    }
    allowed = await stranger.options("/api/", headers=asking)
    assert allowed.status == 200
    assert allowed.headers["Access-Control-Allow-Origin"] == asking["Origin"]


@pytest.mark.parametrize(
    ("line", "header", "status"),
    [
        ("BREW {} HTTP/1.1", "", 400),
        ("get {} HTTP/1.1", "", 400),
        ("GET {} HTTP/3.0", "", 400),
        ("GET {}/../x HTTP/1.1", "", 400),
        ("GET {}/%0A HTTP/1.1", "", 400),
        ("GET {}?x=<script> HTTP/1.1", "", 400),
        ("GET {} HTTP/1.1", "X-Forwarded-For: 1.2.3.4", 400),
        ("GET {} HTTP/1.1", "Expect: cake", 417),
        ("CONNECT {} HTTP/1.1", "", 404),
        ("OPTIONS * HTTP/1.1", "", 405),
    ],
)
async def test_what_is_answered_before_us(
    stranger: Any, line: str, header: str, status: int
) -> None:
    """Section 7 names these: the same for a path that is served and one that is not."""
    said: set[bytes] = set()
    for path in (ASK, f"{API}/ask/{NOBODY}"):
        more = [header] if header else []
        answer = await _said(
            stranger, line.format(path), "Host: x", *more, "Connection: close"
        )
        head, _, body = answer.partition(b"\r\n\r\n")
        assert int(head.split(b" ")[1]) == status
        assert b"WWW-Authenticate" not in head
        assert body not in FIXED.values()
        said.add(body.replace(path.encode(), b""))
    assert len(said) == 1


IDS = [
    *(
        "B" * 26,
        "b" * 25,
        "b" * 27,
        "0" * 26,
        "b" * 5000,
        "b" * 25 + "=",
        "b" * 25 + "%0A",
    ),
    *("%D9%A2" * 26, "%EF%BD%82" * 26, "b" * 25 + "%00", "%00", "%FF" * 26, "-", "."),
    *(
        "b" * 24 + "%2F" + "b",
        "..%2F..%2Fhome.db",
        "%2e%2e%2fhome.db",
        "..",
        "%252e%252e",
    ),
    *("%27%20OR%201%3D1--", "%3Cscript%3E", "%7B%7B7*7%7D%7D", "b" * 25 + "%C3%9F"),
    *("..%5C..%5Chome.db", "C%3A%5Chome.db", "~root", "%2Fetc%2Fpasswd", "*", "%25"),
]
ROUTES = [
    "ask/{}",
    "status/{}",
    "status/{}/data",
    "status/{}/drop/" + NOBODY,
    "status/" + NOBODY + "/drop/{}",
    "public/{}",
    "draft/{}/" + "0" * 64 + "/video",
    "draft/" + NOBODY + "/{}/video",
    "draft/" + NOBODY + "/" + "0" * 64 + "/{}",
]


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.usefixtures("undisturbed")
async def test_ids_that_are_none(stranger: Any, route: str) -> None:
    """F-07, T16: 404 for what is no id of ours; a path never comes of it."""
    seen: set[int] = set()
    said = no_invite() if route == "ask/{}" else FIXED[404]
    for each in IDS:
        path = f"{API}/{route.format(each)}"
        url = URL(f"http://127.0.0.1:{stranger.server.port}{path}", encoded=True)
        response = await stranger.session.get(url, allow_redirects=False)
        body = await response.read()
        seen.add(response.status)
        if "%2F" in each or "%2f" in each or ".." in each or each == ".":
            # Home Assistant or the way there answers: the path is another one
            assert response.status in (400, 404)
        else:
            _same(response.status, body, said)
    assert 404 in seen


def _same(status: int, body: bytes, said: bytes) -> None:
    # Home Assistant filters what looks like an attack before any view is asked
    filtered = status == 400 and b"Bad Request" in body
    assert filtered or (status, body) == (404, said)


@pytest.mark.parametrize("each", [NOBODY, "B" * 26, "x", "%D9%A2" * 26])
@pytest.mark.usefixtures("undisturbed")
async def test_a_link_that_is_no_invite_leads_to_a_page(
    stranger: Any, each: str
) -> None:
    """People see words, under the same policy as the form; a body is not read."""
    path = f"{API}/ask/{each}"
    url = URL(f"http://127.0.0.1:{stranger.server.port}{path}", encoded=True)
    response = await stranger.session.get(url)
    body = await response.read()
    assert (response.status, body) == (404, no_invite())
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert_policy(response.headers)
    # what is only sent, or only asked about, is answered as everywhere
    await same_policy(await stranger.session.post(url, json={}))
    await same_policy(await stranger.session.put(url, json={}))
    big = [f"GET {path} HTTP/1.1", "Host: x", f"Content-Length: {2**30}"]
    answer = await _said(stranger, *big)
    assert b" 404 " in answer.partition(b"\r\n")[0]
    assert b"\r\nConnection: close\r\n" in answer
    assert answer.endswith(body)


# --- sealed files and drafts


RANGES = [
    *("bytes=abc", "bytes=-0", "bytes=5-2", "bytes=--1", "bytes=", "bytes", "x" * 4000),
    *("bytes=0-0,2-2", "bytes=" + "0-," * 900, "lines=0-1", "bytes=99999999999-"),
    *("bytes=18446744073709551616-", "bytes=-18446744073709551616", "bytes=0-0x10"),
    *("bytes=\u0662-\u0663".encode().decode("latin-1"), "BYTES=0-1", "bytes=1e3-"),
]


async def test_ranges_that_are_none(
    stranger: Any,
    body: Body,
    manager: HomeManager,
    waiting: Waiting,
    approver: MockUser,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A nonsensical Range gets the whole file or 416, and ends nothing."""
    sent = await stranger.post(ASK, json=body)
    status_id = (await sent.json())["id"]
    path = f"{API}/status/{status_id}/drop/{await _deliver(manager, await waiting(), approver)}"
    whole = await (await stranger.get(path)).read()
    assert len(whole) > 1000
    for each in RANGES:
        response = await stranger.get(path, headers={"Range": each})
        data = await response.read()
        assert response.status in (200, 206, 416), (each, response.status)
        assert data in (b"", whole) or data == whole[: len(data)]
        if response.status == 416:
            assert data == b""
    part = await stranger.get(path, headers={"Range": "bytes=10-19"})
    assert (part.status, await part.read()) == (206, whole[10:20])
    assert not [each for each in caplog.records if each.levelno >= logging.ERROR]
    assert await (await stranger.get(path)).read() == whole


async def _deliver(manager: HomeManager, case: Case, approver: MockUser) -> str:
    assert case.offer and case.draft
    await manager.async_approve(
        offer_id=case.offer.offer_id,
        sha256=case.draft.sha256,
        user_id=approver.id,
        session=Session(own_login=True),
    )
    for _ in range(400):
        shared = await manager.reading.async_case(case.case_id, None)
        if shared.state is CaseState.SHARED:
            return shared.delivered[0].delivery_id
        await asyncio.sleep(0.02)
    raise AssertionError("nothing was delivered")


async def test_drafts_without_a_right_login(
    hass: HomeAssistant,
    stranger: Any,
    body: Body,
    manager: HomeManager,
    waiting: Waiting,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A-12: 404 with the fixed body for everybody who is not an approver."""
    await stranger.post(ASK, json=body)
    case = await waiting()
    assert case.draft
    for kind in ("video", "still", "sheet", "file"):
        path = f"{API}/draft/{case.case_id}/{case.draft.sha256}/{kind}"
        for headers in (
            {},
            {"Authorization": "Bearer nonsense"},
            {"Authorization": "Basic YTpi"},
            {"Authorization": "Bearer " + "a." * 2000},
        ):
            await refused(await stranger.get(path, headers=headers), 404)
        for query in (
            "authSig=nonsense",
            "authSig=",
            "authSig=a.b.c",
            "api_password=x",
        ):
            await refused(await stranger.get(f"{path}?{query}"), 404)
    assert "http-login" not in _async_get_or_create_notifications(hass)
    assert "Login attempt" not in caplog.text
